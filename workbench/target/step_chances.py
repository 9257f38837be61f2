"""How likely every node reaches its target of one day, and of one week, on the same paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.target.curve import Floats, exceedance, floats
from workbench.target.days import expected_steps
from workbench.target.sheet import day_table, week_starts

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths
    from workbench.target.cascaded import Asked, Cascade
    from workbench.target.outlook import Outlook
    from workbench.target.tree import Tree

MOST_DRAWS = 30_000_000
FEWEST_PATHS = 100
"""Of thousands of people only so many paths are laid out day by day, which takes seconds."""
DUST = 1e-6


@dataclass(frozen=True, eq=False)
class StepChances:
    """How likely the targets of single days and weeks are reached.

    Attributes:
        days: (dates, nodes); NaN where nothing is to be sold.
        weeks: (weeks, nodes), the days of each Monday to Sunday together; likewise.
    """

    days: Floats
    weeks: Floats


def step_chances(cascade: "Cascade") -> StepChances:
    """The chance of every day's and week's target, each looked at for itself.

    What was added to the outlook (assumptions) is in the days as well. One day is far less certain
    than the period: good days and bad ones make up for each other.
    """
    tree, days, paths = cascade.tree, cascade.days, cascade.asked.paths
    if days is None or paths is None:
        return StepChances(np.empty((0, tree.n_nodes)), np.empty((0, tree.n_nodes)))
    targets = day_table(cascade).to_numpy()
    starts = np.flatnonzero(~pd.Index(week_starts(days.dates)).duplicated())
    week_targets = np.add.reduceat(targets, starts, axis=0)
    by_day, by_week = np.full(targets.shape, np.nan), np.full(week_targets.shape, np.nan)
    for node, sales in _by_node(tree, _by_unit(cascade.asked, paths, days.dates)):
        by_day[:, node] = _chances(sales, targets[:, node])
        weekly = np.add.reduceat(sales, starts, axis=1)
        by_week[:, node] = _chances(weekly, week_targets[:, node])
    return StepChances(by_day, by_week)


def _chances(sales: Floats, targets: Floats) -> Floats:
    """(steps,) from (paths, steps)."""
    ordered = np.sort(sales.T, axis=1).T
    return np.where(targets > 0, exceedance(ordered, targets), np.nan)


def _by_node(tree: "Tree", units: Iterator[Floats]) -> Iterator[tuple[int, Floats]]:
    """Every node's sales (paths, dates): each unit's, then those of the nodes above, summed."""
    above: dict[int, Floats] = {}
    for leaf, sales in zip(np.asarray(tree.leaf).tolist(), units, strict=True):
        yield leaf, sales
        node = int(tree.parent[leaf])
        while node >= 0:
            above[node] = above[node] + sales if node in above else sales
            node = int(tree.parent[node])
    yield from above.items()


def _by_unit(asked: "Asked", paths: "SamplePaths", dates: pd.DatetimeIndex) -> Iterator[Floats]:
    """Every unit's sales (paths, dates), in the order of the outlook."""
    seen = asked.outlook
    most = MOST_DRAWS // max(len(paths.dates) * len(seen.units), 1)
    few = paths.first(max(most, FEWEST_PATHS))
    inside = np.asarray(paths.dates.isin(dates))
    added, where = _added(asked, seen, paths)
    for at, unit in enumerate(seen.units):
        sales = few.unit_values(paths.units.index(unit))[:, inside]
        more = added[: few.n_paths, at, None] * where[:, at]
        yield np.maximum(sales + more, np.minimum(sales, 0.0))


def _added(asked: "Asked", seen: "Outlook", paths: "SamplePaths") -> tuple[Floats, Floats]:
    """What the outlook has beyond the paths (paths, units), and on which dates (dates, units)."""
    from workbench.target.adjustments import adjusted_steps

    dates, expected = expected_steps(paths, seen)
    at = pd.Index(paths.units).get_indexer(pd.Index(seen.units))
    drawn = floats(paths.totals(dates[0], dates[-1]))[:, at]
    rest = floats(seen.totals) - floats(seen.actual)
    if len(rest) != len(drawn):
        rest, drawn = rest.mean(axis=0)[None, :], drawn.mean(axis=0)[None, :]
    added = rest - drawn
    added[np.abs(added) <= DUST * np.maximum(np.abs(drawn), 1.0)] = 0.0
    where = np.abs(adjusted_steps(asked.adjustments, seen, paths) - expected)
    where = np.where(where.sum(axis=0) > 0, where, np.maximum(expected, 0.0))
    sums: NDArray[np.float64] = where.sum(axis=0)
    full = np.broadcast_to(added, (paths.n_paths, added.shape[1]))
    return full, where / np.where(sums > 0, sums, 1.0)
