"""A group-buy played out customer by customer in SimPy, by the rules of ``GroupBuy``."""

import numpy as np
from play import Play, Steps

import workbench as wb

CERTAIN = {
    "visit_variation": 0.0,
    "open_rate": 0.04,
    "pay_rate": 0.7,
    "joiners": 1.2,
    "onward": 0.2,
    "answer_rate": 0.05,
    "join_hours": 6.0,
    "cannibalised": 0.25,
    "brought_forward": 0.3,
    "forward_days": 7.0,
    "new_share": 0.4,
    "repeat_orders": 0.5,
    "return_rate": 0.05,
    "restart": 0.0,
    "extra_pieces": 0.0,
    "unit_cost": 50.0,
}


def small_buy(visits: float) -> wb.GroupBuy:
    """A group-buy of three days whose inputs are certain."""
    return wb.GroupBuy(
        name="group-buy", start="2026-11-01", end="2026-11-03", until="2026-12-01",
        price=100, discount=0.2, group_size=3, repeat_days=20, visits=visits, **CERTAIN,
    )  # fmt: skip


class Shop(Play):
    """One path: every visitor, group, order, return and later purchase is a process of its own."""

    DAY = 24.0

    def __init__(self, rules: wb.GroupBuy, n_active: int, n_days: int, seed: int) -> None:
        price = rules.price
        super().__init__(rules, n_active, n_days, seed, regular=price, repeat_value=price)
        self.terms = rules.terms()
        self.in_time = 1.0 - np.exp(-rules.validity_hours / rules.join_hours)

    def campaign(self) -> Steps:
        """Visitors arrive through the day, at any hour alike."""
        for _ in range(self.n_active):
            for hour in np.sort(self.rng.random(self.rng.poisson(self.rules.visits)) * self.DAY):
                self.env.process(self.visitor(float(hour)))
            yield self.env.timeout(self.DAY)

    def visitor(self, hour: float) -> Steps:
        """One visitor, who may start a group and pay for it."""
        yield self.env.timeout(hour)
        self.seen["visits"] += 1
        if self.rng.random() >= self.rules.open_rate:
            return
        self.seen["starts"] += 1
        if self.rng.random() >= self.rules.pay_rate:
            return
        self.seen["opens"] += 1
        yield from self.group()

    def group(self) -> Steps:
        """A group from its opening to its end."""
        joined = self.grow()
        people, full = joined + 1, joined == self.terms.size - 1
        self.seen["paid"] += self.terms.paid(people)
        yield self.env.timeout(self.wait() if full else self.rules.validity_hours)
        if not full:
            self.seen["failed_groups"] += 1
            self.seen["failed_orders"] += people
            self.seen["refunded_failed"] += self.terms.paid(people)
            self.seen["refunded"] += self.terms.paid(people)
            return
        self.seen["completed_groups"] += 1
        for _ in range(people):
            self.buyer(self.terms.joiner[people])

    def grow(self) -> int:
        """Friends who join: each member invites, until the last place is taken."""
        rules, joined = self.rules, 0
        waiting = self.invite(rules.joiners)
        while waiting and joined < self.terms.size - 1:
            waiting, joined = waiting - 1, joined + 1
            waiting += self.invite(rules.onward)
        self.seen["joins"] += joined
        self.seen["invites"] += joined
        return joined

    def invite(self, mean: float) -> int:
        """Invitations of one member; those answered in time by an order."""
        idle = 1.0 / self.rules.answer_rate - self.in_time
        self.seen["invites"] += self.rng.poisson(mean * idle)
        return int(self.rng.poisson(mean * self.in_time))

    def wait(self) -> float:
        """Hours to the last joiner, given that they are within the validity."""
        hours = np.inf
        while hours > self.rules.validity_hours:
            hours = self.rng.exponential(self.rules.join_hours)
        return float(hours)

    def buyer(self, price: float) -> None:
        """One order: kept or returned, and what follows from it."""
        rules, seen = self.rules, self.seen
        seen["completed_orders"] += 1
        seen["pieces"] += 1
        back = self.rng.random() < rules.return_rate
        seen["returned_pieces"] += back
        seen["returned" if back else "sales"] += price
        seen["discount_given"] += self.regular - price
        seen["gross_margin"] += 0.0 if back else price - rules.unit_cost
        self.reason()
