"""What each promoter of a drive is asked for 分销任务分解: the same of all, by kind, or by person.

``task`` is a number of orders for every promoter, or says by kind (``customer``, ``employee``,
``invited``) either a number for each of them or a list of (people, orders): so many people are
asked for so many orders each, and the others of that kind for none. ``task_bonus`` is one amount,
or one by kind. Tasks are given without regard to talent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from workbench.campaign.counts import Floats, first_come, split
from workbench.campaign.group_terms import number, whole_number
from workbench.campaign.tasks import meeting
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.drive import DistributionDrive

SELLERS = ("customer", "employee", "invited")
Task: TypeAlias = int | Mapping[str, Any] | None
Bonus: TypeAlias = float | Mapping[str, float]


def quotas(task: Task, seller: str) -> list[tuple[int | None, int]]:
    """(people, orders each) asked of one kind of promoter; people None for all of them.

    >>> asked = {"customer": 2, "employee": [(5, 20), (30, 8)]}
    >>> quotas(asked, "employee"), quotas(asked, "customer"), quotas(asked, "invited")
    ([(5, 20), (30, 8)], [(None, 2)], [])
    """
    own = task.get(seller) if isinstance(task, Mapping) else task
    if own is None:
        return []
    return [(None, own)] if isinstance(own, int) else [(people, each) for people, each in own]


def bonus(given: Bonus, seller: str) -> float:
    """Money for one promoter of this kind who meets the task."""
    return float(given.get(seller, 0.0) if isinstance(given, Mapping) else given)


def shared_tasks(
    rng: np.random.Generator,
    asked: Sequence[tuple[Floats, int]],
    people: Floats,
    promoters: Floats,
    orders: tuple[Floats, Floats],
    shape: Floats,
) -> tuple[Floats, Floats]:
    """How many promoters have a task, and how many meet it, where people have unequal ones.

    Who of the people became a promoter has nothing to do with the task, so that promoters are drawn
    from those with each task without putting back. Orders fall to them by talent: gamma-distributed
    talents of groups of promoters add up, whatever the group.

    Args:
        rng: random numbers.
        asked: (people by unit, orders each).
        people: of this kind, by unit; those without a task are the rest.
        promoters: of them (n_paths, n_units); the result has this shape.
        orders: won by talent, and their own.
        shape: of the talents.
    """
    groups = [np.asarray(count, dtype=float) * np.ones_like(promoters) for count, _ in asked]
    rest = np.maximum(people - np.asarray(sum(groups)), 0.0)
    active = first_come(rng, [*groups, rest], np.minimum(promoters, people))
    talent = [rng.standard_gamma(count * shape) for count in active]
    whole = np.maximum(np.asarray(sum(talent)), 1e-300)
    won = split(rng, orders[0], [part / whole for part in talent[:-1]])
    every = np.maximum(promoters, 1.0)
    own = split(rng, orders[1], [count / every for count in active[:-1]])
    met = np.zeros_like(promoters)
    for (_, each), count, theirs, bought in zip(asked, active, won, own, strict=False):
        met += meeting(rng, each, theirs, count, shape, bought)
    return np.asarray(sum(active[:-1])), met


def wrong_tasks(drive: "DistributionDrive") -> Iterator[Problem]:
    """Tasks and bonuses that cannot be."""
    facts = {"campaign": drive.name}
    if isinstance(drive.task, Mapping):
        for seller, own in drive.task.items():
            people = {"customer": drive.customers, "employee": drive.employees}.get(seller)
            if seller not in SELLERS or not _task(own, people):
                yield Problem("drive.task", {**facts, "value": f"{seller}: {own!r}"[:80]})
    elif drive.task is not None and not whole_number(drive.task, 1):
        told = {"name": "task", "value": repr(drive.task), "least": 1, "most": "∞"}
        yield Problem("drive.whole_number", {**facts, **told})
    amounts = drive.task_bonus
    given = dict(amounts) if isinstance(amounts, Mapping) else {SELLERS[0]: amounts}
    good = set(given) <= set(SELLERS) and all(number(one) and one >= 0 for one in given.values())
    if not good:
        yield Problem("drive.task_bonus", {**facts, "value": repr(amounts)[:80]})


def _task(own: object, people: Any) -> bool:
    """A number of orders, or pairs for at most the people there are."""
    if own is None or whole_number(own, 1):
        return True
    if not isinstance(own, list | tuple) or not own or not whole_number(people, 0):
        return False
    pairs = [one for one in own if isinstance(one, list | tuple) and len(one) == 2]
    good = len(pairs) == len(own) and all(whole_number(v, 1) for one in pairs for v in one)
    return good and whole_number(sum(one[0] for one in pairs), 1, people)
