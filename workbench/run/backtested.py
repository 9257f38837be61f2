"""The backtest as a report shows it: as much as the history allows, and no failure for less."""

from pathlib import Path
from typing import Any

import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import ForecastError
from workbench.panel.panel import Panel
from workbench.target.backtest import Backtest, backtest
from workbench.target.backtest_file import backtest_key, load_backtest, save_backtest

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
    kept: Path | None = None,
) -> Backtest:
    """Past periods of the same kind forecast again; without cases if none is asked for or possible.

    What stood in the way is told in the ``notices``. ``kept`` names a file that holds the backtest
    between runs: it is read again until another period is over or the past is restated.
    """
    if origins == 0:
        return Backtest(pd.DataFrame())
    # A column of the data may carry the name that the sum or the lowest level has here.
    keys = levels.rename(columns={name: f"{name} " for name in ("total", "unit")})
    options: dict[str, Any] = {"prophet_units": PROPHET_UNITS, "n_paths": n_paths, "seed": seed}
    try:
        key = backtest_key(panel, period, origins, {**options, "levels": keys.to_csv()})
        known = load_backtest(kept, key) if kept else None
        if known is not None:
            return known
        past = backtest(panel, period=period, origins=origins, levels=keys, **options)
    except ForecastError as error:
        return Backtest(pd.DataFrame(), notices=tuple(error.problems))
    if kept:
        save_backtest(past, kept, key)
    return past
