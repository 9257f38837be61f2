"""The parts of a forecast add up to it, and each is what was put in."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import load_calendar
from workbench.forecast.engine import draw_paths, fit_engine
from workbench.forecast.explain import COURSE, explain, log_mean

N, AHEAD = 1100, 120


@pytest.fixture(scope="module")
def lifted(simulated):
    """Promotions lift sales by half, on a third of the days; the level is flat."""
    promo = (np.random.default_rng(2).random((N + AHEAD, 2)) < 0.33).astype(float)
    open_ = np.ones((N + AHEAD, 2))
    open_[6::7, 0] = 0.0
    panel = simulated(
        2,
        N,
        ahead=AHEAD,
        walk=0.0,
        noise=0.05,
        effect=np.log(1.5) * promo,
        known={"promo": promo},
        open_=open_,
        calendar=load_calendar("CN"),
    ).panel
    return panel, promo, fit_engine(panel, horizon=91)


def test_parts_add_up_on_every_day_of_every_unit(lifted):
    _, _, engine = lifted
    said = explain(engine)
    np.testing.assert_allclose(said.amounts.sum(axis=0), engine.expected, rtol=1e-9, atol=1e-9)
    totals = said.totals()
    np.testing.assert_allclose(totals.drop(columns="forecast").sum(axis=1), totals["forecast"])
    base = draw_paths(engine, n_paths=400).totals().median()
    np.testing.assert_allclose(totals["forecast"], base, rtol=0.02)


def test_a_promotion_is_its_own_part_and_of_the_size_it_has(lifted):
    _, promo, engine = lifted
    said = explain(engine)
    part = said.amounts[said.parts.index("promo")]
    on = (promo[N : N + 91] > 0) & (engine.expected > 0)
    assert (part[~on] == 0).all()
    # 1.5 times the rest: a third of what is sold on such a day, all in all.
    lift = engine.expected[on] / (engine.expected - part)[on]
    assert lift.mean() == pytest.approx(1.5, abs=0.08)


def test_closed_days_have_no_parts(lifted):
    _, _, engine = lifted
    said = explain(engine)
    closed = engine.drivers.base == 0
    assert closed.any()
    assert (said.amounts[:, closed] == 0).all()


def test_the_season_that_was_put_in_is_found_and_there_is_no_trend(lifted):
    _, _, engine = lifted
    said = explain(engine)
    level, trend = (said.amounts[said.parts.index(part)].sum() for part in ("level", "trend"))
    assert abs(trend) < 0.04 * level
    season = said.amounts[said.parts.index("season")].sum(axis=1)
    wave = 0.25 * np.sin(2 * np.pi * said.dates.day_of_year.to_numpy() / 365.25)
    assert np.corrcoef(season, wave)[0, 1] > 0.8


def test_a_growing_shop_has_a_trend(simulated):
    grown = np.linspace(0, 0.6, N + AHEAD)[:, None] * np.ones((1, 1))
    panel = simulated(1, N, ahead=AHEAD, walk=0.0, noise=0.05, effect=grown).panel
    totals = explain(fit_engine(panel, horizon=91)).totals()
    # Half a year past the last year's middle, and half the horizon: 0.6 × (182 + 45) ÷ 1220.
    assert totals["trend"].sum() / totals["level"].sum() == pytest.approx(0.11, abs=0.06)


def test_a_weekday_is_set_beside_the_weeks_mean(lifted):
    _, _, engine = lifted
    said = explain(engine)
    week = pd.DataFrame(said.amounts[said.parts.index("weekday")], index=said.dates)
    saturdays = week[week.index.day_of_week == 5]
    assert (saturdays > 0).all().all()
    assert abs(week[1].sum()) < 0.05 * engine.expected[:, 1].sum()


def test_below_two_years_trend_and_season_are_one_part(simulated):
    said = explain(fit_engine(simulated(1, 400).panel, horizon=28))
    assert COURSE in said.parts
    assert not {"trend", "season"} & set(said.parts)


@pytest.mark.parametrize("frequency", ["W", "M"])
def test_weeks_and_months_are_explained_too(simulated, frequency):
    panel = simulated(2, 120, frequency=frequency, calendar=load_calendar("CN")).panel
    engine = fit_engine(panel, horizon=6)
    said = explain(engine)
    np.testing.assert_allclose(said.amounts.sum(axis=0), engine.expected)
    assert "weekday" not in said.parts


def test_the_table_is_long_and_whole(lifted):
    _, _, engine = lifted
    said = explain(engine)
    table = said.table()
    assert table.columns.tolist() == ["unit", "date", "part", "sales"]
    one = table[(table["unit"] == "u1") & (table["date"] == said.dates[3])]
    assert one["part"].tolist() == list(said.parts)
    assert one["sales"].sum() == pytest.approx(engine.expected[3, 1])
    inside = said.totals(said.dates[10], said.dates[12])["forecast"]
    np.testing.assert_allclose(inside, engine.expected[10:13].sum(axis=0))


def test_the_logarithmic_mean_lies_between_and_makes_parts_add_up():
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.1, 900, (2, 50))
    mean = log_mean(a, b, np.ones(50, dtype=bool))
    assert ((mean >= np.minimum(a, b)) & (mean <= np.maximum(a, b))).all()
    np.testing.assert_allclose(mean * (np.log(a) - np.log(b)), a - b)
    assert log_mean(np.array([0.0]), np.array([3.0]), np.array([False]))[0] == 0.0
