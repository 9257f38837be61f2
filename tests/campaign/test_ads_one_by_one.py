"""Follower ads against the same rules played out person by person."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

import workbench as wb

N_PATHS = 400
N_ACTIVE, N_DAYS = 4, 25
RULES = {
    "cost_per_follower": 3.1,
    "cost_variation": 0.0,
    "delivery": 0.9,
    "follow_rate": 0.3,
    "stay_rate": 0.7,
    "leave_days": 5.0,
    "link_rate": 0.6,
    "order_rate": 0.5,
    "pay_rate": 0.75,
    "decide_days": 6.0,
    "cannibalised": 0.2,
    "repeat_rate": 0.5,
    "repeat_more": 0.7,
    "return_rate": 0.1,
    "partial_rate": 0.3,
    "partial_share": 0.4,
}
CASES = {
    "plain": {},
    "small audience, dearer by the day": {
        "audience": 300, "usual_spend": 100, "cost_rise": 0.2,
    },
    "creatives and cap": {
        "creatives": ({"name": "a", "share": 2}, {"name": "b", "share": 1, "cost": 0.7}),
        "creative_spread": 0.3, "spend_cap": 430, "repeat_days": 10,
    },
    "varying days": {"cost_variation": 0.6},
}  # fmt: skip


def ads(**case):
    return wb.FollowerAds(
        name="n", start="2026-11-01", end="2026-11-04", until="2026-11-25", daily_budget=150,
        order_value=100, **{"repeat_days": 13, **RULES, **case},
    )  # fmt: skip


class Account:
    """One path: people follow, one after the other."""

    def __init__(self, rules, seed):
        self.rules, self.rng, self.seen = rules, np.random.default_rng(seed), Counter()
        shares = [one["share"] for one in rules.creatives] or [1.0]
        self.shares = [share / sum(shares) for share in shares]
        self.costs = [one.get("cost", 1.0) * self.luck() for one in rules.creatives] or [1.0]

    def luck(self):
        spread = self.rules.creative_spread
        return np.exp(spread * self.rng.standard_normal() + spread**2 / 2)

    def play(self):
        rules, people, money = self.rules, self.rules.audience, self.rules.spend_cap or np.inf
        for day in range(N_ACTIVE):
            spend = min(rules.daily_budget * rules.delivery, money) if people != 0 else 0.0
            money -= spend
            self.seen["ad_spend"] += spend
            cost = rules.cost_per_follower
            if rules.usual_spend and spend:
                cost *= (spend / rules.usual_spend) ** rules.cost_rise
            worth = spend * self.luck_of_the_day()
            for number, (share, own) in enumerate(zip(self.shares, self.costs, strict=True), 1):
                wanted = worth * share / (cost * own)
                if people is not None:
                    wanted = people * (1 - np.exp(-wanted / rules.audience))
                for _ in range(self.rng.poisson(wanted / rules.follow_rate)):
                    self.seen["clicks"] += 1
                    if self.rng.random() < rules.follow_rate and people != 0:
                        people = None if people is None else people - 1
                        self.seen["followers"] += 1
                        self.seen[f"creative_{number}_followers"] += bool(rules.creatives)
                        self.follower(day)
        return self.seen

    def luck_of_the_day(self):
        v = self.rules.cost_variation
        return self.rng.gamma(1 / v**2, v**2) if v else 1.0

    def follower(self, day):
        rules = self.rules
        if self.rng.random() >= rules.stay_rate:
            gone = day + self.rng.geometric(1 / rules.leave_days)
            self.seen["unfollowed" if gone < N_DAYS else "leaving"] += 1
            return
        self.seen["stayed"] += 1
        if self.rng.random() >= rules.link_rate:
            return
        self.seen["link_opens"] += 1
        if self.rng.random() >= rules.order_rate:
            return
        self.seen["deciders"] += 1
        day += self.rng.negative_binomial(2, 2 / (rules.decide_days + 2))
        if day >= N_DAYS:
            self.seen["pending_orders"] += 1
            return
        self.seen["placed_orders"] += 1
        if self.rng.random() < rules.pay_rate:
            self.order(day)
        else:
            self.seen["unpaid_orders"] += 1

    def order(self, day):
        rules, seen = self.rules, self.seen
        seen["first_orders"] += 1
        seen["paid"] += 100
        if self.rng.random() < rules.return_rate:
            seen["returned_orders"] += 1
        elif self.rng.random() < rules.partial_rate:
            seen["partly_refunded_orders"] += 1
            seen["refunded"] += 40
            seen["sales"] += 60
        else:
            seen["sales"] += 100
        if self.rng.random() < rules.cannibalised:
            seen["cannibalised_orders"] += 1
            return
        seen["new_customers"] += 1
        if self.rng.random() >= rules.repeat_rate:
            return
        seen["repeat_customers"] += 1
        for _ in range(1 + self.rng.poisson(rules.repeat_more)):
            seen["repeat_due"] += 1
            late = day + self.rng.integers(1, rules.repeat_days + 1)
            seen["repeat_orders" if late < N_DAYS else "repeat_beyond"] += 1


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_total_has_the_distribution_of_the_rules_played_out(case):
    rules = ads(**CASES[case])
    result = rules.simulate(n_paths=4 * N_PATHS, seed=1)
    paths = [Account(rules, seed).play() for seed in range(N_PATHS)]
    names = sorted(name for name in set().union(*paths) if any(path[name] for path in paths))
    assert len(names) >= 18
    for name in names:
        played = np.array([path[name] for path in paths], dtype=float).round(6)
        drawn = result.outcome(name).round(6)
        found = stats.ks_2samp(played, drawn)
        assert found.pvalue > 0.001, (name, played.mean(), drawn.mean(), played.std(), drawn.std())
