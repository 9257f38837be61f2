"""What is known of every step."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import load_calendar
from workbench.forecast.design import build_design
from workbench.panel.build import build_panel


def test_sales_play_no_part(simulated, sold):
    panel = simulated(2, 400, known={"promo": np.zeros((520, 2))}).panel
    one = build_design(panel, 30)
    other = build_design(sold(panel, panel.sales[::-1] * 3), 30)
    for name in ("base", "shared", "own", "last_year"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_every_day_has_one_weekday(simulated):
    design = build_design(simulated(2, 100).panel, 10)
    assert design.names == tuple(f"weekday:{day}" for day in range(1, 8))
    np.testing.assert_array_equal(design.shared.sum(axis=1), 1.0)
    assert design.shared[:3, :3].tolist() == np.eye(3).tolist()  # 2022-01-03 was a Monday


def test_the_comparable_day_is_52_weeks_before(simulated):
    design = build_design(simulated(2, 800).panel, 30)
    rows = np.arange(830)
    np.testing.assert_array_equal(design.last_year[0], np.where(rows >= 364, rows - 364, -1))
    np.testing.assert_array_equal(design.last_year[1], np.where(rows >= 728, rows - 728, -1))


def test_spring_festival_is_compared_with_spring_festival(simulated):
    panel = simulated(1, 1000, calendar=load_calendar("CN")).panel
    design = build_design(panel, 30)
    eve_2024 = design.dates.get_loc(pd.Timestamp("2024-02-10"))
    assert design.dates[design.last_year[0, eve_2024]] == pd.Timestamp("2023-01-22")


@pytest.mark.parametrize("start", ["2022-01-01", "2022-01-31"])
def test_a_month_is_compared_with_the_same_month(start):
    dates = pd.date_range(start, periods=30, freq="MS" if start.endswith("01") else "ME")
    rows = pd.DataFrame({"unit": "a", "date": dates, "sales": np.arange(30.0) + 1})
    design = build_design(build_panel(rows, calendar=None), 6)
    np.testing.assert_array_equal(design.last_year[0, 12:], np.arange(24))
    assert (design.last_year[0, :12] == -1).all()


def test_months_are_worth_their_days(simulated):
    design = build_design(simulated(1, 30, frequency="M").panel, 6)
    assert design.base[:3, 0].tolist() == [28.0, 31.0, 30.0]  # from February


def test_a_week_has_the_mean_of_its_days():
    dates = pd.date_range("2024-01-07", periods=60, freq="7D")  # Sundays: the week's last day
    rows = pd.DataFrame({"unit": "a", "date": dates, "sales": 5.0})
    panel = build_panel(rows, calendar="CN")
    design = build_design(panel, 8)
    assert panel.calendar is not None
    week = panel.calendar.features(pd.date_range("2024-09-30", "2024-10-06")).mean()
    at = design.dates.get_loc(pd.Timestamp("2024-10-06"))
    festivals = [name for name in design.names if not name.startswith("month:")]
    shared = design.shared[at, : len(festivals)]
    np.testing.assert_allclose(shared, week[festivals].to_numpy())
    # From 30 September to 6 October: the phase of each day is (day − ½) ÷ days of its month.
    phase = np.array([29.5 / 30, *((np.arange(1, 7) - 0.5) / 31)])
    assert design.shared[at, len(festivals)] == pytest.approx(np.cos(2 * np.pi * phase).mean())
    assert shared.max() > 0


def test_a_column_that_never_changed_is_left_out(simulated):
    known = {"promo": np.zeros((320, 2)), "price": np.tile([[2.0, 9.0]], (320, 1))}
    known["promo"][250:, :] = 1.0  # only ahead
    assert len(build_design(simulated(2, 200, known=known).panel, 60).own) == 0


def test_a_plan_far_outside_what_was_seen_counts_as_the_extreme(simulated):
    budget = np.random.default_rng(0).normal(100, 10, (320, 1))
    budget[210] = 1e9
    own = build_design(simulated(1, 200, known={"budget": budget}).panel, 60).own[0]
    assert own.max() == 8.0
    assert abs(own[:200].mean()) < 1e-9


def test_beyond_the_plans_the_usual_weekday_stands(simulated):
    open_ = np.ones((420, 2))
    dates = pd.date_range("2022-01-03", periods=420)
    open_[dates.day_of_week == 6, 1] = 0.0
    panel = simulated(2, 400, ahead=20, open_=open_).panel
    base = build_design(panel, 60).base
    ahead = pd.date_range(panel.as_of, periods=61)[1:]
    assert (base[400:][ahead.day_of_week == 6, 1] == 0).all()
    assert (base[400:][ahead.day_of_week != 6, 1] == 1).all()
    assert (base[400:, 0] == 1).all()


def test_plans_of_a_panel_cut_earlier_are_those_of_its_later_dates(simulated):
    known = {"promo": (np.arange(520 * 2).reshape(520, 2) % 5 == 0).astype(float)}
    panel = simulated(2, 400, known=known).panel
    cut = build_design(panel.until(300), 60)
    np.testing.assert_array_equal(cut.base, panel.open[:360])
    promo = cut.own[0][:, 0]
    assert set(np.flatnonzero(promo > 0)) == set(np.flatnonzero(known["promo"][:360, 0]))


def test_a_short_calendar_only_adds_columns_seen_in_the_history(simulated):
    panel = simulated(1, 100, start="2024-03-04", calendar=load_calendar("CN")).panel
    design = build_design(panel, 30)
    shared = design.shared[:100]
    assert (np.abs(shared).sum(axis=0) > 0).all()
    longer = build_design(replace(panel, calendar=None), 30)
    assert len(design.names) > len(longer.names) == 7
