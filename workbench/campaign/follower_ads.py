"""Follower ads: money that wins followers of the shop's account, some of whom buy later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pandas as pd

from workbench.campaign.ads_flow import win_followers
from workbench.campaign.ads_money import book_orders
from workbench.campaign.ads_notices import ads_notices, creative_table
from workbench.campaign.ads_repeat import usual_repeat_rate
from workbench.campaign.ads_rules import ads_problems
from workbench.campaign.base import Campaign
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_terms import whole_number
from workbench.campaign.inputs import Given, as_distribution
from workbench.campaign.ledger import Balance, Ledger
from workbench.campaign.scene import Scene
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem


@dataclass(frozen=True, kw_only=True, eq=False)
class FollowerAds(Campaign):
    """Follower ads 公众号增粉广告: spend → followers → product link → first order → repurchase.

    Ads on a platform are clicked, and some who click follow the account. Followers leave again or
    stay; those who stay may open the product link of the automatic reply, and some of them order
    once they have decided, often weeks later. Who leaves never orders. An order counts where it is
    paid (an ``order_rate`` without a ``pay_rate`` is of paid orders). First orders that would not
    have come anyway are those of new customers; of these a share buys again in the stated window of
    ``repeat_days`` days after the first order, each repeat order on any of its days alike.

    Decisions:
        daily_budget: most that is spent per day, in all units together. spend_cap: most that is
            spent in all; None for none.
        usual_spend: daily spend at which ``cost_per_follower`` was seen. A day that spends x times
            as much pays x ** ``cost_rise`` times as much per follower. By default the cost does not
            depend on the spend: give it wherever budgets are compared.
        audience: people the platform can show the ads to; who followed once is not won again, so
            that followers become dearer as it is used up. None for one without end.
        creatives: up to six, each ``{"name": "送礼优选", "share": 0.5, "cost": 0.9}``: its share of
            the spend, and its cost per follower relative to the others (1 unless said).
        repeat_days: the window in which ``repeat_rate`` is meant.
        rhythm: weight of each day's budget, such as ``(3, 1, 1, 2)``; by default all days alike.

    Inputs (number, range, distribution, or None for the prior in ``priors/ads.yaml``):
        order_value, the value of a first order; the others are explained there.

    >>> ads = FollowerAds(name="增粉", start="2026-11-01", end="2026-11-30", units="online",
    ...     daily_budget=1000, order_value=300)
    >>> result = ads.simulate(n_paths=200)
    >>> table = result.summary().set_index("quantity")
    >>> bool(table.loc["followers", "p50"] > table.loc["first_orders", "p50"] > 0)
    True
    >>> bool((result.outcome("ad_spend") <= 30_000).all())
    True
    """

    kind: ClassVar[str] = "ads"
    steps: ClassVar[tuple[str, ...]] = (
        "clicks", "followers", "stayed", "link_opens", "placed_orders", "first_orders",
        "repeat_customers",
    )  # fmt: skip
    ratios: ClassVar[Mapping[str, tuple[str, str]]] = {
        "follower_cost": ("ad_spend", "followers"),
        "stay_share": ("stayed", "followers"),
        "buyer_share": ("first_orders", "followers"),
        "paid_share": ("first_orders", "placed_orders"),
        "repeat_share": ("repeat_customers", "new_customers"),
    }

    daily_budget: float
    order_value: Given
    spend_cap: float | None = None
    usual_spend: float | None = None
    audience: int | None = None
    creatives: Sequence[Mapping[str, Any]] = ()
    repeat_days: int = 91
    rhythm: Sequence[float] | None = None
    cost_per_follower: Given = None
    cost_rise: Given = None
    cost_variation: Given = None
    creative_spread: Given = None
    delivery: Given = None
    follow_rate: Given = None
    stay_rate: Given = None
    leave_days: Given = None
    link_rate: Given = None
    order_rate: Given = None
    pay_rate: Given = None
    decide_days: Given = None
    cannibalised: Given = None
    repeat_rate: Given = None
    repeat_more: Given = None
    repeat_value: Given = None
    return_rate: Given = None
    partial_rate: Given = None
    partial_share: Given = None
    goods_share: Given = None

    def given(self) -> dict[str, Given]:
        """The inputs; a repeat order is worth a first one, and orders are paid, unless said."""
        unused = set()
        if self.usual_spend is None:
            unused.add("cost_rise")
        if not isinstance(self.creatives, list | tuple) or len(self.creatives) < 2:
            unused.add("creative_spread")
        own = {name: getattr(self, name) for name in INPUTS if name not in unused}
        if own["repeat_value"] is None:
            own["repeat_value"] = _same(self.order_value)
        if own["pay_rate"] is None and own["order_rate"] is not None:
            own["pay_rate"] = Distribution("fixed", (1.0,), "assumption")
        if own["repeat_rate"] is None and whole_number(self.repeat_days, 1):
            own["repeat_rate"] = usual_repeat_rate(self.repeat_days)
        return {**super().given(), **own}

    def rules(self, used: Mapping[str, Distribution]) -> list[Problem]:
        """What is wrong with budget, audience, creatives and window."""
        return ads_problems(self, used)

    def run(self, scene: Scene) -> tuple[Ledger, list[Balance]]:
        """Followers day by day, then what they order and what that is worth."""
        cells = book_orders(self, scene, win_followers(self, scene))
        ledger = Ledger(dates=scene.stage.dates, units=scene.stage.units, cells=cells)
        return ledger, self.balances()

    def balances(self) -> list[Balance]:
        """Spend, people, orders and money are conserved on every path."""
        numbers = range(1, len(self.creatives) + 1)
        found = [
            Balance("followers", ("followers",), ("stayed", "unfollowed", "leaving")),
            Balance("followers left", ("followers",), ("unfollowed",), "some", running=True),
            Balance("clicks", ("clicks",), ("followers",), "some", running=True),
            Balance("link", ("stayed",), ("link_opens",), "some", running=True),
            Balance("deciders", ("link_opens",), ("deciders",), "some", running=True),
            Balance(
                "first orders", ("deciders",), ("placed_orders", "pending_orders"), running=True
            ),
            Balance("payments", ("placed_orders",), ("first_orders", "unpaid_orders")),
            Balance("reasons", ("first_orders",), ("cannibalised_orders", "new_customers")),
            Balance("returning", ("new_customers",), ("repeat_customers",), "some", running=True),
            Balance("repeat orders", ("repeat_due",), ("repeat_orders", "repeat_beyond")),
            Balance("repeats per customer", ("repeat_due",), ("repeat_customers",), "some"),
            Balance(
                "refunds", ("first_orders",), ("returned_orders", "partly_refunded_orders"), "some"
            ),
            Balance("money", ("paid",), ("sales", "returned", "refunded")),
        ]
        if numbers:
            spends = tuple(f"creative_{number}_spend" for number in numbers)
            followers = tuple(f"creative_{number}_followers" for number in numbers)
            found.append(Balance("spend", ("ad_spend",), spends))
            found.append(Balance("followers of creatives", ("followers",), followers))
        return found

    def notices(self, result: Simulation) -> tuple[Problem, ...]:
        """The best creative and how sure that is, an audience used up, a cap, orders to come."""
        return ads_notices(self, result)

    def by_creative(self, result: Simulation) -> pd.DataFrame:
        """One row per creative: what it spends and wins, and how likely it is the cheapest.

        Columns: ``creative``, ``spend``, ``followers`` (means), ``p10``, ``p50``, ``p90`` of its
        cost per follower, ``best`` (probability that its cost per follower is the lowest).
        """
        return creative_table(self, result)


INPUTS = tuple(
    name
    for name, field in FollowerAds.__dataclass_fields__.items()
    if field.type is Given and name != "fixed_cost"
)


def _same(value: Given) -> Given:
    """The order value standing in for the repeat value: an assumption of its own."""
    try:
        return replace(as_distribution(value), source="assumption")
    except ValueError:
        return value
