"""Exposure: how much of a usual day each step is worth, given weekday, calendar and plans.

Sales are taken as level × exposure. The exposure is fitted by quasi-Poisson regression (McCullagh &
Nelder 1989, ch. 9), each unit's coefficients shrunk to those of all units together, so that a
festival seen twice by forty shops is learnt and one seen once by one shop is not believed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.design import Design

Floats = NDArray[np.float64]

SWEEPS = 3
HALF_LIFE = 2.0
"""Years after which a date counts half: what a promotion brings changes slowly."""
LARGEST_LOG_EFFECT = 3.0


@dataclass(frozen=True, eq=False)
class Effects:
    """Log effects per unit: (columns, units), shared columns first, and their pooled mean."""

    coefficients: Floats
    pooled: Floats

    def log_exposure(self, design: Design, steps: slice) -> Floats:
        """(steps, units): the sum of all effects, before closed steps are set to zero."""
        n_shared = design.shared.shape[1]
        out = design.shared[steps] @ self.coefficients[:n_shared]
        for column, values in enumerate(design.own):
            out += values[steps] * self.coefficients[n_shared + column]
        return np.asarray(np.clip(out, -LARGEST_LOG_EFFECT, LARGEST_LOG_EFFECT))

    def exposure(self, design: Design, steps: slice) -> Floats:
        """(steps, units): worth of each step in usual open days; exactly 0 where closed."""
        return np.asarray(design.base[steps] * np.exp(self.log_exposure(design, steps)))


def fit_effects(sales: Floats, design: Design, *, window: int) -> Effects:
    """Effects learnt from ``sales`` (dates, units; NaN = not observed), which start the design.

    ``window`` is the number of steps over which a unit's level is taken as constant.
    """
    n_dates, n_units = sales.shape
    n_columns = design.shared.shape[1] + len(design.own)
    effects = Effects(np.zeros((n_columns, n_units)), np.zeros(n_columns))
    if n_columns == 0:
        return effects
    past = slice(0, n_dates)
    for _ in range(SWEEPS):
        exposure = effects.exposure(design, past)
        expected = exposure * local_level(sales, exposure, window)
        effects = _update(effects, sales, expected, design)
    return effects


def local_level(sales: Floats, exposure: Floats, window: int) -> Floats:
    """Sales per unit of exposure in a window centred on each step; 0 where nothing was observed."""
    seen = np.isfinite(sales) & (exposure > 0)
    sold = _moving_sum(np.where(seen, sales, 0.0), window)
    worth = _moving_sum(np.where(seen, exposure, 0.0), window)
    return np.maximum(np.divide(sold, worth, out=np.zeros_like(sold), where=worth > 0), 0.0)


def _moving_sum(values: Floats, window: int) -> Floats:
    half = max(window // 2, 1)
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    n = len(values)
    high = np.minimum(np.arange(n) + half + 1, n)
    low = np.maximum(np.arange(n) - half, 0)
    return np.asarray(total[high] - total[low])


def _update(effects: Effects, sales: Floats, expected: Floats, design: Design) -> Effects:
    """One scoring step for every unit, shrunk to the pool."""
    n_dates = len(sales)
    seen = np.isfinite(sales) & (expected > 0)
    fade = _fade(design, n_dates)
    weight = np.where(seen, expected, 0.0)
    residual = np.where(seen, sales - expected, 0.0)
    # Capped at four times the expectation: one giant order is no evidence of a weekday effect.
    residual = np.minimum(residual, 3.0 * weight)
    n_seen = np.maximum(seen.sum(axis=0), 1)
    pearson = np.divide(residual**2, weight, out=np.zeros_like(weight), where=weight > 0)
    dispersion = np.maximum(pearson.sum(axis=0) / n_seen, 1e-12)
    information, score = _normal_equations(weight * fade, residual * fade, design, n_dates)
    information /= dispersion[:, None, None]
    score = score / dispersion[:, None] + np.einsum("uij,ju->ui", information, effects.coefficients)
    common = _common_noise(weight * fade, residual * fade, dispersion)
    pooled = _pooled(information, score, common, design.prior)
    spread = _spread_between(information, score, pooled)
    prior = 1.0 / spread**2
    system = information + np.diag(prior)[None]
    target = score + prior * pooled
    return Effects(np.linalg.solve(system, target[..., None])[..., 0].T, pooled)


def _fade(design: Design, n_dates: int) -> Floats:
    """(dates, 1) what each date counts: half of one ``HALF_LIFE`` years later."""
    days = (design.dates[n_dates - 1] - design.dates[:n_dates]).days.to_numpy()
    return np.asarray(0.5 ** (days / (365.0 * HALF_LIFE)))[:, None]


def _normal_equations(
    weight: Floats, residual: Floats, design: Design, n_dates: int
) -> tuple[Floats, Floats]:
    """X'WX (units, columns, columns) and X'r (units, columns), without building X per unit."""
    shared = design.shared[:n_dates]
    n_shared = shared.shape[1]
    own = design.own[:, :n_dates]
    n_columns = n_shared + len(own)
    n_units = weight.shape[1]
    information = np.zeros((n_units, n_columns, n_columns))
    score = np.zeros((n_units, n_columns))
    upper = np.triu_indices(n_shared)
    products = weight.T @ design.pairs[:n_dates]
    information[:, upper[0], upper[1]] = products
    information[:, upper[1], upper[0]] = products
    score[:, :n_shared] = residual.T @ shared
    for i, column in enumerate(own):
        at = n_shared + i
        weighted = weight * column
        cross = weighted.T @ shared
        information[:, at, :n_shared] = cross
        information[:, :n_shared, at] = cross
        score[:, at] = (residual * column).sum(axis=0)
        for j in range(i + 1):
            both = (weighted * own[j]).sum(axis=0)
            information[:, at, n_shared + j] = both
            information[:, n_shared + j, at] = both
    return information, score


def _common_noise(weight: Floats, residual: Floats, dispersion: Floats) -> float:
    """How much noisier the units' sum is than if their noise were independent; at least 1."""
    scaled = residual / np.sqrt(dispersion)
    worth = np.sqrt(weight)
    together = float(((scaled * worth).sum(axis=1) ** 2).sum())
    apart = float(((scaled * worth) ** 2).sum())
    return max(together / apart, 1.0) if apart > 0 else 1.0


def _pooled(information: Floats, score: Floats, common: float, expected: Floats) -> Floats:
    """Coefficients common to all units, shrunk to zero."""
    total = information.sum(axis=0) / common
    right = score.sum(axis=0) / common
    return np.asarray(np.linalg.solve(total + np.diag(1.0 / expected**2), right))


def _spread_between(information: Floats, score: Floats, pooled: Floats) -> Floats:
    """Standard deviation of each coefficient between units, by moments, kept in [0.02, 1].

    One unit alone tells nothing of a spread: it is its own pool.
    """
    n_units = len(score)
    precision = np.einsum("uii->ui", information)
    if n_units < 3:
        return np.full(len(pooled), 0.1)
    # Each coordinate moved alone from the pool: the gradient over its curvature.
    gradient = score - np.einsum("uij,j->ui", information, pooled)
    usable = precision > 1.0
    step = np.divide(gradient, precision, out=np.zeros_like(gradient), where=usable)
    noise = np.divide(1.0, precision, out=np.zeros_like(precision), where=usable)
    count = np.maximum(usable.sum(axis=0), 1)
    between = (step**2).sum(axis=0) / count - noise.sum(axis=0) / count
    return np.asarray(np.clip(np.sqrt(np.maximum(between, 0.0)), 0.02, 1.0))
