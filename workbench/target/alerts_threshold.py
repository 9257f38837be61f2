"""From how far a statistic strayed while nothing changed: the level it passes at a given rate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PEAKS = 30
"""How many of the highest peaks tell the tail."""
LOWEST = 1.5
"""No threshold lies lower, in standard deviations."""
BACK_INSIDE = 0.5
"""An event ends when the statistic is back within this part of its threshold."""
PEAKS_PER_PERIOD = 5
"""So many peaks of one period tell as much as independent ones."""
PERIODS = 1000
FARTHEST = 10.0
"""Peaks count for at most so many mean excesses: a true change in the past is no chance."""
SHORTEST_BREAK = 7
"""Rows inside before the same statistic can begin another event."""


@dataclass(frozen=True)
class Event:
    """Rows ``start`` to ``end`` (inclusive) on which a statistic was outside; ``peak`` its most."""

    start: int
    end: int
    peak: float
    open: bool


def events(z: Floats, threshold: float) -> list[Event]:
    """The events of one unit: from passing the threshold to coming back within half of it.

    Pass ``-z`` for deviations downwards. Rows not judged (NaN) change nothing.

    >>> [(e.start, e.end, e.open) for e in events(np.array([0, 3.2, 2.0, 3.1, 1.0, 0]), 3.0)]
    [(1, 4, False)]
    """
    if not (z >= threshold).any():
        return []
    found: list[Event] = []
    start, peak, quiet = -1, 0.0, SHORTEST_BREAK
    for at, value in enumerate(z):
        if not np.isfinite(value):
            continue
        if start >= 0:
            peak = max(peak, float(value))
            if value < BACK_INSIDE * threshold:
                found.append(Event(start, at, peak, open=False))
                start, quiet = -1, 0
        elif value >= threshold and quiet >= SHORTEST_BREAK:
            start, peak = at, float(value)
        else:
            quiet += 1
    if start >= 0:
        found.append(Event(start, len(z) - 1, peak, open=True))
    return found


def threshold_for(series: Sequence[Floats], rate: float, *, periods: int = PERIODS) -> float:
    """The level that one series passes ``rate`` times on average while nothing changes.

    The peaks over a high level are counted, and their excesses continued as an exponential tail;
    what so few peaks leave unknown about that tail is averaged over (Lomax), so that little
    history means a higher threshold, not more false alarms.

    Args:
        series: the standardised statistic over past periods, one array per unit and period.
        rate: events per series.
        periods: from how many different periods they come: units in one period resemble another.

    >>> rng = np.random.default_rng(0)
    >>> calm = [rng.standard_normal(91) for _ in range(400)]
    >>> 3.0 < threshold_for(calm, 0.05) < 3.6
    True
    """
    together = np.concatenate([np.empty(0), *series])
    finite = together[np.isfinite(together)]
    if not finite.size:
        return float("inf")
    wanted = max(PEAKS, 2.0 * rate * len(series))
    level, peaks = _peaks(series, finite, wanted)
    excess = np.asarray(peaks) - level
    if not len(excess) or len(excess) <= rate * len(series):
        return max(level, LOWEST)
    typical = float(np.median(excess)) / np.log(2)
    sum_of = float(np.minimum(excess, FARTHEST * max(typical, 1e-9)).sum())
    ratio = len(excess) / (rate * len(series))
    count = min(len(excess), PEAKS_PER_PERIOD * periods)
    mean = sum_of / len(excess)
    return float(max(level + count * mean * (ratio ** (1 / count) - 1), LOWEST))


def _peaks(series: Sequence[Floats], finite: Floats, wanted: float) -> tuple[float, list[float]]:
    """The highest level that enough events pass, and their peaks."""
    level, peaks = LOWEST, [e.peak for z in series for e in events(z, LOWEST)]
    for tail in (0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.07):
        high = float(np.quantile(finite, 1 - tail))
        if high <= LOWEST:
            break
        found = [e.peak for z in series for e in events(z, high)]
        if len(found) >= wanted:
            return high, found
    return level, peaks
