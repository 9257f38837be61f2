"""The comparable day one year before."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.calendar.calendar import load_calendar
from workbench.calendar.festival import offsets, within

EVERY_DAY = pd.date_range("2001-01-01", "2099-12-31")
COUNTRIES = ["CN", "US", "GB", "DE", "TR", "HK"]


@pytest.mark.parametrize(
    ("country", "day", "before"),
    [
        ("CN", "2026-02-17", "2025-01-29"),  # 春节
        ("CN", "2026-02-14", "2025-01-26"),  # three days before
        ("CN", "2027-02-21", "2026-03-04"),  # fifteen days after
        ("CN", "2026-11-11", "2025-11-11"),
        ("CN", "2026-06-18", "2025-06-18"),
        ("CN", "2018-06-18", "2017-06-18"),  # 618 and 端午 on one day: 618 decides
        ("CN", "2026-10-03", "2025-10-03"),
        ("CN", "2025-10-06", "2024-10-06"),  # 中秋 inside 国庆 2025: the holiday week decides
        ("CN", "2026-09-25", "2025-10-06"),  # 中秋
        ("CN", "2026-06-19", "2025-05-31"),  # 端午
        ("CN", "2026-08-19", "2025-08-29"),  # 七夕
        ("CN", "2026-04-15", "2025-04-16"),  # an ordinary Wednesday
        ("CN", "2027-02-25", "2026-03-05"),  # not 2026-02-26, nine days after 春节
        ("CN", "2026-01-24", "2025-01-04"),  # 24 days before 春节; not 2025-01-25, four before
        ("US", "2026-12-20", "2025-12-20"),
        ("US", "2026-11-27", "2025-11-28"),  # Black Friday
        ("DE", "2025-04-18", "2024-03-29"),  # Good Friday
        ("", "2026-02-17", "2025-02-18"),
    ],
)
def test_known_pairs(country, day, before):
    found = load_calendar(country).last_year(pd.DatetimeIndex([day]))
    assert found[0] == pd.Timestamp(before)


@pytest.mark.parametrize("country", COUNTRIES)
def test_last_year_is_between_330_and_400_days_back(country):
    calendar = load_calendar(country)
    back = (EVERY_DAY - calendar.last_year(EVERY_DAY)).days
    assert back.min() >= 330
    assert back.max() <= 400


def test_around_the_spring_festival_signed_days_agree():
    calendar = load_calendar("CN")
    (spring,) = (f for f in calendar.festivals if f.key == "spring_festival")
    now = EVERY_DAY.to_numpy().astype("datetime64[D]").astype(np.int64)
    before = calendar.last_year(EVERY_DAY).to_numpy().astype("datetime64[D]").astype(np.int64)
    offset_now, position_now = offsets(now, spring.days, spring.aligned)
    offset_before, position_before = offsets(before, spring.days, spring.aligned)
    inside = position_now >= 0
    assert inside.sum() == 99 * 37
    assert (offset_now[inside] == offset_before[inside]).all()
    assert (position_before[inside] == position_now[inside] - 1).all()
    # Apart from fixed festivals such as 1 January, no other day is compared with one of these.
    fixed = np.zeros(len(now), dtype=bool)
    for festival in calendar.festivals:
        if festival.aligned:
            fixed |= within(now, festival.days, festival.aligned)
    assert (position_before[~inside & ~fixed] == -1).all()
    assert (position_before[~inside & fixed] >= 0).mean() < 0.02


def test_ordinary_days_keep_their_weekday():
    calendar = load_calendar("CN")
    before = calendar.last_year(EVERY_DAY)
    claimed = np.zeros(len(EVERY_DAY), dtype=bool)
    days = EVERY_DAY.to_numpy().astype("datetime64[D]").astype(np.int64)
    for festival in calendar.festivals:
        if festival.aligned:
            claimed |= within(days, festival.days, festival.aligned)
    assert (before.day_of_week == EVERY_DAY.day_of_week)[~claimed].all()
    assert 0.6 < (~claimed).mean() < 0.9


@given(
    st.lists(st.dates(pd.Timestamp("1960-01-01").date(), pd.Timestamp("2099-12-31").date())),
    st.sampled_from(COUNTRIES),
)
def test_a_day_is_answered_alone_as_among_others(days, country):
    calendar = load_calendar(country)
    dates = pd.DatetimeIndex(days)
    first = calendar.official.first_year
    dates = dates[dates.year >= first]
    together = calendar.last_year(dates)
    alone = [calendar.last_year(dates[[i]])[0] for i in range(len(dates))]
    assert list(together) == alone


def test_weekly_rows_keep_to_whole_weeks_and_follow_the_festival():
    calendar = load_calendar("CN")
    sundays = pd.date_range("2020-01-05", "2029-12-30", freq="W-SUN")
    before = calendar.last_year(sundays, frequency="W")
    assert (before.day_of_week == 6).all()
    pair = dict(zip(sundays, before, strict=True))
    # The week of 2026-02-17 against the week of 2025-01-29.
    assert pair[pd.Timestamp("2026-02-22")] == pd.Timestamp("2025-02-02")


def test_monthly_rows_keep_to_the_month():
    calendar = load_calendar("CN")
    ends = pd.DatetimeIndex(["2024-02-29", "2025-02-28", "2026-11-30"])
    before = calendar.last_year(ends, frequency="M")
    assert [str(day.date()) for day in before] == ["2023-02-28", "2024-02-29", "2025-11-30"]
    starts = calendar.last_year(pd.DatetimeIndex(["2026-11-01"]), frequency="M")
    assert starts[0] == pd.Timestamp("2025-11-01")


def test_time_zones_and_hours_are_kept():
    day = pd.DatetimeIndex(["2026-11-11 09:30"]).tz_localize("Asia/Shanghai")
    assert str(load_calendar("CN").last_year(day)[0]) == "2025-11-11 09:30:00+08:00"
