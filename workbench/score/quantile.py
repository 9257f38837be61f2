"""How good single quantiles and intervals are."""

import numpy as np
from numpy.typing import ArrayLike

from workbench.errors import DataError, Problem
from workbench.score.cases import Floats, complete, mean, together, within_unit


def pinball(observed: ArrayLike, quantile: ArrayLike, level: ArrayLike) -> Floats:
    """Loss of a quantile forecast per case, in the unit of sales; lower is better.

    ``level × (observed − quantile)`` where sales came out above the quantile, ``(1 − level) ×
    (quantile − observed)`` where below (Koenker and Bassett 1978). At level 0.5 it is half the
    absolute error. NaN scores NaN.

    Raises:
        DataError: if the shapes do not fit or a level lies outside 0 … 1.

    >>> pinball([110.0, 70.0], 100.0, 0.75).tolist()
    [7.5, 7.5]
    """
    y, q, at = together(observed=observed, quantile=quantile, level=level)
    within_unit("level", at)
    return np.maximum(at * (y - q), (at - 1.0) * (y - q))


def wql(observed: ArrayLike, quantiles: ArrayLike, levels: ArrayLike) -> float:
    """Weighted quantile loss: twice the pinball loss of all cases ÷ their sales, mean over levels.

    The score of fev-bench and GluonTS; 0.06 reads "6 % of sales". Cases with NaN are left out.

    Args:
        observed: what happened, any shape.
        quantiles: one array of that shape per level, levels on the first axis.
        levels: between 0 and 1.

    Returns:
        NaN where nothing, or nothing but zeros, was observed.

    Raises:
        DataError: if the shapes do not fit or a level lies outside 0 … 1.

    >>> wql([100.0, 60.0], [[90.0, 70.0], [120.0, 80.0]], [0.5, 0.9])   # (2·10/160 + 2·4/160) / 2
    0.0875
    """
    y, q = np.asarray(observed, dtype=float), np.asarray(quantiles, dtype=float)
    at = np.atleast_1d(np.asarray(levels, dtype=float))
    if q.shape != (len(at), *y.shape):
        shown = f"observed {y.shape}, quantiles {q.shape}, levels {at.shape}"
        raise DataError(Problem("score.shapes", {"shapes": shown}))
    loss = pinball(y[None], q, at.reshape(-1, *[1] * y.ndim)).reshape(len(at), -1)
    known = np.isfinite(loss).all(axis=0)
    size = float(np.abs(y.ravel()[known]).sum())
    return float(2.0 * loss[:, known].sum(axis=1).mean() / size) if size else float("nan")


def interval_score(
    observed: ArrayLike, lower: ArrayLike, upper: ArrayLike, *, level: float
) -> Floats:
    """Loss of a central interval per case, in the unit of sales; lower is better.

    Its width, plus ``2 ÷ (1 − level)`` × the distance by which it was missed (Winkler 1972;
    Gneiting and Raftery 2007, eq. 43). NaN scores NaN.

    Args:
        observed: what happened.
        lower: lower ends.
        upper: upper ends.
        level: share of cases the interval should contain, above 0 and below 1.

    Raises:
        DataError: if the shapes do not fit or the level is not a share.

    >>> interval_score([95.0, 83.0], 90.0, 110.0, level=0.8).round(9).tolist()   # 20; 20 + 10·7
    [20.0, 90.0]
    """
    if not 0.0 < level < 1.0:
        facts = {"name": "level", "count": 1, "values": f"{level:g}"}
        raise DataError(Problem("score.not_probability", facts))
    y, low, high = together(observed=observed, lower=lower, upper=upper)
    missed = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * missed)


def coverage(observed: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of cases that fell into their interval, its ends included; NaN of no known case.

    Raises:
        DataError: if the shapes do not fit.

    >>> coverage([5.0, 9.0, 12.0, float("nan")], 4.0, 9.0).__round__(3)
    0.667
    """
    y, low, high = complete(*together(observed=observed, lower=lower, upper=upper))
    return mean(((low <= y) & (y <= high)).astype(float))
