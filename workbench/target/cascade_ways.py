"""The ways of splitting a target down a tree, side by side, so that an unfair one is seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.target.allocate import Allocation
from workbench.target.cascade import solved
from workbench.target.cascaded import CASCADE_METHODS, Cascade, CascadeMethod
from workbench.target.compare import Comparison


@dataclass(frozen=True, eq=False)
class Ways:
    """The same target down the same tree, split in several ways under the same limits.

    Attributes:
        cascades: method → the cascade, in the order of the methods.
    """

    cascades: "dict[CascadeMethod, Cascade]"

    def table(self) -> pd.DataFrame:
        """One row per node: level, node, and per method ``target_…`` and ``probability_…``."""
        first = next(iter(self.cascades.values())).nodes()
        columns = {"level": first["level"], "node": first["node"]}
        for method, one in self.cascades.items():
            columns[f"target_{method}"] = pd.Series(one.amounts)
            columns[f"probability_{method}"] = pd.Series(one.chances)
        return pd.DataFrame(columns)

    def comparison(self) -> Comparison:
        """The same, unit by unit."""
        return Comparison({str(name): as_allocation(one) for name, one in self.cascades.items()})


def compare_cascades(cascade: Cascade, methods: Sequence[CascadeMethod] | None = None) -> Ways:
    """The cascade beside the other ways that its data allow: history, shares, capacity.

    Without ``methods`` every way is shown for which there are data.

    Raises:
        TargetError: as for ``cascade``.
    """
    asked = cascade.asked
    possible = {
        "equal_probability": True,
        "history": bool(np.isfinite(cascade.history).any()),
        "share": asked.shares is not None,
        "capacity": _all_known(cascade),
    }
    wanted = methods or [name for name in CASCADE_METHODS if possible[name]]
    return Ways({name: solved(replace(asked, by=name), cascade.tree) for name in wanted})


def as_allocation(cascade: Cascade) -> Allocation:
    """The units' targets of a cascade as an allocation."""
    tree, index = cascade.tree, cascade.targets.index
    leaf = tree.leaf
    return Allocation(
        target=cascade.target,
        targets=cascade.targets,
        probabilities=pd.Series(cascade.chances[leaf], index=index, name="probability"),
        company_probability=cascade.company_probability,
        method=cascade.method,
        tau=None,
        limits=pd.Series([cascade.limits[at] for at in leaf], index=index, dtype=str, name="limit"),
        history=pd.Series(cascade.history[leaf], index=index, name="history"),
        notices=cascade.notices,
    )


def _all_known(cascade: Cascade) -> bool:
    given = cascade.asked.capacity
    if given is None:
        return False
    known = pd.Series(dict(given.items()), dtype=float).reindex(pd.Index(cascade.tree.units))
    return bool(known.notna().all() and known.sum() > 0)
