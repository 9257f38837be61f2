"""Taking the gap of one unit apart, exactly: price, volume, mix; traffic, conversion, basket.

Both compare with the same days a year before, scaled to what is due: the target asks for last
year's prices and assortment at a higher volume, or for last year's conversion and basket at a
higher traffic. What that growth asks for and did not come is volume, or traffic.
"""

import numpy as np

from workbench.target.curve import Floats

NEAR = 1e-4


def price_volume_mix(
    pieces: Floats, sales: Floats, pieces_before: Floats, sales_before: Floats, *, due: float
) -> dict[str, float] | None:
    """Σ sales − due in three parts, from arrays by product.

    ``volume``: more or fewer pieces than due, at the average price of a year before; ``mix``: more
    or fewer of the dearer products; ``price``: what was paid per piece, less refunds where sales
    are net. A product that is new counts with its present price, so it changes the mix and not
    the price. (Sales-mix and sales-price variances as in Horngren, Cost Accounting, ch. 14.)

    None where nothing was sold a year before.

    >>> one = np.array
    >>> price_volume_mix(one([90.0, 20]), one([990.0, 800]), one([80.0, 20]), one([800.0, 800]),
    ...     due=2000.0)
    {'price': 90.0, 'volume': -240.0, 'mix': -60.0}
    """
    all_before, money_before = float(pieces_before.sum()), float(sales_before.sum())
    if all_before <= 0 or money_before <= 0:
        return None
    average = money_before / all_before
    now = _ratio(sales, pieces, average)
    before = np.where(pieces_before > 0, _ratio(sales_before, pieces_before, average), now)
    growth = due / money_before
    bought = float(pieces.sum())
    return {
        "price": float(sales.sum() - pieces @ before),
        "volume": float((bought - growth * all_before) * average),
        "mix": float(pieces @ before - bought * average),
    }


def traffic_conversion_basket(
    now: tuple[float, float, float], before: tuple[float, float, float], *, due: float
) -> dict[str, float] | None:
    """Sales − due in three parts, from (visitors, orders, sales) now and a year before.

    The logarithm of the ratio sales ÷ due is the sum of three logarithms: of visitors (against a
    year before, scaled to what is due), of orders per visitor and of sales per order; each weighs
    as the logarithmic mean of sales and due. Exact, without a rest, and the same in whatever order
    the three are taken (log-mean Divisia index: Ang 2004, Energy Policy 32, 1131–1139).

    None where one of the amounts is zero or less.

    >>> parts = traffic_conversion_basket((900, 54, 8100.0), (1000, 50, 7000.0), due=7700.0)
    >>> {name: round(amount) for name, amount in parts.items()}
    {'traffic': -1585, 'conversion': 1440, 'basket': 545}
    """
    if min(*now, *before, due) <= 0:
        return None
    visitors, orders, sales = now
    visitors_before, orders_before, sales_before = before
    weight = float(log_mean(np.array([sales]), np.array([due]))[0])
    growth = due / sales_before
    ratios = {
        "traffic": visitors / (visitors_before * growth),
        "conversion": (orders / visitors) / (orders_before / visitors_before),
        "basket": (sales / orders) / (sales_before / orders_before),
    }
    return {name: weight * float(np.log(ratio)) for name, ratio in ratios.items()}


def log_mean(a: Floats, b: Floats) -> Floats:
    """The logarithmic mean of positive amounts: (a − b) ÷ ln(a ÷ b), and a where they agree.

    >>> log_mean(np.array([4.0, 5.0]), np.array([1.0, 5.0])).round(3).tolist()
    [2.164, 5.0]
    """
    x = np.log(a) - np.log(b)
    # Near agreement the quotient loses its digits; the series of (eˣ − 1) ÷ x has them.
    near = np.abs(x) < NEAR
    series = b * (1 + np.where(near, x, 0.0) * (1 / 2 + np.where(near, x, 0.0) / 6))
    return np.asarray(np.where(near, series, (a - b) / np.where(near, 1.0, x)))


def _ratio(amounts: Floats, pieces: Floats, otherwise: float) -> Floats:
    some = pieces > 0
    out = np.full(len(pieces), otherwise)
    return np.asarray(np.divide(amounts, pieces, out=out, where=some))
