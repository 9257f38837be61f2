"""Prophet as its users run it: fitted to the rows of one series, its own sample paths added up.

It is what our totals are measured against, not a part of them. Multiplicative seasons, as its
manual advises for sales that grow; everything else as Prophet sets it, with the country's holidays
and the known-ahead columns as regressors.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.panel.panel import Panel

Floats = NDArray[np.float64]

LEAST_ROWS = 10


def prophet_totals(panel: Panel, *, steps: int, n_paths: int, seed: int) -> Floats:
    """Draws of the total of the panel's only unit over the next ``steps`` dates: (n_paths,).

    Closed rows are left out of the fit and are zero ahead.
    """
    n = len(panel.dates)
    table = _table(panel, steps)
    past = table[:n][table["open"].to_numpy()[:n] > 0].dropna(subset="y")
    if len(past) < LEAST_ROWS or not (past["y"] != 0).any():
        return np.zeros(n_paths)
    regressors = [name for name in table.columns if name.startswith("known_")]
    daily = panel.frequency == "D" and panel.calendar is not None
    country = panel.calendar.country if daily and panel.calendar is not None else ""
    drawn = _draws(past, table[n:].drop(columns="y"), regressors, country, n_paths, seed)
    return np.asarray((drawn * (table["open"].to_numpy()[n:] > 0)[:, None]).sum(axis=0))


def _table(panel: Panel, steps: int) -> pd.DataFrame:
    """ds, y, open and the regressors, on the dates and the steps ahead."""
    rows = len(panel.dates) + steps
    open_ = panel.open[:rows, 0]
    columns = {f"known_{at}": values[:rows, 0] for at, values in enumerate(panel.known.values())}
    shared = open_[open_ > 0]
    if shared.size and np.ptp(shared) > 0:
        # Part of a group's shops, or of a week's days.
        columns["known_open"] = open_
    sales = np.append(panel.sales[:, 0], np.full(steps, np.nan))
    return pd.DataFrame({"ds": panel.span[:rows], "y": sales, "open": open_, **columns})


def _draws(
    past: pd.DataFrame,
    ahead: pd.DataFrame,
    regressors: list[str],
    country: str,
    n_paths: int,
    seed: int,
) -> Floats:
    """(steps, n_paths) paths of Prophet, which draws from numpy's global generator."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed % 2**32)  # noqa: NPY002 - there is no other way to seed Prophet
    try:
        with _silent():
            from prophet import Prophet

            model = Prophet(seasonality_mode="multiplicative", uncertainty_samples=n_paths)
            if country:
                model.add_country_holidays(country)
            for name in regressors:
                model.add_regressor(name)
            model.fit(past)
            return np.asarray(model.predictive_samples(ahead)["yhat"], dtype=float)
    finally:
        np.random.set_state(state)  # noqa: NPY002


@contextmanager
def _silent() -> Iterator[None]:
    """Prophet and its optimiser report every fit on the log; the levels are put back after."""
    loggers = [logging.getLogger(name) for name in ("prophet", "cmdstanpy")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
