"""The distribution drive: old customers and employees sell on, for a commission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.distribution import Distribution
from workbench.campaign.drive_flow import run_drive
from workbench.campaign.drive_items import Item, read_items, wrong_items
from workbench.campaign.drive_money import book_drive
from workbench.campaign.drive_notices import drive_notices, results_per_promoter
from workbench.campaign.drive_rules import drive_problems
from workbench.campaign.group_buy import spread_whole
from workbench.campaign.inputs import GIVEN, Given
from workbench.campaign.ledger import Balance, Ledger
from workbench.campaign.scene import Scene
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem

COST_SHARE = 0.5
"""Cost of goods as a share of the price where nothing is known."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DistributionDrive(Campaign):
    """A distribution drive 分销: promoters share links and earn commission on what is bought.

    Promoters become active → contact people → reach those not reached before → some of these order
    after a while → pay → commission accrues → freezing days → settled. Contacts fall on anybody in
    a finite audience alike, so that circles overlap and the audience saturates. What promoters do
    is very unequal (``best_fifth``) and wears off (``half_life``). An order is dated on the day it
    is paid, its returns with it; commission is a cost of that day.

    Decisions:
        audience: people that promoters can reach. customers, employees: who may become promoters.
        price: list price of an order, or items: mappings with name, price, share (of the orders),
            direct_rate, invite_rate, group (True for goods that are in a group-buy).
        direct_rate, invite_rate: commission for the seller, and for who invited the seller, as
            shares of the amount paid. levels: 2, or 1 for no invite commission; never more.
        group_items_earn: whether goods in a group-buy earn commission.
        discount: share of the price that buyers save through a link.
        binding: ``first`` (who came first keeps the customer for binding_days) or ``override``
            (after protection_days another promoter's contact takes the customer over).
        self_purchase: whether promoters earn on what they buy themselves.
        freezing_days: from payment until commission is paid out. return_days: in which goods may be
            sent back. clawback: whether commission on later returns is taken back.
        task: orders that each promoter is asked for, or by kind (customer, employee, invited) those
            of each, or pairs: ``{"customer": 2, "employee": [(5, 20), (30, 8)]}`` asks 5 employees
            for 20 orders each and 30 for 8. task_bonus: money for each who meets it, or by kind.

    Inputs (number, range, distribution, or None for the prior in ``priors/drive.yaml``) are
    explained there. ``repeat_orders`` are those of a new customer within ``repeat_days``.

    >>> drive = DistributionDrive(name="老客分销", start="2026-11-01", end="2026-11-14", price=200,
    ...     customers=10_000, employees=200, audience=200_000, units="online")
    >>> result = drive.simulate(n_paths=200)
    >>> table = result.summary().set_index("quantity")
    >>> bool(table.loc["reached", "p50"] > table.loc["orders", "p50"] > 0)
    True
    >>> result.totals("2026-10-01", "2026-12-31").shape
    (200, 1)
    """

    kind: ClassVar[str] = "drive"
    steps: ClassVar[tuple[str, ...]] = ("contacts", "reached", "orders", "paid_orders")
    ratios: ClassVar[Mapping[str, tuple[str, str]]] = {
        "commission_rate": ("commission", "sales"),
        "orders_per_promoter": ("promoter_orders", "promoters"),
    }

    audience: int
    customers: int = 0
    employees: int = 0
    price: float | None = None
    items: Sequence[Mapping[str, Any]] = ()
    direct_rate: float = 0.1
    invite_rate: float = 0.02
    levels: int = 2
    group_items_earn: bool = False
    discount: float = 0.0
    binding: Literal["first", "override"] = "first"
    binding_days: int = 30
    protection_days: int = 7
    self_purchase: bool = False
    freezing_days: int = 15
    return_days: int = 7
    clawback: bool = True
    task: int | Mapping[str, Any] | None = None
    task_bonus: float | Mapping[str, float] = 0.0
    repeat_days: int = 91
    customer_activation: Given = None
    employee_activation: Given = None
    activation_days: Given = None
    contacts: Given = None
    employee_effort: Given = None
    rate_response: Given = None
    half_life: Given = None
    best_fifth: Given = None
    recruits: Given = None
    buyer_promotes: Given = None
    order_rate: Given = None
    decision_days: Given = None
    pay_rate: Given = None
    self_orders: Given = None
    self_anyway: Given = None
    double_paid: Given = None
    cannibalised: Given = None
    brought_forward: Given = None
    forward_days: Given = None
    new_share: Given = None
    repeat_orders: Given = None
    repeat_value: Given = None
    referred_value: Given = None
    return_rate: Given = None
    regular_price: Given = None
    unit_cost: Given = None
    promoter_cost: Given = None

    def given(self) -> dict[str, Given]:
        """The inputs that this drive needs."""
        unused = set() if self.self_purchase else {"self_orders", "self_anyway"}
        if self.binding != "override":
            unused.add("double_paid")
        if self.levels == 1:
            unused |= {"recruits", "buyer_promotes"}
        own = {name: getattr(self, name) for name in INPUTS if name not in unused}
        price = self.mean_price()
        if price is not None:
            usual = Distribution("fixed", (price,), GIVEN)
            half = Distribution("fixed", (COST_SHARE * price,), "assumption")
            for name, stand_in in (
                ("regular_price", usual),
                ("repeat_value", replace(usual, source="assumption")),
                ("unit_cost", half),
            ):
                own[name] = stand_in if own[name] is None else own[name]
        return {**super().given(), **own}

    def settling(self) -> int:
        """Days after the last until returns of its orders are in and commission is settled."""
        days = (self.freezing_days, self.return_days)
        return max((one for one in days if isinstance(one, int) and 0 < one < 400), default=0)

    def goods(self) -> tuple[Item, ...]:
        """The items with their shares of the orders and their commission."""
        return read_items(
            self.items,
            price=self.price,
            rates=(self.direct_rate, self.invite_rate),
            group_items_earn=self.group_items_earn,
        )

    def mean_price(self) -> float | None:
        """List price of an order on average; None where prices cannot be used."""
        usable = isinstance(self.price, int | float) and self.price > 0
        if bool(self.items) == usable or wrong_items(self.name, self.items):
            return None
        return float(sum(item.share * item.price for item in self.goods()))

    def mean_rate(self) -> float:
        """Direct commission as a share of the money, over all items."""
        worth = [(item.share * item.price, item.direct_rate) for item in self.goods()]
        return sum(part * rate for part, rate in worth) / sum(part for part, _ in worth)

    def rules(self, used: Mapping[str, Distribution]) -> list[Problem]:
        """What is wrong with the rules of the drive."""
        return drive_problems(self, used)

    def run(self, scene: Scene) -> tuple[Ledger, list[Balance]]:
        """Promoters and orders day by day, then money and commission."""
        cells = book_drive(self, scene, run_drive(self, scene))
        ledger = Ledger(dates=scene.stage.dates, units=scene.stage.units, cells=cells)
        return ledger, self.balances(scene)

    def balances(self, scene: Scene) -> list[Balance]:
        """Promoters, people, orders, money and commission are conserved on every path."""
        shares = scene.stage.shares
        most = {
            name: tuple(float(one) for one in spread_whole(people, shares))
            for name, people in (
                ("customer_promoters", self.customers),
                ("employee_promoters", self.employees),
                ("invited_promoters", self.audience),
                ("reached", self.audience),
            )
        }
        sellers = ("customer", "employee", "invited", "unbound")
        orders, sales = ([f"{one}_{what}" for one in sellers] for what in ("orders", "sales"))
        due = ("commission", "clawed_back_commission", "overpaid_commission")
        parts = ("settled_commission", "cancelled_commission", "unsettled_commission")
        return [
            *(Balance(name, (name,), (), "some", True, limit) for name, limit in most.items()),
            Balance("decisions", ("reached",), ("orders",), "some", running=True),
            Balance("orders", ("orders",), ("paid_orders", "unpaid_orders")),
            Balance("sellers", ("paid_orders", "self_orders"), tuple(orders)),
            Balance("money", ("paid",), ("sales", "returned")),
            Balance("sales", ("sales",), tuple(sales)),
            Balance("accrual", ("accrued_commission",), parts, running=True),
            Balance(
                "commission",
                ("settled_commission", "unsettled_commission"),
                (*due, "reversible_commission"),
            ),
            Balance(
                "levels",
                ("commission",),
                ("direct_commission", "invite_commission", "double_commission"),
            ),
            Balance("later sales", ("forward_orders",), ("repaid_orders", "owed_orders")),
            Balance("tasks", ("tasks",), tuple(f"{one}_tasks" for one in sellers[:3])),
            Balance("tasks met", ("tasks_met",), tuple(f"{one}_tasks_met" for one in sellers[:3])),
            *(
                Balance(f"{one} tasks", (f"{one}_promoters",), (f"{one}_tasks",), "some")
                for one in sellers[:3]
            ),
            *(
                Balance(f"{one} tasks met", (f"{one}_tasks",), (f"{one}_tasks_met",), "some")
                for one in sellers[:3]
            ),
        ]

    def notices(self, result: Simulation) -> tuple[Problem, ...]:
        """Losses, explosive growth, an exhausted audience, commission paid twice or too early."""
        return drive_notices(self, result)

    def per_promoter(self, result: Simulation) -> pd.DataFrame:
        """What a single promoter brings: one row per kind of promoter.

        Columns: ``promoters`` (kind), ``count`` (active, mean), ``orders`` (per active promoter,
        mean), ``without_orders`` (share), ``p50``, ``p90`` (orders), ``best_fifth`` (share of
        orders by the best 20 %), ``best_tenth`` (by the best 10 %), ``commission`` (money per
        active promoter, mean), ``met`` (of those with a task, the share that meets it).
        """
        return results_per_promoter(self, result)


INPUTS = tuple(
    name
    for name, field in DistributionDrive.__dataclass_fields__.items()
    if field.type is Given and name != "fixed_cost"
)
