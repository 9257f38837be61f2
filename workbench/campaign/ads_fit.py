"""A shop's own past ads as inputs of the next: what followers cost, who stays, orders, and when.

The table of past ads, one row per campaign and day (and creative, where it is known):

=================  ==============================================================================
campaign           name of the past campaign; one where the column is missing
date               day of the ads; needed to learn how cost depends on what is spent in a day
creative           name of the creative
spend              advertising spend, needed
followers          followers gained, needed
clicks             clicks on the ads
unfollowed         of these followers, those who have left since
link_opens         of those who stayed, those who opened the product link
placed_orders      of those who opened it, those who have ordered since, paid or not
first_orders       of those, those who have paid
days_to_order      mean days from following to the first order, of those who ordered
=================  ==============================================================================
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.campaign.ads_cost import CostFit, fit_cost
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY, opening_rate
from workbench.errors import CampaignError, Problem

NEEDED = ("spend", "followers")
COUNTS = ("clicks", "unfollowed", "link_opens", "placed_orders", "first_orders")
LEAST_FOLLOWERS = 100
RATES = {
    "follow_rate": ("followers", "clicks"),
    "stay_rate": ("stayed", "followers"),
    "link_rate": ("link_opens", "stayed"),
    "order_rate": ("placed_orders", "link_opens"),
    "pay_rate": ("first_orders", "placed_orders"),
}
PAID = Distribution("fixed", (1.0,), HISTORY)


@dataclass(frozen=True)
class AdsFit:
    """What past follower ads say about the next.

    Attributes:
        cost: cost per follower, how it rises with the spend of a day, how it varies.
        rates: input → beta distribution, its spread that between campaigns; those with columns.
        decide_days: days to the first order; None without the column.
        n_campaigns, n_days, n_followers: what it was fitted on.
    """

    cost: CostFit
    rates: dict[str, Distribution] = field(default_factory=dict)
    decide_days: Distribution | None = None
    n_campaigns: int = 0
    n_days: int = 0
    n_followers: int = 0

    @property
    def usual_spend(self) -> float:
        """The daily spend at which the cost per follower is meant: a decision of the next ads."""
        return self.cost.usual_spend

    def inputs(self) -> dict[str, Distribution]:
        """The inputs: ``FollowerAds(usual_spend=fit.usual_spend, ..., **fit.inputs())``."""
        found = {**self.cost.inputs(), **self.rates}
        return found if self.decide_days is None else {**found, "decide_days": self.decide_days}


def fit_ads(records: pd.DataFrame) -> AdsFit:
    """Fit the inputs of follower ads on past ads, as far as the table has their columns.

    Args:
        records: the table described above.

    Raises:
        CampaignError: no ``spend`` or ``followers``, amounts or counts that are none, more people
            in a step than in the one before, fewer than 100 followers.

    >>> past = pd.DataFrame({"campaign": ["春", "秋"], "spend": [9000, 8000],
    ...     "followers": [2000, 2000], "unfollowed": [800, 800]})
    >>> fit = fit_ads(past)
    >>> round(fit.cost.per_follower.parameters[0], 2), fit.rates["stay_rate"].text()[:3]
    (4.24, '0.6')
    """
    problems = _wrong(records)
    if problems:
        raise CampaignError(*problems)
    past = _complete(records)
    rates = {}
    for name, (part, whole) in RATES.items():
        if part in past and whole in past:
            some = past.groupby("campaign")[[part, whole]].sum()
            found = opening_rate(some[part], some[whole])
            if found is not None:
                rates[name] = found
    if "placed_orders" not in records and "order_rate" in rates:
        rates["pay_rate"] = PAID
    cost = fit_cost(past)
    return AdsFit(
        cost=cost,
        rates=rates,
        decide_days=_decide_days(past),
        n_campaigns=int(past["campaign"].nunique()),
        n_days=cost.n_days,
        n_followers=int(past["followers"].sum()),
    )


def _complete(records: pd.DataFrame) -> pd.DataFrame:
    """Rows on which money was spent, with a campaign, and those who stayed."""
    past = records[records["spend"] > 0].reset_index(drop=True)
    if "campaign" not in past:
        past = past.assign(campaign="")
    if "date" not in past:
        past = past.assign(date=np.arange(len(past)))
    if "unfollowed" in past:
        past = past.assign(stayed=past["followers"] - past["unfollowed"])
    if "placed_orders" not in past and "first_orders" in past:
        past = past.assign(placed_orders=past["first_orders"])
    return past


def _decide_days(past: pd.DataFrame) -> Distribution | None:
    """Mean days to the first order, weighted by orders; differs as campaigns did."""
    if "days_to_order" not in past or "first_orders" not in past:
        return None
    used = past[past["days_to_order"].notna() & (past["first_orders"] > 0)]
    if used.empty:
        return None
    total = used["days_to_order"] * used["first_orders"]
    sums = used.assign(total=total).groupby("campaign")[["total", "first_orders"]].sum()
    means = (sums["total"] / sums["first_orders"]).to_numpy(dtype=float)
    if len(means) == 1:
        return Distribution("fixed", (float(means[0]),), HISTORY)
    return Distribution("samples", tuple(float(one) for one in sorted(means)), HISTORY)


def _wrong(records: pd.DataFrame) -> list[Problem]:
    found = ", ".join(str(column) for column in records.columns[:8])
    missing = [name for name in NEEDED if name not in records]
    if missing:
        facts = {"columns": ", ".join(missing), "found": found}
        return [Problem("ads.fit_column", facts)]
    problems = []
    for name in (*NEEDED, *COUNTS, "days_to_order"):
        if name in records:
            optional = name == "days_to_order"
            problems += _bad(
                records[name], name, whole=name in (*COUNTS, "followers"), gaps=optional
            )
    if not problems:
        problems += _grows(records)
    if not problems and records["followers"].sum() < LEAST_FOLLOWERS:
        count = int(records["followers"].sum())
        problems.append(Problem("ads.fit_few", {"count": count, "least": LEAST_FOLLOWERS}))
    return problems


def _bad(column: "pd.Series[float]", name: str, *, whole: bool, gaps: bool) -> list[Problem]:
    numbers = pd.to_numeric(column, errors="coerce")
    bad = (numbers.isna() & ~(column.isna() & gaps)) | (numbers < 0) | np.isinf(numbers)
    if whole:
        bad |= numbers % 1 != 0
    if not bad.any():
        return []
    rows = ", ".join(str(int(row) + 1) for row in np.flatnonzero(bad)[:5])
    return [Problem("ads.fit_counts", {"column": name, "count": int(bad.sum()), "rows": rows})]


def _grows(records: pd.DataFrame) -> list[Problem]:
    """Steps with more people than the one before."""
    past = records.assign(stayed=records["followers"] - records.get("unfollowed", 0))
    if "placed_orders" not in past and "first_orders" in past:
        past = past.assign(placed_orders=past["first_orders"])
    problems = []
    for part, whole in (*RATES.values(), ("unfollowed", "followers")):
        if part in past and whole in past and (past[part] > past[whole]).any():
            rows = np.flatnonzero(past[part] > past[whole])
            told = {"part": part, "whole": whole, "count": len(rows)}
            first = ", ".join(str(int(row) + 1) for row in rows[:5])
            problems.append(Problem("ads.fit_grows", {**told, "rows": first}))
    return problems
