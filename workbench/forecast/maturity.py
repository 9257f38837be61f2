"""How much smaller errors are now than they were when less of the past was known.

A forecast of a shop two years old misses by less than one of the same shop a year before: seasons
and effects have been seen once more. Past errors as they stand would make the range too wide. The
mean squared error is taken to go with a power of the length of the history: 0 where all of it is
luck to come, −1 as the variance of anything estimated does, in between until the own past errors
tell; what they tell is weighed by how many independent ones there are.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

Floats = NDArray[np.float64]

USUAL_POWER = -0.5
POWER_SD = 0.7
"""How far the power differs between shops."""
EXTREME_POWER = 3.0
LARGEST_CHANGE = 4.0
"""Errors are made at most this many times smaller, or larger."""
LEAST_LUCK = 0.1
"""Variance of the log of one origin's mean squared error, since units share their luck."""
ROUNDS = 4
GIANT = 9.0
"""One unit's squared error, in its own usual ones, counts as this much at most."""


def maturing(totals: Floats, cutoffs: NDArray[np.intp], known: int, independent: float) -> Floats:
    """(origins,) what each origin's errors are multiplied by to be those of a forecast of now.

    Args:
        totals: (origins, units), log errors of the total; NaN where unknown.
        cutoffs: (origins,), how many dates were known then.
        known: how many are known now.
        independent: how many independent origins there are.

    >>> alike = np.full((4, 1), 0.1)
    >>> maturing(alike, np.array([91, 182, 273, 364]), 364, 1e-9).round(3).tolist()
    [0.707, 0.841, 0.931, 1.0]
    """
    length = np.log(cutoffs / known)
    power = _power(totals, length, independent)
    change = np.exp(-0.5 * np.clip(power, -EXTREME_POWER, EXTREME_POWER) * length)
    return np.asarray(np.clip(change, 1.0 / LARGEST_CHANGE, LARGEST_CHANGE))


def _power(totals: Floats, length: Floats, independent: float) -> float:
    """Slope of the log mean squared error on the log length, the usual one and the own weighed."""
    squares = np.where(np.isfinite(totals), totals, 0.0) ** 2
    usable = np.isfinite(totals) & (squares.sum(axis=0) > 0)
    told = usable.any(axis=1)
    count = int(told.sum())
    if count < 3 or float(np.ptp(length[told])) < 1e-6:
        return USUAL_POWER
    away = length[told] - length[told].mean()
    square = float(away @ away)
    slope, rest = 0.0, np.zeros(count)
    # The logarithm of a mean of few squares is low by chance (the mean of log χ²).
    half = usable.sum(axis=1)[told] / 2.0
    low = digamma(half) - np.log(half)
    # A unit known at new origins only is no more exact a one: its usual size is that of its time.
    for _ in range(ROUNDS):
        relative = _relative(squares, usable, np.exp(slope * length))
        size = np.log(np.maximum(relative[told], 1e-3)) + slope * length[told] - low
        slope = float(away @ (size - size.mean())) / square
        rest = size - size.mean() - slope * away
    # Overlapping origins say the same thing several times over.
    luck = max(float(rest @ rest) / (count - 2), LEAST_LUCK)
    noise = luck / square * count / min(max(independent, 1e-9), count)
    trust = POWER_SD**2 / (POWER_SD**2 + noise)
    return float(trust * slope + (1.0 - trust) * USUAL_POWER)


def _relative(squares: Floats, usable: NDArray[np.bool_], usual: Floats) -> Floats:
    """(origins,) mean squared error in those ``usual`` at the time, each unit on its own scale."""
    relative = np.where(usable, squares / usual[:, None], 0.0)
    own = relative.sum(axis=0) / np.maximum(usable.sum(axis=0), 1)
    relative = np.minimum(relative / np.where(own > 0, own, 1.0), GIANT)
    return np.asarray(relative.sum(axis=1) / np.maximum(usable.sum(axis=1), 1))
