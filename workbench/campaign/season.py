"""Strong and weak days: a campaign brings more where the shop sells more anyway.

The inputs of a campaign are meant for an average open day of the period. On days on which its units
are expected to sell x times as much, x times as many come or order (to the power ``response``: 0
where campaigns do not follow the season). A chance, such as that a promoter's contact orders or a
coupon is used, counts as so much more often: p becomes 1 − (1 − p)^x. What ads win is ordered weeks
later, so that the days on which followers decide count, not those of the ads; days that the
forecast does not reach are average ones. Visits that are given by day (``rhythm``) stand as they
are.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.ads_money import STAGES
from workbench.campaign.base import Campaign
from workbench.campaign.counts import Floats
from workbench.campaign.distribution import Distribution
from workbench.campaign.follower_ads import FollowerAds
from workbench.campaign.inputs import Given, as_distribution
from workbench.campaign.meaning import Meaning, meanings
from workbench.campaign.scene import Stage, read_stage
from workbench.forecast.paths import SamplePaths

FOLLOWS = {
    "group_buy": "visits",
    "discount": "orders",
    "coupon": "redemption",
    "drive": "order_rate",
    "ads": "order_rate",
}
"""Kind of campaign, or form of discount → the input that follows the season."""
STEP = 0.05
"""Strengths are rounded to this: start days that differ by less are simulated once."""
TAILS = np.array([0.001, 0.999])
LEVELS = np.clip(np.linspace(0.0, 1.0, 201), 5e-4, 1.0 - 5e-4)


@dataclass(frozen=True, eq=False)
class Season:
    """How much each day is expected to sell, beside an average open day of the period.

    Attributes:
        days: dates × units; 1 on average over the period, NaN where a unit is closed.
        response: how far campaigns follow it: 1 in proportion, 0 not at all.
    """

    days: pd.DataFrame
    response: float = 1.0

    def strength(self, campaign: Campaign) -> float:
        """How strong the campaign's open days are, in steps of ``STEP``; 1 where nothing is known.

        >>> import workbench as wb
        >>> days = pd.date_range("2026-11-01", periods=4)
        >>> season = Season(pd.DataFrame({"online": [0.5, 0.5, 1.2, 1.8]}, index=days))
        >>> buy = wb.GroupBuy(name="a", start="2026-11-03", end="2026-11-04", units="online",
        ...     price=100, discount=0.2, visits=100)
        >>> season.strength(buy), in_season(buy, season).visits.text()
        (1.5, '150')
        """
        stage, _ = read_stage(campaign, 0)
        if stage is None or self.response == 0:
            return 1.0
        ads = campaign if isinstance(campaign, FollowerAds) else None
        here, often = _open_days(stage) if ads is None else _decided(ads, stage)
        known = self.days.reindex(index=here, columns=list(stage.units)).to_numpy(dtype=float)
        if ads is not None:
            known = np.where(here.isin(self.days.index)[:, None], known, 1.0)
        weight = np.where(np.isfinite(known), often[:, None] * stage.shares, 0.0)
        if not weight.sum() > 0:
            return 1.0
        mean = float((np.nan_to_num(known) * weight).sum() / weight.sum())
        steps = max(round(float(mean**self.response) / STEP), 1)
        return round(steps * STEP, 2)


def _open_days(stage: Stage) -> tuple[pd.DatetimeIndex, Floats]:
    """The campaign's open days, each counting alike."""
    days = stage.dates[: stage.n_active][stage.open > 0]
    return days, np.ones(len(days))


def _decided(ads: FollowerAds, stage: Stage) -> tuple[pd.DatetimeIndex, Floats]:
    """Days on which followers of ads decide, and what part of them on each."""
    weights = np.ones(1) if ads.rhythm is None else np.array(ads.rhythm, dtype=float)
    won = stage.open * np.resize(weights, stage.n_active)
    wait = _middle(ads.decide_days, meanings(ads.kind)["decide_days"])
    late = np.arange(len(stage.dates))
    leave = STAGES / (wait + STAGES)
    passed = (late + 1.0) * leave**STAGES * (1.0 - leave) ** late
    return stage.dates, np.convolve(won, passed)[: len(late)]


def _middle(value: Given, meaning: Meaning) -> float:
    """The median of an input; that of the prior where it cannot be read."""
    try:
        found = as_distribution(value)
    except ValueError:
        found = None
    if found is None or not found.sound:
        found = meaning.prior
    return 0.0 if found is None else max(float(found.at(np.array([0.5]))[0]), 0.0)


def season_of(paths: SamplePaths, period: Period, *, response: float = 1.0) -> Season:
    """The season that the forecast expects in what is left of the period.

    Args:
        paths: the forecast; a week or month stands for each of its days.
        period: whose average day is 1.
        response: see :class:`Season`.
    """
    steps = pd.DataFrame(paths.expected, index=paths.dates, columns=list(paths.units))
    whole = pd.date_range(steps.index[0], max(steps.index[-1], pd.Timestamp(period.end)))
    days = steps.where(steps > 0).reindex(whole, method="ffill")
    inside = (whole >= pd.Timestamp(period.start)) & (whole <= pd.Timestamp(period.end))
    return Season(days / days[inside].mean(), response)


def in_season(campaign: Campaign, season: Season | None) -> Campaign:
    """The campaign with the input that follows the season as it is on its days."""
    name = followed(campaign)
    times = strength(campaign, season)
    if times == 1.0:
        return campaign
    meaning = meanings(campaign.kind)[name]
    changes: dict[str, Any] = {name: _times(getattr(campaign, name), times, meaning)}
    return replace(campaign, **changes)


def strength(campaign: Campaign, season: Season | None) -> float:
    """How many times as large that input is on the campaign's days."""
    return season.strength(campaign) if season is not None and followed(campaign) else 1.0


def followed(campaign: Campaign) -> str:
    """The input that follows the season; "" where none does."""
    if campaign.kind == "group_buy" and getattr(campaign, "rhythm", None) is not None:
        return ""
    coupon = getattr(campaign, "form", "") == "coupon"
    return FOLLOWS.get("coupon" if coupon else campaign.kind, "")


def _times(value: Given, factor: float, meaning: Meaning) -> Given:
    """An input so many times as large, or a chance so much more often; the source stays.

    What cannot be read is left for its own message.
    """
    if value is None and meaning.prior is None:
        return None
    try:
        found = meaning.prior if value is None else as_distribution(value)
    except ValueError:
        return value
    if found is None or not found.sound:
        return value
    if meaning.most != 1:
        return _scaled(found, factor)
    ends = found.at(TAILS)
    return _more_often(found, factor) if ends.min() >= 0 and ends.max() <= 1 else value


def _more_often(found: Distribution, factor: float) -> Distribution:
    """Chances of what is tried so many times as often."""
    numbers = found.at(LEVELS) if found.kind != "fixed" else np.array(found.parameters)
    values = 1.0 - (1.0 - np.clip(numbers, 0.0, 1.0)) ** factor
    kind = found.kind if found.kind == "fixed" else "samples"
    return replace(found, kind=kind, parameters=tuple(float(one) for one in values))


def _scaled(found: Distribution, factor: float) -> Distribution:
    numbers = found.parameters
    if found.kind in ("lognormal", "gamma"):
        return replace(found, parameters=(factor * numbers[0], numbers[1]))
    if found.kind == "beta":
        values = tuple(float(one) for one in factor * found.at(LEVELS))
        return replace(found, kind="samples", parameters=values)
    return replace(found, parameters=tuple(factor * one for one in numbers))
