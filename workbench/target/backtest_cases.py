"""One forecast total beside what was sold: quantiles, chances and scores of many sums at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.score.crps import crps_sample
from workbench.score.pit import pit
from workbench.target.curve import exceedance, quantile

Floats = NDArray[np.float64]

DECILES = tuple(round(0.1 * step, 1) for step in range(1, 10))
BANDS = (0.5, 0.8, 0.95)
LEVELS = tuple(sorted({*DECILES, *(0.5 + s * b / 2 for b in BANDS for s in (-1, 1))}))
"""Quantiles that are kept of every forecast: the deciles and the ends of the bands."""


def quantile_column(level: float) -> str:
    """The column of a quantile.

    >>> quantile_column(0.1), quantile_column(0.975)
    ('q10', 'q97.5')
    """
    return f"q{100 * level:g}"


def chance_column(multiple: float) -> str:
    """The column of the stated chance of a target, in totals of the year before.

    >>> chance_column(1.03)
    'chance_1.03'
    """
    return f"chance_{multiple:g}"


def case_rows(
    draws: Floats,
    actual: Floats,
    last_year: Floats,
    *,
    targets: Sequence[float],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per sum: actual, last_year, quantiles, crps, pit and the chance of each target.

    Args:
        draws: (n_paths, sums) equally likely totals.
        actual: (sums,) what was sold.
        last_year: (sums,) total of the same period one year before; NaN: no targets.
        targets: in totals of the year before.
        rng: breaks ties of the rank.

    >>> rows = case_rows(np.array([[90.0], [100.0], [120.0]]), np.array([95.0]),
    ...     np.array([100.0]), targets=(1.0,), rng=np.random.default_rng(0))
    >>> rows[["actual", "q50", "chance_1"]].to_numpy().tolist()
    [[95.0, 100.0, 0.5]]
    """
    ordered = np.sort(draws, axis=0)
    columns = {"actual": actual, "last_year": last_year}
    columns |= {quantile_column(level): quantile(ordered, level) for level in LEVELS}
    columns["crps"] = crps_sample(actual, ordered)
    columns["pit"] = pit(actual, ordered, rng=rng)
    for multiple in targets:
        aimed = multiple * np.where(last_year > 0, last_year, np.nan)
        stated = exceedance(ordered, aimed)
        columns[chance_column(multiple)] = np.where(np.isfinite(aimed), stated, np.nan)
    return pd.DataFrame(columns)
