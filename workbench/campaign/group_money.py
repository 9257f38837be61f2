"""What groups are worth: sales, what they take from other sales, repeat orders, margin, cost."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.delays import by_chance, over_window
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy


def book_money(buy: "GroupBuy", scene: Scene, cells: dict[str, Floats]) -> dict[str, Floats]:
    """All quantities of the ledger from the counts of the groups."""
    ended = scene.stage.n_active + buy.settling()
    book = {name: days for name, days in cells.items() if name not in ("worth", "extra_pieces")}
    orders, worth, extra = cells["completed_orders"], cells["worth"], cells["extra_pieces"]
    book["refunded_lottery"] = scene.zeros()
    if buy.form == "lottery":
        orders, worth = _draw_lots(buy, scene, book, worth, ended)
    book["refunded"] = _added(book, ("refunded_failed", "refunded_tier", "refunded_lottery"))
    book["pieces"] = _plus(orders, extra, ended)
    _returns(scene, book, worth, ended)
    _other_sales(buy, scene, book, orders, ended)
    book["discount_given"] = scene.zeros()
    list_price = buy.price * book["pieces"][:ended]
    book["discount_given"][:ended] = np.maximum(list_price - worth[:ended], 0.0)
    _margin_and_cost(scene, book, ended)
    return book


def _draw_lots(
    buy: "GroupBuy", scene: Scene, book: dict[str, Floats], worth: Floats, ended: int
) -> tuple[Floats, Floats]:
    """Winners of the last day, drawn among all orders of complete groups; the rest is refunded."""
    from workbench.campaign.group_buy import spread_whole

    entrants = book["completed_orders"][:ended].sum(axis=0)
    stakes = worth[:ended].sum(axis=0)
    prizes = np.array(spread_whole(buy.prizes or 0, scene.stage.shares), dtype=float)
    winners = np.minimum(entrants, prizes)
    share = np.divide(winners, entrants, out=np.zeros_like(winners), where=entrants > 0)
    orders, sale = scene.zeros(), scene.zeros()
    book["winners"], book["losers"] = orders, scene.zeros()
    orders[ended - 1] = winners
    book["losers"][ended - 1] = entrants - winners
    sale[ended - 1] = stakes * share
    book["refunded_lottery"][ended - 1] = stakes - sale[ended - 1]
    return orders, sale


def _returns(scene: Scene, book: dict[str, Floats], worth: Floats, ended: int) -> None:
    """Pieces sent back, at the day's average price, dated on the day of the sale."""
    pieces = book["pieces"][:ended]
    back = binomial(scene.rng("returns"), pieces, scene.input("return_rate"))
    share = np.divide(back, pieces, out=np.zeros_like(back), where=pieces > 0)
    for name in ("returned_pieces", "returned", "sales"):
        book[name] = scene.zeros()
    book["returned_pieces"][:ended] = back
    book["returned"][:ended] = worth[:ended] * share
    book["sales"][:ended] = worth[:ended] - book["returned"][:ended]


def _other_sales(
    buy: "GroupBuy", scene: Scene, book: dict[str, Floats], orders: Floats, ended: int
) -> None:
    """Orders that would have come anyway, now or later; new customers and their repeat orders."""
    instead, forward, new = _reasons(buy, scene, book, orders[:ended])
    n_days = len(scene.stage.dates)
    for name, days in (
        ("cannibalised_orders", instead),
        ("forward_orders", forward),
        ("new_customers", new),
    ):
        book[name] = scene.zeros()
        book[name][:ended] = days
    daily = np.minimum(1.0 / scene.input("forward_days"), 1.0)
    book["repaid_orders"] = by_chance(scene.rng("repaid"), forward, daily, n_days)
    book["owed_orders"] = scene.zeros()
    book["owed_orders"][-1] = forward.sum(axis=0) - book["repaid_orders"].sum(axis=0)
    in_window = over_window(new, buy.repeat_days, n_days)
    rate = scene.input("repeat_orders") / buy.repeat_days
    book["repeat_orders"] = poisson(scene.rng("repeat"), in_window * rate)
    kept = 1.0 - scene.input("return_rate")
    price = scene.input("regular_price") * kept
    book["cannibalised_sales"] = _times(book["cannibalised_orders"], price, ended)
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
        leaders = book["completed_groups"][: len(orders)]
        parts = [("leaders ", leaders, scene.input("new_share"))]
        parts += [("joiners ", orders - leaders, np.ones((scene.n_paths, 1)))]
    instead, forward, new = (np.zeros_like(orders) for _ in range(3))
    for name, some, new_share in parts:
        one = binomial(scene.rng(f"{name}cannibalised"), some, anyway)
        two = binomial(scene.rng(f"{name}forward"), some - one, later)
        new += binomial(scene.rng(f"{name}new"), some - one - two, new_share)
        instead, forward = instead + one, forward + two
    return instead, forward, new


def _margin_and_cost(scene: Scene, book: dict[str, Floats], ended: int) -> None:
    """Margin on the whole increment, and what the campaign costs besides the discount."""
    goods, price = scene.input("unit_cost"), scene.input("regular_price")
    kept = 1.0 - scene.input("return_rate")
    per_piece = (price - goods) * kept
    per_sale = np.divide(price - goods, price, out=np.ones_like(price), where=price > 0)
    margin = book["repeat_sales"] * per_sale - book["repaid_orders"] * per_piece
    sold = book["pieces"][:ended] - book["returned_pieces"][:ended]
    margin[:ended] += book["sales"][:ended] - goods * sold
    margin[:ended] -= book["cannibalised_orders"][:ended] * per_piece
    book["gross_margin"] = margin
    book["cost"] = _times(book["visits"], scene.input("visit_cost"), ended)
    book["cost"][0] += scene.input("fixed_cost") * scene.stage.shares
    if "losers" in book:
        book["cost"][:ended] += book["losers"][:ended] * scene.input("consolation")


def _plus(one: Floats, two: Floats, ended: int) -> Floats:
    """The sum of two quantities that are nothing after the campaign has ended."""
    out = np.zeros_like(one)
    out[:ended] = one[:ended] + two[:ended]
    return out


def _times(days: Floats, factor: Floats, ended: int) -> Floats:
    """A quantity that is nothing after the campaign has ended, times a number per path."""
    out = np.zeros_like(days)
    out[:ended] = days[:ended] * factor
    return out


def _added(book: dict[str, Floats], names: tuple[str, ...]) -> Floats:
    out = np.zeros_like(book[names[0]])
    for name in names:
        out += book[name]
    return out
