"""What happens later: counts that come back after a while, spread over the days."""

import numpy as np

from workbench.campaign.counts import Floats, binomial, prepared, split


def after_days(rng: np.random.Generator, inflow: Floats, shares: list[Floats]) -> Floats:
    """Each of the day's counts comes back 0, 1, 2, … days later with the given chances.

    Args:
        rng: random numbers.
        inflow: (n_days, n_paths, n_units) counts.
        shares: chance of each number of days, each (n_paths, 1) or a number; the last takes the
            rest, so that they add up to one.

    Returns:
        (n_days + len(shares) - 1, n_paths, n_units): what comes back on each day, all of it.

    >>> rng = np.random.default_rng(0)
    >>> back = after_days(rng, np.full((2, 1, 1), 50.0), [np.array([[0.0]]), np.array([[1.0]])])
    >>> back.ravel().tolist()
    [0.0, 50.0, 50.0]
    """
    n_days, most = len(inflow), len(shares) - 1
    out = np.zeros((n_days + most, *inflow.shape[1:]))
    for late, part in enumerate(split(rng, inflow, shares[:-1])):
        out[late : late + n_days] += part
    return out


def by_chance(rng: np.random.Generator, inflow: Floats, daily: Floats, n_days: int) -> Floats:
    """What comes back when each day every one that waits comes with the chance ``daily``.

    The first day on which one can come back is the day after; the mean wait is 1 / daily days. What
    still waits after ``n_days`` is ``inflow.sum(0) - result.sum(0)``.

    Args:
        rng: random numbers.
        inflow: (≤ n_days, n_paths, n_units) counts.
        daily: (n_paths, 1) chance per day.
        n_days: days of the result.

    >>> rng = np.random.default_rng(0)
    >>> back = by_chance(rng, np.full((1, 1, 1), 1000.0), np.array([[0.5]]), 12)
    >>> float(back[0, 0, 0]), bool(450 < back[1, 0, 0] < 550), bool(back.sum() > 990)
    (0.0, True, True)
    """
    out = np.zeros((n_days, *inflow.shape[1:]))
    waiting = inflow[0].copy()
    same = prepared(daily, waiting.shape)
    began = min(len(inflow), n_days)
    for day in range(1, began):
        out[day] = binomial(rng, waiting, same)
        waiting -= out[day]
        waiting += inflow[day]
    if n_days > began and waiting.any():
        out[began:] = _halves(rng, waiting, daily, n_days - began)
    return out


def _halves(rng: np.random.Generator, waiting: Floats, daily: Floats, days: int) -> Floats:
    """Days on which those that wait come when nobody joins them: (days, …).

    Instead of one day after the other: first who comes within a span of days, then who of them in
    its first half, and so on. The chance is the same for all halves of a length, so that few draws
    of many counts do.
    """
    span = 1 << max(days - 1, 0).bit_length()
    stay = np.asarray(1.0 - daily, dtype=float)
    counts = binomial(rng, waiting, 1.0 - stay**span)[None]
    while span > 1:
        span //= 2
        first = binomial(rng, counts, 1.0 / (1.0 + stay**span))
        both = np.stack([first, counts - first], axis=1)
        counts = both.reshape(-1, *waiting.shape)[: -(-days // span)]
    return counts[:days]


def over_window(inflow: Floats, days: int, n_days: int) -> Floats:
    """How many came in during the ``days`` days before each day: who is in a window that follows.

    Args:
        inflow: (≤ n_days, n_paths, n_units) counts.
        days: length of the window, which begins the day after.
        n_days: days of the result.

    >>> over_window(np.array([[[3.0]], [[1.0]]]), 2, 5).ravel().tolist()
    [0.0, 3.0, 4.0, 1.0, 0.0]
    """
    out = np.zeros((n_days, *inflow.shape[1:]))
    for day, came in enumerate(inflow):
        if day + 1 < n_days:
            out[day + 1] += came
        if day + 1 + days < n_days:
            out[day + 1 + days] -= came
    return np.cumsum(out, axis=0, out=out)


def in_stages(rngs: list[np.random.Generator], inflow: Floats, daily: Floats, days: int) -> Floats:
    """What comes back when everyone passes through several stages, each with a daily chance.

    One may pass all stages on the day itself; the wait is negative binomial with mean
    ``len(rngs) * (1 - daily) / daily`` days. What still waits is ``inflow.sum(0) - result.sum(0)``.

    Args:
        rngs: random numbers of each stage.
        inflow: (≤ days, n_paths, n_units) counts.
        daily: (n_paths, 1) chance per day to leave a stage.
        days: days of the result.

    >>> rngs = [np.random.default_rng(seed) for seed in (0, 1)]
    >>> back = in_stages(rngs, np.full((1, 1, 1), 1000.0), np.array([[0.5]]), 30)
    >>> bool(210 < back[0, 0, 0] < 290), bool(210 < back[1, 0, 0] < 290), float(back.sum())
    (True, True, 1000.0)
    """
    out = np.zeros((days, *inflow.shape[1:]))
    waiting = [np.zeros(inflow.shape[1:]) for _ in rngs]
    same = prepared(daily, inflow.shape[1:])
    for day in range(days):
        if day >= len(inflow) and not any(some.any() for some in waiting):
            break
        coming = inflow[day] if day < len(inflow) else np.zeros_like(out[day])
        for stage, rng in enumerate(rngs):
            waiting[stage] = waiting[stage] + coming
            coming = binomial(rng, waiting[stage], same)
            waiting[stage] = waiting[stage] - coming
        out[day] = coming
    return out


def within_window(rng: np.random.Generator, inflow: Floats, days: int, n_days: int) -> Floats:
    """Each count comes back on one of the ``days`` days that follow, each day alike.

    Drawn in two steps, first a block of days and then the day within it, so that there are about
    2 √days draws per day of inflow instead of ``days``.

    Args:
        rng: random numbers.
        inflow: (≤ n_days, n_paths, n_units) counts.
        days: length of the window, which begins the day after.
        n_days: days of the result; what comes later is left out.

    >>> rng = np.random.default_rng(0)
    >>> back = within_window(rng, np.full((1, 1, 1), 700.0), 7, 9).ravel()
    >>> float(back.sum()), float(back[0]), float(back[8]), bool(70 < back[1:8].min())
    (700.0, 0.0, 0.0, True)
    """
    block = max(int(np.ceil(np.sqrt(days))), 1)
    starts = range(0, days, block)
    sizes = [min(block, days - start) for start in starts]
    parts = split(rng, inflow, [np.full((1, 1), size / days) for size in sizes[:-1]])
    out = np.zeros((len(inflow) + days, *inflow.shape[1:]))
    for size in sorted(set(sizes)):
        together = np.zeros((len(inflow) + days, *inflow.shape[1:]))
        for start, part, own in zip(starts, parts, sizes, strict=True):
            if own == size:
                together[start : start + len(inflow)] += part
        used = together[: min(len(together) - size, n_days)]
        for late, some in enumerate(split(rng, used, [np.full((1, 1), 1 / size)] * (size - 1)), 1):
            out[late : late + len(used)] += some
    if len(out) < n_days:
        out = np.concatenate([out, np.zeros((n_days - len(out), *out.shape[1:]))])
    return out[:n_days]
