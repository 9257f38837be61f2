"""What is odd about order lines, counted with the money that hangs on it."""

from collections.abc import Sequence

import numpy as np

from workbench.data.order_lines import CENT, REFUND, RULES, SALE, Array, Lines
from workbench.data.tables import TableRead
from workbench.errors import Problem


def order_notices(read: TableRead, lines: Lines, rule: Array, late: Array) -> list[Problem]:
    """One notice per oddity that there is."""
    counted = np.isin(rule, (RULES.index(SALE), RULES.index(REFUND)))
    positive = (lines.paid > 0) & ~np.isin(rule, (2, 3, 4))
    sold = np.zeros(int(lines.order.max(initial=0)) + 2, dtype=bool)
    sold[lines.order[lines.paid > 0]] = True
    sold[-1] = False  # where lines without an order number point
    loose = (rule == RULES.index(REFUND)) & ~sold[lines.order]
    amount = np.where(lines.paid < 0, -lines.paid, lines.refund)
    partial = (lines.state == "partial") & (lines.refund == 0) & counted
    unpaid = np.isnat(lines.paid_at) & np.isnat(lines.confirmed)
    unpaid &= (rule == 0) & (not np.isnat(lines.paid_at).all())
    waiting = (lines.state == "pending") & counted
    sides = (
        (
            "data.refund_above_paid",
            positive & (lines.refund > lines.paid + CENT),
            lines.refund - lines.paid,
        ),
        ("data.refund_without_order", loose, amount),
        ("data.negative_price", rule == RULES.index("negative_price"), lines.paid),
        ("data.zero_price", rule == RULES.index("zero_price"), lines.paid),
        ("data.partial_without_amount", partial, lines.paid),
        ("data.refund_pending", waiting, np.maximum(lines.refund, 0)),
        ("data.refund_after_as_of", late & (lines.refund > 0), lines.refund),
        ("data.no_pay_time", unpaid, lines.paid),
        ("data.no_order_id", (lines.order < 0) & counted, lines.paid),
    )
    notices = []
    for code, which, money in sides:
        rows = np.flatnonzero(which)
        if len(rows):
            total = float(np.nansum(money[rows]))
            facts = {"count": len(rows), "money": f"{total:,.2f}"}
            notices.append(Problem(code, {**facts, "rows": read.place.text(first_rows(rows))}))
    if "status" not in read.frame.columns:
        notices.append(Problem("data.no_status", {"count": int(counted.sum())}))
    return notices


def first_rows(rows: Array) -> Sequence[int]:
    """The first few rows, to be named in a message."""
    return [int(at) for at in rows[:6]]
