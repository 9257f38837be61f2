"""Where the past is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.forecast.candidates import BLOCK
from workbench.forecast.origins import (
    LEAST_BLOCKS,
    MOST_ORIGINS,
    independent_origins,
    rolling_origins,
)


@given(
    st.integers(8, 2200),
    st.integers(1, 546),
    st.sampled_from(["D", "W", "M"]),
)
def test_cutoffs_leave_something_before_and_after(n_dates, horizon, frequency):
    block = BLOCK[frequency]
    cutoffs = rolling_origins(n_dates, horizon, block, frequency)
    assert len(cutoffs) <= MOST_ORIGINS
    assert (np.diff(cutoffs) >= block).all()
    if len(cutoffs):
        assert cutoffs[0] >= LEAST_BLOCKS[frequency] * block
        assert cutoffs[-1] < n_dates


@given(st.integers(56, 2200), st.integers(1, 546))
def test_independent_origins_lie_between_one_and_all(n_dates, horizon):
    cutoffs = rolling_origins(n_dates, horizon, 7, "D")
    assert 1.0 <= independent_origins(cutoffs, horizon) <= len(cutoffs)


def test_eight_weeks_already_have_origins():
    assert len(rolling_origins(56, 91, 7, "D")) >= 2


def test_three_years_end_with_a_whole_horizon_and_start_with_a_year():
    cutoffs = rolling_origins(1097, 92, 7, "D")
    assert cutoffs[-1] == 1097 - 92
    assert cutoffs[0] >= 364
    assert len(set(np.diff(cutoffs))) == 1


@pytest.mark.parametrize(
    ("cutoffs", "horizon", "independent"),
    [
        ([], 91, 0.0),
        ([400], 91, 1.0),
        ([400, 428, 456, 484], 28, 4.0),
        ([400, 407, 414, 421], 28, 1.75),  # 1 + 21/28
        ([10, 40], 7, 2.0),  # never more than there are
    ],
)
def test_overlapping_horizons_count_less(cutoffs, horizon, independent):
    assert independent_origins(np.array(cutoffs, dtype=np.intp), horizon) == independent
