"""Several figures at once: one per unit, the largest first; those of the backtest."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.report.figures.backtest import rank_chart, reliability_chart
from workbench.report.figures.fan import fan_chart
from workbench.report.words import Words
from workbench.target.backtest import Backtest

if TYPE_CHECKING:
    from workbench.report.shown import Axes

MOST = 6


def fan_charts(
    panel: Panel,
    paths: SamplePaths,
    words: Words,
    *,
    later: pd.DataFrame | None = None,
    limit: int = MOST,
) -> "list[Axes]":
    """The fans of the ``limit`` units that sold most, largest first; none for a single unit."""
    if len(panel.units) == 1:
        return []
    sold = np.nansum(panel.sales, axis=0)
    largest = [panel.units[at] for at in np.argsort(-sold, kind="stable")[:limit]]
    return [fan_chart(panel, paths, words, unit=unit, later=later) for unit in largest]


def backtest_charts(past: Backtest, words: Words) -> "list[Axes]":
    """Whether stated chances and ranges held; none where no past period was tested."""
    if past.cases.empty:
        return []
    return [reliability_chart(past, words), rank_chart(past, words)]
