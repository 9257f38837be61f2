"""What is known of each member's purchases: how often, how lately, since when, for how much."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import DataError, Problem

Floats = NDArray[np.float64]

WEEK = 7.0
LEAST_MEMBERS = 50
"""Fewer members, or fewer who bought again, tell nothing of how they buy."""
LEAST_REPEATERS = 20
COLUMNS = ("customer_id", "date", "amount")


@dataclass(frozen=True, eq=False)
class Purchases:
    """One row per member, in weeks; purchases of one day are one.

    Attributes:
        members: ids, in the order of the arrays.
        repeats: (members,), days with a purchase after the first one.
        recency: (members,), weeks from the first purchase to the last.
        age: (members,), weeks from the first purchase to ``as_of``.
        spend: (members,), mean amount of a repeat purchase; 0 where there is none.
        first: (members,), amount of the first purchase.
        as_of: the last day known.
        dropped: purchases of nothing (amounts of zero or less), which are no evidence of spend.
    """

    members: tuple[str, ...]
    repeats: Floats
    recency: Floats
    age: Floats
    spend: Floats
    first: Floats
    as_of: pd.Timestamp
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.members)

    def only(self, chosen: NDArray[np.bool_]) -> "Purchases":
        """The same for some of the members."""
        at = np.flatnonzero(chosen)
        return Purchases(
            members=tuple(self.members[i] for i in at),
            repeats=self.repeats[at],
            recency=self.recency[at],
            age=self.age[at],
            spend=self.spend[at],
            first=self.first[at],
            as_of=self.as_of,
        )


def summarise_purchases(
    rows: pd.DataFrame, *, as_of: object | None = None, since: object | None = None
) -> Purchases:
    """Each member's purchases up to ``as_of``, from rows of customer_id, date and amount.

    Args:
        rows: one per order or order line; amounts in one currency, refunds already taken off.
        as_of: the last day counted; the last of the rows unless given.
        since: members whose first purchase is before this day are left out: how they bought before
            the records begin is not known.

    Raises:
        DataError: columns that are missing, unreadable dates or amounts, too few members.

    >>> rows = pd.DataFrame({"customer_id": ["a"] * 3 + [f"m{i}" for i in range(60)] * 2})
    >>> others = ["2026-02-01"] * 60 + ["2026-02-15"] * 60
    >>> rows["date"] = ["2026-01-01", "2026-01-01", "2026-01-22", *others]
    >>> found = summarise_purchases(rows.assign(amount=10.0), as_of="2026-03-05")
    >>> float(found.repeats[0]), float(found.recency[0]), float(found.age[0])
    (1.0, 3.0, 9.0)
    """
    table = _checked(rows)
    last = table["date"].max() if as_of is None else pd.Timestamp(str(as_of))
    table = table[table["date"] <= last]
    days = table.groupby(["customer_id", "date"], sort=True)["amount"].sum().reset_index()
    by = days.groupby("customer_id", sort=True)
    start, end = by["date"].min(), by["date"].max()
    repeats = np.asarray(by.size() - 1, dtype=float)
    position = by.cumcount().to_numpy()
    amount = days["amount"].to_numpy(dtype=float)
    later = days[position > 0]
    paid = later[later["amount"] > 0].groupby("customer_id")["amount"].mean()
    spend = paid.reindex(start.index).fillna(0.0).to_numpy(dtype=float)
    found = Purchases(
        members=tuple(str(one) for one in start.index),
        repeats=repeats,
        recency=_weeks(end - start),
        age=_weeks(last - start),
        spend=spend,
        first=amount[position == 0],
        as_of=last,
        dropped=int((amount <= 0).sum()),
    )
    if since is not None:
        found = found.only((start >= pd.Timestamp(str(since))).to_numpy())
    _enough(found)
    return found


def _weeks(spans: "pd.Series[pd.Timedelta]") -> Floats:
    return np.asarray(spans / pd.Timedelta(days=WEEK), dtype=float)


def _checked(rows: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise DataError(Problem("member.columns", {"columns": ", ".join(missing)}))
    known = rows["customer_id"].notna() & (rows["customer_id"].astype(str).str.strip() != "")
    table = rows.loc[known, list(COLUMNS)].copy()
    table["date"] = pd.to_datetime(table["date"], errors="coerce").dt.normalize()
    table["amount"] = pd.to_numeric(table["amount"], errors="coerce")
    problems = []
    for column in ("date", "amount"):
        wrong = table[column].isna()
        if wrong.any():
            lines = ", ".join(str(line) for line in table.index[wrong][:3])
            facts = {"column": column, "count": int(wrong.sum()), "rows": lines}
            problems.append(Problem("member.unreadable", facts))
    if not len(table):
        problems.append(Problem("member.no_ids", {"rows": f"{len(rows):,}"}))
    if problems:
        raise DataError(*problems)
    return table


def _enough(found: Purchases) -> None:
    again = int((found.repeats > 0).sum())
    if len(found) < LEAST_MEMBERS or again < LEAST_REPEATERS:
        facts = {
            "members": f"{len(found):,}",
            "again": f"{again:,}",
            "least": LEAST_MEMBERS,
            "least_again": LEAST_REPEATERS,
        }
        raise DataError(Problem("member.too_few", facts))
