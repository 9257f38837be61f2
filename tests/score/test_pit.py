"""Ranks of outcomes among draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from workbench.errors import DataError
from workbench.score.pit import pit, pit_distance

FEW = st.sampled_from([0.0, 10.0, 25.5])


@given(arrays(float, (6, 4), elements=FEW), arrays(float, 4, elements=FEW))
def test_lies_between_the_ranks_its_ties_allow(draws: np.ndarray, outcome: np.ndarray) -> None:
    value = pit(outcome, draws, rng=np.random.default_rng(0))
    assert (value >= (draws < outcome).sum(axis=0) / 7).all()
    assert (value <= ((draws <= outcome).sum(axis=0) + 1) / 7).all()


@pytest.mark.parametrize("n_draws", [1, 4, 99])
def test_even_if_the_outcome_is_one_more_draw_with_many_ties(n_draws: int) -> None:
    rng = np.random.default_rng(11)
    values = rng.poisson(1.3, (n_draws + 1, 20_000)).astype(float)
    ranks = pit(values[0], values[1:], rng=rng)
    assert stats.kstest(ranks, "uniform").pvalue > 0.01


def test_tells_overconfidence_and_low_forecasts_apart() -> None:
    rng = np.random.default_rng(12)
    outcome = rng.normal(0, 1, 4000)
    narrow = pit(outcome, rng.normal(0, 0.4, (200, 4000)), rng=rng)
    assert ((narrow < 0.1) | (narrow > 0.9)).mean() > 0.5
    low = pit(outcome, rng.normal(-1, 1, (200, 4000)), rng=rng)
    assert low.mean() > 0.7


def test_same_seed_same_ranks_along_any_axis_and_nan_stays_nan() -> None:
    draws = np.random.default_rng(1).poisson(2.0, (50, 3)).astype(float)
    outcome = np.array([2.0, np.nan, 4.0])
    one = pit(outcome, draws, rng=np.random.default_rng(9))
    two = pit(outcome, draws.T, rng=np.random.default_rng(9), axis=1)
    np.testing.assert_array_equal(one, two)
    assert np.isnan(one).tolist() == [False, True, False]


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(DataError, match=r"observed \(2,\), draws \(5, 3\) along axis 0"):
        pit(np.zeros(2), np.zeros((5, 3)), rng=np.random.default_rng(0))


def test_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    ranks = np.random.default_rng(5).beta(2, 3, 37)
    expected = stats.kstest(ranks, "uniform").statistic
    assert pit_distance(ranks) == pytest.approx(expected)
    assert pit_distance(np.append(ranks, np.nan)) == pytest.approx(expected)
    assert np.isnan(pit_distance([np.nan]))


@given(arrays(float, 5, elements=st.floats(0, 1)))
def test_distance_lies_between_the_least_possible_and_one(ranks: np.ndarray) -> None:
    assert 1 / 10 - 1e-12 <= pit_distance(ranks) <= 1
