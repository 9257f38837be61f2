"""Order lines → sales by unit and day."""

import numpy as np
import pandas as pd

from workbench.data.order_lines import REFUND, RULES, SALE, Array
from workbench.data.orders import Booked, book, last_day
from workbench.data.regular import every_day, regular_days
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

MOST_GAP = 366
"""Days without a sale between two sales that no shop has: one of the dates is wrong."""


def sales_of_orders(read: TableRead, request: Request) -> Loaded:
    """Book every line, sum by unit and day, and account for every row.

    Raises:
        DataError: no dates, several currencies, no quantity where units are asked for, nothing
            that counts, or more than a year without sales inside the data.
    """
    last = last_day(read)
    _check(read, request, last)
    whole = Entry("read", len(read.frame), float(np.nansum(read.frame["paid_amount"])))
    read = keep_where(read, request.where)
    end = last if request.as_of is None else request.as_of
    booked = book(read, request.mapping, as_of=end)
    now = booked.counted & (booked.day <= np.datetime64(end, "D"))
    after = booked.counted & ~now
    entries = _entries(booked, now, after, whole)
    if not now.any():
        raise DataError(_nothing(booked, after, end))
    units = unit_codes(read, request.by)
    said = [*read.notices, *booked.notices, *unit_notices(units, now, booked.paid, request.by)]
    said += after_notice(read, after, last, end) + short_notice("data.as_of_after_last", last, end)
    said += _gap(booked.day[now], strict=request.as_of is None)
    value = {"net_sales": booked.net_sales, "gmv": booked.gmv, "units": booked.units}
    chosen = value[request.metric]
    units = present(units, now)
    after &= units.codes >= 0
    frame = regular_days(units.codes[now], booked.day[now], chosen[now], units.labels, end)
    later = None
    if after.any():
        rows = units.codes[after], booked.day[after], chosen[after], units.labels
        later = every_day(*rows, first=end + pd.Timedelta(days=1), last=last)
    said += _negative(frame)
    return Loaded(read, units, frame, None, later, end, last, entries, tuple(said))


def _check(read: TableRead, request: Request, last: pd.Timestamp) -> None:
    frame = read.frame
    if pd.isna(last):
        column = next(iter(n for n in ("pay_time", "order_time") if n in frame.columns))
        facts = {"column": read.matched.columns.get(column, column), "count": len(frame)}
        raise DataError(Problem("data.no_date", {**facts, "rows": "–"}))
    problems = []
    if request.metric == "units" and "quantity" not in frame.columns:
        facts = {"metric": "units", "held": "paid_amount", "instead": "net_sales"}
        problems.append(Problem("data.metric_absent", facts))
    if "currency" in frame.columns:
        found = [str(word) for word in frame["currency"].cat.categories]
        if len(found) > 1:
            problems.append(Problem("data.mixed_currencies", {"found": ", ".join(found)}))
    if problems:
        raise DataError(*problems)


def _entries(booked: Booked, now: Array, after: Array, whole: Entry) -> tuple[Entry, ...]:
    """From the rows read to the money counted; every row in one entry."""

    def entry(name: str, rows: Array, money: Array) -> Entry:
        return Entry(name, int(rows.sum()), round(float(money[rows].sum()), 2))

    here = Entry("", len(booked.paid), float(booked.paid.sum()))
    filtered = Entry("filtered", whole.rows - here.rows, round(whole.money - here.money, 2))
    left = [
        entry(name, booked.rule == at, booked.paid)
        for at, name in enumerate(RULES)
        if name not in (SALE, REFUND)
    ]
    sale, back = booked.rule == RULES.index(SALE), booked.rule == RULES.index(REFUND)
    refunded = now & sale & (booked.gmv - booked.net_sales > 0)
    after_money = np.where(sale, booked.paid, booked.net_sales)
    entries = (
        Entry("read", whole.rows, round(whole.money, 2)),
        filtered,
        *left,
        entry("after_as_of", after, after_money),
        entry("sale", now & sale, booked.gmv),
        entry("refunds", refunded, booked.net_sales - booked.gmv),
        entry("refund_line", now & back, booked.net_sales),
        entry("counted", now, booked.net_sales),
    )
    always = ("read", "sale", "counted")
    return tuple(item for item in entries if item.rows or item.rule in always)


def _nothing(booked: Booked, after: Array, end: pd.Timestamp) -> Problem:
    counts = {name: int((booked.rule == at).sum()) for at, name in enumerate(RULES)}
    counts |= {SALE: 0, REFUND: 0, "after_as_of": int(after.sum())}
    left = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    facts = {"rows": len(booked.rule), "left": left or "–", "as_of": f"{end:%Y-%m-%d}"}
    return Problem("data.nothing_counted", facts)


def _gap(days: Array, *, strict: bool) -> list[Problem]:
    """More than a year without any sale: a mistyped date, or two separate histories."""
    known = np.unique(days)
    gaps = np.diff(known).astype(np.int64)
    if not len(gaps) or gaps.max() <= MOST_GAP:
        return []
    at = int(gaps.argmax())
    facts = {"start": str(known[at]), "end": str(known[at + 1]), "days": int(gaps[at])}
    if strict:
        raise DataError(Problem("data.far_dates", facts))
    return [Problem("data.long_gap", facts)]


def _negative(frame: pd.DataFrame) -> list[Problem]:
    rows = frame[frame["sales"] < 0]
    if rows.empty:
        return []
    shown = "; ".join(f"{r.unit} {r.date:%Y-%m-%d}" for r in rows.head(3).itertuples())
    money = f"{rows['sales'].sum():,.2f}"
    return [Problem("data.negative_sums", {"count": len(rows), "rows": shown, "money": money})]
