"""What drives a simulated result: each input's own part of its variance."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats

BINS = 20
BY_CHANCE = 0.01
"""A share that an input without any effect has seldom, with 2,000 paths."""
COLUMNS = ["input", "low", "high", "swing", "share", "rank_correlation"]


def tornado_table(
    values: Mapping[str, Floats], names: Sequence[str], outcome: Floats
) -> pd.DataFrame:
    """One row per input, the widest swing first.

    ``share`` is the first-order sensitivity Var(E[outcome | input]) / Var(outcome), from the means
    of equally filled classes of the input and corrected for the noise in these means (Saltelli et
    al. 2008, §1.2).

    Args:
        values: input → (n_paths,).
        names: the inputs to show.
        outcome: (n_paths,); paths without an outcome (NaN) are left out.

    >>> x = np.linspace(0, 1, 1000)
    >>> y = np.random.default_rng(0).permutation(x)
    >>> table = tornado_table({"x": x, "y": y}, ["y", "x"], 3 * x + y)
    >>> table["input"].tolist(), table["share"].round(1).tolist()
    (['x', 'y'], [0.9, 0.1])
    """
    seen = ~np.isnan(outcome)
    result = outcome[seen]
    rows = [_row(name, values[name][seen], result) for name in names] if seen.sum() > 1 else []
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["swing"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _row(name: str, value: Floats, outcome: Floats) -> dict[str, object]:
    by_input = outcome[np.argsort(value, kind="stable")]
    fifth = max(len(value) // 5, 1)
    low, high = float(by_input[:fifth].mean()), float(by_input[-fifth:].mean())
    ranks = [np.argsort(np.argsort(one, kind="stable")) for one in (value, outcome)]
    constant = np.ptp(value) == 0 or np.ptp(outcome) == 0
    return {
        "input": name,
        "low": low,
        "high": high,
        "swing": high - low,
        "share": _first_order(by_input),
        "rank_correlation": 0.0 if constant else float(np.corrcoef(ranks[0], ranks[1])[0, 1]),
    }


def _first_order(by_input: Floats) -> float:
    """Share of the variance between classes of the sorted input, 0 to 1."""
    whole = float(by_input.var())
    n_bins = min(BINS, len(by_input) // 5)
    if whole == 0.0 or n_bins < 2:
        return 0.0
    classes = np.array_split(by_input, n_bins)
    means = np.array([one.mean() for one in classes])
    noise = np.mean([one.var() / max(len(one) - 1, 1) for one in classes])
    return float(np.clip((means.var() - noise * (n_bins - 1) / n_bins) / whole, 0.0, 1.0))
