"""The way in: files of order lines or daily sales → sales by unit and day, with a report."""

import datetime as dt
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.data.columns import sales_table
from workbench.data.daily import APART
from workbench.data.from_daily import sales_of_days
from workbench.data.from_orders import sales_of_orders
from workbench.data.known import for_units, merge_known, read_known
from workbench.data.mapping import Mapping, read_mapping
from workbench.data.report import DataReport, fingerprint
from workbench.data.request import Loaded, Request
from workbench.data.tables import TableRead, read_table
from workbench.data.units import parse_where
from workbench.errors import DataError, Problem
from workbench.schema.table import Table
from workbench.schema.tables import ORDERS
from workbench.schema.validate import validate

NOT_NEEDED = ("customer_id", "list_price", "discount", "campaign")
"""Columns of order lines that no rule looks at; read where ``by`` or ``where`` names them."""
METRICS = ("net_sales", "gmv", "units")


@dataclass(frozen=True, eq=False)
class Sales:
    """Sales by unit and day, ready for a panel.

    ``frame``: unit, date, sales and known-ahead columns up to ``as_of``; order lines give regular
    days. ``known``: unit, date and known-ahead columns after it, or None. ``later``: unit, date,
    sales after ``as_of``, for periods that are over, or None. ``keys``: one row per unit, one
    column per key.
    """

    frame: pd.DataFrame
    known: pd.DataFrame | None
    later: pd.DataFrame | None
    keys: pd.DataFrame
    metric: str
    as_of: pd.Timestamp
    currency: str
    report: DataReport


