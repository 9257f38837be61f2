"""Which periods of the past can be forecast again, and from where."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.calendar.period import Period, parse_period, period_of, range_period
from workbench.errors import ForecastError, ParameterError, Problem
from workbench.panel.panel import Panel
from workbench.target.history import rows_of

CALENDAR_KINDS = ("day", "week", "month", "quarter", "half", "year")
LEAST_ROWS = {"D": 56, "W": 8, "M": 8}
"""History without which nothing can be forecast."""
YEAR_AND_MORE = {"D": 392, "W": 56, "M": 13}
"""History that knows every season once; periods with less count only where there are no others."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class PastPeriod:
    """A period that is over: its rows of the panel, ``first`` up to but without ``end``."""

    period: Period
    horizon: str
    first: int
    end: int

    @property
    def steps(self) -> int:
        """How many rows it has."""
        return self.end - self.first

    def cutoff(self, elapsed: float) -> int:
        """How many rows are known once this share of it has gone by."""
        return self.first + int(elapsed * self.steps + ROUNDING)


def past_periods(
    panel: Panel, period: str | int | Period, origins: int
) -> tuple[list[PastPeriod], list[Problem]]:
    """The last ``origins`` periods of a kind that are over, oldest first, and what was missing.

    Args:
        panel: the history.
        period: ``"quarter"``, ``"month"``, …; a period, whose kind and fiscal year are taken; or a
            number of the panel's steps, counted back from ``as_of``.
        origins: at most so many.

    Raises:
        ForecastError: if there is no such period with a history before it.
        ParameterError: a period that cannot be read.

    >>> from workbench.panel.build import build_panel
    >>> days = pd.date_range("2024-01-01", "2026-08-20")
    >>> panel = build_panel(pd.DataFrame({"unit": "a", "date": days, "sales": 1.0}), calendar=None)
    >>> [past.period.label for past in past_periods(panel, "quarter", 3)[0]]
    ['2025Q4', '2026Q1', '2026Q2']
    """
    kind, latest = _latest(panel, period)
    found = []
    while (rows := rows_of(panel, latest)).size and rows[0] > panel.dates[0]:
        first = int(panel.dates.searchsorted(rows[0]))
        if first < LEAST_ROWS[panel.frequency]:
            break
        found.append(PastPeriod(latest, kind, first, first + len(rows)))
        latest = latest.previous()
    seasoned = [past for past in found if past.first >= YEAR_AND_MORE[panel.frequency]]
    usable = (seasoned if len(seasoned) >= min(2, origins) else found)[:origins]
    facts = {
        "horizon": kind,
        "first": f"{panel.dates[0]:%Y-%m-%d}",
        "as_of": f"{panel.as_of:%Y-%m-%d}",
        "asked": origins,
        "made": len(usable),
    }
    if not usable:
        raise ForecastError(Problem("backtest.too_short", facts))
    fewer = [Problem("backtest.fewer_origins", facts)] if len(usable) < origins else []
    return usable[::-1], fewer


def _latest(panel: Panel, period: str | int | Period) -> tuple[str, Period]:
    """What the horizon is called, and the last such period that is over."""
    if isinstance(period, int) and not isinstance(period, bool):
        if period < 1 or period >= len(panel.dates):
            facts = {"name": "period", "value": str(period), "allowed": f"1 … {len(panel.dates)}"}
            raise ParameterError(Problem("backtest.option", facts))
        return str(period), _steps_back(panel, period)
    kind, fiscal = str(period), 1
    if kind not in CALENDAR_KINDS:
        one = period if isinstance(period, Period) else parse_period(period)
        if one.kind == "range":
            return f"{one.days}d", _shifted(panel, one)
        kind, fiscal = one.kind, one.fiscal_year_start
    latest = period_of(panel.as_of.date(), kind, fiscal)  # type: ignore[arg-type]
    # A period without rows, as a day between two weekly ones, is none.
    while not (rows := rows_of(panel, latest)).size or rows[-1] > panel.as_of:
        if pd.Timestamp(latest.end) < panel.dates[0]:
            break
        latest = latest.previous()
    return kind, latest


def _steps_back(panel: Panel, steps: int) -> Period:
    dates = panel.dates[-steps:]
    return range_period(dates[0].date(), dates[-1].date())


def _shifted(panel: Panel, period: Period) -> Period:
    """The same number of days, moved by whole lengths to end on or before ``as_of``."""
    lengths = -(-(period.end - panel.as_of.date()).days // period.days)
    shift = datetime.timedelta(days=lengths * period.days)
    return range_period(period.start - shift, period.end - shift)


def told_apart(periods: Sequence[PastPeriod], elapsed: Sequence[float]) -> list[float]:
    """The shares that fall on different rows in at least one of the periods.

    >>> day = datetime.date(2026, 8, 20)
    >>> week = PastPeriod(Period("w", day, day), "week", 60, 61)
    >>> told_apart([week], [0.0, 0.5])
    [0.0]
    """
    kept: list[float] = []
    for share in sorted(set(elapsed)):
        cutoffs = [past.cutoff(share) for past in periods]
        if not any(cutoffs == [past.cutoff(other) for past in periods] for other in kept):
            kept.append(share)
    return kept
