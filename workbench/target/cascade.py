"""The cascade: a target from the company down to channels, teams, people, weeks and days."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import Problem, TargetError
from workbench.panel.hierarchy import Hierarchy
from workbench.panel.panel import Panel
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjusted_steps
from workbench.target.allocate import filled_history, odd_amounts, read_history, step_problems
from workbench.target.amounts import Amounts, listed, money, read_amounts, read_target
from workbench.target.cascade_limits import bound, node_history, read_node_limits
from workbench.target.cascade_solve import (
    Curves,
    equal_curves,
    held_by,
    split_down,
    weighted_curves,
)
from workbench.target.cascaded import CASCADE_METHODS, Asked, Cascade, CascadeMethod
from workbench.target.curve import Floats, exceedance, floats
from workbench.target.days import DayTargets, split_over_days
from workbench.target.limits import Limits
from workbench.target.outlook import Outlook
from workbench.target.tree import Tree, grow_tree

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths


def cascade(
    target: float,
    outlook: Outlook,
    keys: "pd.DataFrame | Hierarchy | None" = None,
    *,
    paths: "SamplePaths | None" = None,
    panel: Panel | None = None,
    by: CascadeMethod = "equal_probability",
    locks: Amounts | None = None,
    floors: Amounts | float | None = None,
    caps: Amounts | float | None = None,
    max_growth: Amounts | float | None = None,
    unit: float = 0.01,
    day_unit: float | None = None,
    history: Amounts | None = None,
    shares: Amounts | None = None,
    capacity: Amounts | None = None,
    capped: bool = True,
    adjustments: Sequence[Adjustment] = (),
) -> Cascade:
    """Split a target from the company down every level to its units, then over weeks and days.

    ``equal_probability`` gives all nodes under one parent the same chance of reaching their part
    (all channels alike, all teams of a channel, all people of a team). ``history``, ``share`` and
    ``capacity`` split in proportion to earlier sales, given shares, or capacities. Limits may stand
    at any node; what they hold stays there, and the others are solved again.

    Args:
        target: of the company.
        outlook: the units and what they are likely to sell.
        keys: index unit, one column per level from coarse to fine, as in ``Sales.keys``; or a
            hierarchy; without them the company stands right above the units.
        paths: the paths behind the outlook; with them the targets go on to weeks and days.
        panel: the history, for last year's comparable weeks and days in the sheet.
        by: the method.
        locks: node → amount that is fixed. A node is named by its name, the way to it
            (``online / north``), or ``team=north``.
        floors, caps: least and most; node → amount, or one number for every unit.
        max_growth: most growth on ``history``, 0.2 = 20 %; node → growth, or one for every unit.
        unit: targets of the period are whole multiples of this.
        day_unit: targets of days are; the smaller of ``unit`` and 1 where not given.
        history: unit → earlier amount; by default the same period last year.
        shares: unit → weight, for ``by="share"``.
        capacity: unit → the most it can sell (see ``workbench.target.capacity``): a cap for every
            unit that has one, and the weight of ``by="capacity"``.
        capped: whether capacities are caps; else only the weight of ``by="capacity"``.
        adjustments: those in the outlook, so that the days follow them.

    Raises:
        TargetError: every unusable amount, and every contradiction between limits at any level.

    >>> totals = pd.DataFrame({"An": [80.0, 100, 120], "Bo": [40.0, 60, 50], "Cy": [9.0, 10, 12]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> keys = pd.DataFrame({"team": ["north", "north", "south"]}, index=["An", "Bo", "Cy"])
    >>> plan = cascade(175, seen, keys, locks={"north": 160}, unit=1)
    >>> plan.nodes()[["node", "target", "limit"]].values.tolist()
    [['', 175.0, ''], ['north', 160.0, 'locked'], ['south', 15.0, ''], ['An', 107.0, ''], \
['Bo', 53.0, ''], ['Cy', 15.0, '']]
    >>> plan.relock({"An": 110}).targets.to_dict()
    {'An': 110.0, 'Bo': 50.0, 'Cy': 15.0}
    """
    asked = Asked(
        target=target,
        outlook=outlook,
        by=by,
        locks=locks,
        floors=floors,
        caps=caps,
        max_growth=max_growth,
        unit=unit,
        day_unit=day_unit,
        history=history,
        shares=shares,
        capacity=capacity,
        ceiling=capacity if capped else None,
        paths=paths,
        panel=panel,
        adjustments=tuple(adjustments),
    )
    return solved(asked, grow_tree(outlook.units, keys))


def solved(asked: Asked, tree: Tree) -> Cascade:
    """The cascade that was asked for."""
    amount, seen = read_target(asked.target), asked.outlook
    past, problems = read_history(seen, asked.history)
    before = node_history(tree, past)
    limits, more = read_node_limits(
        tree,
        before,
        locks=asked.locks,
        floors=asked.floors,
        caps=asked.caps,
        max_growth=asked.max_growth,
    )
    limits, ceilings, capacity_problems = _within_capacity(limits, asked.ceiling, tree)
    problems += capacity_problems
    ordered = _ordered(tree, seen)
    curves, still_more = _curves(asked, tree, past, ordered)
    problems += more + still_more + step_problems(asked.unit, amount)
    problems += [] if asked.day_unit is None else step_problems(asked.day_unit, amount)
    if not problems:
        bounds, problems = bound(tree, limits, amount)
    if problems or curves is None:
        raise TargetError(*problems)
    amounts, wanted, dial = split_down(tree, amount, bounds, curves, step=asked.unit)
    targets = pd.Series(amounts[tree.leaf], index=pd.Index(tree.units, name="unit"), name="target")
    days = _days(asked, targets)
    held = held_by(tree, bounds, amounts, wanted)
    held = tuple(_named(*pair) for pair in zip(held, ceilings.tolist(), strict=True))
    fixed = limits.locks[limits.locked].tolist()
    return Cascade(
        tree=tree,
        targets=targets,
        amounts=amounts,
        chances=exceedance(ordered, amounts),
        limits=held,
        history=before,
        days=days,
        asked=replace(asked, target=amount),
        notices=(
            *odd_amounts([amount, *fixed], asked.unit),
            *_without_history(asked, past),
            *_beyond(asked, tree, held, dial),
            *(days.notices if days else ()),
        ),
    )


def _within_capacity(
    limits: Limits, capacity: Amounts | None, tree: Tree
) -> tuple[Limits, NDArray[np.bool_], list[Problem]]:
    """The limits with each unit's capacity as a cap, and at which nodes it is the lower of both."""
    known = capacity.dropna() if isinstance(capacity, pd.Series) else capacity
    most, problems = read_amounts("capacity", known, tree.units)
    ceiling = np.full(tree.n_nodes, np.nan)
    ceiling[tree.leaf] = floats(most)
    lower = np.nan_to_num(ceiling, nan=np.inf) < np.nan_to_num(limits.caps, nan=np.inf)
    return replace(limits, caps=np.fmin(limits.caps, ceiling)), lower, problems


def _named(held: str, by_capacity: bool) -> str:
    return "capacity" if held == "cap" and by_capacity else held


def _ordered(tree: Tree, outlook: Outlook) -> Floats:
    """Each node's totals in ascending order: (n_paths, nodes)."""
    by_node = np.ascontiguousarray(tree.sums(floats(outlook.totals)).T)
    by_node.sort(axis=1)
    return by_node.T


def _curves(
    asked: Asked, tree: Tree, past: "pd.Series[float]", ordered: Floats
) -> tuple[Curves | None, list[Problem]]:
    """How the nodes under one parent rise together, or what stands in the way."""
    if asked.by == "equal_probability":
        return equal_curves(ordered), []
    if asked.by == "history":
        if past.notna().any():
            return weighted_curves(tree.sums(filled_history(past, asked.outlook))), []
        return None, [Problem("target.no_history", {"units": listed(tree.units)})]
    if asked.by in ("share", "capacity"):
        name, given = (
            ("shares", asked.shares) if asked.by == "share" else ("capacity", asked.capacity)
        )
        weights, problems = read_amounts(name, given, tree.units)
        absent = list(weights.index[weights.isna()])
        if absent and not problems:
            facts = {"name": name, "count": len(absent), "units": listed(absent)}
            problems = [Problem("cascade.weight_missing", facts)]
        if not problems and not weights.sum() > 0:
            facts = {"name": name, "units": listed(tree.units)}
            problems = [Problem("cascade.weights_zero", facts)]
        return (None if problems else weighted_curves(tree.sums(floats(weights)))), problems
    facts = {"value": repr(asked.by), "methods": ", ".join(CASCADE_METHODS)}
    return None, [Problem("target.method", facts)]


def _days(asked: Asked, targets: "pd.Series[float]") -> DayTargets | None:
    if asked.paths is None or asked.outlook.over:
        return None
    step = min(asked.unit, 1.0) if asked.day_unit is None else asked.day_unit
    shape = None
    if asked.adjustments:
        shape = adjusted_steps(asked.adjustments, asked.outlook, asked.paths)
    return split_over_days(targets, asked.outlook, asked.paths, step=step, expected=shape)


def _without_history(asked: Asked, past: "pd.Series[float]") -> list[Problem]:
    missing = list(past.index[past.isna()])
    if not missing or (asked.by != "history" and asked.max_growth is None):
        return []
    return [Problem("target.without_history", {"count": len(missing), "units": listed(missing)})]


def _beyond(asked: Asked, tree: Tree, held: tuple[str, ...], dial: float) -> list[Problem]:
    """That the target lies beyond all paths, where some node right below the company is free."""
    free = any(not held[node] for node in tree.children[0])
    if asked.by != "equal_probability" or 0 <= dial <= 1 or not free:
        return []
    code = "target.above_all_paths" if dial > 1 else "target.below_all_paths"
    return [Problem(code, {"target": money(asked.target)})]
