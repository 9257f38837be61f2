"""The target a report is about: the one in the parameters, else the file's, else the base."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from workbench.errors import Problem
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS


@dataclass(frozen=True, eq=False)
class Goal:
    """What is to be reached, and which targets were set.

    Attributes:
        total: the target of all units that the report splits.
        asked: the same where somebody set it; None where ``total`` is the base.
        given: unit → target as it was set, the empty name for all units; ``total`` at least.
        notices: where ``total`` comes from, when nobody set it.
    """

    total: float
    asked: float | None
    given: "pd.Series[float]"
    notices: tuple[Problem, ...] = ()


def chosen_goal(
    target: float | None, outlook: Outlook, *, given: Mapping[str, float] | None = None
) -> Goal:
    """The target to split: ``target``, else that of all units in ``given``, else the base (50 %).

    Args:
        target: the target of all units in the parameters; None where none is set.
        outlook: the units, and what they are likely to sell.
        given: unit → target as read from a file; the empty name stands for all units.
    """
    set_before = pd.Series(dict(given or {}), dtype=float)
    known = set_before[[name in (ALL_UNITS, *outlook.units) for name in set_before.index]]
    if target is not None:
        known = pd.concat([pd.Series({ALL_UNITS: target}), known.drop(ALL_UNITS, errors="ignore")])
        return Goal(target, target, known)
    if ALL_UNITS in known.index:
        return Goal(float(known[ALL_UNITS]), float(known[ALL_UNITS]), known)
    if set(outlook.units) <= set(known.index):
        whole = float(known.sum())
        return Goal(whole, whole, known)
    base = outlook.target_at(0.5)
    asked = pd.concat([pd.Series({ALL_UNITS: base}), known])
    return Goal(base, None, asked, (Problem("run.no_target", {"base": f"{base:,.0f}"}),))
