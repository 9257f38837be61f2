"""Members and their repeat purchases: who placed each order.

Each member buys at an own rate (gamma over members) until dropping out, which happens after a
purchase with an own probability (beta over members): the BG/NBD model of Fader, Hardie and Lee
(2005), conditional on how many orders each day has.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop, generator

INITIAL = 5200  # members on the first day
RATE_SHAPE = 1.0  # of the gamma distribution of purchase rates
DROPOUT = (0.75, 2.35)  # of the beta distribution of the dropout probability
ELSEWHERE = 0.06  # rate in channels other than the member's own, relative to it
NOBODY = -1


@dataclass(frozen=True, eq=False)
class Members:
    """One entry per member, in order of joining."""

    joined: Ints  # day number, negative before the first simulated day
    channel: Ints
    campaign: Ints  # that brought the member, -1 for none
    rate: Floats
    dropout: Floats
    alive: Flags  # still a customer after the last order


def assign_members(
    shop: Shop, day: Ints, channel: Ints, campaign: Ints, newcomer: Floats, cohort: Flags, seed: int
) -> tuple[Ints, Members]:
    """The member of every order (NOBODY for none), and all members.

    Orders are sorted by day. ``newcomer`` is the chance of a first-time customer; orders flagged in
    ``cohort`` belong to customers whom their campaign brought.
    """
    rng = generator(seed, "members")
    n = len(day)
    anonymous = np.array([c["anonymous"] for c in shop.channels.values()])[channel]
    drawn = rng.random(n)
    first = (drawn < newcomer) & ~cohort
    walk_in = (rng.random(n) < anonymous) & ~cohort & ~first
    owner = np.full(n, NOBODY)
    owner[first] = INITIAL + np.arange(first.sum())
    brought, brought_by = cohort_members(rng, campaign, cohort, INITIAL + int(first.sum()))
    owner[cohort] = brought
    size = np.array([c["lines_per_day"] for c in shop.channels.values()], dtype=np.float64)
    old = rng.choice(len(size), INITIAL, p=size / size.sum())
    home = np.concatenate([old, channel[first], np.zeros_like(brought_by)])
    home[owner[cohort]] = channel[cohort]
    rate = rng.gamma(RATE_SHAPE, 1.0, len(home))
    dropout = rng.beta(*DROPOUT, len(home))
    repeat = ~first & ~walk_in & ~cohort
    owner, alive = repeat_purchases(rng, day, channel, owner, repeat, first, home, rate, dropout)
    joined = joining_days(rng, shop, day, owner, len(home))
    source = np.full(len(home), NOBODY)
    source[owner[first]] = campaign[first]
    source[len(home) - len(brought_by) :] = brought_by
    return in_order_of_joining(owner, Members(joined, home, source, rate, dropout, alive))


def cohort_members(
    rng: np.random.Generator, campaign: Ints, cohort: Flags, first_number: int
) -> tuple[Ints, Ints]:
    """Members for the orders of campaign cohorts, two orders each on average; their campaigns."""
    owner = np.zeros(int(cohort.sum()), dtype=np.int64)
    campaigns = campaign[cohort]
    brought_by: list[int] = []
    for index in np.unique(campaigns):
        here = np.flatnonzero(campaigns == index)
        drawn = rng.integers(0, max(len(here) // 2, 1), len(here))
        used, position = np.unique(drawn, return_inverse=True)
        owner[here] = first_number + len(brought_by) + position
        brought_by += [int(index)] * len(used)
    return owner, np.array(brought_by, dtype=np.int64)


def repeat_purchases(
    rng: np.random.Generator,
    day: Ints,
    channel: Ints,
    owner: Ints,
    repeat: Flags,
    first: Flags,
    home: Ints,
    rate: Floats,
    dropout: Floats,
) -> tuple[Ints, Flags]:
    """Give every repeat order to a living member, in proportion to the members' rates."""
    owner, n_channels = owner.copy(), int(home.max()) + 1
    weights = np.where(home == np.arange(n_channels)[:, None], rate, rate * ELSEWHERE)
    alive = np.ones(len(home), dtype=bool)
    drawn, survival = rng.random(len(day)), rng.random(len(day))
    known = INITIAL
    edges = np.searchsorted(day, np.arange(day[-1] + 2))
    for start, stop in pairwise(edges):
        today = np.arange(start, stop)
        for number in range(n_channels):
            mine = today[repeat[today] & (channel[today] == number)]
            if len(mine):
                total = np.cumsum(weights[number, :known])
                owner[mine] = np.searchsorted(total, drawn[mine] * total[-1], side="right")
        buyers = today[owner[today] != NOBODY]
        gone = owner[buyers][survival[buyers] < dropout[owner[buyers]]]
        weights[:, gone] = 0.0
        alive[gone] = False
        known += int(first[today].sum())
    return owner, alive


def joining_days(
    rng: np.random.Generator, shop: Shop, day: Ints, owner: Ints, n_members: int
) -> Ints:
    """The day each member joined: that of the first order, or before the shop's records."""
    joined = np.full(n_members, shop.n_days)
    named = owner != NOBODY
    np.minimum.at(joined, owner[named], day[named])
    joined[:INITIAL] = -1 - np.floor(rng.exponential(330.0, INITIAL)).astype(np.int64) % 1500
    return joined


def in_order_of_joining(owner: Ints, members: Members) -> tuple[Ints, Members]:
    """Renumber the members by the day they joined."""
    order = np.argsort(members.joined, kind="stable")
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    renumbered = np.where(owner == NOBODY, NOBODY, position[owner])
    return renumbered, Members(
        members.joined[order],
        members.channel[order],
        members.campaign[order],
        members.rate[order],
        members.dropout[order],
        members.alive[order],
    )
