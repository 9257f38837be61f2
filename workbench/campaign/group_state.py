"""One run of a group-buy: what is booked so far, and what limits the next day."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Chances, Floats, binomial, prepared
from workbench.campaign.engagement import Engagement, engagement
from workbench.campaign.group_terms import Terms
from workbench.campaign.joining import expiry_days, fill_days
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy

COUNTS = (
    "visits",
    "starts",
    "opens",
    "sold_out",
    "invites",
    "joins",
    "completed_groups",
    "simulated_groups",
    "failed_groups",
    "completed_orders",
    "failed_orders",
)
MONEY = ("paid", "worth", "refunded_failed", "refunded_tier")


@dataclass(eq=False)
class Groups:
    """One run of a group-buy: what is booked so far, and what limits the next day."""

    buy: "GroupBuy"
    scene: Scene
    terms: Terms
    cells: dict[str, Floats]
    buyers: Floats
    held: Floats
    stock: Floats | None
    audience: Floats | None
    fills: list[Floats]
    expires: list[Floats]
    theta: Floats
    phi: Floats
    listed: Floats
    in_time: Floats
    talk: Engagement | None = None
    same_chances: Floats | None = None
    known: dict[str, Chances] = field(default_factory=dict)

    def draw(self, name: str, n: Floats, p: Floats) -> Floats:
        """Successes of ``n`` trials; chances stay the same where the audience has no end."""
        rng = self.scene.rng(name)
        if self.audience is not None:
            return binomial(rng, n, p)
        if name not in self.known:
            self.known[name] = prepared(p, self.scene.shape)
        return binomial(rng, n, self.known[name])


def set_up(buy: "GroupBuy", scene: Scene) -> Groups:
    """Before the first day: nothing booked, everything left."""
    names = [*COUNTS, *MONEY, "extra_pieces"]
    if buy.stock is not None:
        names += ["reserved", "released"]
    if buy.engaged is not None:
        names.append("engaged")
    hours = scene.drawn.values["join_hours"]
    in_time = 1.0 - np.exp(-buy.validity_hours / hours)[:, None]
    fit = scene.input("invited_new") if buy.form == "old_brings_new" else 1.0
    none = np.zeros((scene.n_paths, 1))
    return Groups(
        buy=buy,
        scene=scene,
        terms=buy.terms(),
        cells={name: scene.zeros(scene.stage.n_active + buy.settling()) for name in names},
        buyers=np.zeros(scene.shape),
        held=np.zeros(scene.shape),
        stock=_per_unit(buy.stock, scene),
        audience=_per_unit(people_to_reach(buy, scene), scene),
        fills=[share[:, None] for share in fill_days(hours, float(buy.validity_hours))],
        expires=[np.full((1, 1), share) for share in expiry_days(float(buy.validity_hours))],
        theta=scene.input("joiners") * fit,
        phi=scene.input("onward") * fit,
        listed=scene.input("listed_joiners") * fit if buy.collect else none,
        in_time=in_time,
        talk=None if buy.engaged is None else engagement(scene),
    )


def people_to_reach(buy: "GroupBuy", scene: Scene) -> int | None:
    """The audience; where growth could explode and none is given, as many as are expected to visit.

    Members × groups they start anew is how many groups one group brings: from one on it explodes.
    """
    if buy.audience is not None:
        return buy.audience
    drawn, size = scene.drawn.values, buy.terms().size
    members = 1.0 + np.minimum(drawn["joiners"], size - 1)
    if not ((drawn["restart"] * members >= 1.0) | (drawn["onward"] >= 1.0)).any():
        return None
    return expected_visitors(drawn["visits"], float(scene.stage.open.sum()), size)


def expected_visitors(visits: Floats, open_days: float, size: int) -> int:
    """How many are expected to visit in all, and never fewer than a group."""
    return max(int(visits.mean() * open_days), size)


def _per_unit(amount: int | None, scene: Scene) -> Floats | None:
    from workbench.campaign.group_buy import spread_whole

    if amount is None:
        return None
    return np.array(spread_whole(amount, scene.stage.shares), dtype=float)


def fresh_part(run: Groups) -> Floats | float:
    """The share of the audience that has not bought yet."""
    if run.audience is None:
        return 1.0
    people = np.maximum(run.audience, 1.0)
    return np.asarray(np.clip(1.0 - run.buyers / people, 0.0, 1.0))
