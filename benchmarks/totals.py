"""Do the probabilities of period totals hold? ``python benchmarks/totals.py [names] [--prophet]``.

JSON on standard output, progress on standard error. Each data set's last periods, without overlap,
are forecast from what was known before them.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from datasets import DATA, DATASETS, Dataset
from rivals import prophet_totals, year_rule
from scoring import Window, scores, window

from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel

Totals = Callable[[pd.Timestamp], pd.DataFrame]


def main() -> None:
    """Score the data sets asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(DATASETS)}; default all")
    parser.add_argument("--prophet", action="store_true", help="Prophet's summed paths as well")
    parser.add_argument("--paths", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    report: dict[str, object] = {}
    strange = set(chosen.names) - set(DATASETS)
    if strange:
        parser.error(f"no such data set: {', '.join(sorted(strange))}")
    for name in chosen.names or DATASETS:
        if not DATA.is_dir():
            report[name] = {"skipped": "the real data sets are not beside this checkout"}
            continue
        dataset = DATASETS[name](DATA)
        report[name] = _report(dataset, chosen.paths, chosen.seed, prophet=chosen.prophet)
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _report(dataset: Dataset, n_paths: int, seed: int, *, prophet: bool) -> dict[str, object]:
    wide = dataset.frame.pivot_table("sales", "date", "unit", aggfunc="mean")

    def ours(cutoff: pd.Timestamp) -> pd.DataFrame:
        past, later = dataset.split(cutoff)
        panel = build_panel(past, later, calendar=dataset.calendar)
        return forecast(panel, horizon=dataset.horizon, n_paths=n_paths, seed=seed).totals()

    def rule(cutoff: pd.Timestamp) -> pd.DataFrame:
        known = wide.loc[:cutoff].dropna(axis=1, how="all")
        return year_rule(known, dataset, n_paths=n_paths, seed=seed)

    def raw_prophet(cutoff: pd.Timestamp) -> pd.DataFrame:
        past, later = dataset.split(cutoff)
        return prophet_totals(past, later, dataset, n_paths=n_paths, seed=seed)

    methods: dict[str, Totals] = {"workbench": ours, "year_rule": rule}
    if prophet:
        methods["prophet"] = raw_prophet
    return {
        "units": int(wide.shape[1]),
        "dates": int(wide.shape[0]),
        "horizon": dataset.horizon,
        "windows": dataset.windows,
        "methods": {name: _scored(dataset, wide, name, made) for name, made in methods.items()},
    }


def _scored(dataset: Dataset, wide: pd.DataFrame, method: str, made: Totals) -> dict[str, object]:
    windows, seconds = [], 0.0
    for cutoff in dataset.cutoffs():
        print(f"{dataset.name}: {method}, {cutoff:%Y-%m-%d}", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        totals = made(cutoff)
        seconds += time.perf_counter() - begun
        windows.append(_window(dataset, wide, cutoff, totals))
    return {"seconds_per_window": round(seconds / len(windows), 2), **scores(windows)}


def _window(
    dataset: Dataset, wide: pd.DataFrame, cutoff: pd.Timestamp, totals: pd.DataFrame
) -> Window:
    """Totals beside the actual; a unit with half of the period unknown is not scored."""
    at = int(wide.index.get_loc(cutoff)) + 1
    sold = wide.iloc[at : at + dataset.horizon]
    enough = sold.notna().mean() > 0.5
    actual = sold.sum(min_count=1).where(enough)
    first = at - dataset.steps_per_year
    if first >= 0:
        before = wide.iloc[first : first + dataset.horizon].sum(min_count=1)
    else:
        before = pd.Series(np.nan, index=wide.columns)
    return window(totals, actual, before)


if __name__ == "__main__":
    main()
