"""How many promoters meet their task, beside orders shared out one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.campaign.tasks import meeting


def shared_out(promoters, orders, shape, task, own, n_paths=3000):
    """Talents, then each order to somebody: how many have so many."""
    rng = np.random.default_rng(7)
    talent = rng.gamma(shape, size=(n_paths, promoters))
    orders = rng.multinomial(orders, talent / talent.sum(axis=1, keepdims=True))
    orders = orders + rng.multinomial(own, np.ones(promoters) / promoters, size=n_paths)
    return (orders >= task).sum(axis=1)


@pytest.mark.parametrize(
    ("promoters", "orders", "shape", "task", "own"),
    [
        (11, 20, 0.6, 3, 0),
        (30, 60, 0.64, 3, 13),
        (50, 10, 0.5, 1, 7),
        (400, 700, 0.66, 3, 0),
        (17, 1, 2.0, 1, 0),
        (12, 0, 1.0, 2, 9),
    ],
)
def test_as_many_meet_the_task_as_one_by_one(promoters, orders, shape, task, own):
    theirs = shared_out(promoters, orders, shape, task, own)
    won, people, more = (np.full(3000, float(one)) for one in (orders, promoters, own))
    ours = meeting(np.random.default_rng(0), task, won, people, np.array(shape), more)
    error = np.hypot(theirs.std(), ours.std()) / np.sqrt(3000)
    assert abs(ours.mean() - theirs.mean()) < 4 * error + 0.01 * theirs.mean()
    assert ours.std() == pytest.approx(theirs.std(), rel=0.06, abs=0.05)


def test_three_promoters_by_hand():
    """Of 2 orders among 3 equals with exponential talents, 6 ways alike; in 3 one has both."""
    many = np.ones(40_000)
    met = meeting(np.random.default_rng(2), 1, 2 * many, 3 * many, many)
    assert met.mean() == pytest.approx(1.5, abs=0.02)


@given(
    st.integers(0, 60), st.integers(0, 400), st.floats(0.05, 900), st.integers(1, 30),
    st.integers(0, 90),
)  # fmt: skip
def test_never_more_than_there_are_promoters(promoters, orders, shape, task, own):
    won, people, more = (np.full(20, float(one)) for one in (orders, promoters, own))
    met = meeting(np.random.default_rng(1), task, won, people, np.array(shape), more)
    assert (met >= 0).all()
    assert (met <= promoters).all()
    assert orders + own >= task or not met.any()
    assert (met == np.floor(met)).all()
