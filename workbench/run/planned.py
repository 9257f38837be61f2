"""What the notebook of campaigns decides: where they run, on which days, and what they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.capacity import staff_load
from workbench.campaign.effect import with_campaigns
from workbench.campaign.files import read_campaigns
from workbench.campaign.meaning import meanings
from workbench.campaign.overview import outlook_steps, overview
from workbench.campaign.schedule import simulate_schedule
from workbench.campaign.schedule_rules import Exclusive
from workbench.campaign.season import Season, followed, in_season, strength
from workbench.campaign.simulation import Simulation
from workbench.errors import Language, Problem
from workbench.panel.panel import Panel
from workbench.params.models import CampaignParams
from workbench.run.learned import Learnt
from workbench.run.placing import placed
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook


@dataclass(frozen=True, eq=False)
class CampaignPlan:
    """The planned campaigns and what they do to the period.

    Attributes:
        campaigns: as they are simulated, with the units and closed days of this shop.
        simulations: what each brings beside the others.
        before, after: the outlook without and with them.
        table: see ``overview``; empty where no campaign is given.
        steps: see ``outlook_steps``.
        target: of all units; None where none is set.
        load: what they ask of the staff, see ``staff_load``; empty without a staff table.
        notices: what was noticed.
    """

    campaigns: tuple[Campaign, ...]
    simulations: tuple[Simulation, ...]
    before: Outlook
    after: Outlook
    table: pd.DataFrame
    steps: pd.DataFrame
    target: float | None
    load: pd.DataFrame = field(default_factory=pd.DataFrame)
    notices: tuple[Problem, ...] = ()


def check_campaigns(params: CampaignParams) -> None:
    """Read the campaigns, before anything starts.

    Raises:
        CampaignError: everything that is wrong with them.
    """
    read_campaigns([in_currency(item, params) for item in params.campaigns])


def plan_campaigns(
    params: CampaignParams,
    panel: Panel,
    before: Outlook,
    *,
    target: float | None = None,
    learned: Learnt | None = None,
    capacity: Capacity | None = None,
    season: Season | None = None,
    keys: pd.DataFrame | None = None,
) -> CampaignPlan:
    """Simulate the campaigns of the parameters, and add them to the outlook.

    Args:
        params: their ``campaigns``, ``overlap``, ``exclusive`` and ``seed``.
        panel: which units are closed when, and what the forecast already holds.
        before: the period without these campaigns.
        target: of all units, where there is one.
        learned: inputs from the shop's own past; what is given goes first.
        capacity: of the people of each unit; what is beyond it is not sold.
        season: how strong days are; by default all alike.
        keys: what stands above the units (``Sales.keys``); a campaign may name a channel whose
            units are people.

    Raises:
        CampaignError: everything that is wrong with the campaigns, at once.
    """
    items = [in_currency(item, params) for item in params.campaigns]
    plain, said = placed(read_campaigns(items), panel, before, learned=learned, keys=keys)
    campaigns = tuple(in_season(one, season) for one in plain)
    said = (*said, *_seasonal(plain, season))
    return planned(campaigns, before, params, target=target, notices=said, capacity=capacity)


def planned(
    campaigns: Sequence[Campaign],
    before: Outlook,
    params: CampaignParams,
    *,
    target: float | None = None,
    notices: Sequence[Problem] = (),
    capacity: Capacity | None = None,
) -> CampaignPlan:
    """The same for campaigns that are read and placed already."""
    simulations: tuple[Simulation, ...] = ()
    said = [*notices, *(capacity.notices if capacity else ())]
    load = pd.DataFrame()
    if campaigns:
        result = simulate_schedule(
            campaigns,
            outlook=before,
            seed=params.seed,
            overlap=params.overlap,
            exclusive=_among(campaigns, params.exclusive),
            capacity=capacity,
        )
        simulations, said = result.simulations, [*said, *result.notices]
        if capacity is not None:
            load = staff_load(simulations, before, capacity)
    after = with_campaigns(before, simulations)
    new = [problem for problem in after.notices if problem not in before.notices]
    return CampaignPlan(
        campaigns=tuple(campaigns),
        simulations=simulations,
        before=before,
        after=after,
        table=overview(simulations, before),
        steps=outlook_steps(before, simulations, target),
        target=target,
        load=load,
        notices=(*said, *new),
    )


def _among(campaigns: Sequence[Campaign], exclusive: Exclusive) -> Exclusive:
    """Exclusive groups less the names of options, which do not run here."""
    if isinstance(exclusive, bool):
        return exclusive
    names = {one.name for one in campaigns}
    return tuple(tuple(name for name in group if name in names) for group in exclusive)


def _seasonal(campaigns: Sequence[Campaign], season: Season | None) -> list[Problem]:
    """Which campaigns stand on stronger or weaker days than usual."""
    moved = [one for one in campaigns if strength(one, season) != 1.0]
    if not moved:
        return []

    def told(language: Language, between: str) -> str:
        return between.join(
            f"{one.name} · {meanings(one.kind)[followed(one)].label[language]}"
            f" × {strength(one, season):.2f}"
            for one in moved[:5]
        )

    rows = {"en": told("en", "; "), "zh": told("zh", "；")}
    return [Problem("plan.season", {"rows": rows})]


def in_currency(item: Mapping[str, Any], params: CampaignParams) -> dict[str, Any]:
    """A campaign's mapping, its currency that of the sales unless it has its own."""
    return {**item, "currency": item.get("currency", params.currency)}
