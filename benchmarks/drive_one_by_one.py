"""A distribution drive played out contact by contact in SimPy, by the rules of its class."""

from dataclasses import dataclass

from play import Play, Steps

import workbench as wb
from workbench.campaign.promoters import talent_shape

CERTAIN = {
    "customer_activation": 0.2,
    "employee_activation": 0.5,
    "activation_days": 1.0,
    "contacts": 6.0,
    "employee_effort": 2.0,
    "rate_response": 0.5,
    "half_life": 3.0,
    "best_fifth": 0.6,
    "recruits": 0.5,
    "buyer_promotes": 0.1,
    "order_rate": 0.2,
    "decision_days": 1.5,
    "pay_rate": 0.8,
    "self_orders": 0.4,
    "self_anyway": 0.7,
    "double_paid": 0.4,
    "cannibalised": 0.25,
    "brought_forward": 0.2,
    "forward_days": 3.0,
    "new_share": 0.5,
    "repeat_orders": 0.6,
    "repeat_value": 110.0,
    "referred_value": 1.2,
    "return_rate": 0.15,
    "regular_price": 100.0,
    "unit_cost": 40.0,
    "promoter_cost": 3.0,
    "fixed_cost": 500.0,
}
ITEMS = (
    {"name": "a", "price": 80.0, "share": 3},
    {"name": "b", "price": 160.0, "share": 1, "group": True},
)
MORNING, SELLING, EVENING = 0.01, 0.9, 0.95
"""When promoters begin, how long they contact people, and when these order."""


