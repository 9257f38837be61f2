"""The score of a whole distribution."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.errors import DataError
from workbench.score.crps import crps_sample

MONEY = st.floats(-1e6, 1e6, allow_nan=False)


def by_definition(outcome: float, draws: np.ndarray) -> float:
    """The integral of (F(x) − 1{x ≥ y})² over x, piece by piece."""
    knots = np.sort(np.append(draws, outcome))
    below = np.array([(draws <= at).mean() for at in knots[:-1]])
    return float((((below - (knots[:-1] >= outcome)) ** 2) * np.diff(knots)).sum())


def test_worked_by_hand() -> None:
    # |x − y|: 47.3, 11.1, 0.8, 88.5 → mean 36.925; all pairs: 36.2 + 46.5 + 135.8 + 10.3 + 99.6
    # + 89.3 = 417.7, ÷ 4² = 26.10625.
    draws = [412.7, 448.9, 459.2, 548.5]
    assert crps_sample(460.0, draws) == pytest.approx(36.925 - 26.10625)


@given(arrays(float, st.integers(1, 12), elements=MONEY), MONEY)
def test_is_the_integral_that_defines_it(draws: np.ndarray, outcome: float) -> None:
    assert crps_sample(outcome, draws) == pytest.approx(by_definition(outcome, draws), abs=1e-6)


@given(arrays(float, (7, 3), elements=MONEY), arrays(float, 3, elements=MONEY))
def test_shift_scale_and_order_do_what_they_should(draws: np.ndarray, outcome: np.ndarray) -> None:
    score = crps_sample(outcome, draws)
    assert (score >= 0).all()
    assert (score <= np.abs(draws - outcome).mean(axis=0) + 1e-6).all()
    np.testing.assert_allclose(crps_sample(outcome + 9.5, draws + 9.5), score, atol=1e-6)
    np.testing.assert_allclose(crps_sample(-2 * outcome, -2 * draws), 2 * score, atol=1e-6)
    np.testing.assert_array_equal(crps_sample(outcome, draws[::-1]), score)


def test_agrees_with_scoringrules_along_any_axis() -> None:
    rng = np.random.default_rng(3)
    draws, outcome = rng.gamma(2.0, 50.0, (4, 250, 3)), rng.gamma(2.0, 50.0, (4, 3))
    expected = scoringrules.crps_ensemble(outcome, draws, m_axis=1, estimator="nrg")
    np.testing.assert_allclose(crps_sample(outcome, draws, axis=1), expected, rtol=1e-10)
    turned = np.moveaxis(draws, 1, -1)
    np.testing.assert_array_equal(
        crps_sample(outcome, turned, axis=-1), crps_sample(outcome, draws, axis=1)
    )


def test_normal_draws_approach_the_normal_score() -> None:
    draws = np.random.default_rng(5).normal(100.0, 20.0, 200_000)
    assert crps_sample(117.0, draws) == pytest.approx(
        scoringrules.crps_normal(117.0, 100.0, 20.0), rel=0.01
    )


def test_one_draw_scores_its_absolute_error_and_nan_stays_nan() -> None:
    np.testing.assert_array_equal(
        crps_sample([7.0, np.nan, 7.0], [[4.0, 4.0, np.nan]]), [3.0, np.nan, np.nan]
    )


def test_large_totals_lose_no_precision_and_inputs_stay_as_they_were() -> None:
    draws = np.array([3.0, 1.0, 2.0]) + 1e12
    before = draws.copy()
    assert crps_sample(1e12 + 2.0, draws) == pytest.approx(2 / 3 - 4 / 9)
    np.testing.assert_array_equal(draws, before)


def test_single_precision_and_whole_numbers_are_taken() -> None:
    assert crps_sample(3, np.array([1, 2, 6])) == pytest.approx(8 / 9)
    assert crps_sample(3, np.array([1, 2, 6], dtype="float32")).dtype == np.float64


@pytest.mark.parametrize(
    ("outcome", "draws", "axis"),
    [
        (np.zeros(3), np.zeros((3, 5)), 0),
        (np.zeros(3), np.zeros((0, 3)), 0),
        (np.zeros(3), np.zeros((5, 3)), 2),
        (0.0, 0.0, 0),
    ],
)
def test_shapes_that_do_not_fit_are_named(outcome: object, draws: object, axis: int) -> None:
    with pytest.raises(DataError, match="do not belong together") as caught:
        crps_sample(outcome, draws, axis=axis)
    assert f"observed {np.shape(outcome)}" in str(caught.value)
    assert "预测与实际结果无法对应" in caught.value.text("zh")
