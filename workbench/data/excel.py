"""One sheet of an Excel workbook as a table of text."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from workbench.errors import DataError, Problem

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet below its header, as text."""

    headers: tuple[str, ...]
    table: "pa.Table"
    notices: tuple[Problem, ...]


def read_sheet(path: Path, *, sheet: str = "", header_row: int = 1) -> Sheet:
    """Read one sheet, the first one unless ``sheet`` names another; formulas give their last value.

    Raises:
        DataError: not a workbook, no such sheet, or nothing in it.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as reason:
        facts = {"path": path.name, "format": "Excel (.xlsx)", "reason": str(reason)}
        raise DataError(Problem("data.unreadable", facts)) from reason
    try:
        names = book.sheetnames
        if sheet and sheet not in names:
            facts = {"path": path.name, "sheet": sheet, "sheets": ", ".join(names)}
            raise DataError(Problem("data.sheet_missing", facts))
        chosen = book[sheet or names[0]]
        chosen.reset_dimensions()
        rows = [[_text(cell) for cell in row] for row in chosen.iter_rows(values_only=True)]
    finally:
        book.close()
    notices: tuple[Problem, ...] = ()
    if not sheet and len(names) > 1:
        facts = {"path": path.name, "sheet": names[0], "sheets": ", ".join(names)}
        notices = (Problem("data.sheet_chosen", facts),)
    return _as_sheet(path, rows, header_row, notices)


def _as_sheet(
    path: Path, rows: Sequence[list[str | None]], header_row: int, notices: tuple[Problem, ...]
) -> Sheet:
    import pyarrow as pa

    if len(rows) < header_row or not any(rows[header_row - 1]):
        raise DataError(Problem("data.file_empty", {"path": path.name}))
    header, body = rows[header_row - 1], list(rows[header_row:])
    while body and not any(body[-1]):
        body.pop()
    width = max(len(header), *(len(row) for row in body)) if body else len(header)
    cells = [[row[at] if at < len(row) else None for row in body] for at in range(width)]
    names = [header[at] if at < len(header) else None for at in range(width)]
    kept = [at for at in range(width) if names[at] or any(cells[at])]
    headers = tuple((names[at] or f"(column {at + 1})").strip() for at in kept)
    unique = [n if headers.count(n) == 1 else f"{n} {at}" for at, n in enumerate(headers)]
    table = pa.table(
        {name: pa.array(cells[at], pa.string()) for name, at in zip(unique, kept, strict=True)}
    )
    return Sheet(headers, table, notices)


def _text(cell: Any) -> str | None:
    """A cell as text: dates ISO, whole numbers without a decimal point.

    >>> _text(12.0), _text(0.1), _text(dt.datetime(2026, 1, 5)), _text(True)
    ('12', '0.1', '2026-01-05 00:00:00', '1')
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
