"""Periods that targets are set for: a quarter, month, week, half or year, or any range of days.

A fiscal year is named by the calendar year in which it **ends**, as in most annual reports and in
pandas: with ``fiscal_year_start=4`` the year from April 2025 to March 2026 is FY2026. Labels of
fiscal quarters, halves and years carry the letters FY, so that FY2026Q4 is never taken for 2026Q4.
Months, ISO weeks and ranges always are calendar ones.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from workbench.errors import ParameterError, Problem

Kind = Literal["day", "week", "month", "quarter", "half", "year", "range"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Period:
    """The days a target is set for, first and last day included.

    >>> quarter = parse_period("2026Q4")
    >>> quarter.start.isoformat(), quarter.end.isoformat(), quarter.days
    ('2026-10-01', '2026-12-31', 92)
    >>> quarter.previous().label, quarter.next().label, quarter.last_year().label
    ('2026Q3', '2027Q1', '2025Q4')
    """

    label: str
    start: date
    end: date
    kind: Kind = "range"
    fiscal_year_start: int = 1

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label

    def previous(self) -> "Period":
        """The period of the same kind (a range: of the same length) that ends the day before."""
        return self._step(-1)

    def next(self) -> "Period":
        """The period of the same kind (a range: of the same length) that starts the day after."""
        return self._step(+1)

    def last_year(self) -> "Period":
        """The comparable period one year before.

        A week: the one 52 weeks before (364 days, so its number differs after a year of 53 weeks).
        A day or a range: the same calendar dates, 29 February becoming the 28th; whole months stay
        whole.

        >>> parse_period("2027W02").last_year().label
        '2026W03'
        >>> parse_period("2024-02-01/2024-02-29").last_year().label
        '2023-02-01/2023-02-28'
        """
        if self.kind in MONTHS:
            first = _month_index(self.start) - 12
            return month_period(self.kind, first, self.fiscal_year_start)
        if self.kind == "week":
            return week_period(self.start - timedelta(days=364))
        if span := _whole_months(self):
            return range_period(
                _first_day(_month_index(self.start) - 12),
                _last_day(_month_index(self.start) - 12 + span - 1),
            )
        return range_period(_year_before(self.start), _year_before(self.end), self.kind)

    def _step(self, sign: int) -> "Period":
        if self.kind in MONTHS:
            first = _month_index(self.start) + sign * MONTHS[self.kind]
            return month_period(self.kind, first, self.fiscal_year_start)
        if self.kind == "week":
            return week_period(self.start + timedelta(days=7 * sign))
        shift = timedelta(days=sign * self.days)
        return range_period(self.start + shift, self.end + shift, self.kind)


def parse_period(text: object, *, fiscal_year_start: int = 1) -> Period:
    """The period a planner wrote, in any of the usual spellings.

    ``2026Q4``, ``2026-11``, ``2026W47``, ``2026H2``, ``2026``, ``2026-11-11``,
    ``2026-10-01/2026-12-31``; also ``2026年第4季度``, ``2026年11月``, ``2026年下半年``.
    ``fiscal_year_start`` is the month (1 to 12) in which the fiscal year starts; quarters, halves
    and years follow it. :class:`ParameterError` says why a text is not a period.

    >>> parse_period("2026w47").start.isoformat()
    '2026-11-16'
    >>> fiscal = parse_period("2026Q4", fiscal_year_start=4)
    >>> fiscal.label, fiscal.start.isoformat(), fiscal.end.isoformat()
    ('FY2026Q4', '2026-01-01', '2026-03-31')
    >>> parse_period("2026-10-01 至 2026-11-11").days
    42
    """
    from workbench.calendar.period_text import read_period

    return read_period(text, fiscal_year_start)


def next_period(as_of: date, kind: Kind = "quarter", fiscal_year_start: int = 1) -> Period:
    """The first day, week, month, quarter, half or year that starts after ``as_of``.

    >>> next_period(date(2026, 9, 30)).label, next_period(date(2026, 10, 1)).label
    ('2026Q4', '2027Q1')
    >>> next_period(date(2026, 9, 30), "week").label
    '2026W41'
    """
    return period_of(as_of, kind, fiscal_year_start).next()


def period_of(day: date, kind: Kind = "quarter", fiscal_year_start: int = 1) -> Period:
    """The day, week, month, quarter, half or year that ``day`` falls into.

    >>> period_of(date(2027, 1, 3), "week").label
    '2026W53'
    """
    check_fiscal_year_start(fiscal_year_start)
    day = date(day.year, day.month, day.day)
    if kind in MONTHS:
        shift, months = _fiscal_shift(fiscal_year_start), MONTHS[kind]
        first = (_month_index(day) + shift) // months * months - shift
        return month_period(kind, first, fiscal_year_start)
    if kind == "week":
        return week_period(day - timedelta(days=day.weekday()))
    if kind == "day":
        return range_period(day, day, "day")
    known = ", ".join(kind for kind in KINDS if kind != "range")
    raise ParameterError(Problem("period.unknown_kind", {"kind": kind, "known": known}))


def check_fiscal_year_start(month: int) -> None:
    """Raise :class:`ParameterError` unless ``month`` is a month number, 1 to 12."""
    if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= 12:
        raise ParameterError(Problem("period.fiscal_year_start", {"month": month}))


def month_period(kind: Kind, first_month: int, fiscal_year_start: int = 1) -> Period:
    """The month, quarter, half or year that starts in a month (year × 12 + month − 1)."""
    year, position = divmod(first_month + _fiscal_shift(fiscal_year_start), 12)
    prefix = "" if fiscal_year_start == 1 else "FY"
    label = {
        "month": f"{first_month // 12:04d}-{first_month % 12 + 1:02d}",
        "quarter": f"{prefix}{year:04d}Q{position // 3 + 1}",
        "half": f"{prefix}{year:04d}H{position // 6 + 1}",
        "year": f"{prefix}{year:04d}",
    }[kind]
    last = _last_day(first_month + MONTHS[kind] - 1)
    return Period(label, _first_day(first_month), last, kind, fiscal_year_start)


def fiscal_month(year: int, position: int, fiscal_year_start: int) -> int:
    """The month (year × 12 + month − 1) at ``position``, from 0, of a fiscal year."""
    return year * 12 + position - _fiscal_shift(fiscal_year_start)


def week_period(monday: date) -> Period:
    """The ISO week that starts on ``monday``."""
    year, week, _ = monday.isocalendar()
    return Period(f"{year:04d}W{week:02d}", monday, monday + timedelta(days=6), "week")


def range_period(start: date, end: date, kind: Kind = "range") -> Period:
    """The days from ``start`` to ``end``, both included; kind ``day`` for a single one."""
    label = start.isoformat() if kind == "day" else f"{start.isoformat()}/{end.isoformat()}"
    return Period(label, start, end, kind)


def _fiscal_shift(fiscal_year_start: int) -> int:
    return (13 - fiscal_year_start) % 12


def _month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _last_day(month: int) -> date:
    year, month = month // 12, month % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _whole_months(period: Period) -> int:
    """How many whole months a range is made of; 0 where it is not."""
    first, last = _month_index(period.start), _month_index(period.end)
    if period.start.day != 1 or period.end != _last_day(last):
        return 0
    return last - first + 1


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
