"""A campaign as small as one can be: visitors who buy, some of whom would have bought anyway."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from workbench.campaign.base import Campaign
from workbench.campaign.counts import binomial, poisson
from workbench.campaign.inputs import Given
from workbench.campaign.ledger import Balance, Ledger
from workbench.errors import Problem


@dataclass(frozen=True, kw_only=True, eq=False)
class Stall(Campaign):
    """Visits of which a share buys at ``price``; borrows the words of the group-buy."""

    kind: ClassVar[str] = "group_buy"
    steps: ClassVar[tuple[str, ...]] = ("visits", "orders")
    ratios: ClassVar = {"success_rate": ("orders", "visits")}

    visits: Given = None
    pay_rate: Given = None
    price: float = 10.0
    leak: float = 0.0

    def given(self):
        return {**super().given(), "visits": self.visits, "pay_rate": self.pay_rate}

    def rules(self, used):
        return []

    def run(self, scene):
        cells = {n: scene.zeros() for n in ("visits", "orders", "cannibalised_orders")}
        for day in range(scene.stage.n_active):
            mean = scene.input("visits") * scene.stage.shares * scene.stage.open[day]
            cells["visits"][day] = poisson(scene.rng("visits"), mean)
            bought = binomial(scene.rng("orders"), cells["visits"][day], scene.input("pay_rate"))
            cells["orders"][day] = bought
            cells["cannibalised_orders"][day] = binomial(scene.rng("anyway"), bought, 0.25)
        cells["sales"] = cells["orders"] * self.price
        cells["paid"] = cells["sales"] + self.leak
        cells["cannibalised_sales"] = cells["cannibalised_orders"] * self.price
        cells["cost"] = scene.zeros()
        cells["cost"][0] += scene.input("fixed_cost") * scene.stage.shares
        ledger = Ledger(dates=scene.stage.dates, units=scene.stage.units, cells=cells)
        money = Balance("money", ("paid",), ("sales",))
        return ledger, [money, Balance("people", ("visits",), ("orders",), "some", running=True)]

    def notices(self, result):
        return (Problem("campaign.closed_days", {"campaign": self.name, "days": "", "count": 0}),)


@pytest.fixture
def stall():
    """How to make one."""

    def make(**changes):
        given = {"name": "stall", "start": "2026-11-01", "end": "2026-11-04", "visits": 100}
        return Stall(**{**given, "pay_rate": (0.1, 0.2, 0.3), "units": "online", **changes})

    return make
