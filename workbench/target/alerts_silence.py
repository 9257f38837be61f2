"""Data that stopped arriving: how long a unit may go without a sale, learned from its past."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHORTEST: Mapping[str, int] = MappingProxyType({"D": 2, "W": 1, "M": 1})
"""A single day without data may still come."""
SHORTEST_MISSING: Mapping[str, int] = MappingProxyType({"D": 10, "W": 3, "M": 2})
"""Rows not observed may be a stock-out, which the shop knows of."""
LOOK_BACK: Mapping[str, int] = MappingProxyType({"D": 728, "W": 104, "M": 24})
NEVER = 10**9


def silent_rows(sales: Floats, open_: Floats, *, missing: bool = False) -> Floats:
    """(rows, units): rows open without a sale, counted since the last sale; closed rows pass by.

    Rows that were not observed (a stock-out, a gap in the data) pass by too, unless ``missing``
    asks to count them.

    >>> sales = np.array([[5.0], [0.0], [0.0], [np.nan], [0.0], [2.0]])
    >>> doors = np.array([[1.0], [1.0], [0.0], [1.0], [1.0], [1.0]])
    >>> silent_rows(sales, doors)[:, 0].tolist()
    [0.0, 1.0, 1.0, 1.0, 2.0, 0.0]
    >>> silent_rows(sales, doors, missing=True)[:, 0].tolist()
    [0.0, 1.0, 1.0, 2.0, 3.0, 0.0]
    """
    out = np.zeros(sales.shape)
    run = np.zeros(sales.shape[1])
    sold = np.isfinite(sales) & (sales != 0)
    counts = ((open_ > 0) & (missing | np.isfinite(sales))).astype(float)
    for at in range(len(sales)):
        run = np.where(sold[at], 0.0, run + counts[at])
        out[at] = run
    return out


def longest_usual(
    sales: Floats, open_: Floats, frequency: str, *, rate: float, rows: int
) -> tuple[Floats, Floats]:
    """(units,) twice: after how many silent rows something is wrong, missing rows left out or not.

    The run that happens less than ``rate`` times in ``rows`` rows, given how often the unit sells
    nothing on an open day; and longer than any run of the last two years. Never, for units that
    have sold nothing yet.

    >>> sales = np.r_[np.tile([9.0, 4.0, 0.0], 60), 7.0][:, None]
    >>> silence, missing = longest_usual(sales, np.ones_like(sales), "D", rate=0.01, rows=91)
    >>> silence.tolist(), missing.tolist()
    ([8.0], [10.0])
    """
    recent = slice(max(0, len(sales) - LOOK_BACK[frequency]), None)
    silence = np.full(sales.shape[1], float(NEVER))
    missing = silence.copy()
    for at in range(sales.shape[1]):
        own, doors = sales[recent, at], open_[recent, at] > 0
        sold = np.flatnonzero(np.nan_to_num(own))
        if not len(sold):
            continue
        begun = np.arange(len(own)) >= sold[0]
        every, seen = own[doors & begun], own[doors & begun & np.isfinite(own)]
        share = (np.sum(seen == 0) + 0.5) / (len(seen) + 1)
        least = np.log(rate / (rows * (1 - share))) / np.log(share)
        silence[at] = max(np.ceil(least), _longest(seen) + 1, SHORTEST[frequency])
        missing[at] = max(silence[at], _longest(every) + 1, SHORTEST_MISSING[frequency])
    return silence, missing


def _longest(sales: Floats) -> float:
    """The longest run without a sale; one that still lasts may be the very thing to tell."""
    return float(np.diff(np.flatnonzero(np.nan_to_num(sales)), prepend=-1).max()) - 1
