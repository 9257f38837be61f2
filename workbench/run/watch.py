"""What a reader should know before acting: everything that was noticed on the way, once."""

from collections.abc import Iterable
from typing import Protocol

from workbench.errors import Problem

SAID_BY = {"panel.negative_sales": frozenset({"data.negative_sums", "data.negative_days"})}
"""Notices that say nothing new where one of the others is given, with the money beside it."""

LATEST = frozenset({"schedule.capacity"})
"""Notices of which the last one holds: it counts what the earlier ones do, and more."""


class Noticing(Protocol):
    """A noun that says what was noticed when it was made."""

    @property
    def notices(self) -> Iterable[Problem]:
        """What was noticed."""


def noticed(*nouns: Noticing) -> tuple[Problem, ...]:
    """All notices of some nouns, in their order, each once; not the same thing in other words."""
    found = {problem.text(): problem for noun in nouns for problem in noun.notices}
    codes = {problem.code for problem in found.values()}
    last = {problem.code: problem for problem in found.values() if problem.code in LATEST}
    return tuple(
        p
        for p in found.values()
        if not codes & SAID_BY.get(p.code, frozenset()) and last.get(p.code, p) is p
    )
