import re

import pytest

from workbench.errors import TargetError
from workbench.target.assigned import assigned


def test_a_total_is_split_with_equal_chances(skewed):
    goal, targets, _ = assigned(1500.0, skewed)
    assert goal == 1500.0
    assert targets.sum() == 1500.0
    assert skewed.probability(targets).std() < 0.01


def test_targets_of_every_unit_make_the_total(skewed):
    given = {"online": 1000.5, "store": 300.25, "群": 40.0}
    goal, targets, _ = assigned(given, skewed)
    assert goal == 1340.75
    assert targets.to_dict() == given


def test_a_total_may_differ_from_the_sum_of_the_units(skewed):
    goal, targets, _ = assigned({"": 1500, "online": 1000, "store": 300, "群": 40}, skewed)
    assert (goal, targets.sum()) == (1500.0, 1340.0)


def test_units_without_a_target_share_what_is_left(skewed):
    goal, targets, _ = assigned({"": 1500.0, "online": 1100.0}, skewed)
    assert goal == 1500.0
    assert targets["online"] == 1100.0
    assert targets.sum() == pytest.approx(1500.0, abs=1e-9)
    rest = skewed.probability(targets[["store", "群"]])
    assert rest["store"] == pytest.approx(rest["群"], abs=0.01)


def test_no_total_and_units_without_a_target(skewed):
    with pytest.raises(TargetError, match=r"no target for all units[\s\S]*2 of 3: store, 群"):
        assigned({"online": 900}, skewed)


def test_nothing_left_for_units_without_a_target(skewed):
    said = r"use up the whole target[\s\S]*add up to 900, the target is 800"
    with pytest.raises(TargetError, match=said):
        assigned({"": 800, "online": 900}, skewed)


def test_unknown_units_and_bad_amounts_at_once(skewed):
    with pytest.raises(TargetError) as caught:
        assigned({"onlin": 900, "store": "a lot", "群": -3}, skewed)
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"target.unknown_unit", "target.amount_text", "target.amount_negative"}
    assert re.search("onlin", str(caught.value))
