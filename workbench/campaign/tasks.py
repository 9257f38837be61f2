"""How many promoters of a distribution drive meet their task: orders shared out among them.

Orders that promoters win fall to them by talent and by the days they had: given their sum they are
Dirichlet-multinomial, and those of one promoter beta-binomial. Their own orders fall on all alike.
Since the sums are given, promoters do not meet the task independently of each other: their number
varies less, by the part of the variance that lines through either kind of orders explain.
"""

import numpy as np

from workbench.campaign.counts import Floats, binomial
from workbench.campaign.scene import Scene


def meeting(
    rng: np.random.Generator,
    task: int,
    won: Floats,
    promoters: Floats,
    shape: Floats,
    own: Floats | None = None,
) -> Floats:
    """How many promoters have ``task`` orders or more: binomial with the right mean and variance.

    Args:
        rng: random numbers.
        task: orders asked for, 1 or more.
        won: orders that are shared out by talent; whole numbers of the shape of the result.
        promoters: among whom.
        shape: of the gamma-distributed talents.
        own: orders of their own, which fall on all of them alike.

    >>> rng, many = np.random.default_rng(0), np.ones(20_000)
    >>> met = meeting(rng, 1, 2 * many, 2 * many, many)  # 0 + 2, 1 + 1, 2 + 0: each as likely
    >>> round(float(met.mean()), 2)
    1.33
    """
    n = np.maximum(promoters, 1.0)
    chance, told = _chance(task, won, np.zeros_like(won) if own is None else own, n, shape)
    expected = n * chance
    variance = np.clip(n * (chance * (1.0 - chance) - told), 0.0, None)
    # So many trials that the binomial count has this variance, on average over two whole numbers.
    kept = np.divide(variance, expected, out=np.zeros_like(expected), where=expected > 0)
    least = np.maximum(np.ceil(expected - 1e-9), 1.0)
    trials = np.clip(expected / np.maximum(1.0 - kept, 1e-9), least, n)
    low = np.floor(trials)
    trials = low + (rng.random(trials.shape) < (1.0 - low / trials) * (low + 1.0))
    success = np.minimum(expected / trials, 1.0)
    return binomial(rng, np.minimum(trials, promoters), success)


def unequal(scene: Scene, began: Floats, shape: Floats) -> Floats:
    """The gamma shape of what promoters do in all: some had more days, with more effort left.

    Args:
        scene: days, and the half-life of effort.
        began: (n_active, n_paths, n_units) promoters by the day on which they began.
        shape: of talent alone.
    """
    days = scene.stage.n_active
    tires = 0.5 ** (1.0 / scene.input("half_life"))
    had = np.zeros((days, scene.n_paths, 1))
    for day in reversed(range(days)):
        had[day] = scene.stage.open[day] + (tires * had[day + 1] if day + 1 < days else 0.0)
    count = np.maximum(began.sum(axis=0), 1.0)
    mean, square = ((began * some).sum(axis=0) / count for some in (had, had**2))
    apart = np.divide(square, mean**2, out=np.ones_like(mean), where=mean > 0)
    return np.asarray(1.0 / ((1.0 + 1.0 / shape) * np.maximum(apart, 1.0) - 1.0))


def _chance(task: int, won: Floats, own: Floats, n: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """The chance that a promoter meets the task; how much of its variance the orders explain."""
    tail, above = _tails(task, won, shape, (n - 1.0) * shape)
    mean, per = won / n, 1.0 / n
    chance, with_won, with_own = (np.zeros_like(mean) for _ in range(3))
    of_own = (1.0 - np.minimum(per, 1.0 - 1e-12)) ** own
    left, mean_left = np.ones_like(mean), own * per
    for j in range(task):
        chance += of_own * tail[task - j]
        with_won += of_own * (above[task - j] - tail[task - j] * mean)
        with_own += of_own * j * tail[task - j]
        left, mean_left = left - of_own, mean_left - j * of_own
        of_own = of_own * np.maximum(own - j, 0.0) / (j + 1.0) / np.maximum(n - 1.0, 1e-9)
    chance = np.clip(chance + np.maximum(left, 0.0), 0.0, 1.0)
    with_own += np.maximum(mean_left, 0.0) - chance * own * per
    spread = mean * (1.0 - per) * (n * shape + won) / (n * shape + 1.0)
    told = _ratio(with_won**2, spread) + _ratio(with_own**2, own * per * (1.0 - per))
    return chance, told


def _tails(task: int, whole: Floats, a: Floats, b: Floats) -> tuple[list[Floats], list[Floats]]:
    """Beta-binomial: for 0, 1, …, ``task`` the chance of as many or more, and the mean of these."""
    from scipy.special import betaln

    b = np.maximum(b, 1e-9)
    chance = np.exp(betaln(a, whole + b) - betaln(a, b))
    tail, above = [np.ones_like(whole)], [np.asarray(whole * a / (a + b))]
    for k in range(task):
        tail.append(np.clip(tail[-1] - chance, 0.0, 1.0))
        above.append(np.maximum(above[-1] - k * chance, 0.0))
        step = (whole - k) * (k + a) / ((k + 1.0) * np.maximum(whole - k - 1.0 + b, 1e-12))
        chance = chance * np.maximum(step, 0.0)
    return tail, above


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
