"""What a planner should know about a simulated discount before it is approved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.simulation import Simulation
from workbench.errors import Problem
from workbench.target.amounts import money

if TYPE_CHECKING:
    from workbench.campaign.discount import Discount


def discount_notices(sale: "Discount", result: Simulation) -> tuple[Problem, ...]:
    """Prices below cost, a likely loss, stock that runs out."""
    return (*_below_cost(sale, result), *_loss(sale, result), *_stock(sale, result))


def deepest(sale: "Discount") -> float:
    """The largest share of a price that the discount takes off an order that just qualifies."""
    match sale.form:
        case "member":
            return max(float(row["discount"]) for row in sale.members.values())
        case "threshold":
            return max(float(off) / float(reach) for reach, off in sale.tiers)
        case "coupon":
            return float(sale.off or 0.0) / max(sale.price, sale.minimum)
        case _:
            return float(sale.discount or 0.0)


def _below_cost(sale: "Discount", result: Simulation) -> Iterator[Problem]:
    goods = float(np.median(result.inputs.values["unit_cost"]))
    least = sale.price * (1.0 - deepest(sale))
    if least >= goods:
        return
    sold = result.outcome("orders") - result.outcome("returned_orders")
    facts = {
        "campaign": sale.name,
        "price": money(round(least, 2)),
        "cost": money(round(goods, 2)),
        "loss": money(round(goods - least, 2)),
        "total": money(round(float(np.median(sold)) * (goods - least), 2)),
        "currency": sale.currency,
    }
    yield Problem("campaign.below_cost", facts)


def _loss(sale: "Discount", result: Simulation) -> Iterator[Problem]:
    """More likely than not it brings less margin than it gives away."""
    margin = float(np.median(result.margin))
    if margin < 0:
        facts = {
            "campaign": sale.name,
            "currency": sale.currency,
            "loss": money(round(-margin)),
            "given": money(round(float(np.median(result.outcome("discount_given"))))),
            "anyway": f"{np.nanmedian(result.outcome('anyway_share')):.0%}",
            "share": f"{(result.margin < 0).mean():.0%}",
        }
        yield Problem("discount.loss", facts)


def _stock(sale: "Discount", result: Simulation) -> Iterator[Problem]:
    if sale.stock is None:
        return
    unmet = result.outcome("unmet_orders")
    if np.median(unmet) > 0:
        facts = {
            "campaign": sale.name,
            "stock": f"{sale.stock:,}",
            "orders": f"{np.median(unmet):,.0f}",
            "share": f"{(unmet > 0).mean():.0%}",
        }
        yield Problem("discount.stock_runs_out", facts)
