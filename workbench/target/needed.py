"""The run-rate that is needed from now on, and whether it has ever been reached."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.panel.aggregate import aggregate
from workbench.panel.panel import Panel
from workbench.target.curve import Floats
from workbench.target.history import rows_of
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from pandas._libs.tslibs.nattype import NaTType

RECENT_ROWS = {"D": 28, "W": 4, "M": 1}
DAYS_PER_ROW = {"D": 1.0, "W": 7.0, "M": 365.25 / 12}
ENOUGH_OBSERVED = 0.9
ENOUGH_OPEN = 0.5
"""A stretch counts as comparable with at least this share of the open days that are left."""


def needed_rates(
    panel: Panel, targets: "pd.Series[float]", goal: float, now: Outlook
) -> pd.DataFrame:
    """What is missing per open day, beside the last four weeks and the best as long a stretch.

    Columns unit (all units first), remaining, days_left (open days), needed_per_day,
    expected_per_day (the middle of the outlook), recent_per_day, best_ever, best_until (the last
    day of that stretch), reached_before. NaN where nothing is left, or where no stretch of the
    history is as long.
    """
    whole = aggregate(panel, dict.fromkeys(panel.units, ALL_UNITS))
    left = _days_left(panel, now)
    left_of_all = _days_left(whole, now)
    rows = [_row(whole, 0, goal - float(now.actual.sum()), left_of_all[:, 0])]
    for at, unit in enumerate(panel.units):
        rows.append(_row(panel, at, float(targets[unit] - now.actual[unit]), left[:, at]))
    table = pd.DataFrame(rows)
    middle = np.array([now.target_at(0.5), *now.targets_at(0.5)])
    coming = middle - np.array([float(now.actual.sum()), *now.actual])
    days = table["days_left"]
    table.insert(4, "expected_per_day", coming / days.where(days > 0))
    return table


def _row(panel: Panel, at: int, remaining: float, left: Floats) -> dict[str, object]:
    days = float(left.sum())
    missing = max(remaining, 0.0)
    needed = missing / days if days > 0 else (0.0 if missing == 0 else np.nan)
    sales, exposure = panel.sales[:, at], _exposure(panel)[: len(panel.dates), at]
    best, until = _best(panel, sales, exposure, len(left), days)
    recent = slice(-RECENT_ROWS[panel.frequency], None)
    return {
        "unit": panel.units[at],
        "remaining": missing,
        "days_left": days,
        "needed_per_day": needed,
        "recent_per_day": _rate(sales[recent], exposure[recent]),
        "best_ever": best,
        "best_until": until,
        "reached_before": bool(missing == 0 or best >= needed),
    }


def _best(
    panel: Panel, sales: Floats, exposure: Floats, rows: int, days: float
) -> "tuple[float, pd.Timestamp | NaTType]":
    """The highest rate over ``rows`` rows in a row with about as many open days, and its end."""
    never = np.nan, pd.NaT
    if rows == 0 or rows > len(sales) or days <= 0:
        return never
    seen = np.isfinite(sales)
    sold = _windows(np.where(seen, sales, 0.0), rows)
    opened = _windows(np.where(seen, exposure, 0.0), rows)
    enough = _windows(seen.astype(float), rows) >= ENOUGH_OBSERVED * rows
    usable = enough & (opened >= ENOUGH_OPEN * days)
    if not usable.any():
        return never
    rates = np.where(usable, sold / np.where(usable, opened, 1.0), -np.inf)
    at = int(rates.argmax())
    return float(rates[at]), panel.dates[at + rows - 1]


def _windows(values: Floats, rows: int) -> Floats:
    """Sums over every ``rows`` values in a row."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(running[rows:] - running[:-rows])


def _rate(sales: Floats, exposure: Floats) -> float:
    seen = np.isfinite(sales)
    days = float(exposure[seen].sum())
    return float(sales[seen].sum()) / days if days > 0 else float("nan")


def _exposure(panel: Panel) -> Floats:
    """Open days per row of ``span``; ``open`` is 0/1 or, of weeks and months, a number of days."""
    days = DAYS_PER_ROW[panel.frequency]
    return panel.open if panel.frequency != "D" and panel.open.max() > 1 else panel.open * days


def _days_left(panel: Panel, now: Outlook) -> Floats:
    """Open days of the rows still to come; days without a plan count as open."""
    exposure = _exposure(panel)
    rows = rows_of(panel, now.period)
    rows = rows[rows > panel.as_of]
    usual = exposure.max() if exposure.size else 1.0
    at = panel.span.get_indexer(rows)
    out = np.full((len(rows), len(panel.units)), usual)
    out[at >= 0] = exposure[at[at >= 0]]
    return out
