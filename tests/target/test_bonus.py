"""Bonuses: the rule table on hand-worked cases, the sum of payouts, and tables refused."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import TargetError
from workbench.target.bonus import multiple, payouts
from workbench.target.bonus_rules import read_bonus_rules
from workbench.target.outlook import Outlook

from .test_scorecard import GROUPS, UNITS, Period, over, period, start_outlook

STEPS = [{"from": 0.8, "pays": 0.5, "rate": 2.5}, {"from": 1, "rate": 2}]
DEFAULT = {"amount": 3000, "steps": STEPS, "cap": 2}
TARGET = {"hard": 130.0, "easy": 80.0, "even": 100.0}


def rules(**roles):
    return read_bonus_rules({"roles": {"default": DEFAULT} | roles})


def test_thresholds_accelerator_and_cap_by_hand():
    plan = rules().plans["default"]
    given = np.array([0.5, 0.7999, 0.8, 0.9, 1.0, 1.1, 1.5, 3.0])
    assert multiple(plan, given).tolist() == pytest.approx([0, 0, 0.5, 0.75, 1, 1.2, 2, 2])


def test_a_threshold_is_met_by_float_dust():
    plan = rules().plans["default"]
    assert multiple(plan, np.array([0.1 + 0.7])).tolist() == [0.5]


def test_plans_by_role_and_their_sum():
    found = payouts(
        period(TARGET, over(hard=125, easy=88, even=104)),
        rules(boss={"commission": 0.02, "steps": [{"from": 0, "pays": 1}], "most": 2}),
        roles={"even": "boss"},
    )
    table = found.table.set_index("unit")
    assert table["mean"].to_dict() == {
        "hard": round(3000 * (0.5 + 2.5 * (125 / 130 - 0.8)), 2),
        "easy": 3600.0,
        "even": 2.0,
    }
    assert found.total.tolist() == pytest.approx([table["mean"].sum()])
    assert found.certain
    assert found.budget() == pytest.approx(found.total[0])


def test_part_of_the_bonus_follows_the_team():
    plan = {"amount": 1000, "steps": [{"from": 1, "pays": 1}], "team": 0.4}
    table = read_bonus_rules({"roles": {"default": plan}})
    ended = period(TARGET, over(hard=125, easy=90, even=90))
    found = payouts(ended, table, groups=GROUPS).table.set_index("unit")["mean"]
    assert found.to_dict() == {"hard": 400.0, "easy": 1000.0, "even": 0.0}
    alone = payouts(ended, table).table.set_index("unit")["mean"]
    assert alone.to_dict() == {"hard": 0.0, "easy": 600.0, "even": 0.0}


def test_bonuses_may_follow_the_adjusted_attainment():
    table = read_bonus_rules(
        {
            "measure": "adjusted",
            "roles": {"default": {"amount": 100, "steps": [{"from": 1, "pays": 1}]}},
        }
    )
    ended = period(TARGET, over(hard=125, easy=82, even=101))
    found = payouts(ended, table).table.set_index("unit")["mean"]
    assert found.to_dict() == {"hard": 100.0, "easy": 0.0, "even": 100.0}


def test_while_the_period_runs_bonuses_are_a_distribution():
    start = start_outlook()
    running = Period(UNITS, pd.Series(TARGET), 310.0, start, start)
    found = payouts(running, rules())
    assert not found.certain
    assert found.total.shape == (999,)
    assert found.total.mean() == pytest.approx(found.table["mean"].sum(), abs=0.05)
    assert found.table["p10"].le(found.table["p90"]).all()
    assert 0 < found.budget(0.5) < found.budget(0.9)


def test_a_rule_table_from_a_file(tmp_path):
    file = tmp_path / "bonus.yaml"
    file.write_text(
        "measure: attainment\nroles:\n  店长:\n    amount: 5000\n    steps: [{from: 1, pays: 1}]\n"
    )
    assert read_bonus_rules(file).plans["店长"].amount == 5000
    ended = period(TARGET, over(hard=1, easy=1, even=1))
    with pytest.raises(
        TargetError, match=r"role without a plan[\s\S]*default; there are plans for 店长"
    ):
        payouts(ended, read_bonus_rules(file))
    for content in ("a: [", "- 1\n", "5"):
        file.write_text(content)
        with pytest.raises(TargetError, match="rule table of bonuses cannot be read"):
            read_bonus_rules(file)
    with pytest.raises(TargetError, match="rule table of bonuses cannot be read"):
        read_bonus_rules(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"amount": 1, "stepz": STEPS}, "bonus.key"),
        ({"amount": 1, "steps": [{"form": 0.8}]}, "bonus.step"),
        ({"amount": 1, "steps": [{"from": 0.8, "pay": 1}]}, "bonus.key"),
        ({"amount": "1k", "steps": STEPS}, "bonus.number"),
        ({"amount": True, "steps": STEPS}, "bonus.number"),
        ({"amount": -1, "steps": STEPS}, "bonus.number"),
        ({"amount": 1, "steps": STEPS, "team": 1.5}, "bonus.number"),
        ({"amount": 1, "steps": [{"from": 80, "pays": 1}]}, "bonus.number"),
        ({"amount": float("nan"), "steps": STEPS}, "bonus.number"),
        ({"amount": 1, "commission": 0.1, "steps": STEPS}, "bonus.amount_or_commission"),
        ({"steps": STEPS}, "bonus.amount_or_commission"),
        ({"amount": 1}, "bonus.no_steps"),
        ({"amount": 1, "steps": STEPS[::-1]}, "bonus.order"),
        ({"amount": 1, "steps": [*STEPS, {"from": 1.2, "pays": 1.1}]}, "bonus.falls"),
        ({"amount": 1, "steps": STEPS, "cap": 0.4}, "bonus.cap"),
        ({"amount": 1, "steps": [{"from": 0.8}]}, "bonus.pays_nothing"),
        ("3000", "bonus.no_plan_given"),
    ],
)
def test_tables_refused(plan, code):
    with pytest.raises(TargetError) as caught:
        rules(sales=plan)
    assert code in {problem.code for problem in caught.value.problems}


def test_everything_wrong_is_told_at_once():
    wrong = {
        "measure": "luck",
        "rolls": {},
        "roles": {"a": {"amount": -1, "steps": STEPS}, "b": {"commission": 2, "steps": []}},
    }
    with pytest.raises(TargetError) as caught:
        read_bonus_rules(wrong)
    assert [problem.code for problem in caught.value.problems] == [
        "bonus.key",
        "bonus.measure",
        "bonus.number",
        "bonus.number",
        "bonus.no_steps",
    ]
    with pytest.raises(TargetError, match="rule table has no plans"):
        read_bonus_rules({})


def test_outlooks_that_are_over_pay_for_what_is():
    ended = over(hard=130, easy=80, even=100)
    assert isinstance(ended, Outlook)
    found = payouts(period(TARGET, ended), rules())
    assert found.table["multiple"].tolist() == [1.0, 1.0, 1.0]
