"""Which target a report is about."""

import pandas as pd
import pytest

from workbench.run.goal import chosen_goal
from workbench.target.outlook import Outlook

SEEN = Outlook.from_totals(
    pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]}),
    period="2026Q4",
    as_of="2026-09-30",
)


def test_the_parameter_wins_over_the_file():
    goal = chosen_goal(200.0, SEEN, given={"": 150.0, "a": 90.0, "elsewhere": 5.0})
    assert (goal.total, goal.asked) == (200.0, 200.0)
    assert goal.given.to_dict() == {"": 200.0, "a": 90.0}
    assert goal.notices == ()


def test_the_files_total_else_the_sum_of_all_its_units():
    assert chosen_goal(None, SEEN, given={"": 150.0, "a": 90.0}).total == 150.0
    goal = chosen_goal(None, SEEN, given={"b": 61.5, "a": 90.25})
    assert (goal.total, goal.asked) == (151.75, 151.75)
    assert "" not in goal.given.index


@pytest.mark.parametrize("given", [None, {}, {"a": 90.0}])
def test_without_a_target_the_base_is_split_and_told(given):
    goal = chosen_goal(None, SEEN, given=given)
    assert goal.total == SEEN.target_at(0.5)
    assert goal.asked is None
    assert goal.given[""] == goal.total
    assert "base target is split" in goal.notices[0].text("en")
    assert "尚未设定目标" in goal.notices[0].text("zh")
    assert "160" in goal.notices[0].text("en")
