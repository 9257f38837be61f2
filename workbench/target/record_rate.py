"""What a unit has shown it can do: its best four weeks."""

import numpy as np
import pandas as pd

from workbench.panel.panel import Panel

ROWS = {"D": 28, "W": 4, "M": 1}
STEP_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12}
YEARS_BACK = {"D": 728, "W": 104, "M": 24}


def best_rates(panel: Panel) -> "pd.Series[float]":
    """Unit → money per calendar day in its best 28 days (or month) of the last two years.

    NaN for a unit without 28 days of known sales.
    """
    rows = ROWS[panel.frequency]
    sales = pd.DataFrame(panel.sales[-YEARS_BACK[panel.frequency] :], columns=list(panel.units))
    best = sales.rolling(rows, min_periods=rows).sum().max() / (rows * STEP_DAYS[panel.frequency])
    return best.where(np.isfinite(best)).rename_axis("unit").rename("per_day")
