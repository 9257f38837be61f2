"""Boosted trees as a member."""

import numpy as np
import pytest

from workbench.forecast.boosting import LARGEST_RATIO, NAME, boosting_rates, lay_blocks
from workbench.forecast.candidates import History
from workbench.forecast.design import build_design


def told(panel, n_steps=56, cutoff=None, sales=None):
    cutoff = len(panel.dates) if cutoff is None else cutoff
    design = build_design(panel, n_steps)
    exposure = design.base[: cutoff + n_steps]
    history = History.at(panel.sales if sales is None else sales, exposure, cutoff, 7)
    return boosting_rates(history, exposure, design, "D"), history, exposure, design


def test_what_two_plans_bring_only_together_is_learnt(simulated):
    """No sum of effects says this, and the exposure here knows of none."""
    weeks = 150
    rng = np.random.default_rng(2)
    plans = {
        name: np.repeat(np.repeat(rng.random(weeks + 8) < 0.5, 7)[:, None], 8, axis=1).astype(float)
        for name in ("promo", "deal")
    }
    panel = simulated(8, weeks * 7, known=plans, noise=0.05, walk=0.0).panel
    both = plans["promo"] * plans["deal"]
    design = build_design(panel, 56)
    sales = panel.sales * np.exp(0.6 * both[: weeks * 7])
    history = History.at(sales, design.base, weeks * 7, 7)
    rates = boosting_rates(history, design.base, design, "D")[NAME]
    promo, deal = (plans[name][weeks * 7 :: 7, 0] > 0 for name in ("promo", "deal"))
    assert (promo & deal).any()
    assert (promo ^ deal).any()
    gained = rates[promo & deal].mean() - rates[promo ^ deal].mean()
    assert gained == pytest.approx(0.6, abs=0.15)


def test_nothing_after_the_cutoff_is_seen(simulated):
    panel = simulated(6, 700).panel
    changed = panel.sales.copy()
    changed[500:] = 1e6
    one, *_ = told(panel, cutoff=500)
    other, *_ = told(panel, cutoff=500, sales=changed)
    np.testing.assert_array_equal(one[NAME], other[NAME])


def test_units_in_another_order_are_told_the_same(simulated):
    panel = simulated(6, 600).panel
    one, *_ = told(panel)
    turned, *_ = told(panel.only(panel.units[::-1]))
    np.testing.assert_allclose(turned[NAME][:, ::-1], one[NAME], rtol=1e-9)


def test_a_short_history_teaches_nothing(simulated):
    rates, *_ = told(simulated(1, 200).panel)
    assert rates == {}


def test_a_forecast_stays_within_reach_of_the_recent_level(simulated):
    rates, history, *_ = told(simulated(6, 600).panel)
    level = history.recent(8)
    assert (np.abs(rates[NAME] - level) <= np.log(LARGEST_RATIO) + 1e-9).all()


def test_running_sums_by_hand(simulated):
    _, history, exposure, design = told(simulated(2, 30).panel, n_steps=7)
    blocks = lay_blocks(history, exposure, design, 52)
    assert blocks.n_past == 4  # thirty days are four weeks, counted from the end, and two days
    sold = history.sold[2:9].sum(axis=0)
    worth = history.worth[2:9].sum(axis=0)
    rate = (sold + 0.5 * blocks.typical) / (worth + 0.5)
    np.testing.assert_allclose(blocks.level(0, 1), np.log(rate))
    assert np.isnan(blocks.level(-1, 1)).all()
