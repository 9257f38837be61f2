"""Probabilities that should hold."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.errors import DataError
from workbench.score.probability import (
    brier,
    brier_parts,
    calibration_table,
    expected_calibration_error,
)

SHARES = arrays(float, 15, elements=st.floats(0, 1))
OUTCOMES = arrays(bool, 15)


def test_brier_worked_by_hand_leaves_unknown_cases_out() -> None:
    # (0.17² + 0.83² + 0.46²) / 3 = (0.0289 + 0.6889 + 0.2116) / 3
    assert brier([0.83, 0.83, 0.46, 0.9, np.nan], [1, 0, 0, np.nan, 1]) == pytest.approx(0.9294 / 3)


@given(SHARES, OUTCOMES)
def test_brier_agrees_with_scoringrules(p: np.ndarray, y: np.ndarray) -> None:
    assert brier(p, y) == pytest.approx(scoringrules.brier_score(y.astype(float), p).mean())


@given(SHARES, OUTCOMES, st.integers(1, 25))
def test_the_parts_add_up_to_the_score(p: np.ndarray, y: np.ndarray, bins: int) -> None:
    parts = brier_parts(p, y, bins=bins)
    assert parts.score == pytest.approx(brier(p, y), abs=1e-12)
    assert 0 <= parts.uncertainty <= 0.25
    assert parts.reliability >= 0


def test_the_parts_are_murphys_where_every_bin_holds_one_probability() -> None:
    p = np.repeat([0.15, 0.55, 0.95], [4, 2, 5])
    y = np.array([0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1])
    n, base = np.array([4, 2, 5]), 6 / 11
    frequency = np.array([0.25, 0.5, 0.8])
    parts = brier_parts(p, y)
    assert parts.reliability == pytest.approx(
        n @ (np.array([0.15, 0.55, 0.95]) - frequency) ** 2 / 11
    )
    assert parts.resolution == pytest.approx(n @ (frequency - base) ** 2 / 11)
    assert parts.uncertainty == pytest.approx(6 / 11 * 5 / 11)


def test_always_stating_the_frequency_is_reliable_and_tells_nothing() -> None:
    parts = brier_parts(np.full(5, 0.6), [1, 1, 1, 0, 0])
    assert (parts.reliability, parts.resolution) == (pytest.approx(0), pytest.approx(0))
    assert expected_calibration_error(np.full(5, 0.6), [1, 1, 1, 0, 0]) == pytest.approx(0)


def test_calibration_error_worked_by_hand() -> None:
    # bin 0.2–0.3: stated 0.235 (3 cases) came 1/3; bin 0.9–1: stated 0.97 (2) came 1/2
    p, y = [0.21, 0.245, 0.25, 0.94, 1.0], [0, 1, 0, 1, 0]
    expected = (3 * (1 / 3 - 0.235) + 2 * (0.97 - 0.5)) / 5
    assert expected_calibration_error(p, y) == pytest.approx(expected)


@given(SHARES, OUTCOMES)
def test_one_bin_compares_the_means(p: np.ndarray, y: np.ndarray) -> None:
    assert expected_calibration_error(p, y, bins=1) == pytest.approx(abs(p.mean() - y.mean()))
    assert expected_calibration_error(p, y) >= abs(p.mean() - y.mean()) - 1e-12


@pytest.mark.parametrize("bins", [4, 5, 10, 20, 100])
def test_round_probabilities_open_their_bin(bins: int) -> None:
    table = calibration_table(np.arange(bins + 1) / bins, np.zeros(bins + 1), bins=bins)
    assert table["count"].tolist() == [1] * (bins - 1) + [2]  # 1 closes the last bin


def test_probabilities_that_hold_score_near_zero_and_overconfident_ones_do_not() -> None:
    rng = np.random.default_rng(8)
    p = rng.random(20_000)
    y = rng.random(20_000) < p
    assert expected_calibration_error(p, y) < 0.02
    assert expected_calibration_error(np.where(p > 0.5, 0.99, 0.01), y) > 0.2


def test_nothing_known_is_unknown() -> None:
    assert np.isnan(brier([np.nan], [1]))
    assert np.isnan(expected_calibration_error([], []))
    assert np.isnan(brier_parts([], []).score)
    assert calibration_table([], []).empty


@pytest.mark.parametrize("score", [brier, brier_parts, expected_calibration_error])
def test_per_cent_and_sales_in_place_of_outcomes_are_refused(score: object) -> None:
    with pytest.raises(DataError, match=r"probability: 2 values, first: 80, -1") as caught:
        score([80.0, 0.5, -1.0], [1, 0, 1])  # type: ignore[operator]
    assert "概率或置信水平不在 0 到 1 之间" in caught.value.text("zh")
    with pytest.raises(DataError, match=r"reached: 1 values, first: 120"):
        score([0.8], [120.0])  # type: ignore[operator]
    with pytest.raises(DataError, match=r"probability \(2,\), reached \(3,\)"):
        score([0.8, 0.1], [1, 0, 1])  # type: ignore[operator]
