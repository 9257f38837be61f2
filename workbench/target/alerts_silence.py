"""Data that stopped arriving: how long a unit may go without a sale, learned from its past."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST: Mapping[str, int] = MappingProxyType({"D": 2, "W": 1, "M": 1})
"""A single day without data may still come."""
LOOK_BACK: Mapping[str, int] = MappingProxyType({"D": 728, "W": 104, "M": 24})
NEVER = 10**9


def silent_rows(sales: Floats, open_: Floats) -> Floats:
    """(rows, units): rows open without a sale, counted since the last sale; closed rows pass by.

    >>> sales = np.array([[5.0], [0.0], [0.0], [np.nan], [2.0]])
    >>> silent_rows(sales, np.array([[1.0], [1.0], [0.0], [1.0], [1.0]]))[:, 0].tolist()
    [0.0, 1.0, 1.0, 2.0, 0.0]
    """
    out = np.zeros(sales.shape)
    run = np.zeros(sales.shape[1])
    sold, could = np.isfinite(sales) & (sales != 0), (open_ > 0).astype(float)
    for at in range(len(sales)):
        run = np.where(sold[at], 0.0, run + could[at])
        out[at] = run
    return out


def longest_usual(
    sales: Floats, open_: Floats, frequency: str, *, rate: float, rows: int
) -> Floats:
    """(units,): after how many silent rows in a row something is wrong.

    The run that happens less than ``rate`` times in ``rows`` rows, given how often the unit sells
    nothing on an open day; and longer than any run of the last two years. Never, for units that
    have sold nothing yet.

    >>> sales = np.r_[np.tile([9.0, 4.0, 0.0], 60), 7.0][:, None]
    >>> longest_usual(sales, np.ones_like(sales), "D", rate=0.01, rows=91).tolist()
    [8.0]
    """
    recent = slice(max(0, len(sales) - LOOK_BACK[frequency]), None)
    out = np.full(sales.shape[1], float(NEVER))
    for at in range(sales.shape[1]):
        own, doors = sales[recent, at], open_[recent, at] > 0
        begun = np.flatnonzero(np.nan_to_num(own))
        if not len(begun):
            continue
        known = np.isfinite(own) & doors
        known[: begun[0]] = False
        seen = own[known]
        share = (np.sum(seen == 0) + 0.5) / (len(seen) + 1)
        least = np.log(rate / (rows * (1 - share))) / np.log(share)
        # A run that still lasts is left out: it may be the very thing to tell.
        longest = float(np.diff(np.flatnonzero(seen), prepend=-1).max()) - 1
        out[at] = max(np.ceil(least), longest + 1, SHORTEST[frequency])
    return out
