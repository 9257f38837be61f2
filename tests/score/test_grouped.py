"""Frequencies judged by distinct periods, not by cases that share their luck."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import DataError
from workbench.score.grouped import ENOUGH_GROUPS, distinct_periods, held


def test_hand_worked_margin():
    # Two of three held in group 1, none of one in group 2, at 0.7: sums −0.1 and −0.7.
    found = held([1, 1, 0, 0], 0.7, [1, 1, 1, 2])
    seen, alike = 0.1**2 + 0.7**2, 0.21 * (3**2 + 1**2)
    spread = np.sqrt((2 * seen + 2 * alike) / 4) / 4
    assert (found.cases, found.happened, found.groups) == (4, 2, 2)
    assert found.margin == pytest.approx(12.7062 * spread, rel=1e-4)
    assert found.frequency == 0.5
    assert found.verdict == "too few"


def test_units_that_move_together_count_as_one_case_a_period():
    rng = np.random.default_rng(0)
    periods = np.repeat(np.arange(40), 25)
    together = (rng.random(40) < 0.8)[periods]
    apart = rng.random(1000) < 0.8
    assert held(together, 0.8, periods).margin > 2.5 * held(apart, 0.8, periods).margin


def test_calibrated_statements_are_rarely_called_wrong_however_alike_the_units():
    rng = np.random.default_rng(1)
    periods = np.repeat(np.arange(8), 12)
    wrong = 0
    for _ in range(400):
        luck = rng.normal(size=8)[periods] + 0.5 * rng.normal(size=96)
        hit = luck < 0.8416 * np.sqrt(1.25)
        wrong += held(hit, 0.8, periods).verdict != "holds"
    assert wrong / 400 < 0.06


@pytest.mark.parametrize(
    ("happened", "verdict"), [(0.3, "too seldom"), (1.0, "too often"), (0.8, "holds")]
)
def test_verdicts(happened, verdict):
    periods = np.repeat(np.arange(20), 10)
    hit = np.arange(200) % 10 < happened * 10
    assert held(hit, 0.8, periods).verdict == verdict


def test_nothing_and_one_group_say_nothing():
    empty = held([], [], [])
    assert (empty.cases, empty.verdict) == (0, "too few")
    one = held([1, 1, 1], 0.5, [4, 4, 4])
    assert np.isinf(one.margin)
    assert one.groups < ENOUGH_GROUPS
    with pytest.raises(DataError):
        held([1, 0], 0.5, [1, 2, 3])


def test_months_of_a_quarter_that_is_scored_too_are_one_period():
    months = pd.period_range("2026-01", periods=12, freq="M")
    quarters = pd.period_range("2026Q1", periods=2, freq="Q")
    both = [*months, *quarters]
    start = pd.DatetimeIndex([p.start_time for p in both])
    end = pd.DatetimeIndex([p.end_time.normalize() for p in both])
    assert distinct_periods(start, end).tolist() == [
        *(0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 7),
        *(0, 1),
    ]


def test_rolling_ranges_are_cut_into_pieces_that_overlap_their_first():
    start = np.arange(0, 70, 7)
    found = distinct_periods(start, start + 27)
    assert found.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    shuffled = np.random.default_rng(0).permutation(10)
    assert (
        distinct_periods(start[shuffled], start[shuffled] + 27).tolist() == found[shuffled].tolist()
    )
    assert distinct_periods([], []).tolist() == []
