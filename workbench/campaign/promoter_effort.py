"""How many times as many contacts employees make as old customers, from past drives with both.

A drive has few employees, and unequal ones: often one good seller decides what they bring together.
The logarithm of their level is then far from normal (skewed to the right), and its error is the
smaller the more was sold by chance. So each drive keeps its whole likelihood, and drives are pooled
by integrating over it: random effects with exact likelihoods (Stijnen, Hamza & Özdemir 2010,
"Random effects meta-analysis of event outcome in the framework of the generalized linear mixed
model", Stat. Med. 29), with the priors of :mod:`workbench.campaign.pooling`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.pooling import LEVELS
from workbench.campaign.promoter_law import Talent, log_likelihood

STEP = 0.05
RATIOS = np.arange(-4.0, 4.0 + STEP / 2, STEP)
"""Logarithms of how many times as many."""
SPREADS = np.r_[0.0, np.geomspace(STEP, 1.5, 24)]


@dataclass(frozen=True, eq=False)
class Drive:
    """One past drive with both kinds.

    Attributes:
        level, error: logarithm of what old customers sell on a first day, and its standard error.
        orders, exposure: of each employee, see ``how_unequal``.
    """

    level: float
    error: float
    orders: Floats
    exposure: Floats


def drives_with_both(seen: pd.DataFrame, talent: Talent, people: pd.DataFrame) -> list[Drive]:
    """The past drives that had promoters of both kinds.

    Args:
        seen: one row per drive and kind, in the order of ``talent``: ``campaign``, ``role``.
        talent: what their promoters sell.
        people: promoters with ``group`` (the index of ``seen``), ``orders`` and ``exposure``.
    """
    table = pd.DataFrame({"drive": seen["campaign"], "role": seen["role"], "at": range(len(seen))})
    wide = table.pivot_table(index="drive", columns="role", values="at").dropna()
    if wide.shape[1] < 2:
        return []
    found = []
    for usual, staff in wide[["customer", "employee"]].astype(int).to_numpy():
        theirs = people[people["group"] == seen.index[staff]]
        orders, exposure = (theirs[name].to_numpy(dtype=float) for name in ("orders", "exposure"))
        level = float(np.log(talent.level[usual]))
        found.append(Drive(level, float(talent.error[usual]), orders, exposure))
    return found


def pooled_effort(
    drives: Sequence[Drive], shape: float, cut: bool, *, prior: tuple[float, float], between: float
) -> Floats:
    """The logarithm of the next drive's ratio at ``LEVELS``.

    Args:
        drives: past ones.
        shape: of talent.
        cut: whether promoters without an order are missing.
        prior: mean and standard deviation of the mean logarithm before anything was seen.
        between: scale of the half-normal prior of its spread between drives.

    >>> one = Drive(0.0, 0.01, np.full(4000, 3.0), np.ones(4000))  # all sell three times as much
    >>> found = pooled_effort([one], 50.0, False, prior=(0.0, 9.0), between=0.001)
    >>> round(float(np.exp(found[50])), 1)
    3.0
    """
    seen = [_likelihood(one, shape, cut) for one in drives]
    mean = np.exp(-0.5 * ((RATIOS - prior[0]) / prior[1]) ** 2)
    below = np.zeros(len(RATIOS))
    for spread in SPREADS:
        kernel = _kernel(spread)
        chance = mean * np.exp(-0.5 * (spread / between) ** 2)
        for one in seen:
            chance = chance * (kernel @ one)
        # Spreads are farther apart the larger they are: each stands for as much as lies between.
        below += max(spread, SPREADS[1] / 2.0) * (chance @ kernel)
    total = np.cumsum(below)
    middle = (total - 0.5 * below) / total[-1]
    return np.asarray(np.interp(LEVELS, middle, RATIOS))


def _likelihood(drive: Drive, shape: float, cut: bool) -> Floats:
    """How likely each ratio is, old customers' level being as uncertain as it is."""
    log = np.array(
        [
            log_likelihood(drive.level + ratio, drive.orders, drive.exposure, shape, cut)
            for ratio in RATIOS
        ]
    )
    return np.asarray(_kernel(drive.error) @ np.exp(log - log.max()))


def _kernel(spread: float) -> Floats:
    """(ratios, ratios) chances around each ratio; nothing but itself where the spread is small."""
    if spread < STEP / 2.0:
        return np.eye(len(RATIOS))
    weight = np.exp(-0.5 * ((RATIOS[:, None] - RATIOS) / spread) ** 2)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
