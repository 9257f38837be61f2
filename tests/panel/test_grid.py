"""Daily, weekly, monthly: told from the dates."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel
from workbench.panel.panel import future_dates


@pytest.mark.parametrize(
    ("freq", "frequency"),
    [("D", "D"), ("MS", "M"), ("ME", "M")]
    + [(f"W-{day}", "W") for day in ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")],
)
def test_steps_are_told_and_go_on(rows, freq, frequency):
    sales = np.arange(1.0, 31.0)
    panel = build_panel(rows(sales, freq=freq), calendar=None)
    assert panel.frequency == frequency
    assert panel.sales[:, 0].tolist() == sales.tolist()
    dates = pd.date_range("2026-01-05", periods=40, freq=freq)
    assert panel.dates.equals(dates[:30].as_unit("ns"))
    assert future_dates(panel, 10).tolist() == dates[30:].tolist()


@pytest.mark.parametrize("freq", ["D", "W-THU", "MS", "ME"])
def test_rows_left_out_do_not_change_the_steps(rows, freq):
    frame = rows(np.arange(1.0, 31.0), freq=freq)
    panel = build_panel(frame.drop(index=[3, 4, 11]), calendar=None)
    assert panel.dates.tolist() == frame["date"].tolist()
    assert panel.sales[[3, 4, 11], 0].tolist() == [0.0, 0.0, 0.0]
    assert panel.sales.sum() == frame["sales"].drop(index=[3, 4, 11]).sum()


def test_month_ends_of_a_leap_year(rows):
    panel = build_panel(rows([1.0, 2.0, 3.0], start="2028-01-31", freq="ME"), calendar=None)
    assert [str(day.date()) for day in panel.dates] == ["2028-01-31", "2028-02-29", "2028-03-31"]


def test_shops_closed_at_weekends_are_daily(rows):
    panel = build_panel(rows(np.full(20, 8.0), freq="B"), calendar=None)
    assert panel.frequency == "D"
    assert panel.sales[panel.dates.day_of_week >= 5].tolist() == [[0.0]] * 6


def test_weeks_of_two_units_on_different_weekdays_are_refused(rows, refused):
    frame = pd.concat([rows(freq="W-SUN"), rows(freq="W-WED", unit="app")])
    assert "always the same weekday" in refused("irregular", frame).text("en")


@pytest.mark.parametrize(
    "dates",
    [
        pd.date_range("2026-01-15", periods=3, freq="31D"),
        pd.date_range("2026-01-01", periods=4, freq="QS"),
        pd.date_range("2026-01-05", periods=4, freq="14D"),
        pd.date_range("2026-01-05", periods=4, freq="5D"),
    ],
)
def test_other_steps_are_refused(refused, dates):
    problem = refused("irregular", pd.DataFrame({"unit": "mall", "date": dates, "sales": 1.0}))
    assert f"{dates[0]:%Y-%m-%d}, {dates[1]:%Y-%m-%d}" in problem.text("en")
    assert "既不是按日" in problem.text("zh")


@pytest.mark.parametrize(("freq", "other"), [("W-SUN", "W-SAT"), ("MS", "ME"), ("W-MON", "D")])
def test_plans_in_other_steps_are_refused(rows, refused, freq, other):
    frame = rows(np.ones(9), freq=freq)
    plans = rows(np.ones(40), start=str(frame["date"].max().date()), freq=other)
    problem = refused("known_off_grid", frame, plans)
    assert "rows, first: mall 2026" in problem.text("en")
    assert "间隔对不上" in problem.text("zh")


def test_one_observation(rows):
    panel = build_panel(rows([42.0]), calendar=None)
    assert panel.frequency == "D"
    assert panel.sales.tolist() == [[42.0]]
    assert panel.as_of == pd.Timestamp("2026-01-05")


@pytest.mark.parametrize(
    "as_written",
    [
        lambda d: d.dt.strftime("%Y-%m-%d"),
        lambda d: d.dt.strftime("%Y/%m/%d %H:%M"),
        lambda d: d.dt.strftime("%Y%m%d"),
        lambda d: pd.Series([f"{x.year}年{x.month}月{x.day}日" for x in d]),
        lambda d: d.dt.strftime("%Y-%m-%dT23:30+08:00"),
        lambda d: d.dt.date.astype(object),
        lambda d: d.dt.to_period("D"),
        lambda d: d + pd.Timedelta(hours=23, minutes=30),
        lambda d: (d + pd.Timedelta(hours=23)).dt.tz_localize("Asia/Shanghai"),
        lambda d: (d + pd.Timedelta(hours=1)).dt.tz_localize("America/New_York"),
        lambda d: d.astype("datetime64[s]"),
    ],
)
def test_dates_however_written_keep_their_own_day(rows, as_written):
    frame = rows()
    panel = build_panel(frame.assign(date=as_written(frame["date"])), calendar=None)
    assert panel.dates.tolist() == frame["date"].tolist()
    assert panel.dates.tz is None
