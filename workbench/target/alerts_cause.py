"""Why: the largest part of the gap in the direction of an alert, and the numbers rules ask for."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from workbench.target.alerts_found import Found
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.target.gap import Gap
    from workbench.target.tracking import Tracking

FUNNEL = ("traffic", "conversion", "basket")
GOODS = ("price", "mix")
"""Of price, volume and mix: that volume fell says no more than that sales fell."""
SOLD_NOTHING = 1e-3
Value = float | str


def cause_of(found: Found, gap: "Gap | None") -> str:
    """One word: no_data, market, traffic, conversion, basket, price, mix or unit; empty if unknown.

    What all units share is the market's; fewer orders per visitor everywhere are still conversion.
    A unit that moved alone is looked up where it moved most: in traffic, conversion and basket of
    the same days; else in the gap, first the same three, then price and mix.
    """
    stage = str(found.facts.get("stage", ""))
    if stage in ("conversion", "basket"):
        return stage
    if found.origin in ("no_data", "market"):
        return found.origin
    largest = stage or _largest_stage(found)
    if largest:
        return largest
    for view, causes in (("funnel", FUNNEL), ("price_volume_mix", (*GOODS, "volume"))):
        largest = _largest(found, gap, view, causes)
        if largest and largest != "volume":
            return largest
    return found.origin


def _largest_stage(found: Found) -> str:
    """What moved most in the days of the event; the logarithms of the three add up."""
    known = {name: float(str(found.facts[name])) for name in FUNNEL if name in found.facts}
    sign = -1 if found.direction == "down" else 1
    moved = {name: sign * math.log(max(1 + by, SOLD_NOTHING)) for name, by in known.items()}
    best = max(moved, key=lambda name: moved[name], default="")
    return best if best and moved[best] > 0 else ""


def _largest(found: Found, gap: "Gap | None", view: str, causes: tuple[str, ...]) -> str:
    """The cause with the largest amount in the event's direction; empty where there is none."""
    parts = _parts(found.unit, gap, view)
    known = parts[parts.index.isin(causes)]
    signed = -known if found.direction == "down" else known
    if signed.empty or signed.max() <= 0:
        return ""
    return str(signed.idxmax())


def _parts(unit: str, gap: "Gap | None", view: str) -> "pd.Series[float]":
    if gap is None:
        return pd.Series(dtype=float)
    rows = gap.view(view)
    rows = rows if unit == ALL_UNITS else rows[rows["unit"] == unit]
    return rows.groupby("cause")["amount"].sum()


def facts_of(
    tracking: "Tracking",
    found: Found,
    gap: "Gap | None",
    cause: str,
    more: Mapping[str, float],
) -> dict[str, Value]:
    """What a rule may ask about an alert: names → numbers or words."""
    unit = found.unit
    known: dict[str, Value] = {
        "kind": found.kind,
        "direction": found.direction,
        "unit": unit,
        "cause": cause,
        "open": 1.0 if found.open else 0.0,
        **_standing(tracking, unit),
    }
    for name in ("deviation", "behind", "rows", "before", "now"):
        if name in found.facts:
            known[name] = float(str(found.facts[name]))
    for view in ("funnel", "price_volume_mix", "effects"):
        for part, amount in _parts(unit, gap, view).items():
            known[f"gap_{part}"] = float(amount)
    return known | {name: float(value) for name, value in more.items()}


def _standing(tracking: "Tracking", unit: str) -> dict[str, Value]:
    target, actual = tracking.target_of(unit), tracking.actual_of(unit)
    whole = tracking.actual_of(ALL_UNITS)
    expected = tracking.now.only([unit]) if unit else tracking.now
    mean = float(expected.total.mean())
    return {
        "target": target,
        "actual": actual,
        "attainment": actual / target if target > 0 else 1.0,
        "probability": tracking.probability(unit),
        "projected": mean,
        "shortfall": max(target - mean, 0.0),
        "remaining": max(target - actual, 0.0),
        "share": actual / whole if whole > 0 else 1.0,
        "days_left": float(max((pd.Timestamp(tracking.period.end) - tracking.as_of).days, 0)),
    }