def load_sales(
    source: str | Path,
    *,
    mapping: str | Path | Mapping = "",
    by: Sequence[str] = ("channel",),
    metric: str = "net_sales",
    as_of: str | dt.date = "",
    known: str | Path = "",
    where: str | MappingType[str, Sequence[str] | str] = "",
    currency: str = "CNY",
    sheet: str = "",
) -> Sales:
    """Read a shop's order lines or daily sales and sum them by unit and day.

    Args:
        source: a CSV, Parquet or Excel file, or a folder of such files with the same columns;
            order lines or daily sales, told from the columns.
        mapping: the mapping file (see :mod:`workbench.data.mapping`); not needed where the
            columns have usual names.
        by: the columns that name a unit, schema or source names; empty for one unit ``total``.
        metric: ``net_sales``, ``gmv`` (both money) or ``units`` (pieces); see
            :mod:`workbench.data.orders` for what counts.
        as_of: the last known day; the last day in the data where it is not given.
        known: a file of what is known ahead (date, some of ``by``, promotions, opening …).
        where: only these rows, as ``column=word, word; column=word`` or a mapping.
        currency: what the money is in, for display.
        sheet: the sheet of an Excel file.

    Raises:
        DataError: all that makes the data unfit to plan on; what merely deserves a look is in
            ``report.notices``.

    >>> from tempfile import TemporaryDirectory
    >>> lines = ["订单号,付款时间,渠道,实付金额,退款金额"]
    >>> lines += ["A1,2026-01-05,门店,80,0", "A2,2026-01-07,门店,50,20"]
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "orders.csv")
    ...     _ = file.write_text("\\n".join(lines), "utf-8")
    ...     sales = load_sales(file)
    >>> list(sales.frame["sales"])
    [80.0, 0.0, 30.0]
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    request = _request(given, by, metric, as_of, where, known)
    also = (*request.by, *request.where)
    apart = (*APART, *given.known_ahead)
    read = read_table(
        source,
        lambda headers: _table(headers, given),
        given,
        sheet=sheet,
        also=also,
        apart=apart,
        without=NOT_NEEDED,
    )
    names = [name for name in read.frame.columns if name in read.table]
    problems = validate(read.frame[names], read.table)
    if problems:
        raise DataError(*problems)
    loaded = (sales_of_orders if read.table is ORDERS else sales_of_days)(read, request)
    frame, later_plan, said = _with_known(loaded, request)
    return Sales(
        frame=frame,
        known=later_plan,
        later=loaded.later,
        keys=loaded.units.keys,
        metric=metric,
        as_of=loaded.as_of,
        currency=currency,
        report=_report(read, loaded, frame, later_plan, said, metric, currency),
    )


def _request(
    mapping: Mapping,
    by: Sequence[str],
    metric: str,
    as_of: str | dt.date,
    where: str | MappingType[str, Sequence[str] | str],
    known: str | Path,
) -> Request:
    if metric not in METRICS:
        facts = {"metric": str(metric), "known": ", ".join(METRICS)}
        raise DataError(Problem("data.metric_unknown", facts))
    keys = (by,) if isinstance(by, str) else tuple(by)
    return Request(mapping, keys, metric, _as_of(as_of), parse_where(where), str(known))


def _as_of(text: str | dt.date) -> pd.Timestamp | None:
    if isinstance(text, dt.date):
        return pd.Timestamp(text).normalize()
    if not text:
        return None
    try:
        return pd.Timestamp(dt.date.fromisoformat(text))
    except ValueError:
        raise DataError(Problem("data.as_of_unreadable", {"text": text})) from None


def _table(headers: tuple[str, ...], mapping: Mapping) -> Table:
    table = sales_table(headers, mapping)
    if table is None:
        raise DataError(Problem("data.not_sales", {"headers": ", ".join(headers)}))
    return table


def _with_known(
    loaded: Loaded, request: Request
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem]]:
    """The sales and the days after them with the columns of the known-ahead file."""
    if not request.known:
        return loaded.frame, loaded.known, []
    names = [name for name in loaded.read.frame.columns if not name.startswith("?")]
    file = read_known(request.known, request.by, names, request.mapping)
    known = for_units(file, loaded.read, loaded.units)
    frame, said = merge_known(loaded.frame, known)
    dates = file.table.loc[file.table["date"] > loaded.as_of, "date"]
    ahead = [dates] if loaded.known is None else [dates, loaded.known["date"]]
    days = pd.DatetimeIndex(pd.concat(ahead).unique()).sort_values()
    if not len(days):
        last = f"{file.table['date'].max():%Y-%m-%d}"
        facts = {"as_of": f"{loaded.as_of:%Y-%m-%d}", "last": last}
        return frame, None, [*said, Problem("data.known_not_ahead", facts)]
    units = loaded.units.keys.index
    later = pd.MultiIndex.from_product([units, days], names=["unit", "date"]).to_frame(index=False)
    if loaded.known is not None:
        later = later.merge(loaded.known, on=["unit", "date"], how="left")
    later, more = merge_known(later, known)
    return frame, later, [*said, *(p for p in more if p.code == "data.known_gaps")]


def _report(
    read: TableRead,
    loaded: Loaded,
    frame: pd.DataFrame,
    known: pd.DataFrame | None,
    said: list[Problem],
    metric: str,
    currency: str,
) -> DataReport:
    notices = [*loaded.notices, *said]
    if read.matched.unmapped:
        facts = {"columns": ", ".join(read.matched.unmapped), "count": len(read.matched.unmapped)}
        notices.append(Problem("data.unmapped_columns", facts))
    return DataReport(
        kind=read.table.name,
        files=read.place.files,
        encoding=read.encoding,
        currency=currency,
        metric=metric,
        as_of=loaded.as_of,
        first_day=pd.Timestamp(frame["date"].min()),
        last_day=loaded.last,
        columns=dict(read.matched.columns),
        unmapped=read.matched.unmapped,
        entries=loaded.entries,
        units=_units(frame),
        notices=tuple(notices),
        fingerprint=fingerprint(frame, known),
    )


def _units(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per unit: first day, last day with sales, days, zero and missing days, total."""
    sold = frame.assign(
        last=frame["date"].where(frame["sales"] > 0),
        zero=frame["sales"] == 0,
        missing=frame["sales"].isna(),
    )
    groups = sold.groupby("unit", sort=False)
    return pd.DataFrame(
        {
            "first": groups["date"].min(),
            "last": groups["last"].max(),
            "days": groups.size(),
            "zero": groups["zero"].sum(),
            "missing": groups["missing"].sum(),
            "total": groups["sales"].sum(),
        }
    ).reset_index()
