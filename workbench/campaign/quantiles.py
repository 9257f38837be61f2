"""From normal numbers to counts: quantiles of the Poisson and the binomial law.

A count of small variance is the exact quantile, found by adding up probabilities; one of large
variance is the Cornish-Fisher quantile to the fifth cumulant with Sheppard's correction for whole
numbers (Fisher & Cornish 1960; Kolassa & McCullagh 1990): its distribution function is off by less
than 0.0003 everywhere, and by less than 0.00003 from a variance of 10. The expansion is written as

    mean + ½ + sd z + A(z²) + z (B(z²) + D(z²) / sd²) / sd + C(z²) / sd²

with polynomials whose coefficients follow from the cumulants alone. All but the mean is small and
is worked out in single precision, which halves the time.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Real = NDArray[Any]
EXACT_BELOW = 4.0
"""Variance below which probabilities are added up."""
FAR = 4.5
"""Normal number from which probabilities are added up in double precision."""
FEW = 0.4
"""Share of the cells still counted at which the others are left out."""
LONG = 8
"""Counts from which a cell may be so far in the tail that it has to be stopped."""
TINY = 1e-17
"""Probability below which none is added any more."""


BENDS = 9
"""Coefficients of A, B, C and D, by rising powers of z²: 2 + 2 + 3 + 2."""


def bends(third: Floats, fourth: Floats, fifth: Floats) -> Singles:
    """(9, *shape): the coefficients from the third to fifth cumulants ÷ the variance."""
    square, cross = third * third, third * fourth
    cube = square * third
    out = np.empty((BENDS, *third.shape), dtype=np.float32)
    out[0], out[1] = 0.5 - third / 6.0, third / 6.0
    out[2] = 5.0 * square / 36.0 - fourth / 8.0
    out[3] = fourth / 24.0 - square / 18.0
    out[4] = 17.0 * cube / 324.0 - cross / 12.0 + fifth / 40.0 - third / 72.0
    out[5] = 5.0 * cross / 24.0 - 53.0 * cube / 324.0 - fifth / 20.0 + third / 72.0
    out[6] = cube / 27.0 - cross / 24.0 + fifth / 120.0
    out[7] = 5.0 * square / 216.0 - fourth / 96.0 - 1.0 / 960.0
    out[8] = fourth / 288.0 + 1.0 / 2880.0 - square / 108.0
    return out


ONE = np.ones(1)
OF_POISSON = bends(ONE, ONE, ONE)


class Chances:
    """Chances of success, and what follows from them alone: worked out once for many counts.

    Args:
        p: chances, to be broadcast to ``shape``; where all are alike, one stands for all.
        shape: of the counts; what follows is kept as flat arrays of its size, or of size one.
    """

    def __init__(self, p: Floats, shape: tuple[int, ...]) -> None:
        self.shape = shape
        alike = p.size > 0 and bool((p == p.flat[0]).all())
        self._p = np.clip(p.reshape(-1)[:1] if alike else p, 0.0, 1.0)
        self._alike = alike

    def _cells(self, values: NDArray[Any]) -> NDArray[Any]:
        return values if self._alike else np.broadcast_to(values, self.shape).reshape(-1)

    @cached_property
    def p(self) -> Floats:
        """The chance of success."""
        return self._cells(self._p)

    @cached_property
    def odd(self) -> Floats:
        """Variance of a single trial."""
        return self._cells(self._p * (1.0 - self._p))

    @cached_property
    def bends(self) -> Singles:
        """How far the law is from the normal one: (9, cells)."""
        odd, skew = self._p * (1.0 - self._p), 1.0 - 2.0 * self._p
        found = bends(skew, 1.0 - 6.0 * odd, skew * (1.0 - 12.0 * odd))
        if self._alike:
            return found
        cells = np.empty((BENDS, *self.shape), dtype=np.float32)
        for row, one in zip(cells, found, strict=True):
            row[...] = one
        return cells.reshape(BENDS, -1)

    @cached_property
    def rare(self) -> tuple[NDArray[np.bool_], Floats, Floats]:
        """Whether success is the likelier side; the odds and log chance of none of the rarer."""
        flip = self._p > 0.5
        rare = np.where(flip, 1.0 - self._p, self._p)
        return self._cells(flip), self._cells(rare / (1.0 - rare)), self._cells(np.log1p(-rare))

    def repeated(self, times: int) -> "Chances":
        """The same chances several times over."""
        return self if self._alike else Chances(self._p, (times, *self.shape))

    def at(self, values: NDArray[Any], some: slice) -> NDArray[Any]:
        """The values of some cells, or the one of all."""
        return values if self._alike else values[..., some]


def poisson_quantile(z: Floats, mean: Floats) -> Floats:
    """Poisson counts from normal numbers, both (cells,)."""
    small = mean < EXACT_BELOW
    if small.all():
        return _add_up(z, np.exp(-mean), mean, np.zeros(1))
    out = _of_large_variance(z, mean, mean, OF_POISSON)
    if small.any():
        low = np.flatnonzero(small)
        out[low] = _add_up(z[low], np.exp(-mean[low]), mean[low], np.zeros(1))
    return out


def binomial_quantile(z: Floats, n: Floats, chances: Chances, some: slice) -> Floats:
    """Binomial counts of some cells from their normal numbers and trials, both (cells,)."""
    variance = n * chances.at(chances.odd, some)
    small = variance < EXACT_BELOW
    if small.all():
        return _small_binomial(z, n, *(chances.at(one, some) for one in chances.rare))
    mean = n * chances.at(chances.p, some)
    out = _of_large_variance(z, mean, variance, chances.at(chances.bends, some))
    np.minimum(out, n, out=out)
    if small.any():
        low = np.flatnonzero(small)
        rare = (chances.at(one, some) for one in chances.rare)
        out[low] = _small_binomial(z[low], n[low], *(r[low] if r.size > 1 else r for r in rare))
    return out


def _of_large_variance(z: Floats, mean: Floats, variance: Floats, bend: Singles) -> Floats:
    """Cornish-Fisher by powers of the standard deviation."""
    z32 = z.astype(np.float32)
    sd = variance.astype(np.float32)
    sd -= np.float32(1.0 / 12.0)
    np.maximum(sd, np.float32(1.0 / 12.0), out=sd)
    np.sqrt(sd, out=sd)
    per_sd = np.reciprocal(sd)
    q = z32 * z32
    out, odd, more = bend[6] * q, bend[8] * q, bend[3] * q
    out += bend[5]
    out *= q
    out += bend[4]
    out *= per_sd
    odd += bend[7]
    odd *= per_sd
    odd *= per_sd
    odd += more
    odd += bend[2]
    odd *= z32
    out += odd
    out *= per_sd
    q *= bend[1]
    q += bend[0]
    out += q
    sd *= z32
    out += sd
    found: Floats = mean + out
    np.floor(found, out=found)
    return np.asarray(np.maximum(found, 0.0, out=found))


def _small_binomial(
    z: Floats, n: Floats, flip: NDArray[np.bool_], odds: Floats, log_none: Floats
) -> Floats:
    """Exact quantiles; counted from the rarer side."""
    none, top = np.exp(n * log_none), odds * (n + 1.0)
    if not flip.any():
        return np.asarray(np.minimum(_add_up(z, none, top, odds), n))
    count = np.minimum(_add_up(np.where(flip, -z, z), none, top, odds), n)
    return np.where(flip, n - count, count)


def _add_up(z: Floats, none: Floats, top: Floats, less: Floats) -> Floats:
    """Smallest k whose cumulated probability reaches Φ(z).

    Single precision tells Φ(z) from one up to ``FAR``; the few cells beyond take the double one.

    Args:
        z: normal numbers.
        none: probability of zero.
        top, less: probability of k ÷ that of k - 1 is ``top / k - less``.
    """
    from scipy.special import ndtr

    share = ndtr(z)
    out = _walk(*(one.astype(np.float32) for one in (share, none, top, less)))
    far = np.flatnonzero(z > FAR)
    if far.size:
        some = (one[far] if one.size > 1 else one for one in (share, none, top, less))
        out[far] = _walk(*some)
    return out


def _walk(share: Real, none: Real, top: Real, less: Real) -> Floats:
    """From zero upwards, all cells at once; those that are there are left out by and by."""
    left, chance = share - none, none.copy()
    more = left > 0
    count, at, k = more.astype(np.uint8), None, 1
    out = np.empty(left.size)
    while True:
        going = np.count_nonzero(more)
        if going <= FEW * left.size:
            out[slice(None) if at is None else at] = count
            if not going:
                return out
            kept = np.flatnonzero(more)
            at = kept if at is None else at[kept]
            left, chance, top, count = left[kept], chance[kept], top[kept], count[kept]
            less = less[kept] if less.size > 1 else less
        k += 1
        chance *= top * left.dtype.type(1.0 / (k - 1)) - less
        left -= chance
        # Far in the tail rounding can leave a crumb that no further probability covers.
        more = left > 0
        if k > LONG:
            more &= chance > TINY
        count += more.view(np.uint8)
