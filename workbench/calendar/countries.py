"""Festivals of countries other than China: public holidays by name, and the big shopping days.

A public holiday is one festival under its own name, whatever day it is observed on. Names that
only say that another day is moved, and one-off days such as a state funeral, are no festivals.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from workbench.calendar.festival import Festival, Window
from workbench.calendar.names import chinese_name
from workbench.calendar.official import RECENT, OfficialDays

SUFFIX = re.compile(r"\s*\((observed|estimated|observed, estimated|in lieu|additional)\)$")
MOVED = re.compile(
    r"substitut|in lieu|bridge|day off|observance|alternative|joint holiday|special (public )?"
    r"(non-working )?holiday|^(public|bank|national|additional|extra)( public| bank)? holiday",
    re.IGNORECASE,
)
SEASON = timedelta(days=60)

DAY_BY_DAY = ((-1, -1), (0, 0), (1, 1))
RUN_UP = ((-14, -8), (-7, -4), (-3, -2), *DAY_BY_DAY)
LUNAR_NEW_YEAR = ((-21, -15), (-14, -8), (-7, -4), (-3, -2), (-1, 0), (1, 6), (7, 15))
# Name → its windows, the offsets kept in a year-on-year comparison, and whether those are blocked.
Shape = tuple[tuple[tuple[int, int], ...], tuple[int, int], bool]
SHAPES: tuple[tuple[str, Shape], ...] = (
    (
        r"^(chinese |lunar |korean |vietnamese )new year$|^spring festival$",
        (LUNAR_NEW_YEAR, (-21, 15), True),
    ),
    (r"^christmas( day)?$", (((-21, -15), *RUN_UP, (2, 5)), (-14, 1), False)),
    (r"^easter$", (((-14, -8), (-7, -4), (-3, -3), (-2, -2), *DAY_BY_DAY), (-14, 1), True)),
    (r"^thanksgiving( day)?$", (RUN_UP, (-7, 1), False)),
    (r"^eid al-fitr( holiday)?$", (((-28, -15), *RUN_UP, (2, 4)), (-28, 4), True)),
    (r"^eid al-adha( holiday)?$", (RUN_UP, (-7, 3), True)),
    (r"^diwali$", (RUN_UP, (-14, 1), True)),
    (r"^(chuseok|mid-autumn festival)$", (RUN_UP, (-14, 1), False)),
    (r"^black friday$", (((-4, -1), (0, 0), (1, 2)), (-4, 2), False)),
    (r"^cyber monday$", (((0, 0), (1, 4)), (0, 4), False)),
    (r"^(mother|father|valentine)", (((-7, -4), (-3, -1), (0, 0)), (-7, 0), False)),
)
OTHERWISE: Shape = (DAY_BY_DAY, (-1, 1), False)

MOTHERS_DAY_IN_MAY = frozenset(
    {"AT", "AU", "BE", "BR", "CA", "CH", "DE", "DK", "FI", "IT", "NL", "NZ", "US", "ZA"}
)
MOTHERING_SUNDAY = frozenset({"GB", "IE"})
WESTERN = (
    MOTHERS_DAY_IN_MAY | MOTHERING_SUNDAY | frozenset({"ES", "FR", "MX", "NO", "PL", "PT", "SE"})
)
BLACK_FRIDAY_SINCE = {"US": 1950, "CA": 2008, "GB": 2013, "IE": 2013, "DE": 2013}
EASTER = {
    "Easter Sunday": 0,
    "Easter": 0,
    "Good Friday": 2,
    "Easter Monday": -1,
    "Holy Saturday": 1,
}


def country_festivals(
    country: str, official: OfficialDays, chinese: Mapping[str, str] | None = None
) -> tuple[Festival, ...]:
    """The festivals of ``country``, public holidays and shopping days, in the order of the year.

    ``chinese`` holds Chinese names by English name, where the country's own are known.

    >>> from workbench.calendar.official import official_days
    >>> [f.key for f in country_festivals("US", official_days("US"))][-4:]
    ['thanksgiving_day', 'black_friday', 'cyber_monday', 'christmas_day']
    """
    held, guessed = _by_name(official)
    held = {**_recurring(held), **_shopping_days(country, official)}
    if easter := _easter(held):
        held = {name: days for name, days in held.items() if name not in EASTER}
        held["Easter"] = easter
    chinese = chinese or {}
    festivals = [
        _festival(name, chinese.get(name) or chinese_name(name), days, guessed[name])
        for name, days in held.items()
    ]
    return without_twins(sorted(festivals, key=_place_in_year))


def _by_name(official: OfficialDays) -> tuple[dict[str, list[date]], dict[str, set[date]]]:
    """The days each festival is held on, one per season, and those whose date is an estimate."""
    actual: dict[str, set[date]] = defaultdict(set)
    observed: dict[str, set[date]] = defaultdict(set)
    guessed: dict[str, set[date]] = defaultdict(set)
    for day, names in official.names.items():
        for listed in names.split("; "):
            name = SUFFIX.sub("", listed)
            (observed if "(observed" in listed else actual)[name].add(day)
            if "estimated)" in listed:
                guessed[name].add(day)
    held = {}
    for name in (*actual, *(name for name in observed if name not in actual)):
        if not MOVED.search(name):
            held[name] = _one_per_season(actual[name], observed[name])
    return held, guessed


def _one_per_season(actual: set[date], observed: set[date]) -> list[date]:
    """The first day of each occurrence; an observed day counts only where there is no other."""
    alone = {day for day in observed if not any(abs(day - other) < SEASON for other in actual)}
    days: list[date] = []
    for day in sorted(actual | alone):
        if not days or day - days[-1] >= SEASON:
            days.append(day)
    return days


def _recurring(held: dict[str, list[date]]) -> dict[str, list[date]]:
    """Only what is held in at least half of the recent years."""

    def often(days: list[date]) -> bool:
        return 2 * len({day.year for day in days} & set(RECENT)) >= len(RECENT)

    return {name: days for name, days in held.items() if often(days)}


def _easter(held: dict[str, list[date]]) -> list[date]:
    """Easter Sunday of each year, told from the country's own holidays: Western or Orthodox."""
    for name, shift in EASTER.items():
        if name in held:
            return [day + timedelta(days=shift) for day in held[name]]
    return []


