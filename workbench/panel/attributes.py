"""What a unit is and stays: columns of the table that never change within a unit."""

from collections.abc import Mapping

import numpy as np

from workbench.panel.grid import Cells
from workbench.panel.known import Coded
from workbench.panel.panel import Floats


def tell_attributes(
    coded: Mapping[str, Coded], past: Cells, later: Cells | None
) -> dict[str, dict[str, Floats]]:
    """Column → its parts, each (units,), of the columns that tell units apart and nothing else.

    Such a column keeps one value per unit in the rows of sales and of plans, and not the same for
    all. A unit for which it is blank takes the middle of the others. A column that is the same
    everywhere, or that plans change, is no attribute.
    """
    out: dict[str, dict[str, Floats]] = {}
    for name, column in coded.items():
        if name == "open" or not column.past:
            continue
        parts = {part: _constant(part, column, past, later) for part in column.past}
        told = {part: values for part, values in parts.items() if values is not None}
        if len(told) == len(parts) and any(np.ptp(values) > 0 for values in told.values()):
            out[name] = told
    return out


def _constant(part: str, column: Coded, past: Cells, later: Cells | None) -> Floats | None:
    """(units,) the value of each unit, or None if one has two."""
    values = past.lay(column.past[part])
    if later is not None and part in column.later:
        values = np.concatenate([values, later.lay(column.later[part])])
    known = np.isfinite(values)
    least = np.where(known, values, np.inf).min(axis=0)
    most = np.where(known, values, -np.inf).max(axis=0)
    if (most > least).any() or not known.any():
        return None
    blank = ~known.any(axis=0)
    return np.asarray(np.where(blank, np.median(most[~blank]), most))
