"""Gaps in plans."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.panel.fill import filled

GAPPY = arrays(float, (24, 3), elements=st.one_of(st.just(np.nan), st.floats(-9, 9)))


@given(GAPPY, st.sampled_from(["D", "W", "M"]))
def test_no_gap_stays_and_nothing_given_changes(values, frequency):
    out = filled(values, 20, frequency, otherwise=1.0)
    assert np.isfinite(out).all()
    given = np.isfinite(values)
    np.testing.assert_array_equal(out[given], values[given])
    spread = values[given] if given.any() else np.array([1.0])
    assert out.min() >= min(spread.min(), 1.0) - 1e-9
    assert out.max() <= max(spread.max(), 1.0) + 1e-9


def test_a_chain_wide_plan_holds_for_a_unit_left_out():
    values = np.zeros((15, 3))
    values[14] = [1.0, 1.0, np.nan]
    assert filled(values, 14, "D", otherwise=0.0)[14, 2] == 1.0


def test_a_plan_of_one_unit_or_a_disputed_one_does_not():
    values = np.zeros((16, 3))
    values[14] = [1.0, np.nan, np.nan]
    values[15] = [1.0, 0.0, np.nan]
    out = filled(values, 14, "D", otherwise=1.0)
    assert out[14].tolist() == [1.0, 0.0, 0.0]
    assert out[15].tolist() == [1.0, 0.0, 0.0]


def test_each_unit_keeps_its_own_weekly_day_off():
    open_ = np.ones((35, 2))
    open_[6::7, 0] = 0.0  # closed on the seventh day
    open_[5::7, 1] = 0.0  # closed on the sixth
    open_[28:] = np.nan
    out = filled(open_, 28, "D", otherwise=1.0)
    assert out[28:, 0].tolist() == [1, 1, 1, 1, 1, 1, 0]
    assert out[28:, 1].tolist() == [1, 1, 1, 1, 1, 0, 1]


def test_flags_of_days_stay_flags_but_open_days_of_months_are_averaged():
    values = np.array([[1.0], [0.0], [1.0], [np.nan]])
    assert filled(np.repeat(values, 2, axis=1), 3, "M", otherwise=1.0)[3].tolist() == [2 / 3] * 2
    week = np.array([1.0] * 7 + [0.0] * 7 + [1.0] * 7 + [np.nan])[:, None]
    assert filled(week, 21, "D", otherwise=1.0)[21, 0] == 1.0


def test_usual_is_the_last_year():
    values = np.array([5.0] * 30 + [8.0] * 12 + [np.nan])[:, None]
    assert filled(values, 42, "M", otherwise=0.0)[42, 0] == 8.0


def test_a_unit_never_given_takes_the_others():
    values = np.array([[2.0, 4.0, np.nan]] * 3)
    assert filled(values, 3, "W", otherwise=0.0)[:, 2].tolist() == [3.0, 3.0, 3.0]
    assert filled(np.full((2, 1), np.nan), 2, "W", otherwise=1.0).tolist() == [[1.0], [1.0]]
