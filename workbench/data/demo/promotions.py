"""The campaigns of the demo shop, and what each does to the order lines of the baseline."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop, generator, read_yaml
from workbench.data.demo.groups import form_groups
from workbench.data.demo.lines import (
    AHEAD,
    CONVERTED,
    CROSSED,
    NEW,
    NONE,
    ORDINARY,
    TRAIL,
    WAITED,
    Lines,
    dress,
    join,
    pick,
    product_share,
)


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
class Demand:
    """Ordinary demand as the campaigns meet it: (n_days, n_channels, n_products) expected lines."""

    lines: Floats


def read_promotions(seed: int) -> tuple[Promotion, ...]:
    """The campaigns in order of start; how strongly each works varies with the seed."""
    raw = read_yaml("campaigns.yaml")
    rng = generator(seed, "promotions")
    promotions = []
    for position, entry in enumerate(sorted(raw["campaigns"], key=lambda entry: entry["start"])):
        values: dict[str, Any] = {**raw["kinds"][entry["kind"]], **entry}
        for name, factor in zip(
            ("uplift", "take_up", "ahead"), rng.standard_normal(3), strict=True
        ):
            values[name] = round(float(values[name] * np.exp(raw["spread"] * factor)), 4)
        values["take_up"] = min(values["take_up"], 0.95)
        values["goods"] = tuple(values.get("goods", ()))
        promotions.append(Promotion(number=f"C{position + 1:03d}", **values))
    return tuple(promotions)


def with_promotions(
    shop: Shop,
    baseline: Lines,
    expected: Floats,
    available: Flags,
    promotions: tuple[Promotion, ...],
    seed: int,
) -> Lines:
    """The order lines of both worlds: baseline lines moved, converted or kept, and new ones."""
    demand = (expected * available)[:, :, shop.category_of()] * product_share(shop)[:, None, :]
    timing = read_yaml("campaigns.yaml")
    lines, added = baseline, []
    for index, promotion in enumerate(promotions):
        rng = generator(seed, promotion.number)
        lines = reassign(shop, lines, promotion, index, timing, rng)
        new = new_lines(shop, demand, promotion, index, timing, rng)
        if promotion.group_size:
            member = (lines.campaign == index).nonzero()[0]
            grouped, new = form_groups(
                shop, lines.take(member), new, promotion.group_size, promotion.failed, rng
            )
            lines = replace(
                lines,
                second=put(lines.second, member, grouped.second),
                confirm_after=put(lines.confirm_after, member, grouped.confirm_after),
            )
        added.append(new)
    return join([lines, *added])


def in_scope(shop: Shop, promotion: Promotion) -> Flags:
    """Which products the campaign is about (n_products,)."""
    names = list(shop.categories)
    wanted = [not promotion.goods or names[p.category] in promotion.goods for p in shop.products]
    return np.array(wanted)


def reassign(
    shop: Shop,
    lines: Lines,
    promotion: Promotion,
    index: int,
    timing: dict[str, Any] | Any,
    rng: np.random.Generator,
) -> Lines:
    """Baseline lines that the campaign converts, or takes from other days or channels."""
    first, last = shop.day(promotion.start), shop.day(promotion.end)
    home = shop.channel(promotion.channel)
    free = (lines.role == ORDINARY) & in_scope(shop, promotion)[lines.product]
    candidates = np.flatnonzero(free & (lines.day >= first - 21) & (lines.day <= last + 42))
    day, channel = lines.day[candidates], lines.channel[candidates]
    inside, here = (day >= first) & (day <= last), channel == home
    ahead = promotion.ahead * min(1.0, (last - first + 1) / timing["full_days"])
    cases = [
        (CONVERTED, inside & here, np.full(len(day), promotion.take_up)),
        (CROSSED, inside & ~here, np.full(len(day), promotion.cross)),
        (AHEAD, (day > last) & here, ahead * np.exp(-(day - last) / timing["ahead_days"])),
        (
            WAITED,
            (day < first) & here,
            promotion.wait * np.exp(-(first - day) / timing["wait_days"]),
        ),
    ]
    drawn = rng.random(len(day))
    role = np.zeros(len(day), dtype=np.int64)
    for number, where, chance in cases:
        role[where & (drawn < chance)] = number
    chosen, role = candidates[role > 0], role[role > 0]
    moved_to = first + pick(
        rng, busy_days(last - first + 1)[None, :], np.zeros(len(chosen), dtype=np.int64)
    )
    stays = (role == CONVERTED) | (role == CROSSED)
    day = np.where(stays, lines.day[chosen], moved_to)
    cut = np.rint(lines.list_amount[chosen] * promotion.depth).astype(np.int64)
    return replace(
        lines,
        day=put(lines.day, chosen, day),
        channel=put(lines.channel, chosen, home),
        discount=put(lines.discount, chosen, np.maximum(cut, lines.discount[chosen])),
        campaign=put(lines.campaign, chosen, index),
        role=put(lines.role, chosen, role),
    )


def new_lines(
    shop: Shop,
    demand: Floats,
    promotion: Promotion,
    index: int,
    timing: dict[str, Any] | Any,
    rng: np.random.Generator,
) -> Lines:
    """Lines that exist only because of the campaign, and later ones by the customers it brought."""
    first, last = shop.day(promotion.start), shop.day(promotion.end)
    home = shop.channel(promotion.channel)
    n_days = last - first + 1
    wanted = demand[first : last + 1, home, :] * in_scope(shop, promotion) * promotion.uplift
    counts = rng.poisson(wanted * (busy_days(n_days) * n_days)[:, None])
    day, product = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    day = day + first
    during = dress(shop, rng, day, np.full(len(day), home), product)
    cut = np.rint(during.list_amount * promotion.depth).astype(np.int64)
    during = replace(
        during,
        discount=np.maximum(cut, during.discount),
        campaign=np.full(len(day), index),
        role=np.full(len(day), NEW),
    )
    later = (
        last + 1 + rng.exponential(timing["trail_days"], rng.poisson(promotion.trail * len(day)))
    )
    later = np.floor(later).astype(np.int64)
    later = later[later < shop.n_days]
    later = later[demand[later, home, :].sum(axis=1) > 0]
    trail = dress(shop, rng, later, np.full(len(later), home), pick(rng, demand[:, home, :], later))
    trail = replace(trail, campaign=np.full(len(later), index), role=np.full(len(later), TRAIL))
    return join([during, trail])


def busy_days(n_days: int) -> Floats:
    """How a campaign's orders spread over its days: busiest on the first and the last."""
    position = np.arange(n_days) / max(n_days - 1, 1)
    weight = (
        0.75 + 0.9 * np.exp(-position * n_days / 1.6) + 0.8 * np.exp(-(1 - position) * n_days / 1.6)
    )
    return np.asarray(weight / weight.sum())


def put(values: Ints, positions: Ints, new: Ints | int) -> Ints:
    """A copy of ``values`` with some of them replaced."""
    changed = values.copy()
    changed[positions] = new
    return changed


def commission(promotion: Promotion, lines: Lines, index: int) -> int:
    """Commission in cents on what was paid and kept under the campaign."""
    of_campaign = (lines.campaign == index) & (lines.role != TRAIL) & (lines.day != NONE)
    kept = (lines.paid() - lines.refund())[of_campaign].sum()
    return round(float(kept) * promotion.commission)
