"""A target split level by level, from the company to the units, within the bounds of every node."""

from collections.abc import Callable

import numpy as np

from workbench.target.cascade_limits import Bounds
from workbench.target.curve import Floats
from workbench.target.split import Curve, proportional_curve, quantile_curve, round_within, solve
from workbench.target.tree import Places, Tree

Curves = Callable[[Places], Curve]
"""From some nodes to the way their amounts rise together."""

DIGITS = 9
"""Amounts are kept as the nearest floats to decimals of so many places."""


def equal_curves(ordered: Floats) -> Curves:
    """Nodes under one parent stand at the same quantile of their own totals.

    Args:
        ordered: (n_paths, nodes), each column ascending.
    """
    return lambda nodes: quantile_curve(ordered[:, nodes])


def weighted_curves(weights: Floats) -> Curves:
    """Nodes under one parent carry amounts in proportion to their weights (nodes,)."""
    return lambda nodes: proportional_curve(weights[nodes])


def split_down(
    tree: Tree, target: float, bounds: Bounds, curves: Curves, *, step: float
) -> tuple[Floats, Floats, float]:
    """Every node's amount; what each would carry without its own limits; the first level's dial.

    From the top down: the nodes under one parent share what it carries, each within its bounds.
    As those hold what the nodes further down need at least and can take at most, every amount can
    be split further, and a limit anywhere moves only what has to move.
    """
    amounts, wanted = np.full(tree.n_nodes, np.nan), np.full(tree.n_nodes, np.nan)
    amounts[0] = wanted[0] = target
    names = np.asarray(tree.names, dtype=np.str_)
    top_dial = 0.0
    for node, below in enumerate(tree.children):
        if not len(below):
            continue
        total, curve = float(amounts[node]), curves(below)
        lower, upper = bounds.lower[below], bounds.upper[below]
        raw, dial = solve(curve, total, lower, upper)
        top_dial = top_dial if node else dial
        out = round_within(raw, total, lower, upper, step=step, names=names[below])
        amounts[below] = np.where(lower == upper, lower, np.round(out, DIGITS))
        wanted[below] = curve(dial)
    return amounts, wanted, top_dial


def held_by(tree: Tree, bounds: Bounds, amounts: Floats, wanted: Floats) -> tuple[str, ...]:
    """Per node what holds it: locked, floor, cap, growth, ``below`` (limits below), or none."""
    own = bounds.own
    by_growth = np.nan_to_num(own.growth, nan=np.inf) < np.nan_to_num(own.caps, nan=np.inf)
    slack = 1e-9 * np.maximum(np.abs(wanted), 1.0)
    above, under = wanted > bounds.upper + slack, wanted < bounds.lower - slack
    own_high, own_low = own.upper <= bounds.upper, own.lower >= bounds.lower
    names = np.select(
        [
            own.locked,
            under & own_low,
            above & own_high & by_growth,
            above & own_high,
            above | under,
        ],
        ["locked", "floor", "growth", "cap", "below"],
        default="",
    ).astype(object)
    names[0] = "locked" if own.locked[0] else ""
    # Where a parent yields to a limit below it, the node that has the limit stands right at it.
    at_low = np.isclose(amounts, own.lower, rtol=1e-9) & (own.lower > 0)
    at_high = np.isclose(amounts, own.upper, rtol=1e-9)
    reason = np.select([at_high & by_growth, at_high, at_low], ["growth", "cap", "floor"], "below")
    for node in range(1, tree.n_nodes):
        held = at_high[node] or at_low[node] or len(tree.children[node]) == 1
        if not names[node] and names[tree.parent[node]] == "below" and held:
            names[node] = reason[node]
    return tuple(map(str, names))
