"""Official days off and make-up working days, from the ``holidays`` package.

Three traps of that package are handled here. Weekend days inside a Chinese holiday block are not
listed, though people are off; make-up working days come through ``weekend_workdays``; and for a
year whose notice the State Council has not published yet, China's in-lieu days are a rule of thumb.
Such a year is marked estimated, and its long holidays follow the latest notices: 春节 from New
Year's Eve for eight days, 1 to 5 May, 1 to 7 October, with no make-up days known.
"""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workbench.calendar.lunar import lunar_date

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1950, 2100
RECENT = range(2018, 2030)  # the years that say which holidays a country keeps
IN_LIEU = "substituted from"


@dataclass(frozen=True)
class OfficialDays:
    """One country's public holidays: what is off, what is worked, and from when it is a guess.

    ``names`` holds the listed holidays (English, several joined by "; "); ``rest`` every day off
    that belongs to a holiday; ``makeup`` the weekend days worked instead; ``estimated_from`` the
    first year without an official notice.
    """

    first_year: int
    last_year: int
    names: Mapping[date, str]
    rest: tuple[date, ...]
    makeup: tuple[date, ...]
    estimated_from: int | None = None


def official_days(country: str, subdivision: str = "") -> OfficialDays:
    """All the official days of a country, and of one of its regions where ``subdivision`` says so.

    >>> days = official_days("CN")
    >>> [day.isoformat() for day in days.makeup if day.year == 2026][:3]
    ['2026-01-04', '2026-02-14', '2026-02-28']
    >>> date(2026, 2, 15) in days.rest, days.estimated_from is not None
    (True, True)
    """
    import holidays

    entity: Any = getattr(holidays, country)
    first, last = max(FIRST_YEAR, entity.start_year), min(LAST_YEAR, entity.end_year)
    english = "en_US" if "en_US" in entity.supported_languages else None
    listed = _listed(country, subdivision, first, last, english)
    names = {day: listed[day] for day in sorted(listed)}
    makeup = {day for day in listed.weekend_workdays if day not in names}
    estimated_from = None
    rest = set(names)
    if country == "CN":
        estimated_from = _first_year_without_notice(names)
        # The weekends beside an expected long holiday usually are its make-up days: not joined.
        rest = _blocks(rest, makeup) | _expected(estimated_from, last)
    return OfficialDays(
        first,
        last,
        names,
        tuple(sorted(rest)),
        tuple(sorted(makeup)),
        estimated_from,
    )


def _listed(country: str, subdivision: str, first: int, last: int, language: str | None) -> Any:
    import holidays

    with warnings.catch_warnings():
        # The package warns of years it has no table for; first_year and last_year say the same.
        warnings.simplefilter("ignore")
        return holidays.country_holidays(
            country, subdiv=subdivision or None, years=range(first, last + 1), language=language
        )


def _first_year_without_notice(names: Mapping[date, str]) -> int:
    """Every notice so far has moved days off, so the year after the last in-lieu day has none."""
    return max(day.year for day, name in names.items() if IN_LIEU in name) + 1


def _expected(first: int, last: int) -> set[date]:
    """The long holidays of years without notice, as long as the latest notices had them."""
    starts = [
        start
        for year in range(first, last + 1)
        for start in (
            (lunar_date(year, 1, 1) - ONE_DAY, 8),
            (date(year, 5, 1), 5),
            (date(year, 10, 1), 7),
        )
    ]
    return {start + i * ONE_DAY for start, length in starts for i in range(length)}


def _blocks(rest: set[date], makeup: set[date]) -> set[date]:
    """The days off together with the weekend days that join them into one block."""
    joined = set(rest)
    for day in rest:
        for step in (-ONE_DAY, ONE_DAY):
            near = day + step
            while near.weekday() >= 5 and near not in joined and near not in makeup:
                joined.add(near)
                near += step
    return joined


def runs(days: Iterable[date]) -> list[list[date]]:
    """Days grouped into runs without a gap, in order.

    >>> [len(run) for run in runs([date(2026, 5, 3), date(2026, 5, 1), date(2026, 5, 2)])]
    [3]
    """
    grouped: list[list[date]] = []
    for day in sorted(days):
        if grouped and day - grouped[-1][-1] == ONE_DAY:
            grouped[-1].append(day)
        else:
            grouped.append([day])
    return grouped


def in_chinese(country: str, subdivision: str, official: OfficialDays) -> dict[str, str]:
    """Chinese names by English name, where the package knows the country's holidays in Chinese."""
    import holidays

    languages = getattr(holidays, country).supported_languages
    language = next((code for code in ("zh_CN", "zh_HK", "zh_TW") if code in languages), None)
    if language is None:
        return {}
    years = max(official.first_year, RECENT[0]), min(official.last_year, RECENT[-1])
    listed = _listed(country, subdivision, *years, language)
    return {
        official.names[day]: name
        for day, name in listed.items()
        if day in official.names and ";" not in name + official.names[day]
    }
