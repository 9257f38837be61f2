"""The answer of a finished run in a few lines, for the terminal."""

import os
from pathlib import Path
from typing import Any

from workbench.report.metrics import ALL_UNITS
from workbench.report.safe import columns
from workbench.report.words import Words
from workbench.run.result import RunResult

LEVELS = ("commit", "base", "stretch")
MOST_UNITS = 12


def summary(result: RunResult) -> list[str]:
    """Commit, base and stretch of all units and of each; the target's probability; the files."""
    record = result.record
    words = Words(result.language, record["currency"])
    numbers = {(m["node"], m["metric"]): m["value"] for m in record["metrics"]}
    return [*_levels(numbers, words), _last(numbers, result, words)]


def _levels(numbers: dict[tuple[str, str], Any], words: Words) -> list[str]:
    """One line per unit with its three amounts, the sum of all first."""
    nodes = [node for node, metric in numbers if metric == "base"]
    nodes.sort(key=lambda node: (node != ALL_UNITS, -numbers[node, "base"]))
    shown = nodes[: MOST_UNITS + 1]
    names = [words("total") if node == ALL_UNITS else node for node in shown]
    width = max(map(columns, names), default=0)
    lines = []
    for node, name in zip(shown, names, strict=True):
        parts = [f"{words(level)} {words.money(numbers[node, level]):>12}" for level in LEVELS]
        lines.append(f"{name}{' ' * (width - columns(name))}  {'  '.join(parts)}")
    if len(nodes) > len(shown):
        lines.append(words("others", count=len(nodes) - len(shown)))
    return lines


def _last(numbers: dict[tuple[str, str], Any], result: RunResult, words: Words) -> str:
    """The target with its probability, where there is one, and where the files are."""
    files = f"{_short(result.report)}  {_short(result.results)}"
    target = numbers.get((ALL_UNITS, "target"))
    if target is None:
        return files
    chance = words.probability(numbers[ALL_UNITS, "probability"])
    named = words("labelled", name=words("target"), value=words.money(target))
    likely = words("labelled", name=words("probability"), value=chance)
    return f"{named}  {likely}  {files}"


def _short(path: Path) -> str:
    """The path as seen from here, where it lies below."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
