"""How much each candidate counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.forecast.replay import Origin
from workbench.forecast.weights import (
    HALF_LIFE,
    WITHOUT_A_YEAR,
    WITHOUT_TWO_YEARS,
    candidate_weights,
    combine,
    log_errors,
    origin_importance,
)


def origin(forecasts, actual, covered=None, typical=None):
    forecasts, actual = np.asarray(forecasts, float), np.asarray(actual, float)
    return Origin(
        cutoff=100,
        forecasts=forecasts,
        actual=actual,
        covered=np.ones(actual.shape) if covered is None else np.asarray(covered, float),
        exposure=np.ones((7 * len(actual), actual.shape[1])),
        typical=np.zeros(actual.shape[1]) if typical is None else np.asarray(typical, float),
        unseen=np.zeros(len(actual)),
    )


def test_the_error_of_the_total_by_hand():
    """Blocks that miss in opposite directions make a good total."""
    one = origin([[[60.0], [40.0]], [[55.0], [54.0]]], [[40.0], [60.0]])
    errors = log_errors([one])[0, :, 0]
    assert errors == pytest.approx([0.0, np.log(100 / 109)], abs=1e-9)


def test_only_the_part_that_is_known_is_compared():
    half = origin([[[80.0], [70.0]]], [[40.0], [np.nan]], covered=[[0.5], [0.0]])
    assert log_errors([half])[0, 0, 0] == pytest.approx(0.0, abs=1e-9)


def test_newer_origins_count_more_and_those_without_a_year_less():
    cutoffs = np.array([182, 364, 728, 728 + 91 * 4])
    weights = origin_importance(cutoffs, 91, 364)
    oldest = 0.5 ** (10 / HALF_LIFE) * WITHOUT_A_YEAR
    older = 0.5 ** (8 / HALF_LIFE) * WITHOUT_TWO_YEARS
    assert weights == pytest.approx([oldest, older, 0.5 ** (4 / HALF_LIFE), 1.0])


def test_with_one_year_behind_all_an_origin_with_one_year_counts_in_full():
    assert origin_importance(np.array([364, 455]), 91, 364) == pytest.approx([0.5**0.25, 1.0])


def test_a_short_history_has_no_year_to_miss():
    assert origin_importance(np.array([100, 128]), 28, 364)[0] > 0.5


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 4)),
        elements=st.one_of(st.floats(0, 4), st.just(np.nan)),
    )
)
def test_weights_add_up_to_one_whatever_is_silent(errors):
    weights = candidate_weights(errors, np.linspace(0.5, 1.0, len(errors)))
    np.testing.assert_allclose(weights.sum(axis=0), 1.0)
    assert (weights >= 0).all()


def test_the_better_candidate_weighs_more_for_the_unit_it_is_better_for():
    errors = np.empty((8, 2, 2))
    errors[:, :, 0] = [0.01, 0.02]
    errors[:, :, 1] = [0.02, 0.01]
    weights = candidate_weights(errors, np.ones(8))
    assert weights[0, 0] > weights[1, 0]
    assert weights[1, 1] > weights[0, 1]


def test_a_candidate_far_behind_is_dropped():
    errors = np.full((6, 3, 1), 0.01)
    errors[:, 2] = 0.5
    assert candidate_weights(errors, np.ones(6))[2, 0] == 0.0


def test_a_unit_seen_once_leans_on_the_others():
    errors = np.full((10, 2, 5), np.nan)
    errors[:, 0, :4], errors[:, 1, :4] = 0.01, 0.04
    errors[-1, :, 4] = [0.02, 0.01]
    weights = candidate_weights(errors, np.ones(10))
    assert weights[0, 4] > weights[1, 4]


def test_combining_by_hand():
    forecasts = np.array([[[10.0], [20.0]], [[14.0], [np.nan]], [[np.nan], [np.nan]]])
    weights = np.array([[0.25], [0.5], [0.25]])
    # first block: (0.25·10 + 0.5·14) / 0.75; second: the only one that speaks
    np.testing.assert_allclose(combine(forecasts, weights), [[9.5 / 0.75], [20.0]])


def test_where_all_that_weigh_are_silent_the_rest_speak():
    forecasts = np.array([[[np.nan]], [[6.0]], [[9.0]]])
    assert combine(forecasts, np.array([[1.0], [0.0], [0.0]]))[0, 0] == 7.5
