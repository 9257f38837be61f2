"""How a week's total falls on its days."""

import numpy as np
import pytest

from workbench.forecast.design import build_design
from workbench.forecast.shape import day_shape


def shapes(panel, exposure, block=7):
    return day_shape(panel, build_design(panel, len(exposure)), exposure, block)


def dirichlet(simulated, sold, concentration, weeks=120, open_days=7):
    """A panel whose weekly shares are Dirichlet draws around fixed weekday shares."""
    rng = np.random.default_rng(2)
    mean = np.array([1.0, 0.8, 0.9, 1.0, 1.2, 1.6, 1.5])
    mean[open_days:] = 0.0
    mean /= mean.sum()
    open_ = np.tile((mean > 0).astype(float), weeks + 20)[:, None]
    panel = simulated(1, weeks * 7, open_=open_, ahead=140).panel
    shares = np.zeros((weeks, 7))
    shares[:, mean > 0] = rng.dirichlet(concentration * mean[mean > 0], weeks)
    level = rng.uniform(500, 1500, weeks)
    return sold(panel, (shares * level[:, None]).reshape(-1, 1)), mean


def test_shares_of_every_week_add_up_to_one(simulated):
    panel = simulated(2, 300).panel
    exposure = np.random.default_rng(0).uniform(0.5, 2.0, (24, 2))
    shape, _ = shapes(panel, exposure)
    sums = np.add.reduceat(shape, [0, 7, 14, 21], axis=0)
    np.testing.assert_allclose(sums, 1.0)
    np.testing.assert_allclose(shape[0] / shape[1], exposure[0] / exposure[1])


def test_closed_days_have_no_share_and_a_closed_week_none_at_all(simulated):
    panel = simulated(1, 300).panel
    exposure = np.ones((21, 1))
    exposure[[2, *range(7, 14)]] = 0.0
    shape, _ = shapes(panel, exposure)
    assert shape[2] == 0
    assert shape[:7].sum() == pytest.approx(1.0)
    assert (shape[7:14] == 0).all()


@pytest.mark.parametrize("concentration", [4.0, 30.0, 400.0])
@pytest.mark.parametrize("open_days", [7, 5])
def test_how_far_days_stray_is_recovered(simulated, sold, concentration, open_days):
    panel, mean = dirichlet(simulated, sold, concentration, open_days=open_days)
    exposure = np.tile(mean, 4)[:, None]
    _, spread = shapes(panel, exposure)
    assert spread[0] == pytest.approx(concentration, rel=0.3)


def test_weeks_and_months_have_nothing_to_spread(simulated):
    panel = simulated(2, 60, frequency="W").panel
    shape, spread = shapes(panel, np.array([[1.0, 2.0], [0.0, 1.0]]), block=1)
    assert shape.tolist() == [[1.0, 1.0], [0.0, 1.0]]
    assert np.isinf(spread).all()


@pytest.mark.parametrize("fill", [0.0, np.nan, 5.0])
def test_silent_and_constant_units_have_a_finite_spread(simulated, sold, fill):
    panel = simulated(2, 300).panel
    sales = panel.sales.copy()
    sales[:, 1] = fill
    _, spread = shapes(sold(panel, sales), np.ones((14, 2)))
    assert np.isfinite(spread).all()
    assert (spread > 0).all()
