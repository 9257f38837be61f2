"""Exponential smoothing after an average season."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.forecast.candidates import History
from workbench.forecast.smoothing import (
    average_season,
    block_rates,
    holt,
    smoothing_candidates,
)


def monthly(rates):
    sales = 30 * np.exp(np.asarray(rates, dtype=float))
    exposure = np.full((len(sales) + 3, sales.shape[1]), 30.0)
    return History.at(sales, exposure, len(sales), 1)


def test_holts_method_by_hand():
    # level 2, then 0.3·5 + 0.7·2 = 2.9; trend 0.2·0.9; next level 0.3·4 + 0.7·(2.9 + 0.9·0.18)
    level = 0.3 * 4 + 0.7 * (2.9 + 0.9 * 0.18)
    trend = 0.2 * (level - 2.9) + 0.8 * 0.9 * 0.18
    said = holt(np.array([[2.0], [5.0], [4.0]]), 2, 0.3, 0.2, 0.9)
    assert said[:, 0] == pytest.approx([level + 0.9 * trend, level + (0.9 + 0.81) * trend])


def test_a_season_and_a_damped_trend_are_carried_on():
    month = np.arange(60)
    wave = 0.3 * np.sin(2 * np.pi * month / 12)
    said = smoothing_candidates(monthly((7 + wave)[:, None]), 3, "M")
    ahead = 7 + 0.3 * np.sin(2 * np.pi * np.arange(60, 63) / 12)
    for rates in said.values():
        np.testing.assert_allclose(rates[:, 0], ahead, atol=0.02)


def test_a_rising_level_is_followed_faster_with_a_trend():
    said = smoothing_candidates(monthly(7 + 0.02 * np.arange(60)[:, None]), 3, "M")
    assert said["smoothed 10"][0, 0] < said["smoothed 60"][0, 0] < 7 + 0.02 * 60
    assert said["smoothed 60"][0, 0] < said["smoothed trend 60"][0, 0]


def test_under_two_years_nothing_is_said():
    assert smoothing_candidates(monthly(np.full((23, 1), 7.0)), 3, "M") == {}


def test_a_gap_takes_the_rate_before_it():
    sales = np.full((30, 1), 50.0)
    sales[10:14] = np.nan
    known = History.at(sales, np.ones((33, 1)), 30, 1)
    assert np.isnan(block_rates(known)[10:14]).all()
    for rates in smoothing_candidates(known, 3, "M").values():
        np.testing.assert_allclose(np.exp(rates), 50.0)


@given(st.integers(2, 4), st.integers(0, 3), st.floats(-3, 3))
def test_a_season_adds_up_to_nothing_whatever_the_level(years, extra, level):
    rng = np.random.default_rng(years)
    rates = rng.normal(size=(12 * years + extra, 3))
    season = average_season(rates, 12, smooth=True)
    np.testing.assert_allclose(season.sum(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(average_season(rates + level, 12, smooth=True), season, atol=1e-9)
