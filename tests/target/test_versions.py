"""Targets are versioned: who set what, when, for which period, and what it replaced."""

import datetime as dt

import pandas as pd
import pytest

from workbench.errors import DataError, ParameterError, TargetError
from workbench.target.setting import revised, set_targets
from workbench.target.sums import misfits, read_set, tiles
from workbench.target.versions import (
    is_versioned,
    target_versions,
    targets_in_force,
    versions_table,
)

FIRST = {"": 100.0, "线上商城": 60.0, "线下门店": 40.0}
SECOND = {"": 110.0, "线上商城": 70.0, "线下门店": 40.0}


@pytest.fixture
def file(tmp_path):
    where = tmp_path / "targets.jsonl"
    given = {"period": "2026Q4", "by_whom": "王芳"}
    set_targets(where, FIRST, at="2026-09-01 09:30", **given)
    set_targets(where, SECOND, at="2026-10-20", note="双11 加码", **given)
    return where


def problems(*args, **options):
    with pytest.raises(TargetError) as caught:
        set_targets(*args, **options)
    return {problem.code for problem in caught.value.problems}


def test_the_version_in_force_is_the_last_set_by_the_day(file):
    at = {"file": file, "period": "2026Q4"}
    assert targets_in_force(**at, as_of="2026-10-19").to_dict() == FIRST
    assert targets_in_force(**at, as_of=dt.date(2026, 10, 20)).to_dict() == SECOND
    assert targets_in_force(**at).to_dict() == SECOND
    assert targets_in_force(file, period="2026-10-01/2026-12-31").to_dict() == SECOND


def test_history_is_kept_and_says_what_replaced_what(file):
    table = versions_table(target_versions(file))
    assert table["set_by"].tolist() == ["王芳", "王芳"]
    assert table["replaces"].tolist() == [0, 1]
    assert table["replaced_by"].tolist() == [2, 0]
    assert table["note"].tolist() == ["", "双11 加码"]
    assert table["units"].tolist() == [2, 2]
    assert table["change"].iloc[1] == pytest.approx(0.1)
    assert table["set_at"].iloc[0] == dt.datetime(2026, 9, 1, 9, 30)
    assert target_versions(file, period="2026Q3") == ()


def test_nobody_gets_to_change_what_was_read(file):
    mine = targets_in_force(file, period="2026Q4")
    mine["线上商城"] = 1.0
    assert targets_in_force(file, period="2026Q4")["线上商城"] == 70.0
    assert target_versions(file)[1].total == 110.0


def test_no_targets_in_force(file):
    with pytest.raises(TargetError, match=r"were in force yet[\s\S]*2026-09-01, after 2026-08-31"):
        targets_in_force(file, period="2026Q4", as_of="2026-08-31")
    with pytest.raises(TargetError, match=r"No targets were set[\s\S]*targets for 2026Q4"):
        targets_in_force(file, period="2027Q1")


def test_history_is_locked(file):
    late = {"period": "2026Q4", "by_whom": "x"}
    assert problems(file, FIRST, at="2027-01-01", **late) == {"versions.period_over"}
    assert problems(file, FIRST, at="2026-10-19", **late) == {"versions.backdated"}
    assert len(target_versions(file)) == 2


def test_everything_wrong_is_told_at_once(file):
    wrong = pd.Series([50.0, 60.0], index=["线上商城", "线下门店"])
    found = problems(
        file,
        {"": 100.0, **wrong},
        period="2026-12-15/2027-01-15",
        by_whom=" ",
        at="2026-10-01",
    )
    assert found == {
        "versions.nobody",
        "versions.sum",
        "versions.backdated",
        "versions.overlap",
    }


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ([("a", 5.0), ("a", 6.0)], "target.unit_twice"),
        ({"c": 5.0}, "target.unknown_unit"),
        ({"a": "five"}, "target.amount_text"),
        ({"a": -5.0}, "target.amount_negative"),
        ({"a": None}, "target.amount_not_finite"),
        ({}, "versions.no_amount"),
        ({"a": 0.0}, "target.zero"),
        ({"": 10.0, "a": 11.0}, "versions.sum"),
    ],
)
def test_amounts_that_cannot_be_used(tmp_path, targets, code):
    file = tmp_path / "t.jsonl"
    given = {"period": "2026Q4", "by_whom": "x", "at": "2026-09-01", "units": ["a", "b"]}
    assert code in problems(file, targets, **given)
    assert target_versions(file) == ()


def test_part_of_the_units_may_be_set_with_the_rest_left_open(tmp_path):
    _, found = read_set({"": 10.0, "a": 4.0}, units=["a", "b"])
    assert found == []


def test_every_parent_is_the_sum_of_its_parts():
    parents = {"An": "north", "Bo": "north", "Cy": "south"}
    targets = {"": 100.0, "north": 70.0, "south": 30.0, "An": 40.0, "Bo": 20.0, "Cy": 30.0}
    _, found = read_set(targets, parents=parents)
    assert [(p.code, p.facts["whole"], p.facts["gap"]) for p in found] == [
        ("versions.sum", "north", "-10.00")
    ]
    assert misfits(pd.Series(targets | {"Bo": 30.02}), parents) == []


def test_months_lie_inside_their_quarter_and_are_told_when_they_do_not_add_up(file):
    given = {"by_whom": "x", "at": "2026-10-21"}
    notices = [
        set_targets(file, {"": amount}, period=month, **given).notices
        for month, amount in (("2026-10", 30.0), ("2026-11", 50.0), ("2026-12", 31.0))
    ]
    assert notices[:2] == [(), ()]
    (told,) = notices[2]
    assert told.code == "versions.parts_of_period"
    assert told.part("found", "zh").startswith("合计，2026Q4：110.00")
    last = set_targets(file, {"": 30.0}, period="2026-12", **given)
    assert last.notices == ()
    assert targets_in_force(file, period="2026Q4")[""] == 110.0
    assert tiles(last.period, [last.period]) == []


def test_a_revision_keeps_the_other_units_and_a_total_that_is_their_sum(file):
    old = targets_in_force(file, period="2026Q4")
    assert dict(revised(old, [("线下门店", 50.5)])) == {**SECOND, "": 120.5, "线下门店": 50.5}
    assert dict(revised(old.drop(""), [("线下门店", 50.0)])) == {"线上商城": 70.0, "线下门店": 50.0}
    open_total = pd.Series({"": 100.0, "a": 40.0})
    assert dict(revised(open_total, [("a", 50.0)])) == {"": 100.0, "a": 50.0}


def test_a_zone_is_dropped_and_a_period_has_to_be_one(file):
    given = {"by_whom": "x", "at": "2026-11-01T23:30+08:00"}
    new = set_targets(file, {"": 5.0}, period="2027Q1", **given)
    assert new.set_at == dt.datetime(2026, 11, 1, 23, 30)
    with pytest.raises(ParameterError):
        set_targets(file, {"": 5.0}, period="2026Q5", **given)


def test_only_files_of_versions_are_read(tmp_path):
    csv = tmp_path / "targets.csv"
    csv.write_text("unit,target\n")
    assert is_versioned("a/b.JSONL")
    assert not is_versioned(csv)
    with pytest.raises(DataError):
        targets_in_force(csv, period="2026Q4")
