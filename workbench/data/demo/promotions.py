"""The campaigns of the demo shop, with the true strength of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from workbench.data.demo.catalogue import Flags, Shop, generator, read_yaml

VARIED = ("uplift", "take_up", "ahead")  # parameters that differ from seed to seed


@dataclass(frozen=True)
class Promotion:
    """One campaign with its true parameters (``campaigns.yaml`` explains each)."""

    number: str
    name: str
    kind: str
    channel: str
    start: date
    end: date
    uplift: float
    take_up: float
    ahead: float
    wait: float
    cross: float
    trail: float
    newcomers: float
    depth: float
    commission: float
    cost: float
    ahead_days: float
    full_days: float
    wait_days: float
    trail_days: float
    goods: tuple[str, ...] = ()
    form: str = ""
    group_size: int = 0
    failed: float = 0.0
    followers: int = 0

    def status(self, as_of: date) -> str:
        """Whether the campaign is done, running or planned on that day."""
        if self.end <= as_of:
            return "done"
        return "running" if self.start <= as_of else "planned"


@dataclass(frozen=True, eq=False)
class Stage:
    """A campaign in the shop's counting: its number, days (both included), channel, goods."""

    promotion: Promotion
    index: int
    first: int
    last: int
    home: int
    goods: Flags  # (n_products,)

    @property
    def n_days(self) -> int:
        """How long the campaign runs."""
        return self.last - self.first + 1


def read_promotions(seed: int) -> tuple[Promotion, ...]:
    """The campaigns in order of start; how strongly each works varies with the seed.

    >>> first = read_promotions(0)[0]
    >>> first.number, first.name, first.kind
    ('C001', '2023七夕坚果拼团', 'group_buy')
    """
    raw = read_yaml("campaigns.yaml")
    rng = generator(seed, "promotions")
    promotions = []
    for position, entry in enumerate(sorted(raw["campaigns"], key=lambda entry: entry["start"])):
        values: dict[str, Any] = {**raw["timing"], **raw["kinds"][entry["kind"]], **entry}
        for name, factor in zip(VARIED, rng.standard_normal(len(VARIED)), strict=True):
            values[name] = round(float(values[name] * np.exp(raw["spread"] * factor)), 4)
        values["take_up"] = min(values["take_up"], 0.95)
        values["goods"] = tuple(values.get("goods", ()))
        promotions.append(Promotion(number=f"C{position + 1:03d}", **values))
    return tuple(promotions)


def stages(shop: Shop, promotions: tuple[Promotion, ...]) -> tuple[Stage, ...]:
    """Each campaign as the shop's arrays count it."""
    names = list(shop.categories)
    return tuple(
        Stage(
            promotion=one,
            index=index,
            first=shop.day(one.start),
            last=shop.day(one.end),
            home=shop.channel(one.channel),
            goods=np.array(
                [not one.goods or names[p.category] in one.goods for p in shop.products]
            ),
        )
        for index, one in enumerate(promotions)
    )
