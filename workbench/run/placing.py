"""Campaigns of a parameter file on this shop: its units, closed days, past, and what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.group_buy import GroupBuy
from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.run.learned import Learnt
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


def placed(
    campaigns: Sequence[Campaign],
    panel: Panel,
    outlook: Outlook,
    *,
    learned: Learnt | None = None,
    keys: pd.DataFrame | None = None,
) -> tuple[tuple[Campaign, ...], tuple[Problem, ...]]:
    """Campaigns with this shop's units, closed days and past, and what was noticed.

    One that names no unit is shared out over all by expected sales, one that names what stands
    above units (a value of ``keys``) over those below it. On days on which all its units are closed
    nothing happens.
    """
    said: list[Problem] = []
    found = []
    for one in campaigns:
        here = one if one.units != EVERYWHERE else replace(one, units=_everywhere(outlook))
        if len(outlook.units) > 1 and one.units == EVERYWHERE:
            facts = {"campaign": one.name, "units": ", ".join(outlook.units[:5])}
            said.append(Problem("plan.spread", facts))
        here, below = _below(here, outlook, keys)
        said += below
        here = replace(here, closed=(*here.closed, *_closed(here, panel)))
        here = _with_learned(here, learned or {})
        said += _already_known(here, panel)
        found.append(here)
    return tuple(found), tuple(said)


def _everywhere(outlook: Outlook) -> dict[str, float]:
    """Every unit with what it still has to sell, on average."""
    return _by_sales(outlook, outlook.units)


def _by_sales(outlook: Outlook, units: Sequence[str], whole: float = 1.0) -> dict[str, float]:
    """A share given to units by what each still has to sell, on average."""
    left = (outlook.totals.mean() - outlook.actual)[list(units)].clip(lower=0.0)
    if left.sum() <= 0:
        left = left + 1.0
    return {str(unit): whole * float(share) for unit, share in (left / left.sum()).items()}


def _below(
    campaign: Campaign, outlook: Outlook, keys: pd.DataFrame | None
) -> tuple[Campaign, list[Problem]]:
    """The campaign in units, where it names what stands above them; what cannot be read stays."""
    given = campaign.units
    above = [name for name in _units(campaign) if name not in outlook.units]
    if keys is None or not above:
        return campaign, []
    table = keys.reindex(list(outlook.units))
    members = {
        name: list(table.index[(table.astype(str) == name).any(axis=1).to_numpy()])
        for name in above
    }
    if not all(members.values()):
        return campaign, []
    shares = given if isinstance(given, Mapping) else dict.fromkeys(_units(campaign), 1.0)
    units: dict[str, float] = {}
    for name, share in shares.items():
        parts = _by_sales(outlook, members.get(str(name), [str(name)]), share)
        units |= {unit: units.get(unit, 0.0) + part for unit, part in parts.items()}
    rows = {"count": len(units), "units": ", ".join(list(units)[:5])}
    facts = {"campaign": campaign.name, "above": ", ".join(above), **rows}
    return replace(campaign, units=units), [Problem("plan.below", facts)]


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
