"""What was known then: the outlook of a period as it was on earlier days."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import Problem
from workbench.forecast.engine import LEAST_DATES, forecast
from workbench.forecast.reuse import FRESH_DAYS
from workbench.panel.panel import Panel, future_dates
from workbench.target.build import outlook
from workbench.target.history import rows_of
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.engine import Engine
    from workbench.forecast.paths import SamplePaths

ROWS_PER_WEEK = {"D": 7, "W": 1, "M": 1}

_made: "WeakKeyDictionary[Panel, dict[tuple[int, int, int | None, int, int], SamplePaths]]"
_made = WeakKeyDictionary()
"""Forecasts already made of a panel: tracking another target asks for the same ones again."""


def start_cut(panel: Panel, period: Period) -> tuple[int, tuple[Problem, ...]]:
    """How many dates were known before the period's first; later where they were too few.

    A panel that ends before the period is taken as it is.
    """
    before = int((panel.dates < pd.Timestamp(period.start)).sum())
    least = min(LEAST_DATES[panel.frequency], len(panel.dates))
    if before >= least:
        return before, ()
    facts = {
        "period": period.label,
        "start": f"{period.start}",
        "first": f"{panel.dates[0]:%Y-%m-%d}",
        "from": f"{panel.dates[least - 1]:%Y-%m-%d}",
    }
    return least, (Problem("target.late_start", facts),)


def course_cuts(panel: Panel, period: Period, first: int, course: str | Sequence[str]) -> list[int]:
    """At how many known dates the outlook is to be seen: the start, those asked for, and now.

    Once the period is over its last row is the last date looked at.

    >>> from workbench.calendar.period import parse_period
    >>> from workbench.panel.build import build_panel
    >>> days = pd.date_range("2026-06-01", "2026-08-20")
    >>> panel = build_panel(pd.DataFrame({"unit": "a", "date": days, "sales": 1.0}), calendar=None)
    >>> [f"{panel.dates[cut - 1]:%m-%d}" for cut in course_cuts(
    ...     panel, parse_period("2026-08"), 61, "weekly")]
    ['07-31', '08-07', '08-14', '08-20']
    """
    end = int((panel.dates <= pd.Timestamp(period.end)).sum())
    last = max(end, first)
    if course == "none":
        between: list[int] = []
    elif course == "weekly":
        between = list(range(first, end, ROWS_PER_WEEK[panel.frequency]))
    else:
        days = [course] if isinstance(course, str) else course
        between = [int((panel.dates <= pd.Timestamp(day)).sum()) for day in days]
        between = [cut for cut in between if first < cut < end]
    return sorted({first, *between, last})


def lenders(panel: Panel, cuts: Sequence[int]) -> dict[int, int]:
    """Cut → the earlier one whose backtest serves it; itself where it has to learn anew.

    >>> from workbench.panel.build import build_panel
    >>> days = pd.date_range("2026-01-01", "2026-06-30")
    >>> panel = build_panel(pd.DataFrame({"unit": "a", "date": days, "sales": 1.0}), calendar=None)
    >>> lenders(panel, [60, 67, 88, 95])
    {60: 60, 67: 60, 88: 60, 95: 95}
    """
    fresh = pd.Timedelta(days=FRESH_DAYS[panel.frequency])
    out: dict[int, int] = {}
    last = None
    for cut in cuts:
        if last is None or panel.dates[cut - 1] - panel.dates[last - 1] > fresh:
            last = cut
        out[cut] = last
    return out


def seen_at(
    panel: Panel,
    cut: int,
    period: Period,
    *,
    n_paths: int,
    seed: int,
    lender: int | None = None,
) -> "tuple[Outlook, SamplePaths | None]":
    """The outlook of the period when the first ``cut`` dates were known, and its paths.

    ``lender`` is an earlier cut whose backtest, made from what was known then, is used again.
    """
    known = panel.until(cut)
    steps = steps_to(known, period)
    if not steps:
        return outlook(known, None, period=period), None
    made = _made.setdefault(panel, {})
    lender = None if lender == cut else lender
    key = (cut, steps, lender, n_paths, seed)
    if key not in made:
        earlier = None
        if lender is not None:
            earlier = _lent(panel, lender, period, n_paths=n_paths, seed=seed)
        lent: dict[str, Any] = {} if earlier is None else {"earlier": earlier}
        made[key] = forecast(known, horizon=steps, n_paths=n_paths, seed=seed, **lent)
    return outlook(known, made[key], period=period), made[key]


def _lent(panel: Panel, cut: int, period: Period, *, n_paths: int, seed: int) -> "Engine | None":
    """The engine behind the outlook of an earlier cut, made already however many its paths."""
    for (at, _, lender, _, _), made in _made[panel].items():
        if at == cut and lender is None and made.engine is not None:
            return made.engine
    paths = seen_at(panel, cut, period, n_paths=n_paths, seed=seed)[1]
    return paths.engine if paths else None


def steps_to(panel: Panel, period: Period) -> int:
    """How many steps lead from the last known date to the period's last row; 0 once it is over."""
    rows = rows_of(panel, period)
    if not len(rows) or rows[-1] <= panel.as_of:
        return 0
    shortest = {"D": 1, "W": 7, "M": 28}[panel.frequency]
    ahead = future_dates(panel, int((rows[-1] - panel.as_of).days) // shortest + 1)
    return int(np.searchsorted(ahead.to_numpy(), rows[-1].to_datetime64(), side="right"))
