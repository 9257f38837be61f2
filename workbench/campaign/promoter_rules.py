"""What is wrong with promoter records, all of it at once."""

import numpy as np
import pandas as pd

from workbench.errors import Problem

NEEDED = ("promoter", "date", "orders")
COUNTS = {"orders": False, "paid_orders": False, "asked": True}
"""Whole numbers; whether they may be blank."""
LEAST_PROMOTERS, LEAST_ORDERS = 20, 50


def wrong_records(records: pd.DataFrame) -> list[Problem]:
    """Every way in which records of promoters cannot be used; empty where they can.

    >>> [one.code for one in wrong_records(pd.DataFrame({"promoter": ["a"], "orders": [1]}))]
    ['drive.fit_column']
    """
    missing = [name for name in NEEDED if name not in records]
    if missing:
        found = ", ".join(str(name) for name in records.columns[:8])
        return [Problem("drive.fit_column", {"columns": ", ".join(missing), "found": found})]
    problems = [p for name, blank in COUNTS.items() for p in _counts(records, name, blank)]
    problems += _blank(records)
    problems += _rates(records)
    if problems:
        return problems
    return [*_more_paid(records), *_before(records), *_asked(records), *_few(records)]


def _counts(records: pd.DataFrame, name: str, blank: bool) -> list[Problem]:
    if name not in records:
        return []
    numbers = pd.to_numeric(records[name], errors="coerce")
    bad = (numbers < 0) | (numbers % 1 != 0) | np.isinf(numbers)
    bad = bad & ~numbers.isna() | numbers.isna() & ~(records[name].isna() & blank)
    return _told("drive.fit_counts", bad, {"column": name})


def _blank(records: pd.DataFrame) -> list[Problem]:
    """Promoters without a name, and days that are none."""
    problems = _told("drive.fit_blank", records["promoter"].isna(), {"column": "promoter"})
    days = pd.to_datetime(records["date"], errors="coerce")
    return problems + _told("drive.fit_blank", days.isna(), {"column": "date"})


def _rates(records: pd.DataFrame) -> list[Problem]:
    if "rate" not in records:
        return []
    rates = pd.to_numeric(records["rate"], errors="coerce")
    bad = ~records["rate"].isna() & ~((rates > 0) & (rates <= 1))
    return _told("drive.fit_rate", bad, {})


def _more_paid(records: pd.DataFrame) -> list[Problem]:
    if "paid_orders" not in records:
        return []
    return _told("drive.fit_paid", records["paid_orders"] > records["orders"], {})


def _before(records: pd.DataFrame) -> list[Problem]:
    """Records of days before the promoter began."""
    if "joined" not in records:
        return []
    early = pd.to_datetime(records["date"]) < pd.to_datetime(records["joined"])
    return _told("drive.fit_before", early, {})


def _asked(records: pd.DataFrame) -> list[Problem]:
    """Fewer people asked than became promoters."""
    if "asked" not in records:
        return []
    keys = [name for name in ("campaign", "role") if name in records]
    groups = records.groupby(keys, dropna=False) if keys else [((), records)]
    rows = []
    for key, some in groups:
        asked, real = some["asked"].min(), some["promoter"].nunique()
        if real > asked:
            rows.append(f"{' '.join(str(one) for one in key)}: {real:,} > {asked:,.0f}".strip(": "))
    return [Problem("drive.fit_asked", {"rows": "; ".join(rows[:5])})] if rows else []


def _few(records: pd.DataFrame) -> list[Problem]:
    people, orders = records["promoter"].nunique(), int(records["orders"].sum())
    if people >= LEAST_PROMOTERS and orders >= LEAST_ORDERS:
        return []
    facts = {"promoters": people, "orders": orders}
    least = {"least": LEAST_PROMOTERS, "least_orders": LEAST_ORDERS}
    return [Problem("drive.fit_few", {**facts, **least})]


def _told(code: str, bad: "pd.Series[bool]", facts: dict[str, object]) -> list[Problem]:
    rows = np.flatnonzero(bad.to_numpy(dtype=bool))
    if not len(rows):
        return []
    first = ", ".join(str(int(row) + 1) for row in rows[:5])
    return [Problem(code, {**facts, "count": len(rows), "rows": first})]
