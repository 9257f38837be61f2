"""The forecast as a planner asks for it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.calendar.calendar import load_calendar
from workbench.forecast.design import build_design
from workbench.forecast.engine import forecast
from workbench.forecast.fit import fit_panel

SHORT = 150
"""Days of history: enough to forecast, too short for Prophet, so that it takes no time."""


def totals(panel, horizon=28, n_paths=200, seed=0, **period):
    paths = forecast(panel, horizon=horizon, n_paths=n_paths, seed=seed)
    return paths.totals(**period)


def middle(panel, horizon=28, **period):
    return totals(panel, horizon, 400, **period).median()


# ---------------------------------------------------------------- what holds of every forecast


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    n_units=st.integers(1, 5),
    n_dates=st.integers(56, 170),
    horizon=st.integers(1, 60),
    noise=st.floats(0.02, 0.9),
    walk=st.floats(0.0, 0.05),
)
def test_any_panel_gives_sound_paths(
    simulated, sound, seed, n_units, n_dates, horizon, noise, walk
):
    panel = simulated(n_units, n_dates, seed=seed, noise=noise, walk=walk, ahead=0).panel
    sound(forecast(panel, horizon=horizon, n_paths=60), panel, horizon, 60)


@pytest.mark.parametrize(
    ("frequency", "n_dates", "horizon"),
    [("D", 800, 91), ("W", 8, 4), ("W", 130, 13), ("M", 8, 3), ("M", 48, 6)],
)
def test_days_weeks_and_months(simulated, sound, frequency, n_dates, horizon):
    panel = simulated(3, n_dates, frequency=frequency, seed=2).panel
    paths = forecast(panel, horizon=horizon, n_paths=100)
    sound(paths, panel, horizon, 100)
    gaps = set(np.diff(paths.dates.insert(0, panel.as_of).to_numpy()).astype("m8[D]").astype(int))
    assert gaps <= {"D": {1}, "W": {7}, "M": {28, 29, 30, 31}}[frequency]


def test_totals_of_any_dates_are_the_sum_of_their_days(simulated):
    panel = simulated(2, SHORT).panel
    paths = forecast(panel, horizon=45, n_paths=80)
    dates, values = paths.dates, paths.values
    for first, last in [(0, 44), (0, 0), (3, 17), (20, 44), (44, 44)]:
        of_days = values[:, first : last + 1].sum(axis=1)
        np.testing.assert_allclose(paths.totals(dates[first], dates[last]), of_days, rtol=1e-5)
    parts = paths.totals(end=dates[9]) + paths.totals(start=dates[10])
    np.testing.assert_allclose(parts, paths.totals(), rtol=1e-5)


def test_quantiles_rise_with_their_level(simulated):
    paths = forecast(simulated(2, SHORT).panel, horizon=20, n_paths=150)
    levels = [0.05, 0.2, 0.5, 0.8, 0.95]
    table = paths.quantiles(levels)
    wide = table.pivot_table("sales", ["unit", "date"], "level").to_numpy()
    assert wide.shape == (40, 5)
    assert (np.diff(wide, axis=1) >= 0).all()


def test_same_seed_same_bytes(simulated):
    panel = simulated(3, 400).panel
    one = forecast(panel, horizon=30, n_paths=100, seed=3)
    other = forecast(panel, horizon=30, n_paths=100, seed=3)
    assert one.values.tobytes() == other.values.tobytes()
    pd.testing.assert_frame_equal(one.skill, other.skill)
    different = forecast(panel, horizon=30, n_paths=100, seed=4)
    assert not np.array_equal(one.blocks, different.blocks)


def test_the_panel_is_left_as_it_was(simulated):
    known = {"promo": (np.random.default_rng(0).random((SHORT + 120, 2)) < 0.3).astype(float)}
    panel = simulated(2, SHORT, known=known).panel
    before = [panel.sales.copy(), panel.open.copy(), panel.known["promo"].copy()]
    forecast(panel, horizon=20, n_paths=20)
    for was, is_ in zip(before, [panel.sales, panel.open, panel.known["promo"]], strict=True):
        np.testing.assert_array_equal(was, is_)


@pytest.mark.parametrize("n_dates", [SHORT, 500])
def test_money_in_another_unit_gives_the_same_futures(simulated, sold, n_dates):
    panel = simulated(3, n_dates).panel
    one = totals(panel)
    other = totals(sold(panel, panel.sales * 1024.0))
    np.testing.assert_allclose(other, one * 1024.0, rtol=2e-4)


def test_the_same_shop_four_weeks_later(simulated):
    panel = simulated(2, SHORT).panel
    later = replace(
        panel,
        dates=panel.dates + pd.Timedelta(days=28),
        ahead=panel.ahead + pd.Timedelta(days=28),
    )
    np.testing.assert_allclose(totals(later), totals(panel), rtol=1e-6)


@pytest.mark.parametrize("n_dates", [SHORT, 500])
def test_the_order_of_the_units_changes_nothing(simulated, n_dates):
    panel = simulated(4, n_dates).panel
    moved = panel.only(["u2", "u0", "u3", "u1"])
    one = forecast(panel, horizon=28, n_paths=100)
    other = forecast(moved, horizon=28, n_paths=100)
    np.testing.assert_allclose(one.totals(), other.totals()[list(panel.units)], rtol=1e-4)
    days = other.values[:, :, [other.units.index(unit) for unit in panel.units]]
    np.testing.assert_allclose(one.values, days, rtol=1e-4, atol=1e-6 * one.values.max())


# ---------------------------------------------------------------- no look ahead


def test_a_forecast_made_earlier_knows_nothing_of_what_followed(simulated, sold):
    panel = simulated(2, 500).panel
    changed = panel.sales.copy()
    changed[400:] = 1e6
    one, other = panel.until(400), sold(panel, changed).until(400)
    np.testing.assert_array_equal(totals(one), totals(other))


def test_no_origin_of_the_backtest_looks_ahead(simulated, sold):
    panel = simulated(10, 600).panel
    design = build_design(panel, 28)
    changed = panel.sales.copy()
    changed[500:] *= 3

    def told(stage: str, done: int, total: int) -> None:
        del stage, done, total

    one = fit_panel(panel, design, 28, told)[0].origins
    other = fit_panel(sold(panel, changed), design, 28, told)[0].origins
    early = [at for at, origin in enumerate(one) if origin.cutoff <= 500]
    assert len(early) > 3
    for at in early:
        np.testing.assert_array_equal(one[at].forecasts, other[at].forecasts)


# ---------------------------------------------------------------- what is known ahead


def test_closed_days_are_exactly_zero(simulated):
    open_ = np.ones((SHORT + 120, 2))
    open_[6::7, 0] = 0.0
    open_[SHORT + 3 : SHORT + 12, 1] = 0.0
    panel = simulated(2, SHORT, open_=open_).panel
    values = forecast(panel, horizon=30, n_paths=50).values
    closed = open_[SHORT : SHORT + 30] == 0
    assert (values[:, closed] == 0).all()
    assert (np.median(values[:, ~closed], axis=0) > 0).all()


def test_a_planned_promotion_brings_what_promotions_brought(simulated):
    rng = np.random.default_rng(5)
    promo = (rng.random((620, 4)) < 0.25).astype(float)
    quiet, busy = promo.copy(), promo.copy()
    quiet[500:], busy[500:] = 0.0, 1.0
    base = simulated(4, 500, effect=promo * np.log(1.5), known={"promo": quiet}).panel
    without = middle(base).sum()
    with_ = middle(replace(base, known={"promo": busy})).sum()
    assert with_ / without == pytest.approx(1.5, rel=0.06)


def test_plans_that_end_early_are_taken_as_usual(simulated, sound):
    promo = (np.random.default_rng(1).random((SHORT + 10, 2)) < 0.3).astype(float)
    panel = simulated(2, SHORT, ahead=10, known={"promo": promo}).panel
    sound(forecast(panel, horizon=60, n_paths=30), panel, 60, 30)


def test_two_copies_of_a_plan_are_one_plan(simulated):
    promo = (np.random.default_rng(1).random((520, 3)) < 0.3).astype(float)
    one = simulated(3, 400, effect=promo * 0.5, known={"promo": promo}).panel
    twice = replace(one, known={"promo": promo, "copy": promo.copy(), "sum": promo * 2 + 1})
    np.testing.assert_allclose(middle(twice), middle(one), rtol=0.03)


def test_a_festival_is_learnt_and_falls_where_the_moon_puts_it(simulated):
    """Sales triple in the week of 春节, which lies eighteen days later the next year."""
    calendar = load_calendar("CN")
    dates = pd.date_range("2022-01-03", periods=790 + 60)
    week = np.zeros(len(dates))
    for eve in ("2022-01-31", "2023-01-21", "2024-02-09"):
        first = dates.get_loc(pd.Timestamp(eve))
        week[first : first + 7] = np.log(3.0)
    n = int(dates.get_loc(pd.Timestamp("2024-01-15")))
    shop = simulated(
        12,
        n,
        ahead=len(dates) - n,
        calendar=calendar,
        effect=np.tile(week[:, None], (1, 12)),
        year=0.0,
        noise=0.1,
    )
    paths = forecast(shop.panel, horizon=40, n_paths=100)
    day = np.median(paths.values, axis=0).sum(axis=1)
    festival = (paths.dates >= "2024-02-09") & (paths.dates <= "2024-02-15")
    ordinary = paths.dates < "2024-01-29"
    assert 2.0 < day[festival].mean() / day[ordinary].mean() < 4.0


# ---------------------------------------------------------------- awkward shops


def awkward(kind, panel):
    """Sales of the last unit as they come in life."""
    sales, n = panel.sales.copy(), len(panel.dates)
    last = sales[:, -1]
    match kind:
        case "new":
            last[: n - 30] = np.nan
        case "new this week":
            last[: n - 5] = np.nan
        case "stopped":
            last[n - 40 :] = 0.0
        case "stopped reporting":
            last[n - 40 :] = np.nan
        case "all zero":
            last[:] = 0.0
        case "never seen":
            last[:] = np.nan
        case "constant":
            last[:] = 42.0
        case "refunds only":
            last[:] = -5.0
        case "now and then":
            last[np.arange(n) % 23 != 0] = 0.0
        case "giant order":
            last[n // 2] *= 1e4
        case "giant order yesterday":
            last[-1] *= 1e4
        case "holes":
            last[np.random.default_rng(0).random(n) < 0.4] = np.nan
        case "tiny":
            last *= 1e-9
        case "huge":
            last *= 1e12
    return sales


KINDS = [
    "new",
    "new this week",
    "stopped",
    "stopped reporting",
    "all zero",
    "never seen",
    "constant",
    "refunds only",
    "now and then",
    "giant order",
    "giant order yesterday",
    "holes",
    "tiny",
    "huge",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n_units", "n_dates"), [(1, SHORT), (3, SHORT), (3, 460)])
def test_awkward_units_give_sound_paths(simulated, sold, sound, kind, n_units, n_dates):
    panel = simulated(n_units, n_dates).panel
    panel = sold(panel, awkward(kind, panel))
    sound(forecast(panel, horizon=30, n_paths=50), panel, 30, 50)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if kind != "huge"],
)
def test_awkward_siblings_leave_the_others_alone(simulated, sold, kind):
    panel = simulated(4, 400).panel
    usual = middle(panel)[:3]
    beside = middle(sold(panel, awkward(kind, panel)))[:3]
    np.testing.assert_allclose(beside, usual, rtol=0.15)


def test_a_unit_that_never_sold_is_forecast_to_sell_nothing(simulated, sold):
    panel = simulated(3, 400).panel
    assert middle(sold(panel, awkward("all zero", panel))).iloc[2] == 0.0


def test_a_unit_that_stopped_is_forecast_near_nothing(simulated, sold):
    panel = simulated(3, 460).panel
    usual = middle(panel).iloc[2]
    assert middle(sold(panel, awkward("stopped", panel))).iloc[2] < 0.25 * usual


def test_constant_sales_go_on(simulated, sold):
    panel = simulated(1, 400).panel
    total = totals(sold(panel, awkward("constant", panel)))["u0"]
    assert total.median() == pytest.approx(42 * 28, rel=0.01)
    low, high = np.quantile(total, [0.1, 0.9])
    assert high / low < 1.1


@pytest.mark.parametrize("when", ["giant order", "giant order yesterday"])
def test_one_giant_order_is_no_new_level(simulated, sold, when):
    panel = simulated(3, 500).panel
    usual = middle(panel).iloc[2]
    giant = awkward(when, panel)
    assert middle(sold(panel, giant)).iloc[2] < 1.3 * usual


def test_a_new_shop_is_forecast_at_its_own_level(simulated, sold):
    panel = simulated(6, 700, walk=0.0, noise=0.1).panel
    later = middle(sold(panel, awkward("new", panel))).iloc[5]
    assert later == pytest.approx(middle(panel).iloc[5], rel=0.2)
