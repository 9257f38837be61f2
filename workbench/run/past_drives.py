"""What the shop's own promoters say about the next distribution drive."""

import numpy as np
import pandas as pd

from workbench.campaign.distribution import Distribution
from workbench.campaign.promoter_fit import (
    DRIVE,
    LEAST_ORDERS,
    LEAST_PROMOTERS,
    DriveFit,
    fit_promoters,
)
from workbench.data.past_tables import promoters_of_orders, read_promoters
from workbench.data.sales import Sales
from workbench.errors import Problem
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned, input_labels

WANTED = (
    *("customer_activation", "employee_activation", "contacts", "employee_effort", "half_life"),
    *("best_fifth", "pay_rate"),
)


def learn_drives(params: CampaignParams, sales: Sales) -> Learned:
    """Who starts, what a promoter brings, how unequally, and how fast effort wears off.

    From the table of promoter records, else from order lines that name campaign and promoter,
    where a drive is planned.

    Raises:
        DataError: a file that cannot be read.
        CampaignError: records that cannot be.
    """
    past = _records(params, sales)
    if past is None:
        return Learned()
    people, orders = past["promoter"].nunique(), int(past["orders"].sum())
    if people < LEAST_PROMOTERS or orders < LEAST_ORDERS:
        least = {"least": LEAST_PROMOTERS, "least_orders": LEAST_ORDERS}
        facts = {"promoters": f"{people:,}", "orders": f"{orders:,}"}
        return Learned(notices=(Problem("plan.few_promoters", {**facts, **least}),))
    fit = fit_promoters(past)
    said = [_told(fit)]
    if fit.sellers_only:
        said.append(Problem("plan.sellers_only", {"count": f"{fit.n_promoters:,}"}))
    return Learned({DRIVE: fit.inputs()}, notices=tuple(said))


def _records(params: CampaignParams, sales: Sales) -> pd.DataFrame | None:
    """The records of promoters; None where there are none or nobody asked."""
    as_of = sales.as_of.date()
    if params.past_promoters:
        return read_promoters(params.file("past_promoters"), as_of=as_of)
    planned = (*params.campaigns, *params.options)
    if sales.report.kind != "orders" or not any(item.get("kind") == DRIVE for item in planned):
        return None
    mapping = params.file("mapping")
    past = promoters_of_orders(params.file("source"), mapping=mapping, as_of=as_of)
    return past if len(past) else None


def _told(fit: DriveFit) -> Problem:
    left = [name for name in WANTED if name not in fit.found]
    facts: dict[str, object] = {
        "drives": fit.n_drives,
        "promoters": f"{fit.n_promoters:,}",
        "orders": f"{fit.n_orders:,}",
        "each": f"{fit.per_promoter:.1f}",
        "top": f"{fit.top_tenth:.0%}",
        "half_life": _range(fit.found["half_life"]),
        "learned": input_labels(DRIVE, [name for name in WANTED if name in fit.found]),
        "left": input_labels(DRIVE, left),
    }
    return Problem("plan.learned_drives" if fit.rated else "plan.learned_unrated", facts)


def _range(found: Distribution) -> str:
    low, mid, high = found.at(np.array([0.1, 0.5, 0.9]))
    return f"{mid:.1f} ({low:.1f}–{high:.1f})"
