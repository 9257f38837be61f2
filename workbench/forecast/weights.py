"""How much each candidate counts: by its error of the total at past origins."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.replay import Origin
from workbench.forecast.stacking import stacked_weights

Floats = NDArray[np.float64]

POWER = 2.0
"""Weights fall with the mean squared error to this power: error to the power −4."""
POOL_ORIGINS = 6.0
"""A unit's own errors count as much as all units' once it has this many origins."""
HALF_LIFE = 4.0
"""An origin counts half as much as one this many independent horizons later."""
WITHOUT_A_YEAR = 0.2
"""What an origin that knew no season counts, once others do."""
WITHOUT_TWO_YEARS = 0.35
"""What an origin with one season behind it counts, once others know two: growth is told from season
by two."""
NEGLIGIBLE = 0.05
"""A candidate that weighs less than this share of the best is dropped, never averaged in."""


UNTRIED = 0.7
"""Squared error, in those of the tried, granted to a candidate that no origin could try yet: with
one year of history that is every candidate that knows the season."""


def log_errors(origins: Sequence[Origin]) -> Floats:
    """(origins, candidates, units): log of actual over forecast, of the total of known blocks."""
    return np.stack([_log_error(origin) for origin in origins])


def _log_error(origin: Origin) -> Floats:
    counted = origin.covered > 0
    actual = np.where(counted, origin.actual, 0.0).sum(axis=0)
    share = np.where(counted, origin.covered, 0.0)
    said = (origin.forecasts * share).sum(axis=1)
    lean = 0.02 * origin.typical * counted.sum(axis=0) + 1e-9
    error = np.log((np.maximum(actual, 0.0) + lean) / (said + lean))
    return np.where(counted.any(axis=0), error, np.nan)


def origin_importance(cutoffs: NDArray[np.intp], horizon: int, year: int) -> Floats:
    """(origins,), how much each counts: newer ones more, those without a year behind them less."""
    age = (cutoffs[-1] - cutoffs) / horizon
    blind = (cutoffs < year) & (cutoffs[-1] >= year)
    young = (cutoffs < 2 * year) & (cutoffs[-1] >= 2 * year)
    counted = np.where(blind, WITHOUT_A_YEAR, np.where(young, WITHOUT_TWO_YEARS, 1.0))
    return np.asarray(0.5 ** (age / HALF_LIFE) * counted)


def weigh_candidates(
    errors: Floats, importance: Floats, *, independent: float, prior: Floats | None = None
) -> Floats:
    """(candidates, units) adding up to 1, from (origins, candidates, units) log errors.

    First each candidate by its own errors, then all by how they err together.
    """
    apart = candidate_weights(errors**2, importance, prior=prior)
    return stacked_weights(errors, apart, importance, independent)


def candidate_weights(errors: Floats, importance: Floats, *, prior: Floats | None = None) -> Floats:
    """(candidates, units) adding up to 1, from (origins, candidates, units) squared errors.

    ``prior`` (candidates,) multiplies them: what each would count were all errors alike; without
    it, all the same.

    A candidate that could not speak at an origin is given the mean of those that could, so that it
    neither gains nor loses there.
    """
    spoken = np.isfinite(errors)
    some = spoken.any(axis=1, keepdims=True)
    counts = np.maximum(spoken.sum(axis=1, keepdims=True), 1)
    mean = np.where(spoken, errors, 0.0).sum(axis=1, keepdims=True) / counts
    filled = np.where(spoken, errors, np.where(some, mean, 0.0))
    counted = importance[:, None, None] * some
    total = np.maximum(counted.sum(axis=0), 1e-12)
    own = (counted * filled).sum(axis=0) / total
    scale = np.maximum(own.mean(axis=0), 1e-12)
    # A unit that no origin could test says nothing of the candidates.
    tested = spoken.reshape(-1, spoken.shape[2]).any(axis=0)
    pooled = np.median((own / scale)[:, tested], axis=1) if tested.any() else np.ones(len(own))
    n = counted.sum(axis=0) / importance.max()
    shrunk = (n * own + POOL_ORIGINS * pooled[:, None] * scale) / (n + POOL_ORIGINS)
    tried = spoken.any(axis=0)
    shrunk = np.where(tried, shrunk, UNTRIED * scale)
    weights = np.maximum(shrunk, 1e-12) ** -POWER
    if prior is not None:
        weights = weights * prior[:, None]
    weights = np.where(weights >= NEGLIGIBLE * weights.max(axis=0), weights, 0.0)
    return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-300))


def combine(forecasts: NDArray[np.floating], weights: Floats) -> Floats:
    """(blocks, units): the weighted mean of (candidates, blocks, units) forecasts.

    Where a candidate is silent the others share its weight; where all that weigh are silent, all
    that speak share alike.
    """
    spoken = np.isfinite(forecasts)
    shares = np.where(spoken, weights[:, None, :], 0.0)
    shares = np.where(shares.sum(axis=0) > 0, shares, spoken)
    total = np.maximum(shares.sum(axis=0), 1e-300)
    return np.asarray((shares * np.where(spoken, forecasts, 0.0)).sum(axis=0) / total)
