"""Do the probabilities hold where the truth is known? Many shops drawn from one law."""

from collections.abc import Callable

import numpy as np
import pytest

from workbench.forecast.engine import forecast

UNITS = 40
LEVELS = (0.5, 0.8, 0.95)
FAR = 3.0
"""Standard errors beyond which a share is taken as wrong; shops are what is independent."""


def places(simulated: Callable[..., object], frequency, n_dates, horizon, shops, walk):
    """(shops, units + 1) where each true total fell among the paths; the sum of units last."""
    out = []
    for seed in range(shops):
        shop = simulated(
            UNITS, n_dates, frequency=frequency, seed=1000 + seed, ahead=horizon, walk=walk
        )
        drawn = forecast(shop.panel, horizon=horizon, n_paths=500).totals().to_numpy()
        drawn = np.column_stack([drawn, drawn.sum(axis=1)])
        actual = shop.later.sum(axis=0)
        out.append((drawn <= np.append(actual, actual.sum())).mean(axis=0))
    return np.array(out)


def clustered(shares: np.ndarray, expected: float) -> float:
    """How many standard errors the mean of per-shop shares lies from what was promised.

    The error is that of independent totals, or that between shops where it is larger.
    """
    shops, binomial = len(shares), np.sqrt(expected * (1 - expected) / (shares.size * UNITS))
    between = np.std(shares, ddof=1) / np.sqrt(shops)
    return float((shares.mean() - expected) / max(binomial, between))


@pytest.fixture(
    scope="module",
    params=[("D", 1096, 91, 12, 0.012), ("D", 1096, 28, 8, 0.012), ("W", 156, 13, 12, 0.03)],
    ids=["days-91", "days-28", "weeks-13"],
)
def pit(request, simulated):
    return places(simulated, *request.param)


@pytest.mark.parametrize("level", LEVELS)
def test_bands_hold_as_often_as_they_say(pit, level):
    inside = np.abs(pit[:, :-1] - 0.5) <= level / 2
    assert abs(clustered(inside.mean(axis=1), level)) < FAR, inside.mean()


def test_totals_fall_anywhere_among_the_paths(pit):
    for low in np.arange(5) / 5:
        share = ((pit[:, :-1] > low) & (pit[:, :-1] <= low + 0.2)).mean(axis=1)
        assert abs(clustered(share, 0.2)) < FAR + 0.5, (low, share.mean())


def test_targets_are_reached_as_often_as_promised(pit):
    """A target called p likely lies at the path quantile 1 − p."""
    for promised in (0.2, 0.5, 0.8):
        reached = (pit[:, :-1] > 1 - promised).mean(axis=1)
        assert abs(clustered(reached, promised)) < FAR, (promised, reached.mean())


def test_the_sum_of_units_is_neither_certain_nor_anything(pit):
    inside = np.abs(pit[:, -1] - 0.5) <= 0.4
    assert inside.mean() >= 0.5
    assert np.ptp(pit[:, -1]) > 0.3


def test_a_worse_forecast_fails_these_tests(pit):
    """Half the width: the share in the 80 % band is far from 80 %."""
    narrow = np.abs(pit[:, :-1] - 0.5) <= 0.2
    assert clustered(narrow.mean(axis=1), 0.8) < -FAR
