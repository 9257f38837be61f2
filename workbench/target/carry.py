"""Can the people carry it: what is beyond their capacity is flagged, and goes to others."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.amounts import listed, money
from workbench.target.capacity import Capacity
from workbench.target.cascade import solved
from workbench.target.cascaded import Cascade

CANNOT = {"cascade.caps_below_target", "cascade.caps_below_node"}


@dataclass(frozen=True, eq=False)
class Load:
    """A cascade before and after capacity was looked at.

    Attributes:
        before: without regard to capacity.
        after: with every unit's capacity as a cap; the same as ``before`` where the people there
            cannot carry the target at all.
        capacity: unit → the most it can sell; NaN where unknown.
        short: how much of the target nobody can carry; zero where it can be carried.
        notices: which targets were moved, or how many people are missing.
    """

    before: Cascade
    after: Cascade
    capacity: "pd.Series[float]"
    short: float
    notices: tuple[Problem, ...] = ()

    def table(self) -> pd.DataFrame:
        """One row per unit: capacity, target and load before and after, probability after, over."""
        before, after = self.before.targets, self.after.targets
        able = self.capacity.where(self.capacity > 0)
        chances = self.after.chances[self.after.tree.leaf]
        return pd.DataFrame(
            {
                "capacity": self.capacity,
                "before": before,
                "load_before": before / able,
                "over": before > self.capacity,
                "target": after,
                "load": after / able,
                "probability": pd.Series(chances, index=after.index),
            }
        )


def carry(cascade: Cascade, able: Capacity) -> Load:
    """Flag targets beyond capacity, and split again with the capacities as caps.

    Locks hold: a unit locked above its capacity stays where it is, and is flagged.

    Raises:
        TargetError: as for ``cascade``, except that too little capacity is told in ``notices``.
    """
    units = able.units.reindex(cascade.targets.index)
    ceiling = units.where(~_locked(cascade) | (cascade.targets <= units))
    over = cascade.targets > units
    try:
        after = solved(replace(cascade.asked, capacity=units, ceiling=ceiling), cascade.tree)
    except TargetError as failed:
        if not {problem.code for problem in failed.problems} <= CANNOT:
            raise
        return _short(cascade, able, units)
    rows = [
        f"{unit}: {money(cascade.targets[unit])} > {money(units[unit])}"
        for unit in units[over].index
    ]
    told = [Problem("capacity.over", {"count": len(rows), "rows": listed(rows)})] if rows else []
    return Load(cascade, after, units, 0.0, (*able.notices, *told))


def _locked(cascade: Cascade) -> "pd.Series[bool]":
    held = np.asarray(cascade.limits, dtype=object)[cascade.tree.leaf]
    return pd.Series(held == "locked", index=cascade.targets.index)


def _short(cascade: Cascade, able: Capacity, units: "pd.Series[float]") -> Load:
    """The target is more than the people, within all other limits, can carry."""
    most = float(units.fillna(0.0).sum())
    missing = max(cascade.target - most, 0.0)
    there = able.people[able.people["capacity"] > 0]
    one = float(there["capacity"].sum() / len(there)) if len(there) else np.nan
    facts = {
        "capacity": money(round(most)),
        "target": money(cascade.target),
        "missing": money(round(missing)),
        "people": f"{max(np.ceil(missing / one), 1):.0f}" if one > 0 else "—",
    }
    notice = Problem("capacity.short", facts)
    return Load(cascade, cascade, units, missing, (*able.notices, notice))
