"""Exponential smoothing of the level, after an average season of all years is taken out.

Holt's method with a damped trend (Gardner & McKenzie 1985) on the log rates of past blocks, at a
few fixed speeds: which speed fits is decided by the errors of the total at past origins. The season
is the mean over the years of each block's distance from its year's centred mean, a unit's own
shrunk halfway to that of all units.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import History
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]

YEAR: Mapping[Frequency, int] = {"D": 52, "W": 52, "M": 12}
SPEEDS = (0.1, 0.3, 0.6)
TREND_SPEED = 0.1
"""Share of the level's own speed at which the trend follows."""
DAMPING: Mapping[Frequency, float] = {"D": 0.97, "W": 0.97, "M": 0.9}
"""Per block: a trend does not go on for ever."""
OWN_SEASON = 0.5


def smoothing_candidates(
    history: History, n_blocks: int, frequency: Frequency
) -> dict[str, Floats]:
    """Name → (blocks, units) log rates; empty with less than two years of blocks."""
    rates = filled(block_rates(history))
    year = YEAR[frequency]
    if len(rates) < 2 * year:
        return {}
    # Kernel over neighbouring weeks: one week a year is a noisy guide. Months stand alone.
    season = average_season(rates, year, smooth=frequency != "M")
    ahead = season[(len(rates) + np.arange(n_blocks)) % year]
    adjusted = rates - season[np.arange(len(rates)) % year]
    out = {}
    for speed in SPEEDS:
        for name, trend_speed in (("smoothed", 0.0), ("smoothed trend", TREND_SPEED)):
            said = holt(adjusted, n_blocks, speed, trend_speed * speed, DAMPING[frequency])
            out[f"{name} {round(100 * speed)}"] = said + ahead
    return out


def block_rates(history: History) -> Floats:
    """(past blocks, units) log sales per exposure; NaN where nothing was observed."""
    n_past = history.cutoff // history.block
    first = history.cutoff - n_past * history.block
    shape = (n_past, history.block, history.sold.shape[1])
    sold = history.sold[first : history.cutoff].reshape(shape).sum(axis=1)
    worth = history.worth[first : history.cutoff].reshape(shape).sum(axis=1)
    return history.log_rate(sold, worth)


def average_season(rates: Floats, year: int, *, smooth: bool) -> Floats:
    """(year, units) mean log distance from the centred yearly mean, by place in the year.

    >>> wave = np.tile([0.1, -0.1, 0.3, -0.3], 4)[:, None] + 5.0
    >>> average_season(wave, 4, smooth=False).ravel().round(3).tolist()
    [0.1, -0.1, 0.3, -0.3]
    """
    total = np.concatenate([np.zeros((1, rates.shape[1])), np.cumsum(rates, axis=0)])
    at = np.arange(len(rates))
    # Near the ends the nearest whole year stands for the centred one.
    low = np.clip(at - year // 2, 0, len(rates) - year)
    apart = rates - (total[low + year] - total[low]) / year
    n_years = -(-len(rates) // year)
    padded = np.full((n_years * year, rates.shape[1]), np.nan)
    padded[: len(rates)] = apart
    season = np.nanmean(padded.reshape(n_years, year, -1), axis=0)
    if smooth:
        season = 0.25 * np.roll(season, 1, axis=0) + 0.5 * season + 0.25 * np.roll(season, -1, 0)
    season = OWN_SEASON * season + (1 - OWN_SEASON) * np.median(season, axis=1, keepdims=True)
    return np.asarray(season - season.mean(axis=0))


def holt(rates: Floats, n_blocks: int, speed: float, trend_speed: float, damping: float) -> Floats:
    """(n_blocks, units) ahead of ``rates`` (blocks, units), by damped exponential smoothing.

    >>> holt(np.array([[1.0], [2.0], [4.0]]), 2, 0.5, 0.0, 0.9).ravel().tolist()
    [2.75, 2.75]
    """
    level, trend = rates[0].copy(), np.zeros(rates.shape[1])
    for rate in rates[1:]:
        before = level
        level = speed * rate + (1 - speed) * (level + damping * trend)
        trend = trend_speed * (level - before) + (1 - trend_speed) * damping * trend
    steps = np.cumsum(damping ** np.arange(1, n_blocks + 1))
    return np.asarray(level + steps[:, None] * trend)


def filled(rates: Floats) -> Floats:
    """Gaps take the last known rate, and those before the first known one the first."""
    known = np.isfinite(rates)
    last = np.maximum.accumulate(np.where(known, np.arange(len(rates))[:, None], -1), axis=0)
    last = np.where(last >= 0, last, np.argmax(known, axis=0))
    filled = np.take_along_axis(rates, last, axis=0)
    return np.where(np.isfinite(filled), filled, 0.0)
