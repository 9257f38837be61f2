"""Daily, weekly or monthly sales files → sales by unit and date."""

from typing import Any

import numpy as np
import pandas as pd

from workbench.data.daily import DailyRows, daily_rows, value_column
from workbench.data.report import Entry
from workbench.data.request import (
    Loaded,
    Request,
    after_notice,
    present,
    short_notice,
    unit_notices,
)
from workbench.data.tables import TableRead
from workbench.data.units import keep_where, unit_codes
from workbench.errors import DataError, Problem


def sales_of_days(read: TableRead, request: Request) -> Loaded:
    """Sum a daily table to units; rows after the last known day are kept apart.

    Raises:
        DataError: the metric is not in the file, rows that contradict each other, or no sales.
    """
    value = value_column(read, request.metric)
    whole = Entry("read", len(read.frame), float(np.nansum(read.frame[value])))
    last = pd.Timestamp(read.frame.loc[read.frame[value].notna(), "date"].max())
    read = keep_where(read, request.where)
    units = unit_codes(read, request.by)
    rows = daily_rows(read, units, request.mapping, request.metric)
    if not rows.given.any():
        facts = {"rows": whole.rows, "left": f"not_observed {whole.rows}", "as_of": "–"}
        raise DataError(Problem("data.nothing_counted", facts))
    end = last if request.as_of is None else min(last, request.as_of)
    if not (rows.table["date"] <= end).any():
        facts = {
            "rows": whole.rows,
            "left": f"after_as_of {whole.rows}",
            "as_of": f"{end:%Y-%m-%d}",
        }
        raise DataError(Problem("data.nothing_counted", facts))
    frame, known, later = _split(rows.table, end)
    names = np.array(units.labels, dtype=object)
    kept = present(units, np.isin(names, frame["unit"].unique())[units.codes])
    frame, missing = _holes(frame, request.mapping.missing_days)
    date = read.frame["date"].to_numpy()
    after = (date > np.datetime64(end)) & ~rows.duplicate
    said = [*read.notices, *rows.notices, *missing]
    said += unit_notices(units, ~rows.duplicate, rows.value, request.by)
    said += after_notice(read, after & rows.given, last, end)
    said += short_notice("data.as_of_after_days", last, request.as_of or end)
    entries = _entries(rows, whole, after)
    return Loaded(read, kept, frame, known, later, end, last, entries, tuple(said))


def _split(
    table: pd.DataFrame, end: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None]:
    """Up to the last known day; known-ahead columns after it; sales after it."""
    past = table[table["date"] <= end].reset_index(drop=True)
    ahead = table[(table["date"] > end) & table["unit"].isin(past["unit"].unique())]
    if ahead.empty:
        return past, None, None
    columns = [name for name in table.columns if name not in ("unit", "date", "sales")]
    known = ahead[["unit", "date", *columns]].reset_index(drop=True) if columns else None
    later = ahead.loc[ahead["sales"].notna(), ["unit", "date", "sales"]].reset_index(drop=True)
    return past, known, later if len(later) else None


def _holes(frame: pd.DataFrame, rule: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Days without a row inside a unit's life, filled as the mapping says; said in any case."""
    dates = pd.DatetimeIndex(frame["date"].unique()).sort_values()
    if (
        len(dates) < 2
        or np.median(np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(int)) > 3
    ):
        return frame, []
    last = frame["date"].max()
    first = frame.groupby("unit", sort=False)["date"].min()
    expected = int(((last - first).dt.days + 1).sum())
    count = expected - len(frame)
    if not count:
        return frame, []
    missing = ((last - first).dt.days + 1) - frame.groupby("unit", sort=False).size()
    holed = missing[missing > 0]
    facts = {
        "count": count,
        "units": len(holed),
        "first": ", ".join(f"{unit} ({n})" for unit, n in holed.head(3).items()),
    }
    if rule == "auto":
        code = "data.missing_days_unknown" if "open" in frame.columns else "data.missing_days_zero"
        return frame, [Problem(code, facts)]
    full = pd.concat(
        [
            pd.DataFrame({"unit": unit, "date": pd.date_range(day, last)})
            for unit, day in first.items()
        ],
        ignore_index=True,
    )
    full["date"] = full["date"].astype(frame["date"].dtype)
    filled = full.merge(frame.assign(row=1.0), on=["unit", "date"], how="left")
    hole = filled.pop("row").isna()
    if rule == "zero":
        filled["sales"] = filled["sales"].where(~hole, 0.0)
        return filled, [Problem("data.missing_days_zero", facts)]
    return filled, [Problem("data.missing_days_unknown", facts)]


def _entries(rows: DailyRows, whole: Entry, after: np.ndarray[Any, Any]) -> tuple[Entry, ...]:
    """From the rows read to those counted; every source row in one entry."""
    seen = np.isfinite(rows.value)
    money = np.where(seen, rows.value, rows.hidden)

    def entry(name: str, which: np.ndarray[Any, Any]) -> Entry:
        return Entry(name, int(which.sum()), round(float(money[which].sum()), 2))

    kept = Entry("", len(money), float(money.sum()))
    now = ~after & ~rows.duplicate
    entries = (
        Entry("filtered", whole.rows - kept.rows, round(whole.money - kept.money, 2)),
        entry("duplicate", rows.duplicate),
        entry("planned", after & ~rows.given),
        entry("after_as_of", after & rows.given),
        entry("not_observed", now & ~seen),
    )
    read = Entry("read", whole.rows, round(whole.money, 2))
    return (read, *(item for item in entries if item.rows), entry("counted", now & seen))
