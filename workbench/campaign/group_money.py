"""What groups are worth: sales, what they take from other sales, repeat orders, margin, cost."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.delays import by_chance, over_window
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy


def book_money(buy: "GroupBuy", scene: Scene, cells: dict[str, Floats]) -> dict[str, Floats]:
    """All quantities of the ledger from the counts of the groups.

    What the groups themselves do ends with the last of them, and is booked up to that day only.
    """
    book = {name: days for name, days in cells.items() if name not in ("worth", "extra_pieces")}
    orders, worth = cells["completed_orders"], cells["worth"]
    book["refunded_lottery"] = np.zeros_like(worth)
    if buy.form == "lottery":
        orders, worth = _draw_lots(buy, scene, book, worth)
    book["refunded"] = sum_of(book, ("refunded_failed", "refunded_tier", "refunded_lottery"))
    book["pieces"] = orders + cells["extra_pieces"]
    _returns(scene, book, worth)
    _other_sales(buy, scene, book, orders)
    book["discount_given"] = np.maximum(buy.price * book["pieces"] - worth, 0.0)
    _margin_and_cost(scene, book)
    return book


def sum_of(book: dict[str, Floats], names: tuple[str, ...]) -> Floats:
    """The sum of quantities of the same days."""
    found = book[names[0]].copy()
    for name in names[1:]:
        found += book[name]
    return found


def _draw_lots(
    buy: "GroupBuy", scene: Scene, book: dict[str, Floats], worth: Floats
) -> tuple[Floats, Floats]:
    """Winners of the last day, drawn among all orders of complete groups; the rest is refunded."""
    from workbench.campaign.group_buy import spread_whole

    entrants, stakes = book["completed_orders"].sum(axis=0), worth.sum(axis=0)
    prizes = np.array(spread_whole(buy.prizes or 0, scene.stage.shares), dtype=float)
    winners = np.minimum(entrants, prizes)
    share = np.divide(winners, entrants, out=np.zeros_like(winners), where=entrants > 0)
    orders, sale, losers = (np.zeros_like(worth) for _ in range(3))
    orders[-1], sale[-1], losers[-1] = winners, stakes * share, entrants - winners
    book["winners"], book["losers"] = orders, losers
    book["refunded_lottery"][-1] = stakes - sale[-1]
    return orders, sale


def _returns(scene: Scene, book: dict[str, Floats], worth: Floats) -> None:
    """Pieces sent back, at the day's average price, dated on the day of the sale."""
    pieces = book["pieces"]
    back = binomial(scene.rng("returns"), pieces, scene.input("return_rate"))
    share = np.divide(back, pieces, out=np.zeros_like(back), where=pieces > 0)
    book["returned_pieces"], book["returned"] = back, worth * share
    book["sales"] = worth - book["returned"]


def _other_sales(buy: "GroupBuy", scene: Scene, book: dict[str, Floats], orders: Floats) -> None:
    """Orders that would have come anyway, now or later; new customers and their repeat orders."""
    instead, forward, new = _reasons(buy, scene, book, orders)
    book["cannibalised_orders"], book["forward_orders"] = instead, forward
    book["new_customers"] = new
    n_days = len(scene.stage.dates)
    daily = np.minimum(1.0 / scene.input("forward_days"), 1.0)
    book["repaid_orders"] = by_chance(scene.rng("repaid"), forward, daily, n_days)
    book["owed_orders"] = scene.zeros()
    book["owed_orders"][-1] = forward.sum(axis=0) - book["repaid_orders"].sum(axis=0)
    rate = scene.input("repeat_orders") / buy.repeat_days
    mean = over_window(new, buy.repeat_days, n_days)
    mean *= rate
    book["repeat_orders"] = poisson(scene.rng("repeat"), mean)
    kept = 1.0 - scene.input("return_rate")
    price = scene.input("regular_price") * kept
    book["cannibalised_sales"] = instead * price
    book["repaid_sales"] = book["repaid_orders"] * price
    book["repeat_sales"] = book["repeat_orders"] * (scene.input("repeat_value") * kept)


def _reasons(
    buy: "GroupBuy", scene: Scene, book: dict[str, Floats], orders: Floats
) -> tuple[Floats, Floats, Floats]:
    """Orders that replace one of the day, one of a later day, and first orders of new customers."""
    anyway = scene.input("cannibalised")
    later = np.minimum(scene.input("brought_forward"), 1.0 - anyway)
    later = np.divide(later, 1.0 - anyway, out=np.zeros_like(later), where=anyway < 1.0)
    parts = [("", orders, scene.input("new_share"))]
    if buy.form == "old_brings_new":
        leaders = book["completed_groups"]
        parts = [("leaders ", leaders, scene.input("new_share"))]
        parts += [("joiners ", orders - leaders, np.ones((scene.n_paths, 1)))]
    instead, forward, new = (np.zeros_like(orders) for _ in range(3))
    for name, some, new_share in parts:
        one = binomial(scene.rng(f"{name}cannibalised"), some, anyway)
        two = binomial(scene.rng(f"{name}forward"), some - one, later)
        new += binomial(scene.rng(f"{name}new"), some - one - two, new_share)
        instead += one
        forward += two
    return instead, forward, new


def _margin_and_cost(scene: Scene, book: dict[str, Floats]) -> None:
    """Margin on the whole increment, and what the campaign costs besides the discount."""
    goods, price = scene.input("unit_cost"), scene.input("regular_price")
    kept = 1.0 - scene.input("return_rate")
    per_piece = (price - goods) * kept
    per_sale = np.divide(price - goods, price, out=np.ones_like(price), where=price > 0)
    margin = book["repeat_sales"] * per_sale
    margin -= book["repaid_orders"] * per_piece
    ended = len(book["sales"])
    margin[:ended] += book["sales"] - goods * (book["pieces"] - book["returned_pieces"])
    margin[:ended] -= book["cannibalised_orders"] * per_piece
    book["gross_margin"] = margin
    book["cost"] = book["visits"] * scene.input("visit_cost")
    book["cost"][0] += scene.input("fixed_cost") * scene.stage.shares
    if "losers" in book:
        book["cost"] += book["losers"] * scene.input("consolation")
