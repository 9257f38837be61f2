"""A file that is only ever added to: whole lines, in order, sealed."""

import json
import subprocess
import sys

import pytest

from workbench.data.journal import append_record, read_journal
from workbench.errors import DataError

WRITER = """
import sys
from workbench.data.journal import append_record
for number in range(20):
    append_record(sys.argv[1], lambda before: {"n": len(before), "who": sys.argv[2]}, kind="t")
"""


def test_records_come_back_in_the_order_they_were_added(tmp_path):
    file = tmp_path / "new" / "j.jsonl"
    assert read_journal(file) == []
    for word in ("一", "two"):
        append_record(file, lambda before, word=word: {"n": len(before), "word": word}, kind="t")
    assert [(r["n"], r["word"]) for r in read_journal(file)] == [(0, "一"), (1, "two")]


def test_a_record_that_is_refused_leaves_the_file_as_it_was(tmp_path):
    file = tmp_path / "j.jsonl"
    append_record(file, lambda before: {"n": 1}, kind="t")
    content = file.read_bytes()

    def refuse(before):
        raise KeyError("no")

    with pytest.raises(KeyError):
        append_record(file, refuse, kind="t")
    assert file.read_bytes() == content


def test_what_was_cut_off_in_the_middle_of_writing_is_not_read_and_is_cleared(tmp_path):
    file = tmp_path / "j.jsonl"
    append_record(file, lambda before: {"n": 1}, kind="t")
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"kind": "t", "n": 2, "se')
    assert [r["n"] for r in read_journal(file)] == [1]
    append_record(file, lambda before: {"n": 3}, kind="t")
    assert [r["n"] for r in read_journal(file)] == [1, 3]
    assert file.read_bytes().startswith(whole)


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_changed_afterwards_is_noticed(tmp_path, line):
    file = tmp_path / "j.jsonl"
    for number in range(3):
        append_record(file, lambda before, n=number: {"n": n}, kind="t")
    lines = file.read_text().splitlines()
    record = json.loads(lines[line]) | {"n": 99}
    lines[line] = json.dumps(record)
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match=rf"changed after it was written.*\n.*line {line + 1}"):
        read_journal(file)


@pytest.mark.parametrize("content", ["unit,target\na,5\n", '{"a": 1}\n', "no line at all"])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    file = tmp_path / "targets.jsonl"
    file.write_text(content)
    with pytest.raises(DataError, match="not one that was written by the workbench"):
        read_journal(file)
    with pytest.raises(DataError, match="not one that was written by the workbench"):
        append_record(file, lambda before: {"n": 1}, kind="t")
    assert file.read_text() == content


def test_a_journal_of_another_kind_and_a_folder_are_refused(tmp_path):
    file = tmp_path / "j.jsonl"
    append_record(file, lambda before: {"n": 1}, kind="letters")
    with pytest.raises(DataError, match="holds other records"):
        append_record(file, lambda before: {"n": 1}, kind="targets")
    with pytest.raises(DataError, match="cannot be read or written"):
        append_record(tmp_path, lambda before: {"n": 1}, kind="t")


def test_two_processes_that_write_at_once_lose_nothing(tmp_path):
    file = tmp_path / "j.jsonl"
    command = [sys.executable, "-c", WRITER, str(file)]
    running = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [one.wait() for one in running] == [0, 0]
    records = read_journal(file)
    assert [r["n"] for r in records] == list(range(40))
    assert sum(r["who"] == "a" for r in records) == 20
