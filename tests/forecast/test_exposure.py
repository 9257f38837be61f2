"""How much of a usual day each step is worth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.calendar.calendar import load_calendar
from workbench.forecast.design import build_design
from workbench.forecast.exposure import fit_effects, local_level


def promo(n: int, units: int, seed: int = 3) -> np.ndarray:
    days = np.random.default_rng(seed).random((n, units)) < 0.2
    return days.astype(float)


def learnt(panel, name, window=63):
    """Log effect of a 0/1 column per unit, in the column's own steps."""
    design = build_design(panel, 30)
    effects = fit_effects(panel.sales, design, window=window)
    at = design.names.index(name)
    row = at - design.shared.shape[1]
    scale = np.ptp(design.own[row], axis=0)
    return effects.coefficients[at] * scale


def test_the_level_around_a_step_by_hand():
    sales = np.array([[6.0], [np.nan], [3.0], [8.0]])
    exposure = np.array([[1.0], [1.0], [0.5], [2.0]])
    # windows of three: 6/1, (6+3)/1.5, (3+8)/2.5, (3+8)/2.5; what was not observed counts nowhere
    expected = [6.0, 6.0, 4.4, 4.4]
    np.testing.assert_allclose(local_level(sales, exposure, 3)[:, 0], expected)


def test_a_closed_step_is_worth_exactly_nothing(simulated):
    open_ = np.ones((520, 2))
    open_[::9, 0] = 0.0
    panel = simulated(2, 400, open_=open_).panel
    design = build_design(panel, 60)
    exposure = fit_effects(panel.sales, design, window=63).exposure(design, slice(0, 460))
    assert ((exposure == 0) == (open_[:460] == 0)).all()


def test_weekdays_are_recovered(simulated):
    panel = simulated(4, 700, noise=0.1).panel
    design = build_design(panel, 30)
    effects = fit_effects(panel.sales, design, window=63)
    truth = np.array([0.0, -0.1, -0.05, 0.0, 0.1, 0.35, 0.3])
    found = effects.coefficients[:7] - effects.coefficients[:7].mean(axis=0)
    assert np.abs(found - (truth - truth.mean())[:, None]).max() < 0.04


def test_a_promotion_is_recovered_per_unit(simulated):
    known = {"promo": promo(820, 5)}
    truth = np.array([0.1, 0.3, 0.5, 0.2, 0.4])
    panel = simulated(5, 700, known=known, effect=known["promo"] * truth).panel
    assert np.abs(learnt(panel, "promo") - truth).max() < 0.06


def test_two_copies_of_a_column_share_its_effect(simulated):
    one = promo(820, 3)
    known = {"promo": one, "copy": one.copy()}
    panel = simulated(3, 700, known=known, effect=one * 0.4).panel
    together = learnt(panel, "promo") + learnt(panel, "copy")
    assert np.abs(together - 0.4).max() < 0.06


def test_one_shop_believes_what_its_siblings_saw(simulated):
    """A shop whose promotions all fell on quiet days by bad luck leans on the others."""
    known = {"promo": promo(820, 20)}
    known["promo"][:, 0] = 0.0
    known["promo"][[100, 400], 0] = 1.0
    effect = known["promo"] * 0.4
    effect[:, 0] = 0.0
    panel = simulated(20, 700, known=known, effect=effect, noise=0.4).panel
    found = learnt(panel, "promo")
    assert 0.15 < found[0] < 0.45
    assert np.abs(found[1:] - 0.4).max() < 0.12


def test_a_festival_seen_by_many_is_learnt(simulated):
    calendar = load_calendar("CN")
    dates = pd.date_range("2022-01-03", periods=920)
    peak = np.isin(dates.strftime("%m-%d"), ["11-11"]).astype(float)
    shop = simulated(12, 800, calendar=calendar, effect=np.tile(peak[:, None], (1, 12)))
    design = build_design(shop.panel, 60)
    effects = fit_effects(shop.panel.sales, design, window=63)
    worth = effects.exposure(design, slice(0, 800)).mean(axis=1)
    day = dates.get_loc(pd.Timestamp("2023-11-11"))
    usual = np.mean([worth[day - 14], worth[day + 14]])
    assert 1.8 < worth[day] / usual < 3.2  # e = 2.7


@settings(max_examples=8, deadline=None)
@given(factor=st.floats(1e-4, 1e6))
def test_money_in_another_unit_changes_no_effect(simulated, factor):
    panel = simulated(3, 200, known={"promo": promo(320, 3)}).panel
    design = build_design(panel, 30)
    one = fit_effects(panel.sales, design, window=63).coefficients
    other = fit_effects(panel.sales * factor, design, window=63).coefficients
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_unseen_sales_say_nothing(simulated, sold):
    panel = simulated(3, 300, known={"promo": promo(420, 3)}).panel
    design = build_design(panel, 30)
    hidden = panel.sales.copy()
    hidden[200:, 2] = np.nan
    one = fit_effects(hidden, design, window=63)
    assert np.isfinite(one.coefficients).all()
    assert np.isfinite(one.log_exposure(design, slice(0, 330))).all()


@pytest.mark.parametrize("fill", [0.0, np.nan])
def test_a_unit_without_sales_leaves_the_others_alone(simulated, fill):
    panel = simulated(6, 400, known={"promo": promo(520, 6)}).panel
    design = build_design(panel, 30)
    sales = panel.sales.copy()
    sales[:, 5] = fill
    effects = fit_effects(sales, design, window=63)
    alone = fit_effects(panel.sales, design, window=63)
    assert np.isfinite(effects.coefficients).all()
    assert np.abs(effects.coefficients[:, :5] - alone.coefficients[:, :5]).max() < 0.1


def test_later_sales_change_no_effect(simulated):
    panel = simulated(3, 500).panel
    design = build_design(panel, 30)
    one = fit_effects(panel.sales[:400], design, window=63)
    changed = panel.sales.copy()
    changed[400:] *= 7
    other = fit_effects(changed[:400], design, window=63)
    np.testing.assert_array_equal(one.coefficients, other.coefficients)
