"""Order lines of the baseline: what would have been sold without any campaign."""

from dataclasses import dataclass, fields, replace

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Ints, Shop, generator

NONE = -1
# What a campaign did to a line.
ORDINARY, CONVERTED, AHEAD, WAITED, CROSSED, NEW, TRAIL, FAILED = range(8)


@dataclass(frozen=True, eq=False)
class Lines:
    """Order lines as equal-length arrays; amounts in cents (fen).

    A line can exist in both worlds: ``base_*`` says where the world without campaigns has it, and
    ``day``, ``channel``, ``discount`` where the real world has it. NONE: not in that world at all.
    """

    base_day: Ints
    base_channel: Ints
    base_discount: Ints
    day: Ints
    channel: Ints
    discount: Ints
    product: Ints
    quantity: Ints
    list_amount: Ints
    refund_share: Floats
    refund_days: Ints
    campaign: Ints
    role: Ints
    second: Ints
    confirm_after: Ints

    def __len__(self) -> int:
        return len(self.product)

    def take(self, which: Ints | Flags) -> "Lines":
        """The lines at these positions, or where a mask is true."""
        return Lines(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    def paid(self, world: str = "real") -> Ints:
        """Paid amount in cents in the "real" or the "base" world."""
        return self.list_amount - (self.discount if world == "real" else self.base_discount)

    def refund(self, world: str = "real") -> Ints:
        """Refund in cents, whenever it is paid out."""
        return np.rint(self.refund_share * self.paid(world)).astype(np.int64)


def join(parts: list[Lines]) -> Lines:
    """One table out of several."""
    return Lines(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Lines)}
    )


def product_share(shop: Shop) -> Floats:
    """Share of each product within its category (n_days, n_products); zero out of season."""
    weights = np.tile([product.weight for product in shop.products], (shop.n_days, 1))
    days = np.arange(shop.n_days)
    for column, product in enumerate(shop.products):
        if product.season:
            festival = shop.seasons["festivals"][product.season]
            first, last = festival["sell"]
            on_sale = np.zeros(shop.n_days)
            for when in festival["days"]:
                offset = days - shop.day(when)
                on_sale += np.interp(offset, [first, first + 20, last, last + 1], [0, 1, 1, 0])
            weights[:, column] *= on_sale
    category_of = shop.category_of()
    for category in range(len(shop.categories)):
        columns = category_of == category
        weights[:, columns] /= weights[:, columns].sum(axis=1, keepdims=True)
    return weights


def pick(rng: np.random.Generator, weights: Floats, rows: Ints) -> Ints:
    """One column per row number, drawn in proportion to that row of ``weights``."""
    cumulative = np.cumsum(weights, axis=1)
    drawn = rng.random(len(rows)) * cumulative[rows, -1]
    result = np.zeros(len(rows), dtype=np.int64)
    for column in range(weights.shape[1] - 1):
        result += drawn >= cumulative[rows, column]
    return result


def baseline_lines(shop: Shop, expected: Floats, available: Flags, seed: int) -> Lines:
    """Order lines of the world without campaigns, from expected lines and availability."""
    rng = generator(seed, "baseline")
    counts = rng.poisson(expected) * available
    n_channels, n_categories = counts.shape[1:]
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    day, rest = np.divmod(cell, n_channels * n_categories)
    channel, category = np.divmod(rest, n_categories)
    product = np.zeros(len(day), dtype=np.int64)
    share, category_of = product_share(shop), shop.category_of()
    for number in range(n_categories):
        here, columns = category == number, np.flatnonzero(category_of == number)
        product[here] = columns[pick(rng, share[:, columns], day[here])]
    lines = dress(shop, rng, day, channel, product)
    return replace(lines, base_day=day, base_channel=channel, base_discount=lines.discount)


def dress(shop: Shop, rng: np.random.Generator, day: Ints, channel: Ints, product: Ints) -> Lines:
    """Quantity, price, coupon and refund of lines on these days; absent in the base world."""
    n = len(day)
    none = np.full(n, NONE)
    quantity = pieces(shop, rng, product)
    list_amount = quantity * unit_price(shop, day, product)
    coupon = np.array([c["coupon"] for c in shop.channels.values()])[channel]
    cut = np.where(rng.random(n) < coupon, rng.integers(3, 11, n), 0)
    refunded = np.array([c["refund"] for c in shop.channels.values()])[channel]
    whole = rng.random(n) < 0.58
    share = np.where(whole, 1.0, rng.integers(2, 9, n) / 10)
    return Lines(
        base_day=none,
        base_channel=none,
        base_discount=np.zeros(n, dtype=np.int64),
        day=day,
        channel=channel,
        discount=list_amount * cut // 100,
        product=product,
        quantity=quantity,
        list_amount=list_amount,
        refund_share=np.where(rng.random(n) < refunded, share, 0.0),
        refund_days=1 + rng.geometric(0.16, n),
        campaign=none,
        role=np.zeros(n, dtype=np.int64),
        second=none,
        confirm_after=none,
    )


def pieces(shop: Shop, rng: np.random.Generator, product: Ints) -> Ints:
    """Pieces per line: a few, and now and then a company's bulk order of gift boxes."""
    category = shop.category_of()[product]
    more = np.array([c["more"] for c in shop.categories.values()])[category]
    quantity = 1 + rng.poisson(more)
    gift = category == list(shop.categories).index("礼盒")
    bulk = gift & (rng.random(len(product)) < 0.012)
    return np.where(bulk, rng.integers(8, 41, len(product)), quantity)


def unit_price(shop: Shop, day: Ints, product: Ints) -> Ints:
    """List price in cents on that day, after the price rise where there was one."""
    cents = np.array([round(p.price * 100) for p in shop.products])
    rise = shop.price_rise
    names = list(shop.categories)
    raised = np.array([names[p.category] in rise["categories"] for p in shop.products])
    later = np.where(
        raised, np.rint(cents * (1 + rise["rate"]) / 100).astype(np.int64) * 100, cents
    )
    return np.where(day >= shop.day(rise["date"]), later[product], cents[product])
