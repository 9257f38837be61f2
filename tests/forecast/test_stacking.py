"""Weights by how candidates err together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from workbench.forecast.stacking import PULL, least_variance, stacked_weights


def test_two_independent_candidates_by_hand():
    """Variances 9 and 2: weights 2/11 and 9/11."""
    weights = least_variance(np.diag([9.0, 2.0]), np.array([0.7, 0.3]), 0.0)
    assert weights == pytest.approx([2 / 11, 9 / 11], abs=1e-6)


def test_two_correlated_candidates_by_hand():
    """w₁ = (σ₂² − σ₁₂) ÷ (σ₁² + σ₂² − 2σ₁₂) = (5 − 1.5) ÷ (2 + 5 − 3)."""
    covariance = np.array([[2.0, 1.5], [1.5, 5.0]])
    assert least_variance(covariance, np.full(2, 0.5), 0.0) == pytest.approx(
        [0.875, 0.125], abs=1e-6
    )


def test_a_candidate_that_would_weigh_less_than_nothing_weighs_nothing():
    """The second errs as the first does, only more."""
    covariance = np.array([[1.0, 2.0], [2.0, 4.5]])
    assert least_variance(covariance, np.full(2, 0.5), 0.0) == pytest.approx([1.0, 0.0], abs=1e-6)


@given(
    hnp.arrays(float, (9, 4), elements=st.floats(-3, 3)),
    hnp.arrays(float, 4, elements=st.floats(0.05, 1.0)),
    st.floats(0.01, 10.0),
)
def test_no_other_weights_have_a_lower_cost(errors, prior, pull):
    covariance = errors.T @ errors / len(errors) + 1e-3 * np.eye(4)
    prior = prior / prior.sum()
    size = np.trace(covariance) / 4

    def cost(weights):
        return (
            weights @ covariance @ weights / size
            + pull / 4 * ((weights - prior) ** 2 / prior).sum()
        )

    ours = least_variance(covariance, prior, pull)
    reference = minimize(
        cost,
        prior,
        bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-12},
    )
    assert ours.sum() == pytest.approx(1.0)
    assert (ours >= 0).all()
    assert cost(ours) <= reference.fun + 1e-4 * max(1.0, reference.fun)


def twins(n_origins=40, n_units=30):
    """Two candidates that err alike and one that errs by itself, all equally large."""
    rng = np.random.default_rng(3)
    alike = rng.normal(0, 0.1, (n_origins, n_units))
    alone = rng.normal(0, 0.1, (n_origins, n_units))
    return np.stack([alike, alike, alone], axis=1)


def test_candidates_that_say_the_same_share_one_voice():
    apart = np.full((3, 30), 1 / 3)
    weights = stacked_weights(twins(), apart, np.ones(40), 1e6)
    pull = PULL / 30
    # Twins of weight w each beside a third of 1 − 2w: the least cost on a fine grid.
    grid = np.linspace(0, 0.5, 50_001)
    cost = 4 * grid**2 + (1 - 2 * grid) ** 2
    cost += pull * (2 * (grid - 1 / 3) ** 2 + (2 / 3 - 2 * grid) ** 2)
    assert weights[0, 0] == pytest.approx(grid[cost.argmin()], abs=0.02)
    assert weights[2, 0] > 0.45


def test_little_evidence_leaves_the_weights_as_they_were():
    apart = np.tile([[0.5], [0.3], [0.2]], (1, 2))
    errors = twins(3, 2)
    moved = stacked_weights(errors, apart, np.ones(3), 1.0)
    settled = stacked_weights(twins(400, 200), np.tile(apart[:, :1], (1, 200)), np.ones(400), 400.0)
    assert np.abs(moved - apart).max() < np.abs(settled[:, :2] - apart).max()


def test_units_keep_what_sets_them_apart():
    apart = np.tile([[0.3], [0.3], [0.4]], (1, 30))
    apart[:, 7] = [0.1, 0.5, 0.4]
    weights = stacked_weights(twins(), apart, np.ones(40), 10.0)
    ratio = (weights[1] / weights[0]) / (apart[1] / apart[0])
    np.testing.assert_allclose(ratio, ratio[0])


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 4)),
        elements=st.one_of(st.floats(-2, 2), st.just(np.nan)),
    ),
    st.floats(0.5, 20),
)
def test_weights_add_up_to_one_whatever_is_silent(errors, independent):
    apart = np.full(errors.shape[1:], 1.0 / errors.shape[1])
    weights = stacked_weights(errors, apart, np.linspace(0.5, 1.0, len(errors)), independent)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0)
    assert (weights >= 0).all()


def test_errors_in_another_currency_weigh_the_same():
    apart = np.full((3, 30), 1 / 3)
    one = stacked_weights(twins(), apart, np.ones(40), 5.0)
    np.testing.assert_allclose(stacked_weights(3.7 * twins(), apart, np.ones(40), 5.0), one)


def test_nothing_tested_nothing_moved():
    apart = np.full((3, 2), 1 / 3)
    silent = np.full((4, 3, 2), np.nan)
    np.testing.assert_array_equal(stacked_weights(silent, apart, np.ones(4), 3.0), apart)
