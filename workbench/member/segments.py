"""Segments by recency, frequency and money: names a planner can act on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.member.purchases import WEEK, Purchases

SEGMENTS = ("champions", "loyal", "growing", "new", "at_risk", "once", "sleeping")
"""In the order in which they are shown, the most valuable first."""


@dataclass(frozen=True)
class Rules:
    """What counts as recent, frequent and of high value.

    Attributes:
        recent_days: a member who bought within so many days is recent; within three times as many,
            at risk; beyond, sleeping.
        frequent: purchase days from which a member is frequent.
        high_value: share of members, by money spent, who are of high value.
    """

    recent_days: int = 90
    frequent: int = 3
    high_value: float = 0.2


DEFAULT = Rules()


def segment_members(purchases: Purchases, rules: Rules = DEFAULT) -> "pd.Series[str]":
    """Member → segment.

    champions (recent, frequent, of high value), loyal (recent, frequent), growing (recent, bought
    twice or so), new (bought once, recently), at_risk (bought again, not for a while), once (bought
    once, not lately), sleeping (bought again, long ago).
    """
    silent = (purchases.age - purchases.recency) * WEEK
    days = purchases.repeats + 1
    recent = silent <= rules.recent_days
    frequent = days >= rules.frequent
    rich = high_value(purchases, rules.high_value)
    once = days == 1
    chosen = np.select(
        [
            once & recent,
            once,
            recent & frequent & rich,
            recent & frequent,
            recent,
            silent <= 3 * rules.recent_days,
        ],
        ["new", "once", "champions", "loyal", "growing", "at_risk"],
        "sleeping",
    )
    return pd.Series(chosen, index=pd.Index(purchases.members, name="member"), name="segment")


def money_spent(purchases: Purchases) -> NDArray[np.float64]:
    """(members,) everything each has spent so far."""
    return purchases.first + purchases.repeats * purchases.spend


def high_value(purchases: Purchases, share: float) -> NDArray[np.bool_]:
    """(members,) the share of members who spent the most; ties at the edge stay out."""
    spent = money_spent(purchases)
    return np.asarray(spent > np.quantile(spent, 1.0 - share))


def rfm_table(purchases: Purchases, segments: "pd.Series[str]") -> pd.DataFrame:
    """One row per segment: members, their share, days since the last purchase, purchases, spend.

    Means over members; ``sales`` is everything spent so far, ``sales_share`` its share.
    """
    spent = money_spent(purchases)
    table = pd.DataFrame(
        {
            "segment": segments.to_numpy(),
            "members": 1,
            "silent_days": (purchases.age - purchases.recency) * WEEK,
            "purchases": purchases.repeats + 1,
            "sales": spent,
        }
    )
    by = table.groupby("segment")
    out = by.agg(
        members=("members", "sum"),
        silent_days=("silent_days", "mean"),
        purchases=("purchases", "mean"),
        sales=("sales", "sum"),
    )
    out = out.reindex([name for name in SEGMENTS if name in out.index])
    out["share"] = out["members"] / out["members"].sum()
    out["spend"] = out["sales"] / out["members"]
    return out.assign(sales_share=out["sales"] / max(float(out["sales"].sum()), 1e-9))
