"""``workbench targets set | list``: versions from the command line."""

import pytest

from workbench.cli.commands import main
from workbench.errors import ParameterError
from workbench.run.target_files import record_targets
from workbench.target.versions import target_versions, targets_in_force


def call(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


def test_set_revise_and_list(tmp_path, capsys):
    file = tmp_path / "targets.jsonl"
    given = ["--set-by", "王芳", "--at", "2026-12-01 09:00"]
    assert call("targets", "set", file, "2027Q1", "=100", "线上=60", "线下=40", *given) == 0
    later = ["--set-by", "李雷", "--at", "2027-01-10", "--note", "加码", "--revise"]
    assert call("targets", "set", file, "2027Q1", "线下=1,050.5", *later) == 0
    held = targets_in_force(file, period="2027Q1")
    assert held.to_dict() == {"": 1110.5, "线上": 60.0, "线下": 1050.5}
    capsys.readouterr()
    assert call("targets", "list", file, "--language", "zh") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "1  2027Q1  2026-12-01 09:00  王芳  (→ 2)"
    assert shown[1] == "   合计 100, 线上 60, 线下 40"
    assert shown[2] == "2  2027Q1  2027-01-10 00:00  李雷  (生效中)  加码"
    assert call("targets", "list", file, "--period", "2027Q2") == 0
    assert capsys.readouterr().out.strip() == ""


def test_what_cannot_be_set_is_told_and_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "targets.jsonl"
    assert call("targets", "set", file, "2027Q1", "=100", "a=60", "b=49", "--at", "2026-12-01") == 4
    said = capsys.readouterr().err
    assert "The parts do not add up to their whole." in said
    assert "It is not said who sets the targets." in said
    assert not target_versions(file)


def test_amounts_and_files_that_are_none(tmp_path):
    with pytest.raises(ParameterError) as caught:
        record_targets(tmp_path / "t.csv", "2027Q1", ["a=many", "b"], by_whom="x")
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["run.bad_amount", "run.bad_amount", "run.not_versions"]


def test_a_total_of_its_own_is_told_as_a_sum(tmp_path, capsys):
    file = tmp_path / "targets.jsonl"
    given = ["--set-by", "x", "--at", "2026-12-01"]
    assert call("targets", "set", file, "2027Q1", "a=60", "b=40", *given) == 0
    assert "All units 100: a 60, b 40" in capsys.readouterr().out
