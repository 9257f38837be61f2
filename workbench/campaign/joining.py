"""How many friends join a group: the law of a group's growth, in closed form.

A leader brings Poisson(θ) joiners and each joiner brings Poisson(φ) more. The number of joiners is
then generalised Poisson (Consul & Jain 1973; the total progeny of Borel and Tanner):
P(t) = θ (θ + φ t)^(t−1) e^(−θ − φ t) / t!. Where leaders differ (θ gamma-distributed over groups),
the first joiners are negative binomial, and P(t) = Σₙ NB(n) · n/t · Poisson(t − n; φ t).
A group that stops at its last place changes nothing about smaller numbers: the rest is "full".
"""

import numpy as np

from workbench.campaign.counts import Floats

SAME = 1e-9
"""Variation between groups below which all are taken as alike."""


def joiner_chances(theta: Floats, phi: Floats, variation: Floats, places: int) -> Floats:
    """Chances that a group gains exactly 0, 1, …, ``places`` − 1 joiners; full is what is missing.

    Args:
        theta: mean joiners through the leader.
        phi: mean further joiners through each joiner.
        variation: standard deviation ÷ mean of θ between groups.
        places: joiners that make a group full.

    Returns:
        (places, *theta.shape)

    >>> one = joiner_chances(np.array([1.2]), np.array([0.0]), np.array([0.0]), 2)[:, 0]
    >>> one.round(4).tolist()  # Poisson: e^-1.2, 1.2 e^-1.2
    [0.3012, 0.3614]
    """
    theta, phi, variation = np.broadcast_arrays(theta, phi, variation)
    if (variation < SAME).all():
        return _alike(theta, phi, places)
    return _unlike(theta, phi, variation, places)


def complete_chance(
    theta: Floats, phi: Floats, size: int, variation: Floats | float = 0.0
) -> Floats:
    """The chance that a group of ``size`` people, the leader included, becomes full.

    >>> complete_chance(np.array([0.95, 1.49]), np.zeros(2), 2).round(2).tolist()
    [0.61, 0.77]
    """
    chances = joiner_chances(theta, phi, np.asarray(variation, dtype=float), size - 1)
    return np.asarray(np.clip(1.0 - chances.sum(axis=0), 0.0, 1.0))


def _alike(theta: Floats, phi: Floats, places: int) -> Floats:
    from scipy.special import gammaln, xlogy

    t = np.arange(places, dtype=float).reshape(-1, *([1] * theta.ndim))
    rate = theta + phi * t
    log = xlogy(1.0, np.maximum(theta, 1e-300)) + xlogy(t - 1.0, np.maximum(rate, 1e-300))
    chances = np.exp(log - rate - gammaln(t + 1.0))
    chances[0] = np.exp(-theta)
    return np.asarray(np.where((theta > 0) | (t == 0), chances, 0.0))


def _unlike(theta: Floats, phi: Floats, variation: Floats, places: int) -> Floats:
    from scipy.special import gammaln, xlogy

    shape = 1.0 / np.maximum(variation, 1e-6) ** 2
    first = np.empty((places, *theta.shape))
    first[0] = np.exp(-shape * np.log1p(theta / shape))
    for n in range(1, places):
        first[n] = first[n - 1] * (shape + n - 1.0) / n * theta / (shape + theta)
    chances = np.zeros_like(first)
    chances[0] = first[0]
    for t in range(1, places):
        for n in range(1, t + 1):
            more = float(t - n)
            log = xlogy(more, phi * t) - phi * t - gammaln(more + 1.0)
            chances[t] += first[n] * (n / t) * np.exp(log)
    return chances


def fill_days(hours: Floats, validity: float) -> list[Floats]:
    """Chances that a group which fills up does so 0, 1, 2, … days after the day it opened.

    Groups open at any hour of the day alike; the time to the last joiner is exponential with mean
    ``hours``, given that it is within ``validity`` hours.

    >>> [round(float(share[0]), 3) for share in fill_days(np.array([6.0]), 24.0)]
    [0.769, 0.231]
    """
    late = np.exp(-validity / hours)
    n_days = int(np.ceil(validity / 24.0))
    beyond = [_mean_survival(24.0 * j - 24.0, hours, validity, late) for j in range(1, n_days + 1)]
    chances = [np.ones_like(hours), *beyond, np.zeros_like(hours)]
    return [chances[j] - chances[j + 1] for j in range(n_days + 1)]


def expiry_days(validity: float) -> list[float]:
    """Chances that a group expires 0, 1, 2, … days after the day it opened.

    >>> expiry_days(24.0), expiry_days(30.0)
    ([0.0, 1.0], [0.0, 0.75, 0.25])
    """
    whole, rest = divmod(validity, 24.0)
    chances = [0.0] * int(whole) + [1.0 - rest / 24.0]
    return [*chances, rest / 24.0] if rest > 0 else chances


def _mean_survival(start: float, hours: Floats, validity: float, late: Floats) -> Floats:
    """Mean over 24 hours from ``start`` of the chance that the group is not full yet."""
    low, high = min(start, validity), min(start + 24.0, validity)
    whole = hours * (np.exp(-low / hours) - np.exp(-high / hours)) - (high - low) * late
    return np.asarray(whole / (1.0 - late) / 24.0)