def _shopping_days(country: str, official: OfficialDays) -> dict[str, list[date]]:
    """Days that sell without being public holidays."""
    if country not in WESTERN:
        return {}
    years = range(official.first_year, official.last_year + 1)
    since = BLACK_FRIDAY_SINCE.get(country, 2014)
    fridays = [_nth(year, 11, 3, 4) + timedelta(days=1) for year in years if year >= since]
    days = {
        "Valentine's Day": [date(year, 2, 14) for year in years],
        "Black Friday": fridays,
        "Cyber Monday": [day + timedelta(days=3) for day in fridays if day.year >= 2005],
    }
    if country == "US":
        days["Easter Sunday"] = [_western_easter(year) for year in years]
    if country in MOTHERS_DAY_IN_MAY:
        days["Mother's Day"] = [_nth(year, 5, 6, 2) for year in years]
    if country in MOTHERING_SUNDAY:
        days["Mother's Day"] = [_western_easter(year) - timedelta(days=21) for year in years]
    return days


def _western_easter(year: int) -> date:
    return (pd.Timestamp(year, 1, 1) + pd.offsets.Easter()).date()


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th ``weekday`` (0 = Monday) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _festival(name: str, name_zh: str, days: list[date], guessed: Iterable[date]) -> Festival:
    shapes = (shape for pattern, shape in SHAPES if re.search(pattern, name, re.IGNORECASE))
    windows, aligned, blocked = next(shapes, OTHERWISE)
    return Festival(
        slug(name),
        name,
        name_zh,
        tuple(days),
        tuple(Window(*window) for window in windows),
        Window(*aligned),
        blocked,
        frozenset(guessed),
    )


def _place_in_year(festival: Festival) -> tuple[int, int]:
    day = next((day for day in festival.dates if day.year >= RECENT[-1]), festival.dates[-1])
    return day.month, day.day


def slug(name: str) -> str:
    """A festival's name as the start of a column name.

    >>> slug("Martin Luther King Jr. Day"), slug("New Year's Day")
    ('martin_luther_king_jr_day', 'new_years_day')
    """
    return re.sub(r"[^\w]+", "_", re.sub(r"['’]", "", name.lower())).strip("_")


def without_twins(festivals: list[Festival]) -> tuple[Festival, ...]:
    """Festivals without the windows that are the very same days as another one in recent years.

    The day after Christmas is Boxing Day: one regressor, not two; the festival's own day stays.
    """
    windows = [(festival, window) for festival in festivals for window in festival.windows]
    kept: dict[frozenset[date], tuple[str, Window]] = {}
    for festival, window in sorted(windows, key=lambda pair: 0 not in pair[1]):
        kept.setdefault(_recent_days(festival, window), (festival.key, window))
    own = set(kept.values())
    return tuple(
        replace(f, windows=tuple(window for window in f.windows if (f.key, window) in own))
        for f in festivals
    )


def _recent_days(festival: Festival, window: Window) -> frozenset[date]:
    days = (
        day + timedelta(days=offset)
        for day in festival.dates
        for offset in range(window.first, window.last + 1)
    )
    return frozenset(day for day in days if day.year in RECENT)
