"""A target at every node of a tree, and over the weeks and days of its period."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from workbench.errors import Language, Problem, TargetError
from workbench.panel.panel import Panel
from workbench.target.adjustment import Adjustment
from workbench.target.amounts import Amounts
from workbench.target.curve import Floats
from workbench.target.days import DayTargets
from workbench.target.outlook import Outlook
from workbench.target.tree import Tree

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths
    from workbench.target.step_chances import StepChances

CascadeMethod = Literal["equal_probability", "history", "share", "capacity"]
CASCADE_METHODS: tuple[CascadeMethod, ...] = get_args(CascadeMethod)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a cascade was asked for, so that it can be asked again with a change."""

    target: float
    outlook: Outlook
    by: CascadeMethod
    locks: Amounts | None = None
    floors: Amounts | float | None = None
    caps: Amounts | float | None = None
    max_growth: Amounts | float | None = None
    unit: float = 0.01
    day_unit: float | None = None
    history: Amounts | None = None
    shares: Amounts | None = None
    capacity: Amounts | None = None
    ceiling: Amounts | None = None
    paths: "SamplePaths | None" = None
    panel: Panel | None = None
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, eq=False)
class Cascade:
    """A target at every node of a tree, and over the weeks and days of the period.

    Attributes:
        tree: the nodes; the first is the company, with the empty name.
        targets: unit → target.
        amounts: (nodes,), the target of every node; children add up to their parent.
        chances: (nodes,), how likely each node reaches its target.
        limits: per node what holds it: ``locked``, ``floor``, ``cap``, ``capacity``, ``growth``,
            ``below`` (limits further down) or an empty text.
        history: (nodes,), the earlier amount of the units that have one; NaN where none has.
        days: the units' targets by date; None where no paths were given.
        asked: the target, the outlook and the options.
        notices: what was noticed and how it was taken.
    """

    tree: Tree
    targets: "pd.Series[float]"
    amounts: Floats
    chances: Floats
    limits: tuple[str, ...]
    history: Floats
    days: DayTargets | None
    asked: Asked
    notices: tuple[Problem, ...] = ()

    @property
    def target(self) -> float:
        """What was split."""
        return self.asked.target

    @property
    def method(self) -> CascadeMethod:
        """How it was split."""
        return self.asked.by

    @property
    def company_probability(self) -> float:
        """How likely the sum of all units reaches the target."""
        return float(self.chances[0])

    def nodes(self) -> pd.DataFrame:
        """One row per node, from the company (empty name) down.

        Columns level, node, the keys, parent, target, share (of the parent's target), probability,
        last_year, growth, limit.
        """
        tree = self.tree
        above = np.maximum(tree.parent, 0)
        whole = np.where(self.amounts[above] > 0, self.amounts[above], np.nan)
        keys = pd.DataFrame(list(tree.keys), columns=list(tree.columns), dtype=str)
        names = np.asarray(tree.names, dtype=object)
        return pd.DataFrame(
            {
                "level": [tree.levels[at] for at in tree.level],
                "node": names,
                **{name: keys[name] for name in keys.columns},
                "parent": np.where(tree.parent >= 0, names[above], ""),
                "target": self.amounts,
                "share": self.amounts / whole,
                "probability": self.chances,
                "last_year": self.history,
                "growth": self.amounts / self.history - 1,
                "limit": list(self.limits),
            }
        )

    @cached_property
    def step_chances(self) -> "StepChances":
        """How likely every node reaches its target of each single day and week."""
        from workbench.target.step_chances import step_chances

        return step_chances(self)

    def at(self, level: str) -> pd.DataFrame:
        """The nodes of one level, indexed by name.

        Raises:
            TargetError: if there is no such level.
        """
        if level not in self.tree.levels:
            facts = {"level": level, "levels": ", ".join(self.tree.levels)}
            raise TargetError(Problem("cascade.no_level", facts))
        table = self.nodes()
        return table[table["level"] == level].set_index("node")

    def sheet(self) -> pd.DataFrame:
        """The table people work from: every node's target for the period, its weeks and days.

        Long; columns level, node, the keys, parent, span (``period``, ``to_date`` for what was
        sold already, ``week``, ``day``; ``month`` where the sales are monthly), start, end,
        target, probability (of the period, week or day by itself), last_year, share (of the
        parent for the period, else of the node's own period), limit. Amounts add up in whole
        cents: units to their parents on every date, days to weeks, weeks to the period.
        """
        return self._sheet.copy()

    @cached_property
    def _sheet(self) -> pd.DataFrame:
        """For thousands of people it is long, and figure, table and file all ask for it."""
        from workbench.target.sheet import cascade_sheet

        return cascade_sheet(self)

    def write(self, path: str | Path, *, language: Language = "en") -> Path:
        """Write the sheet as Parquet, CSV (UTF-8 with a mark, for Excel) or Excel by the name.

        The Excel file has one tab per level, with one column per week, and one with the days of
        every unit; CSV and Excel have their headers in ``language``.

        Raises:
            TargetError: a name that ends otherwise, or a folder that is not there.
        """
        from workbench.target.sheet_files import write_cascade

        return write_cascade(self, Path(path), language=language)

    def relock(self, locks: Mapping[str, float | None]) -> "Cascade":
        """The same cascade with some nodes locked (or, with None, let go); the rest solved again.

        Raises:
            TargetError: as for ``cascade``.
        """
        from workbench.target.cascade import solved
        from workbench.target.cascade_limits import read_locks

        merged = read_locks(self.tree, self.asked.locks, locks)
        return solved(replace(self.asked, locks=merged), self.tree)
