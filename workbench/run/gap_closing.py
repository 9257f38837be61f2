"""The mix of campaigns that closes the gap, from the options of a parameter file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.close_gap import close_gap
from workbench.campaign.files import read_campaigns
from workbench.campaign.gap_plan import GapPlan
from workbench.campaign.options import Option
from workbench.campaign.schedule_rules import unknown_names
from workbench.campaign.season import Season
from workbench.errors import CampaignError, Problem
from workbench.panel.panel import Panel
from workbench.params.models import CampaignParams
from workbench.run.learned import Learnt
from workbench.run.placing import placed
from workbench.run.planned import in_currency
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook

OWN = ("sizes", "starts")
"""Fields of an option beside those of its campaign."""


def check_options(params: CampaignParams) -> None:
    """Read the options, before anything starts.

    Raises:
        CampaignError: everything that is wrong with their campaigns, names that are planned, or
            exclusive groups of names that are not there.
    """
    read_campaigns([_campaign(item, params) for item in params.options])
    planned = {item.get("name") for item in params.campaigns}
    both = [str(item["name"]) for item in params.options if item.get("name") in planned]
    if both:
        raise CampaignError(Problem("gap.planned_name", {"names": ", ".join(both)}))
    names = [str(item.get("name")) for item in (*params.campaigns, *params.options)]
    strange = tuple(unknown_names(params.exclusive, names))
    if strange:
        raise CampaignError(*strange)


def close_the_gap(
    params: CampaignParams,
    panel: Panel,
    before: Outlook,
    *,
    target: float | None = None,
    learned: Learnt | None = None,
    capacity: Capacity | None = None,
    planned: Sequence[Campaign] = (),
    season: Season | None = None,
    keys: pd.DataFrame | None = None,
) -> GapPlan | None:
    """What reaches the target with the wanted probability; None without options or target.

    Args:
        params: their ``options``, ``reach``, ``best_by``, ``budget``, ``limits``, ``exclusive``,
            ``overlap`` and ``seed``.
        panel: which units are closed when.
        before: the period without any of the campaigns, planned or optional.
        target: of all units, where there is one.
        learned, capacity, keys: see :func:`workbench.run.planned.plan_campaigns`.
        planned: the campaigns that run anyway, as they were placed.
        season: how strong days are; by default all alike.

    Raises:
        CampaignError: everything that is wrong with the options, or a budget that allows none.
    """
    if target is None or not params.options:
        return None
    campaigns = read_campaigns([_campaign(item, params) for item in params.options])
    here, _ = placed(campaigns, panel, before, learned=learned, keys=keys)
    # Closed days come from the shop's calendar below: those of the first start say nothing of the
    # others.
    options = [
        Option(replace(one, closed=()), item.get("sizes", ()), item.get("starts", ()), season)
        for one, item in zip(here, params.options, strict=True)
    ]
    return close_gap(
        before,
        target,
        options,
        probability=params.reach,
        goal=params.best_by,
        budget=params.budget or None,
        limits=params.limits,
        exclusive=params.exclusive,
        closed=shut_days(panel),
        overlap=params.overlap,
        capacity=capacity,
        planned=planned,
        seed=params.seed,
    )


def gap_tables(gap: GapPlan | None) -> dict[str, pd.DataFrame]:
    """The mixes and the frontier, for ``tables/``; nothing where no gap was to be closed."""
    if gap is None:
        return {}
    tables = {"gap_mixes": gap.table(), "gap_frontier": gap.frontier}
    return tables | ({} if gap.contributions.empty else {"gap_adds": gap.contributions})


def shut_days(panel: Panel) -> list[str]:
    """Days ahead on which no unit is open."""
    if panel.frequency != "D":
        return []
    shut = (panel.open[len(panel.dates) :] == 0).all(axis=1)
    return [str(day.date()) for day in panel.ahead[shut]]


def _campaign(item: Mapping[str, Any], params: CampaignParams) -> dict[str, Any]:
    return in_currency({name: item[name] for name in item if name not in OWN}, params)
