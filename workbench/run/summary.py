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
    numbers = _numbers(record)
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


def headline(record: dict[str, Any], words: Words) -> str:
    """A finished run in one line: the target and its probability, else the base, else notices."""
    numbers = _numbers(record)
    base = numbers.get((ALL_UNITS, "base"))
    if found := _target(numbers, words):
        return found
    if base is not None:
        return words("labelled", name=words("base"), value=words.money(base))
    return words("batch.notices", count=len(record.get("notices", ())))


def _numbers(record: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {(m["node"], m["metric"]): m["value"] for m in record["metrics"]}


def _last(numbers: dict[tuple[str, str], Any], result: RunResult, words: Words) -> str:
    """The target with its probability, where there is one, and where the files are."""
    files = f"{shown_path(result.report)}  {shown_path(result.results)}"
    target = _target(numbers, words)
    return f"{target}  {files}" if target else files


def _target(numbers: dict[tuple[str, str], Any], words: Words) -> str:
    """The target of all units with its probability, or "" where none is set."""
    target, chance = (numbers.get((ALL_UNITS, name)) for name in ("target", "probability"))
    if target is None or chance is None:
        return ""
    named = words("labelled", name=words("target"), value=words.money(target))
    likely = words("labelled", name=words("probability"), value=words.probability(chance))
    return f"{named}  {likely}"


def shown_path(path: Path) -> str:
    """The path as seen from here, where it lies below."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
