"""Group-buy orders: complete groups of a fixed size, and groups that fail and are refunded."""

from dataclasses import replace

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop
from workbench.data.demo.lines import FAILED, NEW, TRAIL, Lines, join, pick

HOUR = 3600
DAY = 24 * HOUR


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
    second, confirm = group_times(shop, complete, group, rng)
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
    second, _ = group_times(shop, lines, number, rng)
    return replace(
        lines,
        role=np.full(len(lines), FAILED),
        refund_share=np.ones(len(lines)),
        refund_days=np.ones(len(lines), dtype=np.int64),
        second=second,
        confirm_after=np.full(len(lines), -1),
    )


def group_times(
    shop: Shop, lines: Lines, group: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Second of the day at which each member pays, and seconds from then to the full group.

    Groups fill up on the day they start; on the as-of date some are still waiting at midnight.
    """
    n_groups = int(group.max(initial=-1)) + 1
    hours: Floats = np.array([c["hours"] for c in shop.channels.values()], dtype=np.float64)
    leader = np.zeros(n_groups, dtype=np.int64)
    leader[group] = np.arange(len(lines))
    start = pick(rng, hours, lines.channel[leader]) * HOUR + rng.integers(0, HOUR, n_groups)
    full = start + 60 + rng.exponential(4.0 * HOUR, n_groups).astype(np.int64)
    today = np.minimum(full, DAY - 1)
    full = np.where(lines.day[leader] == shop.last, full, today)
    elapsed = rng.random(len(group)) * (today - start + 1)[group]
    second = start[group] + elapsed.astype(np.int64)
    return second, full[group] - second


def starts_of_runs(sorted_values: Ints) -> Ints:
    """Positions at which a new value begins in a sorted array.

    >>> starts_of_runs(np.array([4, 4, 7, 9, 9]))
    array([0, 2, 3])
    """
    return np.flatnonzero(
        np.r_[True, sorted_values[1:] != sorted_values[:-1]][: len(sorted_values)]
    )


def starts_mask(values: Ints) -> Flags:
    """True at the first occurrence of each value.

    >>> starts_mask(np.array([5, 3, 5]))
    array([ True,  True, False])
    """
    mask = np.zeros(len(values), dtype=bool)
    mask[np.unique(values, return_index=True)[1]] = True
    return mask
