"""Candidates at a past origin beside what was then sold."""

import numpy as np
import pytest

from workbench.forecast.design import build_design
from workbench.forecast.replay import replay


def at(panel, sales, cutoff, horizon=28):
    design = build_design(panel, horizon)
    made = replay(sales, design, cutoff, horizon, frequency="D", block=7)
    return made.names, made.origin


@pytest.mark.parametrize("factor", [0.0, 50.0])
def test_nothing_after_the_cutoff_is_looked_at(simulated, factor):
    known = {"promo": (np.random.default_rng(1).random((620, 3)) < 0.2).astype(float)}
    panel = simulated(3, 500, known=known).panel
    changed = panel.sales.copy()
    changed[420:] *= factor
    names, origin = at(panel, panel.sales, 420)
    same_names, other = at(panel, changed, 420)
    assert names == same_names
    np.testing.assert_array_equal(origin.forecasts, other.forecasts)
    np.testing.assert_array_equal(origin.exposure, other.exposure)
    np.testing.assert_array_equal(origin.typical, other.typical)
    assert not np.allclose(origin.actual, other.actual)


def test_what_was_sold_is_summed_by_weeks(simulated):
    panel = simulated(2, 200).panel
    _, origin = at(panel, panel.sales, 150, horizon=17)
    expected = [panel.sales[150:157], panel.sales[157:164], panel.sales[164:167]]
    np.testing.assert_allclose(origin.actual, [part.sum(axis=0) for part in expected])
    np.testing.assert_array_equal(origin.covered, 1.0)


def test_days_not_known_are_not_counted_against_the_forecast(simulated):
    panel = simulated(2, 200).panel
    sales = panel.sales.copy()
    sales[157:, 1] = np.nan
    _, origin = at(panel, sales, 150, horizon=21)
    assert origin.covered[:, 0].tolist() == [1.0, 1.0, 1.0]
    assert origin.covered[:, 1].tolist() == [1.0, 0.0, 0.0]
    assert np.isnan(origin.actual[1:, 1]).all()
    assert np.isfinite(origin.forecasts[:, :, 0]).any(axis=0).all()


def test_past_the_end_of_the_history_nothing_is_covered(simulated):
    panel = simulated(2, 200).panel
    _, origin = at(panel, panel.sales, 190, horizon=28)
    assert 0 < origin.covered[1, 0] < 1  # three days of the second week
    assert (origin.covered[2:] == 0).all()


def test_closed_weeks_are_forecast_as_nothing(simulated):
    open_ = np.ones((320, 2))
    open_[157:171, 0] = 0.0
    panel = simulated(2, 200, open_=open_).panel
    _, origin = at(panel, panel.sales, 150, horizon=21)
    spoken = origin.forecasts[np.isfinite(origin.forecasts).all(axis=(1, 2))]
    assert (spoken[:, [1, 2], 0] == 0).all()
    assert (spoken[:, 0, 0] > 0).all()
    assert (spoken[:, :, 1] > 0).all()


def test_candidates_stand_under_their_own_names_whatever_others_could_say(simulated):
    panel = simulated(2, 200).panel
    names, origin = at(panel, panel.sales, 150)
    wanted = ("new", *reversed(names))
    placed = origin.placed(names, wanted)
    assert np.isnan(placed.forecasts[0]).all()
    np.testing.assert_array_equal(placed.forecasts[1:][::-1], origin.forecasts)
    assert origin.placed(names, names) is origin
