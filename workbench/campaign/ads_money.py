"""What followers order, and what that is worth: first orders, refunds, repurchase, margin, cost."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.delays import by_chance, in_stages, within_window
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.follower_ads import FollowerAds

STAGES = 2
"""A decision in two steps: few order at once, most after a while, some much later."""


def book_orders(ads: "FollowerAds", scene: Scene, cells: dict[str, Floats]) -> dict[str, Floats]:
    """All quantities of the ledger from spend and followers."""
    book = dict(cells)
    _stay(scene, book)
    _decide(scene, book)
    _refund(scene, book)
    _come_back(ads, scene, book)
    _margin_and_cost(scene, book)
    return book


def _stay(scene: Scene, book: dict[str, Floats]) -> None:
    """Followers who stay, and when the others leave: each day with the same chance."""
    n_days, won = len(scene.stage.dates), book["followers"]
    book["stayed"] = binomial(scene.rng("stayed"), won, scene.input("stay_rate"))
    going = won - book["stayed"]
    daily = np.minimum(1.0 / scene.input("leave_days"), 1.0)
    book["unfollowed"] = by_chance(scene.rng("unfollowed"), going, daily, n_days)
    book["leaving"] = _last_day(scene, going.sum(axis=0) - book["unfollowed"].sum(axis=0))


def _decide(scene: Scene, book: dict[str, Floats]) -> None:
    """Followers who open the link, those who will order, the day on which they do, and who pays."""
    n_days = len(scene.stage.dates)
    opens = binomial(scene.rng("link_opens"), book["stayed"], scene.input("link_rate"))
    will = binomial(scene.rng("deciders"), opens, scene.input("order_rate"))
    daily = STAGES / (scene.input("decide_days") + STAGES)
    rngs = [scene.rng(f"decide {stage}") for stage in range(STAGES)]
    placed = in_stages(rngs, will, daily, n_days)
    book["link_opens"], book["deciders"], book["placed_orders"] = opens, will, placed
    book["pending_orders"] = _last_day(scene, will.sum(axis=0) - placed.sum(axis=0))
    orders = binomial(scene.rng("paid"), placed, scene.input("pay_rate"))
    book["first_orders"], book["unpaid_orders"] = orders, placed - orders
    anyway = binomial(scene.rng("cannibalised"), orders, scene.input("cannibalised"))
    book["cannibalised_orders"], book["new_customers"] = anyway, orders - anyway


def _refund(scene: Scene, book: dict[str, Floats]) -> None:
    """Orders sent back, orders refunded in part; both dated on the day of the order."""
    orders, value = book["first_orders"], scene.input("order_value")
    back = binomial(scene.rng("returns"), orders, scene.input("return_rate"))
    partly = binomial(scene.rng("partial"), orders - back, scene.input("partial_rate"))
    book["returned_orders"], book["partly_refunded_orders"] = back, partly
    book["paid"], book["returned"] = orders * value, back * value
    book["refunded"] = partly * (value * scene.input("partial_share"))
    book["sales"] = np.maximum(book["paid"] - book["returned"] - book["refunded"], 0.0)
    book["cannibalised_sales"] = book["cannibalised_orders"] * (value * _kept(scene))


def _come_back(ads: "FollowerAds", scene: Scene, book: dict[str, Floats]) -> None:
    """Customers who buy again in their window, and the days of their repeat orders."""
    n_days = len(scene.stage.dates)
    again = binomial(scene.rng("repeat"), book["new_customers"], scene.input("repeat_rate"))
    due = again + poisson(scene.rng("repeat_more"), again * scene.input("repeat_more"))
    orders = within_window(scene.rng("repeat_day"), due, ads.repeat_days, n_days)
    book["repeat_customers"], book["repeat_due"], book["repeat_orders"] = again, due, orders
    book["repeat_beyond"] = _last_day(scene, due.sum(axis=0) - orders.sum(axis=0))
    book["repeat_sales"] = orders * (scene.input("repeat_value") * _kept(scene))


def _kept(scene: Scene) -> Floats:
    """Expected share of an order's value that is not refunded: (n_paths, 1)."""
    partial = scene.input("partial_rate") * scene.input("partial_share")
    return np.asarray((1.0 - scene.input("return_rate")) * (1.0 - partial))


def _margin_and_cost(scene: Scene, book: dict[str, Floats]) -> None:
    """Margin on the whole increment, and what the campaign costs."""
    goods, value = scene.input("goods_share"), scene.input("order_value")
    per_value = _kept(scene) - goods * (1.0 - scene.input("return_rate"))
    margin = book["sales"] - goods * value * (book["first_orders"] - book["returned_orders"])
    margin -= book["cannibalised_orders"] * (value * per_value)
    margin += book["repeat_orders"] * (scene.input("repeat_value") * per_value)
    book["gross_margin"] = margin
    book["cost"] = book["ad_spend"].copy()
    book["cost"][0] += scene.input("fixed_cost") * scene.stage.shares


def _last_day(scene: Scene, amount: Floats) -> Floats:
    """What is still to come, booked on the last day."""
    out = scene.zeros()
    out[-1] = amount
    return out
