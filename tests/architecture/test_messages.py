"""Every problem can be told in both languages, is told somewhere, and is tested on its words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import yaml
from project import ROOT, modules

CATALOGUES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((ROOT / "workbench" / "messages").glob("*.yaml"))
}
CODES = [f"{room}.{name}" for room, catalogue in CATALOGUES.items() for name in catalogue]
PARTS = {"what", "found", "do"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TELLING = 8
"""A test names a problem by its code or by this many characters of its words (4 Chinese)."""


def entry(code: str) -> dict[str, dict[str, str]]:
    room, _, name = code.partition(".")
    return CATALOGUES[room][name]


def placeholders(texts: dict[str, str]) -> set[str]:
    """The facts that sentences name, without their formats."""
    fields = (field for text in texts.values() for _, field, _, _ in Formatter().parse(text))
    return {re.split(r"[.\[]", field)[0] for field in fields if field}


@cache
def nodes(*folders: str) -> tuple[ast.AST, ...]:
    """Every node of the sources in folders."""
    trees = (ast.parse(path.read_text("utf-8")) for path in modules(*folders))
    return tuple(node for tree in trees for node in ast.walk(tree))


@cache
def strings(*folders: str) -> frozenset[str]:
    """All literal strings in folders, also the pieces of f-strings; regex escapes undone."""
    found = [node.value for node in nodes(*folders) if is_text(node)]
    return frozenset(re.sub(r"\\(.)", r"\1", text) for text in found)


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def raised() -> Iterator[str]:
    """The codes that the package hands to Problem as literals."""
    for node in nodes("workbench"):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Problem"):
            yield from (n.value for arg in node.args[:1] for n in ast.walk(arg) if is_text(n))


@cache
def composed() -> tuple[re.Pattern[str], ...]:
    """The f-strings of the package as patterns: a code may be put together from literals."""
    joined = [node for node in nodes("workbench") if isinstance(node, ast.JoinedStr)]
    gaps = [[re.escape(p.value) if is_text(p) else r"(\w+)" for p in f.values] for f in joined]
    patterns = {"".join(pieces) for pieces in gaps if len(pieces) > 1}
    return tuple(re.compile(pattern) for pattern in sorted(patterns))


def is_used(code: str) -> bool:
    """Whether the code, or its name within the room, is a literal or composed of literals."""
    literals = strings("workbench")
    forms = (code, code.partition(".")[2])
    if literals & set(forms):
        return True
    matches = (pattern.fullmatch(form) for pattern in composed() for form in forms)
    return any(match and set(match.groups()) <= literals for match in matches)


def fragments(code: str) -> set[str]:
    """The fixed stretches of a problem's sentences."""
    texts = [text for language in entry(code).values() for text in language.values()]
    pieces = {piece.strip() for text in texts for piece, *_ in Formatter().parse(text)}
    return {piece for piece in pieces if tells(piece)}


def tells(text: str) -> bool:
    return len(text) + len(CHINESE.findall(text)) >= TELLING


def test_three_parts_in_two_languages_with_the_same_facts():
    for code in CODES:
        texts = entry(code)
        assert set(texts) == {"en", "zh"}, code
        assert all(set(parts) == PARTS for parts in texts.values()), code
        assert all(text.strip() for parts in texts.values() for text in parts.values()), code
        assert placeholders(texts["en"]) == placeholders(texts["zh"]), code
        assert not CHINESE.search(texts["en"]["what"]), code
        assert CHINESE.search(texts["zh"]["what"]), code
        assert CHINESE.search(texts["zh"]["do"]), code


def test_every_code_that_is_raised_has_its_words():
    named = {code for code in raised() if re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code)}
    assert named
    assert not named - set(CODES)


@cache
def said_in_tests() -> frozenset[str]:
    """The strings of the tests, taken apart where a regular expression leaves a gap."""
    return frozenset(p for text in strings("tests") for p in re.split(r"\[sS\]\*|\.\*|\n", text))


@cache
def telling_in_tests() -> tuple[str, ...]:
    """Those of them that are long enough to tell a message by."""
    return tuple(text for text in said_in_tests() if tells(text))


def test_every_message_is_used():
    assert [code for code in CODES if not is_used(code)] == []


def is_told(code: str) -> bool:
    """Whether a test names a message by its code, or by enough of its words."""
    if {code, code.partition(".")[2]} & said_in_tests():
        return True
    words = fragments(code)
    return any(t in piece or piece in t for t in telling_in_tests() for piece in words)


def test_every_message_is_named_in_a_test():
    assert [code for code in CODES if not is_told(code)] == []
