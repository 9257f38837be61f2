"""The distribution drive against the same rules played out promoter by promoter."""

import numpy as np
import pytest
from scipy import stats

import workbench as wb
from workbench.campaign.promoters import talent_shape

N_PATHS = 300
DAYS = 4
RULES = {
    "customer_activation": 0.2,
    "employee_activation": 0.5,
    "activation_days": 1.0,
    "contacts": 6.0,
    "employee_effort": 2.0,
    "rate_response": 0.0,
    "half_life": 3.0,
    "best_fifth": 0.6,
    "recruits": 0.5,
    "buyer_promotes": 0.1,
    "order_rate": 0.2,
    "decision_days": 1.5,
    "pay_rate": 0.8,
    "double_paid": 0.4,
    "cannibalised": 0.25,
    "brought_forward": 0.2,
    "forward_days": 3.0,
    "new_share": 0.5,
    "repeat_orders": 0.6,
    "repeat_value": 100.0,
    "referred_value": 1.0,
    "return_rate": 0.15,
    "unit_cost": 40.0,
    "promoter_cost": 3.0,
}
CASES = {
    "first": {"binding": "first", "binding_days": 3},
    "override": {"binding": "override", "binding_days": 6, "protection_days": 1},
    "one level": {"levels": 1, "binding_days": 30},
}
COUNTED = (
    "contacts",
    "reached",
    "orders",
    "paid_orders",
    "unbound_orders",
    "reattributed_orders",
    "invited_promoters",
    "sales",
    "commission",
    "repeat_orders",
)


def drive(**case):
    given = {**RULES, **case}
    if given.get("binding") != "override":
        given.pop("double_paid")
    if given.get("levels") == 1:
        given.pop("recruits"), given.pop("buyer_promotes")
    return wb.DistributionDrive(
        name="n", start="2026-11-01", end=f"2026-11-0{DAYS}", until="2026-11-25", price=100,
        customers=60, employees=20, audience=900, direct_rate=0.1, invite_rate=0.05,
        freezing_days=7, return_days=7, repeat_days=10, **given,
    )  # fmt: skip


class Street:
    """One path: every promoter, every person of the audience, every order by itself."""

    def __init__(self, rules, seed):
        self.rules, self.rng = rules, np.random.default_rng(seed)
        self.seen = dict.fromkeys(COUNTED, 0.0)
        self.shape = float(talent_shape(np.array([RULES["best_fifth"]]))[0])
        self.tiring = 0.5 ** (1 / RULES["half_life"])
        # (kind, effort) of each promoter; kind 0 customer, 1 employee, 2 invited
        self.promoters = []
        rng = self.rng
        self.waiting = [0] * rng.binomial(60, 0.2) + [1] * rng.binomial(20, 0.5)
        self.joining = 0
        self.invited = set()
        self.first = {}  # person → (promoter, day reached)
        self.deciding = set()
        self.touched = {}  # person → days on which another promoter came
        self.made = {0: 0.0, 1: 0.0, 2: 0.0}

    def play(self):
        for day in range(40):
            if day < DAYS:
                self.begin()
                self.contact(day)
                self.recruit(day)
            elif not self.deciding:
                break
            self.order(day)
        return self.seen

    def begin(self):
        rng, fresh = self.rng, []
        self.promoters = [(kind, effort * self.tiring) for kind, effort in self.promoters]
        left = []
        for kind in self.waiting:
            (fresh if rng.random() < 1 / (1 + RULES["activation_days"]) else left).append(kind)
        self.waiting = left
        fresh += [2] * self.joining
        self.seen["invited_promoters"] += self.joining
        self.joining = 0
        self.promoters += [(kind, rng.gamma(self.shape) / self.shape) for kind in fresh]

    def contact(self, day):
        rng = self.rng
        for number, (kind, effort) in enumerate(self.promoters):
            rate = effort * RULES["contacts"] * (RULES["employee_effort"] if kind == 1 else 1)
            self.made[kind] += rate
            for person in rng.integers(0, 900, rng.poisson(rate)):
                self.seen["contacts"] += 1
                if person not in self.first:
                    self.first[person] = (number, day)
                    self.seen["reached"] += 1
                    if rng.random() < RULES["order_rate"]:
                        self.deciding.add(person)
                elif self.first[person][0] != number:
                    self.touched.setdefault(person, []).append(day)

    def recruit(self, day):
        if self.rules.levels < 2 or day + 1 >= DAYS:
            return
        for _, effort in self.promoters:
            for person in self.rng.integers(
                0, 900, self.rng.poisson(RULES["recruits"] * (1 - self.tiring) * effort)
            ):
                self.win(person)

    def win(self, person):
        if person not in self.invited:
            self.invited.add(person)
            self.joining += 1

    def order(self, day):
        rng = self.rng
        for person in sorted(self.deciding):
            if rng.random() >= 1 / (1 + RULES["decision_days"]):
                continue
            self.deciding.discard(person)
            self.seen["orders"] += 1
            if rng.random() >= RULES["pay_rate"]:
                continue
            self.seen["paid_orders"] += 1
            self.pay(person, day)
            if self.rules.levels > 1 and day + 1 < DAYS and rng.random() < RULES["buyer_promotes"]:
                self.win(-1 - len(self.invited))

    def pay(self, person, day):
        rng = self.rng
        number, reached = self.first[person]
        kind, times = self.promoters[number][0], 1
        if day - reached > self.rules.binding_days:
            kind = None
            self.seen["unbound_orders"] += 1
        elif self.rules.binding == "override" and any(
            one - reached > self.rules.protection_days for one in self.touched.get(person, ())
        ):
            self.seen["reattributed_orders"] += 1
            rates = np.array(list(self.made.values()))
            kind = int(rng.choice(3, p=rates / rates.sum()))
            times = 2 if rng.random() < RULES["double_paid"] else 1
        if rng.random() >= RULES["return_rate"]:
            self.seen["sales"] += 100
            if kind is not None:
                invite = 0.05 if kind == 2 and self.rules.levels > 1 else 0.0
                self.seen["commission"] += 100 * (times * 0.1 + invite)
        u = rng.random()
        replaced = RULES["cannibalised"] + RULES["brought_forward"]
        if u >= replaced and rng.random() < RULES["new_share"]:
            self.seen["repeat_orders"] += rng.poisson(RULES["repeat_orders"])


@pytest.fixture(scope="module", params=CASES)
def both(request):
    rules = drive(**CASES[request.param])
    fast = rules.simulate(n_paths=N_PATHS, seed=1)
    slow = [Street(rules, seed).play() for seed in range(N_PATHS)]
    return fast, slow


@pytest.mark.parametrize("quantity", COUNTED)
def test_every_quantity_has_the_same_distribution(both, quantity):
    fast, slow = both
    ours, theirs = fast.outcome(quantity), np.array([path[quantity] for path in slow])
    if not theirs.any():
        assert not ours.any()
        return
    assert stats.ks_2samp(ours, theirs).pvalue > 0.001
    error = np.hypot(ours.std(), theirs.std()) / np.sqrt(N_PATHS)
    assert abs(ours.mean() - theirs.mean()) < 4 * error
