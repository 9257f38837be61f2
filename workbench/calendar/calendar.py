"""The calendar of one country: what it makes of any day, last year's comparable day, and marks."""

import datetime
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.calendar.alignment import one_year_before
from workbench.calendar.festival import Days, Festival, to_days, within
from workbench.calendar.official import OfficialDays
from workbench.errors import Language, ParameterError, Problem

Frequency = Literal["D", "W", "M"]
Label = Literal["auto", "start", "end"]
OFFICIAL_COLUMNS = ("rest_day", "makeup_workday")


@dataclass(frozen=True)
class Mark:
    """A festival's day, for figures and tables; ``estimated`` where the date is not certain yet."""

    date: datetime.date
    name_en: str
    name_zh: str
    estimated: bool = False

    def name(self, language: Language) -> str:
        """The name in the language of the report."""
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True, eq=False)
class Calendar:
    """Festivals, days off and make-up working days of one country; :func:`load_calendar` makes it.

    >>> calendar = load_calendar("CN")
    >>> days = pd.DatetimeIndex(["2026-02-16", "2026-02-14", "2026-11-11"])
    >>> calendar.features(days)[["spring_festival:-1..0", "makeup_workday", "double11:0"]].values
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    >>> [day.date().isoformat() for day in calendar.last_year(days)]
    ['2025-01-28', '2025-01-26', '2025-11-11']
    """

    country: str
    subdivision: str
    festivals: tuple[Festival, ...]
    official: OfficialDays | None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the regressors, the same whatever the dates."""
        if self.official is None:
            return ()
        windows = (column for festival in self.festivals for column in festival.columns)
        return (*windows, *OFFICIAL_COLUMNS)

    def features(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """One row per day, one column per festival window: 1 where the day lies in it, else 0.

        ``rest_day`` is 1 for a day off that belongs to a public holiday (in China with the weekend
        days joined to it; ordinary weekends are 0), ``makeup_workday`` for a weekend day worked.
        :class:`ParameterError` for days outside the years the calendar is known for.
        """
        days = self._days(dates)
        return pd.DataFrame(self._matrix(days), index=dates, columns=list(self.columns))

    def features_weekly(
        self,
        dates: pd.DatetimeIndex,
        *,
        frequency: Frequency = "W",
        label: Label = "auto",
    ) -> pd.DataFrame:
        """The same columns for weekly or monthly rows: the share of a row's days in each window.

        ``label`` says whether ``dates`` are the first or the last days of the rows; ``auto`` takes
        weeks dated on Mondays and months dated on the 1st as starts, everything else as ends.
        """
        if frequency == "D":
            return self.features(dates)
        starts, ends = spans(dates, frequency, label)
        first, last = self._days(starts), self._days(ends)
        values = np.zeros((len(dates), len(self.columns)))
        if len(dates) and self.columns:
            every_day = np.arange(first.min(), last.max() + 1)
            running = np.vstack([values[:1] * 0, np.cumsum(self._matrix(every_day), axis=0)])
            days_in_row = (last - first + 1)[:, None]
            values = (running[last - first.min() + 1] - running[first - first.min()]) / days_in_row
        return pd.DataFrame(values, index=dates, columns=list(self.columns))

    def last_year(self, dates: pd.DatetimeIndex, *, frequency: Frequency = "D") -> pd.DatetimeIndex:
        """For each date the comparable one a year before, always 330 to 400 days earlier.

        The same weekday 52 weeks before; around a festival the same day around last year's
        festival (春节 day −3 with 春节 day −3, 11 November with 11 November). Weekly rows keep to
        whole weeks, monthly rows to the same month.
        """
        if frequency == "M":
            month = pd.DatetimeIndex(dates + pd.DateOffset(years=-1))
            return month.where(~dates.is_month_end, month + pd.offsets.MonthEnd(0))
        days = self._days(dates)
        if frequency == "W":
            # The middle of the week decides, and the answer is again a whole number of weeks.
            days = self._days(spans(dates, "W")[0]) + 3
        back = days - one_year_before(days, self.festivals)
        if frequency == "W":
            back = 7 * np.round(back / 7).astype(np.int64)
        return pd.DatetimeIndex(dates - pd.to_timedelta(back, unit="D"))

    def marks(self, start: Any, end: Any) -> list[Mark]:
        """The festivals from ``start`` to ``end``, both included, in order of date.

        >>> [mark.name_zh for mark in load_calendar("CN").marks("2026-09-20", "2026-11-30")]
        ['中秋节', '国庆节', '双11']
        """
        first, last = _date(start), _date(end)
        found = [
            Mark(day, festival.name_en, festival.name_zh, day in festival.estimated)
            for festival in self.festivals
            for day in festival.dates
            if first <= day <= last
        ]
        return sorted(found, key=lambda mark: mark.date)

    def table(self, start: Any, end: Any) -> pd.DataFrame:
        """Festivals, days off and make-up working days for a planner, in order of date.

        Columns date, kind (``festival``, ``rest_day``, ``makeup_workday``), name_en, name_zh,
        estimated: true for days off of a year whose official notice is not out yet.

        >>> load_calendar("CN").table("2026-09-20", "2026-09-25").name_zh.tolist()
        ['调休上班（国庆节）', '中秋节', '中秋节放假']
        """
        from workbench.calendar.table import planner_table

        marks = self.marks(start, end)
        return planner_table(marks, self.festivals, self.official, _date(start), _date(end))

    def notices(self, start: Any, end: Any) -> tuple[Problem, ...]:
        """What a reader should know about these days: days off that are not announced yet.

        >>> [problem.code for problem in load_calendar("CN").notices("2099-01-01", "2099-03-31")]
        ['calendar.estimated']
        """
        since = self.official.estimated_from if self.official else None
        if since is None or _date(end).year < since:
            return ()
        first = max(since, _date(start).year)
        years = str(first) if first == _date(end).year else f"{first}–{_date(end).year}"
        return (Problem("calendar.estimated", {"country": self.country, "years": years}),)

    def _matrix(self, days: Days) -> npt.NDArray[np.float64]:
        matrix = np.zeros((len(days), len(self.columns)))
        if self.official is None:
            return matrix
        windows = ((f, window) for f in self.festivals for window in f.windows)
        for column, (festival, window) in enumerate(windows):
            matrix[:, column] = within(days, festival.days, window)
        for column, official in ((-2, self._rest), (-1, self._makeup)):
            matrix[:, column] = np.isin(days, official)
        return matrix

    @cached_property
    def _rest(self) -> Days:
        return to_days(self.official.rest if self.official else ())

    @cached_property
    def _makeup(self) -> Days:
        return to_days(self.official.makeup if self.official else ())

    def _days(self, dates: pd.DatetimeIndex) -> Days:
        days = whole_days(dates)
        if self.official is not None and len(days):
            years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
            first, last = self.official.first_year, self.official.last_year
            outside = (years < first) | (years > last)
            if outside.any():
                raise ParameterError(_out_of_range(self.country, dates[outside], first, last))
        return days


@lru_cache(maxsize=32)
def load_calendar(country: str | None = "CN", subdivision: str = "") -> Calendar:
    """The calendar of a country (``CN``, ``US``, ``DE-BY``); without holidays for ``""`` or None.

    :class:`ParameterError` names the nearest codes if there is no such country or region.

    >>> len(load_calendar("").columns), load_calendar("US") is load_calendar("US")
    (0, True)
    """
    from workbench.calendar.china import china
    from workbench.calendar.codes import read_code
    from workbench.calendar.countries import country_festivals
    from workbench.calendar.official import in_chinese, official_days

    if country is None or country == "":
        return Calendar("", "", (), None)
    country, subdivision = read_code(country, subdivision)
    official = official_days(country, subdivision)
    if country == "CN":
        return Calendar(country, subdivision, china(), official)
    chinese = in_chinese(country, subdivision, official)
    return Calendar(country, subdivision, country_festivals(country, official, chinese), official)


def whole_days(dates: pd.DatetimeIndex) -> Days:
    """Dates (with or without a time zone) as whole days since 1970-01-01 on the local clock."""
    local = dates.tz_localize(None) if dates.tz is not None else dates
    return local.to_numpy().astype("datetime64[D]").astype(np.int64)


def spans(
    dates: pd.DatetimeIndex, frequency: Frequency, label: Label = "auto"
) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """The first and last day of every weekly or monthly row.

    >>> starts, ends = spans(pd.DatetimeIndex(["2026-02-28"]), "M")
    >>> starts[0].date().isoformat(), ends[0].date().isoformat()
    ('2026-02-01', '2026-02-28')
    """
    if label == "auto":
        at_start = dates.day_of_week == 0 if frequency == "W" else dates.day == 1
        label = "start" if bool(np.all(at_start)) else "end"
    if frequency == "W":
        six = pd.Timedelta(days=6)
        return (dates, dates + six) if label == "start" else (dates - six, dates)
    months = dates.tz_localize(None).to_period("M")
    return months.to_timestamp(how="start"), months.to_timestamp(how="end").normalize()


def _date(day: Any) -> datetime.date:
    return pd.Timestamp(day).date()


def _out_of_range(country: str, dates: pd.DatetimeIndex, first: int, last: int) -> Problem:
    facts = {
        "country": country,
        "count": len(dates),
        "earliest": str(dates.min().date()),
        "latest": str(dates.max().date()),
        "first": first,
        "last": last,
    }
    return Problem("calendar.out_of_range", facts)
