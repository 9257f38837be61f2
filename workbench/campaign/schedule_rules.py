"""What can be wrong with several campaigns together: days, names, currencies, exclusivity."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.base import Campaign
from workbench.campaign.effect import misplaced
from workbench.campaign.group_terms import number
from workbench.campaign.scene import Stage
from workbench.errors import Problem

Exclusive: TypeAlias = bool | Sequence[Sequence[str]]
"""Groups of names of which one may run at a time on a unit; True for all of them."""


def overlap_problems(overlap: object, no_outlook: bool) -> list[Problem]:
    """A share of overlap that is none, and a capacity without what is sold anyway."""
    problems = []
    if not number(overlap) or not 0 <= overlap <= 1:  # type: ignore[operator]
        problems.append(Problem("schedule.overlap_share", {"value": repr(overlap)}))
    if no_outlook:
        problems.append(Problem("schedule.capacity_alone", {}))
    return problems


def schedule_problems(
    campaigns: Sequence[Campaign],
    exclusive: Exclusive,
    period: Period | None,
    as_of: pd.Timestamp | None,
    *,
    n_paths: int,
    seed: int,
) -> list[Problem]:
    """Everything that is wrong with the campaigns and their schedule."""
    if not campaigns:
        return [Problem("schedule.nothing", {})]
    problems: list[Problem] = []
    stages: dict[str, Stage] = {}
    for one in campaigns:
        stage, _, wrong = one.read(n_paths=n_paths, seed=seed)
        problems += wrong
        if stage is not None:
            active = stage.dates[: stage.n_active]
            problems += misplaced(one.name, active, period, as_of)
            stages[one.name] = stage
    problems += same_names([one.name for one in campaigns])
    problems += one_currency([(one.name, one.currency) for one in campaigns])
    problems += unknown_names(exclusive, [one.name for one in campaigns])
    return [*problems, *_conflicts(stages, exclusive)]


def same_names(names: Sequence[str]) -> Iterator[Problem]:
    """Names that are given twice."""
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem("campaign.same_campaign", {"campaign": name})


def one_currency(currencies: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """Campaigns, by name and currency, whose money cannot be added up."""
    if len({money for _, money in currencies}) > 1:
        found = ", ".join(f"{name}: {money}" for name, money in currencies[:5])
        yield Problem("campaign.currencies", {"found": found})


def unknown_names(exclusive: Exclusive, names: Sequence[str]) -> Iterator[Problem]:
    """Exclusive groups that name campaigns which are not there."""
    if isinstance(exclusive, bool):
        return
    if isinstance(exclusive, str) or any(isinstance(group, str) for group in exclusive):
        yield Problem("schedule.exclusive_groups", {"value": repr(exclusive)[:80]})
        return
    strange = [name for group in exclusive for name in group if name not in names]
    if strange:
        facts = {"names": ", ".join(strange[:5]), "known": ", ".join(names[:5])}
        yield Problem("schedule.exclusive_unknown", facts)


def excludes(exclusive: Exclusive, one: str, two: str) -> bool:
    """Whether two campaigns may not run at the same time on a unit.

    >>> excludes([("a", "b")], "b", "a"), excludes([("a", "b")], "a", "c"), excludes(True, "a", "c")
    (True, False, True)
    """
    if isinstance(exclusive, bool):
        return exclusive
    return any(one in group and two in group for group in exclusive)


def _conflicts(stages: dict[str, Stage], exclusive: Exclusive) -> Iterator[Problem]:
    """Exclusive campaigns that run on the same days and units."""
    if not isinstance(exclusive, bool) and any(isinstance(group, str) for group in exclusive):
        return
    for (one, first), (two, second) in combinations(stages.items(), 2):
        if not excludes(exclusive, one, two) or not set(first.units) & set(second.units):
            continue
        days = first.dates[: first.n_active].intersection(second.dates[: second.n_active])
        if len(days):
            facts = {
                "first": one,
                "second": two,
                "start": str(days[0].date()),
                "end": str(days[-1].date()),
                "days": len(days),
            }
            yield Problem("schedule.exclusive", facts)
