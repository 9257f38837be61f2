"""Locks, floors, caps and growth limits at any node of a tree, and whether they can all hold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.panel.hierarchy import UNIT
from workbench.target.amounts import Amounts, listed, money, read_amounts
from workbench.target.curve import Floats, floats
from workbench.target.limits import DUST, Limits, within_units
from workbench.target.tree import SEPARATOR, Tree

COMPANY = {"en": "all units", "zh": "合计"}


@dataclass(frozen=True, eq=False)
class Bounds:
    """What every node may carry.

    Attributes:
        own: the limits set at the nodes themselves.
        lower, upper: (nodes,), the same with what the nodes below and the target ask; an amount
            between the two can always be split further down.
    """

    own: Limits
    lower: Floats
    upper: Floats


def read_node_limits(
    tree: Tree,
    history: Floats,
    *,
    locks: Amounts | None = None,
    floors: Amounts | float | None = None,
    caps: Amounts | float | None = None,
    max_growth: Amounts | float | None = None,
) -> tuple[Limits, list[Problem]]:
    """The limits per node, and every problem with the amounts themselves.

    A node may be called by its name (``北区``), by the way to it (``online / 北区``), by its
    level and name (``team=北区``), a unit also by its name in the sales data. One number instead
    of a mapping holds for every unit, not for the nodes above. ``history`` is per node; a node
    without one has no growth limit.
    """
    called = _called(tree)
    found, problems = {}, list[Problem]()
    for name, given in (
        ("locks", locks),
        ("floors", floors),
        ("caps", caps),
        ("max_growth", max_growth),
    ):
        found[name], more = _at_nodes(name, given, tree, called)
        problems += more
    growth = (1 + found["max_growth"]) * history
    names = tuple(name or COMPANY["en"] for name in tree.alone)
    return Limits(names, found["locks"], found["floors"], found["caps"], growth), problems


def bound(tree: Tree, own: Limits, target: float) -> tuple[Bounds, list[Problem]]:
    """The bounds of every node, and every contradiction between limits at whatever levels.

    A target that splits exists exactly when nothing contradicts: a node's own limits each other,
    what the nodes below it carry at least or at most, or the target.
    """
    problems = within_units(own)
    own_low, own_high = own.lower, np.maximum(own.upper, own.lower)
    lower, upper = own_low.copy(), own_high.copy()
    too_low, too_high = list[int](), list[int]()
    for node in range(tree.n_nodes - 1, -1, -1):
        below = tree.children[node]
        if not len(below):
            continue
        least, most = float(lower[below].sum()), float(upper[below].sum())
        if node and least > own_high[node] + DUST * max(own_high[node], 1.0):
            too_low.append(node)
        if node and most < own_low[node] - DUST * max(own_low[node], 1.0):
            too_high.append(node)
        # A clash is told once, where it is; further up the limits below count.
        lower[node] = max(own_low[node], least) if node not in too_high else least
        upper[node] = min(own_high[node], most) if node not in too_low else most
        upper[node] = max(upper[node], lower[node])
    problems += _clash("cascade.floors_above_node", tree, own, too_low, lower, own_high)
    problems += _clash("cascade.caps_below_node", tree, own, too_high, upper, own_low)
    problems += _against_target(tree, own, lower, upper, target)
    if not problems:
        lower[0] = upper[0] = target
    return Bounds(own, lower, upper), problems


def _against_target(
    tree: Tree, own: Limits, lower: Floats, upper: Floats, target: float
) -> list[Problem]:
    dust, found = DUST * max(target, 1.0), []
    if lower[0] > target + dust:
        facts = {"target": money(target), "sum": money(lower[0])}
        facts |= {"excess": money(lower[0] - target), "rows": _largest(tree, own, lower, "floors")}
        found.append(Problem("cascade.floors_above_target", facts))
    if upper[0] < target - dust:
        facts = {"target": money(target), "sum": money(upper[0])}
        facts |= {"excess": money(target - upper[0]), "rows": _largest(tree, own, upper, "caps")}
        found.append(Problem("cascade.caps_below_target", facts))
    return found


def _clash(
    code: str, tree: Tree, own: Limits, nodes: list[int], below: Floats, itself: Floats
) -> list[Problem]:
    if not nodes:
        return []
    rows = []
    for node in sorted(nodes):
        parts = below[tree.children[node]]
        few = " + ".join(money(part) for part in parts[:3]) + (" + …" if len(parts) > 3 else "")
        sign = ">" if parts.sum() > itself[node] else "<"
        sums = f"{few} = {money(parts.sum())}" if len(parts) > 1 else few
        rows.append(f"{own.units[node]}: {sums} {sign} {money(itself[node])}")
    return [Problem(code, {"count": len(rows), "rows": listed(rows)})]


def _largest(tree: Tree, own: Limits, amounts: Floats, option: str) -> str:
    """The nodes whose own limits make up the sum, largest first, each with its option."""
    rows = []
    for node in _where_held(tree, own, amounts):
        kind = "locks" if own.locked[node] else option
        if kind == "caps" and own.growth[node] == amounts[node]:
            kind = "max_growth"
        rows.append((amounts[node], f"{own.units[node]}: {money(amounts[node])} ({kind})"))
    return listed([text for _, text in sorted(rows, key=lambda row: -row[0])])


def _where_held(tree: Tree, own: Limits, amounts: Floats) -> list[int]:
    """The highest nodes at which a limit, and not those below, says what must be carried."""
    found, look = [], [0]
    while look:
        node = look.pop()
        below = tree.children[node]
        if len(below) and np.isclose(amounts[below].sum(), amounts[node], rtol=DUST):
            look += list(below)
        elif np.isfinite(amounts[node]) and amounts[node] > 0:
            found.append(node)
        else:
            own_limits = own.locked[node] or np.isfinite(own.caps[node])
            found += [node] if own_limits else []
    return found


def _called(tree: Tree) -> dict[str, list[int]]:
    """Everything a node may be called by → the nodes."""
    found: dict[str, list[int]] = {}
    leaf = {int(node): unit for unit, node in zip(tree.units, tree.leaf, strict=True)}
    for node, name in enumerate(tree.names):
        level = tree.levels[tree.level[node]]
        way = _way(tree, node)
        for word in dict.fromkeys((name, leaf.get(node, name), way, f"{level}={name}")):
            found.setdefault(word, []).append(node)
    return found


def _way(tree: Tree, node: int) -> str:
    """The values from the first level down to a node, such as ``online / 北区``."""
    levels = tree.levels[1 : tree.level[node] + 1]
    values = [tree.keys[node][tree.columns.index(x)] for x in levels if x in tree.columns]
    if levels and levels[-1] == UNIT:
        values.append(tree.names[node])
    return SEPARATOR.join(values) if values and all(values) else tree.names[node]


def _at_nodes(
    name: str, given: Amounts | float | None, tree: Tree, called: Mapping[str, list[int]]
) -> tuple[Floats, list[Problem]]:
    """One kind of limit, per node."""
    out = np.full(tree.n_nodes, np.nan)
    single = given is not None and not hasattr(given, "items")
    amounts, problems = read_amounts(
        name, given, tree.units if single else list(called), everywhere=name != "locks"
    )
    if single:
        out[tree.leaf] = floats(amounts)
        return out, problems
    unclear, twice = [], []
    for word, amount in amounts.dropna().items():
        node, others = _one(tree, called[str(word)])
        if others:
            unclear.append(f"{word}: {' ; '.join(others)}")
        elif np.isfinite(out[node]):
            twice.append(tree.alone[node] or str(word))
        else:
            out[node] = amount
    if unclear:
        facts = {"name": name, "count": len(unclear), "rows": listed(unclear)}
        problems.append(Problem("cascade.unclear_name", facts))
    if twice:
        problems.append(Problem("cascade.node_twice", {"name": name, "nodes": listed(twice)}))
    return out, problems


def _one(tree: Tree, nodes: list[int]) -> tuple[int, list[str]]:
    """The node that is meant, and the names of all where that cannot be told.

    Where the only team of a channel has its name, the two carry the same and either will do.
    """
    spans = {(int(tree.start[node]), int(tree.stop[node])) for node in nodes}
    if len(spans) == 1:
        return nodes[0], []
    by_level = [f"{tree.levels[tree.level[node]]}={tree.names[node]}" for node in nodes]
    return nodes[0], list(dict.fromkeys([*by_level, *(_way(tree, node) for node in nodes)]))


def node_history(tree: Tree, history: "pd.Series[float]") -> Floats:
    """Each node's earlier amount: of those of its units that have one; NaN where none has."""
    return known_sums(tree, floats(history.reindex(pd.Index(tree.units))))


def known_sums(tree: Tree, values: Floats) -> Floats:
    """Every node's sum of what is known, (…, units) → (…, nodes); NaN where nothing is."""
    known = np.isfinite(values)
    sums = tree.sums(np.where(known, values, 0.0))
    return np.where(tree.sums(known.astype(float)) > 0, sums, np.nan)


def read_locks(
    tree: Tree, locks: Amounts | None, change: Mapping[str, float | None]
) -> dict[str, float]:
    """The locks with some changed or, where None, taken away; by names that no two nodes share.

    Raises:
        TargetError: for names or amounts that cannot be used.
    """
    called = _called(tree)
    old, problems = _at_nodes("locks", locks, tree, called)
    gone = {str(name): 0.0 for name, amount in change.items() if amount is None}
    new = {str(name): amount for name, amount in change.items() if amount is not None}
    added, more = _at_nodes("locks", new, tree, called)
    dropped, still_more = _at_nodes("locks", gone, tree, called)
    if problems or more or still_more:
        raise TargetError(*problems, *more, *still_more)
    merged = np.where(np.isfinite(added), added, np.where(np.isfinite(dropped), np.nan, old))
    return {tree.alone[at]: float(merged[at]) for at in np.flatnonzero(np.isfinite(merged))}
