"""The planner's rule of thumb: last year's comparable dates × recent growth, with its own errors.

It is what our totals are measured against. Days are compared with the comparable day of the year
before, festivals lined up where the panel has a calendar; the growth is that of the last eight
weeks (two months) on the same weeks a year before. Its spread is what the same rule got wrong
earlier in the same history, resampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.panel.panel import Frequency, Panel

Floats = NDArray[np.float64]

YEAR: dict[Frequency, int] = {"D": 364, "W": 52, "M": 12}
RECENT: dict[Frequency, int] = {"D": 56, "W": 8, "M": 2}
MOST_GROWTH = 4.0
MOST_CUTOFFS = 40
POOL_ERRORS = 3.0
"""The errors of all sums count as much as so many of a sum's own."""
UNKNOWN_SD = 0.2
"""Of the log error, where the rule could not be tried before."""


@dataclass(frozen=True, eq=False)
class _History:
    """Sums by date, and a year before; dates run beyond the cutoff as far as is asked."""

    sold: Floats  # (dates, sums); NaN where nothing was observed
    then: Floats  # (dates + steps, sums): the comparable date a year before; NaN where unknown
    before: NDArray[np.intp]  # (dates + steps,): its row; -1 where there is none
    unit_sales: Floats  # (dates, units)
    open: Floats  # (dates + steps, units)
    summing: Floats  # (sums, units)
    recent: int


