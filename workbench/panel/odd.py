"""What is odd about the rows of a panel and is told, though nothing is changed for it."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.panel.grid import Cells, Grid
from workbench.panel.known import Coded
from workbench.panel.panel import Floats
from workbench.panel.shown import cells, money, some

FEW_DATES = {"D": 14, "W": 4, "M": 3}
"""Known dates below which a unit has hardly a history of its own."""
SAME_DATES = {"D": 28, "W": 8, "M": 6}
"""Open dates of exactly the same sales from which on they are no chance."""
BEYOND = 1.0
"""How far past the range seen a plan may lie, in that range, before it is told."""
ALIKE = 1e-9


def odd_units(sales: Floats, open_: Floats, past: Cells, grid: Grid) -> list[Problem]:
    """Dates without a row, units with hardly a history, and units that always sell the same."""
    return [
        *_missing_rows(sales, past, grid),
        *_hardly_known(sales, grid),
        *_always_the_same(sales, open_, grid),
    ]


def _missing_rows(sales: Floats, past: Cells, grid: Grid) -> list[Problem]:
    given = past.given[: len(sales)]
    missing = np.logical_or.accumulate(given, axis=0) & ~given
    if not missing.any():
        return []
    zero = bool(np.isfinite(sales[missing]).all())
    facts = {
        "count": f"{int(missing.sum()):,}",
        "units": f"{int(missing.any(axis=0).sum()):,}",
        "rows": cells(grid.units, grid.days, missing),
    }
    return [Problem("panel.missing_zero" if zero else "panel.missing_unknown", facts)]


def _hardly_known(sales: Floats, grid: Grid) -> list[Problem]:
    """Units with few known dates in a panel that has more."""
    known = np.isfinite(sales).sum(axis=0)
    few = (known < FEW_DATES[grid.frequency]) & (known > 0) & (len(sales) > known)
    if not few.any():
        return []
    shown = some(f"{grid.units[at]}: {known[at]}" for at in np.flatnonzero(few))
    return [Problem("panel.hardly_known", {"count": f"{int(few.sum()):,}", "units": shown})]


def _always_the_same(sales: Floats, open_: Floats, grid: Grid) -> list[Problem]:
    sold = np.isfinite(sales) & (open_[: len(sales)] > 0)
    least = np.where(sold, sales, np.inf).min(axis=0)
    most = np.where(sold, sales, -np.inf).max(axis=0)
    same = (least == most) & (most != 0) & (sold.sum(axis=0) >= SAME_DATES[grid.frequency])
    if not same.any():
        return []
    shown = some(f"{grid.units[at]}: {money(float(most[at]))}" for at in np.flatnonzero(same))
    return [Problem("panel.always_the_same", {"count": f"{int(same.sum()):,}", "units": shown})]


def odd_plans(
    coded: Mapping[str, Coded], columns: Mapping[str, Floats], grid: Grid
) -> list[Problem]:
    """Plans that history cannot tell of, and columns that say nothing of their own."""
    notices = []
    for name, column in coded.items():
        if column.past and column.later and name != "open":
            notices += _unlike_before(name, column)
    return [*notices, *_repeated(columns, grid)]


def _unlike_before(name: str, column: Coded) -> list[Problem]:
    """A plan that differs from a column that never varied, or lies far outside what was seen."""
    before = np.concatenate(list(column.past.values()))
    ahead = np.concatenate(list(column.later.values()))
    before, ahead = before[np.isfinite(before)], ahead[np.isfinite(ahead)]
    if not before.size or not ahead.size:
        return []
    low, high = float(before.min()), float(before.max())
    reach = BEYOND * (high - low)
    outside = (ahead < low - reach) | (ahead > high + reach)
    if not outside.any():
        return []
    facts = {
        "column": name,
        "seen": f"{low:g}" if low == high else f"{low:g} … {high:g}",
        "values": some(f"{value:g}" for value in np.unique(ahead[outside])),
        "count": f"{int(outside.sum()):,}",
    }
    return [Problem("panel.known_never_varied" if low == high else "panel.known_outside", facts)]


def _repeated(columns: Mapping[str, Floats], grid: Grid) -> list[Problem]:
    """Columns that repeat the weekday, or an earlier column."""
    n = len(grid.dates)
    if n < SAME_DATES[grid.frequency]:
        return []
    weekday = (grid.days.astype("datetime64[D]").astype(np.int64) % 7)[:n]
    told: list[str] = []
    earlier: list[Floats] = []
    for name, values in columns.items():
        past = values[:n]
        if np.ptp(past) == 0:
            continue
        scaled = _scaled(past)
        same = any(_alike(scaled, other) or _alike(scaled, -other) for other in earlier)
        if same or (grid.frequency == "D" and _is_weekday(past, weekday)):
            told.append(name)
        earlier.append(scaled)
    return [Problem("panel.known_repeats", {"columns": ", ".join(told)})] if told else []


def _alike(one: Floats, other: Floats) -> bool:
    return float(np.abs(one - other).max()) < ALIKE


def _scaled(values: Floats) -> Floats:
    apart = values - values.mean()
    return np.asarray(apart / np.abs(apart).max())


def _is_weekday(values: Floats, weekday: NDArray[np.int64]) -> bool:
    """Whether the weekday alone tells the value, for all units alike."""
    return all(np.ptp(values[weekday == day]) == 0 for day in range(7) if (weekday == day).any())
