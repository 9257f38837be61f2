"""How many times as many contacts employees make: right on average, and as unsure as it is."""

import numpy as np
import pytest
from scipy import stats

from workbench.campaign.pooling import LEVELS
from workbench.campaign.promoter_effort import Drive, pooled_effort

PRIOR = {"prior": (np.log(1.7), 0.5), "between": 0.3}
SHAPE = 0.55


def drives(rng, ratio, n_employees=6, n_drives=5):
    """Employees who sell so many times a customer's 1.4 orders, as unequal as promoters are."""
    return [
        Drive(np.log(0.7), 0.12, rng.poisson(rng.gamma(SHAPE, 1.4 * ratio / SHAPE, n_employees)),
              np.full(n_employees, 2.0))
        for _ in range(n_drives)
    ]  # fmt: skip


def at(found, level):
    return float(np.exp(np.interp(level, LEVELS, found)))


@pytest.mark.parametrize("ratio", [1.2, 2.5, 4.0])
def test_few_unequal_employees_are_not_taken_too_low(ratio):
    """30 employees: the middle lies between truth and prior, and the band holds the truth."""
    rng = np.random.default_rng(11)
    found = [pooled_effort(drives(rng, ratio), SHAPE, False, **PRIOR) for _ in range(60)]
    middle = np.log(np.median([at(one, 0.5) for one in found]))
    # a quarter of the way to the prior at most; before, with normal errors, 2.5 came out as 2.1
    low, high = sorted((np.log(ratio), 0.75 * np.log(ratio) + 0.25 * np.log(1.7)))
    assert low - 0.06 < middle < high + 0.06
    assert np.mean([at(one, 0.1) <= ratio <= at(one, 0.9) for one in found]) > 0.8


def test_one_drive_without_a_spread_is_the_posterior_by_hand():
    """Prior normal, likelihood Poisson: the same by plain integration."""
    orders = np.array([3.0, 0.0, 5.0, 1.0])
    one = Drive(0.2, 0.001, orders, np.full(4, 1.5))
    found = pooled_effort([one], 1e6, False, prior=(0.3, 0.6), between=1e-6)
    x = np.linspace(-4, 4, 4001)
    log = stats.norm(0.3, 0.6).logpdf(x)
    log += orders.sum() * x - 4 * 1.5 * np.exp(0.2 + x)
    below = np.cumsum(np.exp(log - log.max()))
    wanted = np.interp([0.1, 0.5, 0.9], below / below[-1], x)
    assert np.interp([0.1, 0.5, 0.9], LEVELS, found) == pytest.approx(wanted, abs=0.02)


def test_more_drives_make_it_surer_and_an_unsure_customers_level_less_sure():
    rng = np.random.default_rng(3)
    few, many = (
        pooled_effort(drives(rng, 2.5, n_drives=n), SHAPE, False, **PRIOR) for n in (2, 40)
    )
    assert np.ptp(many) < np.ptp(few)
    same = drives(np.random.default_rng(4), 2.5)
    vague = [Drive(one.level, 0.8, one.orders, one.exposure) for one in same]
    sure, unsure = (pooled_effort(some, SHAPE, False, **PRIOR) for some in (same, vague))
    assert at(unsure, 0.9) / at(unsure, 0.1) > at(sure, 0.9) / at(sure, 0.1)
