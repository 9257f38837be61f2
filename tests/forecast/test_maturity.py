"""Errors made with less history behind, as they would be now."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.forecast.maturity import maturing


def history(power, n_origins=60, n_units=200, known=3650, seed=0):
    """Errors whose variance goes with a power of the length of the history."""
    cutoffs = np.linspace(known // 4, known - 90, n_origins).astype(np.intp)
    sd = 0.1 * (cutoffs / known) ** (power / 2)
    errors = np.random.default_rng(seed).normal(0, 1, (n_origins, n_units)) * sd[:, None]
    return errors, cutoffs, known


@pytest.mark.parametrize("power", [-2.0, -1.0, 0.0, 0.5])
def test_the_power_is_learnt_where_much_tells_it(power):
    errors, cutoffs, known = history(power)
    change = maturing(errors, cutoffs, known, independent=60.0)
    learnt = -2 * np.log(change[0]) / np.log(cutoffs[0] / known)
    # Sixty origins leave the power uncertain by about a fifth of the way to the usual one.
    assert learnt == pytest.approx(power, abs=0.35)


def test_little_evidence_leaves_the_usual_power():
    """A quarter of the history, √2 times the error; the whole of it, the same."""
    errors = np.random.default_rng(1).normal(0, 0.1, (5, 2))
    cutoffs = np.array([250, 400, 600, 800, 1000])
    change = maturing(errors, cutoffs, 1000, independent=1e-6)
    assert change[[0, -1]] == pytest.approx([0.5**0.5, 1.0], abs=1e-3)


def test_errors_of_a_long_past_shop_change_little():
    cutoffs = np.array([9000, 9500, 9900])
    change = maturing(np.full((3, 2), 0.1), cutoffs, 10_000, independent=3.0)
    assert (np.abs(change - 1) < 0.06).all()


def test_one_unit_gone_mad_does_not_speak_for_all():
    errors, cutoffs, known = history(-1.0, n_origins=12, n_units=20)
    mad = errors.copy()
    mad[0, 0] *= 50
    calm = maturing(errors, cutoffs, known, 12.0)
    np.testing.assert_allclose(maturing(mad, cutoffs, known, 12.0), calm, rtol=0.15)


def test_units_not_known_at_an_origin_are_left_out():
    errors, cutoffs, known = history(-1.0, n_units=60)
    holed = errors.copy()
    holed[:20, :30] = np.nan
    change = maturing(holed, cutoffs, known, 60.0)
    assert np.isfinite(change).all()
    np.testing.assert_allclose(change, maturing(errors, cutoffs, known, 60.0), rtol=0.1)


@given(st.floats(0.01, 100.0), st.integers(1, 12), st.floats(0.5, 12.0))
def test_scale_does_not_matter_and_the_newest_is_nearly_as_now(scale, n_origins, independent):
    rng = np.random.default_rng(n_origins)
    errors = rng.normal(0, 0.1, (n_origins, 3))
    cutoffs = np.sort(rng.integers(60, 999, n_origins)).astype(np.intp)
    change = maturing(errors, cutoffs, 1000, independent)
    np.testing.assert_allclose(maturing(scale * errors, cutoffs, 1000, independent), change)
    assert ((change >= 0.25) & (change <= 4)).all()


@pytest.mark.parametrize("errors", [np.full((4, 2), np.nan), np.zeros((4, 2))])
def test_without_any_error_the_usual_power_stands(errors):
    change = maturing(errors, np.array([100, 200, 300, 400]), 400, 4.0)
    assert change == pytest.approx([0.25**0.25, 0.5**0.25, 0.75**0.25, 1.0])
