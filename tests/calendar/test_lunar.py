"""Lunar dates against the tables of the ``holidays`` package and against well-known days."""

from datetime import date

import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from workbench.calendar.lunar import NEW_YEARS, lunar_date, month_lengths, qingming


@pytest.mark.parametrize(
    ("month", "day", "name"),
    [
        (1, 1, "lunar_new_year_date"),
        (4, 8, "buddha_birthday_date"),
        (5, 5, "dragon_boat_date"),
        (8, 15, "mid_autumn_date"),
        (9, 9, "double_ninth_date"),
    ],
)
def test_lunar_dates_are_those_of_an_independent_table(month, day, name):
    reference = getattr(_ChineseLunisolar(), name)
    for year in range(1950, 2101):
        assert lunar_date(year, month, day) == reference(year)[0], year


def test_qingming_is_that_of_an_independent_table():
    for year in range(1950, 2100):
        assert qingming(year) == _ChineseLunisolar().qingming_date(year)[0], year


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2026, 1, 1, date(2026, 2, 17)),
        (2027, 1, 1, date(2027, 2, 6)),
        (2023, 7, 7, date(2023, 8, 22)),
        (2024, 7, 7, date(2024, 8, 10)),
        (2025, 7, 7, date(2025, 8, 29)),
        (2026, 7, 7, date(2026, 8, 19)),
        (2027, 7, 7, date(2027, 8, 8)),
        (2026, 8, 15, date(2026, 9, 25)),
        (2006, 7, 7, date(2006, 7, 31)),  # the seventh month, not the leap month after it
        (2101, 1, 1, date(2101, 1, 29)),
    ],
)
def test_known_days(year, month, day, expected):
    if year == 2101:
        assert NEW_YEARS[-1] == expected
    else:
        assert lunar_date(year, month, day) == expected


def test_a_lunar_year_has_twelve_or_thirteen_months_of_29_or_30_days():
    for year in range(1900, 2101):
        lengths = month_lengths(year)
        assert len(lengths) in (12, 13)
        assert sum(days for _, days in lengths) in (353, 354, 355, 383, 384, 385)
