"""A festival: the days it falls on, the windows of days around it, and which of them line up.

A window is a class of signed day offsets, such as −7 to −4 days before the festival. All the days
of one window share one regressor, every year, so that what was learnt from one year transfers to
the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]  # whole days since 1970-01-01


class Window(NamedTuple):
    """A class of days around a festival, first and last signed day offset included.

    >>> Window(-7, -4).text, Window(0, 0).text, Window(-1, 0).text, Window(1, 3).text
    ('-7..-4', '0', '-1..0', '+1..+3')
    """

    first: int
    last: int

    @property
    def text(self) -> str:
        """The window as it stands in a column name."""
        first, last = (f"{day:+d}" if day else "0" for day in self)
        return first if first == last else f"{first}..{last}"

    @property
    def days(self) -> int:
        """How many days the window has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Festival:
    """One festival with its date in every year it is known for.

    ``aligned`` holds the offsets that a year-on-year comparison keeps (春节 day −3 against 春节
    day −3); ``blocked`` says that no ordinary day is ever compared with one of them. A festival
    without windows has no regressors and is only marked in figures.
    """

    key: str
    name_en: str
    name_zh: str
    dates: tuple[date, ...]
    windows: tuple[Window, ...] = ()
    aligned: Window | None = None
    blocked: bool = False
    estimated: frozenset[date] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its regressors, ``key:window``."""
        return tuple(f"{self.key}:{window.text}" for window in self.windows)

    @cached_property
    def days(self) -> Days:
        """Its dates, ascending, as days since 1970-01-01."""
        return to_days(self.dates)


def to_days(dates: Iterable[date]) -> Days:
    """Dates as whole days since 1970-01-01, ascending."""
    return np.sort(np.array(list(dates), dtype="datetime64[D]").astype(np.int64))


def within(days: Days, anchors: Days, window: Window) -> npt.NDArray[np.bool_]:
    """Which ``days`` lie in ``window`` of one of the ascending ``anchors``.

    >>> within(np.array([6, 7, 9, 10]), np.array([10, 100]), Window(-3, -1)).tolist()
    [False, True, True, False]
    """
    # The first anchor that is late enough for the day not to lie after its window.
    position = np.searchsorted(anchors, days - window.last)
    found = np.append(anchors, np.iinfo(np.int64).max)[position]
    return found <= days - window.first


def offsets(days: Days, anchors: Days, window: Window) -> tuple[Days, npt.NDArray[np.intp]]:
    """Signed offset to, and position of, the anchor in whose ``window`` each day lies.

    The position is −1 (and the offset 0) for a day in no window.

    >>> offset, position = offsets(np.array([6, 9, 101]), np.array([10, 100]), Window(-3, 1))
    >>> offset.tolist(), position.tolist()
    ([0, -1, 1], [-1, 0, 1])
    """
    position = np.searchsorted(anchors, days - window.last)
    inside = within(days, anchors, window)
    anchor = anchors[np.where(inside, position, 0)] if len(anchors) else days
    return np.where(inside, days - anchor, 0), np.where(inside, position, -1)
