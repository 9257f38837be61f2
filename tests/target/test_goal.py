"""Which target a report is about."""

import pandas as pd
import pytest

from workbench.errors import TargetError
from workbench.target.goal import goal_of
from workbench.target.outlook import Outlook

SEEN = Outlook.from_totals(
    pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]}),
    period="2026Q4",
    as_of="2026-09-30",
)


def test_the_parameter_wins_over_the_file():
    goal = goal_of(200.0, SEEN, given={"": 150.0, "a": 90.0, "elsewhere": 5.0})
    assert (goal.total, goal.asked) == (200.0, 200.0)
    assert goal.given.to_dict() == {"": 200.0, "a": 90.0}
    (notice,) = goal.notices
    assert "1: elsewhere" in notice.text("en")
    assert "没有销售记录" in notice.text("zh")


def test_the_files_total_else_the_sum_of_all_its_units():
    assert goal_of(None, SEEN, given={"": 150.0, "a": 90.0}).total == 150.0
    goal = goal_of(None, SEEN, given={"b": 61.5, "a": 90.25})
    assert (goal.total, goal.asked) == (151.75, 151.75)
    assert "" not in goal.given.index


@pytest.mark.parametrize("given", [None, {}, {"a": 90.0}])
def test_without_a_target_the_base_is_split_and_told(given):
    goal = goal_of(None, SEEN, given=given)
    assert goal.total == SEEN.target_at(0.5)
    assert goal.asked is None
    assert goal.given.to_dict() == (given or {})
    assert "base target is split" in goal.notices[0].text("en")
    assert "尚未设定目标" in goal.notices[0].text("zh")
    assert "160" in goal.notices[0].text("en")


@pytest.mark.parametrize("worth", [0.0, -2.0])
def test_where_nothing_is_sold_there_is_no_base_to_split(worth):
    ahead = Outlook.from_totals(SEEN.totals * worth, period="2026Q4", as_of="2026-09-30")
    with pytest.raises(TargetError) as caught:
        goal_of(None, ahead)
    assert f"a base (50 %) of {160 * worth:,.0f} for all" in caught.value.text("en")
    assert "无从分解" in caught.value.text("zh")
    assert goal_of(5.0, ahead).total == 5.0


def test_a_base_has_no_digits_that_nobody_would_set():
    ahead = Outlook.from_totals(SEEN.totals * 1234.5678, period="2026Q4", as_of="2026-09-30")
    assert ahead.target_at(0.5) == pytest.approx(197_530.848)
    assert goal_of(None, ahead).total == 197_531.0
    assert goal_of(None, ahead, step=500.0).total == 197_500.0
    assert goal_of(None, ahead, step=1e6).total == 1e6


def test_targets_that_do_not_add_up_are_told():
    (notice,) = goal_of(None, SEEN, given={"": 150.0, "a": 90.0, "b": 70.0}).notices
    assert "units 160, all 150: +10" in notice.text("en")
    assert "各单元合计 160，总目标 150，相差 +10" in notice.text("zh")
    assert goal_of(None, SEEN, given={"": 150.0, "a": 90.0, "b": 60.3}).notices == ()