def year_rule(
    panel: Panel,
    summing: Floats,
    *,
    steps: int,
    n_paths: int,
    seed: int,
    names: Sequence[str],
) -> Floats:
    """Draws of the total over the next ``steps`` dates: (n_paths, sums); their median is the rule.

    Args:
        panel: the history up to the cutoff; its plans say which dates ahead are closed.
        summing: (sums, units), 1 where a unit belongs to a sum.
        steps: dates ahead.
        n_paths: how many draws.
        seed: same seed and names, same draws.
        names: of the sums.
    """
    history = _history(panel, summing, steps)
    n, year = len(panel.dates), YEAR[panel.frequency]
    point = _rule(history, n, steps)
    cutoffs = range(n - steps, year + history.recent - 1, -max(1, steps // 3))
    errors = [_error(history, cutoff, steps) for cutoff in cutoffs[:MOST_CUTOFFS]]
    table = np.array(errors) if errors else np.full((1, len(summing)), np.nan)
    # Sorted, so that the order of the units changes no draw.
    pool = np.sort(table[np.isfinite(table)])
    draws = [
        _resampled(table[:, at], pool, n_paths, np.random.default_rng([seed, crc32(name.encode())]))
        for at, name in enumerate(names)
    ]
    return np.asarray(point * np.exp(np.column_stack(draws)))


def _history(panel: Panel, summing: Floats, steps: int) -> _History:
    n = len(panel.dates)
    before = _year_before(panel, panel.span[: n + steps])
    sales = panel.sales
    open_ = panel.open[: n + steps]
    then = np.where((before >= 0)[:, None], sales[np.maximum(before, 0)], np.nan)
    # Who is closed sells nothing, whatever was sold a year ago.
    then = np.where(open_ > 0, then, np.where(np.isfinite(then), 0.0, np.nan))
    return _History(
        sold=_sums(sales, summing),
        then=_sums(then, summing),
        before=before,
        unit_sales=sales,
        open=open_,
        summing=summing,
        recent=RECENT[panel.frequency],
    )


def _year_before(panel: Panel, dates: pd.DatetimeIndex) -> NDArray[np.intp]:
    """Per date the row of the comparable date a year before, -1 where it is not in the history."""
    if panel.frequency == "M":
        rows = np.arange(len(dates)) - YEAR["M"]
        return np.where(rows < len(panel.dates), np.maximum(rows, -1), -1)
    earlier = pd.DatetimeIndex(dates - pd.Timedelta(days=364))
    if panel.calendar is not None and panel.frequency == "W":
        earlier = panel.calendar.last_year(dates, frequency="W")
    elif panel.calendar is not None:
        earlier = panel.calendar.last_year(dates)
    return np.asarray(panel.dates.get_indexer(earlier))


def _sums(values: Floats, summing: Floats) -> Floats:
    """(rows, units) → (rows, sums) over the units observed; NaN where none was."""
    seen = np.isfinite(values)
    total = np.where(seen, values, 0.0) @ summing.T
    return np.where(seen.astype(float) @ summing.T > 0, total, np.nan)


def _rule(history: _History, cutoff: int, steps: int) -> Floats:
    """The rule's total of the ``steps`` rows from ``cutoff``, knowing only the rows before it."""
    recent = slice(max(0, cutoff - history.recent), cutoff)
    now, then = history.sold[recent], history.then[recent]
    both = np.isfinite(now) & np.isfinite(then)
    now_sum = np.where(both, now, 0.0).sum(axis=0)
    then_sum = np.where(both, then, 0.0).sum(axis=0)
    growth = np.divide(now_sum, then_sum, out=np.ones_like(now_sum), where=then_sum > 0)
    rows = slice(cutoff, cutoff + steps)
    told = history.before[rows] < cutoff
    last_year = np.where(told[:, None], history.then[rows], np.nan)
    known = np.isfinite(last_year).sum(axis=0)
    total = np.nansum(last_year, axis=0) * steps / np.maximum(known, 1)
    ruled = total * np.clip(growth, 1 / MOST_GROWTH, MOST_GROWTH)
    usable = (2 * both.sum(axis=0) >= history.recent) & (then_sum > 0) & (2 * known >= steps)
    return np.where(usable & (ruled > 0), ruled, _level(history, cutoff, steps))


def _level(history: _History, cutoff: int, steps: int) -> Floats:
    """The recent level held flat over the open rows: for those without a year behind them."""
    recent = slice(max(0, cutoff - history.recent), cutoff)
    sales, open_ = history.unit_sales[recent], history.open[recent]
    seen = np.isfinite(sales)
    worth = np.where(seen, open_, 0.0).sum(axis=0)
    sold = np.where(seen, sales, 0.0).sum(axis=0)
    rate = np.divide(sold, worth, out=np.zeros_like(sold), where=worth > 0)
    ahead = history.open[cutoff : cutoff + steps].sum(axis=0)
    return np.asarray(np.maximum(rate * ahead, 0.0) @ history.summing.T)


def _error(history: _History, cutoff: int, steps: int) -> Floats:
    """(sums,) log of what was sold ÷ what the rule said at an earlier cutoff."""
    said = _rule(history, cutoff, steps)
    sold = np.nansum(history.sold[cutoff : cutoff + steps], axis=0)
    usable = (said > 0) & (sold > 0)
    ratio = np.divide(sold, said, out=np.ones_like(said), where=usable)
    return np.where(usable, np.log(ratio), np.nan)


def _resampled(own: Floats, pool: Floats, n_paths: int, rng: np.random.Generator) -> Floats:
    """Log errors drawn from a sum's own and now and then from all, of either sign, smoothed.

    The kernel is Silverman's for the number of errors; what it widens is taken back, so that the
    draws have the errors' own mean square.
    """
    own = own[np.isfinite(own)]
    if not pool.size:
        return UNKNOWN_SD * rng.standard_normal(n_paths)
    borrowed = rng.random(n_paths) < POOL_ERRORS / (POOL_ERRORS + len(own))
    picked = pool[rng.integers(len(pool), size=n_paths)]
    if own.size:
        picked = np.where(borrowed, picked, own[rng.integers(len(own), size=n_paths)])
    count = len(own) or len(pool)
    size = float(np.sqrt(np.mean(picked**2)))
    kernel = 1.06 * count**-0.2
    signed = picked * rng.choice([-1.0, 1.0], size=n_paths)
    smooth = signed + kernel * size * rng.standard_normal(n_paths)
    return np.asarray(smooth / np.sqrt(1 + kernel**2))
