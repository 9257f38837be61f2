"""The group-buy against the same rules played out visitor by visitor."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

import workbench as wb

N_PATHS = 400
RULES = {
    "visits": 50.0,
    "visit_variation": 0.0,
    "open_rate": 0.2,
    "pay_rate": 0.7,
    "joiners": 1.1,
    "onward": 0.3,
    "answer_rate": 0.4,
    "join_hours": 7.0,
    "restart": 0.1,
    "extra_pieces": 0.6,
    "cannibalised": 0.25,
    "brought_forward": 0.3,
    "forward_days": 3.0,
    "new_share": 0.4,
    "repeat_orders": 0.8,
    "return_rate": 0.1,
    "listed_joiners": 0.4,
}
CASES = {
    "plain": {"group_size": 3},
    "collect, simulated, limit": {
        "group_size": 4,
        "collect": True,
        "simulated_completion": 0.5,
        "limit_per_person": 2,
    },
    "tiered": {"form": "tiered", "tiers": ((2, 0.1), (3, 0.3)), "discount": None},
    "scarce": {"group_size": 3, "stock": 60, "extra_pieces": 0.0},
    "comments": {
        "group_size": 3,
        "engaged": 0.3,
        "engaged_opens": 2.0,
        "engaged_invites": 1.8,
    },
    "heterogeneous": {"group_size": 3, "group_variation": 0.8, "answer_rate": 1.0},
}


def buy(**case):
    given = {"discount": 0.2, **RULES, **case}
    if not given.get("collect"):
        given.pop("listed_joiners")
    return wb.GroupBuy(
        name="n", start="2026-11-01", end="2026-11-03", until="2026-11-20", price=100,
        unit_cost=40, repeat_days=10, **given,
    )  # fmt: skip


class Street:
    """One path: people come, one after the other."""

    def __init__(self, rules, seed):
        self.rules, self.rng = rules, np.random.default_rng(seed)
        self.terms = rules.terms()
        self.seen = Counter()
        self.ends = {}
        self.held = 0
        self.in_time = 1 - np.exp(-rules.validity_hours / rules.join_hours)

    def play(self):
        members_before = 0
        for day in range(3 + self.rules.settling()):
            released, members = self.held_before_close(day), 0
            if day < 3:
                starts = []
                for _ in range(self.rng.poisson(self.rules.visits)):
                    self.seen["visits"] += 1
                    starts += self.visit()
                # who starts anew took part as often as those who started among the visitors
                starts += [
                    self.keen(self.among_starters())
                    for _ in range(self.rng.poisson(self.rules.restart * members_before))
                ]
                self.seen["starts"] += len(starts)
                for theta in starts:
                    if self.rng.random() < self.rules.pay_rate:
                        members += self.open(day, theta)
            members_before = members
            self.close(day, released)
        return self.seen

    def visit(self):
        """Mean joiners of the group that this visitor starts, if they do."""
        rules, keen = self.rules, False
        if rules.engaged:
            keen = self.rng.random() < rules.engaged
            self.seen["engaged"] += keen
        starts = self.rng.random() < rules.open_rate * (rules.engaged_opens if keen else 1)
        return [self.keen(keen)] if starts else []

    def among_starters(self):
        e = self.rules.engaged or 0
        more = e * (self.rules.engaged_opens or 1)
        return self.rng.random() < more / (more + 1 - e)

    def keen(self, keen):
        return self.leaders_mean() * (self.rules.engaged_invites if keen else 1)

    def held_before_close(self, day):
        return 0

    def open(self, day, theta):
        size = self.terms.size
        if self.rules.stock is not None and self.held + size > self.rules.stock:
            self.seen["sold_out"] += 1
            return 0
        self.held += size
        self.seen["opens"] += 1
        joined = 0
        waiting = self.rng.poisson(theta * self.in_time)
        if self.rules.collect:
            waiting += self.rng.poisson(self.rules.listed_joiners * self.in_time)
        while waiting and joined < size - 1:
            waiting, joined = waiting - 1, joined + 1
            waiting += self.rng.poisson(self.rules.onward * self.in_time)
        idle = 1 / self.rules.answer_rate - self.in_time
        sent = self.rng.poisson((theta if self.rules.engaged else self.rules.joiners) * idle)
        sent += sum(self.rng.poisson(self.rules.onward * idle) for _ in range(joined))
        self.seen["invites"] += joined + sent
        self.seen["joins"] += joined
        hours = self.rng.random() * 24
        if joined == size - 1:
            wait = self.rules.validity_hours + 1
            while wait > self.rules.validity_hours:
                wait = self.rng.exponential(self.rules.join_hours)
        else:
            wait = self.rules.validity_hours
        self.ends.setdefault(day + int((hours + wait) // 24), []).append(joined + 1)
        self.seen["paid"] += self.terms.paid(joined + 1)
        return joined + 1

    def leaders_mean(self):
        v = self.rules.group_variation or 0.0
        return self.rng.gamma(1 / v**2, self.rules.joiners * v**2) if v else self.rules.joiners

    def close(self, day, _):
        for people in self.ends.pop(day, []):
            if people >= min(self.terms.complete_from, self.terms.simulated_from):
                self.complete(day, people)
            else:
                self.seen["failed_groups"] += 1
                self.seen["failed_orders"] += people
                self.seen["refunded_failed"] += self.terms.paid(people)
                self.held -= self.terms.size

    def complete(self, day, people):
        self.seen["completed_groups"] += 1
        self.seen["completed_orders"] += people
        if people < self.terms.complete_from:
            self.seen["simulated_groups"] += 1
        self.seen["refunded_tier"] += self.terms.paid(people) - self.terms.worth(people)
        self.held -= self.terms.size - people
        price = self.terms.joiner[people]
        for _ in range(people):
            self.seen["pieces"] += 1
            self.sell(price)
            more = self.rng.poisson(self.rules.extra_pieces)
            if self.rules.limit_per_person:
                more = min(more, self.rules.limit_per_person - 1)
            self.seen["pieces"] += more
            self.seen["paid"] += more * self.terms.joiner[self.terms.size]
            for _ in range(more):
                self.sell(self.terms.joiner[self.terms.size])
            self.reason(day)

    def sell(self, price):
        back = self.rng.random() < self.rules.return_rate
        self.seen["returned_pieces" if back else "kept"] += 1
        self.seen["returned" if back else "sales"] += price

    def reason(self, day):
        chance, rules = self.rng.random(), self.rules
        if chance < rules.cannibalised:
            self.seen["cannibalised_orders"] += 1
        elif chance < rules.cannibalised + rules.brought_forward:
            self.seen["forward_orders"] += 1
            late = day + self.rng.geometric(1 / rules.forward_days)
            self.seen["repaid_orders" if late < 20 else "owed_orders"] += 1
        elif self.rng.random() < rules.new_share:
            self.seen["new_customers"] += 1
            for _ in range(self.rng.poisson(rules.repeat_orders)):
                self.seen["repeat_orders"] += day + 1 + self.rng.integers(10) < 20


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_total_has_the_distribution_of_the_rules_played_out(case):
    rules = buy(**CASES[case])
    result = rules.simulate(n_paths=4 * N_PATHS, seed=1)
    paths = [Street(rules, seed).play() for seed in range(N_PATHS)]
    names = sorted(set().union(*paths) - {"kept"})
    assert len(names) >= 18
    for name in names:
        played = np.array([path[name] for path in paths], dtype=float)
        drawn = result.outcome(name)
        found = stats.ks_2samp(played, drawn)
        assert found.pvalue > 0.001, (name, played.mean(), drawn.mean(), played.std(), drawn.std())
