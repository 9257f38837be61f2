"""How often alerts ring in error on real shops, and how soon they find a planted fall; as JSON.

    python benchmarks/alerts.py demo m5 rossmann online_retail simulated

Real quarters count as without change, so that true changes in them are held against us.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from datasets import DATA, DATASETS

import workbench as wb
from workbench.calendar.period import Period
from workbench.panel.panel import Panel
from workbench.target.alerts import same_event, watch
from workbench.target.alerts_monitor import Monitor, learn_monitor, settle
from workbench.target.alerts_past import Past
from workbench.target.alerts_surprise import surprises
from workbench.target.tracking import Tracking

ROWS, UNITS, QUARTERS, SHOCKS = 91, 20, 3, 60
FALL = 0.65
RATE = 0.1
LATE = 99
PAST_PERIODS = 6


def shop(name: str, seed: int) -> Panel:
    if name == "demo":
        with tempfile.TemporaryDirectory() as folder:
            wb.write_demo(folder, seed=seed)
            files = {one: str(Path(folder) / one) for one in ("orders.csv", "known.csv")}
            mapping = str(Path(folder) / "mapping.yaml")
            sales = wb.load_sales(
                files["orders.csv"], mapping=mapping, by=("channel",), known=files["known.csv"]
            )
        return wb.build_panel(sales.frame, known=sales.known)
    data = DATASETS[name](DATA)
    units = sorted(data.frame["unit"].unique())
    chosen = units[:: max(1, len(units) // UNITS)][:UNITS]
    return wb.build_panel(data.frame[data.frame["unit"].isin(chosen)], calendar=data.calendar)


def quarter(panel: Panel, last: int) -> tuple[Tracking, Monitor]:
    """The quarter that ends with row ``last``, followed to its end, with its base as the target."""
    known = panel.until(last)
    days = known.dates[-ROWS:]
    period = Period(f"{days[0].date()}/{days[-1].date()}", days[0].date(), days[-1].date())
    before = known.until(last - ROWS)
    paths = wb.forecast(before, horizon=ROWS, n_paths=200, seed=0)
    base = wb.outlook(before, paths, period=period).target_at(0.5)
    tracking = wb.track(known, base, period=period, n_paths=200, course="none")
    monitor = learn_monitor(known, tracking.start_paths, period=period, false_alarms=RATE)
    return tracking, monitor


def fallen(tracking: Tracking, unit: str, row: int, factor: float) -> Tracking:
    """The same quarter, had one unit sold less from a row on."""
    panel = tracking.panel
    at = panel.units.index(unit)
    sales = panel.sales.copy()
    first = len(panel.dates) - len(tracking.actual)
    sales[first + row :, at] *= factor
    actual = tracking.actual.copy()
    actual[unit] = sales[first:, at]
    return replace(tracking, panel=replace(panel, sales=sales), actual=actual)


def study(name: str, seed: int = 0, quarters: int = QUARTERS) -> dict[str, object]:
    panel = shop(name, seed)
    count, columns, kinds = 0, 0, []
    falls: list[dict[str, float]] = []
    rng = np.random.default_rng(seed)
    for back in range(quarters - 1, -1, -1):
        tracking, monitor = quarter(panel, len(panel.dates) - back * ROWS)
        calm = watch(tracking, monitor=monitor)
        kinds += [alert.kind for alert in calm]
        count, columns = count + len(calm), columns + len(monitor.units)
        if monitor.periods >= 3:
            falls += [planted(tracking, monitor, calm, rng) for _ in range(SHOCKS)]
    found = pd.DataFrame(falls)
    return {
        "quarters_of_units": columns,
        "alerts": count,
        "per_unit_and_quarter": round(count / columns, 3),
        "by_kind": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "fall": summary(found),
    }


def planted(tracking: Tracking, monitor: Monitor, calm, rng) -> dict[str, float]:
    unit = str(rng.choice(tracking.units))
    row = int(rng.integers(14, ROWS - 28))
    day = monitor.dates[row].date()
    alerts = watch(fallen(tracking, unit, row, FALL), monitor=monitor)
    own = [a for a in alerts if a.unit == unit and a.direction == "down" and a.date >= day]
    first = min(own, key=lambda alert: alert.date, default=None)
    others = [a for a in alerts if a.unit not in ("", unit) and not known(a, calm)]
    return {
        "days": (first.date - day).days + 1 if first else LATE,
        "cause": float(first.cause == "unit") if first else np.nan,
        "others": len(others) / max(len(tracking.units) - 1, 1),
    }


def known(alert, calm) -> bool:
    return any(same_event(alert.key, other.key) for other in calm)


def summary(found: pd.DataFrame) -> dict[str, float]:
    if found.empty:
        return {}
    return {
        "planted": len(found),
        "median_days": float(found["days"].median()),
        "within_a_week": round(float((found["days"] <= 7).mean()), 3),
        "within_two_weeks": round(float((found["days"] <= 14).mean()), 3),
        "cause_right": round(float(found["cause"].mean()), 3),
        "new_alerts_of_other_units": round(float(found["others"].mean()), 4),
    }


def simulated(shops: int, noise: float = 0.2, week_noise: float = 0.06) -> dict[str, object]:
    """Shops made from numbers alone: three channels that move partly together, no change, then a
    fall of 35 % in one of them; the outlook errs in level and in every week."""
    count, columns, falls = 0, 0, []
    for seed in range(shops):
        rng = np.random.default_rng(seed)
        spans = [made(rng, noise, week_noise) for _ in range(PAST_PERIODS + 1)]
        past = [
            Past(surprises(sold, expected, "D"), float(PAST_PERIODS - 1 - at))
            for at, (sold, expected) in enumerate(spans[:-1])
        ]
        expected = spans[-1][1]
        tracking, panel = as_tracking(spans)
        monitor = settle(panel, expected, past, dates=tracking.actual.index, rate=RATE)
        calm = watch(tracking, monitor=monitor)
        count, columns = count + len(calm), columns + len(monitor.units)
        falls.append(planted(tracking, monitor, calm, rng))
    rate = round(count / columns, 3)
    found = summary(pd.DataFrame(falls))
    return {
        "quarters_of_units": columns,
        "alerts": count,
        "per_unit_and_quarter": rate,
        "fall": found,
    }


def made(rng: np.random.Generator, noise: float, week_noise: float):
    level = np.array([23000.0, 15000.0, 17000.0])
    weekday = np.tile([1.0, 0.95, 0.95, 1.0, 1.1, 1.3, 1.25], 13)[:, None]
    expected = level * weekday * np.exp(0.1 * rng.standard_normal(3))
    weeks = np.repeat(rng.standard_normal((13, 4)) @ np.vstack([np.eye(3), 0.7 * np.ones(3)]), 7, 0)
    drift = 0.004 * rng.standard_normal((ROWS, 3)).cumsum(axis=0)
    daily = rng.gamma(1 / noise**2, noise**2, size=(ROWS, 3))
    return expected * np.exp(week_noise * weeks + drift) * daily, expected


def as_tracking(spans) -> tuple[Tracking, Panel]:
    units = ("online", "social", "store")
    days = pd.date_range("2025-01-01", periods=ROWS * len(spans))
    table = pd.DataFrame(np.vstack([sold for sold, _ in spans]), index=days, columns=list(units))
    long = table.rename_axis("date").reset_index().melt("date", var_name="unit", value_name="sales")
    panel = wb.build_panel(long, calendar=None)
    before = panel.until(len(days) - ROWS)
    first = days[-ROWS]
    period = Period("quarter", first.date(), days[-1].date())
    mean = np.broadcast_to(spans[-1][1], (200, ROWS, 3))
    doubt = np.random.default_rng(0).gamma(100, 0.01, size=(200, 1, 3))
    paths = wb.SamplePaths.from_values(mean * doubt, days[-ROWS:], units)
    start, now = (wb.outlook(p, paths, period=period) for p in (before, panel))
    course = pd.concat([chances(start), chances(now)], ignore_index=True)
    target = pd.Series(start.targets_at(0.5))
    goal = float(start.target_at(0.5))
    actual = table.loc[first:]
    parts = {"target": target, "goal": goal, "course": course, "start": start, "now": now}
    empty = {"expected": pd.DataFrame(), "needed": pd.DataFrame()}
    as_of = days[-1]
    known = {"period": period, "as_of": as_of, "units": units, "actual": actual, "panel": panel}
    return Tracking(**known, **parts, **empty, start_paths=paths), before


def chances(seen) -> pd.DataFrame:
    likely = [seen.probability(float(np.median(seen.total)))] + [0.5] * len(seen.units)
    return pd.DataFrame({"as_of": seen.as_of, "unit": ["", *seen.units], "probability": likely})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["demo", "simulated"])
    parser.add_argument("--seeds", type=int, default=1, help="demo shops")
    parser.add_argument("--shops", type=int, default=200, help="simulated shops")
    asked = parser.parse_args()
    found: dict[str, object] = {"fall": 1 - FALL, "allowed_per_unit_and_quarter": RATE}
    for name in asked.names:
        if name == "simulated":
            found[name] = simulated(asked.shops)
        elif name == "demo":
            found[name] = [study(name, seed) for seed in range(asked.seeds)]
        else:
            found[name] = study(name)
        print(name, file=sys.stderr)
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
