"""What comes back later comes back once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.campaign.delays import after_days, by_chance, over_window

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=6)


def cells(counts):
    return np.array(counts, dtype=float)[:, None, None]


@given(COUNTS, st.integers(0, 99))
def test_after_days_returns_everything(counts, seed):
    shares = [np.array([[0.5]]), np.array([[0.3]]), np.array([[0.2]])]
    back = after_days(np.random.default_rng(seed), cells(counts), shares)
    assert back.sum() == sum(counts)
    assert (np.cumsum(back[: len(counts), 0, 0]) <= np.cumsum(counts)).all()


@given(COUNTS, st.integers(0, 99), st.integers(6, 20))
def test_by_chance_returns_no_more_than_came_and_not_on_the_same_day(counts, seed, n_days):
    back = by_chance(np.random.default_rng(seed), cells(counts), np.array([[0.4]]), n_days)[:, 0, 0]
    came = np.pad(counts, (0, n_days - len(counts)))
    assert (np.cumsum(back)[1:] <= np.cumsum(came)[:-1]).all()
    assert back[0] == 0


def test_by_chance_waits_as_long_as_it_says():
    back = by_chance(np.random.default_rng(0), cells([200_000]), np.array([[0.2]]), 80)[:, 0, 0]
    assert float((back * np.arange(80)).sum() / back.sum()) == pytest.approx(5.0, abs=0.05)


def test_by_chance_spreads_over_days_as_a_geometric_wait_does():
    came, daily = np.full((1, 20_000, 1), 30.0), np.full((20_000, 1), 0.2)
    back = by_chance(np.random.default_rng(3), came, daily, 12)[:, :, 0]
    law = stats.binom(30, 0.2 * 0.8 ** np.arange(11))
    assert back[1:].mean(axis=1) == pytest.approx(law.mean(), rel=0.02)
    assert back[1:].var(axis=1) == pytest.approx(law.var(), rel=0.05)
    share = 0.2 * 0.8 ** np.array([2, 5])
    apart = -np.sqrt(np.prod(share / (1 - share)))
    assert np.corrcoef(back[3], back[6])[0, 1] == pytest.approx(apart, abs=0.03)


def test_over_window_counts_everybody_for_so_many_days():
    inside = over_window(cells([3, 0, 2]), 4, 20)[:, 0, 0]
    assert inside.tolist()[:8] == [0, 3, 3, 5, 5, 2, 2, 0]
    assert inside.sum() == 5 * 4
