"""The goods of a distribution drive: price, share of the orders, and commission of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.campaign.group_terms import number
from workbench.errors import Problem

NAMES = ("name", "price", "share", "direct_rate", "invite_rate", "group")


@dataclass(frozen=True)
class Item:
    """One item.

    Attributes:
        price: list price per piece.
        share: its part of the orders, among the shares of all items.
        direct_rate, invite_rate: commission as a share of what the buyer pays.
    """

    name: str
    price: float
    share: float
    direct_rate: float
    invite_rate: float


def read_items(
    given: Sequence[Mapping[str, Any]],
    *,
    price: float | None,
    rates: tuple[float, float],
    group_items_earn: bool,
) -> tuple[Item, ...]:
    """The items as given, or the one of the drive's own price; shares add up to one.

    Items that are on offer in a group-buy earn no commission unless ``group_items_earn``.

    >>> items = read_items([{"name": "a", "price": 30, "share": 3}, {"name": "b", "price": 90,
    ...     "group": True}], price=None, rates=(0.1, 0.02), group_items_earn=False)
    >>> [(one.share, one.direct_rate) for one in items]
    [(0.75, 0.1), (0.25, 0.0)]
    """
    rows = given or [{"name": "", "price": price}]
    whole = float(sum(row.get("share", 1.0) for row in rows))
    items = []
    for row in rows:
        excluded = bool(row.get("group", False)) and not group_items_earn
        direct, invite = (
            0.0 if excluded else float(row.get(name, usual))
            for name, usual in zip(("direct_rate", "invite_rate"), rates, strict=True)
        )
        share = float(row.get("share", 1.0)) / whole
        items.append(Item(str(row.get("name", "")), float(row["price"]), share, direct, invite))
    return tuple(items)


def wrong_items(campaign: str, given: object) -> list[Problem]:
    """Items that cannot be used, one problem each."""
    if not isinstance(given, list | tuple):
        return [Problem("drive.items", {"campaign": campaign, "value": repr(given)[:80]})]
    wrong = [row for row in given if not _good(row)]
    if not wrong and given and not sum(row.get("share", 1.0) for row in given) > 0:
        wrong = [given]
    return [Problem("drive.items", {"campaign": campaign, "value": repr(r)[:80]}) for r in wrong]


def _good(row: object) -> bool:
    if not isinstance(row, Mapping) or not set(row) <= set(NAMES):
        return False
    price, share = row.get("price"), row.get("share", 1.0)
    rates = [row.get(name, 0.0) for name in ("direct_rate", "invite_rate")]
    good = number(price) and price is not None and price > 0 and number(share) and share >= 0
    good = good and isinstance(row.get("group", False), bool)
    return bool(good and all(number(one) and 0 <= one <= 1 for one in rates) and sum(rates) <= 1)
