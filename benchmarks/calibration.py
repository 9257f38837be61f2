"""Do the probabilities hold where the truth is known? ``python benchmarks/calibration.py``.

Shops are drawn from one law: levels that walk at random, each unit's own and all together, a season
of the year, weekdays and noise. Their last quarters are forecast again by ``backtest``, end to end,
beside the year-on-year rule (and Prophet with ``--prophet``). JSON on standard output, progress on
standard error. Shops are what is independent: ``coverage_80_standard_error`` is taken over them.
"""

import argparse
import json
import sys

import numpy as np
import pandas as pd

import workbench as wb
from workbench.score.pit import pit_distance
from workbench.score.quantile import coverage

YEARS = 4
START = "2022-01-03"
COMMON_WALK, OWN_WALK, NOISE, SEASON = 0.004, 0.01, 0.15, 0.25
WEEKDAYS = (0.0, -0.1, -0.05, 0.0, 0.1, 0.35, 0.3)
BANDS = ((50, "q25", "q75"), (80, "q10", "q90"), (95, "q2.5", "q97.5"))


def main() -> None:
    """Draw the shops, backtest them and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=20)
    parser.add_argument("--units", type=int, default=12)
    parser.add_argument("--origins", type=int, default=4)
    parser.add_argument("--period", default="quarter")
    parser.add_argument("--paths", type=int, default=1000)
    parser.add_argument("--prophet", action="store_true", help="slow")
    chosen = parser.parse_args()
    models = ("workbench", "year_rule", "prophet") if chosen.prophet else ("workbench", "year_rule")
    tables = []
    for seed in range(chosen.shops):
        print(f"shop {seed + 1} of {chosen.shops}", file=sys.stderr, flush=True)
        past = wb.backtest(
            shop(chosen.units, seed),
            period=chosen.period,
            origins=chosen.origins,
            models=models,
            n_paths=chosen.paths,
            seed=seed,
        )
        tables.append(past.cases.assign(shop=seed))
    report = {"shops": chosen.shops, "units": chosen.units, "scores": scored(pd.concat(tables))}
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def shop(n_units: int, seed: int) -> wb.Panel:
    """One shop drawn from the law."""
    rng = np.random.default_rng(seed)
    days = pd.date_range(START, periods=364 * YEARS)
    n = len(days)
    log = rng.normal(7, 1, n_units) + np.cumsum(rng.normal(0, OWN_WALK, (n, n_units)), axis=0)
    log += np.cumsum(rng.normal(0, COMMON_WALK, n))[:, None]
    log += SEASON * np.sin(2 * np.pi * days.day_of_year.to_numpy() / 365.25)[:, None]
    log += np.array(WEEKDAYS)[days.day_of_week.to_numpy()][:, None]
    shape = 1 / NOISE**2
    sales = np.exp(log) * rng.gamma(shape, 1 / shape, (n, n_units))
    names = np.array([f"u{at:02d}" for at in range(n_units)])
    rows = {"unit": np.tile(names, n), "date": np.repeat(days, n_units), "sales": sales.ravel()}
    return wb.build_panel(pd.DataFrame(rows), calendar=None)


def scored(cases: pd.DataFrame) -> list[dict[str, object]]:
    """Coverage, ranks and error by model, level and share elapsed."""
    out = []
    for (model, level, elapsed), rows in cases.groupby(["model", "level", "elapsed"], sort=False):
        low, high = rows["q10"], rows["q90"]
        inside = ((low <= rows["actual"]) & (rows["actual"] <= high)).groupby(rows["shop"]).mean()
        out.append(
            {
                "model": model,
                "level": level,
                "elapsed": elapsed,
                "cases": len(rows),
                **{
                    f"coverage_{band}": round(coverage(rows["actual"], rows[a], rows[b]), 3)
                    for band, a, b in BANDS
                },
                "coverage_80_standard_error": round(float(inside.std() / len(inside) ** 0.5), 3),
                "pit_mean": round(float(rows["pit"].mean()), 3),
                "pit_distance": round(pit_distance(rows["pit"]), 3),
                "crps_pct": round(100 * float((rows["crps"] / rows["actual"]).mean()), 2),
            }
        )
    return out


if __name__ == "__main__":
    main()
