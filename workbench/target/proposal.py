"""Commit, base and stretch: the targets a planner starts from."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from workbench.target.outlook import Outlook

ALL_UNITS = ""
"""The row that stands for the sum of all units: the empty name, which no unit can have."""

PROBABILITIES: Mapping[str, float] = MappingProxyType({"commit": 0.8, "base": 0.5, "stretch": 0.2})


def proposal(
    outlook: Outlook, *, probabilities: Mapping[str, float] = PROBABILITIES
) -> pd.DataFrame:
    """The targets with attainment probability 0.8 (commit), 0.5 (base) and 0.2 (stretch).

    One row for the sum of all units, first and with the empty name, then one per unit; columns
    ``actual`` (to date), one per probability, and ``mean``. The units' rows do not add up to the
    first row: units do not all do well, or badly, together. ``allocate`` splits a target so that
    it adds up.

    Raises:
        TargetError: for a probability outside 0 to 1.

    >>> totals = pd.DataFrame({"online": [80.0, 120, 100, 90], "store": [40.0, 60, 52, 48]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> proposal(seen)
            actual  commit   base  stretch   mean
    unit
               0.0   120.0  145.0    180.0  147.5
    online     0.0    80.0   95.0    120.0   97.5
    store      0.0    40.0   50.0     60.0   50.0
    """
    whole = {name: outlook.target_at(p) for name, p in probabilities.items()}
    units = {name: outlook.targets_at(p) for name, p in probabilities.items()}
    first = pd.DataFrame(
        {"actual": outlook.actual.sum(), **whole, "mean": outlook.total.mean()}, index=[ALL_UNITS]
    )
    rest = pd.DataFrame({"actual": outlook.actual, **units, "mean": outlook.totals.mean()})
    return pd.concat([first, rest.loc[list(outlook.units)]]).rename_axis("unit")
