"""How a week's total falls on its days: the expected share, and how far real days stray from it."""

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.design import Design
from workbench.panel.panel import Panel

Floats = NDArray[np.float64]

RECENT_WEEKS = 52
LOOSEST, TIGHTEST = 0.05, 1e4


def day_shape(panel: Panel, design: Design, exposure: Floats, block: int) -> tuple[Floats, Floats]:
    """Shares (steps, units) adding up to 1 per block, and their Dirichlet concentration (units,).

    The concentration is such that a day's share strays as it did from the unit's own weekday
    shares over the last year: E[(s − m)²] = m(1 − m) / (A + 1), summed over days (moments of the
    Dirichlet).
    """
    shape = block_shares(exposure, block)
    n_units = len(panel.units)
    if block == 1:
        return shape, np.full(n_units, np.inf)
    weeks = min(RECENT_WEEKS, len(panel.dates) // block)
    sold = np.nan_to_num(np.maximum(panel.sales[-weeks * block :], 0.0))
    sold = sold.reshape(weeks, block, n_units)
    week = sold.sum(axis=1, keepdims=True)
    open_ = (design.base[: len(panel.dates)][-weeks * block :] > 0).reshape(sold.shape)
    shares = np.divide(sold, week, out=np.zeros_like(sold), where=week > 0)
    pattern = (week * shares).sum(axis=0) / np.maximum(week.sum(axis=0), 1e-300)
    usual = np.where(open_, pattern[None], 0.0)
    usual = usual / np.maximum(usual.sum(axis=1, keepdims=True), 1e-300)
    strayed = ((shares - usual) ** 2 * (week > 0)).sum(axis=(0, 1))
    room = (usual * (1 - usual) * (week > 0)).sum(axis=(0, 1))
    concentration = np.divide(room, strayed, out=np.full(n_units, TIGHTEST), where=strayed > 0) - 1
    return shape, np.clip(concentration, LOOSEST, TIGHTEST)


def block_shares(exposure: Floats, block: int) -> Floats:
    """(steps, units): the share of its block that falls on each step; adds up to 1 per block.

    >>> block_shares(np.array([[1.0], [3.0], [2.0]]), 2)[:, 0].tolist()
    [0.25, 0.75, 1.0]
    """
    block_of = np.arange(len(exposure)) // block
    starts = np.flatnonzero(np.diff(block_of, prepend=-1))
    totals = np.add.reduceat(exposure, starts, axis=0)[block_of]
    return np.divide(exposure, totals, out=np.zeros_like(exposure), where=totals > 0)
