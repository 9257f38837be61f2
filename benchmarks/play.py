"""What the simulations customer by customer have in common: a clock, and what an order leads to."""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np

Steps = Generator[Any, Any, None]


class Play:
    """One path of a campaign in SimPy: a process for each customer, and for each later purchase.

    ``seen`` is the ledger: quantity → total. Sales other than the campaign's own are booked at what
    is kept of them on average after returns, as the ledger does.
    """

    DAY = 1.0
    """Length of a day on the clock."""

    def __init__(
        self,
        rules: Any,
        n_active: int,
        n_days: int,
        seed: int,
        *,
        regular: float,
        repeat_value: float,
    ) -> None:
        import simpy

        self.env = simpy.Environment()
        self.rules = rules
        self.n_active, self.n_days = n_active, n_days
        self.rng = np.random.default_rng(seed)
        self.seen: Counter[str] = Counter()
        self.regular, self.repeat_value = regular, repeat_value
        self.earned = 1.0 - self.rules.unit_cost / regular

    def play(self) -> Counter[str]:
        """What happened until the last day."""
        self.env.process(self.campaign())
        self.env.run(until=self.n_days * self.DAY)
        self.close()
        return self.seen

    def campaign(self) -> Steps:
        """The days of the campaign."""
        raise NotImplementedError

    def close(self) -> None:
        """What is left open on the last day, and sums of what was seen."""
        seen = self.seen
        seen["owed_orders"] = seen["forward_orders"] - seen["repaid_orders"]
        seen["gross_margin"] += self.earned * (
            seen["repeat_sales"] - seen["cannibalised_sales"] - seen["repaid_sales"]
        )

    def reason(self) -> None:
        """Why an order was placed: instead of one of the day, of a later one, or additional."""
        rules, drawn = self.rules, self.rng.random()
        if drawn < rules.cannibalised:
            self.replace(self.regular)
        elif drawn < rules.cannibalised + rules.brought_forward:
            self.env.process(self.bring_forward())
        else:
            self.maybe_new()

    def replace(self, spent: float) -> None:
        """An order that would have come anyway, worth so much."""
        self.seen["cannibalised_orders"] += 1
        self.seen["cannibalised_sales"] += spent * (1.0 - self.rules.return_rate)

    def bring_forward(self) -> Steps:
        """An order that will be missing on a later day."""
        self.seen["forward_orders"] += 1
        yield self.later(int(self.rng.geometric(1.0 / self.rules.forward_days)))
        self.seen["repaid_orders"] += 1
        self.seen["repaid_sales"] += self.regular * (1.0 - self.rules.return_rate)

    def maybe_new(self) -> None:
        """Someone who may be a new customer, and may order again."""
        if self.rng.random() >= self.rules.new_share:
            return
        self.seen["new_customers"] += 1
        for _ in range(self.rng.poisson(self.rules.repeat_orders)):
            self.env.process(self.repeat())

    def repeat(self) -> Steps:
        """One repeat order within the window."""
        yield self.later(1 + int(self.rng.integers(self.rules.repeat_days)))
        self.seen["repeat_orders"] += 1
        self.seen["repeat_sales"] += self.repeat_value * (1.0 - self.rules.return_rate)

    def later(self, days: int) -> Any:
        """Until the middle of the day so many days later."""
        day = self.env.now // self.DAY
        return self.env.timeout((day + days + 0.5) * self.DAY - self.env.now)
