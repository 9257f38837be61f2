"""What a discount does to an order: who gets how much off, and what is bought to get it.

Orders that pay alike are one class. For money off above a sum (满减) the classes are bands of a
log-normal basket: below the sum, just below it (where some buy more to reach it), and above. Masses
and means of the bands are exact (partial expectations of the log-normal).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats

if TYPE_CHECKING:
    from workbench.campaign.discount import Discount
    from workbench.campaign.scene import Scene


@dataclass(frozen=True, eq=False)
class Class:
    """Orders that pay alike; each field (n_paths, 1).

    Attributes:
        chance: of an order to be of this class.
        worth: of the order at list prices.
        usual: what would have been spent without the discount.
        off: money off.
    """

    chance: Floats
    worth: Floats
    usual: Floats
    off: Floats

    @property
    def topped_up(self) -> bool:
        """Whether more is bought than usual."""
        return bool((self.worth > self.usual + 1e-9).any())


@dataclass(frozen=True, eq=False)
class Buyers:
    """Buyers who are offered the same: their share of the usual orders, and their classes."""

    name: str
    share: float
    classes: tuple[Class, ...]

    def depth(self) -> Floats:
        """(n_paths, 1) money off as a share of what orders come to."""
        off = sum(one.chance * one.off for one in self.classes)
        worth = sum(one.chance * one.worth for one in self.classes)
        return np.asarray(off / np.maximum(worth, 1e-12))


def read_buyers(sale: "Discount", scene: "Scene") -> tuple[Buyers, ...]:
    """The groups of buyers of a discount of any form."""
    one = np.ones((scene.n_paths, 1))
    price = sale.price * one
    match sale.form:
        case "member":
            return tuple(
                Buyers(
                    str(tier),
                    float(row["share"]),
                    (Class(one, price, price, float(row["discount"]) * price),),
                )
                for tier, row in sale.members.items()
            )
        case "threshold":
            spread, stretch = scene.input("basket_spread"), scene.input("stretch")
            topped = scene.input("topped_up")
            tiers = [(float(reach), float(off)) for reach, off in sale.tiers]
            return (Buyers("", 1.0, tuple(bands(sale.price, spread, tiers, stretch, topped))),)
        case "coupon":
            worth = np.maximum(price, sale.minimum)
            return (Buyers("", 1.0, (Class(one, worth, price, float(sale.off or 0.0) * one),)),)
        case _:
            off = float(sale.discount or 0.0) * price
            return (Buyers("", 1.0, (Class(one, price, price, off),)),)


def bands(
    mean: float,
    spread: Floats,
    tiers: Sequence[tuple[float, float]],
    stretch: Floats,
    topped: Floats,
) -> list[Class]:
    """Classes of baskets with this mean and coefficient of variation under tiers of money off.

    Baskets within ``stretch`` below a tier's sum are topped up to it with chance ``topped``.

    >>> some = [np.array([[value]]) for value in (0.5, 0.2, 0.4)]
    >>> found = bands(100.0, some[0], [(120.0, 15.0)], some[1], some[2])
    >>> [round(float(one.chance[0, 0]), 3) for one in found]
    [0.56, 0.069, 0.104, 0.267]
    >>> round(float(sum(one.chance * one.usual for one in found)[0, 0]), 6)
    100.0
    """
    one = np.ones_like(spread)
    classes = []
    low, before = 0.0 * one, 0.0
    for reach, off in sorted(tiers):
        near = np.maximum(reach * (1.0 - stretch), low)
        classes.append(_band(mean, spread, low, near, before))
        close = _band(mean, spread, near, reach * one, before)
        up = Class(close.chance * topped, reach * one, close.usual, off * one)
        classes += [up, Class(close.chance * (1.0 - topped), close.worth, close.usual, close.off)]
        low, before = reach * one, off
    return [*classes, _band(mean, spread, low, np.full_like(one, np.inf), before)]


def _band(mean: float, spread: Floats, low: Floats, high: Floats, off: float) -> Class:
    """Baskets from ``low`` to below ``high``: their chance and their mean."""
    from scipy.special import ndtr

    sigma = np.sqrt(np.log1p(spread**2))
    middle = np.log(mean) - 0.5 * sigma**2
    with np.errstate(divide="ignore"):
        a, b = (np.log(end) - middle for end in (low, high))
    sigma = np.maximum(sigma, 1e-9)
    chance = ndtr(b / sigma) - ndtr(a / sigma)
    spent = mean * (ndtr(b / sigma - sigma) - ndtr(a / sigma - sigma))
    centre = np.where(np.isfinite(high), 0.5 * (low + high), low)
    usual = np.where(chance > 1e-12, spent / np.maximum(chance, 1e-12), centre)
    return Class(chance, usual, usual, off * np.ones_like(chance))
