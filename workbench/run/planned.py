"""What the notebook of campaigns decides: where they run, on which days, and what they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.capacity import staff_load
from workbench.campaign.effect import with_campaigns
from workbench.campaign.files import read_campaigns
from workbench.campaign.group_buy import GroupBuy
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
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook

EVERYWHERE = "all"
KNOWN_AS = {
    "group_buy": ("group_buy",),
    "drive": ("distribution", "drive"),
    "ads": ("follower_ads", "ads"),
    "discount": ("promo", "discount"),
}
"""Kind of campaign → columns of the file of known days that say the same."""
TOGETHER = {
    "ads": (frozenset({"cost_per_follower", "usual_spend"}), frozenset({"order_rate", "pay_rate"})),
    "drive": (frozenset({"contacts", "order_rate", "employee_effort"}),),
}
"""A cost per follower is that at the usual daily spend; orders tell contacts × order rate; whether
orders of ads are paid ones depends on what is known."""


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

    Raises:
        CampaignError: everything that is wrong with the campaigns, at once.
    """
    items = [in_currency(item, params) for item in params.campaigns]
    plain, said = placed(read_campaigns(items), panel, before, learned=learned)
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


def placed(
    campaigns: Sequence[Campaign],
    panel: Panel,
    outlook: Outlook,
    *,
    learned: Learnt | None = None,
) -> tuple[tuple[Campaign, ...], tuple[Problem, ...]]:
    """Campaigns with this shop's units, closed days and past, and what was noticed.

    One that names no unit is shared out over all by expected sales. On days on which all its units
    are closed nothing happens.
    """
    said: list[Problem] = []
    found = []
    for one in campaigns:
        here = one if one.units != EVERYWHERE else replace(one, units=_everywhere(outlook))
        if len(outlook.units) > 1 and one.units == EVERYWHERE:
            facts = {"campaign": one.name, "units": ", ".join(outlook.units[:5])}
            said.append(Problem("plan.spread", facts))
        here = replace(here, closed=(*here.closed, *_closed(here, panel)))
        here = _with_learned(here, learned or {})
        said += _already_known(here, panel)
        found.append(here)
    return tuple(found), tuple(said)


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


def _everywhere(outlook: Outlook) -> dict[str, float]:
    """Every unit with what it still has to sell, on average."""
    left = (outlook.totals.mean() - outlook.actual).clip(lower=0.0)
    if left.sum() <= 0:
        left = left + 1.0
    return {str(unit): float(share) for unit, share in (left / left.sum()).items()}


def _units(campaign: Campaign) -> list[str]:
    units = campaign.units
    return [units] if isinstance(units, str) else [str(unit) for unit in units]


def _open_days(campaign: Campaign, panel: Panel) -> tuple[pd.DatetimeIndex, "np.ndarray[Any, Any]"]:
    """Days ahead within the campaign, and the columns of its units in the panel."""
    first, last = (pd.Timestamp(str(day)) for day in (campaign.start, campaign.end))
    days = panel.ahead[(panel.ahead >= first) & (panel.ahead <= last)]
    columns = pd.Index(panel.units).get_indexer(pd.Index(_units(campaign)))
    return days, columns[columns >= 0]


def _closed(campaign: Campaign, panel: Panel) -> list[str]:
    days, columns = _open_days(campaign, panel)
    if panel.frequency != "D" or not len(columns):
        return []
    rows = len(panel.dates) + panel.ahead.get_indexer(days)
    shut = (panel.open[np.ix_(rows, columns)] == 0).all(axis=1)
    return [str(day.date()) for day in days[shut]]


def _already_known(campaign: Campaign, panel: Panel) -> list[Problem]:
    """Known columns that say that a campaign of this kind runs, which the forecast then holds."""
    days, columns = _open_days(campaign, panel)
    rows = len(panel.dates) + panel.ahead.get_indexer(days)
    said = []
    for name in KNOWN_AS.get(campaign.kind, ()):
        if name not in panel.known or not len(columns):
            continue
        marked = panel.known[name][np.ix_(rows, columns)] > 0
        if marked.any():
            unit = panel.units[columns[int(marked.any(axis=0).argmax())]]
            facts = {"campaign": campaign.name, "column": name, "unit": unit}
            told = {**facts, "count": int(marked.any(axis=1).sum())}
            said.append(Problem("plan.already_known", told))
    return said


def _with_learned(campaign: Campaign, learned: Learnt) -> Campaign:
    """Inputs that nobody gave, from the shop's own past.

    Inputs that mean something only together are learned together or not at all.
    """
    own: Mapping[str, Any] = learned.get(campaign.kind, {})
    if isinstance(campaign, GroupBuy):
        own = {} if campaign.form == "tiered" else learned.get(campaign.group_size, {})
    given = {name for name in own if getattr(campaign, name) is not None}
    held = {
        name for group in TOGETHER.get(campaign.kind, ()) if given & group for name in group
    } | given
    return replace(campaign, **{name: one for name, one in own.items() if name not in held})
