"""The rows of a long table with their keys read: which unit, which day."""

from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.panel.shown import some

YEAR_FIRST = str.maketrans({"/": "-", "年": "-", "月": "-"})
Days = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class Rows:
    """A long table, its keys apart from its other columns.

    Attributes:
        columns: everything but ``unit`` and ``date``.
        units: names, in the order of their first row.
        unit: per row, the position in ``units``.
        day: per row, without time of day or zone.
    """

    columns: pd.DataFrame
    units: tuple[str, ...]
    unit: NDArray[np.intp]
    day: Days

    def where(self, kept: NDArray[np.bool_]) -> "Rows":
        """Some of the rows."""
        return Rows(self.columns[kept], self.units, self.unit[kept], self.day[kept])

    def shown(self, where: NDArray[np.bool_], *also: str) -> str:
        """The first few of the rows ``where`` True, by unit, date and further columns."""
        parts = (
            " ".join(
                [self.units[self.unit[at]], str(self.day[at])]
                + [str(self.columns[name].iloc[at]) for name in also]
            )
            for at in np.flatnonzero(where)
        )
        return some(parts, separator="; ")


def read_rows(
    frame: pd.DataFrame, table: str, required: tuple[str, ...]
) -> tuple[Rows | None, list[Problem]]:
    """The rows of ``frame``, or None and what prevents reading them."""
    missing = [name for name in required if name not in frame.columns]
    twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
    problems = []
    if missing:
        present = ", ".join(map(str, frame.columns))
        facts = {"table": table, "missing": ", ".join(missing), "columns": present}
        problems.append(Problem("panel.missing_columns", facts))
    if twice:
        problems.append(
            Problem("panel.columns_twice", {"table": table, "columns": ", ".join(twice)})
        )
    if problems:
        return None, problems
    day, problems = _days(frame["date"], table)
    unit, units, more = _units(frame["unit"], table)
    problems += more
    if problems:
        return None, problems
    rows = Rows(frame.drop(columns=["unit", "date"]), units, unit, day)
    return rows, _repeated(rows, table)


def _days(column: "pd.Series[Any]", table: str) -> tuple[Days, list[Problem]]:
    """Whole days as written in their own zone; a number is no date (20261001 would be 1970)."""
    none = np.array([], dtype="datetime64[D]")
    dates = column.dt.to_timestamp() if isinstance(column.dtype, pd.PeriodDtype) else column
    if pd.api.types.is_numeric_dtype(column):
        return none, [_unreadable(column, pd.Series(True, index=column.index), table)]
    if not pd.api.types.is_datetime64_any_dtype(dates):
        codes, found = pd.factorize(column)
        read = _read_texts([str(text) for text in found])
        if read is None:
            return none, [Problem("panel.mixed_zones", {"table": table, "values": some(found)})]
        dates = pd.Series(read.append(pd.DatetimeIndex([pd.NaT], tz=read.tz))[codes])
    unread = dates.isna()
    if unread.any():
        return none, [_unreadable(column, unread, table)]
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    return dates.to_numpy().astype("datetime64[D]"), []


def _read_texts(texts: list[str]) -> pd.DatetimeIndex | None:
    """Dates written year first, the rest NaT; None if their zones differ.

    05/06/2026 is May to some and June to others: it is not guessed.
    """
    marked = [text.strip().translate(YEAR_FIRST).rstrip("日") for text in texts]
    try:
        with catch_warnings():
            simplefilter("ignore", FutureWarning)  # pandas 2.3: mixed zones will be refused by 3
            written = pd.Index(marked, dtype=object)
            dates = pd.to_datetime(written, format="ISO8601", errors="coerce")
    except ValueError:
        return None
    return dates if isinstance(dates, pd.DatetimeIndex) else None


def _unreadable(column: "pd.Series[Any]", unread: "pd.Series[Any]", table: str) -> Problem:
    bad = np.flatnonzero(unread.to_numpy())
    facts = {
        "table": table,
        "count": f"{len(bad):,}",
        "values": some(f"#{at + 1} {column.iloc[at]}" for at in bad),
    }
    return Problem("panel.dates", facts)


def _units(
    column: "pd.Series[Any]", table: str
) -> tuple[NDArray[np.intp], tuple[str, ...], list[Problem]]:
    """Positions and names; 7 and "7" are one unit, and a row without a unit is a problem."""
    codes, found = pd.factorize(column)
    blank = codes < 0
    merged, names = pd.factorize(np.array([str(name) for name in found], dtype=object))
    blank |= np.isin(codes, [at for at, name in enumerate(found) if not str(name).strip()])
    if blank.any():
        facts = {
            "table": table,
            "count": f"{int(blank.sum()):,}",
            "rows": some(np.flatnonzero(blank) + 1),
        }
        return codes, (), [Problem("panel.unit_blank", facts)]
    return merged[codes] if len(codes) else codes, tuple(map(str, names)), []


def _repeated(rows: Rows, table: str) -> list[Problem]:
    key = rows.day.astype(np.int64) * max(len(rows.units), 1) + rows.unit
    again = pd.Series(key).duplicated().to_numpy()
    if not again.any():
        return []
    also = ["sales"] if "sales" in rows.columns.columns else []
    facts = {
        "table": table,
        "count": f"{int(again.sum()):,}",
        "rows": rows.shown(again, *also),
    }
    return [Problem("panel.repeated", facts)]
