"""Simple forecasts of the level: sales per unit of exposure in each block ahead.

Each is a log rate, (blocks, units), built from three things at one cutoff: the recent level over
some weeks, the same weeks of earlier years (lunar-aligned where the calendar says so), and the
season that all units share. None of them looks past the cutoff.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.design import Design
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]

BLOCK: Mapping[Frequency, int] = {"D": 7, "W": 1, "M": 1}
"""Steps in a block: days are taken by weeks, weeks and months as they are."""
WINDOWS: Mapping[Frequency, tuple[int, ...]] = {
    "D": (4, 8, 13, 26),
    "W": (4, 8, 13, 26),
    "M": (2, 3, 6, 12),
}
"""Blocks over which a recent level is taken."""
SPARSE = 1 / 3
"""A unit that sells nothing on this share of its open steps has hardly a level of its own."""
FARTHEST = np.log(8.0)
"""A forecast level further than this from the unit's own last year is capped: it exploded."""


def family_shares(names: Sequence[str]) -> Floats:
    """(candidates,) how much each counts before any test: each family alike, whatever its size.

    Candidates that differ only in the number of weeks they look back say nearly the same.

    >>> family_shares(["last year", "level 4", "level 8"]).tolist()
    [1.0, 0.5, 0.5]
    """
    families = [re.sub(r" \d+", "", name) for name in names]
    return np.array([1.0 / families.count(family) for family in families])


