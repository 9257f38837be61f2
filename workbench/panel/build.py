"""A long sales table → a regular panel, nothing repaired silently."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.errors import DataError, Problem
from workbench.panel.availability import closed_without_saying
from workbench.panel.check import check_frame
from workbench.panel.known import known_columns
from workbench.panel.panel import Floats, Frequency, Panel

if TYPE_CHECKING:
    from workbench.calendar.calendar import Calendar

KEYS = ("unit", "date")


def build_panel(
    frame: pd.DataFrame,
    known: pd.DataFrame | None = None,
    calendar: "str | Calendar | None" = "CN",
) -> Panel:
    """Lay a long table of sales out as a panel: every unit on every date.

    A date missing inside a unit's life is zero sales, or not observed where the table has an
    ``open`` column; before a unit's first row it was not yet open. ``sales`` left empty (NaN) means
    not observed, as in a stock-out. ``open`` (0/1, or the number of open days of a week or month)
    marks availability: zero means closed, and sales exactly zero.

    Args:
        frame: one row per unit and date, columns ``unit``, ``date``, ``sales`` and any known-ahead
            columns; daily, weekly or monthly rows, told from the dates.
        known: the same columns without ``sales``, for dates after the last.
        calendar: a country code, a calendar, or None for no holidays.

    Raises:
        DataError: all that is wrong with the table, at once.

    >>> rows = pd.DataFrame({
    ...     "unit": ["mall"] * 3, "date": pd.date_range("2026-01-05", periods=3),
    ...     "sales": [120.5, 80.0, 99.5]})
    >>> build_panel(rows, calendar=None).sales.sum()
    np.float64(300.0)
    """
    frame, known = check_frame(frame, known)
    frequency = _frequency(pd.DatetimeIndex(frame["date"].unique()).sort_values())
    units = tuple(str(unit) for unit in pd.unique(frame["unit"]))
    dates = _regular(frame["date"].min(), frame["date"].max(), frequency)
    ahead = _ahead(dates[-1], known, frequency)
    place = _placer(units, dates.append(ahead))
    sales = place(frame, "sales")[: len(dates)]
    columns, open_, notices = known_columns(frame, known, place, dates, ahead)
    sales = _fill_missing(sales, frame, units, dates, has_open="open" in frame.columns)
    sales = np.where((open_[: len(dates)] == 0) & np.isfinite(sales), 0.0, sales)
    sales, more = closed_without_saying(sales, open_[: len(dates)], units, dates, frequency)
    return Panel(
        units=units,
        dates=dates,
        ahead=ahead,
        sales=sales,
        open=open_,
        known=columns,
        frequency=frequency,
        calendar=_calendar(calendar),
        notices=(*notices, *more),
    )


def _calendar(calendar: "str | Calendar | None") -> "Calendar | None":
    if not calendar:
        return None
    if isinstance(calendar, str):
        from workbench.calendar.calendar import load_calendar

        return load_calendar(calendar)
    return calendar


def _frequency(dates: pd.DatetimeIndex) -> Frequency:
    """Daily, weekly or monthly, told from the gaps between the dates that occur."""
    if len(dates) < 2:
        return "D"
    gaps = np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(int)
    if bool((dates.day == 1).all()) and gaps.min() >= 28:
        return "M"
    if bool(dates.is_month_end.all()) and gaps.min() >= 28:
        return "M"
    if bool((gaps % 7 == 0).all()):
        return "W"
    if float(np.median(gaps)) > 3:
        shown = ", ".join(f"{date:%Y-%m-%d}" for date in dates[:4])
        raise DataError(
            Problem(
                "panel.irregular",
                {"dates": shown, "gaps": ", ".join(str(gap) for gap in gaps[:4])},
            )
        )
    return "D"


def _regular(first: pd.Timestamp, last: pd.Timestamp, frequency: Frequency) -> pd.DatetimeIndex:
    if frequency == "M":
        return pd.date_range(first, last, freq="MS" if first.day == 1 else "ME")
    return pd.date_range(first, last, freq="D" if frequency == "D" else "7D")


def _ahead(
    as_of: pd.Timestamp, known: pd.DataFrame | None, frequency: Frequency
) -> pd.DatetimeIndex:
    if known is None or known.empty:
        return pd.DatetimeIndex([])
    return _regular(as_of, known["date"].max(), frequency)[1:]


def _placer(units: tuple[str, ...], span: pd.DatetimeIndex) -> Callable[[pd.DataFrame, str], Any]:
    """How to lay a long column out as an array (span, units), NaN where there is no row."""

    def place(frame: pd.DataFrame, column: str) -> Floats:
        out = np.full((len(span), len(units)), np.nan)
        rows = span.get_indexer(pd.DatetimeIndex(frame["date"]))
        cols = pd.Index(units).get_indexer(frame["unit"].astype(str))
        inside = (rows >= 0) & (cols >= 0)
        out[rows[inside], cols[inside]] = frame[column].to_numpy(dtype=float)[inside]
        return out

    return place


def _fill_missing(
    sales: Floats,
    frame: pd.DataFrame,
    units: tuple[str, ...],
    dates: pd.DatetimeIndex,
    *,
    has_open: bool,
) -> Floats:
    """Zero for a date without a row after the unit's first one, unless ``open`` is told."""
    if has_open:
        return sales
    given = np.zeros(sales.shape, dtype=bool)
    rows = dates.get_indexer(pd.DatetimeIndex(frame["date"]))
    given[rows, pd.Index(units).get_indexer(frame["unit"].astype(str))] = True
    begun = np.logical_or.accumulate(given, axis=0)
    return np.where(begun & ~given, 0.0, sales)
