"""Looking back at a period that is over by now; until then, how to do it later."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from workbench.errors import Language
from workbench.report.given import given_targets, what_happened
from workbench.report.tables.targets import given_table
from workbench.report.words import Words
from workbench.run.goal import Goal
from workbench.target.allocate import Allocation
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.report.shown import GT

LATER: dict[Language, str] = {
    "en": "The period runs until {end}. Run this notebook again after that with "
    "as_of={as_of}: it will say here what happened.",
    "zh": "本周期到 {end} 结束。届时以 as_of={as_of} 重新运行本报告，这里会给出实际结果。",
}


@dataclass(frozen=True)
class Note:
    """One sentence, displayed as a paragraph."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


def look_back(
    goal: Goal,
    plan: Allocation,
    outlook: Outlook,
    words: Words,
    *,
    later: pd.DataFrame | None,
) -> "GT | Note":
    """Targets, the probability said at ``as_of``, and what happened, once the period is over."""
    table = hindsight(goal, plan, outlook, later=later)
    if table is None:
        day = f"{outlook.as_of:%Y-%m-%d}"
        return Note(LATER[words.language].format(end=outlook.period.end, as_of=day))
    return given_table(table, words, outlook=outlook)


def hindsight(
    goal: Goal, plan: Allocation, outlook: Outlook, *, later: pd.DataFrame | None
) -> pd.DataFrame | None:
    """The same as a table: target, base, probability, actual, attainment, reached; None before.

    Units for which nobody set a target are measured by their part of the allocation.
    """
    if what_happened(outlook, later) is None:
        return None
    targets = {ALL_UNITS: goal.total, **plan.targets.to_dict(), **goal.given.to_dict()}
    return given_targets(pd.Series(targets, dtype=float), outlook, later=later)
