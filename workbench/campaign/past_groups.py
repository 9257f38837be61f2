"""Past group-buys in totals: groups that were full, and orders that failed.

Order lines seldom say which failed orders were one group. Under the law of joining both totals
follow from the mean number of friends per leader: a complete group goes with
Σⱼ P(j) (1 + j) ÷ P(full) failed orders, which falls as leaders bring more friends.
"""

import numpy as np
import pandas as pd

from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY, LEAST_GROUPS, GroupFit, opening_rate
from workbench.campaign.joining import joiner_chances
from workbench.errors import CampaignError, Problem

ONWARD = 0.05
"""Further friends per joiner, as in the prior: totals alone cannot tell them from the leader's."""
RANGE = (1e-3, 30.0)
HALVINGS = 60


def fit_past_groups(
    past: pd.DataFrame, *, size: int, visits: "pd.Series[float] | None" = None
) -> GroupFit:
    """Joining and opening in past group-buys of one size; they differ as those did.

    Args:
        past: from :func:`workbench.data.past_groups.read_past_groups`; rows of other sizes are
            left out.
        size: people of a full group.
        visits: campaign → visits of its unit while groups could be opened.

    Raises:
        CampaignError: fewer than 30 complete groups of this size.

    >>> row = {"campaign": "七夕", "size": 2, "groups": 77, "failed_orders": 23}
    >>> fit = fit_past_groups(pd.DataFrame([row]), size=2)
    >>> fit.joiners.text(), fit.success  # 1 - exp(-1.47) = 0.77
    ('1.47 (1.47–1.47)', 0.77)
    """
    used = past[past["size"] == size]
    count = int(used["groups"].sum()) if len(used) else 0
    if count < LEAST_GROUPS:
        raise CampaignError(Problem("campaign.fit_few", {"count": count, "least": LEAST_GROUPS}))
    onward = 0.0 if size == 2 else ONWARD
    theta, opens = [], {}
    for row in used.to_dict("records"):
        groups, orders = float(row["groups"]), float(row["failed_orders"])
        found = _friends(orders / max(groups, 0.5), size, onward)
        failed, people = _failed(found, size, onward)
        theta.append(found)
        opens[str(row["campaign"])] = groups + orders * failed / max(people, 1e-12)
    opened = pd.Series(opens, dtype=float)
    return GroupFit(
        joiners=Distribution("samples", tuple(theta), HISTORY),
        onward=None,
        open_rate=None if visits is None else opening_rate(opened, visits),
        n_groups=round(float(opened.sum())),
        n_items=len(used),
        success=count / float(opened.sum()),
    )


def _friends(ratio: float, size: int, onward: float) -> float:
    """Mean friends per leader for which a complete group goes with ``ratio`` failed orders."""
    low, high = RANGE
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        failed, people = _failed(middle, size, onward)
        low, high = (middle, high) if people / max(1.0 - failed, 1e-12) > ratio else (low, middle)
    return low


def _failed(theta: float, size: int, onward: float) -> tuple[float, float]:
    """Chance that a group fails, and the mean number of people in failed ones per group opened."""
    chances = joiner_chances(np.array([theta]), np.array([onward]), np.zeros(1), size - 1)[:, 0]
    return float(chances.sum()), float((chances * np.arange(1, size)).sum())
