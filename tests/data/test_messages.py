"""Every message is used, tested, and says the same in both languages."""

import re
from functools import cache
from pathlib import Path

from workbench.errors import PARTS, messages

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"data": ROOT / "workbench/data", "schema": ROOT / "workbench/schema"}


def codes():
    return [(room, name) for room in ROOMS for name in messages(room)]


def test_what_is_wrong_and_what_to_do_is_said_in_chinese():
    """All else that holds for every message is looked at in ``tests/architecture``."""
    for room, name in codes():
        said = messages(room)[name]["zh"]
        parts = [part for part in PARTS if part != "found"]
        assert all(re.search(r"[一-鿿]", said[part]) for part in parts), (room, name)


@cache
def said_in_tests() -> str:
    """The source of the tests of both rooms."""
    paths = [ROOT / "tests/schema/test_validate.py", *(ROOT / "tests/data").glob("test_*.py")]
    return "".join(path.read_text("utf-8") for path in paths if path != Path(__file__))


def test_every_message_has_a_test():
    missing = [
        f"{room}.{name}" for room, name in codes() if f'"{room}.{name}"' not in said_in_tests()
    ]
    assert missing == []


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
