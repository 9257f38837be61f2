"""Conditions of rules: comparisons of named facts with numbers and words, and, or, not.

    direction == down and cause == conversion and (days_left >= 7 or not probability < 0.2)

Text is taken apart by the few rules below and never run as a program.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Any, Literal

Value = float | str
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"==": eq, "!=": ne, "<=": le, ">=": ge, "<": lt, ">": gt}
)
TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?%?)|(?P<sign>[<>=!]=|[<>])|(?P<bracket>[()])"
    r"|(?P<quoted>\"[^\"]*\"|'[^']*')|(?P<name>[^\W\d]\w*))"
)
LONGEST = 500
DEEPEST = 20


@dataclass(frozen=True)
class Comparison:
    """``name sign value``; false where the fact is not known or of another sort."""

    name: str
    sign: str
    value: Value

    def holds(self, facts: Mapping[str, Value]) -> bool:
        """Whether it is so."""
        known = facts.get(self.name)
        if known is None or isinstance(known, str) != isinstance(self.value, str):
            return False
        return COMPARE[self.sign](known, self.value)


@dataclass(frozen=True)
class Joined:
    """``and``, ``or`` of several conditions, or ``not`` of one."""

    word: Literal["and", "or", "not"]
    parts: "tuple[Condition, ...]"

    def holds(self, facts: Mapping[str, Value]) -> bool:
        """Whether it is so."""
        if self.word == "not":
            return not self.parts[0].holds(facts)
        each = (part.holds(facts) for part in self.parts)
        return all(each) if self.word == "and" else any(each)


Condition = Comparison | Joined


class Unreadable(ValueError):
    """The condition cannot be read from ``place`` (a position in the text) on."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(str(place))


def read_condition(text: str) -> Condition:
    """The condition that ``text`` states; ``and`` binds closer than ``or``.

    Raises:
        Unreadable: text that is no condition, and where it stops to be one.

    >>> rule = read_condition("direction == down and (deviation < -20% or rows >= 3)")
    >>> rule.holds({"direction": "down", "deviation": -0.25})
    True
    >>> rule.holds({"direction": "up", "deviation": -0.25})
    False
    """
    if len(text) > LONGEST:
        raise Unreadable(LONGEST)
    reader = _Reader(list(_tokens(text)), len(text))
    found = reader.either(0)
    if reader.left:
        raise Unreadable(reader.place)
    return found


def names_in(condition: Condition) -> set[str]:
    """The facts that a condition asks for.

    >>> sorted(names_in(read_condition("a > 1 or not b == x")))
    ['a', 'b']
    """
    if isinstance(condition, Comparison):
        return {condition.name}
    return set().union(*(names_in(part) for part in condition.parts))


Token = tuple[str, str, int]


def _tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if not found or not found.lastgroup:
            raise Unreadable(at + len(text[at:]) - len(text[at:].lstrip()))
        yield found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
        at = found.end()


class _Reader:
    """Reads tokens from left to right: either → both → one → comparison."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.left = tokens
        self.end = end

    @property
    def place(self) -> int:
        return self.left[0][2] if self.left else self.end

    def take(self, kind: str, *wanted: str) -> str:
        """The next token, which must be of this kind and, where given, one of these."""
        if not self.left or self.left[0][0] != kind or (wanted and self.left[0][1] not in wanted):
            raise Unreadable(self.place)
        return self.left.pop(0)[1]

    def next_is(self, word: str) -> bool:
        if self.left and self.left[0][1] == word and self.left[0][0] != "quoted":
            self.left.pop(0)
            return True
        return False

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.next_is("or"):
            parts.append(self.both(depth))
        return Joined("or", tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self, depth: int) -> Condition:
        parts = [self.one(depth)]
        while self.next_is("and"):
            parts.append(self.one(depth))
        return Joined("and", tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Unreadable(self.place)
        if self.next_is("not"):
            return Joined("not", (self.one(depth + 1),))
        if self.next_is("("):
            found = self.either(depth + 1)
            self.take("bracket", ")")
            return found
        return self.comparison()

    def comparison(self) -> Comparison:
        start = self.place
        name = self.take("name")
        if name in ("and", "or", "not"):
            raise Unreadable(start)
        sign, place = self.take("sign"), self.place
        value = self.value()
        if isinstance(value, str) and sign not in ("==", "!="):
            raise Unreadable(place)
        return Comparison(name, sign, value)

    def value(self) -> Value:
        kind = self.left[0][0] if self.left else ""
        if kind == "number":
            text = self.take("number")
            return float(text[:-1]) / 100 if text.endswith("%") else float(text)
        if kind == "quoted":
            return self.take("quoted")[1:-1]
        word = self.take("name")
        if word in ("and", "or", "not"):
            raise Unreadable(self.place)
        return word
