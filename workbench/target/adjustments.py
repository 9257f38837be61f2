"""What no history can show (a new product, a market that turns): labelled, and as a range."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.period import Period
from workbench.errors import Problem, TargetError
from workbench.target.adjustment import Adjustment, labels_twice, unusable
from workbench.target.amounts import listed, money
from workbench.target.curve import Floats, floats
from workbench.target.days import expected_steps
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

TENTH = 1.2815515655446004
"""The standard normal's 90 % point: ``low`` and ``high`` are an input's 10 and 90 % points."""


def adjust(
    outlook: Outlook,
    adjustments: Sequence[Adjustment],
    *,
    paths: "SamplePaths | None" = None,
    seed: int = 0,
) -> Outlook:
    """The outlook with some adjustments, each an uncertain input that widens it.

    Each is drawn once per path, for all its units together and apart from the others, from a
    normal distribution whose two halves have the spreads that ``low``, ``mid`` and ``high`` say.
    Only what is still to come is changed, and never below zero. ``notices`` name every adjustment
    and the money it brings.

    Args:
        outlook: what the data say.
        adjustments: what they cannot say.
        paths: those behind the outlook; an adjustment that acts for some days only is measured by
            what is expected on them. Without, by their number.
        seed: same seed, same numbers; adding an adjustment changes nothing in the others.

    Raises:
        TargetError: every adjustment that cannot be used.

    >>> totals = pd.DataFrame({"shop": np.linspace(900, 1100, 999)})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> launch = Adjustment("launch", low=0.0, mid=0.1, high=0.2)
    >>> wider = adjust(seen, [launch])
    >>> [round(o.target_at(p)) for o in (seen, wider) for p in (0.9, 0.5, 0.1)]
    [920, 1000, 1080, 965, 1096, 1238]
    """
    if not adjustments:
        return outlook
    problems = [p for one in adjustments for p in unusable(one, outlook)]
    problems += labels_twice(adjustments)
    if problems:
        raise TargetError(*problems)
    extra = np.zeros(outlook.totals.shape)
    notices = []
    for one in adjustments:
        brings = _brought(one, outlook, paths, _draws(one, len(extra), seed))
        extra += brings
        notices.append(_notice(one, brings.sum(axis=1), outlook))
    rest = floats(outlook.totals) - floats(outlook.actual)
    # Below zero only where returns alone had already brought the rest there.
    adjusted = np.maximum(rest + extra, np.minimum(rest, 0.0)) + floats(outlook.actual)
    totals = pd.DataFrame(adjusted, columns=list(outlook.totals.columns))
    return replace(outlook, totals=totals, notices=(*outlook.notices, *notices))


def effects(
    outlook: Outlook,
    adjustments: Sequence[Adjustment],
    *,
    paths: "SamplePaths | None" = None,
    seed: int = 0,
) -> pd.DataFrame:
    """What each adjustment brings in money: label, units, start, end, low, mid, high.

    ``low``, ``mid`` and ``high`` are the 10, 50 and 90 % points over the paths.
    """
    rows = []
    for one in adjustments:
        brings = _brought(one, outlook, paths, _draws(one, len(outlook.totals), seed)).sum(axis=1)
        low, mid, high = np.quantile(brings, [0.1, 0.5, 0.9])
        start, end = _days(one, outlook.period)
        units = ", ".join(one.units)
        rows.append((one.label, units, pd.Timestamp(start), pd.Timestamp(end), low, mid, high))
    return pd.DataFrame(rows, columns=["label", "units", "start", "end", "low", "mid", "high"])


def adjusted_steps(
    adjustments: Sequence[Adjustment], outlook: Outlook, paths: "SamplePaths"
) -> Floats:
    """(dates, units): the mean sales of the days to come, with the adjustments at their mid.

    The shape that day targets follow; a closed day stays at zero.
    """
    dates, expected = expected_steps(paths, outlook)
    out = expected.copy()
    for one in adjustments:
        concerned = _concerned(one, outlook)
        inside = _inside(one, outlook.period, dates)[:, None] & (concerned > 0)
        acting = np.where(inside, expected, 0.0)
        scale = one.mid if one.kind == "relative" else one.mid / max(float(acting.sum()), 1e-9)
        out += acting * scale
    return np.maximum(out, 0.0)


def _brought(
    one: Adjustment, outlook: Outlook, paths: "SamplePaths | None", draws: Floats
) -> Floats:
    """(n_paths, units): what an adjustment adds on every path."""
    concerned = _concerned(one, outlook)
    share = _share(one, outlook, paths)
    rest = np.maximum(floats(outlook.totals) - floats(outlook.actual), 0.0)
    if one.kind == "relative":
        return np.asarray(np.maximum(draws, -1.0)[:, None] * rest * (share * concerned))
    acting = rest.mean(axis=0) * share * concerned
    weights = acting / acting.sum() if acting.sum() > 0 else concerned / max(concerned.sum(), 1)
    left = _left(one, outlook)
    return np.asarray(draws[:, None] * left * weights)


def _share(one: Adjustment, outlook: Outlook, paths: "SamplePaths | None") -> Floats:
    """(units,): which share of a unit's sales to come falls on the days of the adjustment."""
    start, end = _days(one, outlook.period)
    first_left = max(outlook.as_of.date() + dt.timedelta(days=1), outlook.period.start)
    if start <= first_left and end >= outlook.period.end:
        return np.ones(len(outlook.units))
    if paths is None:
        days = (outlook.period.end - first_left).days + 1
        acting = (end - max(start, first_left)).days + 1
        return np.full(len(outlook.units), max(acting, 0) / max(days, 1))
    dates, expected = expected_steps(paths, outlook)
    inside = _inside(one, outlook.period, dates)
    whole = expected.sum(axis=0)
    acting_sales = expected[inside].sum(axis=0)
    return np.asarray(np.where(whole > 0, acting_sales / np.where(whole > 0, whole, 1.0), 0.0))