def small_drive(customers: int, audience: int, *, days: int) -> wb.DistributionDrive:
    """A drive with everything that its rules allow, and certain inputs."""
    return wb.DistributionDrive(
        name="drive", start="2026-11-01", end=f"2026-11-{days:02d}", until="2026-12-01",
        items=ITEMS, customers=customers, employees=customers // 3, audience=audience,
        direct_rate=0.1, invite_rate=0.05, discount=0.1, binding="override",
        binding_days=6, protection_days=1, self_purchase=True, freezing_days=4, return_days=7,
        task={"customer": 3, "employee": [(customers // 10, 5), (customers // 6, 2)], "invited": 1},
        task_bonus={"customer": 20.0, "employee": 30.0}, repeat_days=20, **CERTAIN,
    )  # fmt: skip


@dataclass(eq=False)
class Promoter:
    """One who sells on."""

    kind: str
    effort: float
    task: int | None = None
    orders: int = 0


@dataclass(eq=False)
class Person:
    """Somebody of the audience who was reached."""

    promoter: Promoter
    day: int
    by: Promoter | None = None


class Street(Play):
    """One path: every promoter, contact, person reached, order and refund by itself."""

    def __init__(self, rules: wb.DistributionDrive, n_active: int, n_days: int, seed: int) -> None:
        repeat = rules.repeat_value * rules.referred_value
        super().__init__(
            rules, n_active, n_days, seed, regular=rules.regular_price, repeat_value=repeat
        )
        self.goods = rules.goods()
        self.shape = float(talent_shape(rules.best_fifth))
        self.tires = 0.5 ** (1.0 / rules.half_life)
        self.promoters: list[Promoter] = []
        self.reached: dict[int, Person] = {}
        self.invited: set[int] = set()
        response = (rules.mean_rate() / 0.1) ** rules.rate_response
        self.contacts = {
            "customer": rules.contacts * response,
            "employee": rules.contacts * response * rules.employee_effort,
            "invited": rules.contacts * response,
        }

    def campaign(self) -> Steps:
        """Old customers and employees, of whom some are willing to promote."""
        rules = self.rules
        self.seen["cost"] += rules.fixed_cost
        for kind, people in (("customer", rules.customers), ("employee", rules.employees)):
            asked = rules.task[kind]
            tasks = [people * [asked]] if isinstance(asked, int) else [n * [t] for n, t in asked]
            each = [one for some in tasks for one in some]
            for task in [*each, *[None] * (people - len(each))]:
                if self.rng.random() < getattr(rules, f"{kind}_activation"):
                    self.env.process(self.candidate(kind, task))
        yield self.env.timeout(0)

    def candidate(self, kind: str, task: int | None) -> Steps:
        """Someone willing, who begins on one of the days."""
        yield self.env.timeout(MORNING)
        for day in range(self.n_active):
            if self.rng.random() < 1.0 / (1.0 + self.rules.activation_days):
                yield from self.promote(kind, day, task)
                return
            yield self.env.timeout(1)

    def promote(self, kind: str, first: int, task: int | None) -> Steps:
        """What a promoter does each day; effort wears off."""
        rules, rng = self.rules, self.rng
        me = Promoter(kind, rng.gamma(self.shape) / self.shape, task)
        self.promoters.append(me)
        self.seen[f"{kind}_promoters"] += 1
        self.seen["cost"] += rules.promoter_cost
        for _ in range(rng.poisson(rules.self_orders)):
            self.buy_own(me)
        for day in range(first, self.n_active):
            times = rng.random(rng.poisson(me.effort * self.contacts[kind])) * SELLING
            for hour in sorted(times):
                yield self.env.timeout(max(day + MORNING + hour - self.env.now, 0.0))
                self.meet(me, int(rng.integers(rules.audience)), day)
            for _ in range(rng.poisson(rules.recruits * (1.0 - self.tires) * me.effort)):
                self.invite(int(rng.integers(rules.audience)), day)
            me.effort *= self.tires
            yield self.env.timeout(day + 1 + MORNING - self.env.now)

    def invite(self, person: int, day: int) -> None:
        """Someone becomes a promoter the next day, unless it is over or they are one."""
        if day + 1 < self.n_active and person not in self.invited:
            self.invited.add(person)
            self.env.process(self.invitee(day + 1))

    def invitee(self, day: int) -> Steps:
        """Someone invited, who begins the next morning."""
        yield self.env.timeout(day + MORNING - self.env.now)
        yield from self.promote("invited", day, self.rules.task["invited"])

    def meet(self, promoter: Promoter, person: int, day: int) -> None:
        """A contact: the first with a person reaches, one of another may take the person over."""
        self.seen["contacts"] += 1
        known = self.reached.get(person)
        if known is None:
            self.seen["reached"] += 1
            self.reached[person] = known = Person(promoter, day)
            if self.rng.random() < self.rules.order_rate:
                self.env.process(self.decide(person, known))
            return
        self.seen["overlapping"] += 1
        other = known.by is None and known.promoter is not promoter
        if other and day - known.day > self.rules.protection_days:
            known.by = promoter

    def decide(self, number: int, person: Person) -> Steps:
        """Someone who will order, and does so on one of the evenings."""
        rules, seen, rng = self.rules, self.seen, self.rng
        yield self.env.timeout(person.day + EVENING - self.env.now)
        while rng.random() >= 1.0 / (1.0 + rules.decision_days):
            yield self.env.timeout(1)
        day = int(self.env.now)
        seen["orders"] += 1
        if rng.random() >= rules.pay_rate:
            seen["unpaid_orders"] += 1
            return
        seen["paid_orders"] += 1
        if rng.random() < rules.buyer_promotes:
            self.invite(number, day)
        self.whose(person, day)
        self.reason()

    def whose(self, person: Person, day: int) -> None:
        """Who earns on the order: nobody, who reached the person first, or who took over."""
        seller, times = person.promoter, 1
        if day - person.day > self.rules.binding_days:
            self.seen["unbound_orders"] += 1
            self.env.process(self.sell(None, 0))
            return
        if person.by is not None:
            self.seen["reattributed_orders"] += 1
            seller = person.by
            if self.rng.random() < self.rules.double_paid:
                self.seen["twice_paid_orders"] += 1
                times = 2
        self.env.process(self.sell(seller, times))

    def buy_own(self, me: Promoter) -> None:
        """A promoter's own order, which most would have placed anyway."""
        self.seen["self_orders"] += 1
        self.env.process(self.sell(me, 1))
        if self.rng.random() < self.rules.self_anyway:
            self.replace(self.regular)

    def sell(self, seller: Promoter | None, times: int) -> Steps:
        """A paid order: goods, refund, and the commission until all is settled."""
        rules, seen, rng = self.rules, self.seen, self.rng
        item = self.goods[int(rng.choice(len(self.goods), p=[one.share for one in self.goods]))]
        price = item.price * (1.0 - rules.discount)
        after = rng.random() * rules.return_days if rng.random() < rules.return_rate else None
        kind = "unbound" if seller is None else seller.kind
        seen[f"{kind}_orders"] += kind != "unbound"
        seen["paid"] += price
        seen["discount_given"] += item.price - price
        if after is None:
            seen["sales"] += price
            seen[f"{kind}_sales"] += price
            seen["gross_margin"] += price - rules.unit_cost
        else:
            seen["returned"] += price
            seen["returned_orders"] += 1
        if seller is None:
            return
        seller.orders += 1
        direct = item.direct_rate * price
        invite = item.invite_rate * price if kind == "invited" else 0.0
        if after is None:
            seen["direct_commission"] += direct
            seen["invite_commission"] += invite
            seen["double_commission"] += (times - 1) * direct
        yield from self.settle(times * direct + invite, after)

    def settle(self, amount: float, after: float | None) -> Steps:
        """Commission is frozen, then paid out unless goods came back; later it is taken back."""
        rules, seen = self.rules, self.seen
        seen["accrued_commission"] += amount
        seen["unsettled_commission"] += amount
        if after is None:
            seen["commission"] += amount
        else:
            seen["reversible_commission"] += amount
        yield self.env.timeout(rules.freezing_days)
        seen["unsettled_commission"] -= amount
        if after is not None and after < rules.freezing_days:
            seen["cancelled_commission"] += amount
            seen["reversible_commission"] -= amount
            return
        seen["settled_commission"] += amount
        if after is not None:
            yield self.env.timeout(max(rules.return_days - rules.freezing_days, 0))
            seen["clawed_back_commission"] += amount
            seen["reversible_commission"] -= amount

    def close(self) -> None:
        """Sums over promoters."""
        super().close()
        seen, kinds = self.seen, tuple(self.contacts)
        seen["promoters"] = len(self.promoters)
        seen["promoter_orders"] = sum(seen[f"{kind}_orders"] for kind in kinds)
        for one in self.promoters:
            if one.task is None:
                continue
            for name in ("tasks", f"{one.kind}_tasks"):
                seen[name] += 1
                seen[f"{name}_met"] += one.orders >= one.task
            if one.orders >= one.task:
                seen["cost"] += self.rules.task_bonus.get(one.kind, 0.0)
        seen["cost"] += seen["commission"]
