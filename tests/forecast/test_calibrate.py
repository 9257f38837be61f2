"""The calibrated distribution of a total's log error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.forecast.calibrate import (
    GRID,
    LARGEST_LOG_ERROR,
    LEAST_FREEDOM,
    POOL_EVIDENCE,
    Calibration,
    calibrate,
    held_out_ratios,
    unit_scale,
)


def apart(n, horizon=91):
    return 400 + horizon * np.arange(n, dtype=np.intp)


@given(st.lists(st.floats(0.001, 0.999), min_size=2, max_size=30), st.floats(0.01, 2.0))
def test_errors_rise_with_their_rank_and_are_symmetric(ranks, scale):
    magnitude = np.abs(stats.norm.ppf(0.5 + GRID / 2))
    known = Calibration(np.array([scale]), magnitude)
    ordered = np.sort(ranks)[:, None]
    errors = known.errors(ordered)[:, 0]
    assert (np.diff(errors) >= 0).all()
    np.testing.assert_allclose(known.errors(1 - ordered)[:, 0], -errors, atol=1e-9)
    assert np.abs(errors).max() <= LARGEST_LOG_ERROR
    assert known.errors(np.array([[0.5]]))[0, 0] == pytest.approx(0.0, abs=0.01 * scale)


def test_the_scale_by_hand():
    totals = np.array([[0.1, 0.3], [-0.1, np.nan]])
    importance = np.array([1.0, 1.0])
    pooled = np.sqrt(0.01 * 0.09)
    one = (2 * 0.01 + POOL_EVIDENCE * pooled) / (2 + POOL_EVIDENCE)
    half = (1 * 0.09 + POOL_EVIDENCE * pooled) / (1 + POOL_EVIDENCE)
    np.testing.assert_allclose(unit_scale(totals, importance, 2.0) ** 2, [one, half])


def test_small_units_that_err_more_are_shrunk_to_their_like():
    """Squared scales 0.16, 0.04, 0.01, 0.0025 at sizes 1, 4, 16, 64: exactly size⁻¹."""
    sd = np.array([0.4, 0.2, 0.1, 0.05])
    totals = np.array([sd, -sd])
    size = np.array([1.0, 4.0, 16.0, 64.0])
    blind = unit_scale(totals, np.ones(2), 2.0)
    told = unit_scale(totals, np.ones(2), 2.0, size=size)
    np.testing.assert_allclose(told, sd)
    assert blind[0] < 0.3 < told[0]
    # A fifth, never tested, is taken for one of its size, not for one in the middle.
    unknown = np.column_stack([totals, [np.nan, np.nan]])
    scale = unit_scale(unknown, np.ones(2), 2.0, size=np.append(size, 32.0))
    assert scale[4] == pytest.approx(np.sqrt(0.16 / 32))


def test_a_size_that_tells_nothing_changes_nothing():
    totals = np.array([[0.1, 0.3, 0.3, 0.1], [-0.1, 0.3, -0.3, 0.1]])
    size = np.array([2.0, 2.0, 8.0, 8.0])
    np.testing.assert_allclose(
        unit_scale(totals, np.ones(2), 2.0, size=size), unit_scale(totals, np.ones(2), 2.0)
    )


def test_a_single_unit_is_not_shrunk():
    totals = np.array([[0.05], [-0.2], [0.1]])
    scale = unit_scale(totals, np.ones(3), 3.0)
    assert scale[0] == pytest.approx(np.sqrt((0.0025 + 0.04 + 0.01) / 3))


def test_a_unit_never_known_takes_the_scale_of_all():
    totals = np.array([[0.1, np.nan], [-0.1, np.nan]])
    scale = unit_scale(totals, np.ones(2), 2.0)
    assert scale[1] == pytest.approx(0.1)


def test_nothing_known_is_wide():
    assert unit_scale(np.full((2, 3), np.nan), np.ones(2), 2.0).min() == 1.0


def test_the_spread_that_made_the_errors_is_found():
    rng = np.random.default_rng(4)
    truth = np.linspace(0.05, 0.15, 40)
    totals = rng.normal(0, truth, (40, 40))
    found = calibrate(totals, apart(40), np.ones(40), horizon=91, independent=40.0)
    np.testing.assert_allclose(found.scale, truth, rtol=0.35)
    inside = np.interp([0.5, 0.8, 0.95], GRID, found.magnitude)
    np.testing.assert_allclose(inside, stats.norm.ppf([0.75, 0.9, 0.975]), rtol=0.1)


def test_few_origins_leave_the_students_tails():
    totals = np.array([[0.02], [-0.02]])
    found = calibrate(totals, apart(2), np.ones(2), horizon=91, independent=2.0)
    freedom = LEAST_FREEDOM
    np.testing.assert_allclose(found.magnitude, stats.t.ppf(0.5 + GRID / 2, freedom))


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 5))
def test_quantiles_of_the_size_rise_from_zero(seed, origins, units):
    totals = np.random.default_rng(seed).standard_t(3, (origins, units)) * 0.1
    found = calibrate(totals, apart(origins), np.ones(origins), horizon=91, independent=origins)
    assert (found.magnitude >= 0).all()
    assert (np.diff(found.magnitude) >= 0).all()
    assert (found.scale > 0).all()


def test_an_error_is_measured_by_the_origins_that_do_not_overlap_it():
    """One wild origin would make itself look tame if it counted in its own scale."""
    totals = np.full((8, 1), 0.05)
    totals[4] = 1.0
    far = held_out_ratios(totals, apart(8), np.ones(8), horizon=91, independent=8.0)
    assert far[4, 0] == pytest.approx(20.0)
    close = 400 + 30 * np.arange(8, dtype=np.intp)
    near = held_out_ratios(totals, close, np.ones(8), horizon=91, independent=3.0)
    # 91 days apart from the fifth: the first and the last, 120 and 90 … only the first two
    others = totals[np.abs(close - close[4]) >= 91, 0]
    expected = np.nan if len(others) < 2 else 1.0 / np.sqrt(np.mean(others**2))
    np.testing.assert_allclose(near[4, 0], expected)


def test_all_origins_overlapping_leave_no_ratio():
    close = 400 + 7 * np.arange(5, dtype=np.intp)
    ratios = held_out_ratios(np.ones((5, 2)), close, np.ones(5), horizon=91, independent=1.3)
    assert np.isnan(ratios).all()
