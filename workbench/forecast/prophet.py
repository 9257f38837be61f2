"""Prophet on the company's block totals, with the exposure as its regressor.

The only place that imports prophet. It is fitted to weeks (or months), a twentieth of the cost of
days: weekday, festival and plan effects reach it through the exposure regressor. Units take its
view of the company's course.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.forecast.candidates import FARTHEST, History
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]

LEAST_POINTS: dict[Frequency, int] = {"D": 26, "W": 26, "M": 18}
"""Blocks below which Prophet has nothing to go on."""
NAME = "prophet"
DIGITS = 7
"""Of its input: its optimiser takes the same road whatever order the units were added up in."""


def prophet_rates(
    history: History,
    rates: dict[str, Floats],
    exposure: Floats,
    dates: pd.DatetimeIndex,
    frequency: Frequency,
) -> dict[str, Floats]:
    """Prophet's company total per block ahead, handed down to the units: (blocks, units) log rates.

    Empty where the history is too short for it.
    """
    block, cutoff = history.block, history.cutoff
    n_past = cutoff // block
    if n_past < LEAST_POINTS[frequency]:
        return {}
    first = cutoff - n_past * block
    starts = np.arange(first, len(exposure), block)
    # A unit counts by what it usually sells: a small new one is no event for the company.
    worth = np.add.reduceat(exposure, starts, axis=0) @ history.typical
    sold = np.add.reduceat(history.sold, starts, axis=0).sum(axis=1)[:n_past]
    seen = (np.add.reduceat(history.worth, starts, axis=0) @ history.typical)[:n_past]
    usual = float(np.mean(seen)) or 1.0
    ends = dates[np.minimum(starts + block - 1, len(dates) - 1)]
    table = pd.DataFrame({"ds": ends, "exposure": _log_ratio(worth, usual)})
    past = table[:n_past].assign(
        y=np.round(sold / max(float(np.mean(sold)), 1e-9), DIGITS),
        exposure=_log_ratio(seen, usual),
    )
    past = past[seen > 0.2 * usual]
    # A unit that has not sold yet keeps no candidate from speaking of the others.
    begun = history.typical > 0
    spoken = [values for values in rates.values() if np.isfinite(values[:, begun]).all()]
    if len(past) < LEAST_POINTS[frequency] or not spoken or not begun.any():
        return {}
    total = _fit_predict(past, table[n_past:], frequency) * max(float(np.mean(sold)), 1e-9)
    base = np.mean(spoken, axis=0)
    ahead = np.add.reduceat(exposure[cutoff:], np.arange(0, len(exposure) - cutoff, block), axis=0)
    company = (np.exp(base) * ahead)[:, begun].sum(axis=1)
    shift = np.log(np.maximum(total, 1e-3 * company) / np.maximum(company, 1e-300))
    shift = np.where(company > 0, shift, 0.0)
    return {NAME: base + np.clip(shift, -FARTHEST / 2, FARTHEST / 2)[:, None]}


def _log_ratio(worth: Floats, usual: float) -> Floats:
    return np.asarray(np.round(np.log(np.maximum(worth, 1e-3 * usual) / usual), DIGITS))


def _fit_predict(past: pd.DataFrame, ahead: pd.DataFrame, frequency: Frequency) -> Floats:
    """Prophet's point forecast of the rows ahead; the optimiser is deterministic."""
    with _silent():
        from prophet import Prophet

        span = (past["ds"].iloc[-1] - past["ds"].iloc[0]).days
        model = Prophet(
            growth="linear",
            yearly_seasonality=8 if span >= 700 and frequency != "M" else span >= 700,
            weekly_seasonality=False,
            daily_seasonality=False,
            seasonality_mode="multiplicative",
            uncertainty_samples=0,
        )
        model.add_regressor("exposure", mode="multiplicative", standardize=False)
        # Prophet's own choice below a hundred rows, Newton, is a hundred times slower here.
        model.fit(past, algorithm="LBFGS")
        return np.asarray(model.predict(ahead)["yhat"], dtype=float)


@contextmanager
def _silent() -> Iterator[None]:
    """Prophet and its optimiser report every fit on the log; the levels are put back after.

    It also calls pandas in ways that pandas warns of, which is no news for a planner.
    """
    loggers = [logging.getLogger(name) for name in ("prophet", "prophet.plot", "cmdstanpy")]
    before = [(logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
                warnings.simplefilter("ignore", kind)
            yield
    finally:
        for logger, (level, disabled) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.disabled = disabled
