"""Looking back at a period that is over: targets, what was said, and what came."""

import pandas as pd
import pytest

from workbench.report.metrics import outcome_metrics
from workbench.target.allocate import allocate
from workbench.target.given import hindsight
from workbench.target.goal import goal_of
from workbench.target.outlook import Outlook

SEEN = Outlook.from_totals(
    pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]}),
    period="2026Q4",
    as_of="2026-09-30",
)


def later(last: str) -> pd.DataFrame:
    days = pd.date_range("2026-10-01", last)
    rows = [
        pd.DataFrame({"unit": u, "date": days, "sales": s}) for u, s in (("a", 1.0), ("b", 0.5))
    ]
    return pd.concat(rows)


def test_units_without_a_target_of_their_own_are_measured_by_their_part():
    goal = goal_of(152.0, SEEN, given={"b": 46.0})
    plan = allocate(152.0, SEEN)
    table = hindsight(goal, plan, SEEN, later=later("2026-12-31"))
    assert table["actual"].to_dict() == {"": 138.0, "a": 92.0, "b": 46.0}
    assert table["target"].to_dict() == {"": 152.0, "a": plan.targets["a"], "b": 46.0}
    assert table["reached"].to_dict() == {"": False, "a": False, "b": True}
    assert table.loc["", "attainment"] == pytest.approx(138 / 152)
    published = {(m.node, m.metric): m.value for m in outcome_metrics(table, "CNY")}
    assert published["", "outcome"] == 138.0
    assert published["b", "outcome.attainment"] == 1.0


def test_without_a_target_the_base_is_what_is_looked_back_at():
    goal, plan = goal_of(None, SEEN), allocate(160.0, SEEN)
    table = hindsight(goal, plan, SEEN, later=later("2026-12-31"))
    assert table.loc["", "target"] == goal.total == 160.0
    assert table.loc[["a", "b"], "target"].sum() == 160.0


@pytest.mark.parametrize("rows", [None, later("2026-12-30")])
def test_there_is_no_hindsight_while_a_period_runs(rows):
    assert hindsight(goal_of(None, SEEN), allocate(160.0, SEEN), SEEN, later=rows) is None
