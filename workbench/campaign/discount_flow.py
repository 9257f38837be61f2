"""Orders under a discount, day by day: the usual ones, those it adds, those the stock refuses."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, first_come, poisson
from workbench.campaign.discount_terms import Buyers, read_buyers
from workbench.campaign.group_buy import spread_whole
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.discount import Discount


@dataclass(frozen=True, eq=False)
class Flow:
    """Counts of a discount, (days, n_paths, n_units).

    Attributes:
        buyers: who is offered what.
        usual, extra: per group of buyers, orders that would have come anyway, and the others.
        cells: demand, unmet orders, coupons.
    """

    buyers: tuple[Buyers, ...]
    usual: tuple[Floats, ...]
    extra: tuple[Floats, ...]
    cells: dict[str, Floats]


def run_offers(sale: "Discount", scene: Scene) -> Flow:
    """Usual orders are Poisson around each day's mean; the discount adds ``elasticity × depth``.

    So many more per cent of orders for each per cent off as ``elasticity`` says (van Heerde &
    Neslin 2008 read the mean of Bijmolt et al. 2005 in this way).
    """
    buyers = read_buyers(sale, scene)
    days = scene.stage.n_active
    usual = tuple(scene.zeros(days) for _ in buyers)
    extra = tuple(scene.zeros(days) for _ in buyers)
    cells = {name: scene.zeros(days) for name in ("demand", "unmet_orders")}
    left = _stock(sale, scene)
    lifts = [scene.input("elasticity") * one.depth() for one in buyers]
    for day in range(days):
        mean = scene.input("orders") * scene.stage.shares * scene.stage.open[day]
        mean = mean * _variation(scene)
        wanted: list[Floats] = []
        for one, lift in zip(buyers, lifts, strict=True):
            wanted.append(poisson(scene.rng(f"usual {one.name}"), mean * one.share))
            wanted.append(poisson(scene.rng(f"extra {one.name}"), mean * one.share * lift))
        served, left = _serve(scene, wanted, left)
        for number in range(len(buyers)):
            usual[number][day], extra[number][day] = served[2 * number : 2 * number + 2]
        cells["demand"][day] = sum(wanted)
        cells["unmet_orders"][day] = cells["demand"][day] - sum(served)
    return Flow(buyers, usual, extra, cells)


def run_coupons(sale: "Discount", scene: Scene) -> Flow:
    """Coupons are redeemed with the same chance on each open day; some orders come anyway.

    A coupon that finds the stock gone is not used a second time.
    """
    days = scene.stage.n_active
    issued = np.array(spread_whole(sale.issued or 0, scene.stage.shares), float)
    open_days = max(float(scene.stage.open.sum()), 1.0)
    daily = 1.0 - (1.0 - scene.input("redemption")) ** (1.0 / open_days)
    names = ("demand", "unmet_orders", "issued_coupons", "expired_coupons")
    cells = {name: scene.zeros(days) for name in names}
    cells["issued_coupons"][0] = issued
    waiting, left = issued * np.ones(scene.shape), _stock(sale, scene)
    for day in range(days):
        used = binomial(scene.rng("redeemed"), waiting, daily * scene.stage.open[day])
        waiting = waiting - used
        (served,), left = _serve(scene, [used], left)
        cells["demand"][day], cells["unmet_orders"][day] = used, used - served
        cells["expired_coupons"][day] = used - served
    cells["expired_coupons"][-1] += waiting
    orders = cells["demand"] - cells["unmet_orders"]
    usual = binomial(scene.rng("anyway"), orders, scene.input("anyway"))
    return Flow(read_buyers(sale, scene), (usual,), (orders - usual,), cells)


def _variation(scene: Scene) -> Floats | float:
    """What a day's orders are more or less than usual, per unit; 1 on average."""
    variation = scene.input("order_variation")
    if not (variation > 0).any():
        return 1.0
    shape = 1.0 / np.maximum(variation, 1e-3) ** 2
    drawn = scene.rng("order_variation").standard_gamma(np.broadcast_to(shape, scene.shape))
    return np.asarray(drawn / shape)


def _stock(sale: "Discount", scene: Scene) -> Floats | None:
    if sale.stock is None:
        return None
    return np.asarray(spread_whole(sale.stock, scene.stage.shares) * np.ones(scene.shape))


def _serve(
    scene: Scene, wanted: list[Floats], left: Floats | None
) -> tuple[list[Floats], Floats | None]:
    """Who comes first is served, whoever they are: orders served of each kind, stock that is left.

    On the day on which the stock runs out all come in random order.
    """
    if left is None:
        return wanted, None
    demand = np.asarray(sum(wanted))
    sold = np.minimum(demand, left)
    enough = sold == demand
    served = [np.where(enough, some, 0.0) for some in wanted]
    short = ~enough & (sold > 0)
    if short.any():
        parts = first_come(scene.rng("first come"), [some[short] for some in wanted], sold[short])
        for some, part in zip(served, parts, strict=True):
            some[short] = part
    return served, left - sold
