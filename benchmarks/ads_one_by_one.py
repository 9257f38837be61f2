"""Follower ads played out person by person in SimPy, by the rules of ``FollowerAds``."""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np

import workbench as wb

Steps = Generator[Any, Any, None]
CERTAIN = {
    "cost_per_follower": 4.5,
    "cost_rise": 0.2,
    "cost_variation": 0.0,
    "creative_spread": 0.2,
    "delivery": 0.95,
    "follow_rate": 0.2,
    "stay_rate": 0.6,
    "leave_days": 5.0,
    "link_rate": 0.4,
    "order_rate": 0.3,
    "pay_rate": 0.8,
    "decide_days": 6.0,
    "cannibalised": 0.15,
    "repeat_rate": 0.3,
    "repeat_more": 0.5,
    "return_rate": 0.05,
    "partial_rate": 0.1,
    "partial_share": 0.3,
    "repeat_value": 120.0,
    "goods_share": 0.5,
}
CREATIVES = ({"name": "a", "share": 2}, {"name": "b", "share": 1, "cost": 0.8})


def small_ads(budget: float, audience: int | None) -> wb.FollowerAds:
    """Ads of three days whose inputs are certain but for the luck of the creatives."""
    return wb.FollowerAds(
        name="ads", start="2026-11-01", end="2026-11-03", until="2026-12-01", daily_budget=budget,
        usual_spend=300, audience=audience, creatives=CREATIVES, repeat_days=20, order_value=100,
        **CERTAIN,
    )  # fmt: skip


class Account:
    """One path: every click, follower, order and later purchase is a process of its own."""

    def __init__(self, rules: wb.FollowerAds, n_active: int, n_days: int, seed: int) -> None:
        import simpy

        self.env = simpy.Environment()
        self.rules, self.n_active, self.n_days = rules, n_active, n_days
        self.rng = np.random.default_rng(seed)
        self.left, self.seen = rules.audience, Counter[str]()
        part = 1.0 - rules.partial_rate * rules.partial_share
        self.kept = (1.0 - rules.return_rate) * part
        self.earned = self.kept - rules.goods_share * (1.0 - rules.return_rate)
        luck = np.exp(rules.creative_spread * self.rng.standard_normal(len(rules.creatives)))
        self.luck = luck * np.exp(0.5 * rules.creative_spread**2)

    def play(self) -> Counter[str]:
        """What happened until the last day; what is left open then is counted as such."""
        self.env.process(self.campaign())
        self.env.run(until=self.n_days)
        seen = self.seen
        seen["leaving"] = seen["followers"] - seen["stayed"] - seen["unfollowed"]
        seen["pending_orders"] = seen["deciders"] - seen["placed_orders"]
        seen["repeat_beyond"] = seen["repeat_due"] - seen["repeat_orders"]
        seen["unspent"] = self.n_active * self.rules.daily_budget - seen["ad_spend"]
        seen["cost"] = seen["ad_spend"]
        return seen

    def campaign(self) -> Steps:
        """The ads of each day, one creative after the other."""
        rules, total = self.rules, sum(one["share"] for one in self.rules.creatives)
        yield self.env.timeout(0.5)
        for _ in range(self.n_active):
            spend = rules.daily_budget * rules.delivery
            self.seen["ad_spend"] += spend
            cost = rules.cost_per_follower * (spend / rules.usual_spend) ** rules.cost_rise
            for number, one in enumerate(rules.creatives):
                own = cost * one.get("cost", 1.0) * self.luck[number]
                part = spend * one["share"] / total
                self.seen[f"creative_{number + 1}_spend"] += part
                wanted = part / own
                if self.left is not None:
                    wanted = self.left * (1.0 - np.exp(-wanted / rules.audience))
                for _ in range(self.rng.poisson(wanted / rules.follow_rate)):
                    self.env.process(self.click(number + 1))
                yield self.env.timeout(0)
            yield self.env.timeout(1)

    def click(self, creative: int) -> Steps:
        """Someone who clicks, and may follow, stay, open the link and order."""
        rules, seen, rng = self.rules, self.seen, self.rng
        seen["clicks"] += 1
        if rng.random() >= rules.follow_rate or self.left == 0:
            return
        self.left = None if self.left is None else self.left - 1
        seen["followers"] += 1
        seen[f"creative_{creative}_followers"] += 1
        if rng.random() >= rules.stay_rate:
            yield self.env.timeout(int(rng.geometric(1.0 / rules.leave_days)))
            seen["unfollowed"] += 1
            return
        seen["stayed"] += 1
        if rng.random() >= rules.link_rate:
            return
        seen["link_opens"] += 1
        if rng.random() >= rules.order_rate:
            return
        seen["deciders"] += 1
        for _ in range(2):
            while rng.random() >= 2.0 / (rules.decide_days + 2.0):
                yield self.env.timeout(1)
        seen["placed_orders"] += 1
        if rng.random() >= rules.pay_rate:
            seen["unpaid_orders"] += 1
            return
        self.order()

    def order(self) -> None:
        """A first order: kept, sent back or refunded in part, and what follows from it."""
        rules, seen, rng = self.rules, self.seen, self.rng
        seen["first_orders"] += 1
        value, net = rules.order_value, 0.0
        goods = rules.goods_share * value
        seen["paid"] += value
        if rng.random() < rules.return_rate:
            seen["returned_orders"] += 1
            seen["returned"] += value
            goods = 0.0
        elif rng.random() < rules.partial_rate:
            seen["partly_refunded_orders"] += 1
            seen["refunded"] += value * rules.partial_share
            net = value * (1.0 - rules.partial_share)
        else:
            net = value
        seen["sales"] += net
        seen["gross_margin"] += net - goods
        if rng.random() < rules.cannibalised:
            seen["cannibalised_orders"] += 1
            seen["cannibalised_sales"] += value * self.kept
            seen["gross_margin"] -= value * self.earned
            return
        seen["new_customers"] += 1
        if rng.random() >= rules.repeat_rate:
            return
        seen["repeat_customers"] += 1
        for _ in range(1 + rng.poisson(rules.repeat_more)):
            seen["repeat_due"] += 1
            self.env.process(self.repeat())

    def repeat(self) -> Steps:
        """One repeat order within the window."""
        yield self.env.timeout(1 + int(self.rng.integers(self.rules.repeat_days)))
        self.seen["repeat_orders"] += 1
        self.seen["repeat_sales"] += self.rules.repeat_value * self.kept
        self.seen["gross_margin"] += self.rules.repeat_value * self.earned
