"""Files and folders → DuckDB relations: CSV and Parquet by DuckDB itself, Excel by openpyxl.

CSV and Excel arrive as text, so that ``00123`` stays what it is; Parquet brings its own types.
"""

import csv
import shutil
from collections.abc import Mapping as MappingType
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from workbench.data.encoding import detect_encoding
from workbench.data.excel import read_sheet
from workbench.data.mapping import Mapping
from workbench.data.near import nearest
from workbench.data.sql import literal
from workbench.errors import DataError, Problem

if TYPE_CHECKING:
    import duckdb

CSV = (".csv", ".tsv", ".txt")
PARQUET = (".parquet", ".pq")
EXCEL = (".xlsx", ".xlsm")
FORMATS = CSV + PARQUET + EXCEL


@dataclass(frozen=True)
class SourceFile:
    """One opened file: ``relation`` is what to write after FROM, ``values`` what to bind to it.

    ``first_row`` is the number that a person gives the first data row.
    """

    path: Path
    headers: tuple[str, ...]
    relation: str
    values: MappingType[str, object]
    first_row: int
    encoding: str = ""
    zones: MappingType[str, str] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()


def connect(stack: ExitStack) -> "duckdb.DuckDBPyConnection":
    """A DuckDB of our own, closed with ``stack``; rows come in the order of the file."""
    import duckdb

    con = stack.enter_context(duckdb.connect())
    con.execute("SET preserve_insertion_order = true")
    # In a notebook DuckDB would leave a progress bar, a widget, in the report.
    con.execute("SET enable_progress_bar = false")
    return con


def find_files(source: str | Path) -> tuple[Path, ...]:
    """The file, or the readable files of the folder sorted by name.

    Raises:
        DataError: nothing there, an unknown format, a folder without readable files.
    """
    path = Path(source)
    if not str(source).strip() or not path.exists():
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        facts = {"path": str(source), "near": nearest(path.name, beside) or "–"}
        raise DataError(Problem("data.file_missing", facts))
    if path.is_dir():
        files = sorted(
            item
            for item in path.iterdir()
            if item.suffix.lower() in FORMATS and not item.name.startswith((".", "~$"))
        )
        if not files:
            facts = {"path": str(source), "formats": ", ".join(FORMATS)}
            raise DataError(Problem("data.folder_empty", facts))
        return tuple(files)
    if path.suffix.lower() not in FORMATS:
        facts = {"path": path.name, "formats": ", ".join(FORMATS)}
        raise DataError(Problem("data.format_unknown", facts))
    return (path,)


def open_files(
    con: "duckdb.DuckDBPyConnection", source: str | Path, mapping: Mapping, stack: ExitStack
) -> tuple[SourceFile, ...]:
    """Open every file of ``source``; temporary copies live as long as ``stack``.

    Raises:
        DataError: a file that is empty, unreadable or in a wrong encoding, doubled headers,
            or files of one folder with different columns.
    """
    files = find_files(source)
    opened = []
    problems: list[Problem] = []
    for number, path in enumerate(files):
        try:
            opened.append(_open(con, path, mapping, stack, number))
        except DataError as failed:
            problems += failed.problems
    if problems:
        raise DataError(*problems)
    first = opened[0]
    for other in opened[1:]:
        if set(other.headers) != set(first.headers):
            differ = sorted(set(other.headers) ^ set(first.headers))
            facts = {
                "path": other.path.name,
                "first": first.path.name,
                "columns": ", ".join(differ),
            }
            problems.append(Problem("data.folder_columns", facts))
    if problems:
        raise DataError(*problems)
    return tuple(opened)


def _open(
    con: "duckdb.DuckDBPyConnection", path: Path, mapping: Mapping, stack: ExitStack, number: int
) -> SourceFile:
    if path.stat().st_size == 0:
        raise DataError(Problem("data.file_empty", {"path": path.name}))
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        file = _open_parquet(path)
    elif suffix in EXCEL:
        sheet = read_sheet(path, sheet=mapping.sheet, header_row=mapping.header_row)
        name = f"sheet_{number}"
        con.register(name, sheet.table)
        headers = tuple(sheet.headers)
        first = mapping.header_row + 1
        file = SourceFile(path, headers, name, {}, first, notices=sheet.notices)
    else:
        file = _open_csv(path, mapping, stack)
    _check_headers(file)
    return file


def _check_headers(file: SourceFile) -> None:
    plain = [name.strip() for name in file.headers]
    twice = sorted({name for name in plain if plain.count(name) > 1})
    if twice:
        facts = {"path": file.path.name, "columns": ", ".join(twice)}
        raise DataError(Problem("data.duplicate_headers", facts))


def _open_parquet(path: Path) -> SourceFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as reason:
        facts = {"path": path.name, "format": "Parquet", "reason": str(reason).split("\n")[0]}
        raise DataError(Problem("data.unreadable", facts)) from reason
    zones = {f.name: f.type.tz for f in schema if pa.types.is_timestamp(f.type) and f.type.tz}
    return SourceFile(
        path, tuple(schema.names), "read_parquet($path)", {"path": str(path)}, 1, zones=zones
    )


def _open_csv(path: Path, mapping: Mapping, stack: ExitStack) -> SourceFile:
    encoding = detect_encoding(path, mapping.encoding)
    with path.open(encoding=encoding.name, newline="") as file:
        lines = [file.readline() for _ in range(mapping.header_row)]
        delimiter = mapping.delimiter.replace("\\t", "\t") or _delimiter(lines[-1])
        file.seek(0)
        rows = csv.reader(file, delimiter=delimiter)
        header: list[str] = []
        for _ in range(mapping.header_row):
            header = next(rows, [])
    if not any(name.strip("\ufeff \t\r\n") for name in header):
        raise DataError(Problem("data.file_empty", {"path": path.name}))
    headers = tuple(
        name.strip().strip("\ufeff") or f"(column {number})"
        for number, name in enumerate(header, 1)
    )
    readable = path if encoding.plain else _utf8_copy(path, encoding.name, stack)
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _unique(headers))
    relation = (
        "read_csv($path, auto_detect=false, header=true, delim=$delimiter, skip=$skip, "
        f"quote='\"', escape='\"', null_padding=false, columns={{{columns}}})"
    )
    values = {"path": str(readable), "delimiter": delimiter, "skip": mapping.header_row - 1}
    notices: tuple[Problem, ...] = ()
    if encoding.name == "gb18030" and not mapping.encoding:
        notices = (Problem("data.encoding_assumed", {"path": path.name, "encoding": "GB18030"}),)
    return SourceFile(
        path, headers, relation, values, mapping.header_row + 1, encoding.name, notices=notices
    )


def _delimiter(line: str) -> str:
    """The commonest separator of the header line, quoted parts left out."""
    outside = "".join(line.split('"')[::2])
    return max((",", "\t", ";", "|"), key=outside.count)


def _unique(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Doubled headers are refused later, with their names; DuckDB must not refuse them first."""
    return tuple(
        name if headers.count(name) == 1 else f"{name} {at}" for at, name in enumerate(headers)
    )


def _utf8_copy(path: Path, encoding: str, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    copy = folder / "source.csv"
    with (
        path.open(encoding=encoding) as source,
        copy.open("w", encoding="utf-8", newline="\n") as out,
    ):
        shutil.copyfileobj(source, out)
    return copy
