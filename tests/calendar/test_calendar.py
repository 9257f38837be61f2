"""The calendar's features, marks and table."""

import pickle

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import OFFICIAL_COLUMNS, Mark, load_calendar
from workbench.calendar.festival import Window
from workbench.errors import ParameterError

EVERY_DAY = pd.date_range("2001-01-01", "2099-12-31")
COUNTRIES = ["CN", "US", "GB", "DE", "FR", "JP"]


@pytest.fixture(scope="module")
def china():
    return load_calendar("CN")


def test_every_window_recurs_each_year_with_the_same_days(china):
    features = china.features(EVERY_DAY)
    for festival in china.festivals:
        anchors = pd.DatetimeIndex(festival.dates)
        # One a year: a lunar month or more apart from the years before and after.
        recent = anchors[(anchors >= "2013-01-01") & (anchors <= "2098-12-31")]
        assert np.diff(recent).astype("timedelta64[D]").astype(int).max() <= 385, festival.key
        for column, window in zip(festival.columns, festival.windows, strict=True):
            offsets = range(window.first, window.last + 1)
            days = [anchors + pd.Timedelta(days=offset) for offset in offsets]
            expected = np.isin(EVERY_DAY, np.concatenate(days))
            assert (features[column].to_numpy() == expected).all(), column
            assert len(set(np.concatenate(days))) == window.days * len(anchors), column


@pytest.mark.parametrize("country", COUNTRIES)
def test_no_regressor_belongs_to_one_date_and_no_two_are_the_same(country):
    calendar = load_calendar(country)
    days = pd.date_range("2018-01-01", "2029-12-31")
    windows = calendar.features(days).drop(columns=list(OFFICIAL_COLUMNS))
    assert (windows.groupby(days.year).max().sum() >= 6).all()
    assert not windows.T.duplicated().any()
    assert windows.columns.is_unique
    assert not windows.columns.str.contains("observed|estimated|20[0-9][0-9]|funeral").any()


def test_windows_do_not_overlap(china):
    for festival in china.festivals:
        days = [d for w in festival.windows for d in range(w.first, w.last + 1)]
        assert len(days) == len(set(days)), festival.key


@pytest.mark.parametrize(
    ("day", "columns"),
    [
        ("2026-02-16", {"spring_festival:-1..0", "rest_day"}),
        ("2026-02-10", {"spring_festival:-7..-4"}),
        ("2027-01-30", {"spring_festival:-7..-4"}),
        ("2026-02-28", {"spring_festival:+7..+15", "makeup_workday"}),
        ("2026-08-19", {"qixi:0"}),
        ("2027-08-07", {"qixi:-3..-1"}),
        ("2026-11-11", {"double11:0"}),
        ("2026-10-10", {"double11:-32..-22", "national_day:+7..+9", "makeup_workday"}),
        ("2025-06-18", {"618:0"}),
        ("2026-12-12", {"double12:0"}),
        ("2026-03-20", set()),
        ("2008-11-11", set()),  # the shopping festival began in 2009
        ("2100-12-31", {"new_year:-3..-1"}),
    ],
)
def test_a_day_carries_the_windows_it_lies_in(china, day, columns):
    row = china.features(pd.DatetimeIndex([day])).iloc[0]
    assert set(row.index[row == 1]) == columns
    assert set(row) <= {0.0, 1.0}


def test_columns_do_not_depend_on_the_dates(china):
    empty = china.features(pd.DatetimeIndex([]))
    one = china.features(pd.DatetimeIndex(["1999-05-05"]))
    assert list(empty.columns) == list(one.columns) == list(china.columns)
    assert empty.shape[0] == 0


def test_the_order_of_dates_and_their_clock_do_not_matter(china):
    days = pd.date_range("2026-01-15", "2026-03-15")
    plain = china.features(days)
    shuffled = days[::-1]
    assert np.array_equal(china.features(shuffled).to_numpy()[::-1], plain.to_numpy())
    local = (days + pd.Timedelta(hours=1)).tz_localize("Asia/Shanghai")
    assert np.array_equal(china.features(local).to_numpy(), plain.to_numpy())
    assert plain.index.equals(days)


def test_weekly_rows_hold_the_share_of_their_days(china):
    sundays = pd.date_range("2026-01-04", "2026-12-27", freq="W-SUN")
    weekly = china.features_weekly(sundays)
    daily = china.features(pd.date_range("2025-12-29", "2026-12-27"))
    expected = daily.to_numpy().reshape(len(sundays), 7, -1).mean(axis=1)
    assert np.allclose(weekly.to_numpy(), expected)
    mondays = china.features_weekly(sundays - pd.Timedelta(days=6))
    assert np.allclose(mondays.to_numpy(), expected)
    assert weekly.loc["2026-11-15", "double11:0"] == pytest.approx(1 / 7)


@pytest.mark.parametrize("freq", ["MS", "ME"])
def test_monthly_rows_hold_the_share_of_their_days(china, freq):
    months = pd.date_range("2026-01-01", "2026-12-31", freq=freq)
    monthly = china.features_weekly(months, frequency="M")
    assert monthly["national_day:0..+2"].tolist() == pytest.approx([0] * 9 + [3 / 31, 0, 0])
    assert monthly["rest_day"].iloc[1] == pytest.approx(9 / 28)


