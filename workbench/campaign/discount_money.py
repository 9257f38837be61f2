"""What the orders of a discount are worth, what they replace, and what is left of it."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson, split
from workbench.campaign.delays import by_chance, over_window
from workbench.campaign.discount_flow import Flow
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.discount import Discount

MONEY = ("list_value", "discount_given", "paid", "returned", "sales")


def book_discount(sale: "Discount", scene: Scene, flow: Flow) -> dict[str, Floats]:
    """All quantities of the ledger from the counts of the discount."""
    days = scene.stage.n_active
    book = dict(flow.cells)
    book |= {name: scene.zeros(days) for name in (*MONEY, "returned_orders", "topped_up_orders")}
    book["usual_orders"] = np.asarray(np.sum(flow.usual, axis=0))
    book["extra_orders"] = np.asarray(np.sum(flow.extra, axis=0))
    book["orders"] = book["usual_orders"] + book["extra_orders"]
    goods, replaced = _book_orders(scene, flow, book)
    kept = 1.0 - scene.input("return_rate")
    _book_others(sale, scene, book)
    regular = sale.price * kept
    book["cannibalised_orders"] = book["usual_orders"] + book["switched_orders"]
    book["cannibalised_sales"] = replaced * kept + book["switched_orders"] * regular
    book["repaid_sales"] = book["repaid_orders"] * regular
    repeat = scene.input("repeat_value") * scene.input("deal_value")
    book["repeat_sales"] = book["repeat_orders"] * (repeat * kept)
    cost_share = scene.input("unit_cost") / sale.price
    margin = (1.0 - cost_share) * (book["repeat_sales"] - book["repaid_sales"])
    margin[:days] += book["sales"] - cost_share * goods
    margin[:days] -= (1.0 - cost_share) * book["cannibalised_sales"]
    book["gross_margin"] = margin
    book["cost"] = scene.zeros(days)
    book["cost"][0] += scene.input("fixed_cost") * scene.stage.shares
    return book


def _book_orders(scene: Scene, flow: Flow, book: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Money class by class; the list value of goods kept, and what would have been spent anyway."""
    goods, replaced = np.zeros_like(book["paid"]), np.zeros_like(book["paid"])
    for buyers, usual, extra in zip(flow.buyers, flow.usual, flow.extra, strict=True):
        chances = [one.chance for one in buyers.classes[:-1]]
        of_usual, of_extra = [usual], [extra]
        if chances:
            of_usual = split(scene.rng(f"classes usual {buyers.name}"), usual, chances)
            of_extra = split(scene.rng(f"classes extra {buyers.name}"), extra, chances)
        rng = scene.rng(f"returned {buyers.name}")
        for one, anyway, more in zip(buyers.classes, of_usual, of_extra, strict=True):
            count = anyway + more
            back = binomial(rng, count, scene.input("return_rate"))
            pays = one.worth - one.off
            book["list_value"] += count * one.worth
            book["discount_given"] += count * one.off
            book["paid"] += count * pays
            book["returned"] += back * pays
            book["returned_orders"] += back
            book["sales"] += (count - back) * pays
            if one.topped_up:
                book["topped_up_orders"] += count
            goods += (count - back) * one.worth
            replaced += anyway * one.usual
    return goods, replaced


def _book_others(sale: "Discount", scene: Scene, book: dict[str, Floats]) -> None:
    """What the extra orders replace, bring forward and add; new customers and their repeats."""
    n_days, extra = len(scene.stage.dates), book["extra_orders"]
    switched = scene.input("switched")
    later = np.minimum(scene.input("brought_forward"), 1.0 - switched)
    parts = split(scene.rng("bump"), extra, [switched, later])
    book["switched_orders"], book["forward_orders"], book["added_orders"] = parts
    new = binomial(scene.rng("new"), book["added_orders"], scene.input("new_share"))
    book["new_customers"] = new
    daily = np.minimum(1.0 / scene.input("forward_days"), 1.0)
    book["repaid_orders"] = by_chance(scene.rng("repaid"), book["forward_orders"], daily, n_days)
    book["owed_orders"] = scene.zeros()
    still = book["forward_orders"].sum(axis=0) - book["repaid_orders"].sum(axis=0)
    book["owed_orders"][-1] = still
    mean = over_window(new, sale.repeat_days, n_days)
    mean *= scene.input("repeat_orders") / sale.repeat_days
    book["repeat_orders"] = poisson(scene.rng("repeat"), mean)
