"""The discount: time-limited price, flash sale, money off above a sum, coupon, member price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from workbench.campaign.base import Campaign
from workbench.campaign.discount_flow import run_coupons, run_offers
from workbench.campaign.discount_money import book_discount
from workbench.campaign.discount_notices import discount_notices
from workbench.campaign.discount_rules import discount_problems
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_buy import spread_whole
from workbench.campaign.inputs import GIVEN, Given
from workbench.campaign.ledger import Balance, Ledger
from workbench.campaign.scene import Scene
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem

COST_SHARE = 0.5
"""Cost of goods as a share of the price where nothing is known."""
Form = Literal["timed", "flash", "threshold", "coupon", "member"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Discount(Campaign):
    """A discount 限时折扣 / 秒杀 / 满减 / 优惠券 / 会员价: what it adds, moves, and gives away.

    Who would have bought anyway pays less, too; that is its price. More orders come the deeper it
    is (``elasticity``). Of these some replace other goods of the shop, some are brought forward
    from later days, and only the rest is additional.

    Decisions:
        form: ``timed`` (限时折扣) or ``flash`` (秒杀, with a stock): ``discount`` off the price;
            ``threshold`` (满减): ``tiers`` of (sum of the order, money off), the highest one
            reached counts; ``coupon`` (优惠券): ``issued`` coupons worth ``off`` from ``minimum``
            on; ``member`` (会员价): ``members``, tier → its share of the usual orders and its
            discount.
        price: what an order of the goods on offer comes to without discount, on average.
        discount: share of the price, 0.2 is 20 % off.
        stock: orders that can be served at the discount, over all units; None for no limit.
        repeat_days: window in which new customers' ``repeat_orders`` are counted.

    Inputs (number, range, distribution, or None for the prior in ``priors/discount.yaml``) are
    explained there. ``orders`` are the usual ones a day of the goods on offer, all units together;
    a coupon needs none.

    >>> sale = Discount(name="限时折扣", start="2026-11-01", end="2026-11-05", price=100,
    ...     discount=0.2, orders=50, units="online")
    >>> table = sale.simulate(n_paths=200).summary().set_index("quantity")
    >>> bool(table.loc["orders", "p50"] > table.loc["usual_orders", "p50"] > 200)
    True
    """

    kind: ClassVar[str] = "discount"
    steps: ClassVar[tuple[str, ...]] = ("issued_coupons", "demand", "orders", "added_orders")
    ratios: ClassVar[Mapping[str, tuple[str, str]]] = {
        "discount_depth": ("discount_given", "list_value"),
        "anyway_share": ("usual_orders", "orders"),
    }

    form: Form = "timed"
    price: float
    discount: float | None = None
    tiers: Sequence[tuple[float, float]] = ()
    off: float | None = None
    minimum: float = 0.0
    issued: int | None = None
    members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stock: int | None = None
    repeat_days: int = 91
    orders: Given = None
    order_variation: Given = None
    elasticity: Given = None
    basket_spread: Given = None
    stretch: Given = None
    topped_up: Given = None
    redemption: Given = None
    anyway: Given = None
    switched: Given = None
    brought_forward: Given = None
    forward_days: Given = None
    new_share: Given = None
    repeat_orders: Given = None
    repeat_value: Given = None
    deal_value: Given = None
    return_rate: Given = None
    unit_cost: Given = None

    def given(self) -> dict[str, Given]:
        """The inputs that this form of discount needs."""
        unused = {"redemption", "anyway"}
        if self.form == "coupon":
            unused = {"orders", "order_variation", "elasticity"}
        if self.form != "threshold":
            unused |= {"basket_spread", "stretch", "topped_up"}
        own = {name: getattr(self, name) for name in INPUTS if name not in unused}
        if isinstance(self.price, int | float) and self.price > 0:
            usual = Distribution("fixed", (float(self.price),), GIVEN)
            half = Distribution("fixed", (COST_SHARE * self.price,), "assumption")
            stand_in = {"repeat_value": replace(usual, source="assumption"), "unit_cost": half}
            own |= {name: one for name, one in stand_in.items() if own[name] is None}
        return {**super().given(), **own}

    def rules(self, used: Mapping[str, Distribution]) -> list[Problem]:
        """What is wrong with the rules of the discount."""
        return discount_problems(self, used)

    def run(self, scene: Scene) -> tuple[Ledger, list[Balance]]:
        """Orders day by day, then the money."""
        flow = (run_coupons if self.form == "coupon" else run_offers)(self, scene)
        cells = book_discount(self, scene, flow)
        ledger = Ledger(dates=scene.stage.dates, units=scene.stage.units, cells=cells)
        return ledger, self.balances(scene)

    def balances(self, scene: Scene) -> list[Balance]:
        """Demand, orders, coupons, stock and money are conserved on every path."""
        found = [
            Balance("demand", ("demand",), ("orders", "unmet_orders")),
            Balance("orders", ("orders",), ("usual_orders", "extra_orders")),
            Balance(
                "extra", ("extra_orders",), ("switched_orders", "forward_orders", "added_orders")
            ),
            Balance("list value", ("list_value",), ("discount_given", "paid")),
            Balance("money", ("paid",), ("sales", "returned")),
            Balance("later sales", ("forward_orders",), ("repaid_orders", "owed_orders")),
            Balance("new customers", ("added_orders",), ("new_customers",), "some", running=True),
        ]
        if self.form == "coupon":
            taken = ("orders", "expired_coupons")
            found.append(Balance("coupons", ("issued_coupons",), taken, running=True))
        if self.stock is not None:
            most = tuple(float(one) for one in spread_whole(self.stock, scene.stage.shares))
            found.append(Balance("stock", ("orders",), (), "some", True, most))
        return found

    def notices(self, result: Simulation) -> tuple[Problem, ...]:
        """Prices below cost, a likely loss, stock that runs out."""
        return discount_notices(self, result)


INPUTS = tuple(
    name
    for name, one in Discount.__dataclass_fields__.items()
    if one.type is Given and name != "fixed_cost"
)
