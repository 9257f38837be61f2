"""Which campaigns close the gap to a target: what to run, how large and when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np

from workbench.campaign.base import Campaign
from workbench.campaign.capacity import people_room
from workbench.campaign.counts import Floats
from workbench.campaign.gap_candidate import Candidate, prepare
from workbench.campaign.gap_mix import Ground, as_table, evaluate
from workbench.campaign.gap_plan import GapPlan, answer
from workbench.campaign.gap_rules import gap_problems
from workbench.campaign.gap_search import search
from workbench.campaign.gap_terms import GoalName, Rules
from workbench.campaign.options import Option, read_options
from workbench.campaign.overlap import OVERLAP
from workbench.campaign.schedule import Able
from workbench.campaign.schedule_rules import Exclusive
from workbench.errors import CampaignError, Problem
from workbench.target.amounts import read_target
from workbench.target.outlook import Outlook


def close_gap(
    outlook: Outlook,
    target: float,
    options: Sequence[Option],
    *,
    probability: float = 0.8,
    goal: GoalName = "cost",
    budget: float | None = None,
    limits: Mapping[str, float] | None = None,
    capacity: Able = None,
    exclusive: Exclusive = (),
    closed: Sequence[str | date] = (),
    overlap: float = OVERLAP,
    planned: Sequence[Campaign] = (),
    seed: int = 0,
) -> GapPlan:
    """Which campaigns, at what size and when, reach the target with the probability wanted.

    All options are simulated with the same random numbers and on the outlook's own paths. Costs,
    limits and margins are means over the paths. Where campaigns overlap their sales saturate as in
    ``simulate_schedule``.

    Args:
        outlook: the period without these campaigns.
        target: for the sum of all units.
        options: what may be done; each option runs once or not at all.
        probability: with which the target is to be reached.
        goal: ``cost`` for the least campaign cost, ``outlay`` for the least cost and discount
            together, ``margin`` for the most margin after cost. A discount is no cost: options that
            give one are better compared by outlay or margin.
        budget: the most that all campaigns together may cost.
        limits: ledger quantity → the most of it in all, such as ``{"pieces": 5000}`` for a stock
            that the campaigns share.
        capacity: unit → the most its people can sell in the period, campaigns included.
        exclusive: groups of option names of which one may run at a time on a unit; True for all.
        closed: days on which the shop is closed.
        overlap: share of a smaller campaign's buyers that a larger one of the day wins too.
        planned: campaigns that run anyway; what the options bring, cost and earn is on top of
            theirs, and less what these lose to them. Limits and capacity are shared with them.
        seed: of all random numbers.

    Raises:
        CampaignError: everything that is wrong with options, limits and budget, at once.
        TargetError: a target that is none.

    >>> import numpy as np
    >>> import pandas as pd
    >>> import workbench as wb
    >>> rng = np.random.default_rng(0)
    >>> totals = pd.DataFrame({"online": rng.normal(100_000, 5_000, 400)})
    >>> seen = wb.Outlook.from_totals(totals, period="2026-11", as_of="2026-10-31")
    >>> buy = wb.GroupBuy(name="拼团", start="2026-11-02", end="2026-11-08", units="online",
    ...     price=100, discount=0.2, visits=1000)
    >>> sizes = {"visits": (2000, 8000), "fixed_cost": (2000, 8000)}
    >>> plan = wb.close_gap(seen, 103_000, [wb.Option(buy, sizes=sizes)])
    >>> plan.best.text(), plan.reached, plan.proven, bool(plan.best.probability > plan.baseline)
    ('拼团 (visits 8000, fixed_cost 8000, 2026-11-02)', True, True, True)
    """
    amount = read_target(target)
    sized, problems = read_options(options, outlook, closed)
    running, wrong = read_options([Option(one) for one in planned], outlook, ())
    problems += wrong
    problems += gap_problems(
        options, outlook, probability=probability, goal=goal, budget=budget, limits=limits,
        exclusive=exclusive, overlap=overlap, seed=seed, planned=planned,
    )  # fmt: skip
    room, wrong = _room(outlook, capacity)
    problems += wrong
    if problems:
        raise CampaignError(*problems)
    ready = partial(
        prepare, outlook=outlook, seed=seed, limits=tuple(limits or {}), overlap=overlap,
        most=len(options) + len(planned),
    )  # fmt: skip
    candidates = [[ready(one) for one in sizes] for sizes in sized]
    fixed = tuple(ready(sizes[0])[0] for sizes in running)
    ground = Ground(as_table(outlook), room, amount, float(overlap), fixed)
    ground = replace(ground, alone=evaluate([], ground, outlook.period.days))
    most = float("inf") if budget is None else float(budget)
    rules = Rules(exclusive, most, _left(limits or {}, fixed), goal, float(probability))
    nothing = evaluate([], ground, outlook.period.days)
    if nothing.probability < probability:
        _check_budget(candidates, rules)
    found = search(candidates, ground, rules, outlook.period.days)
    return answer(outlook, ground, rules, nothing, found, seed, capacity, planned)


def _room(outlook: Outlook, capacity: Able) -> tuple[Floats | None, list[Problem]]:
    """(n_paths, n_units): what people can sell beyond the outlook; None for no limit."""
    if capacity is None:
        return None, []
    able, problems = people_room(outlook, capacity)
    return np.asarray(able.to_numpy(dtype=float)), problems


def _left(limits: Mapping[str, float], fixed: Sequence[Candidate]) -> tuple[float, ...]:
    """What the campaigns that run anyway leave of each limit."""
    return tuple(
        max(float(most) - sum(one.limited[at] for one in fixed), 0.0)
        for at, most in enumerate(limits.values())
    )


def _check_budget(candidates: Sequence[Sequence[Sequence[Candidate]]], rules: Rules) -> None:
    """A budget that allows nothing where something is needed."""
    flat = [one for sizes in candidates for starts in sizes for one in starts]
    least = min(flat, key=lambda one: one.cost)
    if least.cost > rules.budget + 1e-6:
        facts = {
            "budget": f"{rules.budget:,.2f}",
            "least": f"{least.cost:,.2f}",
            "campaign": least.choice.option,
        }
        raise CampaignError(Problem("gap.budget", facts))
