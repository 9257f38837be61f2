"""One figure per unit, the largest first."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.report.figures.fan import fan_chart
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
