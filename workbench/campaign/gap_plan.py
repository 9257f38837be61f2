"""The answer to how a gap is closed: the best mix, its rivals, the frontier, what each adds."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.effect import with_campaigns
from workbench.campaign.gap_mix import Ground, Result, evaluate
from workbench.campaign.gap_rules import gap_notices
from workbench.campaign.gap_search import Found
from workbench.campaign.gap_terms import GoalName, Rules
from workbench.campaign.options import Choice
from workbench.campaign.schedule import Able, ScheduleResult, simulate_schedule
from workbench.errors import Problem
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


def answer(
    outlook: Outlook,
    ground: Ground,
    rules: Rules,
    nothing: Result,
    found: Found,
    seed: int,
    capacity: Able,
    planned: Sequence[Campaign],
) -> GapPlan:
    """What was found, put in order; the best mix is simulated with what runs anyway."""
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