def test_without_a_country_there_are_no_holidays():
    for nothing in ("", None):
        calendar = load_calendar(nothing)
        days = pd.date_range("1890-01-01", periods=3)
        assert calendar.features(days).shape == (3, 0)
        assert calendar.features_weekly(days, frequency="W").shape == (3, 0)
        assert calendar.marks("2026-01-01", "2026-12-31") == []
        assert calendar.table("2026-01-01", "2026-12-31").empty
        assert ((days - calendar.last_year(days)).days == 364).all()


def test_a_holiday_is_one_festival_whatever_day_it_is_observed_on():
    features = load_calendar("US").features(pd.DatetimeIndex(["2026-07-03", "2026-07-04"]))
    assert features["independence_day:0"].tolist() == [0, 1]
    assert features["rest_day"].tolist() == [1, 1]
    royal = load_calendar("GB").features(pd.DatetimeIndex(["2022-09-19"])).iloc[0]
    assert set(royal.index[royal == 1]) == {"rest_day"}


def test_shopping_days_and_run_ups_abroad():
    days = pd.DatetimeIndex(["2026-11-27", "2026-11-30", "2026-12-11", "2026-04-03"])
    american = load_calendar("US").features(days)
    assert american.loc["2026-11-27", "black_friday:0"] == 1
    assert american.loc["2026-11-30", "cyber_monday:0"] == 1
    assert american.loc["2026-12-11", "christmas_day:-14..-8"] == 1
    assert load_calendar("DE").features(days).loc["2026-04-03", "easter:-2"] == 1
    british = load_calendar("GB").features(pd.DatetimeIndex(["2010-11-26", "2026-03-15"]))
    assert british["black_friday:0"].tolist() == [0, 0]  # not yet kept in Britain
    assert british["mothers_day:0"].tolist() == [0, 1]


def test_orthodox_easter_is_the_countrys_own():
    (easter,) = (f for f in load_calendar("GR").festivals if f.key == "easter")
    assert pd.Timestamp("2026-04-12").date() in easter.dates
    assert pd.Timestamp("2026-04-05").date() not in easter.dates


def test_regions_have_their_own_holidays():
    epiphany = pd.DatetimeIndex(["2026-01-06"])
    assert load_calendar("DE-BY").features(epiphany)["rest_day"].tolist() == [1]
    assert load_calendar("DE", "BY").features(epiphany)["rest_day"].tolist() == [1]
    assert load_calendar("DE").features(epiphany)["rest_day"].tolist() == [0]


def test_marks_name_the_festivals_in_both_languages(china):
    marks = china.marks("2026-08-01", pd.Timestamp("2026-10-01"))
    assert marks == [
        Mark(pd.Timestamp("2026-08-19").date(), "Qixi", "七夕", False),
        Mark(pd.Timestamp("2026-09-25").date(), "Mid-Autumn Festival", "中秋节", False),
        Mark(pd.Timestamp("2026-10-01").date(), "National Day", "国庆节", False),
    ]
    assert [mark.name("zh") for mark in marks] == ["七夕", "中秋节", "国庆节"]


def test_an_islamic_festival_far_ahead_is_an_estimate():
    marks = load_calendar("TR").marks("2034-01-01", "2034-12-31")
    assert {mark.name_zh for mark in marks if mark.estimated} == {"开斋节", "宰牲节"}


def test_the_planners_table_tells_days_off_from_makeup_days(china):
    table = china.table("2026-02-14", "2026-02-28")
    assert list(table.columns) == ["date", "kind", "name_en", "name_zh", "estimated"]
    assert (table.kind == "rest_day").sum() == 9
    worked = table[table.kind == "makeup_workday"]
    assert worked.name_zh.tolist() == ["调休上班（春节）"] * 2
    assert worked.date.dt.strftime("%m-%d").tolist() == ["02-14", "02-28"]
    assert not table.estimated.any()
    late = china.table("2099-10-01", "2099-10-07")
    assert late[late.kind == "rest_day"].estimated.all()


def test_dates_beyond_the_known_years_are_named(china):
    with pytest.raises(ParameterError, match=r"1 dates from 2101-01-01[\s\S]*1950 to 2100"):
        china.features(pd.DatetimeIndex(["2026-01-01", "2101-01-01"]))


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("XX", "Nearest codes"), ("Chian", "CN"), ("GERMNY", "DE"), (False, "'NO' is Norway")],
)
def test_an_unknown_country_is_answered_with_the_nearest_codes(written, nearest):
    with pytest.raises(ParameterError, match=rf"no holiday calendar[\s\S]*{nearest}"):
        load_calendar(written)


def test_an_unknown_region_is_answered_with_known_ones():
    with pytest.raises(ParameterError, match=r"'XY' for DE, which has \d+ regions[\s\S]*BY"):
        load_calendar("DE-XY")


def test_a_calendar_travels_between_processes(china):
    again = pickle.loads(pickle.dumps(china))  # noqa: S301 - our own bytes
    days = pd.date_range("2026-01-01", "2026-12-31")
    pd.testing.assert_frame_equal(again.features(days), china.features(days))


def test_the_text_of_a_window_shows_its_sign():
    assert [Window(*w).text for w in ((-7, -4), (-1, 0), (0, 0), (1, 1), (1, 6))] == [
        "-7..-4",
        "-1..0",
        "0",
        "+1",
        "+1..+6",
    ]
