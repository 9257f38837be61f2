"""What the same units sold in an earlier, comparable stretch of the panel."""

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.panel.panel import Panel

ENOUGH = 0.9
"""Share of a stretch's rows that must be known before its sum counts as the stretch's total."""


def rows_of(panel: Panel, period: Period) -> pd.DatetimeIndex:
    """The rows whose date lies in the period, whether or not the panel reaches them.

    Weekly and monthly rows belong to the period that holds the date they are labelled with.
    """
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    if panel.frequency == "M":
        return pd.date_range(start, end, freq="MS" if panel.as_of.day == 1 else "ME")
    if panel.frequency == "W":
        return pd.date_range(
            start + pd.Timedelta(days=(panel.as_of - start).days % 7), end, freq="7D"
        )
    return pd.date_range(start, end)


def total_over(panel: Panel, rows: pd.DatetimeIndex) -> "pd.Series[float]":
    """Each unit's sales over some rows; NaN where under 90 % of them are known."""
    at = panel.dates.get_indexer(rows)
    sales = panel.sales[at[at >= 0]]
    known = np.isfinite(sales).sum(axis=0)
    enough = known >= ENOUGH * max(len(rows), 1)
    sums = np.where(enough, np.nansum(sales, axis=0), np.nan)
    return pd.Series(sums, index=pd.Index(panel.units, name="unit"))


def last_year(panel: Panel, period: Period) -> "pd.Series[float]":
    """Each unit's total of the period one year before: same dates, or same weeks of weekly rows.

    NaN where under 90 % of it is known or nothing was sold: such a unit has no last year.
    """
    # The same weeks, not the same dates, so that the number of weekly rows is the same.
    weekly = panel.frequency == "W"
    weeks_before = pd.DatetimeIndex(rows_of(panel, period) - pd.Timedelta(days=364))
    rows = weeks_before if weekly else rows_of(panel, period.last_year())
    totals = total_over(panel, rows)
    return totals.where(totals > 0)


def last_year_lunar(panel: Panel, period: Period) -> "pd.Series[float] | None":
    """Each unit's total over the comparable dates one year before, moving holidays lined up.

    None without a calendar, and for monthly rows, whose holidays cannot be moved.
    """
    if panel.calendar is None or panel.frequency == "M":
        return None
    rows = rows_of(panel, period)
    if panel.frequency == "W":
        totals = total_over(panel, panel.calendar.last_year(rows, frequency="W"))
    else:
        totals = total_over(panel, panel.calendar.last_year(rows))
    return totals.where(totals > 0)


def previous_total(panel: Panel, period: Period) -> "pd.Series[float] | None":
    """Each unit's total of the period just before; None while that one is not over."""
    rows = rows_of(panel, period.previous())
    if not len(rows) or rows[-1] > panel.as_of:
        return None
    totals = total_over(panel, rows)
    return totals.where(totals > 0)


def running_pair(panel: Panel, weeks: int) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Each unit's last weeks and the same weeks a year before, over rows known in both.

    NaN in both where under half of the rows are known in both years. Monthly rows: the nearest
    number of whole months.
    """
    index = pd.Index(panel.units, name="unit")
    n_rows = {"D": weeks * 7, "W": weeks, "M": max(round(weeks * 7 / 30.4), 1)}[panel.frequency]
    lag = {"D": 364, "W": 52, "M": 12}[panel.frequency]
    empty = pd.Series(np.nan, index=index)
    if len(panel.dates) < n_rows + lag:
        return empty, empty
    stop = len(panel.dates)
    recent = panel.sales[stop - n_rows :]
    before = panel.sales[stop - n_rows - lag : stop - lag]
    both = np.isfinite(recent) & np.isfinite(before)
    enough = both.sum(axis=0) >= n_rows / 2
    now = np.where(enough, np.where(both, recent, 0.0).sum(axis=0), np.nan)
    then = np.where(enough, np.where(both, before, 0.0).sum(axis=0), np.nan)
    return pd.Series(now, index=index), pd.Series(then, index=index)
