"""A shop's own past groups as inputs of the next group-buy: how often opened, how many joined."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.distribution import Distribution
from workbench.campaign.joining import joiner_chances
from workbench.errors import CampaignError, Problem

NODES = 21
LEAST_GROUPS = 30
NO_VARIATION = 0.01
HISTORY = "history"


@dataclass(frozen=True)
class GroupFit:
    """What past groups say about the next.

    Attributes:
        joiners: friends through the leader; its spread is that between items, since a campaign is
            about one. onward: further friends per joiner; None where groups of two cannot tell.
        open_rate: groups opened per visit and its spread between items; None without visits.
        n_groups, n_items: what it was fitted on.
        success: share of groups that were complete.
    """

    joiners: Distribution
    onward: Distribution | None
    open_rate: Distribution | None
    n_groups: int
    n_items: int
    success: float
    notices: tuple[Problem, ...] = field(default=())

    def inputs(self) -> dict[str, Distribution]:
        """The inputs of a ``GroupBuy``: ``GroupBuy(..., **fit.inputs())``."""
        found = {"joiners": self.joiners, "onward": self.onward, "open_rate": self.open_rate}
        return {name: one for name, one in found.items() if one is not None}


def fit_groups(
    records: pd.DataFrame, *, size: int, visits: "pd.Series[float] | None" = None
) -> GroupFit:
    """Fit joining, and opening where visits are known, on past groups of one size.

    Groups of an item gain joiners by the law of ``joining.py``; items differ in how many friends a
    leader brings, log-normally. Median, spread and onward joiners are those of the highest
    likelihood, the item's own level integrated out (Gauss-Hermite).

    Args:
        records: one row per group: ``joiners`` (people besides the leader), and where there are
            any ``item`` (or campaign) and ``weight`` (1 unless said).
        size: people of a full group; more joiners than that leaves room for count as full.
        visits: item → visits of its page while groups could be opened.

    Raises:
        CampaignError: no column ``joiners``, values that are no counts, or fewer than 30 groups.

    >>> groups = pd.DataFrame({"joiners": [0] * 23 + [1] * 77})
    >>> fit = fit_groups(groups, size=2)
    >>> fit.joiners.text(), fit.success  # 1 - exp(-1.47) = 0.77
    ('1.47', 0.77)
    """
    problems = _wrong(records, size)
    if problems:
        raise CampaignError(*problems)
    tally = _tally(records, size)
    median, spread, onward = _most_likely(tally.to_numpy(dtype=float), size)
    joiners = Distribution("lognormal", (median, spread), HISTORY)
    if spread <= NO_VARIATION:
        joiners = Distribution("fixed", (median,), HISTORY)
    groups = tally.to_numpy(dtype=float)
    return GroupFit(
        joiners=joiners,
        onward=None if size == 2 else Distribution("fixed", (onward,), HISTORY),
        open_rate=None if visits is None else opening_rate(tally.sum(axis=1), visits),
        n_groups=len(records),
        n_items=len(tally),
        success=float(groups[:, -1].sum() / groups.sum()),
    )


def _wrong(records: pd.DataFrame, size: object) -> list[Problem]:
    if isinstance(size, bool) or not isinstance(size, int) or size < 2:
        return [Problem("campaign.fit_size", {"value": repr(size)})]
    if "joiners" not in records.columns:
        found = ", ".join(str(column) for column in records.columns[:8])
        return [Problem("campaign.fit_column", {"column": "joiners", "found": found})]
    joiners = pd.to_numeric(records["joiners"], errors="coerce")
    bad = joiners.isna() | (joiners < 0) | (joiners % 1 != 0)
    if bad.any():
        rows = ", ".join(str(int(row) + 1) for row in np.flatnonzero(bad)[:5])
        return [Problem("campaign.fit_counts", {"count": int(bad.sum()), "rows": rows})]
    if len(records) < LEAST_GROUPS:
        return [Problem("campaign.fit_few", {"count": len(records), "least": LEAST_GROUPS})]
    return []


def _tally(records: pd.DataFrame, size: int) -> pd.DataFrame:
    """Groups per item (rows) and number of joiners 0 … size − 1 (columns), weighted."""
    joined = np.minimum(records["joiners"].to_numpy(dtype=int), size - 1)
    item = records["item"] if "item" in records.columns else pd.Series("", index=records.index)
    weight = records["weight"] if "weight" in records.columns else pd.Series(1.0, records.index)
    table = pd.DataFrame({"item": item, "joined": joined, "weight": weight.astype(float)})
    wide = table.pivot_table(
        index="item", columns="joined", values="weight", aggfunc="sum", fill_value=0.0
    )
    return wide.reindex(columns=range(size), fill_value=0.0)


def _most_likely(tally: Floats, size: int) -> tuple[float, float, float]:
    """Median and log-spread of joiners between items, and onward joiners per joiner."""
    from scipy.optimize import minimize

    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    log_weight = np.log(weight / weight.sum())
    alone = len(tally) == 1
    tally, alike = np.unique(tally, axis=0, return_counts=True)

    def misfit(at: Floats) -> float:
        spread = 0.0 if alone else float(np.exp(at[1]))
        theta = np.exp(np.clip(at[0] + spread * node, -20.0, 4.0))
        phi = np.full(NODES, 0.0 if size == 2 else float(np.exp(at[2])))
        chances = joiner_chances(theta, phi, np.zeros(NODES), size - 1)
        full = 1.0 - chances.sum(axis=0)
        log = np.log(np.maximum(np.vstack([chances, full]), 1e-300))
        return -float(alike @ np.logaddexp.reduce(tally @ log + log_weight, axis=1))

    share = np.clip(tally[:, 0].sum() / tally.sum(), 1e-3, 1 - 1e-3)
    start = np.array([np.log(-np.log(share)), np.log(0.3), np.log(0.1)])
    options: dict[str, Any] = {"xatol": 1e-4, "fatol": 1e-4, "maxiter": 600}
    found = minimize(misfit, start, method="Nelder-Mead", options=options).x
    spread = 0.0 if alone else float(np.exp(found[1]))
    return float(np.exp(found[0])), spread, float(np.exp(found[2]))


def opening_rate(opens: "pd.Series[float]", visits: "pd.Series[float]") -> Distribution | None:
    """Groups per visit between items, by moments net of chance: a beta distribution.

    Where items differ so much that it would put most of them next to zero, a log-normal one of the
    same mean and variance: a few items are opened far more often than the rest.
    """
    seen = visits.reindex(opens.index).fillna(0.0).to_numpy(dtype=float)
    used = seen > 0
    opened, seen = opens.to_numpy(dtype=float)[used], seen[used]
    if not used.any() or opened.sum() <= 0:
        return None
    mean = float(np.clip(opened.sum() / seen.sum(), 1e-9, 1 - 1e-9))
    excess = float(((opened - mean * seen) ** 2 - mean * (1 - mean) * seen).sum())
    between = excess / float((seen**2 - seen).sum()) if (seen > 1).any() else 0.0
    most = mean * (1 - mean) * 0.5
    if len(seen) < 2 or between <= 0:
        return Distribution("beta", (opened.sum() + 0.5, seen.sum() - opened.sum() + 0.5), HISTORY)
    total = mean * (1 - mean) / min(between, most) - 1.0
    if mean * total < 1.0:
        spread = float(np.sqrt(np.log1p(between / mean**2)))
        uneven = Distribution(
            "lognormal", (float(mean * np.exp(-0.5 * spread**2)), spread), HISTORY
        )
        if uneven.at(np.array([0.999]))[0] <= 1.0:
            return uneven
    return Distribution("beta", (mean * total, (1 - mean) * total), HISTORY)
