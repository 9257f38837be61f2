"""A group-buy played out customer by customer in SimPy, by the rules of ``GroupBuy``."""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np

import workbench as wb

HOURS = 24.0
Steps = Generator[Any, Any, None]


class Shop:
    """One path: every visitor, group, order, return and later purchase is a process of its own."""

    def __init__(self, rules: wb.GroupBuy, n_active: int, n_days: int, seed: int) -> None:
        import simpy

        self.env = simpy.Environment()
        self.rules, self.n_active, self.n_days = rules, n_active, n_days
        self.rng = np.random.default_rng(seed)
        self.terms = rules.terms()
        self.in_time = 1.0 - np.exp(-rules.validity_hours / rules.join_hours)
        self.seen: Counter[str] = Counter()

    def play(self) -> Counter[str]:
        """What happened until the last day."""
        self.env.process(self.gate())
        self.env.run(until=self.n_days * HOURS)
        return self.seen

    def gate(self) -> Steps:
        """Visitors arrive through the day, at any hour alike."""
        for _ in range(self.n_active):
            for hour in np.sort(self.rng.random(self.rng.poisson(self.rules.visits)) * HOURS):
                self.env.process(self.visitor(float(hour)))
            yield self.env.timeout(HOURS)

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
            return
        self.seen["completed_groups"] += 1
        for _ in range(people):
            self.env.process(self.buyer(self.terms.joiner[people]))

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

    def buyer(self, price: float) -> Steps:
        """One order: kept or returned, instead of another, and what follows from it."""
        rules, seen = self.rules, self.seen
        seen["completed_orders"] += 1
        seen["pieces"] += 1
        back = self.rng.random() < rules.return_rate
        seen["returned_pieces"] += back
        seen["returned" if back else "sales"] += price
        reason = self.rng.random()
        if reason < rules.cannibalised:
            seen["cannibalised_orders"] += 1
        elif reason < rules.cannibalised + rules.brought_forward:
            seen["forward_orders"] += 1
            yield self.tomorrow(int(self.rng.geometric(1.0 / rules.forward_days)))
            seen["repaid_orders"] += 1
        elif self.rng.random() < rules.new_share:
            seen["new_customers"] += 1
            for _ in range(self.rng.poisson(rules.repeat_orders)):
                self.env.process(self.repeat())

    def repeat(self) -> Steps:
        """One repeat order within the window."""
        yield self.tomorrow(1 + int(self.rng.integers(self.rules.repeat_days)))
        self.seen["repeat_orders"] += 1

    def tomorrow(self, days: int) -> Any:
        """Until the start of the day so many days later."""
        day = self.env.now // HOURS
        return self.env.timeout((day + days) * HOURS + HOURS / 2 - self.env.now)
