"""The order list of the real world to the as-of date: lines put into orders, with times."""

from dataclasses import dataclass, fields

import numpy as np

from workbench.data.demo.catalogue import Flags, Ints, Shop, generator
from workbench.data.demo.lines import FAILED, NEW, NONE, TRAIL, Lines, pick
from workbench.data.demo.members import Members, assign_members
from workbench.data.demo.promotions import Promotion
from workbench.data.demo.staff import assign_staff, assign_stores

HOUR = 3600
DAY = 24 * HOUR
NEW_ORDER = 0.66  # chance that the next line begins another order
UNPAID = 0.025  # orders that are never paid, relative to paid ones, where one pays later
LAST_UNPAID = 14  # orders still awaiting payment at the end of the as-of date
AWAITING_PAYMENT, AWAITING_GROUP, PAID, SHIPPED, COMPLETED, CLOSED = range(6)
STATUSES = ("awaiting_payment", "awaiting_group", "paid", "shipped", "completed", "closed")
NO_REFUND, PARTIAL, FULL = range(3)
REFUND_STATES = ("none", "partial", "full")


@dataclass(frozen=True, eq=False)
class Orders:
    """One entry per order line; times in seconds since day 0, NONE where it has not happened."""

    order: Ints  # position of the order, the same for all of its lines
    day: Ints  # of the order's payment, or of placing it where it was not paid
    channel: Ints
    store: Ints
    person: Ints
    member: Ints
    product: Ints
    quantity: Ints
    amount: Ints  # paid, in cents
    discount: Ints  # cents
    refund: Ints  # cents paid back by the end of the as-of date
    campaign: Ints
    placed: Ints
    paid: Ints
    confirmed: Ints
    refunded: Ints
    status: Ints
    refund_state: Ints

    def __len__(self) -> int:
        return len(self.order)

    def take(self, which: Ints) -> "Orders":
        """The lines at these positions."""
        return Orders(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


def make_orders(
    shop: Shop, both_worlds: Lines, promotions: tuple[Promotion, ...], seed: int
) -> tuple[Orders, Members]:
    """What an export shows at the end of the as-of date, sorted by the time placed."""
    rng = generator(seed, "orders")
    happened = (both_worlds.day >= 0) & (both_worlds.day <= shop.last)
    lines, starts = group_lines(shop, both_worlds.take(happened), promotions, rng)
    order, lead = np.cumsum(starts) - 1, np.flatnonzero(starts)
    day, channel = lines.day[lead], lines.channel[lead]
    store = assign_stores(shop, day, channel, rng)
    member, members = order_members(shop, lines.take(lead), promotions, seed)
    paid = day * DAY + pay_seconds(shop, lines.take(lead), rng)
    placed = np.maximum(paid - pay_delay(shop, lines.take(lead), rng), day * DAY * (store >= 0))
    confirmed = np.where(lines.confirm_after >= 0, paid[order] + lines.confirm_after, NONE)
    refund_state, refund, refunded = refunds(shop, lines, paid[order], rng)
    confirmed = np.where(confirmed < end(shop), confirmed, NONE)
    made = Orders(
        order=order,
        day=lines.day,
        channel=lines.channel,
        store=store[order],
        person=assign_staff(shop, day, channel, store, rng)[order],
        member=member[order],
        product=lines.product,
        quantity=lines.quantity,
        amount=lines.paid(),
        discount=lines.discount,
        refund=refund,
        campaign=seen_campaign(lines, promotions),
        placed=placed[order],
        paid=paid[order],
        confirmed=confirmed,
        refunded=refunded,
        status=statuses(shop, lines, order, paid, confirmed, refund_state == FULL),
        refund_state=refund_state,
    )
    return in_order_of_time(made, unpaid_orders(shop, made, rng)), members


def end(shop: Shop) -> int:
    """The second at which the as-of date is over."""
    return (shop.last + 1) * DAY


def group_lines(
    shop: Shop, lines: Lines, promotions: tuple[Promotion, ...], rng: np.random.Generator
) -> tuple[Lines, Flags]:
    """Lines sorted by day, channel and order, and where a new order starts.

    Lines of group-buys, of customers an advertisement brought and of follow-up purchases are orders
    by themselves; a product stands in an order once.
    """
    alone = (lines.second >= 0) | (lines.role == TRAIL) | of_advertising(lines, promotions)
    key = (lines.day * len(shop.channels) + lines.channel) * 2 + alone
    sequence = np.lexsort((rng.random(len(lines)), key))
    key, alone = key[sequence], alone[sequence]
    starts = np.r_[True, key[1:] != key[:-1]] | alone | (rng.random(len(lines)) < NEW_ORDER)
    order = np.cumsum(starts) - 1
    repeated = np.ones(len(lines), dtype=bool)
    pair = order * len(shop.products) + lines.product[sequence]
    repeated[np.unique(pair, return_index=True)[1]] = False
    apart = np.lexsort((repeated, order))
    return lines.take(sequence[apart]), (starts | repeated)[apart]


def of_advertising(lines: Lines, promotions: tuple[Promotion, ...]) -> Flags:
    """Lines of customers whom follower advertising brought."""
    numbers = [i for i, promotion in enumerate(promotions) if promotion.kind == "follower_ads"]
    return np.isin(lines.campaign, numbers)


def seen_campaign(lines: Lines, promotions: tuple[Promotion, ...]) -> Ints:
    """The campaign that the order list names; it does not see which orders an advertisement or a
    past campaign led to."""
    unseen = (lines.role == TRAIL) | of_advertising(lines, promotions)
    return np.where(unseen, NONE, lines.campaign)


def order_members(
    shop: Shop, lead: Lines, promotions: tuple[Promotion, ...], seed: int
) -> tuple[Ints, Members]:
    """The member of each order (from its first line), and all members."""
    usual = np.array([channel["new"] for channel in shop.channels.values()])[lead.channel]
    brought = np.array([promotion.newcomers for promotion in promotions])[lead.campaign]
    newcomer = np.select([lead.role == NEW, lead.role == TRAIL], [brought, 0.0], usual)
    cohort = of_advertising(lead, promotions)
    return assign_members(shop, lead.day, lead.channel, lead.campaign, newcomer, cohort, seed)


def pay_seconds(shop: Shop, lead: Lines, rng: np.random.Generator) -> Ints:
    """Second of the day at which each order is paid; group-buys have theirs already."""
    hours = np.array([c["hours"] for c in shop.channels.values()], dtype=np.float64)
    drawn = pick(rng, hours, lead.channel) * HOUR + rng.integers(0, HOUR, len(lead))
    return np.where(lead.second >= 0, lead.second, drawn)


def pay_delay(shop: Shop, lead: Lines, rng: np.random.Generator) -> Ints:
    """Seconds from placing an order to paying it: minutes, now and then hours; none in a store."""
    quick = rng.exponential(150.0, len(lead))
    slow = rng.exponential(5.0 * HOUR, len(lead))
    delay = 5 + np.where(rng.random(len(lead)) < 0.03, slow, quick)
    in_store = np.array([not has_cart(shop, name) for name in shop.channel_names])[lead.channel]
    return np.where(in_store, 0, delay).astype(np.int64)


def has_cart(shop: Shop, channel: str) -> bool:
    """Whether customers of the channel place an order before they pay."""
    return not any(person.store for person in shop.staff if person.channel == channel)


def refunds(
    shop: Shop, lines: Lines, paid: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """State, cents and time of the refunds that were paid back by the end of the as-of date."""
    clock = rng.integers(9 * HOUR, 21 * HOUR, len(lines))
    later = (lines.day + lines.refund_days) * DAY + clock
    when = np.where(lines.role == FAILED, paid + DAY, later)
    done = (lines.refund_share > 0) & (when < end(shop))
    state = np.where(done, np.where(lines.refund_share == 1.0, FULL, PARTIAL), NO_REFUND)
    return state, np.where(done, lines.refund(), 0), np.where(done, when, NONE)


def statuses(
    shop: Shop, lines: Lines, order: Ints, paid: Ints, confirmed: Ints, full: Flags
) -> Ints:
    """State of each line's order: closed when everything in it was refunded."""
    age = (end(shop) - paid[order]) / DAY
    shipped = np.where(age < 1.3, PAID, np.where(age < 8.0, SHIPPED, COMPLETED))
    cart = np.array([has_cart(shop, name) for name in shop.channel_names])[lines.channel]
    status = np.where(cart, shipped, COMPLETED)
    waiting = (lines.second >= 0) & (confirmed == NONE)
    status = np.where(waiting, AWAITING_GROUP, status)
    kept = np.bincount(order, weights=~full)
    return np.where(kept[order] == 0, CLOSED, status)


def unpaid_orders(shop: Shop, orders: Orders, rng: np.random.Generator) -> Orders:
    """Carts that were left: copies of single orders placed some time before, closed unpaid.

    The last few of the as-of date are still awaiting payment.
    """
    cart = np.array([has_cart(shop, name) for name in shop.channel_names])[orders.channel]
    first = np.r_[True, orders.order[1:] != orders.order[:-1]] & cart & (orders.confirmed == NONE)
    candidates = np.flatnonzero(first & (orders.status != AWAITING_GROUP))
    closed = candidates[rng.random(len(candidates)) < UNPAID]
    today = candidates[orders.day[candidates] == shop.last]
    waiting = rng.choice(today, min(LAST_UNPAID, len(today)), replace=False)
    chosen = np.concatenate([closed, waiting])
    late = np.arange(len(chosen)) >= len(closed)
    earlier = orders.placed[chosen] - rng.integers(60, 4 * HOUR, len(chosen))
    last_hours = end(shop) - rng.integers(20, 2 * HOUR, len(chosen))
    placed = np.maximum(np.where(late, last_hours, earlier), 0)
    template, nothing = orders.take(chosen), np.full(len(chosen), NONE)
    return Orders(
        **{
            **{f.name: getattr(template, f.name) for f in fields(Orders)},
            "order": orders.order[-1] + 1 + np.arange(len(chosen)),
            "day": placed // DAY,
            "amount": np.zeros_like(nothing),
            "refund": np.zeros_like(nothing),
            "campaign": nothing,
            "discount": np.zeros_like(nothing),
            "placed": placed,
            "paid": nothing,
            "refunded": nothing,
            "status": np.where(late, AWAITING_PAYMENT, CLOSED),
            "refund_state": np.full(len(chosen), NO_REFUND),
        }
    )


def in_order_of_time(*parts: Orders) -> Orders:
    """All lines sorted by the time their order was placed, orders renumbered in that order."""
    together = Orders(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Orders)}
    )
    sequence = np.lexsort((together.order, together.placed))
    together = together.take(sequence)
    starts = np.r_[True, together.order[1:] != together.order[:-1]]
    return Orders(
        **{
            **{f.name: getattr(together, f.name) for f in fields(Orders)},
            "order": np.cumsum(starts) - 1,
        }
    )
