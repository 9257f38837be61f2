"""The panel: units × dates, regular, with what is known ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import DataError, Problem
from workbench.panel.shown import some

if TYPE_CHECKING:
    from workbench.calendar.calendar import Calendar

Floats = NDArray[np.float64]
Frequency = Literal["D", "W", "M"]

STEPS_PER_YEAR: Mapping[Frequency, float] = MappingProxyType({"D": 364.0, "W": 52.0, "M": 12.0})
"""Steps after which the same season comes round: weeks for days, so that weekdays line up."""


@dataclass(frozen=True, eq=False)
class Panel:
    """What each unit sold on each date, and what is already known of the dates to come.

    Attributes:
        units: names, in the order of the columns.
        dates: the rows with known sales; the last one is ``as_of``.
        ahead: later dates for which known-ahead columns were given; may be empty.
        sales: (dates, units); NaN where sales were not observed (not yet opened, stock-out).
        open: (dates + ahead, units); zero means closed, and sales exactly zero.
        known: further known-ahead columns by name, each (dates + ahead, units).
        attributes: what a unit is and stays (kind of shop, floor space), each (units,).
        frequency: ``"D"``, ``"W"`` or ``"M"``, told from the dates.
        calendar: holidays and festivals, or None.
        notices: what was noticed and how it was taken.
    """

    units: tuple[str, ...]
    dates: pd.DatetimeIndex
    ahead: pd.DatetimeIndex
    sales: Floats
    open: Floats
    known: Mapping[str, Floats]
    frequency: Frequency
    calendar: "Calendar | None" = None
    notices: tuple[Problem, ...] = field(default=())
    attributes: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def as_of(self) -> pd.Timestamp:
        """The last date whose sales are known."""
        return self.dates[-1]

    @property
    def span(self) -> pd.DatetimeIndex:
        """``dates`` followed by ``ahead``: the rows of ``open`` and ``known``."""
        return pd.DatetimeIndex(self.dates.append(self.ahead))

    @property
    def observed(self) -> NDArray[np.bool_]:
        """(dates, units): True where sales are known."""
        return np.isfinite(self.sales)

    def frame(self) -> pd.DataFrame:
        """Sales as a table: one row per date, one column per unit."""
        return pd.DataFrame(self.sales, index=self.dates, columns=list(self.units))

    def until(self, n_dates: int) -> "Panel":
        """The panel as known after ``n_dates`` dates: later sales are gone, plans are not."""
        return replace(
            self,
            dates=self.dates[:n_dates],
            ahead=pd.DatetimeIndex(self.dates[n_dates:].append(self.ahead)),
            sales=self.sales[:n_dates],
        )

    def only(self, units: Sequence[str]) -> "Panel":
        """The same panel for some of its units, in the order asked for.

        Raises:
            DataError: if the panel lacks a unit.
        """
        place = {unit: at for at, unit in enumerate(self.units)}
        strange = [str(unit) for unit in units if unit not in place]
        if strange:
            raise DataError(
                Problem("panel.no_such_unit", {"units": some(strange), "present": some(self.units)})
            )
        at = [place[unit] for unit in units]
        return replace(
            self,
            units=tuple(units),
            sales=self.sales[:, at],
            open=self.open[:, at],
            known={name: values[:, at] for name, values in self.known.items()},
            attributes={name: values[at] for name, values in self.attributes.items()},
        )


def future_dates(panel: Panel, n_steps: int) -> pd.DatetimeIndex:
    """The next ``n_steps`` dates after ``as_of``, in the panel's own steps.

    Weekly rows keep their weekday; monthly rows stay on the first or on the last day of the month.
    """
    last = panel.dates[-1]
    if panel.frequency == "M":
        anchor = "MS" if last.day == 1 else "ME"
        return pd.date_range(last, periods=n_steps + 1, freq=anchor)[1:]
    days = 1 if panel.frequency == "D" else 7
    return pd.DatetimeIndex(last + pd.to_timedelta(days * np.arange(1, n_steps + 1), unit="D"))
