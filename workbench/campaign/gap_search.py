"""The search for the best mix: all sizes by a bound that no mix can beat, then the start days.

Every option runs in one of its sizes or not at all. For each such combination of sizes the most
that it could bring on each path (the best start day of each option, nothing lost to overlap) bounds
its probability from above; its cost is known. Combinations are then taken in order of what they are
wanted for, their start days chosen, and the mix added up in full. The first that reaches the target
is the best if no combination before it had a bound that reaches it too: then the search has proven
its answer. Small searches are played through in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.campaign.counts import Floats
from workbench.campaign.gap_candidate import Candidate
from workbench.campaign.gap_days import StartDays
from workbench.campaign.gap_mix import Ground, Result, evaluate
from workbench.campaign.gap_terms import Rules, in_full

Whole = NDArray[np.intp]
IN_FULL = 2000
"""Mixes that are all added up, start days and all."""
MOST_COMBINATIONS = 120_000
"""Combinations of sizes that are all bounded; of more, the most promising."""
MOST_TRIED = 60
"""Combinations whose start days are chosen, per question."""
STEP = 0.01
"""Steps of probability in which the frontier is looked for."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to.

    Attributes:
        tried: the mixes that were added up, each with what it brings.
        proven: whether no other mix can be better than the best of them.
        highest_proven: whether none can be likelier to reach the target than the likeliest of them.
        n_mixes: how many mixes there are in all.
    """

    tried: tuple[Result, ...]
    proven: bool
    highest_proven: bool
    n_mixes: int


def search(
    options: Sequence[Sequence[Sequence[Candidate]]], ground: Ground, rules: Rules, n_days: int
) -> Found:
    """The mixes worth knowing.

    Args:
        options: option → size → start day → candidate.
        ground: what mixes are added to.
        rules: what they have to keep to.
        n_days: days of the period.
    """
    n_mixes = 1
    for sizes in options:
        n_mixes *= 1 + sum(len(starts) for starts in sizes)
    if n_mixes <= IN_FULL:
        mixes = in_full(options, rules, ground.planned)
        return Found(tuple(evaluate(mix, ground, n_days) for mix in mixes), True, True, n_mixes)
    return _Search(options, ground, rules, n_days).run(n_mixes)


class _Search:
    """One staged search; the fields are arrays over all combinations of sizes."""

    def __init__(
        self,
        options: Sequence[Sequence[Sequence[Candidate]]],
        ground: Ground,
        rules: Rules,
        n_days: int,
    ) -> None:
        self.options, self.ground, self.rules, self.n_days = options, ground, rules, n_days
        self.complete = True
        self.sizes = self._combinations()
        self.bound = self._bounds()
        self.cost = self._sum("cost")
        profit = self._sum("profit")
        if rules.goal == "margin":
            self.order = np.lexsort((self.cost, -profit))
        else:
            key = self.cost + (self._sum("discount") if rules.goal == "outlay" else 0.0)
            self.order = np.lexsort((-profit, key))
        self.profit = profit
        self.known: dict[int, Result | None] = {}
        self.days = StartDays(options, ground, rules)

    def run(self, n_mixes: int) -> Found:
        proven = self._best()
        self._frontier()
        highest = self._highest()
        tried = tuple(one for one in self.known.values() if one is not None)
        return Found(tried, proven and self.complete, highest and self.complete, n_mixes)

    def _combinations(self) -> Whole:
        """(n, n_options): size of each option, 0 for not at all; those that keep to the limits."""
        found = np.zeros((1, 0), dtype=np.intp)
        for sizes in self.options:
            wide = np.repeat(found, len(sizes) + 1, axis=0)
            own = np.tile(np.arange(len(sizes) + 1), len(found))[:, None]
            found = np.hstack([wide, own])
            most: list[tuple[str | int, float]] = [("cost", self.rules.budget)]
            most += enumerate(self.rules.limits)
            for name, limit in most:
                if np.isfinite(limit):
                    found = found[self._sum(name, found) <= limit + 1e-6]
            if len(found) > MOST_COMBINATIONS:
                found, self.complete = self._thinned(found), False
        return found

    def _thinned(self, sizes: Whole) -> Whole:
        """Of so many combinations those that bring most for what they cost, over all costs."""
        gain, cost = self._sum("mean", sizes), self._sum("cost", sizes)
        n_bins = 200
        each = MOST_COMBINATIONS // (4 * n_bins)
        place = np.argsort(np.argsort(cost, kind="stable"), kind="stable") * n_bins // len(cost)
        order = np.lexsort((-gain, place))
        rank = np.arange(len(order)) - np.searchsorted(place[order], place[order])
        return sizes[np.sort(order[rank < each])]

    def _sum(self, name: str | int, sizes: Whole | None = None) -> Floats:
        """(n,): a quantity summed over the options of each combination."""
        chosen = self.sizes if sizes is None else sizes
        out = np.zeros(len(chosen))
        for at in range(chosen.shape[1]):
            worth = [0.0]
            for starts in self.options[at]:
                one = starts[0]
                worth.append(one.limited[name] if isinstance(name, int) else getattr(one, name))
            out += np.array(worth)[chosen[:, at]]
        return out

    def _bounds(self) -> Floats:
        """(n,): a probability that no mix of the combination can exceed."""
        need = self.ground.target - self.ground.base.sum(axis=1)
        for one in self.ground.planned:
            need = need - one.most
        most = [
            np.vstack([np.zeros_like(need), *(_most(starts) for starts in sizes)])
            for sizes in self.options
        ]
        half = len(most) // 2
        left, left_at = _distinct_sums(most[:half], self.sizes[:, :half], len(need))
        right, right_at = _distinct_sums(most[half:], self.sizes[:, half:], len(need))
        counts = np.zeros(len(self.sizes))
        for at in range(len(left)):
            rows = np.flatnonzero(left_at == at)
            wanted, back = np.unique(right_at[rows], return_inverse=True)
            reached = (right[wanted] >= (need - left[at]) - 1e-6).sum(axis=1)
            counts[rows] = reached[back]
        return np.asarray(np.minimum((counts + 1.0) / (len(need) + 1.0), 1.0))

    def _best(self) -> bool:
        """The best mix, and of other sets of campaigns the best each; whether it is proven."""
        best: Result | None = None
        proven, seen, tries = True, set[tuple[bool, ...]](), 0
        for at in self.order:
            if self.bound[at] < self.rules.probability:
                continue
            ran = tuple(bool(one) for one in self.sizes[at] > 0)
            beaten = best is not None and self._beaten(int(at), best)
            if tries >= MOST_TRIED or (beaten and (ran in seen or len(seen) > 6)):
                if not beaten:
                    proven = False
                if tries >= MOST_TRIED or len(seen) > 6:
                    break
                continue
            tries += 1
            result = self._known(int(at))
            if result is None or result.probability < self.rules.probability:
                proven = proven and (beaten or self._cannot(int(at), result))
                continue
            seen.add(ran)
            if best is None or self.rules.key(result) < self.rules.key(best):
                best = result
        return proven and best is not None

    def _beaten(self, at: int, best: Result) -> bool:
        """Whether no mix of this combination can be better than the best so far."""
        if self.rules.goal == "margin":
            return bool(self.profit[at] <= best.margin + 1e-9)
        return True

    def _cannot(self, at: int, result: Result | None) -> bool:
        """Whether the mix with the best start days is known to miss the probability."""
        picked = [self.options[k][size - 1] for k, size in enumerate(self.sizes[at]) if size]
        return result is not None and all(len(starts) == 1 for starts in picked)

    def _frontier(self) -> None:
        """For each cost the likeliest mix, in steps of probability."""
        highest = 0.0
        for at in np.lexsort((-self.bound, self.cost)):
            if self.bound[at] >= highest + STEP:
                highest = float(self.bound[at])
                self._known(int(at))

    def _highest(self) -> bool:
        """The likeliest mix; whether it is proven."""
        best = 0.0
        for tries, at in enumerate(np.argsort(-self.bound, kind="stable")):
            if best >= self.bound[at] - 1.0 / (len(self.ground.base) + 1.0) - 1e-12:
                return True
            if tries >= MOST_TRIED // 3:
                return False
            result = self._known(int(at))
            best = max(best, 0.0 if result is None else result.probability)
        return True

    def _known(self, at: int) -> Result | None:
        """What a combination brings on the start days chosen for it; None where none fit."""
        if at not in self.known:
            picked = self.days.place(self.sizes[at])
            self.known[at] = None if picked is None else evaluate(picked, self.ground, self.n_days)
        return self.known[at]


def _most(starts: Sequence[Candidate]) -> Floats:
    """(n_paths,): the most that an option of one size can add, whatever day it starts."""
    return np.asarray(np.max([one.most for one in starts], axis=0))


def _distinct_sums(most: Sequence[Floats], sizes: Whole, n_paths: int) -> tuple[Floats, Whole]:
    """Each different combination of these options as one sum per path, and who uses which."""
    if not most:
        return np.zeros((1, n_paths)), np.zeros(len(sizes), dtype=np.intp)
    rows, back = np.unique(sizes, axis=0, return_inverse=True)
    sums = np.zeros((len(rows), n_paths))
    for at, some in enumerate(most):
        sums += some[rows[:, at]]
    return sums, np.asarray(back.reshape(-1), dtype=np.intp)
