"""The sentences of this room: complete in both languages, and none without a use."""

import re
from pathlib import Path
from string import Formatter

import pytest

import workbench.target.outlook
from workbench.errors import PARTS, messages

ROOM = Path(workbench.target.outlook.__file__).parent
SOURCE = "\n".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
USED = set(re.findall(r'"target\.([a-z_]+)"', SOURCE))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_has_sentences_and_every_sentence_a_use() -> None:
    assert set(messages("target")) == USED


@pytest.mark.parametrize("code", sorted(USED))
def test_both_languages_say_the_same(code: str) -> None:
    entry = messages("target")[code]
    said = {
        language: set().union(*(fields(entry[language][part]) for part in PARTS))
        for language in ("en", "zh")
    }
    assert said["en"] == said["zh"]
    assert all(re.search("[\u4e00-\u9fff]", entry["zh"][part]) for part in ("what", "do"))
