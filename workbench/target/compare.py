"""Ways of splitting one target, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.allocate import METHODS, Allocation, Method, allocate
from workbench.target.amounts import Amounts
from workbench.target.outlook import Outlook

UNLIKELY = 0.2
SAFE = 0.8


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same target, split in several ways.

    Attributes:
        allocations: method → the split, in the order asked for.
    """

    allocations: Mapping[str, Allocation]

    def table(self) -> pd.DataFrame:
        """One row per unit; for each method the columns ``target_…`` and ``probability_…``."""
        columns = {}
        for method, plan in self.allocations.items():
            columns[f"target_{method}"] = plan.targets
            columns[f"probability_{method}"] = plan.probabilities
        return pd.DataFrame(columns)

    def summary(self) -> pd.DataFrame:
        """One row per method: how evenly the chances lie.

        ``below_20`` and ``above_80`` count the units whose attainment probability lies below 20 %
        or above 80 %; ``lowest`` and ``highest`` are the extreme probabilities; ``held`` counts
        the units that a lock or a limit holds.
        """
        rows = {
            method: {
                "below_20": int((plan.probabilities < UNLIKELY).sum()),
                "above_80": int((plan.probabilities > SAFE).sum()),
                "lowest": float(plan.probabilities.min()),
                "highest": float(plan.probabilities.max()),
                "held": int((plan.limits != "").sum()),
            }
            for method, plan in self.allocations.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def compare_allocations(
    outlook: Outlook,
    target: float,
    methods: Sequence[Method] | None = None,
    *,
    locks: Amounts | None = None,
    floors: Amounts | float | None = None,
    caps: Amounts | float | None = None,
    max_growth: Amounts | float | None = None,
    unit: float = 0.01,
    history: Amounts | None = None,
    shares: Amounts | None = None,
) -> Comparison:
    """Split one target in several ways, under the same locks and limits.

    Without ``methods`` every method is tried that the data allow: by history only if a unit has
    one, by share only if shares are given.

    Raises:
        TargetError: as for ``allocate``; or an empty list of methods.

    >>> totals = pd.DataFrame({"online": [80.0, 100.0, 120.0], "store": [40.0, 60.0, 50.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> compared = compare_allocations(seen, 165, shares={"online": 1, "store": 1})
    >>> compared.table().filter(like="target")
            target_equal_probability  target_share
    unit
    online                     110.0          82.5
    store                       55.0          82.5
    """
    if methods is None:
        known = history is not None or bool(outlook.last_year.notna().any())
        possible = {"equal_probability": True, "history": known, "share": shares is not None}
        methods = [method for method in METHODS if possible[method]]
    if not methods:
        facts = {"value": repr(list(methods)), "methods": ", ".join(METHODS)}
        raise TargetError(Problem("target.method", facts))
    return Comparison(
        {
            method: allocate(
                target,
                outlook,
                by=method,
                locks=locks,
                floors=floors,
                caps=caps,
                max_growth=max_growth,
                unit=unit,
                history=history,
                shares=shares,
            )
            for method in methods
        }
    )
