"""Which campaigns close the gap to a target: what to run, how large and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.capacity import people_room
from workbench.campaign.counts import Floats
from workbench.campaign.effect import with_campaigns
from workbench.campaign.gap_mix import Candidate, Ground, Result, as_table, evaluate, prepare
from workbench.campaign.gap_rules import gap_notices, gap_problems
from workbench.campaign.gap_search import Found, search
from workbench.campaign.gap_terms import GoalName, Rules
from workbench.campaign.options import Choice, Option, read_options
from workbench.campaign.overlap import OVERLAP
from workbench.campaign.schedule import Able, ScheduleResult, simulate_schedule
from workbench.campaign.schedule_rules import Exclusive
from workbench.errors import CampaignError, Problem
from workbench.target.amounts import read_target
from workbench.target.outlook import Outlook

RUNNERS_UP = 5


@dataclass(frozen=True, eq=False)
class Mix:
    """Campaigns that run together, and what they do to the target.

    Attributes:
        choices: which campaigns, at what size, when; none for no campaign.
        probability: that the target is reached with them.
        sales: incremental sales of the period. cost, discount, margin: of the whole campaigns;
            margin is after cost. All on average.
    """

    choices: tuple[Choice, ...]
    probability: float
    sales: float
    cost: float
    discount: float
    margin: float

    def text(self) -> str:
        """The mix in one line."""
        named = (f"{one.option} ({_told(one)})" for one in self.choices)
        return " + ".join(named) or "–"

    def table(self) -> pd.DataFrame:
        """One row per campaign: ``option``, ``size``, ``start``, ``end``."""
        rows = [(one.option, one.size, one.start, one.end) for one in self.choices]
        return pd.DataFrame(rows, columns=["option", "size", "start", "end"])


@dataclass(frozen=True, eq=False)
class GapPlan:
    """How a target can be reached.

    Attributes:
        target: for the sum of all units. wanted: the probability asked for. goal: what the best
            mix is best by.
        baseline: probability of the target without campaigns but those that run anyway.
        best: the best mix that reaches the probability; where none does, the likeliest one.
        reached: whether it does.
        needed: whether any campaign is needed at all.
        runners_up: the best mixes of other sets of campaigns, in order.
        frontier: the likeliest mix for each cost: columns ``cost``, ``probability``, ``sales``,
            ``discount``, ``margin``, ``mix``; costs and probabilities rise.
        contributions: one row per campaign of the best mix, see ``ScheduleResult.table``; with
            ``size``, ``probability_without`` it, and ``adds``, the difference it makes.
        schedule: what runs anyway and the best mix, simulated; None without campaigns.
        outlook: the period with both.
        proven: whether no other mix of the options can be better; otherwise the search, which is
            large, may have missed one.
        n_mixes: how many mixes the options allow.
        planned: names of the campaigns that run anyway.
        notices: what was noticed.
    """

    target: float
    wanted: float
    goal: GoalName
    baseline: float
    best: Mix
    reached: bool
    needed: bool
    runners_up: tuple[Mix, ...]
    frontier: pd.DataFrame
    contributions: pd.DataFrame
    schedule: ScheduleResult | None
    outlook: Outlook
    proven: bool
    n_mixes: int
    planned: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()

    def table(self) -> pd.DataFrame:
        """The best mix and the runners-up, one row each, columns as in ``frontier``."""
        return _rows([self.best, *self.runners_up])


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
    return _plan(outlook, ground, rules, nothing, found, seed, capacity, planned)


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


def _plan(
    outlook: Outlook,
    ground: Ground,
    rules: Rules,
    nothing: Result,
    found: Found,
    seed: int,
    capacity: Able,
    planned: Sequence[Campaign],
) -> GapPlan:
    tried = [nothing, *(one for one in found.tried if one.picked)]
    enough = sorted((one for one in tried if one.probability >= rules.probability), key=rules.key)
    highest = max(tried, key=lambda one: (one.probability, -one.cost))
    best = enough[0] if enough else highest
    schedule = None
    contributions, after = pd.DataFrame(), outlook
    if best.picked or planned:
        schedule = simulate_schedule(
            [*planned, *(one.choice.campaign for one in best.picked)],
            outlook=outlook, seed=seed, overlap=ground.overlap, capacity=capacity,
        )  # fmt: skip
        if best.picked:
            contributions = _contributions(best, ground, schedule, outlook.period.days)
        after = with_campaigns(outlook, schedule.simulations)
    needed = nothing.probability < rules.probability
    plan = GapPlan(
        target=ground.target,
        wanted=rules.probability,
        goal=rules.goal,
        baseline=nothing.probability,
        best=_mix(best),
        reached=bool(enough),
        needed=needed,
        runners_up=tuple(_mix(one) for one in _others(best, enough, tried)),
        frontier=_rows([_mix(one) for one in _pareto(tried)]),
        contributions=contributions,
        schedule=schedule,
        outlook=after,
        proven=found.proven if enough else found.highest_proven,
        n_mixes=found.n_mixes,
        planned=tuple(one.name for one in planned),
    )
    return gap_notices(plan)


def _others(best: Result, enough: Sequence[Result], tried: Sequence[Result]) -> list[Result]:
    """The best mix of each other set of campaigns; where none reaches the target, the likeliest."""
    ranked = enough or sorted(tried, key=lambda one: (-one.probability, one.cost))
    found: dict[frozenset[str], Result] = {}
    for one in ranked:
        found.setdefault(_names(one), one)
    found.pop(_names(best), None)
    return list(found.values())[:RUNNERS_UP]


def _names(result: Result) -> frozenset[str]:
    return frozenset(one.choice.option for one in result.picked)


def _pareto(tried: Sequence[Result]) -> list[Result]:
    """The mixes that nothing of the same cost or less is likelier than."""
    out: list[Result] = []
    for one in sorted(tried, key=lambda one: (one.cost, -one.probability, -one.margin)):
        if not out or one.probability > out[-1].probability:
            out.append(one)
    return out


def _contributions(
    best: Result, ground: Ground, schedule: ScheduleResult, n_days: int
) -> pd.DataFrame:
    table = schedule.table().iloc[len(ground.planned) :].reset_index(drop=True)
    without = []
    for at in range(len(best.picked)):
        rest = [one for number, one in enumerate(best.picked) if number != at]
        without.append(evaluate(rest, ground, n_days).probability)
    table.insert(1, "size", [one.choice.size for one in best.picked])
    table["probability_without"] = without
    return table.assign(adds=best.probability - table["probability_without"])


def _mix(result: Result) -> Mix:
    return Mix(
        choices=tuple(one.choice for one in result.picked),
        probability=result.probability,
        sales=result.sales,
        cost=result.cost,
        discount=result.discount,
        margin=result.margin,
    )


def _rows(mixes: Sequence[Mix]) -> pd.DataFrame:
    columns = ["cost", "probability", "sales", "discount", "margin"]
    rows = [[*(getattr(one, name) for name in columns), one.text()] for one in mixes]
    return pd.DataFrame(rows, columns=[*columns, "mix"])


def _told(choice: Choice) -> str:
    return ", ".join(part for part in (choice.size, str(choice.start)) if part)
