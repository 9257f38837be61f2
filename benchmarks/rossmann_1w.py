"""Weekly Rossmann against published figures: ``python benchmarks/rossmann_1w.py``.

The task of fev-bench's ``rossmann_1W``: calendar weeks that end on Sunday, complete ones only,
missing days as zero, 1,115 stores, 13 weeks ahead over the last 8 windows; known ahead are open
days, promotion days and holidays per week. Weighted quantile loss at deciles, mean over windows.
The data beside this checkout ends three months before the published one, so the naive forecast
(the last week held) stands beside ours. JSON on standard output, progress on standard error.
"""

import argparse
import json
import sys
import time

import numpy as np
import pandas as pd
from datasets import DATA, Dataset, store_attributes

from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel
from workbench.score.quantile import coverage, wql

LEVELS = np.arange(1, 10) / 10
PUBLISHED = {
    "TabPFN-TS": 0.0659,
    "TS-ICL": 0.0699,
    "TiRex-2": 0.0757,
    "Chronos-2": 0.0802,
    "Stat. Ensemble": 0.1351,
    "LightGBM": 0.1884,
    "naive": 0.2509,
}


def main() -> None:
    """Score the eight windows, or the newest few of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--paths", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    if not DATA.is_dir():
        json.dump({"skipped": "the real data sets are not beside this checkout"}, sys.stdout)
        return
    data = weekly()
    windows = [
        _window(data, cutoff, chosen.paths, chosen.seed)
        for cutoff in data.cutoffs()[-chosen.windows :]
    ]
    mean = pd.DataFrame(windows)[["wql", "naive_wql"]].mean()
    result = {
        "wql": round(float(mean["wql"]), 4),
        "naive_wql": round(float(mean["naive_wql"]), 4),
        "ratio_to_naive": round(float(mean["wql"] / mean["naive_wql"]), 4),
        "windows": windows,
        "published_on_later_data": PUBLISHED,
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


def weekly() -> Dataset:
    """Complete weeks of all stores, as the published task makes them."""
    daily = pd.read_parquet(DATA / "rossmann" / "store_daily.parquet")
    daily["holiday"] = (daily["state_holiday"].astype(str) != "none").astype(float)
    days = pd.date_range(daily["date"].min(), daily["date"].max())
    grid = pd.MultiIndex.from_product([daily["store"].unique(), days], names=["store", "date"])
    columns = ["sales", "open", "promo", "school_holiday", "holiday"]
    full = daily.set_index(["store", "date"])[columns].astype(float).reindex(grid)
    # Promotions are the chain's: a store closed for repairs has no rows, but the plan is known.
    chain = daily.groupby("date")["promo"].first()
    full["promo"] = full.index.get_level_values("date").map(chain).astype(float)
    table = full.fillna(0.0).reset_index()
    sunday = table["date"] + pd.to_timedelta(6 - table["date"].dt.day_of_week, unit="D")
    table = table.assign(unit=table["store"].astype(str), week=sunday)
    complete = table.groupby("week")["date"].nunique().loc[lambda n: n == 7].index
    weeks = table[table["week"].isin(complete)].groupby(["unit", "week"], as_index=False)[columns]
    frame = weeks.sum().rename(columns={"week": "date"})
    attributes = store_attributes().rename(index=str)
    frame = frame.join(attributes, on="unit")
    return Dataset("rossmann_1w", frame, 13, 8, "DE", 52, tuple(attributes))


def _window(data: Dataset, cutoff: pd.Timestamp, n_paths: int, seed: int) -> dict[str, object]:
    started = time.perf_counter()
    past, later = data.split(cutoff)
    panel = build_panel(past, later, calendar=data.calendar)
    paths = forecast(panel, horizon=data.horizon, n_paths=n_paths, seed=seed)
    said = np.quantile(paths.values, LEVELS, axis=0)
    wide = data.frame.pivot_table("sales", "date", "unit")[list(paths.units)]
    actual = wide.loc[paths.dates].to_numpy()
    last = wide.loc[cutoff].to_numpy()
    result: dict[str, object] = {
        "cutoff": f"{cutoff:%Y-%m-%d}",
        "wql": round(wql(actual, said, LEVELS), 4),
        "naive_wql": round(wql(actual, np.broadcast_to(last, said.shape), LEVELS), 4),
        "coverage_80": round(coverage(actual, said[0], said[-1]), 3),
        "seconds": round(time.perf_counter() - started, 1),
    }
    print(result, file=sys.stderr)
    return result


if __name__ == "__main__":
    main()
