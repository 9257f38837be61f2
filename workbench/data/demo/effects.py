"""What each campaign does to the order lines of the baseline, and which it adds."""

from dataclasses import replace

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop, generator
from workbench.data.demo.groups import form_groups
from workbench.data.demo.lines import (
    AHEAD,
    CONVERTED,
    CROSSED,
    NEW,
    ORDINARY,
    TRAIL,
    WAITED,
    Lines,
    dress,
    join,
    pick,
    product_share,
)
from workbench.data.demo.promotions import Promotion, Stage, stages

BEFORE, AFTER = 21, 42  # days around a campaign from which it can take purchases


def with_promotions(
    shop: Shop,
    baseline: Lines,
    expected: Floats,
    available: Flags,
    promotions: tuple[Promotion, ...],
    seed: int,
) -> Lines:
    """The order lines of both worlds: baseline lines moved, converted or kept, and new ones.

    A baseline line belongs to one campaign at most, so that effects add up.
    """
    demand = (expected * available)[:, :, shop.category_of()] * product_share(shop)[:, None, :]
    lines, added = baseline, []
    for stage in stages(shop, promotions):
        rng = generator(seed, stage.promotion.number)
        lines = reassign(lines, stage, rng)
        new = new_lines(shop, demand, stage, rng)
        size = stage.promotion.group_size
        if size:
            members = np.flatnonzero(lines.campaign == stage.index)
            joined = lines.take(members)
            joined, new = form_groups(shop, joined, new, size, stage.promotion.failed, rng)
            lines = replace(
                lines,
                second=put(lines.second, members, joined.second),
                confirm_after=put(lines.confirm_after, members, joined.confirm_after),
            )
        added.append(new)
    return join([lines, *added])


def reassign(lines: Lines, stage: Stage, rng: np.random.Generator) -> Lines:
    """Baseline lines that the campaign converts, or takes from other days or channels."""
    near = (lines.day >= stage.first - BEFORE) & (lines.day <= stage.last + AFTER)
    free = (lines.role == ORDINARY) & stage.goods[lines.product]
    candidates = np.flatnonzero(near & free)
    role = roles(lines.day[candidates], lines.channel[candidates], stage, rng)
    chosen, role = candidates[role > 0], role[role > 0]
    when = pick(rng, busy_days(stage.n_days)[None, :], np.zeros_like(chosen))
    stays = (role == CONVERTED) | (role == CROSSED)
    cut = np.rint(lines.list_amount[chosen] * stage.promotion.depth).astype(np.int64)
    return replace(
        lines,
        day=put(lines.day, chosen, np.where(stays, lines.day[chosen], stage.first + when)),
        channel=put(lines.channel, chosen, stage.home),
        discount=put(lines.discount, chosen, np.maximum(cut, lines.discount[chosen])),
        campaign=put(lines.campaign, chosen, stage.index),
        role=put(lines.role, chosen, role),
    )


def roles(day: Ints, channel: Ints, stage: Stage, rng: np.random.Generator) -> Ints:
    """What the campaign does to lines of its goods on these days; ORDINARY where nothing."""
    of = stage.promotion
    inside, here = (day >= stage.first) & (day <= stage.last), channel == stage.home
    ahead = of.ahead * min(1.0, stage.n_days / of.full_days)
    later, sooner = np.maximum(day - stage.last, 0), np.maximum(stage.first - day, 0)
    cases = (
        (CONVERTED, inside & here, of.take_up),
        (CROSSED, inside & ~here, of.cross),
        (AHEAD, (later > 0) & here, ahead * np.exp(-later / of.ahead_days)),
        (WAITED, (sooner > 0) & here, of.wait * np.exp(-sooner / of.wait_days)),
    )
    drawn, role = rng.random(len(day)), np.full(len(day), ORDINARY)
    for number, where, chance in cases:
        role = np.where(where & (drawn < chance), number, role)
    return role


def new_lines(shop: Shop, demand: Floats, stage: Stage, rng: np.random.Generator) -> Lines:
    """Lines that exist only because of the campaign, on its days and after them.

    ``demand``: expected ordinary lines (n_days, n_channels, n_products).
    """
    of, here = stage.promotion, demand[:, stage.home, :]
    wanted = here[stage.first : stage.last + 1] * stage.goods * of.uplift
    counts = rng.poisson(wanted * (busy_days(stage.n_days) * stage.n_days)[:, None])
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    day, product = np.divmod(cell, counts.shape[1])
    during = dress(shop, rng, stage.first + day, np.full_like(day, stage.home), product)
    cut = np.rint(during.list_amount * of.depth).astype(np.int64)
    during = replace(during, discount=np.maximum(cut, during.discount))
    delay = rng.exponential(of.trail_days, rng.poisson(of.trail * len(day)))
    later = stage.last + 1 + delay.astype(np.int64)
    later = later[later < shop.n_days]
    later = later[here[later].sum(axis=1) > 0]
    trail = dress(shop, rng, later, np.full_like(later, stage.home), pick(rng, here, later))
    return join([marked(during, stage, NEW), marked(trail, stage, TRAIL)])


def marked(lines: Lines, stage: Stage, role: int) -> Lines:
    """The lines as lines of the campaign."""
    return replace(
        lines, campaign=np.full_like(lines.day, stage.index), role=np.full_like(lines.day, role)
    )


def busy_days(n_days: int) -> Floats:
    """How a campaign's orders spread over its days: busiest on the first and the last.

    >>> busy_days(4).round(3)
    array([0.279, 0.23 , 0.226, 0.266])
    """
    day = np.arange(n_days)
    weight = 0.75 + 0.9 * np.exp(-day / 1.6) + 0.8 * np.exp(-(n_days - 1 - day) / 1.6)
    return np.asarray(weight / weight.sum())


def put(values: Ints, positions: Ints, new: Ints | int) -> Ints:
    """A copy of ``values`` with some of them replaced.

    >>> put(np.array([1, 2, 3]), np.array([0, 2]), 9)
    array([9, 2, 9])
    """
    changed = values.copy()
    changed[positions] = new
    return changed
