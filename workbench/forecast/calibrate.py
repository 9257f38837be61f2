"""The calibrated distribution of a total's log error: scale per unit, one shape for all.

Split conformal in spirit (Vovk et al. 2005; Lei et al. 2018) on the error of the total itself: each
past error is divided by the scale its unit would have been given *without* that origin, and the
distribution of those ratios, pooled over units and origins, is the shape. The scale of a unit is
shrunk to that of units of its size, and this to that of all units. A Student-t with as many degrees
of freedom as there are independent origins stands in for what the pool is too small to tell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

POOL_EVIDENCE = 5.0
"""Independent origins that the scale of units of its size is worth beside a unit's own."""
SHAPE_EVIDENCE = 30.0
"""Independent errors that the Student-t is worth beside the pooled ones: a few show no shape."""
SIBLINGS = 50.0
"""Units of one origin share its shock: they add up to at most this many errors."""
LEAST_UNITS = 4
"""Fewer units do not show whether small ones err more."""
SMALLEST_SD = 0.004
LEAST_FREEDOM = 8.0
LARGEST_LOG_ERROR = 1.5
"""A total is never put further than a factor of 4.5 from its forecast."""
GRID = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True, eq=False)
class Calibration:
    """``scale`` (units,) of the log error of the total, and the common shape.

    ``magnitude`` (400,) holds the quantiles of |error| ÷ scale at ``GRID``.
    """

    scale: Floats
    magnitude: Floats

    def errors(self, ranks: Floats) -> Floats:
        """Log errors at ``ranks`` in (0, 1), (paths, units); symmetric about zero."""
        centred = 2.0 * ranks - 1.0
        size = np.interp(np.abs(centred), GRID, self.magnitude)
        return np.asarray(np.sign(centred) * np.minimum(size * self.scale, LARGEST_LOG_ERROR))


def calibrate(
    totals: Floats,
    cutoffs: NDArray[np.intp],
    importance: Floats,
    *,
    horizon: int,
    independent: float,
    size: Floats | None = None,
) -> Calibration:
    """Calibration from log errors of totals (origins, units), NaN where unknown.

    ``size`` (units,) is what each usually sells: without it all units are taken to be of one size.
    """
    ratios = held_out_ratios(
        totals, cutoffs, importance, horizon=horizon, independent=independent, size=size
    )
    return Calibration(
        unit_scale(totals, importance, independent, size=size),
        _shape(ratios, importance, independent),
    )


def held_out_ratios(
    totals: Floats,
    cutoffs: NDArray[np.intp],
    importance: Floats,
    *,
    horizon: int,
    independent: float,
    size: Floats | None = None,
) -> Floats:
    """Each past error over the scale that the origins not overlapping it would have given."""
    ratios = np.full(totals.shape, np.nan)
    for at, cutoff in enumerate(cutoffs):
        apart = np.abs(cutoffs - cutoff) >= horizon
        if apart.sum() >= 2:
            others = independent * float(apart.mean())
            ratios[at] = totals[at] / unit_scale(
                totals[apart], importance[apart], others, size=size
            )
    return ratios


def unit_scale(
    totals: Floats, importance: Floats, independent: float, *, size: Floats | None = None
) -> Floats:
    """(units,) root mean squared log error, each unit's shrunk to that of units of its size."""
    known = np.isfinite(totals)
    weight = importance[:, None] * known
    mass = np.maximum(weight.sum(axis=0), 1e-12)
    own = (weight * np.where(known, totals, 0.0) ** 2).sum(axis=0) / mass
    own = np.maximum(own, SMALLEST_SD**2)
    usable = np.asarray(known.any(axis=0))
    if not usable.any():
        return np.full(totals.shape[1], 1.0)
    pooled = _level(own, usable, size)
    share = known.mean(axis=0) * max(independent, 1.0)
    shrunk = (share * own + POOL_EVIDENCE * pooled) / (share + POOL_EVIDENCE)
    return np.asarray(np.sqrt(np.where(usable, shrunk, pooled)))


def _level(own: Floats, usable: NDArray[np.bool_], size: Floats | None) -> Floats:
    """(units,) the squared scale usual for units of that size; the same for all without sizes.

    A straight line through the logarithms: small units err more. Its slope is shrunk to none by
    its own uncertainty (positive-part James–Stein), so that sizes count only where they matter.
    """
    middle = np.full(len(own), np.exp(np.mean(np.log(own[usable]))))
    if size is None or usable.sum() < LEAST_UNITS:
        return middle
    logs = np.log(np.maximum(size, 1e-9))
    away, low, high = logs - logs[usable].mean(), logs[usable].min(), logs[usable].max()
    square = float((away[usable] ** 2).sum())
    if square < 1e-9:
        return middle
    above = np.log(own[usable] / middle[0])
    slope = float(away[usable] @ above) / square
    rest = above - slope * away[usable]
    error = float(rest @ rest) / (len(rest) - 2) / square
    slope *= max(0.0, 1.0 - error / max(slope**2, 1e-12))
    within = np.clip(logs, low, high) - logs[usable].mean()
    return np.asarray(middle * np.exp(slope * within))


def _shape(ratios: Floats, importance: Floats, independent: float) -> Floats:
    """Quantiles of the size of the errors, the pool's and the Student-t's mixed by evidence."""
    freedom = max(independent - 1.0, LEAST_FREEDOM)
    student = np.asarray(stats.t.ppf(0.5 + GRID / 2.0, freedom))
    known = np.isfinite(ratios)
    if not known.any():
        return student
    sizes = np.abs(ratios[known])
    weight = np.broadcast_to(importance[:, None], ratios.shape)[known]
    evidence = independent * min(float(known.any(axis=0).sum()), SIBLINGS)
    values = np.concatenate([sizes, student])
    weights = np.concatenate(
        [weight / weight.sum() * evidence, np.full(len(GRID), SHAPE_EVIDENCE / len(GRID))]
    )
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.asarray(np.interp(GRID, reached / weights.sum(), values[order]))
