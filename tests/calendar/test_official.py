"""Days off and make-up days against the State Council's notices."""

from datetime import date, timedelta

from workbench.calendar.calendar import load_calendar
from workbench.calendar.official import _blocks, official_days

MAKEUP = {
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
# First and last day of each block in the notices for 2025 and 2026.
BLOCKS = {
    2025: "01-01:01-01 01-28:02-04 04-04:04-06 05-01:05-05 05-31:06-02 10-01:10-08",
    2026: "01-01:01-03 02-15:02-23 04-04:04-06 05-01:05-05 06-19:06-21 09-25:09-27 10-01:10-07",
}


def test_makeup_days_are_those_of_the_notices():
    days = official_days("CN").makeup
    for year, expected in MAKEUP.items():
        assert [f"{day:%m-%d}" for day in days if day.year == year] == expected.split()


def test_days_off_are_the_blocks_of_the_notices_weekends_included():
    rest = official_days("CN").rest
    for year, expected in BLOCKS.items():
        days = set()
        for block in expected.split():
            first, last = (date.fromisoformat(f"{year}-{end}") for end in block.split(":"))
            days |= {first + timedelta(days=i) for i in range((last - first).days + 1)}
        assert {day for day in rest if day.year == year} == days


def test_a_year_without_notice_is_estimated_and_has_its_long_holidays():
    official = official_days("CN")
    year = official.estimated_from
    assert year is not None
    assert year >= 2027
    rest = {day for day in official.rest if day.year == year}
    assert {date(year, 10, day) for day in range(1, 8)} <= rest
    assert {date(year, 5, day) for day in range(1, 6)} <= rest
    assert not [day for day in official.makeup if day.year >= year]


def test_the_weekend_joined_to_a_holiday_stops_at_a_makeup_day():
    friday = date(2026, 2, 13)
    saturday, sunday = friday + timedelta(days=1), friday + timedelta(days=2)
    assert _blocks({friday}, set()) == {friday, saturday, sunday}
    assert _blocks({friday}, {saturday}) == {friday}


def test_elsewhere_only_the_listed_holidays_are_days_off():
    rest = official_days("US").rest
    assert date(2026, 9, 7) in rest
    assert date(2026, 9, 6) not in rest
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= set(rest)


def test_the_notice_of_estimated_days_off_speaks_two_languages():
    calendar = load_calendar("CN")
    (problem,) = calendar.notices("2098-10-01", "2099-01-01")
    assert "2098–2099" in problem.part("found", "en")
    assert "预计" in problem.part("what", "zh")
    assert calendar.notices("2026-10-01", "2026-12-31") == ()
    assert load_calendar("DE").notices("2098-10-01", "2099-01-01") == ()
