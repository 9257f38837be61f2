"""Follower ads day by day: what is spent, who clicks, who follows; for all paths at once."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.follower_ads import FollowerAds


def win_followers(ads: "FollowerAds", scene: Scene) -> dict[str, Floats]:
    """Spend, clicks and followers, of all and of each creative: name → (n_active, paths, units)."""
    names, parts, costs = read_creatives(ads, scene)
    cells = {name: scene.zeros(scene.stage.n_active) for name in ("ad_spend", "unspent")}
    cells |= {name: scene.zeros(scene.stage.n_active) for name in ("clicks", "followers")}
    for name in names:
        cells[f"{name}_spend"] = scene.zeros(scene.stage.n_active)
        cells[f"{name}_followers"] = scene.zeros(scene.stage.n_active)
    everyone = _people(ads, scene)
    left = everyone
    money = None if ads.spend_cap is None else np.ones(scene.shape) * _share_of(ads, scene)
    for day in range(scene.stage.n_active):
        spend = _spend(ads, scene, day, money, left, cells)
        wanted = _wanted(ads, scene, spend, parts, costs)
        won = np.zeros(scene.shape)
        for number, (name, some) in enumerate(zip(names or [""], wanted, strict=True)):
            clicks, followers = _follow(scene, number, some, left, everyone)
            cells["clicks"][day] += clicks
            won += followers
            if left is not None:
                left = left - followers
            if name:
                cells[f"{name}_spend"][day] = spend * parts[number]
                cells[f"{name}_followers"][day] = followers
        cells["followers"][day] = won
    return cells


def read_creatives(ads: "FollowerAds", scene: Scene) -> tuple[list[str], Floats, list[Floats]]:
    """Quantity names, shares of the spend and relative costs (n_paths, 1) of the creatives.

    A creative turns out dearer or cheaper than thought by the same factor on all days of a path;
    on average over the paths so much spend wins as many followers as it would without.
    """
    weights = np.array([float(one["share"]) for one in ads.creatives] or [1.0])
    costs: list[Floats] = []
    spread = scene.input("creative_spread") if len(ads.creatives) > 1 else 0.0
    for one in ads.creatives:
        luck = scene.rng(f"creative {one['name']}").standard_normal((scene.n_paths, 1))
        costs.append(float(one.get("cost", 1.0)) * np.exp(spread * luck + 0.5 * spread**2))
    names = [f"creative_{number}" for number in range(1, len(ads.creatives) + 1)]
    return names, weights / weights.sum(), costs or [np.ones((scene.n_paths, 1))]


def _people(ads: "FollowerAds", scene: Scene) -> Floats | None:
    """People of each unit who have not followed yet: (n_paths, n_units)."""
    from workbench.campaign.group_buy import spread_whole

    if ads.audience is None:
        return None
    parts = np.array(spread_whole(ads.audience, scene.stage.shares), dtype=float)
    return np.broadcast_to(parts, scene.shape)


def _share_of(ads: "FollowerAds", scene: Scene) -> Floats:
    """The spend cap of each unit."""
    return np.asarray(float(ads.spend_cap or 0.0) * scene.stage.shares)


def _spend(
    ads: "FollowerAds",
    scene: Scene,
    day: int,
    money: Floats | None,
    left: Floats | None,
    cells: dict[str, Floats],
) -> Floats:
    """What is spent on a day: the budget as far as delivered, within cap and audience."""
    weight = float(scene.stage.open[day])
    if ads.rhythm is not None:
        weight *= ads.rhythm[day % len(ads.rhythm)] * len(ads.rhythm) / sum(ads.rhythm)
    budget = ads.daily_budget * weight * scene.stage.shares * np.ones(scene.shape)
    spend = budget * scene.input("delivery")
    if left is not None:
        spend = np.where(left > 0, spend, 0.0)
    if money is not None:
        spend = np.minimum(spend, money)
        money -= spend
    cells["ad_spend"][day] = spend
    cells["unspent"][day] = np.maximum(budget - spend, 0.0)
    return spend


def _wanted(
    ads: "FollowerAds", scene: Scene, spend: Floats, parts: Floats, costs: list[Floats]
) -> list[Floats]:
    """Followers that the spend on each creative would win in an audience without end."""
    cost = scene.input("cost_per_follower")
    if ads.usual_spend is not None:
        times = spend.sum(axis=1, keepdims=True) / ads.usual_spend
        cost = cost * np.where(times > 0, times, 1.0) ** scene.input("cost_rise")
    variation = scene.input("cost_variation")
    if (variation > 0).any():
        shape = 1.0 / np.maximum(variation, 1e-3) ** 2
        spend = spend * scene.rng("cost_variation").standard_gamma(shape) / shape
    return [spend * part / (cost * own) for part, own in zip(parts, costs, strict=True)]


def _follow(
    scene: Scene, number: int, wanted: Floats, left: Floats | None, everyone: Floats | None
) -> tuple[Floats, Floats]:
    """Clicks and followers of one creative on one day.

    The ads fall on everybody in the audience alike: each of those who do not follow yet is won with
    the chance 1 − exp(−wanted ÷ audience), so that what falls on followers wins nobody.
    """
    rate = scene.input("follow_rate")
    if left is not None and everyone is not None:
        wanted = -left * np.expm1(-wanted / np.maximum(everyone, 1.0))
    clicks = poisson(scene.rng(f"clicks {number}"), wanted / rate)
    followers = binomial(scene.rng(f"followers {number}"), clicks, rate)
    return clicks, followers if left is None else np.minimum(followers, left)
