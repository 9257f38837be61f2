"""What a planner should know about a simulated distribution drive, and what a promoter brings."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.campaign.promoters import best_of_all, best_share, order_spread, talent_shape
from workbench.campaign.quotas import SELLERS, quotas
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem
from workbench.target.amounts import money

if TYPE_CHECKING:
    from workbench.campaign.drive import DistributionDrive

TENTH = 0.1
EXHAUSTED = 0.8
"""Share of the audience reached from which more contacts bring little."""


def drive_notices(drive: "DistributionDrive", result: Simulation) -> tuple[Problem, ...]:
    """Losses, explosive growth, an exhausted audience, commission paid twice or too early."""
    return (
        *loss(drive.name, result),
        *_explosive(drive, result),
        *_exhausted(drive, result),
        *_paid_twice(drive, result),
        *_too_early(drive, result),
    )


def loss(campaign: str, result: Simulation) -> Iterator[Problem]:
    """A campaign that more likely than not costs more margin than it brings."""
    margin = float(np.median(result.margin))
    if margin < 0:
        facts = {"campaign": campaign, "currency": result.currency, "loss": money(round(-margin))}
        told = {"cost": money(round(float(np.median(result.cost))))}
        yield Problem("drive.loss", {**facts, **told, "share": f"{(result.margin < 0).mean():.0%}"})


def _explosive(drive: "DistributionDrive", result: Simulation) -> Iterator[Problem]:
    """Promoters who each bring one or more new promoters: growth that only the audience ends."""
    drawn = result.inputs.values
    if "recruits" not in drawn:
        return
    count = np.maximum(result.outcome("promoters"), 1.0)
    growth = drawn["recruits"] + drawn["buyer_promotes"] * result.outcome("paid_orders") / count
    share = float((growth >= 1.0).mean())
    if share > 0:
        facts = {"campaign": drive.name, "growth": f"{np.median(growth):.2f}"}
        told = {"share": f"{share:.0%}", "audience": f"{drive.audience:,}"}
        yield Problem("campaign.explosive", {**facts, **told})


def _exhausted(drive: "DistributionDrive", result: Simulation) -> Iterator[Problem]:
    part = float(np.median(result.outcome("reached"))) / drive.audience
    if part > EXHAUSTED:
        facts = {"campaign": drive.name, "audience": f"{drive.audience:,}"}
        overlapping = result.outcome("overlapping") / np.maximum(result.outcome("contacts"), 1.0)
        told = {"share": f"{part:.0%}", "overlapping": f"{np.median(overlapping):.0%}"}
        yield Problem("drive.exhausted", {**facts, **told})


def _paid_twice(drive: "DistributionDrive", result: Simulation) -> Iterator[Problem]:
    amount = float(np.mean(result.outcome("double_commission")))
    if amount >= 1:
        orders = f"{np.mean(result.outcome('twice_paid_orders')):,.0f}"
        facts = {"campaign": drive.name, "amount": money(round(amount)), "orders": orders}
        yield Problem("drive.paid_twice", {**facts, "currency": drive.currency})


def _too_early(drive: "DistributionDrive", result: Simulation) -> Iterator[Problem]:
    if drive.freezing_days >= drive.return_days:
        return
    late = result.outcome("clawed_back_commission") + result.outcome("overpaid_commission")
    facts = {"campaign": drive.name, "freezing": drive.freezing_days, "days": drive.return_days}
    told = {"amount": money(round(float(np.mean(late)))), "currency": drive.currency}
    yield Problem("drive.settles_early", {**facts, **told})


def results_per_promoter(drive: "DistributionDrive", result: Simulation) -> pd.DataFrame:
    """One row per kind of promoter; see :meth:`DistributionDrive.per_promoter`."""
    shape = float(np.median(talent_shape(result.inputs.values["best_fifth"])))
    worth = {item.name: item.share * item.price for item in drive.goods()}
    part = {item.name: worth[item.name] / sum(worth.values()) for item in drive.goods()}
    rows: list[dict[str, object]] = []
    for seller in SELLERS:
        count = float(result.outcome(f"{seller}_promoters").mean())
        orders = float(result.outcome(f"{seller}_orders").mean())
        if count == 0:
            continue
        sales = float(result.outcome(f"{seller}_sales").mean())
        rate = sum(part[item.name] * item.direct_rate for item in drive.goods())
        each = {"promoters": seller, "count": count, "orders": orders / count}
        spread = order_spread(orders / count, shape)
        best = best_share(TENTH, orders / count, shape)
        paid = rate * sales / count
        met = _share_met(drive, result, seller)
        rows.append({**each, **spread, "best_tenth": best, "commission": paid, "met": met})
    columns = ["promoters", "count", "orders", "without_orders", "p50", "p90", "best_fifth"]
    return pd.DataFrame(rows, columns=[*columns, "best_tenth", "commission", "met"])


def _share_met(drive: "DistributionDrive", result: Simulation, seller: str) -> float:
    """Of the promoters of a kind that have a task, those who meet it; NaN without one."""
    given = float(result.outcome(f"{seller}_tasks").mean()) if quotas(drive.task, seller) else 0.0
    return float(result.outcome(f"{seller}_tasks_met").mean()) / given if given else float("nan")


def share_of_best(drive: "DistributionDrive", result: Simulation, part: float = TENTH) -> float:
    """The share of all promoters' orders that the best ``part`` of them have."""
    shape = float(np.median(talent_shape(result.inputs.values["best_fifth"])))
    rows = results_per_promoter(drive, result)
    return best_of_all(part, list(rows["count"]), list(rows["orders"]), shape)
