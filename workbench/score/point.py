"""How far single-number forecasts were off, as shares of sales."""

import numpy as np
from numpy.typing import ArrayLike

from workbench.score.cases import complete, mean, together


def wape(observed: ArrayLike, forecast: ArrayLike) -> float:
    """Absolute errors ÷ sales, each summed over all cases: 0.1 = off by a tenth; lower is better.

    Large units weigh more, and days without sales do no harm. Cases with NaN are left out; NaN
    where nothing, or nothing but zeros, was observed.

    Raises:
        DataError: if the shapes do not fit.

    >>> wape([100.0, 0.0, 60.0], [90.0, 3.0, 63.0])      # 16 / 160
    0.1
    """
    y, f = complete(*together(observed=observed, forecast=forecast))
    size = float(np.abs(y).sum())
    return float(np.abs(y - f).sum() / size) if size else float("nan")


def mape(observed: ArrayLike, forecast: ArrayLike) -> float:
    """Mean of each case's absolute error ÷ its sales: 0.1 = off by a tenth; lower is better.

    Cases that sold nothing have no such share and are left out, as are those with NaN; NaN of none.

    Raises:
        DataError: if the shapes do not fit.

    >>> mape([100.0, 0.0, 60.0], [90.0, 3.0, 63.0]).__round__(9)      # (0.1 + 0.05) / 2
    0.075
    """
    y, f = complete(*together(observed=observed, forecast=forecast))
    sold = y != 0
    return mean(np.abs(y[sold] - f[sold]) / np.abs(y[sold]))


def bias(observed: ArrayLike, forecast: ArrayLike) -> float:
    """Forecast minus sales, summed, ÷ sales: above zero means the forecasts were too high.

    Cases with NaN are left out; NaN where nothing, or nothing but zeros, was observed.

    Raises:
        DataError: if the shapes do not fit.

    >>> bias([100.0, 0.0, 60.0], [90.0, 3.0, 63.0])      # (-10 + 3 + 3) / 160
    -0.025
    """
    y, f = complete(*together(observed=observed, forecast=forecast))
    size = float(np.abs(y).sum())
    return float((f - y).sum() / size) if size else float("nan")
