"""When the campaigns of a mix start: by mean sales, less what overlaps and exclusions cost."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from workbench.campaign.counts import Floats
from workbench.campaign.gap_candidate import Candidate
from workbench.campaign.gap_mix import Ground
from workbench.campaign.gap_terms import Rules, clash
from workbench.campaign.schedule_rules import excludes

Whole = NDArray[np.intp]


class StartDays:
    """Chooses start days; what pairs of options lose to each other is worked out once."""

    def __init__(
        self, options: Sequence[Sequence[Sequence[Candidate]]], ground: Ground, rules: Rules
    ) -> None:
        self.options, self.ground, self.rules = options, ground, rules
        self.pairs: dict[tuple[int, int, int, int], Floats] = {}

    def place(self, sizes: Whole) -> list[Candidate] | None:
        """The start days of a combination, by mean sales less what pairs lose to overlap."""
        runs = [(k, int(size) - 1) for k, size in enumerate(sizes) if size]
        starts = [self.options[k][s] for k, s in runs]
        worth = [self._beside(*run) for run in runs]
        loss = {
            (i, j): self._pair(*runs[i], *runs[j]) for i, j in combinations(range(len(runs)), 2)
        }
        best, chosen = -np.inf, None
        for order in (np.arange(len(runs)), np.arange(len(runs))[::-1]):
            at = _climb(worth, loss, [int(one) for one in order])
            total = sum(float(w[i]) for w, i in zip(worth, at, strict=True))
            total -= sum(float(some[at[i], at[j]]) for (i, j), some in loss.items())
            if total > best:
                best, chosen = total, at
        if chosen is None:
            chosen = _fits(worth, loss)
        return None if chosen is None else [s[i] for s, i in zip(starts, chosen, strict=True)]

    def _beside(self, k: int, size: int) -> Floats:
        """Mean sales by start day, less what is lost beside the campaigns that run anyway."""
        some = self.options[k][size]
        worth = np.array([one.mean for one in some])
        for one in self.ground.planned:
            worth -= pair_losses(some, [one], self.ground.overlap)[:, 0]
            worth[[clash(mine, one, self.rules.exclusive) for mine in some]] = -np.inf
        return worth

    def _pair(self, k: int, size: int, other: int, other_size: int) -> Floats:
        """What two sizes lose to each other by start days; infinite where they clash."""
        key = (k, size, other, other_size)
        if key not in self.pairs:
            one, two = self.options[k][size], self.options[other][other_size]
            losses = pair_losses(one, two, self.ground.overlap)
            if excludes(self.rules.exclusive, one[0].choice.option, two[0].choice.option):
                for i, j in product(range(len(one)), range(len(two))):
                    if clash(one[i], two[j], self.rules.exclusive):
                        losses[i, j] = np.inf
            self.pairs[key] = losses
        return self.pairs[key]


def _climb(
    worth: Sequence[Floats], loss: dict[tuple[int, int], Floats], order: Sequence[int]
) -> list[int]:
    """Start days one after the other, each the best beside those that stand, until none moves."""
    at: dict[int, int] = {}
    for _ in range(4):
        before = dict(at)
        for i in order:
            value = worth[i].copy()
            for j, other in at.items():
                if j != i:
                    value -= loss[i, j][:, other] if i < j else loss[j, i][other, :]
            at[i] = int(np.argmax(value))
        if at == before:
            break
    return [at[i] for i in range(len(worth))]


def _fits(worth: Sequence[Floats], loss: dict[tuple[int, int], Floats]) -> list[int] | None:
    """Any start days on which no two campaigns exclude each other, the best of each first."""
    tried = 0

    def extend(at: list[int]) -> list[int] | None:
        nonlocal tried
        if len(at) == len(worth):
            return at
        i = len(at)
        for one in np.argsort(-worth[i], kind="stable"):
            tried += 1
            if tried > 20_000:
                return None
            if not np.isfinite(worth[i][one]):
                return None
            if all(np.isfinite(loss[j, i][other, one]) for j, other in enumerate(at)):
                found = extend([*at, int(one)])
                if found is not None:
                    return found
        return None

    return extend([])


def pair_losses(one: Sequence[Candidate], two: Sequence[Candidate], overlap: float) -> Floats:
    """(starts of one, starts of two): roughly what each pair loses where its days overlap.

    From mean sales alone: it serves to choose start days, not to value them.
    """
    first, second = one[0], two[0]
    units = max(int(first.effect.places.max()), int(second.effect.places.max())) + 1
    wide = [np.zeros((len(c.effect.sales), units)) for c in (first, second)]
    for cells, c in zip(wide, (first, second), strict=True):
        cells[:, c.effect.places] = c.effect.sales.mean(axis=1)
    worth = first.mean / max(float(wide[0].sum()), 1e-9)
    worth += second.mean / max(float(wide[1].sum()), 1e-9)
    starts = [np.array([c.effect.first for c in some]) for some in (one, two)]
    out = np.zeros((len(one), len(two)))
    apart = starts[1][None, :] - starts[0][:, None]
    for late in np.unique(apart):
        mine = wide[0][max(late, 0) :]
        theirs = wide[1][max(-late, 0) :]
        both = min(len(mine), len(theirs))
        if both > 0:
            shared = np.minimum(mine[:both], theirs[:both]).sum()
            out[apart == late] = overlap * shared * max(worth / 2.0, 0.0)
    return out
