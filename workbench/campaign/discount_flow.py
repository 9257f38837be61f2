"""Orders under a discount, day by day: the usual ones, those it adds, those the stock refuses."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
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
        for number, (one, lift) in enumerate(zip(buyers, lifts, strict=True)):
            wanted = poisson(scene.rng(f"usual {one.name}"), mean * one.share)
            more = poisson(scene.rng(f"extra {one.name}"), mean * one.share * lift)
            cells["demand"][day] += wanted + more
            if left is not None:
                wanted, more, left = _serve(scene, wanted, more, left)
            usual[number][day], extra[number][day] = wanted, more
        served = sum(some[day] for some in (*usual, *extra))
        cells["unmet_orders"][day] = cells["demand"][day] - served
    return Flow(buyers, usual, extra, cells)


def run_coupons(sale: "Discount", scene: Scene) -> Flow:
    """Coupons are redeemed with the same chance on each open day; some orders come anyway."""
    days = scene.stage.n_active
    issued = np.array(spread_whole(sale.issued or 0, scene.stage.shares), float)
    open_days = max(float(scene.stage.open.sum()), 1.0)
    daily = 1.0 - (1.0 - scene.input("redemption")) ** (1.0 / open_days)
    names = ("demand", "unmet_orders", "issued_coupons", "expired_coupons")
    cells = {name: scene.zeros(days) for name in names}
    cells["issued_coupons"][0] = issued
    waiting = issued * np.ones(scene.shape)
    for day in range(days):
        used = binomial(scene.rng("redeemed"), waiting, daily * scene.stage.open[day])
        waiting = waiting - used
        cells["demand"][day] = used
    cells["expired_coupons"][-1] = waiting
    usual = binomial(scene.rng("anyway"), cells["demand"], scene.input("anyway"))
    return Flow(read_buyers(sale, scene), (usual,), (cells["demand"] - usual,), cells)


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
    scene: Scene, wanted: Floats, more: Floats, left: Floats
) -> tuple[Floats, Floats, Floats]:
    """Who comes first is served, whichever kind they are: (usual, extra, stock that is left)."""
    demand = wanted + more
    sold = np.minimum(demand, left)
    share = np.divide(wanted, demand, out=np.zeros_like(wanted), where=demand > 0)
    first = binomial(scene.rng("first come"), sold, share)
    first = np.clip(first, np.maximum(sold - more, 0.0), np.minimum(sold, wanted))
    return first, sold - first, left - sold
