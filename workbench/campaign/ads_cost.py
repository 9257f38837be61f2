"""What a follower cost in past ads, how that rose with the spend of a day, and how it varied."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY

LEAST_DAYS = 10
VARIED = 0.1
"""Standard deviation of the log of daily spend within campaigns from which its effect is told."""
ROUNDS = 50
MOST_RISE = 0.95


@dataclass(frozen=True)
class CostFit:
    """The cost of followers.

    Attributes:
        per_follower: at the usual daily spend; its spread that between campaigns.
        usual_spend: geometric mean of the daily spend.
        rise: elasticity of the cost to the daily spend; None where spend hardly varied.
        variation: standard deviation ÷ mean between days, beyond chance; None with few days.
        creative_spread: log standard deviation between creatives; None without two.
        n_days: campaign days it was fitted on.
    """

    per_follower: Distribution
    usual_spend: float
    rise: Distribution | None
    variation: Distribution | None
    creative_spread: Distribution | None
    n_days: int

    def inputs(self) -> dict[str, Distribution]:
        """The inputs of ``FollowerAds``."""
        found = {
            "cost_per_follower": self.per_follower,
            "cost_rise": self.rise,
            "cost_variation": self.variation,
            "creative_spread": self.creative_spread,
        }
        return {name: one for name, one in found.items() if one is not None}


def fit_cost(past: pd.DataFrame) -> CostFit:
    """Poisson regression of a day's followers on its spend, each campaign at its own level.

    Followers of a day have the mean spend ÷ (cost of the campaign × (spend ÷ usual) ** rise); the
    uncertainty is widened by how much days differ beyond chance.

    Args:
        past: columns ``campaign``, ``date``, ``spend``, ``followers``, perhaps ``creative``.
    """
    days = past.groupby(["campaign", "date"], as_index=False)[["spend", "followers"]].sum()
    spend, won = (days[name].to_numpy(dtype=float) for name in ("spend", "followers"))
    group = pd.factorize(days["campaign"])[0]
    usual = float(np.exp(np.log(spend).mean()))
    x = np.log(spend / usual)
    within = x - (np.bincount(group, x) / np.bincount(group))[group]
    told = len(days) >= LEAST_DAYS and within.std() >= VARIED
    level, slope, mean = _regress(spend, won, group, x if told else np.zeros_like(x))
    n_free = level.size + int(told)
    variance = _beyond_chance(won, mean, n_free) if len(days) - n_free >= LEAST_DAYS else None
    noise = 1.0 + mean * (variance or 0.0)
    rise = None
    if told:
        precision = float((mean / noise * within**2).sum())
        apart = 2.0 / np.sqrt(max(precision, 1e-12))
        ends = np.clip([slope - apart, slope, slope + apart], 0.0, MOST_RISE)
        rise = Distribution("triangular", tuple(float(end) for end in ends), HISTORY)
    weight = np.asarray(np.bincount(group, mean / noise), dtype=float)
    return CostFit(
        per_follower=_between(level, weight),
        usual_spend=usual,
        rise=rise,
        variation=None if variance is None else _fixed(float(np.sqrt(variance))),
        creative_spread=_creatives(past),
        n_days=len(days),
    )


def _regress(
    spend: Floats, won: Floats, group: "np.ndarray[tuple[int], np.dtype[np.intp]]", x: Floats
) -> tuple[Floats, float, Floats]:
    """Log cost of each campaign, the elasticity, and the mean of each day: Newton's method.

    Given the elasticity, the cost of a campaign is that at which its followers add up.
    """
    slope, total = 0.0, np.maximum(np.bincount(group, won), 0.5)
    for _ in range(ROUNDS):
        worth = spend * np.exp(-slope * x)
        level = np.log(np.bincount(group, worth) / total)
        mean = worth * np.exp(-level[group])
        centre = np.bincount(group, mean * x) / np.bincount(group, mean)
        apart = x - centre[group]
        known = float((mean * apart**2).sum())
        step = -float(((won - mean) * apart).sum()) / known if known > 0 else 0.0
        slope += float(np.clip(step, -0.5, 0.5))
        if abs(step) < 1e-10:
            break
    return level, slope, mean


def _beyond_chance(won: Floats, mean: Floats, n_free: int) -> float:
    """Squared variation between days that chance alone does not explain."""
    spare = len(won) / (len(won) - n_free)
    return max(float((((won - mean) ** 2) * spare - mean).sum() / (mean**2).sum()), 0.0)


def _between(level: Floats, weight: Floats) -> Distribution:
    """Costs of campaigns as a log-normal: their spread net of chance, and that of their mean."""
    chance = 1.0 / np.maximum(weight, 1e-9)
    if len(level) == 1:
        return _lognormal(float(level[0]), float(chance[0]))
    centre = float(level.mean())
    spread = max(float(level.var(ddof=1) - chance.mean()), 0.0)
    return _lognormal(centre, spread * (1.0 + 1.0 / len(level)) + float(chance.mean()) / len(level))


def _lognormal(centre: float, variance: float) -> Distribution:
    return Distribution("lognormal", (float(np.exp(centre)), float(np.sqrt(variance))), HISTORY)


def _fixed(value: float) -> Distribution:
    return Distribution("fixed", (value,), HISTORY)


def _creatives(past: pd.DataFrame) -> Distribution | None:
    """How much creatives of the same campaign differ in cost, net of chance."""
    if "creative" not in past:
        return None
    sums = past.groupby(["campaign", "creative"])[["spend", "followers"]].sum()
    sums = sums[sums["followers"] > 0]
    log = pd.Series(np.log((sums["spend"] / sums["followers"]).to_numpy()), index=sums.index)
    count = log.groupby(level=0).transform("size")
    log, chance = log[count > 1], 1.0 / sums["followers"][count > 1]
    if log.empty:
        return None
    freedom = len(log) - log.index.get_level_values(0).nunique()
    apart = float(((log - log.groupby(level=0).transform("mean")) ** 2).sum()) / freedom
    return _fixed(float(np.sqrt(max(apart - float(chance.mean()), 0.0))))
