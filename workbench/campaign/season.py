"""Strong and weak days: a campaign brings more where the shop sells more anyway.

The inputs of a campaign are meant for an average open day of the period. On days on which its units
are expected to sell x times as much, x times as many come, order, or take up what a promoter
offers (to the power ``response``: 0 where campaigns do not follow the season). Visits that are
given by day (``rhythm``) stand as they are, and so do ads and coupons: what they win comes weeks
later, or is issued.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.base import Campaign
from workbench.campaign.distribution import Distribution
from workbench.campaign.inputs import Given, as_distribution
from workbench.campaign.meaning import Meaning, meanings
from workbench.campaign.scene import read_stage
from workbench.forecast.paths import SamplePaths

FOLLOWS = {"group_buy": "visits", "discount": "orders", "drive": "order_rate"}
"""Kind of campaign → the input that follows the season."""
STEP = 0.05
"""Strengths are rounded to this: start days that differ by less are simulated once."""
LEVELS = np.clip(np.linspace(0.0, 1.0, 201), 5e-4, 1.0 - 5e-4)
TAILS = np.array([0.001, 0.999])


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
        here = stage.dates[: stage.n_active][stage.open > 0]
        known = self.days.reindex(index=here, columns=list(stage.units)).to_numpy(dtype=float)
        seen = np.isfinite(known)
        weight = np.where(seen, stage.shares, 0.0)
        if not weight.sum() > 0:
            return 1.0
        mean = float((np.where(seen, known, 0.0) * weight).sum() / weight.sum())
        steps = max(round(float(mean**self.response) / STEP), 1)
        return round(steps * STEP, 2)


def season_of(paths: SamplePaths, period: Period, *, response: float = 1.0) -> Season:
    """The season that the forecast expects in what is left of the period.

    Args:
        paths: the forecast; a week or month stands for each of its days.
        period: whose average day is 1.
        response: see :class:`Season`.
    """
    expected = paths.blocks.mean(axis=0)[paths.block_of] * paths.shape
    steps = pd.DataFrame(expected, index=paths.dates, columns=list(paths.units))
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
    given_by_day = getattr(campaign, "rhythm", None) is not None
    coupon = getattr(campaign, "form", "") == "coupon"
    return "" if given_by_day or coupon else FOLLOWS.get(campaign.kind, "")


def _times(value: Given, factor: float, meaning: Meaning) -> Given:
    """An input so many times as large, within what it may be; the source stays.

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
    one = _scaled(found, factor)
    low, high = one.at(TAILS)
    if low >= meaning.least and high <= meaning.most:
        return one
    values = np.clip(one.at(LEVELS), meaning.least, meaning.most)
    return replace(one, kind="samples", parameters=tuple(float(at) for at in values))


def _scaled(found: Distribution, factor: float) -> Distribution:
    numbers = found.parameters
    if found.kind in ("lognormal", "gamma"):
        return replace(found, parameters=(factor * numbers[0], numbers[1]))
    if found.kind == "beta":
        values = tuple(float(one) for one in factor * found.at(LEVELS))
        return replace(found, kind="samples", parameters=values)
    return replace(found, parameters=tuple(factor * one for one in numbers))
