"""What a planner should know about simulated follower ads before the money is spent."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.simulation import Simulation, spread
from workbench.errors import Problem
from workbench.target.amounts import money

if TYPE_CHECKING:
    from workbench.campaign.follower_ads import FollowerAds

DEARER = 1.2
"""Cost per follower at the end ÷ at the start from which it is worth saying."""
USED_UP = 0.8
LATE = 0.1
"""Share of the first orders that comes after the days shown."""


def ads_notices(ads: "FollowerAds", result: Simulation) -> tuple[Problem, ...]:
    """The best creative, the window of repurchase, audience used up, cap reached, late orders."""
    told = (_best, _window, _audience, _cap, _late)
    return tuple(problem for tell in told for problem in tell(ads, result))


def creative_table(ads: "FollowerAds", result: Simulation) -> pd.DataFrame:
    """See ``FollowerAds.by_creative``."""
    numbers = range(1, len(ads.creatives) + 1)
    spends = [result.outcome(f"creative_{number}_spend") for number in numbers]
    followers = [result.outcome(f"creative_{number}_followers") for number in numbers]
    costs = [
        np.divide(spend, won, out=np.full_like(spend, np.inf), where=won > 0)
        for spend, won in zip(spends, followers, strict=True)
    ]
    best = _lowest(costs)
    rows = [
        {
            "creative": str(one["name"]),
            "spend": float(spend.mean()),
            "followers": float(won.mean()),
            **_levels(cost),
            "best": share,
        }
        for one, spend, won, cost, share in zip(
            ads.creatives, spends, followers, costs, best, strict=True
        )
    ]
    columns = ["creative", "spend", "followers", "p10", "p50", "p90", "best"]
    return pd.DataFrame(rows, columns=columns)


def _levels(cost: Floats) -> dict[str, float]:
    found = spread(np.where(np.isfinite(cost), cost, np.nan))
    return {name: found[name] for name in ("p10", "p50", "p90")}


def _lowest(costs: list[Floats]) -> list[float]:
    """On which share of the paths each cost is the lowest; a tie counts for each in part."""
    if not costs:
        return []
    table = np.stack(costs)
    first = table == table.min(axis=0)
    return [float(share) for share in (first / first.sum(axis=0)).mean(axis=1)]


def _best(ads: "FollowerAds", result: Simulation) -> Iterator[Problem]:
    if len(ads.creatives) < 2:
        return
    table = creative_table(ads, result).sort_values("best", ascending=False, kind="stable")
    first, second = table.iloc[0], table.iloc[1]
    yield Problem(
        "ads.best_creative",
        {
            "campaign": ads.name,
            "creative": first["creative"],
            "sure": f"{first['best']:.0%}",
            "cost": f"{first['p50']:.2f}",
            "second": second["creative"],
            "second_sure": f"{second['best']:.0%}",
            "second_cost": f"{second['p50']:.2f}",
            "currency": ads.currency,
        },
    )


def _window(ads: "FollowerAds", result: Simulation) -> Iterator[Problem]:
    rate = result.inputs.values["repeat_rate"]
    due = result.outcome("repeat_due").sum()
    shown = result.outcome("repeat_orders").sum() / due if due else 1.0
    low, middle, high = np.quantile(rate, [0.1, 0.5, 0.9])
    yield Problem(
        "ads.repeat_window",
        {
            "campaign": ads.name,
            "days": ads.repeat_days,
            "share": f"{middle:.0%}" if low == high else f"{middle:.0%} ({low:.0%}–{high:.0%})",
            "shown": f"{shown:.0%}",
            "until": str(result.dates[-1].date()),
        },
    )


def _audience(ads: "FollowerAds", result: Simulation) -> Iterator[Problem]:
    if ads.audience is None:
        return
    cells, n_active = result.ledger.cells, result.n_active
    spend, won = (cells[name].sum(axis=(1, 2)) for name in ("ad_spend", "followers"))
    part = max(n_active // 5, 1)
    early, late = (
        spend[days].sum() / won[days].sum() if won[days].sum() else np.inf
        for days in (slice(0, part), slice(n_active - part, n_active))
    )
    used = float(np.median(result.outcome("followers"))) / ads.audience
    if used < USED_UP and not late > DEARER * early:
        return
    yield Problem(
        "ads.audience",
        {
            "campaign": ads.name,
            "audience": f"{ads.audience:,}",
            "used": f"{used:.0%}",
            "early": f"{early:.2f}",
            "late": f"{late:.2f}" if np.isfinite(late) else "∞",
            "currency": ads.currency,
        },
    )


def _cap(ads: "FollowerAds", result: Simulation) -> Iterator[Problem]:
    if ads.spend_cap is None:
        return
    reached = result.outcome("ad_spend") >= ads.spend_cap * (1.0 - 1e-9)
    running = (result.ledger["ad_spend"].sum(axis=2) > 0).sum(axis=1)
    if np.median(reached) > 0 and np.median(running) < result.n_active:
        facts = {"campaign": ads.name, "cap": money(ads.spend_cap), "currency": ads.currency}
        yield Problem("ads.capped", {**facts, "days": f"{np.median(running):.0f}"})


def _late(ads: "FollowerAds", result: Simulation) -> Iterator[Problem]:
    later, all_of_them = result.outcome("pending_orders"), result.outcome("deciders")
    share = float(later.sum() / all_of_them.sum()) if all_of_them.sum() else 0.0
    if share >= LATE:
        facts = {"campaign": ads.name, "until": str(result.dates[-1].date())}
        told = {"share": f"{share:.0%}", "orders": f"{np.median(later):,.0f}"}
        yield Problem("ads.late_orders", {**facts, **told})
