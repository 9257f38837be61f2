"""Quantiles and intervals."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.errors import DataError
from workbench.score.crps import crps_sample
from workbench.score.quantile import coverage, interval_score, pinball, wql

MONEY = st.floats(-1e6, 1e6, allow_nan=False)


def test_pinball_worked_by_hand() -> None:
    # 0.37 × (812.4 − 640.9) = 63.455; 0.63 × (640.9 − 555.5) = 53.802
    np.testing.assert_allclose(pinball([812.4, 555.5], 640.9, 0.37), [63.455, 53.802])


@given(arrays(float, 9, elements=MONEY), st.integers(0, 8))
def test_no_number_beats_the_quantile_of_the_outcomes(outcomes: np.ndarray, at: int) -> None:
    best = np.quantile(outcomes, 0.3, method="inverted_cdf")
    assert pinball(outcomes, best, 0.3).mean() <= pinball(outcomes, outcomes[at], 0.3).mean() + 1e-6


@given(MONEY, MONEY, st.floats(0, 1))
def test_pinball_mirrors(observed: float, quantile: float, level: float) -> None:
    loss = pinball(observed, quantile, level)
    assert loss >= 0
    assert loss == pytest.approx(pinball(-observed, -quantile, 1 - level), abs=1e-6)


def test_pinball_agrees_with_scoringrules() -> None:
    rng = np.random.default_rng(1)
    y, q, level = rng.normal(size=(3, 50))
    level = np.abs(np.tanh(level))
    np.testing.assert_allclose(pinball(y, q, level), scoringrules.quantile_score(y, q, level))


def test_wql_worked_by_hand_leaves_unknown_cases_out() -> None:
    # level 0.1: 0.9·(88.2 − 71.5) = 15.03 and 0.1·(40.1 − 33) = 0.71 → 15.74
    # level 0.6: 0.4·(90 − 71.5) = 7.4 and 0.6·(40.1 − 37.1) = 1.8 → 9.2; sales 111.6
    score = wql([71.5, 40.1, np.nan], [[88.2, 33.0, 5.0], [90.0, 37.1, 5.0]], [0.1, 0.6])
    assert score == pytest.approx((2 * 15.74 + 2 * 9.2) / 2 / 111.6)


def test_wql_over_many_levels_is_crps_over_sales() -> None:
    rng = np.random.default_rng(2)
    draws, outcome = rng.gamma(3.0, 20.0, (500, 6)), rng.gamma(3.0, 20.0, 6)
    levels = (np.arange(500) + 0.5) / 500
    quantiles = np.sort(draws, axis=0)
    expected = crps_sample(outcome, draws).sum() / outcome.sum()
    assert wql(outcome, quantiles, levels) == pytest.approx(expected, rel=1e-9)


def test_wql_does_not_depend_on_how_cases_are_laid_out_or_on_the_currency() -> None:
    rng = np.random.default_rng(4)
    y, q = rng.gamma(2.0, 9.0, (4, 3)), rng.gamma(2.0, 9.0, (2, 4, 3))
    score = wql(y, q, [0.2, 0.8])
    assert wql(y.ravel(), q.reshape(2, -1), [0.2, 0.8]) == pytest.approx(score)
    assert wql(y * 7.1, q * 7.1, [0.2, 0.8]) == pytest.approx(score)


def test_wql_of_no_sales_is_unknown() -> None:
    assert np.isnan(wql([0.0, 0.0], [[1.0, 2.0]], [0.5]))
    assert np.isnan(wql([np.nan], [[1.0]], [0.5]))


def test_interval_score_agrees_with_scoringrules_and_counts_both_sides() -> None:
    rng = np.random.default_rng(6)
    y = rng.normal(0, 2, 80)
    np.testing.assert_allclose(
        interval_score(y, -1.3, 0.9, level=0.85),
        scoringrules.interval_score(y, np.full(80, -1.3), np.full(80, 0.9), 0.15),
    )


@given(MONEY, MONEY, st.floats(0, 1e5), st.floats(0.05, 0.95))
def test_interval_score_is_the_pinball_of_its_ends(
    observed: float, lower: float, width: float, level: float
) -> None:
    tail = (1 - level) / 2
    ends = pinball(observed, lower, tail) + pinball(observed, lower + width, 1 - tail)
    score = interval_score(observed, lower, lower + width, level=level)
    assert score == pytest.approx(ends / tail, rel=1e-6, abs=1e-3)


def test_coverage_counts_the_ends_and_leaves_unknown_cases_out() -> None:
    lower = [1.0, 1.0, 1.0, np.nan, 1.0]
    assert coverage([1.0, 4.0, 4.1, 2.0, np.nan], lower, 4.0) == pytest.approx(2 / 3)
    assert np.isnan(coverage([np.nan], 0.0, 1.0))


@pytest.mark.parametrize("level", [0.0, 1.0, 80.0, float("nan")])
def test_an_interval_needs_a_level_between_0_and_1(level: float) -> None:
    with pytest.raises(DataError, match=r"lies outside 0 to 1") as caught:
        interval_score(1.0, 0.0, 2.0, level=level)
    assert "80% 请写成 0.8" in caught.value.text("zh")


def test_levels_in_per_cent_are_refused_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"level: 1 values, first: 80(.|\n)*Write 80 % as 0.8"):
        wql([1.0], [[1.0], [2.0]], [0.5, 80.0])


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(DataError, match=r"quantile \(2,\)"):
        pinball(np.zeros(3), np.zeros(2), 0.5)
    with pytest.raises(DataError, match=r"quantiles \(3, 2\)"):
        wql(np.zeros(3), np.zeros((3, 2)), [0.1, 0.9])
    with pytest.raises(DataError, match=r"upper \(4,\)"):
        coverage(np.zeros(3), 0.0, np.zeros(4))
