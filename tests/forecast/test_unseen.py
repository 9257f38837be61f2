"""Festivals that the history has not seen yet."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.calendar.calendar import load_calendar
from workbench.forecast.engine import forecast
from workbench.forecast.unseen import (
    USUAL_EVIDENCE,
    USUAL_SD,
    surprise,
    unseen_factors,
    unseen_share,
)

BEFORE_CHRISTMAS, AFTER_IT = 42, 58
"""Weeks of history of a shop that opened at the start of 2022."""


def test_the_share_goes_by_what_the_days_are_worth():
    """Two days ahead in one block, 3 and 1 of 4 worth; a festival once seen is none."""
    festivals = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 0.4]])
    ahead = np.array([[2.0, 1.0], [1.0, 0.0]])
    assert unseen_share(festivals, 2, ahead, 2) == pytest.approx([0.4 * 1 / 4])
    assert unseen_share(festivals, 0, ahead, 2) == pytest.approx([3 / 4])
    assert unseen_share(festivals, 2, np.zeros((2, 2)), 2).tolist() == [0.0]


def test_days_of_two_festivals_are_one_day():
    festivals = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert unseen_share(festivals, 1, np.ones((1, 1)), 1).tolist() == [1.0]


def test_without_a_calendar_nothing_is_unseen():
    assert unseen_share(np.zeros((9, 0)), 2, np.ones((7, 3)), 7).tolist() == [0.0]


def test_one_surprise_by_hand():
    """A level .05 too low, ±.02 noise, and a festival week .30 above it."""
    company = np.array([[0.07, 0.03, 0.07, 0.03, 0.35]])
    unseen = np.array([[0.0, 0.0, 0.0, 0.0, 0.8]])
    found = surprise(company, unseen, np.arange(5)[None])
    noise = 4 * 0.02**2 / 3
    own = (0.30**2 - noise) / 0.8**2
    variance = (own + USUAL_EVIDENCE * USUAL_SD**2) / (1 + USUAL_EVIDENCE)
    assert found.sd == pytest.approx(variance**0.5)
    kept = (noise / (noise + variance * 0.8**2)) ** 0.5
    assert found.freed[0] == pytest.approx([0, 0, 0, 0, 0.30 * (1 - kept)])


def test_the_same_weeks_seen_from_many_origins_count_once():
    company, unseen = np.tile([0.01, -0.01, 0.4], (6, 1)), np.tile([0.0, 0.0, 1.0], (6, 1))
    once = surprise(company[:1], unseen[:1], np.arange(3)[None])
    often = surprise(company, unseen, np.tile(np.arange(3), (6, 1)))
    assert often.sd == pytest.approx(once.sd)


@pytest.mark.parametrize("sd", [0.05, 0.3])
def test_many_festivals_tell_what_they_do(sd):
    rng = np.random.default_rng(4)
    unseen = np.zeros((400, 10))
    unseen[:, 3:7] = 1.0
    company = rng.normal(0, 0.03, (400, 10)) + unseen * rng.normal(0, sd, (400, 10))
    found = surprise(company, unseen, np.arange(4000).reshape(400, 10))
    assert found.sd == pytest.approx(sd, rel=0.1)
    # What is left of those weeks is as loud as the others.
    left = (company - found.freed)[:, 3:7].std()
    assert left == pytest.approx(0.03, rel=0.2)


@given(
    st.lists(st.floats(-1, 1), min_size=6, max_size=6),
    st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=6, max_size=6),
)
def test_weeks_are_moved_towards_their_level_and_never_past_it(errors, shares):
    company, unseen = np.reshape(errors, (2, 3)), np.reshape(shares, (2, 3))
    found = surprise(company, unseen, np.arange(6).reshape(2, 3))
    assert (found.freed[unseen == 0] == 0).all()
    calm = unseen == 0
    level = np.where(calm, company, 0).sum(axis=1) / np.maximum(calm.sum(axis=1), 1)
    apart = company - level[:, None]
    assert (found.freed * apart >= 0).all()
    assert (np.abs(found.freed) <= np.abs(apart) + 1e-12).all()


def test_a_season_is_surprised_as_a_whole_and_the_next_apart():
    spread = np.array([0.0, 0.2, 0.1, 0.0, 0.3])
    logs = np.log(unseen_factors(spread, 40_000, np.random.default_rng(0)))
    assert logs.std(axis=0) == pytest.approx(spread, rel=0.02)
    assert np.median(logs, axis=0) == pytest.approx(np.zeros(5), abs=0.005)
    assert np.corrcoef(logs[:, 1], logs[:, 2])[0, 1] == pytest.approx(1.0)
    assert abs(np.corrcoef(logs[:, 1], logs[:, 4])[0, 1]) < 0.02


def young_shop(simulated, weeks, bump):
    """Weekly sales of eight units since January, Christmas weeks ``bump`` (log) above the rest."""
    dates = pd.date_range("2022-01-03", periods=weeks + 13, freq="7D")
    festive = (dates >= "2022-11-28") & (dates <= "2022-12-24")
    effect = np.where(festive, bump, 0.0)[:, None] * np.ones((1, 8))
    return simulated(
        8, weeks, frequency="W", ahead=13, effect=effect, walk=0.005, noise=0.05, year=0.0,
        calendar=load_calendar("DE"),
    ).panel  # fmt: skip


def test_before_the_first_christmas_its_weeks_are_wide_and_it_is_said(simulated):
    panel = young_shop(simulated, BEFORE_CHRISTMAS, 0.4)
    paths = forecast(panel, horizon=13, n_paths=400)
    spread = np.log(paths.values.sum(axis=2)).std(axis=0)
    festive = (paths.dates >= "2022-12-05") & (paths.dates <= "2022-12-18")
    ordinary = (paths.dates >= "2022-10-24") & (paths.dates <= "2022-11-13")
    assert spread[festive].min() > 2 * spread[ordinary].max()
    (notice,) = [one for one in paths.notices if one.code == "forecast.unseen_festivals"]
    assert "Christmas" in notice.part("found")
    assert "Easter" not in notice.part("found")
    assert "圣诞" in notice.part("found", "zh")
    assert "adjustment" in notice.part("do")


def test_a_christmas_nobody_knew_does_not_widen_the_spring_after(simulated):
    def spring(bump):
        panel = young_shop(simulated, AFTER_IT, bump)
        paths = forecast(panel, horizon=8, n_paths=400)
        assert "forecast.unseen_festivals" not in [one.code for one in paths.notices]
        return np.log(paths.values.sum(axis=(1, 2))).std()

    # What is left: levels that a Christmas not known then had lifted at origins within it.
    assert spring(0.4) < spring(0.0) + 0.2 * 0.4
