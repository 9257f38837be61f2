"""Random counts for all paths at once: Poisson, binomial, split into parts.

Each cell uses one normal number and is increasing in it (``quantiles.py``), so that two campaigns
with the same random numbers stay comparable cell by cell, and the time does not depend on how many
customers are counted.
"""

import numpy as np

from workbench.campaign.quantiles import Chances, Floats, binomial_quantile, poisson_quantile

__all__ = [
    "Chances", "Floats", "binomial", "first_come", "negative_binomial", "poisson", "prepared",
    "split",
]  # fmt: skip
MOST_DRAWN = 5e8
"""Counts that numpy can still draw without putting back."""
BLOCK = 8192
"""Cells that are worked on at once: few enough to stay in the fast memory of the processor."""


def prepared(p: Floats | float, shape: tuple[int, ...]) -> Chances:
    """Chances that are the same on many days, with what follows from them worked out once.

    >>> sure = prepared(np.array([[0.2], [0.4]]), (2, 3))
    >>> float(binomial(np.random.default_rng(0), np.zeros((2, 3)), sure).sum())
    0.0
    """
    return Chances(np.asarray(p, dtype=float), shape)


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
        cells[some] = poisson_quantile(cells[some], flat[some])
    return out


def binomial(rng: np.random.Generator, n: Floats, p: Floats | float | Chances) -> Floats:
    """Binomial counts: successes of ``n`` trials with chance ``p``, as whole floats.

    >>> rng = np.random.default_rng(0)
    >>> drawn = binomial(rng, np.full(100_000, 10.0), np.full(100_000, 0.3))
    >>> round(float(drawn.mean()), 1), round(float(drawn.var()), 1), float(drawn.max()) <= 10
    (3.0, 2.1, True)
    """
    same = p if isinstance(p, Chances) else None
    chance = np.zeros(()) if isinstance(p, Chances) else np.asarray(p, dtype=float)
    shape = np.broadcast_shapes(np.shape(n), same.shape if same else chance.shape)
    n_days, one_day = (shape[0], shape[1:]) if len(shape) > 2 else (1, shape)
    out, trials = np.empty(shape), np.broadcast_to(np.asarray(n, dtype=float), shape)
    if same is None and (chance.ndim < 3 or len(chance) == 1):
        same = Chances(chance[0] if chance.ndim > 2 else chance, one_day)
    size = int(np.prod(one_day))
    together = max(BLOCK // max(size, 1), 1)
    if same is not None and n_days > 1 < together:
        same = same.repeated(min(together, n_days))
        size *= together
    cells, trials = out.reshape(-1), trials.reshape(-1)
    # Day by day, so that what is worked on stays in fast memory; small ones several at once.
    for day, first in enumerate(range(0, len(cells), max(size, 1))):
        known = same or Chances(chance[day], one_day)
        found, of = cells[first : first + size], trials[first : first + size]
        z = rng.standard_normal(found.shape)
        for start in range(0, len(found), BLOCK):
            some = slice(start, min(start + BLOCK, len(found)))
            found[some] = binomial_quantile(z[some], of[some], known, some)
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


def first_come(rng: np.random.Generator, counts: list[Floats], taken: Floats) -> list[Floats]:
    """How many of each kind are among the first ``taken``, when all come in random order.

    Multivariate hypergeometric; of more than half a billion, by their shares.

    Args:
        rng: random numbers.
        counts: of each kind, whole.
        taken: at most their sum.

    >>> rng, many = np.random.default_rng(0), np.ones(30_000)
    >>> a, b = first_come(rng, [2 * many, 4 * many], 3 * many)
    >>> bool((a + b == 3).all()), round(float(a.mean()), 2), round(float(a.var()), 2)  # 2·4·3·3/6²5
    (True, 1.0, 0.4)
    """
    left, open_, parts = np.asarray(sum(counts)), taken, []
    for count in counts[:-1]:
        others, few = left - count, left < MOST_DRAWN
        drawn = [np.where(few, some, 0.0).astype(np.int64) for some in (count, others, open_)]
        by_share = np.floor(open_ * count / np.maximum(left, 1.0))
        part = np.where(few, rng.hypergeometric(*drawn), by_share)
        parts.append(part)
        left, open_ = others, open_ - part
    return [*parts, open_]
