"""The names of the parts of a forecast and of what moved it."""

from workbench.forecast.change import PLAN
from workbench.report.safe import shorten
from workbench.report.words import Words

WIDTH = 24


def part_name(part: str, words: Words) -> str:
    """A part in the reader's words; a column known ahead by its own name where it has no other."""
    known = words.either(f"part.{part.replace(' ', '_')}", "")
    return known or words.either(f"plan.{part}", shorten(part, WIDTH))


def cause_name(cause: str, words: Words) -> str:
    """A cause of a change in the reader's words."""
    if cause.startswith(PLAN):
        return words("change.plan", name=part_name(cause.removeprefix(PLAN), words))
    return words(f"change.{cause}")
