"""How the combined forecast missed."""

import numpy as np
import pytest

from workbench.forecast.replay import Origin
from workbench.forecast.residuals import LEAN, past_residuals


def origins(ratio, n=5, blocks=3, candidates=2, horizon=21, step=21):
    """Origins whose candidates all say 100 a block; actual = 100 × ``ratio`` (n, blocks, units)."""
    ratio = np.broadcast_to(ratio, (n, blocks, np.shape(ratio)[-1]))
    units = ratio.shape[-1]
    return [
        Origin(
            cutoff=100 + step * at,
            forecasts=np.full((candidates, blocks, units), 100.0),
            actual=100.0 * ratio[at],
            covered=np.ones((blocks, units)),
            exposure=np.ones((horizon, units)),
            typical=np.full(units, 100.0),
            unseen=np.zeros(blocks),
        )
        for at in range(n)
    ]


def errors(past, importance=None):
    n = len(past)
    importance = np.ones(n) if importance is None else importance
    return past_residuals(
        past, importance, horizon=21, independent=float(n), known=10_000, unseen=np.zeros(3)
    )


def test_a_forecast_that_came_true_has_no_error():
    found = errors(origins(np.ones((5, 3, 2))))
    for part in (found.blocks, found.totals, found.company, found.company_totals):
        np.testing.assert_allclose(part, 0.0, atol=1e-12)


def test_errors_by_hand():
    ratio = np.ones((5, 3, 2))
    ratio[2, :, 0] = 1.3
    ratio[2, :, 1] = 0.6
    found = errors(origins(ratio))
    up = np.log((130 + LEAN * 100) / (100 + LEAN * 100))
    down = np.log((60 + LEAN * 100) / (100 + LEAN * 100))
    np.testing.assert_allclose(found.blocks[2], np.tile([up, down], (3, 1)), rtol=1e-9)
    np.testing.assert_allclose(found.totals[2], [up, down], rtol=1e-9)
    both = np.log((190 + LEAN * 200) / (200 + LEAN * 200))
    np.testing.assert_allclose(found.company[2], both, rtol=1e-9)


def test_an_empty_week_has_a_finite_error():
    ratio = np.ones((5, 3, 1))
    ratio[1] = 0.0
    assert np.isfinite(errors(origins(ratio)).blocks).all()


def test_a_total_may_miss_nothing_while_its_weeks_do():
    ratio = np.ones((5, 2, 1))
    ratio[3] = [[1.5], [0.5]]
    found = errors(origins(ratio, blocks=2, horizon=14))
    assert found.totals[3, 0] == pytest.approx(0.0, abs=1e-9)
    assert found.blocks[3, 0, 0] > 0.2 > found.blocks[3, 1, 0]


def test_the_origin_itself_does_not_choose_its_weights():
    """Two candidates; at one origin the usually bad one is right: its error must show."""
    past = origins(np.ones((6, 3, 1)), n=6)
    for origin in past:
        origin.forecasts[1] *= 1.5
    past[3].actual[:] = 150.0
    found = errors(past)
    assert found.totals[3, 0] > 0.25
    assert np.abs(np.delete(found.totals, 3)).max() < 0.1


def test_weeks_not_known_take_the_error_of_the_known_ones():
    past = origins(np.full((5, 3, 1), 1.2))
    past[4].covered[1:] = 0.0
    past[4].actual[1:] = np.nan
    found = errors(past)
    np.testing.assert_allclose(found.blocks[4], found.blocks[0], rtol=1e-9)


def test_a_unit_not_known_at_an_origin_has_no_total_there():
    past = origins(np.ones((5, 3, 2)))
    past[0].covered[:, 1] = 0.0
    past[0].actual[:, 1] = np.nan
    found = errors(past)
    assert np.isnan(found.totals[0, 1])
    assert np.isfinite(found.totals[1:]).all()
    assert np.isfinite(found.blocks).all()
