"""The law of a group's growth against counting it out, and against the literature."""

from math import exp

import numpy as np
import pytest

from workbench.campaign.joining import complete_chance, expiry_days, fill_days, joiner_chances


def grown(theta, phi, variation, places, n=40_000, seed=0):
    """Groups grown one friend at a time until full."""
    rng = np.random.default_rng(seed)
    counts = np.zeros(places + 1)
    for _ in range(n):
        mean = theta if variation == 0 else rng.gamma(1 / variation**2, theta * variation**2)
        waiting, joined = rng.poisson(mean), 0
        while waiting and joined < places:
            waiting, joined = waiting - 1 + rng.poisson(phi), joined + 1
        counts[joined] += 1
    return counts / n


@pytest.mark.parametrize(
    ("theta", "phi", "variation", "places"),
    [(1.2, 0.0, 0.0, 1), (0.8, 0.4, 0.0, 4), (1.7, 0.25, 0.9, 5), (0.6, 1.3, 0.0, 6), (0, 0, 0, 2)],
)
def test_closed_form_against_growing_groups(theta, phi, variation, places):
    one = (np.array([float(x)]) for x in (theta, phi, variation))
    chances = joiner_chances(*one, places)[:, 0]
    seen = grown(theta, phi, variation, places)
    error = 4 * np.sqrt(0.25 / 40_000)
    assert chances == pytest.approx(seen[:-1], abs=error)
    assert 1 - chances.sum() == pytest.approx(seen[-1], abs=error)


def test_generalised_poisson_by_hand():
    chances = joiner_chances(np.array([0.7]), np.array([0.3]), np.array([0.0]), 3)[:, 0]
    by_hand = [exp(-0.7), 0.7 * exp(-1.0), 0.7 * 1.3 * exp(-1.3) / 2]
    assert chances == pytest.approx(by_hand)


def test_published_two_person_success_gives_the_larger_groups():
    theta, none = np.array([0.95, 1.49]), np.zeros(2)
    assert complete_chance(theta, none, 2).round(2).tolist() == [0.61, 0.77]
    assert complete_chance(theta, none, 3).round(2).tolist() == [0.25, 0.44]
    assert complete_chance(theta, none, 5).round(2).tolist() == [0.02, 0.06]


def test_explosive_growth_may_never_end_and_still_has_chances():
    chances = joiner_chances(np.array([1.0]), np.array([2.5]), np.array([0.0]), 60)[:, 0]
    assert 0 < chances.sum() < 0.7


def test_variation_that_vanishes_changes_nothing():
    theta, phi = np.array([0.9]), np.array([0.2])
    alike = joiner_chances(theta, phi, np.array([0.0]), 5)
    nearly = joiner_chances(theta, phi, np.array([1e-4]), 5)
    assert nearly == pytest.approx(alike, abs=1e-6)


@pytest.mark.parametrize(("hours", "validity"), [(6.0, 24.0), (11.0, 47.0), (30.0, 72.0), (2, 0.5)])
def test_the_day_on_which_groups_fill_up(hours, validity):
    rng = np.random.default_rng(1)
    waits = rng.exponential(hours, 600_000)
    waits = waits[waits <= validity]
    days = ((rng.random(len(waits)) * 24 + waits) // 24).astype(int)
    shares = [float(share[0]) for share in fill_days(np.array([float(hours)]), float(validity))]
    assert sum(shares) == pytest.approx(1.0)
    seen = np.bincount(days, minlength=len(shares)) / len(days)
    assert shares == pytest.approx(list(seen), abs=0.006)


def test_the_day_on_which_groups_expire():
    assert expiry_days(48.0) == [0.0, 0.0, 1.0]
    assert expiry_days(6.0) == [0.75, 0.25]
    assert expiry_days(49.2) == pytest.approx([0.0, 0.0, 0.95, 0.05])
