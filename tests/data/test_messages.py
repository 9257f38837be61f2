"""Every message is used, tested, and says the same in both languages."""

import re
from pathlib import Path

import pytest

from workbench.errors import PARTS, messages

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"data": ROOT / "workbench/data", "schema": ROOT / "workbench"}


def codes():
    return [(room, name) for room in ROOMS for name in messages(room)]


@pytest.mark.parametrize(("room", "name"), codes())
def test_the_languages_say_the_same_facts(room, name):
    entry = messages(room)[name]
    assert set(entry) == {"en", "zh"}
    for part in PARTS:
        english, chinese = entry["en"][part], entry["zh"][part]
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", chinese))
        assert english.strip()
        assert chinese.strip()
        assert part == "found" or re.search(r"[一-鿿]", chinese)


@pytest.mark.parametrize(("room", "name"), codes())
def test_every_message_has_a_test(room, name):
    tests = [ROOT / "tests/schema/test_validate.py", *(ROOT / "tests/data").glob("test_*.py")]
    text = "".join(path.read_text("utf-8") for path in tests if path != Path(__file__))
    assert f'"{room}.{name}"' in text


def test_every_code_has_a_message():
    for room, folder in ROOMS.items():
        text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
        used = set(re.findall(rf'"{room}\.(\w+)"', text))
        assert used <= set(messages(room)), used - set(messages(room))


def test_the_rules_of_the_report_have_words():
    from workbench.data.order_lines import RULES
    from workbench.data.report import _words

    words = {name: entry for name, entry in _words().items() if name != "heads"}
    assert set(RULES) <= set(words)
    for name, entry in words.items():
        assert [len(entry[language]) for language in ("en", "zh")] == [2, 2], name
