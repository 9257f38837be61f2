"""Festivals that the history has not seen yet: nobody can say what they bring, only how much.

A shop that opened in January knows nothing of its Christmas. Where such days lie ahead the range
has to be wider, there and nowhere else; and what the first Christmas did to a forecast that could
not know it says nothing of how well an ordinary spring is forecast, so past errors are freed of it.
How strongly an unseen festival moves all sales is learnt from those that past origins did not know,
and leans on a usual value while these are few.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

USUAL_SD = 0.15
"""Log effect of a festival on all sales, give or take: what is believed before any was seen."""
USUAL_EVIDENCE = 8.0
"""Blocks around festivals not known then that the usual value is worth."""
LARGEST_SD = 0.5
SEEN = 1e-9


@dataclass(frozen=True, eq=False)
class Surprise:
    """What festivals not known at past origins did to all sales together.

    Attributes:
        sd: log effect of a block that lies wholly within an unseen festival's days.
        freed: (origins, blocks), by how much the log of the actual is moved to be free of it.
    """

    sd: float
    freed: Floats


def unseen_share(festivals: Floats, cutoff: int, ahead: Floats, block: int) -> Floats:
    """(blocks,) share of each block's exposure on days of festivals that no date before had.

    Args:
        festivals: (steps, columns), days around festivals, 1 (or a share of the step) where so.
        cutoff: how many steps were known.
        ahead: (steps ahead, units), exposure.
        block: steps in a block.

    >>> days = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> unseen_share(days, 2, np.ones((2, 1)), 1).tolist()
    [0.0, 1.0]
    """
    strange = np.abs(festivals[:cutoff]).sum(axis=0) <= SEEN
    days = np.abs(festivals[cutoff : cutoff + len(ahead), strange]).sum(axis=1).clip(max=1.0)
    worth = ahead.sum(axis=1)
    starts = np.arange(0, len(ahead), block)
    total = np.add.reduceat(worth, starts)
    part = np.add.reduceat(days * worth, starts)
    return np.asarray(np.divide(part, total, out=np.zeros_like(part), where=total > 0))


def surprise(company: Floats, unseen: Floats, at: NDArray[np.intp]) -> Surprise:
    """What unseen festivals did, from log errors of all units together.

    An error is measured from the mean of the same origin's blocks without such a festival: a level
    that was off is no surprise of the festival's.

    Args:
        company: (origins, blocks), log of actual over forecast.
        unseen: (origins, blocks), see ``unseen_share``.
        at: (origins, blocks), which block of the calendar it is: overlapping origins see the same.

    >>> calm = np.array([[0.02, -0.02, 0.02, -0.02]])
    >>> shares, weeks = np.zeros((1, 4)), np.arange(4)[None]
    >>> surprise(calm, shares, weeks).sd
    0.15
    """
    inside = unseen > 0
    calm = ~inside
    level = np.where(calm, company, 0.0).sum(axis=1) / np.maximum(calm.sum(axis=1), 1)
    apart = company - level[:, None]
    # Each origin's level was told by the same blocks.
    free = calm.sum() - calm.any(axis=1).sum()
    noise = float((apart[calm] ** 2).sum() / max(free, 1))
    seen = len(np.unique(at[inside]))
    own = 0.0
    if seen:
        share = unseen[inside]
        own = float(((apart[inside] ** 2 - noise).sum()) / (share**2).sum())
    evidence = seen / (seen + USUAL_EVIDENCE)
    variance = evidence * max(own, 0.0) + (1 - evidence) * USUAL_SD**2
    sd = min(float(np.sqrt(variance)), LARGEST_SD)
    spread = (sd * unseen) ** 2
    whole = noise + spread
    kept = np.sqrt(np.divide(noise, whole, out=np.ones_like(whole), where=whole > 0))
    return Surprise(sd, np.where(inside, apart * (1.0 - kept), 0.0))


def unseen_factors(spread: Floats, n_paths: int, rng: np.random.Generator) -> Floats:
    """(paths, blocks) what a path's sales of all units are multiplied by; the middle one is 1.

    ``spread`` (blocks,) is the log standard deviation. Neighbouring blocks belong to one season and
    are surprised together; seasons apart by a block without any are surprised each for itself.
    """
    inside = spread > 0
    run = np.cumsum(inside & ~np.concatenate([[False], inside[:-1]]))
    shocks = rng.standard_normal((n_paths, int(run.max(initial=0)) + 1))
    return np.asarray(np.exp(shocks[:, run] * spread))
