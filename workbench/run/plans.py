"""The campaigns of a plan counted into a target: the outlook, its days, and what each brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.base import Campaign
from workbench.campaign.effect import paths_with_campaigns
from workbench.campaign.files import read_campaigns
from workbench.campaign.overview import outlook_steps
from workbench.campaign.season import season_of
from workbench.data.sales import Sales
from workbench.errors import Problem
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.files import read_file
from workbench.params.models import CampaignParams, TargetSettingParams, TrackingParams
from workbench.run.learned import Learned
from workbench.run.own_past import learned_inputs
from workbench.run.planned import CampaignPlan, in_currency, plan_campaigns
from workbench.run.staffed import staff_capacity
from workbench.target.outlook import Outlook
from workbench.target.tracking import Planned as OnTop

Params = TargetSettingParams | TrackingParams
OWN = frozenset(
    {"source", "mapping", "known", "metric", "where", "as_of", "period", "fiscal_year_start"}
    | {"country", "currency", "staff_file", "n_paths", "seed", "language"}
)
"""Parameters in which the notebook at hand goes before the campaign plan."""


@dataclass(frozen=True, eq=False)
class Planned:
    """A period with the campaigns that are planned for it.

    Attributes:
        outlook: the baseline and what the campaigns add.
        paths: the same day by day.
        plan: the simulations; None where no campaign counts.
        notices: what was noticed.
    """

    outlook: Outlook
    paths: SamplePaths
    plan: CampaignPlan | None = None
    notices: tuple[Problem, ...] = field(default=())

    @property
    def brings(self) -> Mapping[str, float]:
        """Campaign → what it adds to the period, on average."""
        if self.plan is None:
            return {}
        days = self.outlook.period.start, self.outlook.period.end
        each = self.plan.simulations
        return {s.campaign: float(s.outcome("incremental_sales", *days).mean()) for s in each}

    def steps(self, target: float | None) -> pd.DataFrame:
        """See ``outlook_steps``: without, with each, with all; one row where none counts."""
        if self.plan is None:
            return outlook_steps(self.outlook, (), target)
        return outlook_steps(self.plan.before, self.plan.simulations, target)

    def tables(self) -> dict[str, pd.DataFrame]:
        """What each campaign brings, for ``tables/``; nothing where none counts."""
        return {} if self.plan is None else {"campaigns": self.plan.table}


def campaign_params(params: Params) -> CampaignParams:
    """The parameters of the campaign plan (``40_campaign_plan``) that ``campaigns`` names.

    The data, the period and the draws are those of the notebook at hand; the campaigns, and what is
    known of the shop's earlier ones, those of the plan.

    Raises:
        ParameterError: a file that is no parameter file of a campaign plan.
        CampaignError: everything that is wrong with its campaigns.
    """
    here = {name: value for name, value in params.plain().items() if name in OWN}
    plan = CampaignParams.read({**read_file(params.campaigns), "targets": "", **here})
    read_campaigns([in_currency(item, plan) for item in plan.campaigns])
    plan.check_files()
    return plan


def with_planned(
    params: Params,
    sales: Sales,
    panel: Panel,
    paths: SamplePaths,
    outlook: Outlook,
    *,
    learned: Learned | None = None,
) -> Planned:
    """The outlook with the campaigns of the plan that are still to come in its period.

    Args:
        params: its ``campaigns`` names the parameter file of a campaign plan; empty for none.
        sales: what the plan's own past is learned beside.
        panel: which units are closed when, and what the forecast already holds.
        paths: those behind the outlook.
        outlook: the period without these campaigns.
        learned: of the shop's own past, where that is known already.

    Raises:
        ParameterError: a file that is no parameter file of a campaign plan.
        CampaignError: everything that is wrong with its campaigns.
    """
    if not params.campaigns:
        return Planned(outlook, paths)
    asked = campaign_params(params)
    here, left_out = _ahead(asked, outlook, params.campaigns)
    if not here.campaigns:
        return Planned(outlook, paths, None, left_out)
    learned = learned_inputs(here, sales) if learned is None else learned
    plan = plan_campaigns(
        here,
        panel,
        outlook,
        learned=learned.inputs,
        capacity=staff_capacity(here, sales, panel, outlook),
        season=season_of(paths, outlook.period, response=here.by_season),
        keys=sales.keys,
    )
    days = paths_with_campaigns(paths, outlook, plan.simulations)
    said = (*left_out, *_assumed_too(params, plan), *learned.notices, *plan.notices)
    return Planned(plan.after, days, plan, said)


def plans_ahead(params: Params, sales: Sales, panel: Panel, period: Period) -> OnTop | None:
    """What ``track`` adds to each outlook: the campaigns that were still to come then.

    The shop's own past is learned from as it was known before the period began, at every date
    alike; what a campaign under way still brings is not counted. None without a plan.

    Raises:
        ParameterError: a file that is no parameter file of a campaign plan.
        CampaignError: everything that is wrong with its campaigns.
    """
    if not params.campaigns:
        return None
    eve = min(pd.Timestamp(sales.as_of), pd.Timestamp(period.start) - pd.Timedelta(days=1))
    learned = learned_inputs(campaign_params(params), replace(sales, as_of=eve))

    def on_top(outlook: Outlook, paths: SamplePaths) -> tuple[Outlook, SamplePaths]:
        known = panel.until(int((panel.dates <= outlook.as_of).sum()))
        found = with_planned(params, sales, known, paths, outlook, learned=learned)
        said = (*found.outlook.notices, *found.notices)
        return replace(found.outlook, notices=said), found.paths

    return on_top


def _ahead(
    asked: CampaignParams, outlook: Outlook, file: str
) -> tuple[CampaignParams, tuple[Problem, ...]]:
    """The plan with the campaigns that start after ``as_of`` and meet the period; the others."""
    read = read_campaigns([in_currency(item, asked) for item in asked.campaigns])
    counts = [_counts(one, outlook) for one in read]
    kept = [item for item, inside in zip(asked.campaigns, counts, strict=True) if inside]
    if all(counts):
        return asked, ()
    rest = [one for one, inside in zip(read, counts, strict=True) if not inside]
    facts: dict[str, Any] = {"count": len(rest), "all": len(read), "file": file}
    facts["rows"] = "; ".join(f"{one.name} ({one.start} – {one.end})" for one in rest[:5])
    days = {"as_of": f"{outlook.as_of:%Y-%m-%d}", "end": f"{outlook.period.end}"}
    short = asked.model_copy(update={"campaigns": tuple(kept), "options": ()})
    return short, (Problem("plan.not_ahead", {**facts, **days}),)


def _assumed_too(params: Params, plan: CampaignPlan) -> list[Problem]:
    """Adjustments with the name of a campaign, which the outlook then has twice."""
    if isinstance(params, TrackingParams):
        return []
    names = {one.name for one in plan.campaigns}
    both = [str(one["label"]) for one in params.adjustments if one.get("label") in names]
    return [Problem("plan.assumed_too", {"names": ", ".join(both)})] if both else []


def _counts(campaign: Campaign, outlook: Outlook) -> bool:
    start, end = pd.Timestamp(str(campaign.start)), pd.Timestamp(str(campaign.end))
    ahead = start > outlook.as_of and start <= pd.Timestamp(outlook.period.end)
    return bool(ahead and end >= pd.Timestamp(outlook.period.start))
