"""What can be wrong with the rules of follower ads."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.distribution import Distribution
from workbench.campaign.group_terms import number, whole_number
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.follower_ads import FollowerAds

MOST_CREATIVES = 6
PRIOR_CURRENCY = "CNY"
"""Currency of the prior of the cost per follower."""
KNOWN = ("name", "share", "cost")
MIDDLE = np.array([0.5])


def ads_problems(ads: "FollowerAds", used: Mapping[str, Distribution]) -> list[Problem]:
    """Everything that is wrong with the rules, whatever the inputs."""
    return [*_money(ads, used), *_counts(ads), *_creatives(ads)]


def _money(ads: "FollowerAds", used: Mapping[str, Distribution]) -> Iterator[Problem]:
    facts = {"campaign": ads.name}
    wrong = False
    for name, value in (
        ("daily_budget", ads.daily_budget),
        ("spend_cap", ads.spend_cap),
        ("usual_spend", ads.usual_spend),
    ):
        optional = name != "daily_budget"
        if not (optional and value is None) and not (number(value) and float(value or 0) > 0):
            wrong = True
            yield Problem("ads.amount", {**facts, "name": name, "value": repr(value)})
    cost = used.get("cost_per_follower")
    if ads.cost_per_follower is None and ads.currency != PRIOR_CURRENCY:
        yield Problem("ads.currency", {**facts, "currency": ads.currency, "prior": PRIOR_CURRENCY})
    elif not wrong and cost is not None:
        most = ads.daily_budget if ads.spend_cap is None else min(ads.spend_cap, ads.daily_budget)
        one = float(cost.at(MIDDLE)[0])
        if most < one:
            told = {"budget": f"{most:g}", "cost": f"{one:.4g}", "currency": ads.currency}
            yield Problem("ads.budget", {**facts, **told})


def _counts(ads: "FollowerAds") -> Iterator[Problem]:
    facts = {"campaign": ads.name}
    for name, value in (("audience", ads.audience), ("repeat_days", ads.repeat_days)):
        if not (name == "audience" and value is None) and not whole_number(value, 1):
            yield Problem("ads.whole_number", {**facts, "name": name, "value": repr(value)})
    if ads.rhythm is not None and not _weights(ads.rhythm):
        yield Problem("ads.rhythm", {**facts, "value": repr(ads.rhythm)[:80]})


def _weights(given: object) -> bool:
    if not isinstance(given, list | tuple | np.ndarray) or len(given) == 0:
        return False
    return all(number(one) and one >= 0 for one in given) and sum(given) > 0


def _creatives(ads: "FollowerAds") -> Iterator[Problem]:
    facts = {"campaign": ads.name}
    given = ads.creatives
    if isinstance(given, str | Mapping) or not isinstance(given, list | tuple):
        yield Problem("ads.creative", {**facts, "creative": "–", "value": repr(given)[:80]})
        return
    if len(given) > MOST_CREATIVES:
        yield Problem("ads.many_creatives", {**facts, "count": len(given), "most": MOST_CREATIVES})
    seen: list[str] = []
    for place, one in enumerate(given, start=1):
        if not _sound(one):
            told = {"creative": place, "value": repr(one)[:80]}
            yield Problem("ads.creative", {**facts, **told})
        elif one["name"] in seen:
            yield Problem("ads.same_creative", {**facts, "creative": one["name"]})
        else:
            seen.append(one["name"])


def _sound(one: object) -> bool:
    """Whether it is a name, a share and perhaps a relative cost, and nothing else."""
    if not isinstance(one, Mapping) or not set(one) <= set(KNOWN):
        return False
    name, share, cost = one.get("name"), one.get("share"), one.get("cost", 1.0)
    named = isinstance(name, str) and bool(name.strip())
    return named and all(number(value) and float(value or 0) > 0 for value in (share, cost))
