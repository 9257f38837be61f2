"""Random counts for all paths at once: Poisson, binomial, split into parts.

Each cell uses one normal number and is increasing in it, so that two campaigns with the same random
numbers stay comparable cell by cell, and the time does not depend on how many customers are
counted. A count of small variance is the exact quantile, found by adding up probabilities; one of
large variance is the Cornish-Fisher quantile to the fifth cumulant with Sheppard's correction for
whole numbers (Fisher & Cornish 1960; Kolassa & McCullagh 1990): its distribution function is off by
less than 0.0003 everywhere, and by less than 0.00003 from a variance of 10.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EXACT_BELOW = 4.0
"""Variance below which probabilities are added up."""
BLOCK = 8192
"""Cells that are worked on at once: few enough to stay in the fast memory of the processor."""
MANY = 0.25
"""Share of the cells still counted from which all are."""
TINY = 1e-17
"""Probability below which none is added any more."""


def poisson(rng: np.random.Generator, mean: Floats) -> Floats:
    """Poisson counts with the given means, as whole floats of the same shape.

    >>> rng = np.random.default_rng(0)
    >>> drawn = poisson(rng, np.full(100_000, 3.0))
    >>> round(float(drawn.mean()), 1), round(float(drawn.var()), 1)
    (3.0, 3.0)
    """
    out = rng.standard_normal(mean.shape)
    cells, flat = out.reshape(-1), mean.reshape(-1)
    for start in range(0, len(cells), BLOCK):
        some = slice(start, start + BLOCK)
        cells[some] = _poisson(cells[some], flat[some])
    return out


def binomial(rng: np.random.Generator, n: Floats, p: Floats | float) -> Floats:
    """Binomial counts: successes of ``n`` trials with chance ``p``, as whole floats.

    >>> rng = np.random.default_rng(0)
    >>> drawn = binomial(rng, np.full(100_000, 10.0), np.full(100_000, 0.3))
    >>> round(float(drawn.mean()), 1), round(float(drawn.var()), 1), float(drawn.max()) <= 10
    (3.0, 2.1, True)
    """
    trials, chance = np.asarray(n, float), np.asarray(p, float)
    shape = np.broadcast_shapes(trials.shape, chance.shape)
    out = rng.standard_normal(shape)
    n_days = shape[0] if len(shape) > 2 else 1
    alike = n_days > 1 and (chance.ndim < len(shape) or len(chance) == 1)
    if alike:
        one_day = chance[0] if chance.ndim == len(shape) else chance
        chances = np.broadcast_to(one_day, shape[1:]).reshape(1, -1)
    else:
        chances = np.broadcast_to(chance, shape).reshape(n_days, -1)
    trials = np.broadcast_to(trials, shape).reshape(n_days, -1)
    _fill_binomial(out.reshape(n_days, -1), trials, chances)
    return out


def negative_binomial(rng: np.random.Generator, mean: Floats, shape: float) -> Floats:
    """Counts with variance mean + mean² / shape: days that differ more than chance alone.

    >>> rng = np.random.default_rng(0)
    >>> drawn = negative_binomial(rng, np.full(200_000, 20.0), 5.0)
    >>> round(float(drawn.mean())), round(float(drawn.var()), -1)
    (20, 100.0)
    """
    if not np.isfinite(shape):
        return poisson(rng, mean)
    return poisson(rng, mean * rng.standard_gamma(shape, mean.shape) / shape)


def split(rng: np.random.Generator, n: Floats, shares: list[Floats]) -> list[Floats]:
    """Multinomial: ``n`` shared out among parts with these chances; the last part is the rest.

    Args:
        rng: random numbers.
        n: counts.
        shares: chance of each part but the last; each broadcasts against ``n``.

    >>> rng = np.random.default_rng(0)
    >>> a, b, rest = split(rng, np.array([100.0]), [np.array([0.2]), np.array([0.3])])
    >>> float((a + b + rest)[0])
    100.0
    """
    left, chance_left, parts = n, np.ones(()), []
    for share in shares:
        chance = np.divide(
            share,
            chance_left,
            out=np.zeros(np.broadcast(share, chance_left).shape),
            where=chance_left > 1e-15,
        )
        part = binomial(rng, left, np.minimum(chance, 1.0))
        parts.append(part)
        left, chance_left = left - part, chance_left - share
    return [*parts, left]


def _poisson(z: Floats, mean: Floats) -> Floats:
    small, one = mean < EXACT_BELOW, np.ones(1)
    if small.all():
        return _add_up(z, np.exp(-mean), mean, np.zeros(1))
    if not small.any():
        return _of_large_variance(z, mean, mean, one, one, one)
    out = np.empty_like(z)
    low, high = np.flatnonzero(small), np.flatnonzero(~small)
    out[low] = _add_up(z[low], np.exp(-mean[low]), mean[low], np.zeros(1))
    out[high] = _of_large_variance(z[high], mean[high], mean[high], one, one, one)
    return out


def _fill_binomial(days: Floats, n: Floats, p: Floats) -> None:
    """Normal numbers become counts, in place: (n_days, cells); ``p`` has one row if days agree."""
    for start in range(0, days.shape[1], BLOCK):
        some = slice(start, start + BLOCK)
        chance = _Chance(p[0, some])
        for day in range(len(days)):
            if day and len(p) > 1:
                chance = _Chance(p[day, some])
            days[day, some] = _binomial(days[day, some], n[day, some], chance)


class _Chance:
    """Chances of success, and what follows from them alone: worked out once for all days."""

    def __init__(self, p: Floats) -> None:
        self.p = np.clip(p, 0.0, 1.0)
        self.odd = self.p * (1.0 - self.p)

    @cached_property
    def cumulants(self) -> tuple[Floats, Floats, Floats]:
        """The third to fifth, as multiples of the variance."""
        skew = 1.0 - 2.0 * self.p
        return skew, 1.0 - 6.0 * self.odd, skew * (1.0 - 12.0 * self.odd)

    @cached_property
    def rare(self) -> tuple[NDArray[np.bool_], Floats, Floats]:
        """Whether success is the likelier side; the odds and log chance of none of the rarer."""
        flip = self.p > 0.5
        rare = np.where(flip, 1.0 - self.p, self.p)
        return flip, rare / (1.0 - rare), np.log1p(-rare)


def _binomial(z: Floats, n: Floats, chance: _Chance) -> Floats:
    variance = n * chance.odd
    small = variance < EXACT_BELOW
    if small.all():
        return _small_binomial(z, n, *chance.rare)
    third, fourth, fifth = chance.cumulants
    if not small.any():
        found = _of_large_variance(z, n * chance.p, variance, third, fourth, fifth)
        return np.asarray(np.minimum(found, n))
    out = np.empty_like(z)
    low, high = np.flatnonzero(small), np.flatnonzero(~small)
    flip, odds, none = chance.rare
    out[low] = _small_binomial(z[low], n[low], flip[low], odds[low], none[low])
    mean = n[high] * chance.p[high]
    some = (third[high], fourth[high], fifth[high])
    found = _of_large_variance(z[high], mean, variance[high], *some)
    out[high] = np.minimum(found, n[high])
    return out


def _of_large_variance(
    z: Floats, mean: Floats, variance: Floats, third: Floats, fourth: Floats, fifth: Floats
) -> Floats:
    """Cornish-Fisher; the third to fifth cumulants are given as multiples of the variance."""
    v = np.maximum(variance - 1.0 / 12.0, 1.0 / 12.0)
    sd = np.sqrt(v)
    per_sd = 1.0 / sd
    per_v = per_sd * per_sd
    scale = variance * per_v
    one = third * scale * per_sd
    two = (fourth * scale + per_v * (1.0 / 120.0)) * per_v
    three = fifth * scale * per_v * per_sd
    q = z * z
    even = (q - 1.0) * (1.0 / 6.0)
    even -= two * (((q - 5.0) * q + 2.0) * (1.0 / 24.0))
    squared = one * one
    even += squared * (((12.0 * q - 53.0) * q + 17.0) * (1.0 / 324.0))
    even *= one
    even += three * (((q - 6.0) * q + 3.0) * (1.0 / 120.0))
    odd = two * ((q - 3.0) * (1.0 / 24.0))
    odd -= squared * ((2.0 * q - 5.0) * (1.0 / 36.0))
    odd += 1.0
    odd *= z
    odd += even
    odd *= sd
    odd += mean
    odd += 0.5
    np.floor(odd, out=odd)
    return np.asarray(np.maximum(odd, 0.0, out=odd))


def _small_binomial(
    z: Floats, n: Floats, flip: NDArray[np.bool_], odds: Floats, log_none: Floats
) -> Floats:
    """Exact quantiles; counted from the rarer side."""
    none = np.exp(n * log_none)
    if not flip.any():
        return np.asarray(np.minimum(_add_up(z, none, odds * (n + 1.0), odds), n))
    count = np.minimum(_add_up(np.where(flip, -z, z), none, odds * (n + 1.0), odds), n)
    return np.where(flip, n - count, count)


def _add_up(z: Floats, none: Floats, top: Floats, less: Floats) -> Floats:
    """Smallest k whose cumulated probability reaches Φ(z).

    Args:
        z: normal numbers.
        none: probability of zero.
        top, less: probability of k ÷ that of k − 1 is ``top / k - less``.
    """
    from scipy.special import ndtr

    left: Floats = ndtr(z) - none
    more, chance, k = np.asarray(left > 0), none, 0.0
    out: Floats = more.astype(float)
    # As long as most cells go on, working on all of them is faster than picking.
    while np.count_nonzero(more) > MANY * len(z):
        k += 1.0
        chance = chance * (top / k - less)
        left -= chance
        np.greater(left, 0.0, out=more)
        out += more
    at = np.flatnonzero(more)
    left, chance, top = left[at], chance[at], top[at]
    less = less[at] if less.size > 1 else less
    while at.size:
        k += 1.0
        chance = chance * (top / k - less)
        left = left - chance
        # Far in the tail rounding can leave a crumb that no further probability covers.
        more = (left > 0) & (chance > TINY)
        out[at[~more]] = k
        at, left, chance, top = at[more], left[more], chance[more], top[more]
        less = less[more] if less.size > 1 else less
    return out
