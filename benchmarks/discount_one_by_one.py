"""A discount played out order by order in SimPy, by the rules of ``Discount``."""

from functools import cache

import numpy as np
from play import Play, Steps

import workbench as wb

CERTAIN = {
    "switched": 0.3,
    "brought_forward": 0.25,
    "forward_days": 5.0,
    "new_share": 0.4,
    "repeat_orders": 0.5,
    "repeat_value": 90.0,
    "deal_value": 0.5,
    "return_rate": 0.1,
    "unit_cost": 45.0,
    "fixed_cost": 200.0,
}
OFFERED = {"order_variation": 0.2, "elasticity": 3.0}
TIERS = ((80.0, 8.0), (150.0, 25.0))
MEMBERS = {"gold": {"share": 0.2, "discount": 0.2}, "new": {"share": 0.5, "discount": 0.05}}
FORMS = ("timed", "flash", "threshold", "coupon", "member")


def small_discount(form: str, orders: float) -> wb.Discount:
    """Three days of one form at so many usual orders a day; inputs are certain.

    All but the timed one have a stock, which runs out on some paths (the flash sale's on all).
    """
    given = {
        "timed": {"discount": 0.2},
        "flash": {"discount": 0.4, "stock": round(5 * orders)},
        "threshold": {"tiers": TIERS, "basket_spread": 0.6, "stretch": 0.25, "topped_up": 0.4,
                      "stock": round(4 * orders)},
        "coupon": {"off": 20.0, "minimum": 110.0, "issued": round(10 * orders),
                   "redemption": 0.1, "anyway": 0.5, "stock": round(orders)},
        "member": {"members": MEMBERS, "stock": round(2.6 * orders)},
    }[form]  # fmt: skip
    if form != "coupon":
        given = {**given, "orders": orders, **OFFERED}
    return wb.Discount(
        name=form, form=form, start="2026-11-01", end="2026-11-03", until="2026-12-01", price=100.0,
        repeat_days=20, **given, **CERTAIN,
    )  # fmt: skip


class Till(Play):
    """One path: every order that comes because of a discount, or anyway, by itself."""

    def __init__(self, rules: wb.Discount, n_active: int, n_days: int, seed: int) -> None:
        repeat = rules.repeat_value * rules.deal_value
        super().__init__(rules, n_active, n_days, seed, regular=rules.price, repeat_value=repeat)
        self.stock = rules.stock

    def campaign(self) -> Steps:
        """Coupons wait to be used; other offers bring orders at any hour of each day."""
        rules, rng = self.rules, self.rng
        self.seen["cost"] += rules.fixed_cost
        if rules.form == "coupon":
            self.seen["issued_coupons"] += rules.issued
            for _ in range(rules.issued):
                self.env.process(self.coupon())
            return
        shape = rules.order_variation**-2.0
        for _ in range(self.n_active):
            mean = rules.orders * rng.gamma(shape) / shape
            for share, discount in tiers(rules):
                more = rules.elasticity * depth(rules, discount)
                for anyway, wanted in ((True, mean * share), (False, mean * share * more)):
                    for hour in rng.random(rng.poisson(wanted)):
                        self.env.process(self.shopper(float(hour), anyway, discount))
            yield self.env.timeout(1)

    def coupon(self) -> Steps:
        """One coupon: used on one of the days, or not at all."""
        daily = 1.0 - (1.0 - self.rules.redemption) ** (1.0 / self.n_active)
        for _ in range(self.n_active):
            if self.rng.random() < daily:
                self.seen["demand"] += 1
                spent = self.regular
                worth = max(spent, self.rules.minimum)
                if self.sold_out():
                    self.seen["expired_coupons"] += 1
                    return
                self.serve(self.rng.random() < self.rules.anyway, spent, worth, self.rules.off)
                return
            yield self.env.timeout(1)
        self.seen["expired_coupons"] += 1

    def shopper(self, hour: float, anyway: bool, discount: float) -> Steps:
        """Someone who wants to buy at the discount, as long as there is stock."""
        yield self.env.timeout(hour)
        self.seen["demand"] += 1
        if self.sold_out():
            return
        if self.rules.form == "threshold":
            self.serve(anyway, *self.basket())
        else:
            self.serve(anyway, self.regular, self.regular, discount * self.regular)

    def sold_out(self) -> bool:
        """Whether the stock is gone; if not, one is taken of it."""
        if self.stock is None:
            return False
        if self.stock == 0:
            self.seen["unmet_orders"] += 1
            return True
        self.stock -= 1
        return False

    def basket(self) -> tuple[float, float, float]:
        """What would be spent without the offer, what is spent, and the money off."""
        rules, rng = self.rules, self.rng
        sigma = np.sqrt(np.log1p(rules.basket_spread**2))
        spent = float(rng.lognormal(np.log(rules.price) - sigma**2 / 2.0, sigma))
        off = max((less for reach, less in rules.tiers if reach <= spent), default=0.0)
        above = min((one for one in rules.tiers if one[0] > spent), default=None)
        near = above is not None and spent >= above[0] * (1.0 - rules.stretch)
        if near and rng.random() < rules.topped_up:
            return spent, *above
        return spent, spent, off

    def serve(self, anyway: bool, spent: float, worth: float, off: float) -> None:
        """An order: what is paid and kept of it, and what it takes the place of."""
        rules, seen, pays = self.rules, self.seen, worth - off
        seen["orders"] += 1
        seen["list_value"] += worth
        seen["discount_given"] += off
        seen["paid"] += pays
        seen["topped_up_orders"] += worth > spent
        if self.rng.random() < rules.return_rate:
            seen["returned"] += pays
            seen["returned_orders"] += 1
        else:
            seen["sales"] += pays
            seen["gross_margin"] += pays - (1.0 - self.earned) * worth
        if anyway:
            seen["usual_orders"] += 1
            self.replace(spent)
            return
        seen["extra_orders"] += 1
        drawn = self.rng.random()
        if drawn < rules.switched:
            seen["switched_orders"] += 1
            self.replace(self.regular)
        elif drawn < rules.switched + rules.brought_forward:
            self.env.process(self.bring_forward())
        else:
            seen["added_orders"] += 1
            self.maybe_new()


def tiers(rules: wb.Discount) -> list[tuple[float, float]]:
    """Buyers that are offered the same: their part of the usual orders, and the discount."""
    if rules.form == "member":
        return [(one["share"], one["discount"]) for one in rules.members.values()]
    return [(1.0, rules.discount or 0.0)]


@cache
def depth(rules: wb.Discount, discount: float) -> float:
    """Money off as a share of what orders come to; over evenly spread baskets if it depends."""
    if rules.form != "threshold":
        return discount
    from scipy.stats import norm

    sigma = np.sqrt(np.log1p(rules.basket_spread**2))
    even = (np.arange(200_000) + 0.5) / 200_000
    spent = rules.price * np.exp(sigma * norm.ppf(even) - sigma**2 / 2.0)
    worth, off = spent.copy(), np.zeros_like(spent)
    for reach, less in sorted(rules.tiers):
        near = (spent >= reach * (1.0 - rules.stretch)) & (spent < reach)
        worth[near] += rules.topped_up * (reach - spent[near])
        off[near] += rules.topped_up * (less - off[near])
        off[spent >= reach] = less
    return float(off.sum() / worth.sum())
