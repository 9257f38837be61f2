"""The group-buy: a lower price for people who bring others along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from workbench.campaign.base import Campaign
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_flow import run_groups
from workbench.campaign.group_money import book_money
from workbench.campaign.group_notices import group_notices
from workbench.campaign.group_rules import group_problems
from workbench.campaign.group_terms import Form, Terms, terms
from workbench.campaign.inputs import GIVEN, Given
from workbench.campaign.joining import expiry_days
from workbench.campaign.ledger import Balance, Ledger
from workbench.campaign.scene import Scene
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem

COST_SHARE = 0.5
"""Cost of goods as a share of the price where nothing is known."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupBuy(Campaign):
    """A group-buy 拼团: visitors open groups, invite friends, and buy cheaper when a group is full.

    Visits → orders to open → paid → group open → friends join → complete, or expired and refunded.
    A group's payments are dated on the day it opened, its sale on the day it is complete: full, or
    at its expiry by tier or by simulated completion. The stock reserves a piece for every place of
    an open group; extra pieces are taken when the group completes. One order takes the place of at
    most one full-price piece: a share would have been bought anyway on the day, a share later.

    Decisions:
        price: list price per piece. discount: share taken off (0.2 = 20 % off), or group_price.
        group_size: people that make a group full, the leader included.
        validity_hours: hours a group stays open.
        leader_discount: further share of the list price that the leader saves.
        limit_per_person: most pieces per buyer. stock: pieces for the whole campaign (限量).
        simulated_completion: an expired group with at least this share of its people completes
            (模拟成团); 0 for never. collect: unfilled groups are listed for strangers (凑团).
        form: ``plain``, ``tiered`` (阶梯; ``tiers`` of people and discount, the first charged, the
            difference refunded), ``old_brings_new`` (老带新: only first-time buyers may join),
            ``lottery`` (抽奖; ``prizes`` winners, the others refunded).
        audience: people there are to reach; buying makes it smaller.
        rhythm: weight of each day, such as ``(3, 1, 1, 2)``; by default all days alike.

    Inputs (number, range, distribution, or None for the prior in ``priors/group_buy.yaml``):
        visits per day in all units; the others are explained there. ``repeat_orders`` are those
        of a new customer within ``repeat_days``. ``engaged`` is the share of visitors who take
        part in the comments (留言互动), beyond what the other rates hold: they start a group
        ``engaged_opens`` times as often and then bring ``engaged_invites`` times as many friends.

    >>> buy = GroupBuy(name="双11拼团", start="2026-11-01", end="2026-11-07", units="online",
    ...     price=100, discount=0.2, group_size=2, visits=2000, fixed_cost=3000)
    >>> result = buy.simulate(n_paths=500)
    >>> table = result.summary().set_index("quantity")
    >>> bool(table.loc["opens", "p50"] > table.loc["completed_groups", "p50"] > 0)
    True
    >>> result.totals("2026-10-01", "2026-12-31").shape
    (500, 1)
    """

    kind: ClassVar[str] = "group_buy"
    steps: ClassVar[tuple[str, ...]] = ("visits", "starts", "opens", "completed_groups")
    ratios: ClassVar[Mapping[str, tuple[str, str]]] = {
        "success_rate": ("completed_groups", "opens")
    }

    price: float
    visits: Given
    discount: float | None = None
    group_price: float | None = None
    group_size: int = 2
    validity_hours: float = 24.0
    leader_discount: float = 0.0
    limit_per_person: int | None = None
    stock: int | None = None
    simulated_completion: float = 0.0
    collect: bool = False
    form: Form = "plain"
    tiers: Sequence[tuple[int, float]] = ()
    prizes: int | None = None
    audience: int | None = None
    rhythm: Sequence[float] | None = None
    repeat_days: int = 91
    visit_variation: Given = None
    open_rate: Given = None
    engaged: Given = None
    engaged_opens: Given = None
    engaged_invites: Given = None
    pay_rate: Given = None
    joiners: Given = None
    onward: Given = None
    group_variation: Given = None
    listed_joiners: Given = None
    answer_rate: Given = None
    join_hours: Given = None
    invited_new: Given = None
    restart: Given = None
    extra_pieces: Given = None
    cannibalised: Given = None
    brought_forward: Given = None
    forward_days: Given = None
    new_share: Given = None
    repeat_orders: Given = None
    repeat_value: Given = None
    return_rate: Given = None
    regular_price: Given = None
    unit_cost: Given = None
    visit_cost: Given = None
    consolation: Given = None

    def given(self) -> dict[str, Given]:
        """The inputs that this form of group-buy needs."""
        unused: set[str] = set()
        if self.engaged is None:
            unused |= {"engaged", "engaged_opens", "engaged_invites"}
        if not self.collect:
            unused.add("listed_joiners")
        if self.form != "old_brings_new":
            unused.add("invited_new")
        if self.form != "lottery":
            unused.add("consolation")
        own = {name: getattr(self, name) for name in INPUTS if name not in unused}
        if isinstance(self.price, int | float):
            usual = Distribution("fixed", (float(self.price),), GIVEN)
            half = Distribution("fixed", (COST_SHARE * self.price,), "assumption")
            for name, stand_in in (
                ("regular_price", usual),
                ("repeat_value", replace(usual, source="assumption")),
                ("unit_cost", half),
            ):
                own[name] = stand_in if own[name] is None else own[name]
        return {**super().given(), **own}

    def settling(self) -> int:
        """Days after the last until its last group is full or expired."""
        if not isinstance(self.validity_hours, int | float) or not self.validity_hours > 0:
            return 0
        return len(expiry_days(float(min(self.validity_hours, 1e4)))) - 1

    def terms(self) -> Terms:
        """Who pays what, and when a group is complete."""
        tiers = list(self.tiers) if self.form == "tiered" else [(self.group_size, self.share_off())]
        return terms(self.price, tiers, self.leader_discount, self.simulated_completion)

    def share_off(self) -> float:
        """The discount as a share of the list price."""
        if self.discount is not None:
            return float(self.discount)
        return 1.0 - float(self.group_price or 0.0) / self.price

    def rules(self, used: Mapping[str, Distribution]) -> list[Problem]:
        """What is wrong with the rules of the group-buy."""
        return group_problems(self, used)

    def run(self, scene: Scene) -> tuple[Ledger, list[Balance]]:
        """Groups day by day, then what they are worth."""
        cells = run_groups(self, scene)
        ledger = Ledger(
            dates=scene.stage.dates, units=scene.stage.units, cells=book_money(self, scene, cells)
        )
        return ledger, self.balances(scene)

    def balances(self, scene: Scene) -> list[Balance]:
        """Groups, orders, money, stock and later sales are conserved on every path."""
        refunds = ("refunded_failed", "refunded_tier", "refunded_lottery")
        groups = ("completed_groups", "failed_groups")
        found = [
            Balance("groups", ("opens",), groups, running=True),
            Balance("orders", ("opens", "joins"), ("completed_orders", "failed_orders")),
            Balance("money", ("paid",), ("sales", "returned", *refunds)),
            Balance("refunds", refunds, ("refunded",)),
            Balance("later sales", ("forward_orders",), ("repaid_orders", "owed_orders")),
            Balance("simulated", ("completed_groups",), ("simulated_groups",), "some", True),
            Balance("returns", ("pieces",), ("returned_pieces",), "some", True),
        ]
        if self.form == "lottery":
            found.append(Balance("lottery", ("completed_orders",), ("winners", "losers")))
        if self.stock is not None:
            limit = tuple(float(one) for one in spread_whole(self.stock, scene.stage.shares))
            found.append(Balance("stock", ("reserved",), ("released",), "some", True, limit))
            found.append(Balance("pieces", ("reserved",), ("released", "pieces")))
        return found

    def notices(self, result: Simulation) -> tuple[Problem, ...]:
        """Losses, explosive growth and an early end of the stock."""
        return group_notices(self, result)


INPUTS = tuple(
    name
    for name, field in GroupBuy.__dataclass_fields__.items()
    if field.type is Given and name != "fixed_cost"
)


def spread_whole(amount: int, shares: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[int]:
    """A whole number shared out in whole parts, the largest remainders first.

    >>> spread_whole(10, np.array([0.5, 0.25, 0.25]))
    [5, 3, 2]
    """
    exact = amount * shares
    parts = np.floor(exact + 1e-9)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: round(amount - parts.sum())]] += 1
    return [int(part) for part in parts]
