"""What a planner should know about a simulated group-buy before it is approved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.group_state import expected_visitors
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem
from workbench.target.amounts import money

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy


def group_notices(buy: "GroupBuy", result: Simulation) -> tuple[Problem, ...]:
    """Sales below cost, explosive growth, stock that runs out, prizes nobody competes for."""
    return (*_below_cost(buy, result), *_explosive(buy, result), *_stock(buy, result))


def _below_cost(buy: "GroupBuy", result: Simulation) -> Iterator[Problem]:
    goods = float(np.median(result.inputs.values["unit_cost"]))
    rules = buy.terms()
    least = float(rules.joiner[rules.size])
    if least >= goods:
        return
    sold = result.outcome("pieces") - result.outcome("returned_pieces")
    facts = {
        "campaign": buy.name,
        "price": money(least),
        "cost": money(goods),
        "loss": money(goods - least),
        "total": money(round(float(np.median(sold)) * (goods - least), 2)),
        "currency": buy.currency,
    }
    yield Problem("campaign.below_cost", facts)


def _explosive(buy: "GroupBuy", result: Simulation) -> Iterator[Problem]:
    """Each joiner brings one or more, or each group starts one or more: growth without end."""
    drawn = result.inputs.values
    members = result.outcome("opens") + result.outcome("joins")
    per_group = members / np.maximum(result.outcome("opens"), 1.0)
    growth = np.maximum(drawn["onward"], drawn["restart"] * per_group)
    share = float((growth >= 1.0).mean())
    if share == 0.0:
        return
    audience = buy.audience
    if audience is None:
        visited = result.ledger.cells["visits"][: result.n_active].sum(axis=(1, 2)) > 0
        audience = expected_visitors(drawn["visits"], float(visited.sum()), buy.terms().size)
    facts = {
        "campaign": buy.name,
        "growth": f"{np.median(growth):.2f}",
        "share": f"{share:.0%}",
        "audience": f"{audience:,}",
    }
    yield Problem("campaign.explosive", facts)


def _stock(buy: "GroupBuy", result: Simulation) -> Iterator[Problem]:
    if buy.stock is None:
        return
    refused = result.outcome("sold_out")
    if np.median(refused) > 0:
        facts = {
            "campaign": buy.name,
            "stock": f"{buy.stock:,}",
            "groups": f"{np.median(refused):,.0f}",
            "share": f"{(refused > 0).mean():.0%}",
        }
        yield Problem("campaign.stock_runs_out", facts)
