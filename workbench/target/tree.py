"""The tree a target goes down: the company, every level of the keys, the units at its leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import Problem, TargetError
from workbench.panel.hierarchy import TOTAL, UNIT, Hierarchy
from workbench.target.amounts import listed
from workbench.target.curve import Floats
from workbench.target.proposal import ALL_UNITS

SEPARATOR = " / "
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tree:
    """Nodes in the order of their levels; the first is the company, the last are the units.

    Attributes:
        units: names of the leaves, in the order of the outlook.
        columns: the keys that describe a node.
        levels: ``"total"``, then the keys that part the units further, from coarse to fine.
        level: (nodes,), the position of each node's level.
        names: per node; the company has the empty name.
        keys: per node its value of every column; empty where its units differ.
        parent: (nodes,), −1 for the company.
        order: (units,), the units such that those of every node stand together.
        start, stop: (nodes,), where each node's units stand in ``order``.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    level: Places
    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    parent: Places
    order: Places
    start: Places
    stop: Places

    @property
    def n_nodes(self) -> int:
        """How many nodes there are, the company and the units included."""
        return len(self.names)

    @cached_property
    def leaf(self) -> Places:
        """(units,): the node of each unit."""
        at = np.empty(len(self.units), dtype=np.intp)
        at[self.order] = np.arange(self.n_nodes - len(self.units), self.n_nodes)
        return at

    @cached_property
    def children(self) -> tuple[Places, ...]:
        """The nodes right below each node; none below a unit."""
        by_parent = np.argsort(self.parent, kind="stable")
        sizes = np.bincount(self.parent + 1, minlength=self.n_nodes + 1)
        ends = np.cumsum(sizes)
        return tuple(by_parent[ends[n] : ends[n + 1]] for n in range(self.n_nodes))

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """Per node a name that no other node has: its own, else ``level=name``."""
        twice = pd.Index(self.names).duplicated(keep=False)
        return tuple(
            f"{self.levels[at]}={name}" if again else name
            for name, at, again in zip(self.names, self.level, twice, strict=True)
        )

    def sums(self, values: Floats) -> Floats:
        """Every node's sum: values (…, units) → (…, nodes)."""
        # Units first, so that every node's rows lie side by side in memory.
        ordered = np.moveaxis(np.asarray(values), -1, 0)[self.order]
        out = np.empty((self.n_nodes, *ordered.shape[1:]))
        ends = np.searchsorted(self.level, np.arange(len(self.levels) + 1))
        out[ends[-2] :] = ordered
        for depth in range(len(self.levels) - 2, -1, -1):
            here, below, end = ends[depth : depth + 3]
            first = np.searchsorted(self.parent[below:end], np.arange(here, below))
            np.add.reduceat(out[below:end], first, axis=0, out=out[here:below])
        return np.moveaxis(out, 0, -1)

    def members(self, node: int) -> Places:
        """The positions of a node's units."""
        return self.order[self.start[node] : self.stop[node]]


def grow_tree(units: Sequence[str], keys: "pd.DataFrame | Hierarchy | None" = None) -> Tree:
    """The tree over some units that their keys describe.

    A node is a value within its parents: where two channels both have a team 北区, there are two
    nodes, ``online / 北区`` and ``store / 北区``. A column that parts the units no further than
    those before it adds no level. A unit of the keys that is not asked for is left out.

    Raises:
        TargetError: keys that lack a unit, name one twice, or have blanks.

    >>> keys = pd.DataFrame({"team": ["north", "north", "south"]}, index=["An", "Bo", "Cy"])
    >>> tree = grow_tree(["Cy", "An", "Bo"], keys)
    >>> tree.levels, tree.names
    (('total', 'team', 'unit'), ('', 'south', 'north', 'Cy', 'An', 'Bo'))
    >>> tree.sums(np.array([40.0, 120.5, 80.0])).tolist()
    [240.5, 40.0, 200.5, 40.0, 120.5, 80.0]
    """
    names = tuple(str(unit) for unit in units)
    table = _described(names, keys)
    n = len(names)
    parts = [np.zeros(n, dtype=np.intp)]
    levels, sources = [TOTAL], [""]
    for column in table.columns:
        codes = _within(parts[-1], pd.factorize(table[column])[0])
        if codes.max(initial=0) > parts[-1].max(initial=0):
            parts.append(codes)
            levels.append(str(column))
            sources.append(str(column))
    if parts[-1].max(initial=0) < n - 1 or len(parts) == 1:
        parts.append(_within(parts[-1], np.arange(n)))
        levels.append(UNIT)
        sources.append(UNIT)
    order = np.lexsort(parts[::-1]).astype(np.intp)
    return _planted(names, table, parts, levels, order)


