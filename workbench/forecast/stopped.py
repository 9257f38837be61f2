"""Units that stopped selling: weeks of nothing that neither chance nor the season explains."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.design import Design
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]

LEAST_STEPS: Mapping[Frequency, int] = MappingProxyType({"D": 28, "W": 4, "M": 3})
SURPRISE = 1e-4
"""Odds, at the unit's usual share of empty steps, below which an end in zeros is no chance."""


def stopped(sales: Floats, design: Design, frequency: Frequency) -> NDArray[np.bool_]:
    """(units,) True where the unit had stopped by the end of ``sales`` (dates, units).

    It ends in open steps without a sale: at least four weeks of them (three months of monthly
    rows), more than its usual share of empty steps would bring once in ten thousand times, and
    not as empty a year before.
    """
    n_dates = len(sales)
    counted = np.isfinite(sales) & (design.base[:n_dates] > 0)
    sold = counted & (sales != 0)
    last = np.where(sold.any(axis=0), n_dates - 1 - np.argmax(sold[::-1], axis=0), n_dates)
    tail = np.arange(n_dates)[:, None] > last
    empty = (counted & tail).sum(axis=0)
    out = np.asarray(empty >= LEAST_STEPS[frequency])
    if not out.any():
        return out
    before = counted & ~tail
    share = ((before & ~sold).sum(axis=0) + 1) / (before.sum(axis=0) + 2)
    out &= empty * np.log(share) < np.log(SURPRISE)
    for unit in np.flatnonzero(out):
        rows = design.last_year[0, :n_dates][tail[:, unit] & counted[:, unit]]
        rows = rows[rows >= 0]
        known = counted[rows, unit]
        if known.any() and not sold[rows, unit][known].mean() > 0.5 * (1 - share[unit]):
            out[unit] = False
    return out
