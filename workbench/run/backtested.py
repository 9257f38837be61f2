"""The backtest as a report shows it: as much as the history allows, and no failure for less."""

import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import ForecastError
from workbench.panel.panel import Panel
from workbench.target.backtest import Backtest, backtest

PROPHET_UNITS = 4
"""Prophet takes most of the time; a report compares it on the largest units."""


def backtested(
    panel: Panel,
    period: Period,
    *,
    levels: pd.DataFrame,
    origins: int,
    n_paths: int,
    seed: int,
) -> Backtest:
    """Past periods of the same kind forecast again; without cases if none is asked for or possible.

    What stood in the way is told in the ``notices``.
    """
    if origins == 0:
        return Backtest(pd.DataFrame())
    # A column of the data may carry the name that the sum or the lowest level has here.
    keys = levels.rename(columns={name: f"{name} " for name in ("total", "unit")})
    try:
        return backtest(
            panel,
            period=period,
            origins=origins,
            levels=keys,
            prophet_units=PROPHET_UNITS,
            n_paths=n_paths,
            seed=seed,
        )
    except ForecastError as error:
        return Backtest(pd.DataFrame(), notices=tuple(error.problems))
