"""What several past campaigns say about the next: random effects, with what was known before.

Each campaign has an effect of its own, normal around a common mean; each was measured with an
error. The mean has a normal prior, the spread between campaigns a half-normal one, and what the
next campaign will show is integrated over both (Röver 2020, "Bayesian random-effects meta-analysis
using the bayesmeta R package", J. Stat. Softw. 93(6), section 2). With few campaigns the prior
stays; with many it is as good as forgotten, and the mean is that of DerSimonian & Laird (1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.campaign.counts import Floats
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY

LEVELS = np.linspace(0.005, 0.995, 100)
SPREADS = 120
FARTHEST = 5.0
"""Spreads between campaigns that are looked at, as multiples of the prior's scale."""


@dataclass(frozen=True)
class Pooled:
    """What is known after the past campaigns.

    Attributes:
        mean, error: of the mean of all campaigns.
        between: standard deviation between campaigns (its posterior mean).
        next: values of the next campaign at ``LEVELS``.
    """

    mean: float
    error: float
    between: float
    next: Floats

    def distribution(self, least: float = -np.inf, most: float = np.inf) -> Distribution:
        """The next campaign, kept within what makes sense."""
        kept = np.clip(self.next, least, most)
        return Distribution("samples", tuple(float(one) for one in kept), HISTORY)


def pool(
    seen: Sequence[float], errors: Sequence[float], *, prior: tuple[float, float], between: float
) -> Pooled:
    """The mean of all campaigns and the range of the next.

    Args:
        seen: effect of each past campaign.
        errors: standard error of each.
        prior: mean and standard deviation of the common mean before anything was seen.
        between: scale of the half-normal prior of the spread between campaigns.

    >>> one = pool([2.0], [0.0001], prior=(3.0, 1.0), between=0.0001)  # nothing differs
    >>> round(one.mean, 2)
    2.0
    >>> two = pool([1.0, 2.0], [1.0, 0.5], prior=(0.0, 1e6), between=0.0001)
    >>> round(two.mean, 3), round(two.error, 3)  # weights 1 and 4
    (1.8, 0.447)
    """
    y, noise = np.asarray(seen, dtype=float), np.asarray(errors, dtype=float)
    spread = np.linspace(0.0, FARTHEST, SPREADS) * between
    total = noise[:, None] ** 2 + spread**2
    weight = 1.0 / np.maximum(total, 1e-300)
    known, apart = weight.sum(axis=0), (y - prior[0])[:, None]
    pulled = (weight * apart).sum(axis=0)
    variance = 1.0 / (known + prior[1] ** -2)
    centre = prior[0] + variance * pulled
    fit = np.log(weight).sum(axis=0) - np.log1p(prior[1] ** 2 * known)
    fit += variance * pulled**2 - (weight * apart**2).sum(axis=0)
    log = 0.5 * (fit - (spread / between) ** 2)
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    mean = float(chance @ centre)
    return Pooled(
        mean=mean,
        error=float(np.sqrt(chance @ (variance + (centre - mean) ** 2))),
        between=float(chance @ spread),
        next=_levels(chance, centre, np.sqrt(variance + spread**2)),
    )


def _levels(chance: Floats, centre: Floats, sd: Floats) -> Floats:
    """The values of a mixture of normals at ``LEVELS``."""
    from scipy.special import ndtr

    ends = float((centre - 6 * sd).min()), float((centre + 6 * sd).max())
    at = np.linspace(*ends, 4000)
    below = ndtr((at[:, None] - centre) / sd) @ chance
    return np.asarray(np.interp(LEVELS, below, at))
