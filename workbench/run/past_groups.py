"""What the shop's own past group-buys and visitors say about the next group-buy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY, LEAST_GROUPS
from workbench.campaign.past_groups import fit_past_groups
from workbench.data.past_groups import read_past_groups
from workbench.data.sales import Sales
from workbench.data.traffic import read_traffic
from workbench.errors import Problem
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned

GROUP_BUY = "group_buy"
USUAL_SIZE = 2
PAID = Distribution("fixed", (1.0,), HISTORY)


def learn_groups(params: CampaignParams, sales: Sales) -> Learned:
    """Joining and opening from past group-buys in the order lines, where there are enough.

    Opening is measured against the visitors of the unit (parameter ``traffic``) on the days of the
    past group-buys, so that ``visits`` of a planned one are the visitors of its unit too.

    Raises:
        DataError: a file that cannot be read.
    """
    planned = (*params.campaigns, *params.options)
    sizes = {_size(item) for item in planned if item.get("kind") == GROUP_BUY} - {0}
    if not sizes or sales.report.kind != "orders":
        return Learned()
    past = _past(params, sales)
    traffic = None
    if params.traffic:
        mapping = params.file("mapping")
        traffic = read_traffic(params.file("traffic"), by=params.by, mapping=mapping)
    inputs: dict[int | str, Mapping[str, Distribution | float]] = {}
    groups, said = {}, []
    for size in sorted(sizes):
        some = past[past["size"] == size]
        count = int(some["groups"].sum()) if len(some) else 0
        facts = {"size": size, "count": f"{count:,}", "least": LEAST_GROUPS}
        if count < LEAST_GROUPS:
            said.append(Problem("plan.few_groups", facts))
            continue
        fit = fit_past_groups(some, size=size, visits=_visits(some, traffic))
        inputs[size], groups[size] = _paid(fit.inputs()), count
        told = {**facts, "campaigns": len(some), "success": f"{fit.success:.0%}"}
        said.append(Problem("plan.learned", {**told, "joiners": fit.joiners.text()}))
    return Learned(inputs, groups, tuple(said))


def _paid(inputs: Mapping[str, Distribution]) -> Mapping[str, Distribution]:
    """Groups in order lines were paid for: an opening rate from them leaves no one to pay."""
    return {**inputs, **({"pay_rate": PAID} if "open_rate" in inputs else {})}


def _past(params: CampaignParams, sales: Sales) -> pd.DataFrame:
    return read_past_groups(
        params.file("source"),
        by=params.by,
        mapping=params.file("mapping"),
        as_of=sales.as_of.date(),
    )


def _size(item: Mapping[str, Any]) -> int:
    """People of a full group; 0 where the tiers of a campaign leave it open."""
    size = item.get("group_size", USUAL_SIZE)
    plain = item.get("form", "plain") in ("plain", "lottery", "old_brings_new")
    return size if isinstance(size, int) and plain else 0


def _visits(past: pd.DataFrame, traffic: pd.DataFrame | None) -> "pd.Series[float] | None":
    """Campaign → visitors of its unit on its days; None without any."""
    if traffic is None:
        return None
    found = {}
    for one in past.to_dict("records"):
        here = traffic[traffic["unit"] == one["unit"]]
        during = here[here["date"].between(one["start"], one["end"])]
        found[one["campaign"]] = float(np.nansum(during["visitors"]))
    visits = pd.Series(found, dtype=float)
    return visits if (visits > 0).any() else None
