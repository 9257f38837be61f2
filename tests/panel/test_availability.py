"""Closed, not yet open, gone."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel

DAYS = pd.date_range("2023-01-01", periods=3 * 364)


def daily(sales: np.ndarray, unit: str = "mall", **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"unit": unit, "date": DAYS[: len(sales)], "sales": sales, **columns})


@pytest.fixture
def steady() -> np.ndarray:
    return np.random.default_rng(1).gamma(9.0, 30.0, len(DAYS))


def silences(panel):
    quiet = {"closed_without_saying", "not_yet_open", "stopped", "never_sold", "ends_early"}
    return sorted({each.code.removeprefix("panel.") for each in panel.notices} & quiet)


def test_sales_on_closed_dates_count_and_are_said(rows, said):
    frame = pd.concat(
        [
            rows([10.0, 0.0, 0.0], open=[1, 0, 0]),
            rows([5.0, 7.25, -2.0], unit="app", open=[1, 0, 0]),
        ]
    )
    panel = build_panel(frame, calendar=None)
    assert panel.sales.sum() == frame["sales"].sum()
    assert panel.open.tolist() == [[1, 1], [0, 1], [0, 1]]
    notice = said(panel, "sold_while_closed")
    assert "2 dates, together 5.25; first: app 2026-01-06; app 2026-01-07" in notice.text("en")
    assert "销售额已计入" in notice.text("zh")


def test_a_month_sold_while_closed_counts_its_usual_open_days(rows):
    frame = rows([10.0, 20.0, 30.0, 40.0], start="2026-01-01", freq="MS", open=[26, 28, 0, 27])
    panel = build_panel(frame, calendar=None)
    assert panel.open[:, 0].tolist() == [26, 28, 27, 27]


def test_closed_means_zero_and_unknown_is_unknown(rows):
    frame = rows([10.0, None, 0.0, None], open=[1, 0, 0, 1])
    panel = build_panel(frame, calendar=None)
    np.testing.assert_array_equal(panel.sales[:, 0], [10.0, 0.0, 0.0, np.nan])


def test_a_refurbishment_nobody_mentioned_is_not_observed(steady, said):
    steady[300:345] = 0.0
    panel = build_panel(daily(steady), calendar=None)
    assert np.flatnonzero(~panel.observed[:, 0]).tolist() == list(range(300, 345))
    notice = said(panel, "closed_without_saying")
    assert f"1 stretches: mall {DAYS[300].date()} – {DAYS[344].date()}" in notice.text("en")
    assert "未观测" in notice.text("zh")


def test_four_quiet_weeks_are_left_alone(steady):
    steady[300:328] = 0.0
    assert build_panel(daily(steady), calendar=None).observed.all()


def test_a_season_that_is_quiet_every_year_is_zero(steady):
    quiet = np.isin(DAYS.month, [6, 7, 8])
    panel = build_panel(daily(np.where(quiet, 0.0, steady)), calendar=None)
    assert panel.observed.all()
    assert silences(panel) == []


def test_a_unit_that_hardly_ever_sells_is_left_alone():
    sales = np.zeros(len(DAYS))
    sales[[10, 400, 1000]] = 99.0
    assert build_panel(daily(sales), calendar=None).observed.all()
    often = np.where(np.random.default_rng(2).random(len(DAYS)) < 0.05, 50.0, 0.0)
    often[-1] = 50.0
    assert build_panel(daily(often), calendar=None).observed.all()


def test_days_marked_closed_inside_a_quiet_stretch_do_not_break_it(steady):
    open_ = np.where(np.arange(len(DAYS)) % 7 == 6, 0.0, 1.0)
    steady = np.where(open_ == 0, 0.0, steady)
    steady[300:370] = 0.0
    panel = build_panel(daily(steady, open=open_), calendar=None)
    unseen = ~panel.observed[:, 0]
    assert unseen[300:370].sum() == 60
    assert unseen.sum() == 60
    assert (panel.sales[panel.open == 0] == 0).all()


def test_zeros_before_the_first_sale_are_not_yet_open(steady, said):
    steady[:200] = 0.0
    panel = build_panel(daily(steady), calendar=None)
    assert np.flatnonzero(panel.observed[:, 0])[0] == 200
    notice = said(panel, "not_yet_open")
    assert f"1 units: mall 2023-01-01 – {DAYS[199].date()}" in notice.text("en")
    assert "尚未开业" in notice.text("zh")


def test_before_the_first_row_nothing_is_observed(rows):
    frame = pd.concat([rows([1.0] * 5), rows([2.0] * 2, unit="app", start="2026-01-08")])
    panel = build_panel(frame, calendar=None)
    np.testing.assert_array_equal(panel.sales[:, 1], [np.nan, np.nan, np.nan, 2.0, 2.0])


def test_a_unit_that_stopped_stays_zero_and_is_said(steady, said):
    frame = pd.concat([daily(steady, "mall"), daily(steady[:900], "kiosk")])
    panel = build_panel(frame, calendar=None)
    assert (panel.sales[900:, 1] == 0).all()
    notice = said(panel, "stopped")
    assert f"1 units: kiosk {DAYS[900].date()} – {DAYS[-1].date()}" in notice.text("en")
    assert "停止销售" in notice.text("zh")


def test_with_an_open_column_rows_that_end_early_are_not_observed_and_said(steady, said):
    frame = pd.concat([daily(steady, "mall"), daily(steady[:900], "kiosk")]).assign(open=1)
    panel = build_panel(frame, calendar=None)
    assert np.isnan(panel.sales[900:, 1]).all()
    assert f"1 units, with the date of their last known sales: kiosk {DAYS[899].date()}" in said(
        panel, "ends_early"
    ).text("en")
    assert "提前结束" in said(panel, "ends_early").text("zh")


def test_a_unit_that_never_sold_is_kept_and_said(steady, said):
    frame = pd.concat([daily(steady), daily(np.zeros(len(DAYS)), "dream")])
    panel = build_panel(frame, calendar=None)
    assert panel.units == ("mall", "dream")
    assert (panel.sales[:, 1] == 0).all()
    assert "1 units: dream\n" in said(panel, "never_sold").text("en")
    assert "从未产生销售" in said(panel, "never_sold").text("zh")
    assert silences(panel) == ["never_sold"]


@pytest.mark.parametrize(("freq", "gap"), [("W-SUN", 8), ("ME", 5)])
def test_quiet_weeks_and_months(rows, freq, gap):
    sales = np.full(60, 70.0)
    sales[20 : 20 + gap] = 0.0
    panel = build_panel(rows(sales, freq=freq), calendar=None)
    assert int((~panel.observed).sum()) == gap
