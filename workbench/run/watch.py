"""What a reader should know before acting: everything that was noticed on the way, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Protocol

from workbench.errors import Language, Problem
from workbench.report.words import Words

NOTHING: dict[Language, str] = {
    "en": "Nothing stood out in the data, the forecast or the target.",
    "zh": "数据、预测与目标均未发现需要特别留意之处。",
}


class Noticing(Protocol):
    """A noun that says what was noticed when it was made."""

    @property
    def notices(self) -> Iterable[Problem]:
        """What was noticed."""


@dataclass(frozen=True)
class Noticed:
    """Notices to be displayed: what it is, what was found, what to do."""

    problems: tuple[Problem, ...]
    words: Words

    def __repr__(self) -> str:
        texts = [problem.text(self.words.language) for problem in self.problems]
        return "\n\n".join(texts) or NOTHING[self.words.language]

    def _repr_html_(self) -> str:
        if not self.problems:
            return f"<p>{escape(NOTHING[self.words.language])}</p>"
        items = "".join(_item(*map(escape, self.words.problem(one))) for one in self.problems)
        return f'<ul class="notices">{items}</ul>'


def noticed(words: Words, *nouns: Noticing) -> Noticed:
    """All notices of some nouns, in their order, each once."""
    found = {problem.text(): problem for noun in nouns for problem in noun.notices}
    return Noticed(tuple(found.values()), words)


def _item(what: str, found: str, do: str) -> str:
    return f"<li><strong>{what}</strong><br>{found}<br>{do}</li>"
