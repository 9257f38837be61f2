"""The stages of a notebook: what it does now, in the reader's language, and how long it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.errors import Language


@dataclass(frozen=True)
class Stage:
    """One step of a run; ``seconds`` is None while it is under way.

    >>> print(Stage(2, 7, "Forecast")); print(Stage(2, 7, "Forecast", seconds=12.34))
    2/7 Forecast …
    2/7 Forecast 12.3 s
    """

    number: int
    of: int
    name: str
    seconds: float | None = None

    def __str__(self) -> str:
        done = "…" if self.seconds is None else f"{self.seconds:.1f} s"
        return f"{self.number}/{self.of} {self.name} {done}"

    def took(self, seconds: float) -> "Stage":
        """The same stage, finished."""
        return replace(self, seconds=seconds)


def stage_name(cell: Mapping[str, Any], language: Language) -> str:
    """What a cell says it does (metadata ``stage: {en, zh}``), or ""."""
    names = cell.get("metadata", {}).get("stage", {})
    return str(names.get(language, ""))


def stages(
    cells: Sequence[Mapping[str, Any]], language: Language, *last: str
) -> tuple[Mapping[str, Stage], tuple[Stage, ...]]:
    """The stages by cell id in the order they run, and those named in ``last`` that follow them."""
    named = [(str(cell.get("id", "")), stage_name(cell, language)) for cell in cells]
    named = [(cell_id, name) for cell_id, name in named if name]
    of = len(named) + len(last)
    inside = {cell_id: Stage(i, of, name) for i, (cell_id, name) in enumerate(named, start=1)}
    after = tuple(Stage(i, of, name) for i, name in enumerate(last, start=len(named) + 1))
    return inside, after
