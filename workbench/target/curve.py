"""Attainment curves: exceedance probability and quantiles of sampled totals, on arrays.

With n exchangeable paths sorted x₁ ≤ … ≤ xₙ, a further draw reaches x_k with probability
(n + 1 − k) / (n + 1) (Weibull plotting positions). Between two paths the probability falls on a
straight line; below the lowest and above the highest it stays at n / (n + 1) and 1 / (n + 1):
the paths can say no more than that, and never 0 or 1. Where all paths agree nothing is uncertain,
and the probability is exactly 1 up to that amount and exactly 0 above it.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RELATIVE_DUST = 1e-12
ABSOLUTE_DUST = 1e-6
"""A certain total meets a target that it misses by float rounding alone."""


def floats(values: object) -> Floats:
    """The values of a Series, list or array as a plain float array."""
    return np.asarray(values, dtype=np.float64)


def exceedance(ordered: Floats, targets: Floats) -> Floats:
    """P(total ≥ target) per unit, from paths sorted along the first axis.

    Args:
        ordered: (n_paths, n_units), each column ascending.
        targets: (n_units,)

    >>> exceedance(np.array([[10.0], [20.0], [40.0]]), np.array([30.0]))
    array([0.375])
    """
    n, m = ordered.shape
    below = (ordered < targets).sum(axis=0)
    at = np.arange(m)
    low = ordered[np.clip(below - 1, 0, n - 1), at]
    high = ordered[np.clip(below, 0, n - 1), at]
    gap = np.where(high > low, high - low, 1.0)
    position = np.clip(below + (targets - low) / gap, 1.0, n)
    position = np.where(below == 0, 1.0, np.where(below == n, n, position))
    certain = ordered[0] == ordered[-1]
    dust = RELATIVE_DUST * np.abs(ordered[0]) + ABSOLUTE_DUST
    met = (targets <= ordered[0] + dust).astype(float)
    return np.asarray(np.where(certain, met, (n + 1 - position) / (n + 1)))


def quantile(ordered: Floats, level: float) -> Floats:
    """The amount each unit stays below with probability ``level``: the inverse of ``exceedance``.

    >>> quantile(np.array([[10.0], [20.0], [40.0]]), 1 - 0.375)
    array([30.])
    """
    n = len(ordered)
    position = min(max(level * (n + 1), 1.0), float(n))
    low = int(position) - 1
    high = min(low + 1, n - 1)
    return np.asarray(ordered[low] + (position - low - 1) * (ordered[high] - ordered[low]))
