"""What a mix of campaigns has to keep to, and every mix that does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal, get_args

import numpy as np

from workbench.campaign.gap_candidate import Candidate
from workbench.campaign.gap_mix import Result
from workbench.campaign.schedule_rules import Exclusive, excludes

GoalName = Literal["cost", "outlay", "margin"]
GOALS: tuple[GoalName, ...] = get_args(GoalName)


@dataclass(frozen=True, eq=False)
class Rules:
    """What a mix has to keep to.

    Attributes:
        exclusive: groups of names of which one may run at a time on a unit.
        budget: the most that all campaigns may cost.
        limits: the most of each limited quantity.
        goal: what the mix is chosen by.
        probability: of reaching the target.
    """

    exclusive: Exclusive
    budget: float
    limits: tuple[float, ...]
    goal: GoalName
    probability: float

    def key(self, result: Result) -> tuple[float, float]:
        """The smaller, the better."""
        if self.goal == "margin":
            return -result.margin, result.cost
        outlay = result.discount if self.goal == "outlay" else 0.0
        return result.cost + outlay, -result.margin


def in_full(
    options: Sequence[Sequence[Sequence[Candidate]]],
    rules: Rules,
    planned: Sequence[Candidate] = (),
) -> Iterator[list[Candidate]]:
    """Every mix that is allowed beside what is planned, the empty one first."""
    ways = [[None, *(one for starts in sizes for one in starts)] for sizes in options]
    for picked in product(*ways):
        mix = [one for one in picked if one is not None]
        if affordable(mix, rules) and not any(
            clash(one, two, rules.exclusive)
            for one, two in (*combinations(mix, 2), *product(mix, planned))
        ):
            yield mix


def clash(one: Candidate, two: Candidate, exclusive: Exclusive) -> bool:
    """Whether two exclusive campaigns would run on the same days and units."""
    if not excludes(exclusive, one.choice.option, two.choice.option):
        return False
    shared = np.intersect1d(one.effect.places, two.effect.places).size > 0
    (start, end), (begin, last) = one.days, two.days
    return bool(shared and start <= last and begin <= end)


def affordable(mix: Sequence[Candidate], rules: Rules) -> bool:
    """Whether a mix keeps to the budget and the limits."""
    if sum(one.cost for one in mix) > rules.budget + 1e-6:
        return False
    return all(
        sum(one.limited[at] for one in mix) <= most + 1e-6 for at, most in enumerate(rules.limits)
    )
