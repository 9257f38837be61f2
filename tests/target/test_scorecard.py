"""The scorecard: attainment, its difficulty, trend, and parts of the gap that add up."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from workbench.errors import TargetError
from workbench.panel.build import build_panel
from workbench.target.outlook import Outlook
from workbench.target.scorecard import past_results, ranks_at_start, scorecard, usual_spread

UNITS = ("hard", "easy", "even")
GROUPS = {"hard": "north", "easy": "north", "even": "south"}


@dataclass(frozen=True, eq=False)
class Period:
    """The part of a tracked period that a scorecard needs."""

    units: tuple[str, ...]
    target: pd.Series
    goal: float
    start: Outlook
    now: Outlook


def start_outlook(n_paths: int = 999) -> Outlook:
    """Every unit expects 100; the middle one is surer of it."""
    level = np.linspace(-2.5, 2.5, n_paths)[:, None]
    mixed = np.concatenate([level, level[::-1], np.roll(level, 300)], axis=1)
    totals = pd.DataFrame(100 * np.exp(mixed * [0.2, 0.2, 0.02]), columns=list(UNITS))
    return Outlook.from_totals(totals, period="2026Q3", as_of="2026-06-30")


def over(**results: float) -> Outlook:
    totals = pd.DataFrame([results])[list(UNITS)]
    actual = totals.iloc[0]
    return Outlook.from_totals(totals, period="2026Q3", as_of="2026-09-30", actual=actual)


def period(target: dict[str, float], now: Outlook, goal: float | None = None) -> Period:
    asked = pd.Series(target)
    return Period(UNITS, asked, goal or float(asked.sum()), start_outlook(), now)


@pytest.fixture
def card():
    ended = period({"hard": 130, "easy": 80, "even": 100}, over(hard=125, easy=82, even=101))
    return scorecard(ended, groups=GROUPS).set_index(["level", "unit"])


def test_a_hard_target_nearly_met_beats_an_easy_one_passed(card):
    hard, easy = card.loc[("unit", "hard")], card.loc[("unit", "easy")]
    assert hard["attainment"] == pytest.approx(125 / 130)
    assert easy["attainment"] == pytest.approx(82 / 80)
    assert (hard["rank"], easy["rank"]) == (3, 1)
    assert (hard["adjusted_rank"], easy["adjusted_rank"]) == (1, 3)
    assert hard["adjusted"] > 1 > easy["adjusted"]
    assert hard["likely"] < 0.3
    assert easy["likely"] > 0.7


def test_the_percentile_is_where_the_result_fell_in_what_was_expected(card):
    before = start_outlook().totals["hard"]
    assert card.loc[("unit", "hard"), "percentile"] == pytest.approx(
        (before < 125).mean(), abs=2e-3
    )
    assert ranks_at_start(np.array([1.0, 2.0]), np.array([2.0, 9.0])).tolist() == pytest.approx(
        [2 / 3, 2.5 / 3]
    )


def test_equal_percentiles_are_equal_whatever_the_spread():
    start = start_outlook()
    at = start.targets_at(0.2)
    ended = period({"hard": 130, "easy": 80, "even": 100}, over(**at))
    card = scorecard(ended)
    units = card[card["level"] == "unit"]
    assert units["percentile"].tolist() == pytest.approx([0.8] * 3, abs=2e-3)
    assert units["adjusted"].tolist() == pytest.approx([usual_spread(start)[79]] * 3, rel=2e-3)


def test_the_gap_adds_up_over_units_and_over_groups(card):
    whole = card.loc[("all", ""), "gap"]
    assert whole == pytest.approx(308 - 310)
    for level in ("unit", "group"):
        assert card.loc[level, "gap"].sum() == pytest.approx(whole)
        assert card.loc[level, "gap_share"].sum() == pytest.approx(1)
    assert card.loc[("group", "north"), "gap"] == pytest.approx(-5 + 2)
    assert card.loc[("group", "north"), "attainment"] == pytest.approx(207 / 210)


def test_what_nobody_carries_is_told():
    ended = period({"hard": 130, "easy": 80, "even": 100}, over(hard=130, easy=80, even=100), 330)
    card = scorecard(ended).set_index("level")
    assert card.loc["open", "gap"] == -20
    assert card.loc["all", "gap"] == pytest.approx(card.loc["unit", "gap"].sum() - 20)
    assert "group" not in card.index


def test_no_gap_no_shares():
    exact = {"hard": 130.0, "easy": 80.0, "even": 100.0}
    card = scorecard(period(exact, over(**exact)))
    assert card["gap_share"].isna().all()


def test_a_running_period_is_scored_by_all_its_futures():
    start = start_outlook()
    running = Period(UNITS, pd.Series({"hard": 130.0, "easy": 80, "even": 100}), 310, start, start)
    card = scorecard(running).set_index(["level", "unit"])
    assert card.loc["unit", "percentile"].tolist() == pytest.approx([0.5] * 3, abs=2e-3)
    hard = card.loc[("unit", "hard")]
    assert hard["reached"] == pytest.approx(hard["likely"])
    assert hard["result"] == pytest.approx(start.totals["hard"].mean())


def test_trend_against_earlier_periods_also_of_groups():
    days = pd.date_range("2026-01-01", "2026-06-30")
    rows = [pd.DataFrame({"unit": unit, "date": days, "sales": 1.0}) for unit in UNITS]
    panel = build_panel(pd.concat(rows), calendar=None)
    targets = {
        "2026Q1": pd.Series({"hard": 100.0, "easy": 90.0, "even": 90.0}),
        "2026Q2": pd.Series({"hard": 100.0, "easy": 91.0, "even": 70.0, "gone": 5.0}),
    }
    past = past_results(panel, targets)
    assert len(past) == 6
    ended = period({"hard": 130, "easy": 80, "even": 100}, over(hard=125, easy=82, even=101))
    card = scorecard(ended, groups=GROUPS, past=past).set_index(["level", "unit"])
    assert card.loc[("unit", "easy"), "previous"] == pytest.approx(1.0)
    assert card.loc[("unit", "easy"), "change"] == pytest.approx(82 / 80 - 1)
    assert card.loc["unit"][["kept", "of"]].to_numpy().tolist() == [[0, 2], [2, 2], [2, 2]]
    assert card.loc[("group", "north"), "previous"] == pytest.approx(182 / 191)
    assert card.loc[("all", ""), "previous"] == pytest.approx(273 / 261)
    assert past_results(panel, {}).empty


def test_units_without_a_team_are_refused():
    ended = period({"hard": 1, "easy": 1, "even": 1}, over(hard=1, easy=1, even=1))
    with pytest.raises(TargetError, match=r"belong to no team[\s\S]*1: even"):
        scorecard(ended, groups={"hard": "n", "easy": "n"})


def test_nothing_was_to_be_expected():
    nothing = Outlook.from_totals(
        pd.DataFrame(0.0, index=range(5), columns=list(UNITS)), period="2026Q3", as_of="2026-06-30"
    )
    assert np.isnan(usual_spread(nothing)).all()
    asked = pd.Series({"hard": 1.0, "easy": 1.0, "even": 0.0})
    card = scorecard(Period(UNITS, asked, 2.0, nothing, over(hard=1, easy=2, even=3)))
    assert card["percentile"].isna().all()
    assert card["attainment"].isna().sum() == 1
