"""How much smaller errors are now than they were when less of the past was known.

A forecast of a shop two years old misses by less than one of the same shop a year before: seasons
and effects have been seen once more. Past errors as they stand would make the range too wide. The
mean squared error is taken to go with a power of the length of the history, −1 as the variance of
anything estimated from it does; how far the own past errors tell another power is weighed by how
many independent ones there are.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

USUAL_POWER = -1.0
POWER_SD = 0.5
"""How far the power differs between shops."""
EXTREME_POWER = 3.0
LARGEST_CHANGE = 4.0
"""Errors are made at most this many times smaller, or larger."""
LEAST_LUCK = 0.5
"""Variance of the log of one origin's mean squared error, since units share their luck."""
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
    [0.5, 0.707, 0.866, 1.0]
    """
    length = np.log(cutoffs / known)
    power = _power(totals, length, independent)
    change = np.exp(-0.5 * np.clip(power, -EXTREME_POWER, EXTREME_POWER) * length)
    return np.asarray(np.clip(change, 1.0 / LARGEST_CHANGE, LARGEST_CHANGE))


def _power(totals: Floats, length: Floats, independent: float) -> float:
    """Slope of the log mean squared error on the log length, the usual one and the own weighed."""
    seen = np.isfinite(totals)
    squares = np.where(seen, totals, 0.0) ** 2
    own = squares.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    usable = seen & (own > 0)
    told = usable.any(axis=1)
    if told.sum() < 3 or float(np.ptp(length[told])) < 1e-6:
        return USUAL_POWER
    relative = np.where(usable, np.minimum(squares / np.where(own > 0, own, 1.0), GIANT), 0.0)
    mean = relative.sum(axis=1) / np.maximum(usable.sum(axis=1), 1)
    size = np.log(np.maximum(mean[told], 1e-3))
    away = length[told] - length[told].mean()
    square = float(away @ away)
    slope = float(away @ (size - size.mean())) / square
    rest = size - size.mean() - slope * away
    count = len(rest)
    # Overlapping origins say the same thing several times over.
    luck = max(float(rest @ rest) / (count - 2), LEAST_LUCK)
    noise = luck / square * count / min(max(independent, 1e-9), count)
    trust = POWER_SD**2 / (POWER_SD**2 + noise)
    return float(trust * slope + (1.0 - trust) * USUAL_POWER)
