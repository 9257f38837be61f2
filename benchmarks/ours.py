"""The workbench on a data set: what it would have drawn on a past date, and what was sold then."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from datasets import Dataset

from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths
    from workbench.panel.panel import Panel

NAME = "workbench"


def our_panel(dataset: Dataset, cutoff: pd.Timestamp) -> "Panel":
    """What was known on ``cutoff``."""
    past, later = dataset.split(cutoff)
    return build_panel(past, later, calendar=dataset.calendar)


def our_paths(dataset: Dataset, cutoff: pd.Timestamp, *, n_paths: int, seed: int) -> "SamplePaths":
    """Joint paths of all units over the period after ``cutoff``."""
    panel = our_panel(dataset, cutoff)
    return forecast(panel, horizon=dataset.horizon, n_paths=n_paths, seed=seed)


def by_date(dataset: Dataset) -> pd.DataFrame:
    """Sales, dates × units, over the whole span; NaN where a unit has no row."""
    return dataset.frame.pivot_table("sales", "date", "unit", aggfunc="mean")


def sold(
    dataset: Dataset, wide: pd.DataFrame, cutoff: pd.Timestamp
) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Totals of the period after ``cutoff`` and of the same one a year before; NaN for a unit with
    half of the period unknown, or without that year."""
    at = int(wide.index.get_loc(cutoff)) + 1
    rows = wide.iloc[at : at + dataset.horizon]
    actual = rows.sum(min_count=1).where(rows.notna().mean() > 0.5)
    first = at - dataset.steps_per_year
    if first < 0:
        return actual, pd.Series(np.nan, index=wide.columns)
    return actual, wide.iloc[first : first + dataset.horizon].sum(min_count=1)
