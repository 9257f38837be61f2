"""Levels above the units: which units add up to what."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import DataError, Problem
from workbench.panel.panel import Floats
from workbench.panel.shown import some

TOTAL = "total"
UNIT = "unit"


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The company, every level in between, and the units at the bottom.

    Attributes:
        units: names, in the order of the keys.
        levels: ``"total"``, one per column of the keys that says more than the levels before it,
            and ``"unit"``.
        nodes: per sum, its level and name; those of a level in the order of their first unit.
        summing: (nodes, units), 1 where the unit belongs to the node.
    """

    units: tuple[str, ...]
    levels: tuple[str, ...]
    nodes: tuple[tuple[str, str], ...]
    summing: Floats

    def groups(self, level: str) -> dict[str, str]:
        """To which node of a level each unit belongs.

        Raises:
            DataError: if there is no such level.
        """
        if level not in self.levels:
            facts = {"level": level, "levels": ", ".join(self.levels)}
            raise DataError(Problem("panel.no_such_level", facts))
        at = [row for row, (of, _) in enumerate(self.nodes) if of == level]
        owner = self.summing[at].argmax(axis=0)
        return {unit: self.nodes[at[o]][1] for unit, o in zip(self.units, owner, strict=True)}

    def sums(self, values: ArrayLike) -> Floats:
        """Every node's sum: values (…, units) → (…, nodes).

        >>> keys = pd.DataFrame({"team": ["north", "north", "south"]}, index=["An", "Bo", "Cy"])
        >>> lay_hierarchy(keys).sums([120.5, 80.0, 40.0]).tolist()
        [240.5, 200.5, 40.0, 120.5, 80.0, 40.0]
        """
        return np.asarray(np.asarray(values, dtype=float) @ self.summing.T)


def lay_hierarchy(keys: pd.DataFrame) -> Hierarchy:
    """The hierarchy of units described by ``keys``: index unit, one column per level.

    Columns may nest (team, salesperson) or cross (channel, category). One that parts the units as
    an earlier level does, or one by one, or not at all, adds nothing and is left out.

    Raises:
        DataError: if a unit stands twice or lacks a value, or a column is called total or unit.

    >>> keys = pd.DataFrame({"team": ["north", "north", "south"]}, index=["An", "Bo", "Cy"])
    >>> lay_hierarchy(keys).nodes[:3]
    (('total', 'total'), ('team', 'north'), ('team', 'south'))
    """
    _check(keys)
    units = tuple(str(unit) for unit in keys.index)
    n = len(units)
    partitions: dict[str, tuple[list[str], NDArray[np.intp]]] = {}
    for name in keys.columns:
        codes, found = pd.factorize(keys[name].astype(str))
        repeated = any(np.array_equal(codes, known) for _, known in partitions.values())
        if 1 < len(found) < n and not repeated:
            partitions[str(name)] = (list(map(str, found)), codes)
    levels = {
        TOTAL: ([TOTAL], np.zeros(n, dtype=np.intp)),
        **partitions,
        UNIT: (list(units), np.arange(n)),
    }
    summing = [codes == at for names, codes in levels.values() for at in range(len(names))]
    return Hierarchy(
        units=units,
        levels=tuple(levels),
        nodes=tuple((level, name) for level, (names, _) in levels.items() for name in names),
        summing=np.array(summing, dtype=float).reshape(-1, n),
    )


def _check(keys: pd.DataFrame) -> None:
    problems = []
    taken = [str(name) for name in keys.columns if str(name) in (TOTAL, UNIT)]
    if taken:
        problems.append(Problem("panel.level_names", {"columns": ", ".join(taken)}))
    twice = keys.index[keys.index.duplicated()]
    if len(twice):
        facts = {"count": f"{len(twice):,}", "units": some(twice)}
        problems.append(Problem("panel.keys_twice", facts))
    blank = keys.isna()
    for name in keys.columns[blank.any().to_numpy()]:
        units = keys.index[blank[name].to_numpy()]
        facts = {"column": str(name), "count": f"{len(units):,}", "units": some(units)}
        problems.append(Problem("panel.keys_blank", facts))
    if problems:
        raise DataError(*problems)


def mapped(units: tuple[str, ...], groups: Mapping[str, str]) -> list[str]:
    """The group of each unit.

    Raises:
        DataError: if a unit belongs to none.
    """
    without = [unit for unit in units if unit not in groups]
    if without:
        facts = {"count": f"{len(without):,}", "units": some(without)}
        raise DataError(Problem("panel.without_group", facts))
    return [str(groups[unit]) for unit in units]
