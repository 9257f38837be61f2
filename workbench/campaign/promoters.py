"""How unequal promoters are: most sell little, a few sell most of it.

What a promoter does is in proportion to a talent that is gamma-distributed with mean one. Sums of
such talents are gamma-distributed too, so that any number of promoters is drawn at once, exactly;
orders per promoter are then negative binomial.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from workbench.campaign.counts import Floats

EQUAL = 1000.0
"""Shape at which promoters are as good as alike."""


def talent_shape(best_fifth: Floats) -> Floats:
    """The gamma shape at which the best 20 % of promoters have this share of all talent.

    >>> talent_shape(np.array([0.2, 0.522, 0.663])).round(1).tolist()  # 1 is exponential
    [1000.0, 1.0, 0.5]
    """
    shares, shapes = _curve()
    log = np.interp(best_fifth, shares[::-1], np.log(shapes)[::-1])
    return np.asarray(np.exp(log))


@cache
def _curve() -> tuple[Floats, Floats]:
    from scipy.special import gammainc, gammaincinv

    shapes = np.geomspace(0.02, EQUAL, 800)
    return 1.0 - gammainc(shapes + 1.0, gammaincinv(shapes, 0.8)), shapes


def talents(rng: np.random.Generator, promoters: Floats, shape: Floats) -> Floats:
    """The talents of so many promoters added up; mean one each.

    >>> found = talents(np.random.default_rng(0), np.full(100_000, 4.0), np.array([0.5]))
    >>> round(float(found.mean()), 1), round(float(found.var()))  # 4 and 4 / 0.5
    (4.0, 8)
    """
    return np.asarray(rng.standard_gamma(promoters * shape) / shape)


def order_spread(mean: float, shape: float) -> dict[str, float]:
    """How orders spread over promoters: none, median, ninth decile, share of the best fifth.

    >>> {name: round(value, 2) for name, value in order_spread(3.0, 1.0).items()}
    {'without_orders': 0.25, 'p50': 2.0, 'p90': 8.0, 'best_fifth': 0.57}
    """
    from scipy.stats import nbinom

    if not mean > 0:
        return {"without_orders": 1.0, "p50": 0.0, "p90": 0.0, "best_fifth": np.nan}
    law = nbinom(shape, shape / (shape + mean))
    spread = {"without_orders": float(law.pmf(0)), "p50": float(law.ppf(0.5))}
    return {**spread, "p90": float(law.ppf(0.9)), "best_fifth": best_share(0.2, mean, shape)}


def best_fifth_of(shape: Floats) -> Floats:
    """The share of all talent that the best 20 % have: the other way round.

    >>> best_fifth_of(np.array([1.0, 0.5])).round(3).tolist()
    [0.522, 0.65]
    """
    shares, shapes = _curve()
    return np.asarray(np.interp(np.log(shape), np.log(shapes), shares))


def best_share(part: float, mean: float, shape: float) -> float:
    """The share of orders that the best ``part`` of promoters have, where the mean is ``mean``.

    >>> round(best_share(0.2, 3.0, 1.0), 2), best_share(1.0, 3.0, 1.0)
    (0.57, 1.0)
    """
    return best_of_all(part, (1.0,), (mean,), shape)


def best_of_all(
    part: float, counts: Sequence[float], means: Sequence[float], shape: float
) -> float:
    """The same over several kinds of promoters at once, so many of each; NaN without orders.

    >>> round(best_of_all(0.5, (1, 1), (0.0, 4.0), 1000.0), 2)  # half of them have no order at all
    1.0
    """
    from scipy.stats import nbinom

    used = [(count, mean) for count, mean in zip(counts, means, strict=True) if count > 0]
    total = sum(count * mean for count, mean in used)
    if not total > 0:
        return float("nan")
    laws = [(count, nbinom(shape, shape / (shape + mean))) for count, mean in used]
    most = max(int(law.ppf(1.0 - 1e-12)) for _, law in laws) + 2
    orders = np.arange(most, dtype=float)[::-1]
    people = sum(count * law.pmf(orders) for count, law in laws) / sum(count for count, _ in used)
    # From the best down: whole groups of promoters with as many orders, and a part of the last.
    taken = np.clip(part - (np.cumsum(people) - people), 0.0, people)
    mean = float(people @ orders)
    return min(float(taken @ orders) / mean, 1.0)
