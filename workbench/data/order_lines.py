"""Order lines as arrays, and the rules that each of them falls under."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]

SALE, REFUND = "sale", "refund_line"
RULES = (
    SALE,
    REFUND,
    "blank_row",
    "duplicate",
    "superseded",
    "awaiting_payment",
    "awaiting_group",
    "closed",
    "negative_price",
    "zero_price",
    "fully_refunded",
    "refund_of_uncounted",
)
CENT = 0.005
"""Half a cent: amounts closer than this are the same."""


@dataclass(frozen=True, eq=False)
class Lines:
    """The columns the rules look at, as arrays; absent ones hold NaN or NaT."""

    paid: Array
    refund: Array
    quantity: Array
    unit_price: Array
    ordered: Array
    paid_at: Array
    confirmed: Array
    refunded: Array
    status: Array
    state: Array
    order: Array

    @property
    def sold(self) -> Array:
        """When each line counts as sold."""
        at = np.where(np.isnat(self.paid_at), self.ordered, self.paid_at)
        return np.asarray(np.where(np.isnat(self.confirmed), at, self.confirmed))


def lines_of(frame: pd.DataFrame) -> Lines:
    """The columns of a table of order lines that the rules look at."""

    def number(name: str) -> Array:
        if name not in frame.columns:
            return np.full(len(frame), np.nan)
        return frame[name].to_numpy(dtype=float)

    def time(name: str) -> Array:
        if name not in frame.columns:
            return np.full(len(frame), np.datetime64("NaT"), dtype="datetime64[us]")
        return frame[name].to_numpy(dtype="datetime64[us]")

    def words(name: str) -> Array:
        if name not in frame.columns:
            return np.full(len(frame), "", dtype=object)
        known = np.array([*frame[name].cat.categories, ""], dtype=object)
        return np.asarray(known[frame[name].cat.codes.to_numpy()])

    paid, refund = number("paid_amount"), np.nan_to_num(number("refund_amount"))
    state = words("refund_state")
    # "refunded" leaves the amount to the refund column; without one it was all given back.
    state = np.where((state == "refunded") & (refund == 0), "full", state)
    order = (
        frame["order_id"].cat.codes.to_numpy().astype(np.int64)
        if "order_id" in frame.columns
        else np.full(len(frame), -1)
    )
    return Lines(
        paid=paid,
        refund=refund,
        quantity=number("quantity"),
        unit_price=number("unit_price"),
        ordered=time("order_time"),
        paid_at=time("pay_time"),
        confirmed=time("confirm_time"),
        refunded=time("refund_time"),
        status=words("status"),
        state=state,
        order=order,
    )
