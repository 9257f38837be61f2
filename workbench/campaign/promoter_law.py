"""What promoter records say: how fast effort wears off, and how unequal promoters are.

A promoter's orders of a day are Poisson around talent × effort of the day, effort halving every
``half_life`` days and orders following contacts after a geometric wait, as in ``drive_flow.py``.
Given how many orders a promoter had in all, *when* they came does not depend on the talent
(Hausman, Hall & Griliches 1984, "Econometric models for count data with an application to the
patents–R&D relationship", Econometrica 52): the half-life is told from that alone. *How many* they
had is then negative binomial (Greenwood & Yule 1920), whose shape says how unequal promoters are;
where the records name only those with an order, it is the one cut off at zero.
"""

from dataclasses import dataclass

import numpy as np

from workbench.campaign.counts import Floats

HALF_LIVES = np.geomspace(0.5, 120.0, 90)
SHAPES = np.geomspace(0.05, 50.0, 90)


@dataclass(frozen=True)
class Posterior:
    """How likely each of some values is."""

    values: Floats
    chance: Floats

    def at(self, levels: Floats) -> Floats:
        """The values that are not exceeded with these probabilities."""
        below = np.cumsum(self.chance) - 0.5 * self.chance
        return np.asarray(np.exp(np.interp(levels, below, np.log(self.values))))

    @property
    def median(self) -> float:
        """The value in the middle."""
        return float(self.at(np.array([0.5]))[0])


def course(half_life: float, wait: float, n_days: int) -> Floats:
    """Orders on each day since a promoter began, as multiples of the first day's contacts.

    >>> course(1.0, 0.0, 3).tolist()
    [1.0, 0.5, 0.25]
    >>> course(1.0, 1.0, 3).round(3).tolist()  # half of what is left orders each day
    [0.5, 0.5, 0.375]
    """
    daily = 1.0 / (1.0 + wait)
    effort = 0.5 ** (np.arange(n_days) / half_life)
    waits = daily * (1.0 - daily) ** np.arange(n_days)
    return np.asarray(np.convolve(effort, waits)[:n_days])


def wears_off(orders: Floats, began: Floats, waits: Floats) -> Posterior:
    """The half-life of effort, from when orders came; every wait of the prior is as likely.

    Days differ by more than chance (weekends, messages to all promoters): the likelihood is
    flattened by how much more (quasi-likelihood, McCullagh & Nelder 1989, section 9.3).

    Args:
        orders: (promoters' windows, days) orders by length of the window (row r: r + 1 days) and
            day since the promoter began.
        began: (windows) promoters with each length of window; unused ones are zero.
        waits: mean days from contact to order that may hold.
    """
    log = np.zeros((len(HALF_LIVES), len(waits)))
    used = np.flatnonzero((began > 0) & (orders.sum(axis=1) > 0))
    for a, half_life in enumerate(HALF_LIVES):
        for b, wait in enumerate(waits):
            curve = course(half_life, wait, orders.shape[1])
            whole = np.cumsum(curve)
            for row in used:
                chance = curve[: row + 1] / whole[row]
                log[a, b] += float(orders[row, : row + 1] @ np.log(chance))
    best = np.unravel_index(int(log.argmax()), log.shape)
    log /= _uneven(orders, used, HALF_LIVES[best[0]], waits[best[1]])
    chance = np.exp(log - log.max()).sum(axis=1)
    return Posterior(HALF_LIVES, chance / chance.sum())


def _uneven(
    orders: Floats, used: "np.ndarray[tuple[int], np.dtype[np.intp]]", half_life: float, wait: float
) -> float:
    """How much more days differ than by chance: Pearson's statistic per degree of freedom."""
    curve = course(half_life, wait, orders.shape[1])
    mean = np.zeros(orders.shape[1])
    for row in used:
        mean[: row + 1] += orders[row].sum() * curve[: row + 1] / curve[: row + 1].sum()
    seen = orders[used].sum(axis=0)
    counted = mean > 1.0
    freedom = max(int(counted.sum()) - 2, 1)
    return max(float(((seen - mean)[counted] ** 2 / mean[counted]).sum()) / freedom, 1.0)


@dataclass(frozen=True)
class Talent:
    """How many orders promoters have.

    Attributes:
        shape: of the gamma-distributed talent; small is unequal.
        level: per drive, mean orders on a first day without waiting. error: of its logarithm.
    """

    shape: Posterior
    level: Floats
    error: Floats


def how_unequal(
    orders: Floats, exposure: Floats, drive: "np.ndarray[tuple[int], np.dtype[np.intp]]", cut: bool
) -> Talent:
    """The shape of talent, common to all drives, and each drive's level, at highest likelihood.

    Args:
        orders: per promoter.
        exposure: per promoter, the sum of ``course`` over the days.
        drive: per promoter, the number of the drive.
        cut: whether promoters without an order are missing.
    """
    n = int(drive.max()) + 1
    log, levels = np.zeros(len(SHAPES)), np.zeros((len(SHAPES), n))
    for at in range(n):
        mine = drive == at
        for number, shape in enumerate(SHAPES):
            levels[number, at] = _level(orders[mine], exposure[mine], shape, cut)
            log[number] += log_likelihood(
                levels[number, at], orders[mine], exposure[mine], shape, cut
            )
    chance = np.exp(log - log.max())
    found = Posterior(SHAPES, chance / chance.sum())
    best = int(np.abs(np.log(SHAPES / found.median)).argmin())
    level = levels[best]
    error = [
        _error(level[at], orders[drive == at], exposure[drive == at], float(SHAPES[best]), cut)
        for at in range(n)
    ]
    return Talent(found, np.exp(level), np.array(error))


def log_likelihood(
    log_level: float, orders: Floats, exposure: Floats, shape: float, cut: bool
) -> float:
    """Log-likelihood of negative binomial counts, without what depends on the counts alone."""
    from scipy.special import gammaln

    mean = np.exp(log_level) * exposure
    log = gammaln(orders + shape) - gammaln(shape) + shape * np.log(shape / (shape + mean))
    log = log + orders * np.log(mean / (shape + mean))
    if cut:
        log = log - np.log(-np.expm1(shape * np.log(shape / (shape + mean))))
    return float(log.sum())


def _level(orders: Floats, exposure: Floats, shape: float, cut: bool) -> float:
    """The logarithm of the level of the highest likelihood."""
    from scipy.optimize import minimize_scalar

    guess = float(np.log(max(orders.sum(), 0.5) / exposure.sum()))
    found = minimize_scalar(
        lambda at: -log_likelihood(at, orders, exposure, shape, cut),
        bounds=(guess - 6.0, guess + 1.0),
        method="bounded",
        options={"xatol": 1e-4},
    )
    return float(found.x)


def _error(level: float, orders: Floats, exposure: Floats, shape: float, cut: bool) -> float:
    """Standard error of the log level: from how sharp the likelihood is."""
    step = 0.05
    low, mid, high = (
        log_likelihood(level + by, orders, exposure, shape, cut) for by in (-step, 0.0, step)
    )
    return float(1.0 / np.sqrt(max((2.0 * mid - low - high) / step**2, 1e-6)))
