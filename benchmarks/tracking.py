"""Periods followed day by day: ``python benchmarks/tracking.py [names] [--step 7]``.

The last two quarters of each real data set are tracked as a shop would track them, ``as_of`` moving
by a day. By the share of the period that has passed: the error of the projected total, how often
its 80 % range held, whether the probabilities of targets around last year's total held (Brier), and
beside them the run-rate (actual ÷ days gone × days) and last year's share of the total by the same
day. JSON on standard output, progress on standard error.
"""

import argparse
import json
import sys
import time
from datetime import timedelta

import numpy as np
import pandas as pd
from datasets import DATA, DATASETS, Dataset
from numpy.typing import NDArray
from ours import our_panel

from workbench.calendar.period import Period
from workbench.panel.panel import Panel
from workbench.target.tracking import track

Floats = NDArray[np.float64]
SETS = ("m5", "rossmann", "online_retail_quarter")
SHARES = {"start": (0.0, 0.001), "first_third": (0.001, 1 / 3), "second_third": (1 / 3, 2 / 3)}
SHARES |= {"last_third": (2 / 3, 0.999)}
YEAR = 364


def main() -> None:
    """Track the data sets asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SETS)}; default all")
    parser.add_argument("--windows", type=int, default=2, help="the newest so many quarters")
    parser.add_argument("--units", type=int, default=0, help="only every so many-th unit")
    parser.add_argument("--step", type=int, default=1, help="days from one outlook to the next")
    parser.add_argument("--paths", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    strange = set(chosen.names) - set(DATASETS)
    if strange:
        parser.error(f"no such data set: {', '.join(sorted(strange))}")
    report: dict[str, object] = {}
    if not DATA.is_dir():
        report["skipped"] = "the real data sets are not beside this checkout"
    for name in (chosen.names or SETS) if DATA.is_dir() else ():
        report[name] = follow(DATASETS[name](DATA), chosen)
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def follow(dataset: Dataset, chosen: argparse.Namespace) -> dict[str, object]:
    """One data set: every quarter followed, scored by the share that has passed."""
    begun = time.perf_counter()
    cutoffs = dataset.cutoffs()[-chosen.windows :]
    rows = []
    for cutoff in cutoffs:
        panel = our_panel(dataset, cutoff + timedelta(dataset.horizon))
        if chosen.units > 1:
            panel = panel.only(panel.units[:: chosen.units])
        rows.append(cases(panel, cutoff, dataset.horizon, chosen))
    found = pd.concat(rows, ignore_index=True)
    report: dict[str, object] = {
        "windows": [f"{cutoff:%Y-%m-%d}" for cutoff in cutoffs],
        "units": int((found["unit"] != "").groupby(found["as_of"]).sum().max()),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    for name, (low, high) in SHARES.items():
        part = found[(found["share"] >= low) & (found["share"] < high)]
        whole = part["unit"] == ""
        report[name] = {"units": scored(part[~whole]), "sum_of_units": scored(part[whole])}
    return report


def cases(
    panel: Panel, cutoff: pd.Timestamp, horizon: int, chosen: argparse.Namespace
) -> pd.DataFrame:
    """One row per day and unit: what was projected, what the simple rules say, what came."""
    start, end = cutoff + timedelta(1), cutoff + timedelta(horizon)
    period = Period("quarter", start.date(), end.date())
    frame = panel.frame()
    frame.insert(0, "", frame.sum(axis=1))
    inside, year = frame.loc[start:end], frame.shift(YEAR).loc[start:end]
    before = year.sum(min_count=horizon // 2)
    targets = before.drop("").where(before.drop("") > 0).fillna(inside.drop(columns="").sum())

    def told(stage: str, done: int, total: int) -> None:
        print(f"{cutoff:%Y-%m-%d}: {stage} {done}/{total}", file=sys.stderr, flush=True)

    days = pd.date_range(cutoff, end, freq=f"{chosen.step}D")
    options: dict[str, object] = {"course": [f"{day:%Y-%m-%d}" for day in days]}
    options |= {"n_paths": chosen.paths, "seed": chosen.seed, "progress": told}
    seen = track(panel, targets.clip(lower=1.0), period=period, **options)
    table = seen.course.assign(actual=seen.course["unit"].map(inside.sum()))
    table["target"] = table["unit"].map(targets.clip(lower=1.0)).fillna(seen.goal)
    table["known_year"] = table["unit"].map(before).notna()
    at = list(zip(table["as_of"], table["unit"], strict=True))
    gone = np.array([frame.loc[start:day, unit].sum() for day, unit in at])
    last = np.array([year.loc[start:day, unit].sum() for day, unit in at])
    days = (table["as_of"] - cutoff).dt.days
    table["share"] = days / horizon
    table["run_rate"] = gone * horizon / days.where(days > 0)
    passed = pd.Series(last).where(pd.Series(last) > 0)
    table["last_year_share"] = gone * table["unit"].map(before) / passed
    return table[table["as_of"] < end]


def scored(part: pd.DataFrame) -> dict[str, float | int | None]:
    """Errors in percent of the actual total, coverage of the 80 % range, Brier score."""
    actual = part["actual"]
    some = part[actual > 0]
    held = (actual >= part["p10"]) & (actual <= part["p90"])
    wrong = {
        name: 100 * (some[name] / some["actual"] - 1).abs()
        for name in ("p50", "run_rate", "last_year_share")
    }
    reached = (actual >= part["target"]).astype(float)
    brier = ((part["probability"] - reached) ** 2)[part["known_year"]]
    return {
        "n": len(part),
        "ours_mape_pct": _mean(wrong["p50"]),
        "run_rate_mape_pct": _mean(wrong["run_rate"]),
        "last_year_share_mape_pct": _mean(wrong["last_year_share"]),
        "coverage_80": _mean(held.astype(float)),
        "brier": _mean(brier),
    }


def _mean(values: "pd.Series[float]") -> float | None:
    known = values[np.isfinite(values)]
    return round(float(known.mean()), 4) if len(known) else None


if __name__ == "__main__":
    main()
