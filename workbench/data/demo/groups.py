"""Group-buy orders: complete groups of a fixed size, and groups that fail and are refunded."""

from dataclasses import replace

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop
from workbench.data.demo.lines import FAILED, NEW, TRAIL, Lines, join

DAY = 24 * 3600


def form_groups(
    shop: Shop, existing: Lines, new: Lines, size: int, failed: float, rng: np.random.Generator
) -> tuple[Lines, Lines]:
    """Baseline lines that joined the campaign, and its new lines, with the times of their groups.

    Lines of one day and product that do not fill a group are completed with copies of the last;
    ``failed`` groups per complete one are added with fewer than ``size`` members.
    """
    during, trail = new.take(new.role != TRAIL), new.take(new.role == TRAIL)
    everyone = join([existing, during])
    order = np.lexsort((rng.random(len(everyone)), everyone.product, everyone.day))
    starts = starts_of_runs(everyone.day[order] * len(shop.products) + everyone.product[order])
    lengths = np.diff(np.r_[starts, len(order)])
    missing = -lengths % size
    last_of_run = order[starts + lengths - 1]
    fill = copies(everyone.take(np.repeat(last_of_run, missing)))
    complete = join([everyone, fill])
    order = np.lexsort((np.arange(len(complete)), complete.product, complete.day))
    group = np.empty(len(complete), dtype=np.int64)
    group[order] = np.arange(len(complete)) // size
    second, confirm = group_times(shop, group, complete.channel, rng)
    complete = replace(complete, second=second, confirm_after=confirm)
    n = len(existing)
    parts = [complete.take(np.arange(n, len(complete))), trail]
    parts.append(failing(shop, complete, group, size, failed, rng))
    return complete.take(np.arange(n)), join(parts)


def copies(lines: Lines) -> Lines:
    """The same purchases by somebody else: new lines, absent from the base world."""
    none = np.full(len(lines), -1)
    return replace(
        lines,
        base_day=none,
        base_channel=none,
        base_discount=np.zeros(len(lines), dtype=np.int64),
        refund_share=np.zeros(len(lines)),
        role=np.full(len(lines), NEW),
    )


def failing(
    shop: Shop, complete: Lines, group: Ints, size: int, share: float, rng: np.random.Generator
) -> Lines:
    """Lines of groups that did not fill up: paid, then refunded in full when their time ran out."""
    first = np.flatnonzero(starts_mask(group))
    leaders = first[rng.random(len(first)) < share]
    members = rng.integers(1, size, len(leaders)) if size > 1 else np.zeros(len(leaders), dtype=int)
    lines = copies(complete.take(np.repeat(leaders, members)))
    number = np.repeat(np.arange(len(leaders)), members)
    second, _ = group_times(shop, number, lines.channel, rng)
    return replace(
        lines,
        role=np.full(len(lines), FAILED),
        refund_share=np.ones(len(lines)),
        refund_days=np.ones(len(lines), dtype=np.int64),
        second=second,
        confirm_after=np.full(len(lines), -1),
    )


def group_times(
    shop: Shop, group: Ints, channel: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Second of the day at which each member pays, and seconds from then to the full group."""
    n_groups = int(group.max()) + 1 if len(group) else 0
    hours: Floats = np.array([c["hours"] for c in shop.channels.values()], dtype=np.float64)
    chance = hours[int(channel[0])] / hours[int(channel[0])].sum() if len(channel) else None
    start = rng.choice(24, n_groups, p=chance) * 3600 + rng.integers(0, 3600, n_groups)
    window = np.ceil(rng.exponential(4 * 3600, n_groups)).astype(np.int64) + 60
    full = start + np.minimum(window, DAY)
    paid_until = np.minimum(full, DAY - 1)
    second = start[group] + (rng.random(len(group)) * (paid_until - start + 1)[group]).astype(
        np.int64
    )
    return second, full[group] - second


def starts_of_runs(sorted_values: Ints) -> Ints:
    """Positions at which a new value begins in a sorted array."""
    return np.flatnonzero(
        np.r_[True, sorted_values[1:] != sorted_values[:-1]][: len(sorted_values)]
    )


def starts_mask(values: Ints) -> Flags:
    """True at the first occurrence of each value."""
    mask = np.zeros(len(values), dtype=bool)
    mask[np.unique(values, return_index=True)[1]] = True
    return mask
