"""Where in its forecast distribution an outcome fell."""

import numpy as np
from numpy.typing import ArrayLike

from workbench.score.cases import Floats, outcome_and_draws


def pit(
    observed: ArrayLike, draws: ArrayLike, *, rng: np.random.Generator, axis: int = 0
) -> Floats:
    """Probability integral transform: even between 0 and 1 if the forecast is calibrated.

    The outcome's rank among the m draws, ``(below + u × (equal + 1)) ÷ (m + 1)`` with u drawn
    evenly from 0 … 1: exactly even if the outcome is one more such draw, ties and few draws
    included (Czado, Gneiting and Held 2009; Hamill 2001). Values heaped at both ends mean
    overconfidence, in the middle too much caution, at the right end forecasts that were too low.

    Args:
        observed: what happened; the shape of ``draws`` without ``axis``. NaN gives NaN.
        draws: equally likely values.
        rng: breaks ties.
        axis: along which the draws lie.

    Raises:
        DataError: if the shapes do not fit, or there are no draws.

    >>> value = pit(35.0, [10.0, 20.0, 30.0, 40.0], rng=np.random.default_rng(0))
    >>> bool(3 / 5 <= value <= 4 / 5)
    True
    """
    outcome, paths = outcome_and_draws(observed, draws, axis)
    below = (paths < outcome[..., None]).sum(axis=-1)
    equal = (paths == outcome[..., None]).sum(axis=-1)
    rank = (below + rng.random(outcome.shape) * (equal + 1)) / (paths.shape[-1] + 1)
    unknown = np.isnan(outcome) | np.isnan(paths).any(axis=-1)
    return np.asarray(np.where(unknown, np.nan, rank))


def pit_distance(ranks: ArrayLike) -> float:
    """How far the shares of ranks stray from even: the Kolmogorov–Smirnov distance, 0 … 1.

    The largest gap between "a share p of the ranks lies below p" and the truth. With n independent
    cases less than about 1.36 ÷ √n is chance at 95 % (Kolmogorov 1933). NaN is left out; NaN of
    none.

    >>> pit_distance([0.1, 0.5, 0.6]).__round__(9)      # above 0.6 all three, which leaves 0.4
    0.4
    """
    known = np.asarray(ranks, dtype=float).ravel()
    known = np.sort(known[~np.isnan(known)])
    n = len(known)
    if not n:
        return float("nan")
    steps = np.arange(n + 1) / n
    return float(max((steps[1:] - known).max(), (known - steps[:-1]).max()))
