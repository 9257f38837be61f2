"""Daily (weekly, monthly) sales files → one row per unit and date."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping
from workbench.data.tables import LINE, REST, TableRead
from workbench.data.units import Units
from workbench.errors import DataError, Problem

Array = np.ndarray[Any, np.dtype[Any]]

VALUES = {"net_sales": ("net_sales", "sales"), "gmv": ("gmv", "sales"), "units": ("units",)}
"""Which columns hold a metric, the better one first."""
AHEAD = ("open", "promo", "price")
APART = ("sales", "net_sales", "gmv", "units", "stockout", *AHEAD)


@dataclass(frozen=True, eq=False)
class DailyRows:
    """``table``: unit, date, sales (NaN = not observed) and known-ahead columns, sorted.

    By source row: ``given``, whether sales are written; ``value``, the sales, NaN where there are
    none or a stock-out hides them; ``hidden``, what it hides; ``duplicate``, a repeated row.
    """

    table: pd.DataFrame
    given: Array
    value: Array
    hidden: Array
    duplicate: Array
    notices: tuple[Problem, ...]


def value_column(read: TableRead, metric: str) -> str:
    """The column that holds the metric.

    Raises:
        DataError: the file holds other metrics only.
    """
    for name in VALUES[metric]:
        if name in read.frame.columns:
            return name
    held = [name for name in ("net_sales", "sales", "gmv", "units") if name in read.frame.columns]
    facts = {"metric": metric, "held": ", ".join(held)}
    facts["instead"] = "units" if held == ["units"] else "net_sales" if held != ["gmv"] else "gmv"
    raise DataError(Problem("data.metric_absent", facts))


def daily_rows(read: TableRead, units: Units, mapping: Mapping, metric: str) -> DailyRows:
    """Sum a daily table to units: sales add up, ``open`` is 1 where any part is, others average.

    A row that says ``stockout`` is not observed; a unit's day is when none of its rows is observed.

    Raises:
        DataError: several rows for one date and the same keys.
    """
    frame = read.frame
    duplicate = frame[LINE].duplicated().to_numpy()
    _refuse_conflicts(read, duplicate)
    value = frame[value_column(read, metric)].to_numpy(dtype=float).copy()
    out = np.zeros(len(frame), dtype=bool)
    if "stockout" in frame.columns:
        out = frame["stockout"].to_numpy(dtype=float) > 0
    given = np.isfinite(value)
    hidden = np.where(out, np.nan_to_num(value), 0.0)
    value[out] = np.nan
    table = pd.DataFrame({"code": units.codes, "date": frame["date"], "sales": value})
    ahead = [name for name in (*AHEAD, *mapping.known_ahead) if name in frame.columns]
    table = table.assign(**{name: frame[name].to_numpy(dtype=float) for name in ahead})
    table = _summed(table[~duplicate], ahead)
    table.insert(0, "unit", np.array(units.labels, dtype=object)[table.pop("code").to_numpy()])
    notices = _notices(read, value, duplicate, out & given)
    return DailyRows(table, given, value, hidden, duplicate, tuple(notices))


def _summed(table: pd.DataFrame, ahead: Sequence[str]) -> pd.DataFrame:
    groups = table.groupby(["code", "date"], sort=True)
    if not groups.ngroups < len(table):
        return table.sort_values(["code", "date"]).reset_index(drop=True)
    summed = groups["sales"].sum(min_count=1).round(4).to_frame()
    for name in ahead:
        summed[name] = groups[name].max() if name == "open" else groups[name].mean()
    if "open" in ahead:
        share = groups["open"].mean()
        if ((share > 0) & (share < 1)).any():
            summed["open_share"] = share
    return summed.reset_index()


def _refuse_conflicts(read: TableRead, duplicate: Array) -> None:
    """Two different rows for one date and the same keys: one of them is wrong."""
    frame = read.frame
    if REST not in frame.columns:
        return
    rest = frame[REST].where(~duplicate)
    rows = np.flatnonzero(rest.duplicated(keep=False).to_numpy() & ~duplicate)
    if not len(rows):
        return
    dates = frame["date"].iloc[rows].dt.strftime("%Y-%m-%d").unique()
    facts = {
        "count": len(rows),
        "rows": read.place.text([int(at) for at in rows[:6]]),
        "dates": ", ".join(dates[:3]),
    }
    raise DataError(Problem("data.conflicting_days", facts))


def _notices(read: TableRead, value: Array, duplicate: Array, hidden: Array) -> list[Problem]:
    sides = (
        ("data.duplicate_days", duplicate, np.nan_to_num(value)),
        ("data.negative_days", (value < 0) & ~duplicate, value),
        ("data.stockout_days", hidden, np.zeros(len(value))),
    )
    notices = []
    for code, which, money in sides:
        rows = np.flatnonzero(which)
        if len(rows):
            facts = {"count": len(rows), "money": f"{money[rows].sum():,.2f}"}
            facts["rows"] = read.place.text([int(at) for at in rows[:6]])
            notices.append(Problem(code, facts))
    return notices
