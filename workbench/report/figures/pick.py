"""What to draw of a panel or of sample paths: one unit or all of them, by step or by week."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.report.words import Words

Floats = NDArray[np.float64]
FEW_UNITS = 60
WEEK = 7


@dataclass(frozen=True, eq=False)
class Buckets:
    """Consecutive stretches of steps: the first and the last date of each."""

    starts: pd.DatetimeIndex
    ends: pd.DatetimeIndex

    @property
    def middles(self) -> pd.DatetimeIndex:
        """Where each stretch is drawn."""
        return self.starts + (self.ends - self.starts) / 2

    @property
    def days(self) -> Floats:
        """How many days each stretch has."""
        return ((self.ends - self.starts).days + 1).to_numpy(dtype=float)


def buckets(dates: pd.DatetimeIndex, size: int, *, backwards: bool = False) -> Buckets:
    """``dates`` cut into stretches of ``size`` steps; an incomplete one is left out.

    Backwards, the last stretch ends on the last date.
    """
    count = len(dates) // size
    used = dates[len(dates) - count * size :] if backwards else dates[: count * size]
    return Buckets(used[::size], used[size - 1 :: size])


def unit_label(unit: str, words: Words) -> str:
    """The name of a unit; the empty one is the sum of all."""
    return unit or words("total")


def sales_of(panel: Panel, unit: str) -> "pd.Series[float]":
    """Sales per date of one unit, or of all that were observed; NaN where none was."""
    frame = panel.frame()
    return frame[unit] if unit else frame.sum(axis=1, min_count=1)


def later_of(later: pd.DataFrame | None, unit: str) -> "pd.Series[float] | None":
    """Sales per date after ``as_of`` of one unit, or of all."""
    if later is None or later.empty:
        return None
    rows = later[later["unit"] == unit] if unit else later
    series = rows.groupby("date")["sales"].sum()
    series.index = pd.DatetimeIndex(series.index)
    return series.sort_index()


def mean_of(series: "pd.Series[float]", cut: Buckets) -> Floats:
    """The mean of ``series`` over each stretch, NaN where nothing was observed."""
    means = [series.loc[start:end].mean() for start, end in zip(cut.starts, cut.ends, strict=True)]
    return np.array(means, dtype=float)


def path_sums(paths: SamplePaths, unit: str, cut: Buckets) -> Floats:
    """Sales of one unit, or of all, per path and stretch: (n_paths, n_stretches)."""
    columns: Sequence[str] = (unit,) if unit else paths.units
    if len(columns) > FEW_UNITS:
        values = _expected_days(paths)
    else:
        drawn = [paths.unit_values(paths.units.index(name)) for name in columns]
        values = np.asarray(np.sum(drawn, axis=0))
    edges = paths.dates.searchsorted(cut.starts)
    inside = values[:, : int(paths.dates.searchsorted(cut.ends[-1])) + 1]
    return np.asarray(np.add.reduceat(inside, edges, axis=1))


def _expected_days(paths: SamplePaths) -> Floats:
    """The sum of many units per path and step: block totals on their expected days.

    The noise of single days, which takes minutes to draw for thousands of units, evens out there.
    """
    out = np.empty((paths.n_paths, len(paths.dates)))
    for block in np.unique(paths.block_of):
        steps = paths.block_of == block
        out[:, steps] = paths.blocks[:, block, :] @ paths.shape[steps].T
    return np.asarray(sum(paths.added.values(), out))
