"""The rules of a group-buy: who pays what, and when a group counts as complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any, Literal, get_args

import numpy as np

from workbench.campaign.counts import Floats
from workbench.errors import Problem

Form = Literal["plain", "tiered", "old_brings_new", "lottery"]
FORMS: tuple[Form, ...] = get_args(Form)
MOST_PEOPLE = 100
MOST_HOURS = 24.0 * 31


@dataclass(frozen=True, eq=False)
class Terms:
    """The rules in numbers, by how many people are in a group.

    Attributes:
        size: people of a full group, the leader included.
        complete_from: people from which a group that expires is complete all the same (``size``
            where only a full group is).
        simulated_from: people from which it is completed by simulation; ``size`` for never.
        leader, joiner: (size + 1,) what each pays in the end in a group of so many people.
        charged: what a leader and a joiner pay at first.
    """

    size: int
    complete_from: int
    simulated_from: int
    leader: Floats
    joiner: Floats
    charged: tuple[float, float]

    def worth(self, people: int) -> float:
        """What a complete group of so many people pays in the end."""
        return float(self.leader[people] + (people - 1) * self.joiner[people])

    def paid(self, people: int) -> float:
        """What it paid at first."""
        return self.charged[0] + (people - 1) * self.charged[1]


def terms(
    price: float,
    tiers: Sequence[tuple[int, float]],
    leader_discount: float,
    simulated_completion: float,
) -> Terms:
    """The rules of a group whose price falls with its size.

    Args:
        price: list price.
        tiers: (people, discount as a share of the list price), in order of people; a plain group
            has one.
        leader_discount: further share of the list price that the leader saves.
        simulated_completion: share of the least size at which an expired group is completed.

    >>> rules = terms(100.0, [(2, 0.1), (5, 0.3)], 0.05, 0.0)
    >>> rules.charged, rules.worth(3), rules.worth(5)
    ((85.0, 90.0), 265.0, 345.0)
    """
    least, size = int(tiers[0][0]), int(tiers[-1][0])
    discount = np.full(size + 1, tiers[0][1], dtype=float)
    for people, share in tiers:
        discount[people:] = share
    joiner = np.round(price * (1.0 - discount), 2)
    leader = np.round(price * np.maximum(1.0 - discount - leader_discount, 0.0), 2)
    reach = ceil(simulated_completion * least - 1e-9) if simulated_completion else size
    return Terms(
        size=size,
        complete_from=least if len(tiers) > 1 else size,
        simulated_from=max(reach, 1),
        leader=leader,
        joiner=joiner,
        charged=(float(leader[0]), float(joiner[0])),
    )


def whole_number(value: object, least: int, most: float = np.inf) -> bool:
    """Whether it is a whole number within these bounds."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        return False
    return bool(least <= value <= most)


def number(value: object) -> bool:
    """Whether it is a finite number."""
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, int | float | np.integer | np.floating) and bool(np.isfinite(value))


def wrong_tiers(campaign: str, tiers: Any) -> list[Problem]:
    """Tiers that do not get cheaper with more people."""
    try:
        pairs = [(people, share) for people, share in tiers]
    except (TypeError, ValueError):
        pairs = []
    good = len(pairs) >= 2 and all(
        whole_number(people, 2, MOST_PEOPLE) and number(share) and 0 <= share < 1
        for people, share in pairs
    )
    if good:
        good = all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))
    if good:
        return []
    facts = {"campaign": campaign, "value": repr(tiers)[:80], "most": MOST_PEOPLE}
    return [Problem("campaign.tiers", facts)]
