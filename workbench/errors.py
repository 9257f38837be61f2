"""Every error and warning: what is wrong, what was found, what to do.

A :class:`Problem` is a code and its facts; the sentences stand in
``workbench/messages/<room>.yaml``, English and Chinese side by side, so that a planner reads them
in the language of the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["en", "zh"]
Part = Literal["what", "found", "do"]
PARTS: tuple[Part, ...] = ("what", "found", "do")
HEADINGS: Mapping[Language, Mapping[Part, str]] = {
    "en": {"what": "What is wrong", "found": "Found", "do": "What to do"},
    "zh": {"what": "问题", "found": "发现", "do": "处理"},
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or worth saying, about the input.

    A fact that is a word takes one per language, as ``{"en": "weeks", "zh": "周"}``.

    >>> print(Problem("period.unreadable", {"text": "2026Q5"}))
    What is wrong: The period cannot be read.
    Found: '2026Q5'
    What to do: Write a quarter (2026Q4), a month (2026-11), an ISO week (2026W47), a year (2026) \
or a range (2026-10-01/2026-12-31).
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def part(self, part: Part, language: Language = "en") -> str:
        """One of the three sentences, in ``language``."""
        room, _, name = self.code.partition(".")
        sentence: str = messages(room)[name][language][part]
        facts = {
            name: fact[language] if isinstance(fact, Mapping) else fact
            for name, fact in self.facts.items()
        }
        return sentence.format_map(facts)

    def text(self, language: Language = "en") -> str:
        """The three sentences, each with its heading, on three lines."""
        separator = "：" if language == "zh" else ": "
        return "\n".join(
            f"{HEADINGS[language][part]}{separator}{self.part(part, language)}" for part in PARTS
        )

    def __str__(self) -> str:
        return self.text()


@cache
def messages(room: str) -> Mapping[str, Any]:
    """The catalogue of one room: name → language → what / found / do."""
    import yaml

    text = resources.files("workbench").joinpath(f"messages/{room}.yaml").read_text("utf-8")
    catalogue: Mapping[str, Any] = yaml.safe_load(text)
    return catalogue


class WorkbenchError(ValueError):
    """All the problems that stop one piece of work, collected before raising."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(*problems)

    def text(self, language: Language = "en") -> str:
        """Every problem, a blank line between two."""
        return "\n\n".join(problem.text(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.text()


class ParameterError(WorkbenchError):
    """A parameter that cannot be used: mistyped, out of range, contradicting another."""


class DataError(WorkbenchError):
    """Input tables that cannot be planned on."""


class ForecastError(WorkbenchError):
    """A forecast that cannot be made from this panel."""


class TargetError(WorkbenchError):
    """A target or a set of limits that cannot hold."""


class CampaignError(WorkbenchError):
    """A campaign that cannot be simulated as it is described."""


class RunError(WorkbenchError):
    """A notebook run that could not be started or did not finish; what is left is in ``folder``."""

    folder = ""


class WorkbenchWarning(UserWarning):
    """Something the reader can act on; the text is that of a :class:`Problem`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))
