"""Cases that are not independent: how often something happened, counted honestly.

Outlooks of one period share its luck: twelve shops in one good quarter are nearer to one case than
to twelve. Cases are therefore grouped by the stretch of time they are about, and a frequency is
judged by how the groups, not the cases, scatter around what was said (a score test with
cluster-robust variance: Liang and Zeger 1986).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.score.cases import Floats, complete, together

CONFIDENCE = 0.95
ALIKE = 2
"""Groups of fully dependent cases that are added to those seen."""
ENOUGH_GROUPS = 6
"""Fewer distinct periods than this cannot show that a probability does not hold."""


@dataclass(frozen=True)
class Held:
    """How often something happened, beside how often it was said to.

    Attributes:
        stated: the probability that was said.
        cases: how many times it was said.
        happened: how many times it happened.
        groups: how many distinct stretches of time the cases are about.
        margin: frequencies this near to ``stated`` are chance; infinite with a single group.
    """

    stated: float
    cases: int
    happened: int
    groups: int
    margin: float

    @property
    def frequency(self) -> float:
        """Share of the cases in which it happened."""
        return self.happened / self.cases if self.cases else float("nan")

    @property
    def verdict(self) -> str:
        """``too few``, ``holds``, ``too often`` or ``too seldom``."""
        if self.groups < ENOUGH_GROUPS:
            return "too few"
        apart = self.frequency - self.stated
        if abs(apart) <= self.margin:
            return "holds"
        return "too often" if apart > 0 else "too seldom"


def held(happened: ArrayLike, stated: ArrayLike, group: ArrayLike) -> Held:
    """Count how often something happened, and how far chance may take that from what was said.

    The margin covers about 95 %: Student's t with (groups − 1) degrees of freedom times the root of
    ``Σ_g (Σ_i∈g (happened_i − stated_i))² ÷ cases²``, to which two groups are added whose cases all
    share one luck: a handful of groups cannot show that theirs do not.

    Args:
        happened: 0/1 or True/False per case.
        stated: the probability said, per case or one for all.
        group: which stretch of time a case is about.

    Raises:
        DataError: if the shapes do not fit.

    >>> held([1, 1, 0, 1], 0.8, [1, 1, 2, 2]).happened
    3
    >>> round(held([1, 1, 0, 0], 0.5, [1, 1, 2, 2]).margin, 2)    # 12.71 × sqrt(1² + 1²) ÷ 4
    4.49
    """
    from scipy.stats import t

    hit, said, of = complete(*together(happened=happened, stated=stated, group=group))
    n = len(hit)
    if not n:
        return Held(float("nan"), 0, 0, 0, float("inf"))
    _, place = np.unique(of, return_inverse=True)
    sums = np.bincount(place, hit - said)
    groups = len(sums)
    alike = np.bincount(place, (said * (1.0 - said)) ** 0.5)
    squares = (groups * sums @ sums + ALIKE * alike @ alike) / (groups + ALIKE)
    spread = float(squares) ** 0.5 / n
    margin = float(t.ppf(0.5 + CONFIDENCE / 2, groups - 1)) * spread if groups > 1 else np.inf
    return Held(float(said.mean()), n, int(hit.sum()), groups, float(margin))


def distinct_periods(start: ArrayLike, end: ArrayLike) -> NDArray[np.intp]:
    """Number the stretches of time that cases are about: 0, 1, 2, … in the order of time.

    Cases whose days overlap share a number, and so do those linked by a third (the months of a
    quarter, where the quarter is a case too). A chain of overlaps longer than its longest member,
    as of rolling four-week ranges, is cut into pieces whose members all overlap its first to end.

    Args:
        start: first day per case, as ordinals or dates.
        end: last day per case.

    >>> distinct_periods([1, 32, 1, 93], [31, 59, 90, 120]).tolist()
    [0, 0, 0, 1]
    >>> distinct_periods([1, 8, 15, 22, 29], [28, 35, 42, 49, 56]).tolist()
    [0, 0, 0, 0, 1]
    """
    first, last = _days(start), _days(end)
    out = np.zeros(len(first), dtype=np.intp)
    number = -1
    for chain in _chains(first, last):
        longest = (last[chain] - first[chain]).max()
        if last[chain].max() - first[chain].min() <= longest:
            number += 1
            out[chain] = number
            continue
        anchor = -np.inf
        for at in chain[np.lexsort((first[chain], last[chain]))]:
            if first[at] > anchor:
                anchor, number = last[at], number + 1
            out[at] = number
    return out


def _days(days: ArrayLike) -> Floats:
    array = np.asarray(days)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[D]").astype(np.int64)
    return array.astype(float)


def _chains(first: Floats, last: Floats) -> list[NDArray[np.intp]]:
    """The cases in groups linked by overlaps, oldest group first."""
    order = np.argsort(first, kind="stable")
    reach = np.maximum.accumulate(last[order]) if len(order) else last
    breaks = np.flatnonzero(first[order][1:] > reach[:-1]) + 1
    return [part for part in np.split(order, breaks) if len(part)]