@dataclass(frozen=True, eq=False)
class History:
    """Sales and exposure up to one cutoff, summed quickly over any rows.

    ``sold`` and ``worth`` are (steps, units) with zeros where nothing was observed; rows at and
    after ``cutoff`` are zero in both.
    """

    sold: Floats
    worth: Floats
    cutoff: int
    block: int
    typical: Floats

    @classmethod
    def at(cls, sales: Floats, exposure: Floats, cutoff: int, block: int) -> "History":
        """What was known at ``cutoff``: (dates, units) sales and (steps, units) exposure."""
        seen = np.isfinite(sales[:cutoff]) & (exposure[:cutoff] > 0)
        sold = np.zeros_like(exposure)
        worth = np.zeros_like(exposure)
        sold[:cutoff] = np.where(seen, sales[:cutoff], 0.0)
        worth[:cutoff] = np.where(seen, exposure[:cutoff], 0.0)
        year = slice(max(0, cutoff - 52 * block), cutoff)
        total, weight = sold[year].sum(axis=0), worth[year].sum(axis=0)
        typical = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
        return cls(sold, worth, cutoff, block, np.maximum(typical, 0.0))

    def log_rate(self, sold: Floats, worth: Floats) -> Floats:
        """Log of sales per exposure, leaning on the typical rate by half an open day's worth.

        NaN where nothing was observed at all.
        """
        lean = 0.5
        floor = np.maximum(self.typical, 1e-9)
        rate = (np.maximum(sold, 0.0) + lean * floor) / (worth + lean)
        return np.where(worth > 0, np.log(np.maximum(rate, 1e-3 * floor)), np.nan)

    def recent(self, n_blocks: int) -> Floats:
        """(units,), log rate of the last ``n_blocks`` blocks; NaN if the history is shorter."""
        rows = slice(max(0, self.cutoff - n_blocks * self.block), self.cutoff)
        if self.cutoff < n_blocks * self.block:
            return np.full(self.sold.shape[1], np.nan)
        return self.log_rate(self.sold[rows].sum(axis=0), self.worth[rows].sum(axis=0))

    def over(self, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Sales and exposure summed over ``rows``; rows of −1 or past the cutoff count nothing."""
        usable = rows[(rows >= 0) & (rows < self.cutoff)]
        return self.sold[usable].sum(axis=0), self.worth[usable].sum(axis=0)


@dataclass(frozen=True, eq=False)
class Season:
    """Level in the comparable blocks of one earlier year, against that year's recent weeks.

    Attributes:
        ahead: (blocks, units), log rate in the comparable blocks.
        recent: window → (units,), log rate in the weeks comparable to the recent ones.
        pooled_ahead, pooled_recent: the same over all units, each unit weighing the same.
        siblings_ahead, siblings_recent: the same for each unit over those like it; None where
            nothing is known that would tell.
    """

    ahead: Floats
    recent: Mapping[int, Floats]
    pooled_ahead: Floats
    pooled_recent: Mapping[int, float]
    siblings_ahead: Floats | None
    siblings_recent: Mapping[int, Floats]


def season(
    history: History, design: Design, year: int, n_steps: int, frequency: Frequency
) -> Season:
    """The season as it was ``year`` + 1 years before the horizon."""
    rows = _comparable(design, history.cutoff, year, n_steps)
    blocks = np.arange(n_steps) // history.block
    sums = [history.over(rows[blocks == b]) for b in range(int(blocks[-1]) + 1)]
    sold = _smooth(np.stack([s for s, _ in sums]))
    worth = _smooth(np.stack([w for _, w in sums]))
    ahead = history.log_rate(sold, worth)
    past = design.last_year[year, : history.cutoff]
    recent: dict[int, Floats] = {}
    pooled_recent: dict[int, float] = {}
    siblings_recent: dict[int, Floats] = {}
    scale = _own_size(history)
    kin = design.kinship
    for window in WINDOWS[frequency]:
        wanted = past[max(0, history.cutoff - window * history.block) :]
        total = history.over(wanted)
        enough = (wanted >= 0).mean() > 0.9 and history.cutoff >= window * history.block
        recent[window] = history.log_rate(*total) if enough else np.full(len(total[0]), np.nan)
        pooled_recent[window] = _pool(total[0] / scale, total[1]) if enough else np.nan
        if kin is not None:
            said = _pool_kin(total[0] / scale, total[1], kin)
            siblings_recent[window] = said if enough else np.full(len(said), np.nan)
    pooled_ahead = np.array([_pool(s / scale, w) for s, w in zip(sold, worth, strict=True)])
    siblings = None if kin is None else _pool_kin(sold / scale, worth, kin)
    return Season(ahead, recent, pooled_ahead, pooled_recent, siblings, siblings_recent)


def _own_size(history: History) -> Floats:
    """(units,) what a unit's sales are divided by, so that all weigh the same; ∞ = none."""
    return np.where(history.typical > 0, history.typical, np.inf)


def _comparable(design: Design, cutoff: int, year: int, n_steps: int) -> NDArray[np.intp]:
    """Rows ``year`` + 1 years before each step ahead; a year further back if still ahead."""
    ahead = slice(cutoff, cutoff + n_steps)
    rows = design.last_year[year, ahead].copy()
    for earlier in range(year + 1, len(design.last_year)):
        late = rows >= cutoff
        rows[late] = design.last_year[earlier, ahead][late]
    return rows


def _pool(sold: Floats, worth: Floats) -> float:
    total = float(worth.sum())
    return float(np.log(max(float(sold.sum()), 1e-6) / total)) if total > 0 else float("nan")


def _pool_kin(sold: Floats, worth: Floats, kin: Floats) -> Floats:
    """Log rate around each unit: (…, units) pooled with the weights of its row of ``kin``."""
    worth = np.where(worth > 0, worth, 0.0)
    total, weight = sold @ kin.T, worth @ kin.T
    rate = np.divide(total, weight, out=np.full_like(weight, np.nan), where=weight > 1e-9)
    return np.asarray(np.log(np.maximum(rate, 1e-6)))


def _smooth(values: Floats) -> Floats:
    """Blocks with half of each neighbour's weight: one week a year ago is a noisy guide."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:])


def level_candidates(
    history: History, design: Design, n_steps: int, frequency: Frequency
) -> dict[str, Floats]:
    """Name → (blocks, units) log rate; NaN where the history is too short for a candidate."""
    n_blocks = -(-n_steps // history.block)
    years = [season(history, design, year, n_steps, frequency) for year in range(2)]
    last = years[0]
    out: dict[str, Floats] = {"last year": last.ahead}
    windows = WINDOWS[frequency]
    for window in windows:
        level = history.recent(window)
        growth = level - last.recent[window]
        pool_growth = _pool_growth(history, last, window)
        shared = last.pooled_ahead - last.pooled_recent[window]
        own = last.ahead - last.recent[window]
        out[f"level {window}"] = np.broadcast_to(level, (n_blocks, len(level))).copy()
        out[f"level {window} × shared season"] = level + shared[:, None]
        if last.siblings_ahead is not None:
            kind = last.siblings_ahead - last.siblings_recent[window]
            out[f"level {window} × siblings' season"] = level + kind
        if window == windows[0]:
            continue
        out[f"last year × growth {window}"] = last.ahead + growth
        out[f"last year × √growth {window}"] = last.ahead + 0.5 * growth
        out[f"last year × shared growth {window}"] = last.ahead + pool_growth
        out[f"level {window} × mixed season"] = level + 0.5 * (own + shared[:, None])
        earlier = years[1].ahead - years[1].recent[window]
        out[f"level {window} × two years' season"] = level + 0.5 * (own + earlier)
    out |= _top_down(history, last, n_blocks, windows)
    middle = np.log(np.maximum(history.typical, 1e-9))
    return {
        name: np.clip(values, middle - FARTHEST, middle + FARTHEST) for name, values in out.items()
    }


def _top_down(
    history: History, last: Season, n_blocks: int, windows: Sequence[int]
) -> dict[str, Floats]:
    """A unit's share of the last year × the level of all units: for leaves too sparse to have one.

    Silent for every other unit; empty where no unit is sparse, or it stands alone.
    """
    n_units = history.sold.shape[1]
    year = slice(max(0, history.cutoff - 52 * history.block), history.cutoff)
    seen = history.worth[year] > 0
    empty = (seen & (history.sold[year] == 0)).sum(axis=0)
    sparse = (empty >= SPARSE * np.maximum(seen.sum(axis=0), 1)) & (history.typical > 0)
    if n_units < 2 or not sparse.any():
        return {}
    scale = _own_size(history)
    usual = _pool(history.sold[year].sum(axis=0) / scale, history.worth[year].sum(axis=0))
    share = np.where(sparse, np.log(np.maximum(history.typical, 1e-9)) - usual, np.nan)
    window = windows[1]
    level = _pool_level(history, window)
    shared = last.pooled_ahead - last.pooled_recent[window]
    flat = np.broadcast_to(share + level, (n_blocks, n_units)).copy()
    return {
        f"share of all {window}": flat,
        f"share of all {window} × shared season": share + level + shared[:, None],
    }


def _pool_level(history: History, window: int) -> float:
    """Log rate of all units together over the last blocks, each unit weighing the same."""
    rows = slice(max(0, history.cutoff - window * history.block), history.cutoff)
    return _pool(
        history.sold[rows].sum(axis=0) / _own_size(history), history.worth[rows].sum(axis=0)
    )


def _pool_growth(history: History, last: Season, window: int) -> float:
    return _pool_level(history, window) - last.pooled_recent[window]
