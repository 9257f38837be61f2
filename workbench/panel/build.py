"""A long sales table → a regular panel, nothing repaired silently."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.errors import DataError, Problem
from workbench.panel.attributes import tell_attributes
from workbench.panel.availability import explain_silence, sold_while_closed
from workbench.panel.check import check_tables
from workbench.panel.fill import filled
from workbench.panel.grid import Cells, Grid, lay_grid
from workbench.panel.known import Coded, code_columns
from workbench.panel.odd import odd_plans, odd_units
from workbench.panel.panel import Floats, Panel
from workbench.panel.shown import cells

if TYPE_CHECKING:
    from workbench.calendar.calendar import Calendar


def build_panel(
    frame: pd.DataFrame,
    known: pd.DataFrame | None = None,
    calendar: "str | Calendar | None" = "CN",
) -> Panel:
    """Lay a long table of sales out as a panel: every unit on every date.

    A date missing inside a unit's life is zero sales, or not observed where the table has an
    ``open`` column; before a unit's first row it was not yet open. ``sales`` left empty (NaN) means
    not observed, as in a stock-out. ``open`` (0/1, or the number of open days of a week or month)
    marks availability: zero means closed, and sales exactly zero; where there are sales all the
    same, they count and the date was open. A column that stays the same for every unit, and differs
    between units, says what a unit *is* (kind of shop, floor space): it becomes an attribute, and
    no plan of it is asked for. What was assumed stands in ``notices``.

    Args:
        frame: one row per unit and date, columns ``unit``, ``date``, ``sales`` and any known-ahead
            columns; daily, weekly or monthly rows, told from the dates.
        known: the same columns without ``sales``, for dates after the last.
        calendar: a country code, a calendar, or None for no holidays.

    Raises:
        DataError: all that is wrong with the tables, at once.

    >>> rows = pd.DataFrame({
    ...     "unit": ["mall"] * 3, "date": pd.date_range("2026-01-05", periods=3),
    ...     "sales": [120.5, 80.0, 99.5]})
    >>> build_panel(rows, calendar=None).sales.sum()
    np.float64(300.0)
    """
    rows, amounts, plans, notices = check_tables(frame, known)
    coded = code_columns(rows, plans)
    problems = [problem for column in coded.values() for problem in column.problems]
    if problems:
        raise DataError(*problems)
    notices += [notice for column in coded.values() for notice in column.notices]
    grid = lay_grid(rows, plans)
    past = grid.cells(rows)
    later = None if plans is None else grid.cells(plans)
    attributes = tell_attributes(coded, past, later)
    coded = {name: column for name, column in coded.items() if name not in attributes}
    notices += _gaps(coded, later, grid)
    columns = _columns(coded, past, later, grid)
    open_ = columns.pop("open", np.ones(past.shape))
    told = "open" in coded and bool(coded["open"].past)
    sales = _sales(past.lay(amounts), open_, past, grid, has_open=told)
    open_, opened = sold_while_closed(sales, open_, grid)
    odd = [*odd_units(sales, open_, past, grid), *odd_plans(coded, columns, grid)]
    sales, quiet = explain_silence(sales, open_[: len(grid.dates)], grid)
    return Panel(
        units=grid.units,
        dates=grid.dates,
        ahead=grid.ahead,
        sales=sales,
        open=open_,
        known=columns,
        frequency=grid.frequency,
        calendar=_calendar(calendar),
        notices=(*notices, *opened, *odd, *quiet),
        attributes={name: values for part in attributes.values() for name, values in part.items()},
    )


def _columns(
    coded: Mapping[str, Coded], past: Cells, later: Cells | None, grid: Grid
) -> dict[str, Floats]:
    """Every column that has a plan, or all if there are none, as (span, units) without gaps."""
    out: dict[str, Floats] = {}
    for name, column in coded.items():
        if later is not None and not column.later and name != "open":
            continue
        for part in dict.fromkeys([*column.past, *column.later]):
            values = np.full(past.shape, np.nan)
            if part in column.past:
                values = past.lay(column.past[part])
            else:
                values[: len(grid.dates)] = 1.0
            if later is not None and part in column.later:
                values = np.where(later.given, later.lay(column.later[part]), values)
            otherwise = 1.0 if part == "open" else 0.0
            out[part] = filled(values, len(grid.dates), grid.frequency, otherwise=otherwise)
    return out


def _sales(sales: Floats, open_: Floats, past: Cells, grid: Grid, *, has_open: bool) -> Floats:
    """Sales of the dates: zero where closed, and zero for a missing row unless ``open`` is told."""
    n = len(grid.dates)
    sales, given = sales[:n], past.given[:n]
    if has_open:
        return np.where(given & np.isnan(sales) & (open_[:n] == 0), 0.0, sales)
    begun = np.logical_or.accumulate(given, axis=0)
    return np.where(begun & ~given, 0.0, sales)


def _gaps(coded: Mapping[str, Coded], later: Cells | None, grid: Grid) -> list[Problem]:
    """Notices of what the plans do not say about the dates to come."""
    learnt = {name: column for name, column in coded.items() if column.past}
    unplanned = [name for name, column in learnt.items() if not column.later]
    if later is None:
        return [_listed("known_no_plans", unplanned)] if unplanned else []
    left_out = [name for name in unplanned if name != "open"]
    notices = [_listed("known_not_ahead", left_out)] if left_out else []
    notices += [_listed("known_no_plans", ["open"])] if "open" in unplanned else []
    missing = ~later.given
    missing[: len(grid.dates)] = False
    if missing.any():
        facts = {
            "count": f"{int(missing.sum()):,}",
            "total": f"{len(grid.ahead) * len(grid.units):,}",
            "rows": cells(grid.units, grid.days, missing),
        }
        notices.append(Problem("panel.known_gaps", facts))
    return notices


def _listed(code: str, columns: list[str]) -> Problem:
    return Problem(f"panel.{code}", {"columns": ", ".join(columns)})


def _calendar(calendar: "str | Calendar | None") -> "Calendar | None":
    if not calendar:
        return None
    if isinstance(calendar, str):
        from workbench.calendar.calendar import load_calendar

        return load_calendar(calendar)
    return calendar
