"""Counts have the distribution they say, whatever their size."""

import numpy as np
import pytest
from scipy import stats

from workbench.campaign.counts import binomial, negative_binomial, poisson, prepared, split

LEVELS = (np.arange(20_001) + 0.5) / 20_001
NEVER = 1e-6


class Even:
    """Normal numbers that are as evenly spread as 20,001 can be: errors are not of chance."""

    def standard_normal(self, shape):
        return stats.norm.ppf(LEVELS).reshape(shape)


def off(drawn, law):
    """Largest distance between the two distribution functions."""
    at = np.arange(law.ppf(NEVER), law.ppf(1 - NEVER) + 1)
    seen = np.searchsorted(np.sort(drawn), at, side="right") / len(drawn)
    return np.abs(seen - law.cdf(at)).max()


@pytest.mark.parametrize("mean", [0.003, 0.7, 3.1, 9.9, 10.1, 37, 1e3, 2e6])
def test_poisson_counts(mean):
    assert off(poisson(Even(), np.full(20_001, mean)), stats.poisson(mean)) < 0.0004


@pytest.mark.parametrize(
    ("n", "p"),
    [(1, 0.3), (5, 0.97), (43, 0.5), (100, 0.13), (90, 0.88), (10**4, 1e-4), (10**7, 0.021)],
)
def test_binomial_counts(n, p):
    drawn = binomial(Even(), np.full(20_001, float(n)), p)
    assert off(drawn, stats.binom(n, p)) < 0.0004
    assert drawn.min() >= 0
    assert drawn.max() <= n


def test_nothing_and_everything():
    rng = np.random.default_rng(1)
    n = np.array([0.0, 7.0, 7.0, 1e6])
    assert binomial(rng, n, np.array([0.5, 0.0, 1.0, 1.0])).tolist() == [0, 0, 7, 1e6]
    assert poisson(rng, np.zeros((2, 3))).sum() == 0


def test_counts_rise_with_their_random_number():
    drawn = poisson(Even(), np.full(20_001, 9.0)), binomial(Even(), np.full(20_001, 60.0), 0.8)
    assert all((np.diff(counts) >= 0).all() for counts in drawn)


def test_options_with_the_same_numbers_keep_their_order():
    fewer = poisson(np.random.default_rng(3), np.full(500, 8.0))
    more = poisson(np.random.default_rng(3), np.full(500, 12.0))
    assert (fewer <= more).all()


def test_negative_binomial_without_variation_is_poisson():
    mean = np.full(100, 30.0)
    plain = poisson(np.random.default_rng(0), mean)
    assert (negative_binomial(np.random.default_rng(0), mean, np.inf) == plain).all()


def test_split_adds_up_and_follows_its_shares():
    n = np.full(50_000, 11.0)
    parts = split(np.random.default_rng(5), n, [np.array(0.2), np.array(0.5), np.array(0.3)])
    assert (sum(parts) == n).all()
    assert [round(float(part.mean()) / 11, 2) for part in parts] == [0.2, 0.5, 0.3, 0.0]
    together = np.corrcoef(parts[0], parts[1])[0, 1]
    assert together == pytest.approx(-np.sqrt(0.2 / 0.8 * 0.5 / 0.5), abs=0.02)


@pytest.mark.parametrize("cells", [(40, 3), (5000, 2)])
@pytest.mark.parametrize("alike", [True, False])
def test_prepared_chances_give_the_same_counts_day_by_day(cells, alike):
    rng = np.random.default_rng(8)
    n = rng.integers(0, 70, (9, *cells)).astype(float)
    p = np.full((cells[0], 1), 0.3) if alike else rng.random((cells[0], 1))
    together = binomial(np.random.default_rng(4), n, p)
    days = np.random.default_rng(4)
    once = prepared(p, cells)
    assert (together == [binomial(days, day, once) for day in n]).all()
    assert (binomial(np.random.default_rng(4), n, once) == together).all()


def test_exact_counts_are_the_quantiles_of_the_law():
    z = np.concatenate([np.random.default_rng(0).standard_normal(5000), np.linspace(-7, 7, 3000)])

    class Given:
        def standard_normal(self, shape):
            return z.copy().reshape(shape)

    for n, p in ((5, 0.97), (60, 0.05), (15, 0.5), (10**6, 2e-6)):
        law, k = stats.binom(n, p), np.arange(61)
        wanted = np.searchsorted(-law.sf(k), -stats.norm.sf(z))
        drawn = binomial(Given(), np.full(z.size, float(n)), p)
        assert np.count_nonzero(drawn != wanted) <= 8
        assert np.abs(drawn - wanted).max() <= 1
