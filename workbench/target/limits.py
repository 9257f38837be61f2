"""Limits on an allocation: what each unit carries at least and at most, and whether that can be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.target.amounts import Amounts, listed, money, read_amounts
from workbench.target.curve import Floats, floats

DUST = 1e-9


@dataclass(frozen=True, eq=False)
class Limits:
    """Lowest and highest amount per unit, in the order of the units.

    Attributes:
        units: names.
        locks, floors, caps: as given, NaN where not given.
        growth: the highest amount that ``max_growth`` allows, NaN where it sets none.
    """

    units: tuple[str, ...]
    locks: Floats
    floors: Floats
    caps: Floats
    growth: Floats

    @property
    def locked(self) -> NDArray[np.bool_]:
        """Which units carry a fixed amount."""
        return np.isfinite(self.locks)

    @property
    def lower(self) -> Floats:
        """The least each unit may carry; never below zero."""
        return np.where(self.locked, self.locks, np.nan_to_num(self.floors, nan=0.0))

    @property
    def upper(self) -> Floats:
        """The most each unit may carry; infinite without a limit."""
        highest = np.fmin(np.fmin(self.caps, self.growth), np.inf)
        return np.where(self.locked, self.locks, np.where(np.isnan(highest), np.inf, highest))


def read_limits(
    units: Sequence[str],
    history: "pd.Series[float]",
    *,
    locks: Amounts | None = None,
    floors: Amounts | float | None = None,
    caps: Amounts | float | None = None,
    max_growth: Amounts | float | None = None,
) -> tuple[Limits, list[Problem]]:
    """The limits as arrays, and every problem with the amounts themselves."""
    fixed, problems = read_amounts("locks", locks, units)
    least, more = read_amounts("floors", floors, units, everywhere=True)
    most, still_more = read_amounts("caps", caps, units, everywhere=True)
    growth, growth_problems = read_amounts("max_growth", max_growth, units, everywhere=True)
    allowed = (1 + growth) * history.reindex(growth.index)
    limits = Limits(
        units=tuple(units),
        locks=floats(fixed),
        floors=floats(least),
        caps=floats(most),
        growth=floats(allowed),
    )
    return limits, [*problems, *more, *still_more, *growth_problems]


def clashes(limits: Limits, target: float) -> list[Problem]:
    """Which limits contradict each other or the target; empty if an allocation exists.

    An allocation exists exactly when no unit's lower limit is above its upper one and the target
    lies between the sums of the lower and of the upper limits.
    """
    found = within_units(limits)
    lower, upper = limits.lower, limits.upper
    tolerance = DUST * max(target, 1.0)
    facts = {"target": money(target)}
    if lower.sum() > target + tolerance:
        rows = _largest(limits, lower, "floors")
        facts |= {"sum": money(lower.sum()), "excess": money(lower.sum() - target), "rows": rows}
        found.append(Problem("target.floors_above_target", facts))
    if upper.sum() < target - tolerance:
        rows = _largest(limits, upper, "caps")
        facts |= {"sum": money(upper.sum()), "excess": money(target - upper.sum()), "rows": rows}
        found.append(Problem("target.caps_below_target", facts))
    return found


def hits(limits: Limits, wanted: Floats) -> "pd.Series[str]":
    """Per unit the limit that holds it: locked, floor, cap, growth, or an empty text.

    Args:
        limits: the limits.
        wanted: what each unit would carry without them.
    """
    above = wanted > limits.upper
    by_growth = np.nan_to_num(limits.growth, nan=np.inf) < np.nan_to_num(limits.caps, nan=np.inf)
    names = np.select(
        [limits.locked, wanted < limits.lower, above & by_growth, above],
        ["locked", "floor", "growth", "cap"],
        default="",
    )
    return pd.Series(names, index=pd.Index(limits.units, name="unit"), dtype=str, name="limit")


def within_units(limits: Limits) -> list[Problem]:
    """Where the limits of one and the same unit contradict each other."""
    pairs = [
        _pairs("target.floor_above_cap", limits.units, limits.floors, limits.caps),
        _pairs("target.floor_above_growth", limits.units, limits.floors, limits.growth),
        _pairs("target.lock_below_floor", limits.units, limits.floors, limits.locks),
        _pairs("target.lock_above_cap", limits.units, limits.locks, limits.caps),
        _pairs("target.lock_above_growth", limits.units, limits.locks, limits.growth),
    ]
    return [problem for problem in pairs if problem is not None]


def _pairs(code: str, units: tuple[str, ...], low: Floats, high: Floats) -> Problem | None:
    """The problem where ``low`` stands above ``high``; NaN means no such limit."""
    wrong = np.flatnonzero(low > high + DUST * np.maximum(np.abs(high), 1.0))
    if not len(wrong):
        return None
    rows = [f"{units[at]}: {money(low[at])} > {money(high[at])}" for at in wrong]
    return Problem(code, {"count": len(rows), "rows": listed(rows)})


def _largest(limits: Limits, amounts: Floats, name: str) -> str:
    """The largest limits, each with the option that sets it."""
    kinds = np.where(limits.locked, "locks", name).astype(object)
    if name == "caps":
        kinds[~limits.locked & (limits.growth == amounts)] = "max_growth"
    order = np.argsort(-amounts, kind="stable")
    rows = [f"{limits.units[at]}: {money(amounts[at])} ({kinds[at]})" for at in order]
    return listed(rows)
