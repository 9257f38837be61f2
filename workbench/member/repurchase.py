"""What members will buy in a stretch of weeks, by segment, as equally likely futures.

Three kinds of doubt: how well the model is known (its parameters are drawn from their normal
distribution), what each member happens to do, and how far the whole model was off in earlier
stretches (a common factor): season and campaigns are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.member.buying import (
    Buying,
    alive,
    expected_orders,
    fit_buying,
    orders_given,
    simulate_orders,
)
from workbench.member.purchases import Purchases, summarise_purchases
from workbench.member.segments import SEGMENTS
from workbench.member.spending import Spending, expected_spend

Floats = NDArray[np.float64]

PARAMETER_DRAWS = 50
MOST_SIMULATED = 20_000
REPEATS = 40
LARGEST_SHOCK = 1.0


@dataclass(frozen=True, eq=False)
class Repurchase:
    """Orders and sales of members in the weeks ahead.

    Attributes:
        segments: names, in the order of the columns.
        weeks: length of the stretch.
        orders, sales: (n_paths, segments).
        table: index segment; members, alive (mean chance), orders and sales with p10, p50, p90.
        shock: standard deviation of the common factor's logarithm.
    """

    segments: tuple[str, ...]
    weeks: float
    orders: Floats
    sales: Floats
    table: pd.DataFrame
    shock: float


def repurchase(
    buying: Buying,
    spending: Spending,
    purchases: Purchases,
    segments: "pd.Series[str]",
    *,
    weeks: float,
    shift: float = 0.0,
    shock: float = 0.0,
    n_paths: int = 2000,
    seed: int = 0,
) -> Repurchase:
    """Futures of every segment's orders and sales in the next ``weeks`` weeks.

    ``shift`` and ``shock`` are what the model's totals were off before, on average and around it,
    in logarithms (``learnt_error``).
    """
    rng = np.random.default_rng(seed)
    present = set(segments)
    names = tuple(name for name in SEGMENTS if name in present)
    place = np.array([names.index(name) for name in segments])
    spend = expected_spend(spending, purchases)
    mean_orders, mean_sales = _by_parameters(buying, purchases, place, spend, weeks, rng=rng)
    noise_orders, noise_sales = _by_chance(
        buying, spending, purchases, place, spend, weeks, rng=rng
    )
    drawn = rng.integers(0, len(mean_orders), n_paths)
    moved = np.clip(shift, -LARGEST_SHOCK, LARGEST_SHOCK)
    common = np.exp(moved + min(shock, LARGEST_SHOCK) * rng.standard_normal(n_paths))[:, None]
    chance = rng.standard_normal((n_paths, len(names)))
    orders = np.maximum(common * mean_orders[drawn] + np.sqrt(common) * noise_orders * chance, 0.0)
    sales = np.maximum(common * mean_sales[drawn] + np.sqrt(common) * noise_sales * chance, 0.0)
    here = alive(buying, purchases)
    table = pd.DataFrame(
        {
            "members": np.bincount(place, minlength=len(names)),
            "alive": np.bincount(place, here, len(names))
            / np.bincount(place, minlength=len(names)),
        },
        index=pd.Index(names, name="segment"),
    )
    for what, values in (("orders", orders), ("sales", sales)):
        for level in (10, 50, 90):
            table[f"{what}_p{level}"] = np.quantile(values, level / 100, axis=0)
    return Repurchase(names, weeks, orders, sales, table, shock)


def _by_parameters(
    buying: Buying,
    purchases: Purchases,
    place: NDArray[np.intp],
    spend: Floats,
    weeks: float,
    *,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """(draws, segments) expected orders and sales under parameters as likely as they are."""
    rows = np.stack([purchases.repeats, purchases.recency, purchases.age], axis=1)
    alike, at = np.unique(np.round(rows, 4), axis=0, return_inverse=True)
    some = Purchases(
        (), alike[:, 0], alike[:, 1], alike[:, 2], alike[:, 0], alike[:, 0], purchases.as_of
    )
    n_segments = int(place.max()) + 1
    cell = place * len(alike) + at.ravel()
    size = n_segments * len(alike)
    counts = np.bincount(cell, minlength=size).reshape(n_segments, -1)
    worth = np.bincount(cell, spend, size).reshape(n_segments, -1)
    root = _root(buying.covariance)
    orders, sales = [], []
    for _ in range(PARAMETER_DRAWS):
        logs = np.clip(buying.logs + root @ rng.standard_normal(4), -7.0, 8.0)
        said = np.nan_to_num(orders_given(logs, some, weeks, from_first=buying.from_first))
        orders.append(counts @ said)
        sales.append(worth @ said)
    # Centred on the best fit: the mean over drawn parameters is a little above it.
    best = expected_orders(buying, some, weeks)
    found = np.array(orders), np.array(sales)
    wanted = counts @ best, worth @ best
    shift = [
        target / np.maximum(drawn.mean(axis=0), 1e-12)
        for drawn, target in zip(found, wanted, strict=True)
    ]
    return found[0] * shift[0], found[1] * shift[1]


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0.0, 0.5)))


def _by_chance(
    buying: Buying,
    spending: Spending,
    purchases: Purchases,
    place: NDArray[np.intp],
    spend: Floats,
    weeks: float,
    *,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """(segments,) standard deviations of orders and sales by what members happen to do."""
    n, chosen = len(purchases), np.arange(len(purchases))
    if n > MOST_SIMULATED:
        chosen = np.sort(rng.choice(n, MOST_SIMULATED, replace=False))
    mask = np.zeros(n, dtype=bool)
    mask[chosen] = True
    some, here, each = purchases.only(mask), place[mask], spend[mask]
    n_segments = int(place.max()) + 1
    orders = np.empty((REPEATS, n_segments))
    sales = np.empty((REPEATS, n_segments))
    for at in range(REPEATS):
        count = simulate_orders(buying, some, weeks, rng=rng)
        # The sum of a member's orders, each gamma with shape p around the member's mean.
        paid = np.where(count > 0, rng.gamma(np.maximum(spending.p * count, 1e-9)), 0.0)
        orders[at] = np.bincount(here, count, n_segments)
        sales[at] = np.bincount(here, paid * each / spending.p, n_segments)
    larger = np.sqrt(n / len(some))
    return orders.std(axis=0, ddof=1) * larger, sales.std(axis=0, ddof=1) * larger


def past_error(
    rows: pd.DataFrame,
    *,
    as_of: object,
    weeks: float,
    windows: int = 3,
    since: object | None = None,
    from_first: bool | None = None,
) -> pd.DataFrame:
    """How far the model's orders were off in the last stretches of as many weeks.

    Each time it is fitted to what was known at the start of the stretch, and asked for the orders
    of the members known then. One row per stretch: start, end, expected, actual, naive (as many as
    in the stretch before), error (logarithm of actual over expected). Stretches with too little
    before them are left out.
    """
    last = pd.Timestamp(str(as_of))
    found = []
    for back in range(windows, 0, -1):
        start = last - pd.Timedelta(weeks=weeks * back)
        before = rows[rows["date"] <= start]
        try:
            known = summarise_purchases(before, as_of=start)
            cohort = (
                known if since is None else summarise_purchases(before, as_of=start, since=since)
            )
            model = fit_buying(cohort, from_first=from_first)
        except ValueError:
            continue
        end = start + pd.Timedelta(weeks=weeks)
        expected = float(expected_orders(model, known, weeks).sum())
        actual = _orders_of(rows, known.members, start, end)
        naive = _orders_of(rows, known.members, start - pd.Timedelta(weeks=weeks), start)
        error = float(np.log(max(actual, 0.5) / max(expected, 0.5)))
        found.append((start, end, expected, float(actual), float(naive), error))
    return pd.DataFrame(found, columns=["start", "end", "expected", "actual", "naive", "error"])


def learnt_error(errors: pd.DataFrame) -> tuple[float, float]:
    """Shift and shock that earlier stretches teach: their mean error, half believed, and the rest.

    The mean of n stretches counts n ÷ (n + 1); what is not believed of it stays in the shock.

    >>> shift, shock = learnt_error(pd.DataFrame({"error": [-0.2, -0.3, -0.4]}))
    >>> round(shift, 3), round(shock, 3)
    (-0.225, 0.111)
    """
    if errors.empty:
        return 0.0, 0.0
    error = errors["error"].to_numpy(dtype=float)
    shift = float(error.mean()) * len(error) / (len(error) + 1)
    return shift, float(np.sqrt(np.mean((error - shift) ** 2)))


def _orders_of(
    rows: pd.DataFrame, members: Sequence[str], start: pd.Timestamp, end: pd.Timestamp
) -> int:
    """Days on which these members bought after ``start`` up to ``end``."""
    inside = rows[(rows["date"] > start) & (rows["date"] <= end)]
    inside = inside[inside["customer_id"].astype(str).isin(set(members))]
    return int(inside.groupby(["customer_id", inside["date"].dt.normalize()]).ngroups)
