"""The regular grid of a panel, and where a long table's rows stand on it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import DataError, Problem
from workbench.panel.panel import Floats, Frequency
from workbench.panel.rows import Days, Rows
from workbench.panel.shown import some


@dataclass(frozen=True, eq=False)
class Cells:
    """Where each row of a long table stands in an array (rows of the span, units)."""

    row: NDArray[np.intp]
    unit: NDArray[np.intp]
    shape: tuple[int, int]

    def lay(self, values: Floats) -> Floats:
        """A long column as an array, NaN where there is no row."""
        out = np.full(self.shape, np.nan)
        out[self.row, self.unit] = values
        return out

    @property
    def given(self) -> NDArray[np.bool_]:
        """True where there is a row."""
        out = np.zeros(self.shape, dtype=bool)
        out[self.row, self.unit] = True
        return out


@dataclass(frozen=True, eq=False)
class Grid:
    """All dates of a panel, none left out."""

    units: tuple[str, ...]
    dates: pd.DatetimeIndex
    ahead: pd.DatetimeIndex
    frequency: Frequency

    @property
    def days(self) -> Days:
        """The dates and those ahead."""
        return np.concatenate([_days(self.dates), _days(self.ahead)])

    def cells(self, rows: Rows) -> Cells:
        """Where ``rows`` stand.

        Raises:
            DataError: if a row's date is none of the grid's.
        """
        days = self.days
        at = np.minimum(np.searchsorted(days, rows.day), len(days) - 1)
        off = days[at] != rows.day
        if off.any():
            facts = {
                "frequency": self.frequency,
                "count": f"{int(off.sum()):,}",
                "rows": rows.shown(off),
                "expected": some(_days(self.ahead if len(self.ahead) else self.dates)),
            }
            raise DataError(Problem("panel.known_off_grid", facts))
        return Cells(at, rows.unit, (len(days), len(self.units)))


def lay_grid(rows: Rows, plans: Rows | None) -> Grid:
    """The grid from the first date of sales to the last, and on to the last plan.

    Raises:
        DataError: if the dates are neither daily, weekly nor monthly.
    """
    days = np.unique(rows.day)
    frequency = tell_frequency(days)
    dates = _regular(days[0], days[-1], frequency)
    ahead = pd.DatetimeIndex([])
    if plans is not None:
        ahead = _regular(days[-1], plans.day.max(), frequency)[1:]
    return Grid(rows.units, dates, ahead, frequency)


def tell_frequency(days: Days) -> Frequency:
    """Daily, weekly (any weekday) or monthly (first or last day), told from the dates that occur.

    Raises:
        DataError: if they are none of these.

    >>> tell_frequency(np.array(["2026-01-31", "2026-02-28", "2026-04-30"], dtype="datetime64[D]"))
    'M'
    """
    if len(days) < 2:
        return "D"
    gaps = np.diff(days).astype(int)
    following = days + np.timedelta64(1, "D")
    months = (_is_month_start(days).all() or _is_month_start(following).all()) and gaps.min() >= 28
    if months and gaps.min() <= 31:
        return "M"
    if bool((gaps % 7 == 0).all()) and gaps.min() == 7:
        return "W"
    if months or float(np.median(gaps)) > 3:
        facts = {"dates": some(days), "gaps": some(gaps)}
        raise DataError(Problem("panel.irregular", facts))
    return "D"


def _is_month_start(days: Days) -> NDArray[np.bool_]:
    return np.asarray(days == days.astype("datetime64[M]").astype("datetime64[D]"))


def _regular(first: np.datetime64, last: np.datetime64, frequency: Frequency) -> pd.DatetimeIndex:
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    monthly = "MS" if start.day == 1 else "ME"
    step = {"D": "D", "W": "7D", "M": monthly}[frequency]
    return pd.date_range(start, end, freq=step).as_unit("ns")


def _days(dates: pd.DatetimeIndex) -> Days:
    return np.asarray(dates.to_numpy().astype("datetime64[D]"))
