"""Measured effects of a shop's past discounts as the elasticity of the next.

The table of past discounts, one row each:

=============  =================================================================================
campaign       name of the past discount
depth          share off the price, 0.2 is 20 % off, needed
uplift         more orders than without it, as a share: 0.6 is 60 % more, needed
error          standard error of the uplift
low, high      its 95 % interval, where there is no standard error
=============  =================================================================================

The simulator adds ``elasticity × depth`` to the usual orders, so that a discount's own elasticity
is uplift ÷ depth, and its error likewise. Discounts differ: see :mod:`workbench.campaign.pooling`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.distribution import Distribution
from workbench.campaign.meaning import meanings
from workbench.campaign.pooling import Pooled, pool
from workbench.errors import CampaignError, Problem

DISCOUNT = "discount"
NEEDED = ("depth", "uplift")
INTERVAL = 2 * 1.959964
"""Width of a 95 % interval in standard errors."""
MOST_UPLIFT = 20.0
ENOUGH = 5
"""Discounts from which their own spread counts for more than what is usual elsewhere."""


@dataclass(frozen=True)
class DiscountFit:
    """What past discounts say about the next.

    Attributes:
        pooled: the mean elasticity, its error, the spread between discounts.
        elasticity: of the next discount.
        n_discounts: how many it was fitted on.
    """

    pooled: Pooled
    elasticity: Distribution
    n_discounts: int

    @property
    def few(self) -> bool:
        """Whether what is usual elsewhere still counts for much."""
        return self.n_discounts < ENOUGH

    def inputs(self) -> dict[str, Distribution]:
        """The inputs: ``Discount(..., **fit.inputs())``."""
        return {"elasticity": self.elasticity}


def fit_discounts(effects: pd.DataFrame) -> DiscountFit:
    """The elasticity of the next discount from measured effects of past ones.

    What is usual elsewhere (``priors/discount.yaml``) is where it starts; each past discount moves
    it the more, the better its effect was measured.

    Args:
        effects: the table described above.

    Raises:
        CampaignError: columns missing, depths that are no shares, effects without an error.

    >>> past = pd.DataFrame({"depth": [0.2] * 12, "uplift": [0.4] * 12, "error": [0.05] * 12})
    >>> fit = fit_discounts(past)
    >>> round(fit.pooled.mean, 1)  # 0.4 / 0.2, a little towards the prior's 3.1
    2.0
    """
    problems = wrong_effects(effects)
    if problems:
        raise CampaignError(*problems)
    depth = effects["depth"].to_numpy(dtype=float)
    seen = effects["uplift"].to_numpy(dtype=float) / depth
    errors = _errors(effects).to_numpy(dtype=float) / depth
    meaning = meanings(DISCOUNT)["elasticity"]
    centre, spread = _before(meaning.prior)
    found = pool(list(seen), list(errors), prior=(centre, spread), between=spread)
    return DiscountFit(found, found.distribution(meaning.least, meaning.most), len(effects))


def _before(prior: Distribution | None) -> tuple[float, float]:
    """Mean and standard deviation of the prior."""
    if prior is None:
        return 3.0, 1.0
    values = prior.at((np.arange(2000) + 0.5) / 2000)
    return float(values.mean()), float(values.std())


def _errors(effects: pd.DataFrame) -> "pd.Series[float]":
    """Standard errors, from intervals where they are not given."""
    error = pd.Series(np.nan, index=effects.index, dtype=float)
    if "error" in effects:
        error = pd.to_numeric(effects["error"]).astype(float)
    if {"low", "high"} <= set(effects.columns):
        wide = pd.to_numeric(effects["high"]) - pd.to_numeric(effects["low"])
        error = error.fillna(wide / INTERVAL)
    return error


def wrong_effects(effects: pd.DataFrame) -> list[Problem]:
    """Every way in which measured effects cannot be used; empty where they can.

    >>> some = pd.DataFrame({"depth": [20], "uplift": [0.4], "error": [0.1]})
    >>> [one.code for one in wrong_effects(some)]
    ['discount.fit_depth']
    """
    missing = [name for name in NEEDED if name not in effects]
    if missing:
        found = ", ".join(str(name) for name in effects.columns[:8])
        return [Problem("discount.fit_column", {"columns": ", ".join(missing), "found": found})]
    depth = pd.to_numeric(effects["depth"], errors="coerce")
    uplift = pd.to_numeric(effects["uplift"], errors="coerce")
    bad = [
        *_told("discount.fit_depth", ~((depth > 0) & (depth < 1))),
        *_told("discount.fit_uplift", ~((uplift >= -1) & (uplift <= MOST_UPLIFT))),
    ]
    if {"low", "high"} <= set(effects.columns):
        low, high = (pd.to_numeric(effects[name], errors="coerce") for name in ("low", "high"))
        given = effects["low"].notna() & effects["high"].notna()
        bad += _told("discount.fit_interval", given & ~((low <= uplift) & (uplift <= high)))
    if not bad:
        bad += _told("discount.fit_error", ~(_errors(effects) > 0))
    return bad


def _told(code: str, wrong: "pd.Series[bool]") -> list[Problem]:
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool))
    first = ", ".join(str(int(row) + 1) for row in rows[:5])
    return [Problem(code, {"count": len(rows), "rows": first})] if len(rows) else []
