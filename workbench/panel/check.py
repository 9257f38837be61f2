"""What must be true of the two tables before they become a panel."""

import numpy as np
import pandas as pd

from workbench.errors import DataError, Problem
from workbench.panel.panel import Floats
from workbench.panel.rows import Rows, read_rows
from workbench.panel.shown import money, some

KEYS = ("unit", "date")
LONGEST_GAP = 800
"""Days without a row of any unit, above which a year is taken as mistyped."""


def check_tables(
    frame: pd.DataFrame, known: pd.DataFrame | None
) -> tuple[Rows, Floats, Rows | None, list[Problem]]:
    """The rows of both tables, the sales as numbers, and what is worth saying of them.

    Of ``known`` only what lies after the last date of ``frame`` and belongs to its units is kept.

    Raises:
        DataError: every problem found in either table.
    """
    if frame.empty and {"unit", "date", "sales"} <= set(frame.columns):
        raise DataError(Problem("panel.empty"))
    rows, problems = read_rows(frame, "frame", ("unit", "date", "sales"))
    sales = np.array([])
    notices: list[Problem] = []
    if rows is not None:
        sales, more, notices = _sales(rows)
        problems += [*more, *_far(rows, "frame")]
    plans = None
    if known is not None and len(known):
        plans, more = read_rows(known.drop(columns="sales", errors="ignore"), "known", KEYS)
        problems += more if plans is None else [*more, *_far(plans, "known")]
    if problems or rows is None:
        raise DataError(*problems)
    if plans is not None:
        plans, more = _belonging(plans, rows)
        notices += more
    return rows, sales, plans, notices


def _sales(rows: Rows) -> tuple[Floats, list[Problem], list[Problem]]:
    """Sales as numbers, what is wrong with them, and what is worth saying."""
    column = rows.columns["sales"]
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_complex_dtype(column):
        return np.array([]), [Problem("panel.sales_kind", {"kind": str(column.dtype)})], []
    numbers = pd.to_numeric(column, errors="coerce")
    sales = np.asarray(numbers.to_numpy(dtype=float, na_value=np.nan))
    text = np.isnan(sales) & column.notna().to_numpy()
    problems = [
        Problem(code, {"count": f"{int(bad.sum()):,}", "rows": rows.shown(bad, "sales")})
        for code, bad in (("panel.sales_text", text), ("panel.sales_infinite", np.isinf(sales)))
        if bad.any()
    ]
    below = sales < 0
    if not below.any():
        return sales, problems, []
    facts = {
        "count": f"{int(below.sum()):,}",
        "amount": money(float(sales[below & np.isfinite(sales)].sum())),
        "rows": rows.shown(below, "sales"),
    }
    return sales, problems, [Problem("panel.negative_sales", facts)]


def _far(rows: Rows, table: str) -> list[Problem]:
    """A date years away from all others, which would stretch the panel over decades."""
    days = np.unique(rows.day)
    at = np.flatnonzero(np.diff(days).astype(int) > LONGEST_GAP)
    if not at.size:
        return []
    pairs = some(f"{days[i]} – {days[i + 1]}" for i in at)
    return [Problem("panel.years_apart", {"table": table, "pairs": pairs})]


def _belonging(plans: Rows, rows: Rows) -> tuple[Rows | None, list[Problem]]:
    """Plans after the last date, for the units that have sales, in their positions."""
    later = plans.where(plans.day > rows.day.max())
    place = {unit: at for at, unit in enumerate(rows.units)}
    unit_of = np.array([place.get(unit, -1) for unit in plans.units], dtype=np.intp)
    unit = unit_of[later.unit]
    strange = [plans.units[at] for at in np.unique(later.unit[unit < 0])]
    kept = unit >= 0
    own = Rows(later.columns[kept], rows.units, unit[kept], later.day[kept])
    facts = {"count": f"{len(strange):,}", "units": some(strange)}
    notices = [Problem("panel.known_strange_units", facts)] if strange else []
    if not len(later.day):
        days = {"first": plans.day.min(), "last": plans.day.max(), "as_of": rows.day.max()}
        notices.append(Problem("panel.known_not_later", {k: str(v) for k, v in days.items()}))
    return (own if kept.any() else None), notices
