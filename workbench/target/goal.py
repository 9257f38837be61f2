"""The target a report is about: the one set for all units, else their sum, else the base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.allocate import Allocation
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

SHOWN = 5
LEAST_WHOLE = 100
ADDS_UP = 0.005
"""Units' targets add up to the target of all when they differ by less than this share of it."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What is to be reached, and which targets were set.

    Attributes:
        total: the target of all units that the report splits.
        asked: the same where somebody set it; None where ``total`` is the base.
        given: unit → target as it was set, the empty name for all units; empty where none was.
        notices: where ``total`` comes from when nobody set it, and what is odd about ``given``.
    """

    total: float
    asked: float | None
    given: "pd.Series[float]"
    notices: tuple[Problem, ...] = ()

    def all_targets(self, plan: Allocation) -> "pd.Series[float]":
        """The targets that are scored later: those set, and the parts of one that was split."""
        if self.asked is None:
            return self.given
        rest = plan.targets[[unit for unit in plan.targets.index if unit not in self.given.index]]
        return pd.concat([self.given, rest])


def goal_of(
    target: float | None,
    outlook: Outlook,
    *,
    given: "Mapping[str, float] | pd.Series[float] | None" = None,
    notices: tuple[Problem, ...] = (),
    step: float = 0.01,
) -> Goal:
    """The target to split: ``target``, else that of all units in ``given``, else the base (50 %).

    Args:
        target: the target of all units in the parameters; None where none is set.
        outlook: the units, and what they are likely to sell.
        given: unit → target as read from a file; the empty name stands for all units.
        notices: what was noticed when it was read.
        step: what targets are multiples of; a base is rounded to whole amounts at least.
    """
    read = pd.Series({} if given is None else dict(given), dtype=float)
    known = read[[name in (ALL_UNITS, *outlook.units) for name in read.index]]
    said = (*notices, *oddities(read, outlook.units))
    if target is not None:
        rest = known.drop(ALL_UNITS, errors="ignore")
        return Goal(target, target, pd.concat([pd.Series({ALL_UNITS: target}), rest]), said)
    whole = _whole(known, outlook)
    if whole is not None:
        return Goal(whole, whole, known, said)
    median = outlook.target_at(0.5)
    if median <= 0:
        raise TargetError(Problem("goal.nothing_to_split", {"base": f"{median:,.0f}"}))
    base = _whole_amount(median, step)
    told = Problem("goal.none_set", {"base": f"{base:,.0f}"})
    return Goal(base, None, known, (*said, told))


def _whole_amount(amount: float, step: float) -> float:
    """A multiple of ``step``, with cents only below 100: no digits that nobody would set.

    >>> _whole_amount(506_750_656.44, 0.01), _whole_amount(1499, 1e3), _whole_amount(12.346, 0.01)
    (506750656.0, 1000.0, 12.35)
    """
    size = max(step, 1.0) if amount >= LEAST_WHOLE else step
    return max(round(round(amount / size) * size, 2), size)


def _whole(known: "pd.Series[float]", outlook: Outlook) -> float | None:
    """The target of all units in a file: its own row, else the sum where every unit has one."""
    if ALL_UNITS in known.index:
        return float(known[ALL_UNITS])
    return float(known.sum()) if set(outlook.units) <= set(known.index) else None


def oddities(read: "pd.Series[float]", units: Sequence[str]) -> tuple[Problem, ...]:
    """Targets of units that the sales do not have, and parts that miss the target of all."""
    strange = [str(name) for name in read.index if name not in (ALL_UNITS, *units)]
    found = []
    if strange:
        names = ", ".join(strange[:SHOWN]) + (", …" if len(strange) > SHOWN else "")
        facts: dict[str, object] = {"count": len(strange), "units": names}
        found.append(Problem("goal.without_sales", facts))
    if {ALL_UNITS, *units} <= set(read.index):
        whole, parts = float(read[ALL_UNITS]), float(read[list(units)].sum())
        if abs(whole - parts) > ADDS_UP * whole:
            sums = {"whole": f"{whole:,.0f}", "parts": f"{parts:,.0f}"}
            facts = {**sums, "gap": f"{parts - whole:+,.0f}"}
            found.append(Problem("goal.does_not_add_up", facts))
    return tuple(found)