def _left(one: Adjustment, outlook: Outlook) -> float:
    """The share of the adjustment's days that is still to come."""
    start, end = _days(one, outlook.period)
    first_left = outlook.as_of.date() + dt.timedelta(days=1)
    days = (end - start).days + 1
    return min(max((end - max(start, first_left)).days + 1, 0) / days, 1.0)


def _draws(one: Adjustment, n: int, seed: int) -> Floats:
    """One value per path; evenly spread over the distribution, in an order of its own."""
    from scipy.special import ndtri

    name = int.from_bytes(hashlib.sha256(one.label.encode()).digest()[:8])
    order = np.random.default_rng([seed, name]).permutation(n)
    normal = ndtri((order + 0.5) / n)
    spread = np.where(normal < 0, one.mid - one.low, one.high - one.mid) / TENTH
    return np.asarray(one.mid + spread * normal, dtype=float)


def _concerned(one: Adjustment, outlook: Outlook) -> Floats:
    return np.array([not one.units or unit in one.units for unit in outlook.units], dtype=float)


def _days(one: Adjustment, period: Period) -> tuple[dt.date, dt.date]:
    start, end = one.start or period.start, one.end or period.end
    return max(start, period.start), min(end, period.end)


def _inside(one: Adjustment, period: Period, dates: pd.DatetimeIndex) -> NDArray[np.bool_]:
    start, end = _days(one, period)
    return np.asarray((dates >= pd.Timestamp(start)) & (dates <= pd.Timestamp(end)))


def _notice(one: Adjustment, brings: Floats, outlook: Outlook) -> Problem:
    low, mid, high = np.quantile(brings, [0.1, 0.5, 0.9])
    start, end = _days(one, outlook.period)
    facts = {
        "label": one.label,
        "units": {"en": listed(one.units) or "all units", "zh": listed(one.units) or "全部单元"},
        "start": str(start),
        "end": str(end),
        "low": money(round(low)),
        "mid": money(round(mid)),
        "high": money(round(high)),
    }
    return Problem("adjustments.taken", facts)
