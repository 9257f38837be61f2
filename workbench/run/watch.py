"""What a reader should know before acting: everything that was noticed on the way, once."""

from collections.abc import Iterable
from typing import Protocol

from workbench.errors import Problem


class Noticing(Protocol):
    """A noun that says what was noticed when it was made."""

    @property
    def notices(self) -> Iterable[Problem]:
        """What was noticed."""


def noticed(*nouns: Noticing) -> tuple[Problem, ...]:
    """All notices of some nouns, in their order, each once."""
    found = {problem.text(): problem for noun in nouns for problem in noun.notices}
    return tuple(found.values())
