"""Traffic, conversion and basket, watched apart: each is calmer than the sales they multiply to.

Orders per visitor do not follow the season, the weather or the campaigns as sales do, so a checkout
that fails shows within a day or two, long before the week's sales are out of their band.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.panel.panel import Panel
from workbench.target.alerts_surprise import Surprise, windows

Floats = NDArray[np.float64]

STAGES = ("traffic", "conversion", "basket")
LEVEL_ROWS = 56
"""Rows that tell the usual level of a ratio."""
WEEKDAY_ROWS = 182
"""Rows that tell how it differs by weekday."""
LEAST_KNOWN = 28
WEEK = 7


@dataclass(frozen=True, eq=False)
class Funnel:
    """Visitors and orders on the dates and units of a panel: (dates, units); NaN: not known."""

    visitors: Floats
    orders: Floats


def funnel_of(traffic: pd.DataFrame | None, panel: Panel) -> Funnel | None:
    """Traffic (unit, date, visitors, orders) laid on a panel of days; None where it says nothing.

    >>> from workbench.panel.build import build_panel
    >>> days = pd.date_range("2026-06-01", periods=60)
    >>> panel = build_panel(pd.DataFrame({"unit": "a", "date": days, "sales": 9.0}), calendar=None)
    >>> given = pd.DataFrame({"unit": "a", "date": days[:2], "visitors": [50, 40], "orders": 3})
    >>> funnel_of(given, panel).visitors[:3, 0].tolist()
    [50.0, 40.0, nan]
    """
    if traffic is None or panel.frequency != "D":
        return None
    known = traffic[traffic["unit"].isin(panel.units) & traffic["date"].isin(panel.dates)]
    if known.empty:
        return None
    tables = (
        known.pivot_table(index="date", columns="unit", values=name, aggfunc="sum", observed=True)
        for name in ("visitors", "orders")
    )
    placed = (one.reindex(index=panel.dates, columns=list(panel.units)) for one in tables)
    return Funnel(*(np.asarray(one, dtype=float) for one in placed))


def funnel_surprises(
    funnel: Funnel, panel: Panel, first: int, expected: Floats
) -> dict[str, tuple[Surprise, ...]]:
    """How far each stage strays from row ``first`` of the panel on, where sales were ``expected``.

    Visitors are compared with those who usually come with such sales, orders with those usual of
    so many visitors, sales with those usual of so many orders; usual is what held before ``first``.
    """
    seen = stages(funnel, panel, first, expected)
    return {name: windows(*pair, panel.frequency) for name, pair in seen.items()}


def stages(
    funnel: Funnel, panel: Panel, first: int, expected: Floats
) -> Mapping[str, tuple[Floats, Floats]]:
    """Name of a stage → its amounts (rows, units) and what was to be expected of them."""
    now = slice(first, min(first + len(expected), len(panel.dates)))
    sales, due = panel.sales, expected[: now.stop - first]
    weekday = panel.dates.day_of_week.to_numpy()
    visitors, orders = funnel.visitors, funnel.orders

    def usual(above: Floats, below: Floats) -> Floats:
        ratio = _usual_ratio(above[:first], below[:first], weekday[:first])
        return np.asarray(ratio[weekday[now]])

    pairs = {
        "traffic": (visitors[now], due * usual(visitors, sales)),
        "conversion": (orders[now], visitors[now] * usual(orders, visitors)),
        "basket": (sales[now], orders[now] * usual(sales, orders)),
    }
    return {name: (done, np.nan_to_num(wanted)) for name, (done, wanted) in pairs.items()}


def _usual_ratio(above: Floats, below: Floats, weekday: NDArray[np.int32]) -> Floats:
    """(7, units): the usual ratio on each weekday; NaN where too little is known."""
    known = np.isfinite(above) & np.isfinite(below)
    above, below = (np.where(known, values, 0.0)[-WEEKDAY_ROWS:] for values in (above, below))
    recent = slice(-LEVEL_ROWS, None)
    enough = known[recent].sum(axis=0) >= LEAST_KNOWN
    level = _ratio(above[recent].sum(axis=0), below[recent].sum(axis=0))
    whole = _ratio(above.sum(axis=0), below.sum(axis=0))
    days = weekday[-WEEKDAY_ROWS:]
    on = [
        _ratio(above[days == day].sum(axis=0), below[days == day].sum(axis=0))
        for day in range(WEEK)
    ]
    profile = _ratio(np.stack(on), whole)
    profile = np.where(np.isfinite(profile) & (profile > 0), profile, 1.0)
    return np.where(enough, level * profile, np.nan)


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=np.asarray(below) > 0))
