"""The attainment curve: hand-worked values, invariants, and how often real draws reach it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.target.curve import exceedance, quantile

AMOUNTS = st.floats(-1e6, 1e9, allow_nan=False).map(lambda x: round(x, 2))
SAMPLES = arrays(np.float64, st.integers(2, 40), elements=AMOUNTS).map(np.sort)


def one(sample: np.ndarray, target: float) -> float:
    return float(exceedance(np.sort(sample)[:, None], np.array([target]))[0])


def test_hand_worked_values() -> None:
    # n = 4: ranks 1..4 are reached with 4/5, 3/5, 2/5, 1/5; straight lines between.
    sample = np.array([10.0, 13.0, 21.0, 50.0])
    assert one(sample, 10) == pytest.approx(0.8)
    assert one(sample, 13) == pytest.approx(0.6)
    assert one(sample, 15) == pytest.approx(0.6 - 0.2 * 2 / 8)
    assert one(sample, 50) == pytest.approx(0.2)


def test_beyond_the_paths_nothing_more_is_claimed() -> None:
    sample = np.array([10.0, 13.0, 21.0, 50.0])
    assert one(sample, -5) == one(sample, 10) == pytest.approx(4 / 5)
    assert one(sample, 5e9) == one(sample, 50) == pytest.approx(1 / 5)


def test_equal_paths_count_together_at_their_amount() -> None:
    # Half of the paths sell nothing: reaching 7 takes one of the upper three of six.
    sample = np.array([0.0, 0.0, 0.0, 7.0, 9.0, 11.0])
    assert one(sample, 7) == pytest.approx(3 / 7)
    assert one(sample, 0) == pytest.approx(6 / 7)
    assert one(sample, 1e-9) == pytest.approx(4 / 7)


def test_certain_totals_are_met_or_missed_outright() -> None:
    sample = np.full(50, 1234.56)
    assert one(sample, 1234.56) == 1.0
    assert one(sample, 1234.57) == 0.0
    thirds = np.full(50, 0.1 + 0.2)
    assert one(thirds, 0.3) == 1.0


@given(SAMPLES, AMOUNTS, AMOUNTS)
def test_a_higher_target_is_never_more_likely(sample: np.ndarray, a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert one(sample, low) >= one(sample, high)


@given(SAMPLES, st.floats(0.001, 0.999))
def test_quantile_is_the_inverse(sample: np.ndarray, level: float) -> None:
    n = len(sample)
    target = float(quantile(sample[:, None], level)[0])
    likely = one(sample, target)
    if sample[0] == sample[-1]:
        assert likely == 1.0
        return
    held = min(max(1 - level, 1 / (n + 1)), n / (n + 1))
    # Equal paths make a step: the quantile stands on it, and the probability at its top.
    assert likely >= held - 1 / (n + 1) - 1e-6
    if len(set(sample)) == n and np.diff(sample).min() > 1:
        assert likely == pytest.approx(held, abs=1e-6)


@given(SAMPLES, st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2).map(sorted))
def test_quantiles_rise_with_the_level(sample: np.ndarray, levels: list[float]) -> None:
    low, high = (float(quantile(sample[:, None], level)[0]) for level in levels)
    assert low <= high + 1e-9 * max(abs(low), 1)


def test_a_further_draw_reaches_the_target_as_often_as_said() -> None:
    """Right on average over samples; the plain share of paths would say 1.0 at the lowest."""
    rng = np.random.default_rng(3)
    samples = np.sort(rng.lognormal(size=(9, 40_000)), axis=0)
    further = rng.lognormal(size=40_000)
    for rank in (0, 4, 8):
        assert (further >= samples[rank]).mean() == pytest.approx((9 - rank) / 10, abs=0.008)
