"""Single steps so large that they can only be one giant order."""

import numpy as np
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.panel.panel import Panel

Floats = NDArray[np.float64]

RANK = 5
TIMES = 10.0
LEAST_SELLING = 20
"""A unit with fewer selling steps has no usual size to compare with."""


def tame_giants(panel: Panel) -> tuple[Floats, list[Problem]]:
    """Sales to forecast from: a step over ten times the unit's fifth largest counts as that one.

    A shop's great days come in company (双11 and its eve, every year); one step beyond all of them
    is an order that says nothing of the level; a refund beyond them, too. The panel itself, and so
    every actual, keeps it.
    """
    sales = panel.sales
    if len(sales) < RANK:
        return sales, []
    filled = np.where(np.isfinite(sales), sales, -np.inf)
    fifth = np.partition(filled, len(sales) - RANK, axis=0)[len(sales) - RANK]
    usual = np.where((filled > 0).sum(axis=0) >= LEAST_SELLING, fifth, np.inf)
    # A refund as giant as that, of an order long gone, says as little.
    giant = np.isfinite(sales) & (np.abs(filled) > TIMES * usual)
    if not giant.any():
        return sales, []
    rows, columns = (index.tolist() for index in np.nonzero(giant))
    shown = "; ".join(
        f"{panel.units[at]} {panel.dates[row]:%Y-%m-%d}: {sales[row, at]:,.2f}"
        for row, at in list(zip(rows, columns, strict=True))[:3]
    )
    notice = Problem("forecast.giant", {"count": len(rows), "steps": shown})
    return np.where(giant, np.sign(filled) * usual, sales), [notice]
