"""Units → groups: the outlook of a level above, from the same paths."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from workbench.target.outlook import Outlook


def rolled(outlook: Outlook, groups: "Mapping[str, str] | pd.Series[str]") -> Outlook:
    """The outlook of groups of units, path by path: what units do together stays together.

    Args:
        outlook: of units.
        groups: unit → group; groups come in the order of their first unit.

    >>> totals = pd.DataFrame({"a": [80.0, 120], "b": [40.0, 50], "c": [9.0, 11]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> rolled(seen, {"a": "x", "b": "y", "c": "x"}).totals
           x     y
    0   89.0  40.0
    1  131.0  50.0
    """
    names = [str(groups[unit]) for unit in outlook.units]
    totals = outlook.totals.T.groupby(names, sort=False).sum().T
    before = outlook.last_year.groupby(names, sort=False)
    return replace(
        outlook,
        actual=outlook.actual.groupby(names, sort=False).sum().rename_axis("unit"),
        totals=totals,
        last_year=before.sum().where(before.count() == before.size()).rename_axis("unit"),
    )