def _planted(
    units: tuple[str, ...],
    table: pd.DataFrame,
    parts: list[Places],
    levels: list[str],
    order: Places,
) -> Tree:
    level, parent, start, stop, names = [], [], [], [], list[str]()
    offset = before = 0
    for depth, codes in enumerate(parts):
        first = np.flatnonzero(np.r_[True, np.diff(codes[order]) != 0])
        start.append(first)
        stop.append(np.r_[first[1:], len(units)])
        level.append(np.full(len(first), depth))
        above = parts[max(depth - 1, 0)][order][first]
        parent.append(before + above if depth else np.array([-1]))
        names += _names(units, table, levels[: depth + 1], order[first])
        before, offset = offset, offset + len(first)
    starts, stops, depths = (np.concatenate(parts) for parts in (start, stop, level))
    return Tree(
        units=units,
        columns=tuple(map(str, table.columns)),
        levels=tuple(levels),
        level=depths,
        names=tuple(names),
        keys=_shared(table, levels, order, starts, stops, depths),
        parent=np.concatenate(parent).astype(np.intp),
        order=order,
        start=starts,
        stop=stops,
    )


def _names(units: tuple[str, ...], table: pd.DataFrame, levels: list[str], at: Places) -> list[str]:
    """What the nodes of a level are called: the value, or the way to it where two share it."""
    if levels[-1] == TOTAL:
        return [ALL_UNITS]
    if levels[-1] == UNIT:
        return [units[place] for place in at]
    values = [str(value) for value in table[levels[-1]].to_numpy()[at]]
    if len(set(values)) == len(values):
        return values
    ways = table[levels[1:]].to_numpy()[at]
    return [SEPARATOR.join(map(str, way)) for way in ways]


def _shared(
    table: pd.DataFrame,
    levels: list[str],
    order: Places,
    starts: Places,
    stops: Places,
    depths: Places,
) -> tuple[tuple[str, ...], ...]:
    """Per node the value of each column that all its units have; not of a level further down."""
    columns = []
    for name in table.columns:
        values = table[name].to_numpy()[order]
        change = np.cumsum(np.r_[0, (values[1:] != values[:-1]).astype(int)])
        deeper = levels.index(str(name)) > depths if str(name) in levels else depths < 0
        same = (change[starts] == change[stops - 1]) & ~deeper
        columns.append(np.where(same, values[starts], ""))
    return tuple(tuple(map(str, row)) for row in zip(*columns, strict=True)) or ((),) * len(starts)


def _within(outer: Places, inner: Places) -> Places:
    """Codes of the pairs, in the order in which they first appear within the order of ``outer``."""
    pairs = pd.MultiIndex.from_arrays([outer, inner])
    codes, found = pd.factorize(pairs)
    first = found.get_level_values(0).to_numpy(dtype=np.intp)
    rank = np.argsort(np.lexsort((np.arange(len(found)), first)))
    return np.asarray(rank[codes], dtype=np.intp)


def _described(units: tuple[str, ...], keys: "pd.DataFrame | Hierarchy | None") -> pd.DataFrame:
    """The keys of these units, in their order, as text."""
    if keys is None:
        return pd.DataFrame(index=pd.Index(units))
    if isinstance(keys, Hierarchy):
        between = [level for level in keys.levels if level not in (TOTAL, UNIT)]
        keys = pd.DataFrame({level: keys.groups(level) for level in between}, index=keys.units)
    table = keys.set_axis(pd.Index([str(unit) for unit in keys.index]))
    problems = []
    twice = list(table.index[table.index.duplicated()])
    known = set(table.index)
    absent = [unit for unit in units if unit not in known]
    if twice:
        problems.append(Problem("cascade.keys_twice", {"units": listed(twice)}))
    if absent:
        facts = {"count": len(absent), "units": listed(absent), "known": listed(list(table.index))}
        problems.append(Problem("cascade.keys_missing", facts))
    if not problems:
        table = table.loc[list(units)]
        for name in table.columns[table.isna().any().to_numpy()]:
            rows = table.index[table[name].isna().to_numpy()]
            facts = {"column": str(name), "count": len(rows), "units": listed(list(rows))}
            problems.append(Problem("cascade.keys_blank", facts))
        taken = [str(name) for name in table.columns if str(name) in (TOTAL, UNIT)]
        if taken:
            problems.append(Problem("cascade.level_names", {"columns": ", ".join(taken)}))
    if problems:
        raise TargetError(*problems)
    return table.astype(str)
