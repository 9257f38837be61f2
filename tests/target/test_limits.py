"""Limits: what each unit carries at least and at most, and which limits clash."""

import numpy as np
import pandas as pd
import pytest

from workbench.target.limits import clashes, hits, read_limits

UNITS = ("a", "b", "c")
HISTORY = pd.Series([100.0, 200.0, np.nan], index=list(UNITS))


def limits_of(**given):
    limits, problems = read_limits(UNITS, HISTORY, **given)
    assert problems == []
    return limits


def codes(limits, target: float) -> list[str]:
    return [problem.code.removeprefix("target.") for problem in clashes(limits, target)]


def test_bounds_by_hand() -> None:
    limits = limits_of(locks={"a": 70}, floors={"b": 20}, caps=250, max_growth=0.1)
    assert limits.lower.tolist() == [70, 20, 0]
    assert limits.upper.tolist() == pytest.approx([70, 220, 250])


def test_without_limits_all_is_open() -> None:
    limits = limits_of()
    assert limits.lower.tolist() == [0, 0, 0]
    assert limits.upper.tolist() == [np.inf] * 3
    assert codes(limits, 1e12) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"floors": {"a": 9}, "caps": {"a": 8}}, "floor is above its cap"),
        ({"floors": {"b": 230}, "max_growth": 0.1}, "floor is above what the growth limit allows"),
        ({"locks": {"a": 5}, "floors": {"a": 6}}, "locked below its floor"),
        ({"locks": {"a": 9}, "caps": {"a": 8}}, "locked above its cap"),
        ({"locks": {"b": 230}, "max_growth": {"b": 0.1}}, "locked above what the growth limit"),
    ],
)
def test_each_clash_between_two_limits_of_a_unit_is_named(given: dict, message: str) -> None:
    (problem,) = clashes(limits_of(**given), 240)
    assert message in problem.part("what")
    higher, lower = (float(x) for x in problem.part("found").split(": ")[-1].split(" > "))
    assert higher > lower


def test_sums_that_miss_the_target() -> None:
    assert codes(limits_of(floors=40), 119.9) == ["floors_above_target"]
    assert codes(limits_of(floors=40), 120) == []
    assert codes(limits_of(caps=40), 120.1) == ["caps_below_target"]
    assert codes(limits_of(caps=40), 120) == []
    assert codes(limits_of(locks={"a": 10, "b": 20, "c": 30}), 61) == ["caps_below_target"]
    assert codes(limits_of(locks={"a": 10, "b": 20, "c": 30}), 59) == ["floors_above_target"]


def test_all_clashes_are_told_with_their_amounts() -> None:
    limits = limits_of(locks={"a": 900}, floors={"b": 2_500, "c": 30}, caps={"b": 2_000.5, "a": 80})
    found = {problem.code: problem for problem in clashes(limits, 3_000)}
    assert set(found) == {
        "target.floor_above_cap",
        "target.lock_above_cap",
        "target.floors_above_target",
    }
    assert "b: 2,500 > 2,000.50" in found["target.floor_above_cap"].text()
    text = found["target.floors_above_target"].text()
    assert "3,430 against a target of 3,000, 430 too much" in text
    assert "largest: b: 2,500 (floors), a: 900 (locks), c: 30 (floors)" in text
    assert "多出 430" in found["target.floors_above_target"].text("zh")


def test_too_little_room_is_told_with_the_limits_that_make_it() -> None:
    limits = limits_of(locks={"a": 70}, caps={"b": 300, "c": 50}, max_growth={"b": 0.1})
    (problem,) = clashes(limits, 400)
    found = problem.part("found")
    assert found.startswith("at most 340 against a target of 400, 60 short")
    assert found.endswith("b: 220 (max_growth), a: 70 (locks), c: 50 (caps)")


def test_limits_that_hold_are_named() -> None:
    limits = limits_of(locks={"a": 10}, floors={"b": 300}, max_growth=5.0)
    assert hits(limits, np.array([50.0, 200, 80])).tolist() == ["locked", "floor", ""]
    limits = limits_of(caps={"a": 50, "b": 900}, max_growth=0.5)
    assert hits(limits, np.array([70.0, 500, 80])).tolist() == ["cap", "growth", ""]


def test_wrong_amounts_are_all_collected() -> None:
    _, problems = read_limits(
        UNITS, HISTORY, locks={"x": 1}, floors="much", caps={"a": "9,000"}, max_growth=-0.2
    )
    assert [problem.code for problem in problems] == [
        "target.unknown_unit",
        "target.not_by_unit",
        "target.amount_text",
        "target.amount_negative",
    ]
    assert "locks names units" in problems[0].text()
    assert "max_growth holds negative amounts" in problems[3].text()
