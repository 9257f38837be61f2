"""What can be wrong with the question how to close a gap, and what its answer should point out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.base import Campaign
from workbench.campaign.gap_terms import GOALS
from workbench.campaign.group_terms import number
from workbench.campaign.options import Option
from workbench.campaign.quantity import quantities
from workbench.campaign.schedule_rules import (
    Exclusive,
    one_currency,
    overlap_problems,
    same_names,
    unknown_names,
)
from workbench.errors import Problem
from workbench.target.amounts import money
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.campaign.gap_plan import GapPlan


def gap_problems(
    options: Sequence[Option],
    outlook: Outlook,
    *,
    probability: object,
    goal: object,
    budget: object,
    limits: Mapping[str, float] | None,
    exclusive: Exclusive,
    overlap: object,
    seed: object,
    planned: Sequence[Campaign] = (),
) -> list[Problem]:
    """Everything that is wrong besides the options themselves."""
    problems = overlap_problems(overlap, no_outlook=False)
    if not number(probability) or not 0 < probability < 1:  # type: ignore[operator]
        problems.append(Problem("gap.probability", {"value": repr(probability)}))
    if goal not in GOALS:
        problems.append(Problem("gap.goal", {"value": repr(goal), "goals": ", ".join(GOALS)}))
    if budget is not None and (not number(budget) or budget < 0):  # type: ignore[operator]
        problems.append(Problem("gap.budget_amount", {"value": repr(budget)}))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        problems.append(Problem("campaign.seed", {"campaign": "–", "value": repr(seed)}))
    if outlook.over:
        facts = {"period": str(outlook.period), "as_of": str(outlook.as_of.date())}
        problems.append(Problem("gap.over", facts))
    campaigns = [one.campaign for one in options if isinstance(one, Option)]
    if not campaigns:
        problems.append(Problem("gap.no_options", {}))
        return problems
    names, taken = [one.name for one in campaigns], {one.name for one in planned}
    both = [name for name in dict.fromkeys(names) if name in taken]
    if both:
        problems.append(Problem("gap.planned_name", {"names": ", ".join(both)}))
    problems += [*same_names(names), *unknown_names(exclusive, [*names, *taken])]
    problems += one_currency([(one.name, one.currency) for one in (*campaigns, *planned)])
    return [*problems, *_limits(limits or {}, {one.kind for one in campaigns})]


def _limits(limits: Mapping[str, float], kinds: set[str]) -> Iterator[Problem]:
    known = {name for kind in kinds for name in quantities(kind)}
    for name, most in limits.items():
        if name not in known:
            facts = {"name": str(name), "known": ", ".join(sorted(known))}
            yield Problem("gap.limit_name", facts)
        elif not number(most) or most < 0:
            yield Problem("gap.limit_amount", {"name": name, "value": repr(most)})


def gap_notices(plan: "GapPlan") -> "GapPlan":
    """The plan with what the planner should know about it."""
    return replace(plan, notices=tuple(_notices(plan)))


def _notices(plan: "GapPlan") -> Iterator[Problem]:
    target = {"target": money(plan.target), "wanted": f"{plan.wanted:.0%}"}
    if not plan.needed:
        code = "gap.no_more_needed" if plan.planned else "gap.not_needed"
        yield Problem(code, {**target, "baseline": f"{plan.baseline:.1%}"})
    elif not plan.reached:
        facts = {
            **target,
            "highest": f"{plan.best.probability:.1%}",
            "mix": plan.best.text(),
            "baseline": f"{plan.baseline:.1%}",
            "reachable": money(round(plan.outlook.target_at(plan.wanted))),
        }
        yield Problem("gap.out_of_reach", facts)
    if not plan.proven:
        yield Problem("gap.not_proven", {"mixes": f"{plan.n_mixes:,}"})
    if plan.best.choices and plan.best.margin < 0:
        facts = {"mix": plan.best.text(), "loss": money(round(-plan.best.margin))}
        yield Problem("gap.loss", facts)
    if plan.schedule is not None:
        yield from plan.schedule.notices
