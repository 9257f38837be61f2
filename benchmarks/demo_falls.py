"""Falls planted in one channel of the demo shop, order by order: how soon found, how named.

    python benchmarks/demo_falls.py --seeds 200 [--first 0] [--without-traffic]

Each seed is another shop with the same calendar. In its last quarter one channel, drawn, falls from
a drawn day on, once by each of three depths: fewer visitors come (``traffic``), fewer of them order
(``conversion``), or each order brings less (``basket``), drawn as well. Orders are taken out one by
one, so the fall has the noise that true sales have. Without traffic the alerts see sales alone, all
of which shrink. JSON on standard output.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from demo_orders import Quarter, last_quarter

from workbench.target.alerts import Alert, same_event, watch
from workbench.target.alerts_funnel import funnel_of
from workbench.target.alerts_monitor import Monitor, learn_monitor
from workbench.target.tracking import Tracking

DEPTHS = (0.3, 0.35, 0.5)
CAUSES = ("traffic", "conversion", "basket")
RATE = 0.1
LATE = 99
FROM, UNTIL = 14, 28
"""No fall begins in the first two weeks, nor in the last four."""


@dataclass(frozen=True)
class Planted:
    """One fall and what became of it; ``days`` LATE where it was not found within the quarter."""

    depth: float
    cause: str
    days: int
    named: str
    others: float


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--without-traffic", action="store_true")
    asked = parser.parse_args()
    calm, columns = 0, 0
    falls: list[Planted] = []
    for seed in range(asked.first, asked.first + asked.seeds):
        rang, watched, planted = study(last_quarter(seed), seed, traffic=not asked.without_traffic)
        calm, columns = calm + rang, columns + watched
        falls += planted
        print(
            seed,
            rang,
            [(one.cause, one.days, one.named) for one in planted],
            file=sys.stderr,
            flush=True,
        )
    report = {
        "seeds": asked.seeds,
        "traffic_known": not asked.without_traffic,
        "allowed_per_unit_and_quarter": RATE,
        "quarters_of_units": columns,
        "alerts_without_change": calm,
        "per_unit_and_quarter": round(calm / columns, 3),
        "falls": summary(falls),
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))


def study(quarter: Quarter, seed: int, *, traffic: bool) -> tuple[int, int, list[Planted]]:
    """Alerts while nothing changed, the units watched, and what became of three falls."""
    tracking = quarter.tracking
    known = quarter.traffic if traffic else None
    assert tracking.start_paths is not None
    monitor = learn_monitor(
        tracking.panel,
        tracking.start_paths,
        period=tracking.period,
        false_alarms=RATE,
        funnel=funnel_of(known, tracking.panel),
    )
    calm = watch(tracking, monitor=monitor, traffic=known)
    rng = np.random.default_rng([seed, 1])
    cause = str(rng.choice(CAUSES)) if traffic else "sales"
    unit, row = str(rng.choice(tracking.units)), int(rng.integers(FROM, quarter.rows - UNTIL))
    found = []
    for depth in DEPTHS:
        fallen, later = planted(quarter, unit, row, cause, depth, rng)
        alerts = watch(fallen, monitor=monitor, traffic=later if traffic else None)
        found.append(became(alerts, calm, monitor, unit, row, cause, depth))
    return len(calm), len(monitor.units), found


def planted(
    quarter: Quarter, unit: str, row: int, cause: str, depth: float, rng: np.random.Generator
) -> tuple[Tracking, pd.DataFrame]:
    """The same quarter, had one unit fallen from a row on; and its visitors and orders."""
    if cause in ("sales", "basket"):
        here = quarter.tracking.actual[unit].to_numpy().copy()
        here[row:] *= 1 - depth
        return with_sales(quarter.tracking, unit, here), quarter.traffic
    orders = quarter.orders[(quarter.orders["unit"] == unit) & (quarter.orders["row"] >= row)]
    lost = orders[rng.random(len(orders)) < depth]
    by_row = lost.groupby("row")["sales"].agg(["sum", "size"])
    by_row = by_row.reindex(range(quarter.rows), fill_value=0.0)
    here = quarter.tracking.actual[unit].to_numpy() - by_row["sum"].to_numpy()
    traffic = quarter.traffic.copy()
    days = quarter.tracking.actual.index
    mine = traffic[(traffic["unit"] == unit) & traffic["date"].isin(days)].sort_values("date")
    ordered = mine["orders"].to_numpy() - by_row["size"].to_numpy().astype(int)
    if cause == "traffic":
        looked = (mine["visitors"] - mine["orders"]).to_numpy()
        stay = np.where(np.arange(quarter.rows) >= row, rng.binomial(looked, 1 - depth), looked)
        traffic.loc[mine.index, "visitors"] = ordered + stay
    traffic.loc[mine.index, "orders"] = ordered
    return with_sales(quarter.tracking, unit, here), traffic


def with_sales(tracking: Tracking, unit: str, sold: np.ndarray) -> Tracking:
    """The tracking with other sales of one unit."""
    panel = tracking.panel
    sales, actual = panel.sales.copy(), tracking.actual.copy()
    sales[len(sales) - len(sold) :, panel.units.index(unit)] = sold
    actual[unit] = sold
    return replace(tracking, panel=replace(panel, sales=sales), actual=actual)


def became(
    alerts: tuple[Alert, ...],
    calm: tuple[Alert, ...],
    monitor: Monitor,
    unit: str,
    row: int,
    cause: str,
    depth: float,
) -> Planted:
    """When the unit's first alert after the fall came, what it named, and who else rang."""
    day = monitor.dates[row].date()
    own = [a for a in alerts if a.unit == unit and a.direction == "down" and a.date >= day]
    first = min(own, key=lambda alert: alert.date, default=None)
    new = [a for a in alerts if not any(same_event(a.key, other.key) for other in calm)]
    others = sum(a.unit not in ("", unit) for a in new) / max(len(monitor.units) - 2, 1)
    if first is None:
        return Planted(depth, cause, LATE, "", others)
    return Planted(depth, cause, (first.date - day).days + 1, first.cause, others)


def summary(falls: list[Planted]) -> dict[str, dict[str, object]]:
    """By depth, and by depth and cause."""
    table = pd.DataFrame([vars(one) for one in falls])
    return dict(_summaries(table))


def _summaries(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, object]]]:
    for depth, part in table.groupby("depth"):
        name = f"-{100 * depth:.0f} %"
        yield name, _one(part)
        if len(set(part["cause"])) > 1:
            for cause, own in part.groupby("cause"):
                yield f"{name}, {cause}", _one(own)


def _one(part: pd.DataFrame) -> dict[str, object]:
    found = part[part["days"] < LATE]
    expected = found["cause"].replace("sales", "unit")
    return {
        "planted": len(part),
        "median_days": float(part["days"].median()),
        "within_a_week": round(float((part["days"] <= 7).mean()), 3),
        "within_two_weeks": round(float((part["days"] <= 14).mean()), 3),
        "found": round(len(found) / len(part), 3),
        "cause_right": round(float((found["named"] == expected).mean()), 3),
        "new_alerts_of_other_units": round(float(part["others"].mean()), 4),
    }


if __name__ == "__main__":
    main()
