"""What the shop's own past ads say about the next follower ads."""

import pandas as pd

from workbench.campaign.ads_fit import LEAST_FOLLOWERS, AdsFit, fit_ads
from workbench.campaign.distribution import Distribution
from workbench.data.past_tables import read_past_ads
from workbench.data.sales import Sales
from workbench.errors import Problem
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned, input_labels

ADS = "ads"
WAIT_DAYS = 30
"""Days after which most of those who will leave or order have done so."""
WANTED = (
    *("cost_per_follower", "cost_rise", "cost_variation", "creative_spread", "follow_rate"),
    *("stay_rate", "link_rate", "order_rate", "pay_rate", "decide_days"),
)


def learn_ads(params: CampaignParams, sales: Sales) -> Learned:
    """Cost per follower, who stays, orders and when, from the table of past ads.

    Followers of the last ``WAIT_DAYS`` days may still leave or order: they count for the cost
    alone, where there are enough older ones.

    Raises:
        DataError: a file that cannot be read.
        CampaignError: values that are no counts, or more people in a step than in the one before.
    """
    if not params.past_ads:
        return Learned()
    past = read_past_ads(params.file("past_ads"), as_of=sales.as_of.date())
    count = int(past["followers"].sum())
    if count < LEAST_FOLLOWERS:
        facts = {"count": f"{count:,}", "least": LEAST_FOLLOWERS}
        return Learned(notices=(Problem("plan.few_ads", facts),))
    whole = fit_ads(past)
    old, young = _settled(past, sales.as_of)
    settled = fit_ads(old) if young else whole
    inputs: dict[str, Distribution | float] = {
        **whole.cost.inputs(),
        **{n: one for n, one in settled.inputs().items() if n not in whole.cost.inputs()},
    }
    if "date" in past:
        inputs["usual_spend"] = whole.usual_spend
    else:
        inputs.pop("cost_rise", None)
    said = [_told(whole, inputs, params.currency)]
    if young or _late(past, sales.as_of):
        rows = {"days": WAIT_DAYS, "count": _late(past, sales.as_of), "rows": len(past)}
        said.append(Problem("plan.ads_left_out" if young else "plan.ads_too_early", rows))
    return Learned({ADS: inputs}, notices=tuple(said))


def _late(past: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Rows within the last days before the last known one."""
    return int((past["date"] > as_of - pd.Timedelta(days=WAIT_DAYS)).sum()) if "date" in past else 0


def _settled(past: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, bool]:
    """The older rows, and whether the younger ones can be left out."""
    if not _late(past, as_of):
        return past, False
    old = past[past["date"] <= as_of - pd.Timedelta(days=WAIT_DAYS)].reset_index(drop=True)
    return old, bool(old["followers"].sum() >= LEAST_FOLLOWERS)


def _told(fit: AdsFit, inputs: dict[str, Distribution | float], currency: str) -> Problem:
    """What was learned, and which inputs the table could not tell."""
    left = [name for name in WANTED if name not in inputs]
    facts: dict[str, object] = {
        "campaigns": fit.n_campaigns,
        "followers": f"{fit.n_followers:,}",
        "cost": f"{fit.cost.per_follower.text()} {currency}",
        "spend": f"{fit.usual_spend:,.0f} {currency}",
        "learned": input_labels(ADS, [name for name in WANTED if name in inputs]),
        "left": input_labels(ADS, left),
    }
    return Problem("plan.learned_ads" if "usual_spend" in inputs else "plan.ads_undated", facts)
