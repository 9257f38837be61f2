"""Do ranges hold when units add up? ``python benchmarks/rollup.py [names]``.

Joint paths of the units are added up to groups and to the total; beside them the same paths with
each unit's order shuffled on its own, as if units had good and bad times apart. JSON on standard
output, progress on standard error.
"""

import sys
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from command import report_sets
from datasets import DATA, Dataset
from numpy.typing import NDArray
from ours import by_date, our_paths, sold

from workbench.score.quantile import coverage

Floats = NDArray[np.float64]
Grouping = Callable[[pd.Index], Mapping[str, "pd.Series[str]"]]
LEVELS = (0.5, 0.8, 0.95)
COUNTRIES = {
    "Australia": "Pacific",
    "France": "Europe",
    "Germany": "Europe",
    "United Kingdom": "Europe",
}


def main() -> None:
    """Score the levels of the data sets asked for, all that have any by default."""
    report_sets(__doc__ or "", GROUPINGS, _report, paths=2000)


def _report(
    dataset: Dataset, cutoffs: list[pd.Timestamp], n_paths: int, seed: int
) -> dict[str, object]:
    wide = by_date(dataset)
    hits: dict[str, dict[str, list[dict[str, Floats]]]] = {"joint": {}, "independent": {}}
    for cutoff in cutoffs:
        print(f"{dataset.name}: {cutoff:%Y-%m-%d}", file=sys.stderr, flush=True)
        totals = our_paths(dataset, cutoff, n_paths=n_paths, seed=seed).totals()
        actual = sold(dataset, wide, cutoff)[0].reindex(totals.columns).dropna()
        totals = totals[actual.index]
        shuffled = np.random.default_rng(seed).permuted(totals.to_numpy(), axis=0)
        apart = pd.DataFrame(shuffled, columns=totals.columns)
        for level, owner in _levels(dataset, actual.index).items():
            for way, drawn in {"joint": totals, "independent": apart}.items():
                inside = _inside(drawn.T.groupby(owner).sum(), actual.groupby(owner).sum())
                hits[way].setdefault(level, []).append(inside)
    return {
        "windows": len(cutoffs),
        "levels": {
            level: {way: _shares(found[level]) for way, found in hits.items()}
            for level in hits["joint"]
        },
    }


def _levels(dataset: Dataset, units: pd.Index) -> dict[str, "pd.Series[str]"]:
    """Level → the node of that level to which each unit belongs."""
    names = pd.Series(units, index=units)
    between = GROUPINGS[dataset.name](units)
    return {"unit": names, **between, "total": pd.Series("total", index=units)}


def _inside(drawn: pd.DataFrame, actual: "pd.Series[float]") -> dict[str, Floats]:
    """Per band and node, 1 where the actual total lies inside. ``drawn``: nodes × paths."""
    sums = drawn.loc[actual.index].to_numpy()
    out = {}
    for level in LEVELS:
        low, high = np.quantile(sums, [0.5 - level / 2, 0.5 + level / 2], axis=1)
        cases = zip(actual.to_numpy(), low, high, strict=True)
        out[f"coverage_{100 * level:.0f}"] = np.array([coverage(a, lo, hi) for a, lo, hi in cases])
    return out


def _shares(windows: list[dict[str, Floats]]) -> dict[str, float]:
    pooled = {name: np.concatenate([w[name] for w in windows]) for name in windows[0]}
    n = len(next(iter(pooled.values())))
    return {"cases": n, **{name: round(float(hit.mean()), 3) for name, hit in pooled.items()}}


def _words(position: int, *, separator: str = " ") -> Callable[[pd.Index], "pd.Series[str]"]:
    def part(units: pd.Index) -> "pd.Series[str]":
        return pd.Series([unit.split(separator)[position] for unit in units], index=units)

    return part


def _rossmann(units: pd.Index) -> Mapping[str, "pd.Series[str]"]:
    stores = pd.read_parquet(DATA / "rossmann" / "stores.parquet").set_index("store")
    kept = stores.loc[[int(unit.split()[1]) for unit in units]].set_axis(units)
    kind = kept["store_type"].astype(str)
    return {"type_and_assortment": kind + kept["assortment"].astype(str), "type": kind}


def _m5(units: pd.Index) -> Mapping[str, "pd.Series[str]"]:
    store = _words(0)(units)
    return {"department": _words(1)(units), "store": store, "state": store.str[:2]}


def _m5_monthly(units: pd.Index) -> Mapping[str, "pd.Series[str]"]:
    return {"state": pd.Series(units, index=units).str[:2]}


def _territories(units: pd.Index) -> Mapping[str, "pd.Series[str]"]:
    return {"region": pd.Series(units, index=units).map(lambda u: COUNTRIES.get(u, "America"))}


def _juice(units: pd.Index) -> Mapping[str, "pd.Series[str]"]:
    split = {"store": 0, "brand": 1}
    return {name: _words(at, separator="/")(units) for name, at in split.items()}


GROUPINGS: Mapping[str, Grouping] = {
    "rossmann": _rossmann,
    "m5": _m5,
    "m5_monthly": _m5_monthly,
    "adventureworks_territory": _territories,
    "orange_juice": _juice,
}

if __name__ == "__main__":
    main()
