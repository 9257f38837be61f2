"""Commission on orders, item by item: accrued, cancelled, settled, taken back, still open.

An order accrues commission when it is paid. It settles after the freezing days, less what was
refunded by then; what is refunded later is taken back when the days for returns are over, or lost
where it is not. Returns are spread evenly over the days in which goods may be sent back.
"""

from dataclasses import dataclass

import numpy as np

from workbench.campaign.counts import Floats, binomial, split
from workbench.campaign.drive_items import Item
from workbench.campaign.scene import Scene

COMMISSION = (
    "direct_commission",
    "invite_commission",
    "double_commission",
    "commission",
    "accrued_commission",
    "cancelled_commission",
    "settled_commission",
    "unsettled_commission",
    "clawed_back_commission",
    "reversible_commission",
    "overpaid_commission",
)


@dataclass(frozen=True, eq=False)
class Lot:
    """Paid orders that earn alike.

    Attributes:
        seller: customer, employee, invited or unbound.
        orders: (n_days, n_paths, n_units).
        direct, invite: how many times either commission is paid on them.
    """

    seller: str
    orders: Floats
    direct: int
    invite: int


@dataclass(frozen=True)
class Settlement:
    """When commission is paid out, and what happens to refunds after that."""

    freezing_days: int
    return_days: int
    clawback: bool

    @property
    def in_time(self) -> float:
        """The share of the returns that comes before the commission is paid out."""
        return min(self.freezing_days / self.return_days, 1.0) if self.return_days else 1.0


def book_orders(
    scene: Scene,
    lots: list[Lot],
    items: tuple[Item, ...],
    terms: Settlement,
    discount: float,
) -> dict[str, Floats]:
    """Money and commission of all lots: name → (≤ n_days, n_paths, n_units)."""
    days = len(lots[0].orders)
    sellers = dict.fromkeys(f"{lot.seller}_sales" for lot in lots)
    names = ("paid", "returned", "returned_orders", "sales", "discount_given", *sellers)
    book = {name: scene.zeros(days) for name in (*names, *COMMISSION[:4], "accrued_commission")}
    early, late = scene.zeros(days), scene.zeros(days)
    for number, lot in enumerate(lots):
        parts = [lot.orders]
        if len(items) > 1:
            shares = [np.full((1, 1), item.share) for item in items[:-1]]
            parts = split(scene.rng(f"items {number}"), lot.orders, shares)
        for item, orders in zip(items, parts, strict=True):
            key = f"{number} {item.name}"
            back = binomial(scene.rng(f"returns {key}"), orders, scene.input("return_rate"))
            soon = back
            if 0.0 < terms.in_time < 1.0:
                soon = binomial(scene.rng(f"return days {key}"), back, terms.in_time)
            elif terms.in_time == 0.0:
                soon = np.zeros_like(back)
            _book_item(book, lot, item, (orders, back), discount)
            rate = (lot.direct * item.direct_rate + lot.invite * item.invite_rate) * (
                item.price * (1.0 - discount)
            )
            early += rate * soon
            late += rate * (back - soon)
    return {**book, **_settle(scene, book, early, late, terms)}


def _book_item(
    book: dict[str, Floats], lot: Lot, item: Item, counts: tuple[Floats, Floats], discount: float
) -> None:
    """What the orders of one item pay and earn; the buyer's discount is the shop's to bear."""
    orders, back = counts
    price = item.price * (1.0 - discount)
    net = price * (orders - back)
    book["paid"] += price * orders
    book["returned"] += price * back
    book["returned_orders"] += back
    book["sales"] += net
    book["discount_given"] += (item.price - price) * orders
    book[f"{lot.seller}_sales"] += net
    if not lot.direct:
        return
    book["direct_commission"] += item.direct_rate * net
    book["invite_commission"] += lot.invite * item.invite_rate * net
    book["double_commission"] += (lot.direct - 1) * item.direct_rate * net
    rate = lot.direct * item.direct_rate + lot.invite * item.invite_rate
    book["commission"] += rate * net
    book["accrued_commission"] += rate * price * orders


def _settle(
    scene: Scene, book: dict[str, Floats], early: Floats, late: Floats, terms: Settlement
) -> dict[str, Floats]:
    """Commission on the days on which it is paid out and taken back."""
    accrued = book["accrued_commission"]
    settled, _ = _after(scene, accrued - early, terms.freezing_days)
    cancelled, not_cancelled = _after(scene, early, terms.freezing_days)
    _, unsettled = _after(scene, accrued, terms.freezing_days)
    clawed, not_clawed = _after(scene, late, max(terms.return_days, terms.freezing_days))
    if not terms.clawback:
        clawed, not_clawed = np.zeros_like(clawed), np.zeros_like(not_clawed)
    return {
        "cancelled_commission": cancelled,
        "settled_commission": np.maximum(settled, 0.0),
        "unsettled_commission": _on_last(scene, unsettled),
        "clawed_back_commission": clawed,
        "reversible_commission": _on_last(scene, not_cancelled + not_clawed),
        "overpaid_commission": np.zeros_like(late) if terms.clawback else late,
    }


def _after(scene: Scene, amounts: Floats, days: int) -> tuple[Floats, Floats]:
    """Amounts so many days later, and the sum of what falls after the last day."""
    room = max(len(scene.stage.dates) - days, 0)
    inside = min(len(amounts), room)
    out = scene.zeros(min(len(amounts) + days, len(scene.stage.dates)))
    out[days : days + inside] = amounts[:inside]
    return out, np.asarray(amounts[inside:].sum(axis=0))


def _on_last(scene: Scene, amount: Floats) -> Floats:
    out = scene.zeros()
    out[-1] = amount
    return out
