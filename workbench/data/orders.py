"""What counts as a sale, and on which day: the one place that says so.

A line counts when it is paid, its group (拼团) is complete and it is not fully refunded:

* awaiting payment, awaiting its group, or closed: not a sale;
* fully refunded, by its state or because the refund reaches the paid amount: not a sale;
* nothing paid (a gift, a price of zero), or a negative price: not a sale.

It counts on the day its group was complete, else the day it was paid, else the day it was
ordered. ``gmv`` is what was paid for such lines; ``net_sales`` is that less the refunds, restated
to the same day; ``units`` is the pieces. A line with a negative amount, or with a refund and
nothing paid, is a refund line: it is taken from the sales of its order's day, or from its own day
where the order is not in the data, and its pieces are taken off ``units``. A refund applied for
and not yet done, or done after the last known day, is not deducted.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.data.duplicates import repeated_lines
from workbench.data.mapping import Mapping
from workbench.data.order_lines import CENT, REFUND, RULES, SALE, Array, Lines, lines_of
from workbench.data.order_notices import first_rows, order_notices
from workbench.data.order_totals import repeated_totals
from workbench.data.tables import TableRead
from workbench.errors import DataError, Problem

PAID = ("paid", "shipped", "completed")


@dataclass(frozen=True, eq=False)
class Booked:
    """Every source row's ``rule`` (a place in RULES), and what a counted row adds on which day."""

    rule: Array
    day: Array
    net_sales: Array
    gmv: Array
    units: Array
    paid: Array
    notices: tuple[Problem, ...]

    @property
    def counted(self) -> Array:
        """Which rows count."""
        return np.isin(self.rule, (RULES.index(SALE), RULES.index(REFUND)))


def last_day(read: TableRead) -> pd.Timestamp:
    """The last day on which anything was ordered, paid or completed; NaT when there is none."""
    names = [n for n in ("order_time", "pay_time", "confirm_time") if n in read.frame.columns]
    last = pd.concat([read.frame[name] for name in names]).max()
    return pd.NaT if pd.isna(last) else pd.Timestamp(last).normalize()  # type: ignore[return-value]


def book(read: TableRead, mapping: Mapping, *, as_of: pd.Timestamp) -> Booked:
    """Apply the rules to every line; ``as_of`` is the last day whose refunds are known.

    Raises:
        DataError: counted lines without an amount or without any date.
    """
    frame = read.frame
    lines = lines_of(frame)
    end = np.datetime64(as_of + pd.Timedelta(days=1), "us")
    late = ~np.isnat(lines.refunded) & (lines.refunded >= end) & (lines.sold < end)
    refund_line = (lines.paid < 0) | (~(lines.paid > 0) & (lines.refund > 0))
    repeats = repeated_lines(read, refund_line, keep_identical=mapping.duplicates == "keep")
    rule = _rules(lines, refund_line, late, repeats.duplicate, repeats.superseded)
    given_back = np.where(late | (lines.state == "pending"), 0.0, lines.refund)
    given_back = np.clip(given_back, 0.0, np.maximum(lines.paid, 0.0))
    rule, day = _place_refund_lines(lines, rule, given_back, end)
    sale, refund = rule == RULES.index(SALE), rule == RULES.index(REFUND)
    _refuse(read, sale & np.isnan(lines.paid), "data.no_amount", "paid_amount")
    _refuse(read, (sale | refund) & np.isnat(day), "data.no_date", "pay_time")
    amount = np.where(lines.paid < 0, -lines.paid, lines.refund)
    taken = np.where(refund, amount, 0.0)
    pieces = np.where(refund, -np.abs(lines.quantity), lines.quantity)
    return Booked(
        rule=rule,
        day=day.astype("datetime64[D]"),
        net_sales=np.where(sale, lines.paid - given_back, -taken),
        gmv=np.where(sale, lines.paid, 0.0),
        units=np.where(np.isnan(pieces), 0.0, pieces),
        paid=np.where(np.isnan(lines.paid), 0.0, lines.paid),
        notices=(
            *repeats.notices,
            *repeated_totals(lines.order, lines.paid, sale),
            *order_notices(read, lines, rule, late),
        ),
    )


def _rules(
    lines: Lines, refund_line: Array, late: Array, duplicate: Array, superseded: Array
) -> Array:
    """The first rule that holds for each line, in the order of RULES."""
    has_pay_times = not np.isnat(lines.paid_at).all()
    unpaid = np.isnat(lines.paid_at) & np.isnat(lines.confirmed) & has_pay_times
    unpaid &= ~np.isin(lines.status, PAID) & ~refund_line
    negative = (lines.unit_price < 0) | ((lines.quantity < 0) & (lines.paid > 0))
    blank = np.isnan(lines.paid) & (lines.refund == 0) & np.isnat(lines.sold) & (lines.status == "")
    back = np.where(lines.state == "pending", 0.0, lines.refund)
    full = (lines.state == "full") | ((back > 0) & (back >= lines.paid - CENT) & (lines.paid > 0))
    tests = (
        ("blank_row", blank),
        ("duplicate", duplicate),
        ("superseded", superseded),
        ("awaiting_payment", (lines.status == "awaiting_payment") | unpaid),
        ("awaiting_group", lines.status == "awaiting_group"),
        ("closed", (lines.status == "closed") & ~late),
        ("negative_price", negative),
        ("zero_price", (lines.paid == 0) & ~refund_line),
        ("fully_refunded", full & ~refund_line & ~late),
        (REFUND, refund_line),
    )
    return np.asarray(
        np.select([test for _, test in tests], [RULES.index(name) for name, _ in tests], default=0)
    )


def _place_refund_lines(
    lines: Lines, rule: Array, given_back: Array, end: np.datetime64
) -> tuple[Array, Array]:
    """Refund lines move to the day of their order; orders given back in full stop counting."""
    day = lines.sold.copy()
    at = np.flatnonzero(rule == RULES.index(REFUND))
    if not len(at):
        return rule, day
    rule = rule.copy()
    own = np.where(np.isnat(lines.refunded[at]), lines.sold[at], lines.refunded[at])
    known = own < end
    day[at] = own
    count = int(lines.order.max()) + 2
    in_order = np.isin(lines.order, lines.order[at]) & (lines.order >= 0)
    sale = in_order & (rule == RULES.index(SALE))
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, lines.order[sale], lines.sold[sale].astype(np.int64))
    worth = np.bincount(lines.order[sale], (lines.paid - given_back)[sale], count)
    amount = np.where(lines.paid < 0, -lines.paid, lines.refund)
    linked = at[known & (lines.order[at] >= 0)]
    back = np.bincount(lines.order[linked], amount[linked], count)
    sold = np.bincount(lines.order[sale], minlength=count) > 0
    whole = sold & (back > 0) & (back >= worth - CENT)
    rule[sale & whole[lines.order]] = RULES.index("fully_refunded")
    positive = np.bincount(lines.order[in_order & (lines.paid > 0)], minlength=count) > 0
    dead = positive & (~sold | whole)
    orders = lines.order[at]
    rule[at[(orders >= 0) & dead[orders]]] = RULES.index("refund_of_uncounted")
    moved = at[known & (orders >= 0) & sold[orders]]
    day[moved] = first[lines.order[moved]].astype("datetime64[us]")
    return rule, day


def _refuse(read: TableRead, wrong: Array, code: str, column: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        named = read.matched.columns.get(column, column)
        facts = {"column": named, "count": len(rows), "rows": read.place.text(first_rows(rows))}
        raise DataError(Problem(code, facts))
