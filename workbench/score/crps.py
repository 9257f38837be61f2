"""How far a whole forecast distribution lies from what happened."""

import numpy as np
from numpy.typing import ArrayLike

from workbench.score.cases import Floats, outcome_and_draws


def crps_sample(observed: ArrayLike, draws: ArrayLike, *, axis: int = 0) -> Floats:
    r"""Continuous ranked probability score of sample paths, in the unit of sales; lower is better.

    For draws :math:`x_{(1)} \le … \le x_{(m)}` and the outcome :math:`y`

    .. math:: \frac1m \sum_i |x_i - y| - \frac1{2m^2} \sum_i \sum_j |x_i - x_j|
        = \frac2m \sum_i (x_{(i)} - y) \left(1\{x_{(i)} > y\} - \frac{i - ½}{m}\right),

    the exact score of the draws' own distribution, not the "fair" estimate for more draws
    (Gneiting and Raftery 2007, eq. 21; Jordan, Krüger and Lerch 2019, §3.2). One draw scores its
    absolute error. Sorts one copy of the draws, m log m, and needs no further memory.

    Args:
        observed: what happened; the shape of ``draws`` without ``axis``. NaN scores NaN.
        draws: equally likely values.
        axis: along which the draws lie.

    Raises:
        DataError: if the shapes do not fit, or there are no draws.

    >>> crps_sample(3.0, [1.0, 2.0, 6.0]).item()      # 6/3 − (1 + 4 + 5)/9
    0.8888888888888888
    >>> crps_sample([3.0, 10.0], [[1.0, 10.0], [2.0, 10.0], [6.0, 10.0]]).round(3).tolist()
    [0.889, 0.0]
    """
    outcome, paths = outcome_and_draws(observed, draws, axis)
    m = paths.shape[-1]
    apart: Floats = np.subtract(paths, outcome[..., None], dtype=float, order="C")
    apart.sort(axis=-1)
    by_rank = apart @ ((np.arange(m) + 0.5) / m**2)
    above = np.maximum(apart, 0.0, out=apart).mean(axis=-1)
    # Equal in exact arithmetic to a sum of terms none of which is negative.
    return np.asarray(np.maximum(2.0 * (above - by_rank), 0.0))
