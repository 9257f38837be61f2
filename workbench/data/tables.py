"""One input table: files → columns under the schema's names, converted, with all that is wrong."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.data.columns import Matched, match_columns, missing_columns
from workbench.data.convert import to_frame
from workbench.data.files import SourceFile, connect, open_files
from workbench.data.lookups import with_lookups
from workbench.data.mapping import Mapping, read_mapping
from workbench.data.place import Place, place_of
from workbench.data.sql import Want, bindings, query
from workbench.data.wants import looked_up, wanted_columns
from workbench.errors import DataError, Problem
from workbench.schema.table import Table
from workbench.schema.tables import TABLES
from workbench.schema.validate import validate

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LINE = "?line"
REST = "?rest"
"""Result columns: a hash of the whole source row, and of the row without some columns."""


@dataclass(frozen=True, eq=False)
class TableRead:
    """A table as read: text columns are categoricals, numbers float, times datetime.

    ``names`` maps every name that may be asked for, schema or source, to a column of ``frame``.
    """

    frame: pd.DataFrame
    table: Table
    matched: Matched
    place: Place
    encoding: str
    notices: tuple[Problem, ...]

    def column(self, name: str) -> str:
        """The column of ``frame`` that a person calls ``name``; "" when there is none."""
        if name in self.frame.columns:
            return name
        for schema, source in self.matched.columns.items():
            if source == name and schema in self.frame.columns:
                return schema
        return ""


def load_table(
    source: str | Path, table: str | Table, *, mapping: str | Path | Mapping = "", sheet: str = ""
) -> pd.DataFrame:
    """Read, convert and validate one of the input tables, such as ``members`` or ``campaigns``.

    Text columns come as plain text, numbers as float, dates as datetime.

    Raises:
        DataError: all that is wrong with the file, the mapping or the values, at once.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    wanted = table if isinstance(table, Table) else TABLES[table]
    read = read_table(source, wanted, given, sheet=sheet)
    problems = validate(read.frame, read.table)
    if problems:
        raise DataError(*problems)
    frame = read.frame[[name for name in read.table.names if name in read.frame.columns]]
    text = [name for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    return frame.assign(
        **{name: frame[name].astype("str").where(frame[name].notna()) for name in text}
    )


def read_table(
    source: str | Path,
    table: Table | Callable[[tuple[str, ...]], Table],
    mapping: Mapping,
    *,
    sheet: str = "",
    also: Sequence[str] = (),
    apart: Sequence[str] = (),
    without: Sequence[str] = (),
) -> TableRead:
    """Read ``table`` from a file or a folder of files with the same columns.

    ``table`` may be told from the headers by a function.
    ``also`` names further columns, by schema or source name, that are read as text where the
    schema does not know them; ``apart`` names columns that the second row hash leaves out;
    ``without`` names columns of the schema that are not read unless asked for.

    Raises:
        DataError: unreadable files, missing, doubled or ambiguous columns, unreadable values.
    """
    mapping = replace(mapping, sheet=sheet) if sheet else mapping
    with ExitStack() as stack:
        con = connect(stack)
        files = open_files(con, source, mapping, stack)
        table = table if isinstance(table, Table) else table(files[0].headers)
        matched = match_columns(files[0].headers, table, mapping)
        wants, problems = wanted_columns(files[0].headers, table, mapping, matched, also, without)
        given = (*mapping.constants, *mapping.compute, *looked_up(mapping))
        problems += missing_columns(matched, table, given)
        if problems:
            raise DataError(*problems)
        sources = {want.source for want in wants if want.name in apart}
        parts = [fetch(con, file, wants, mapping, sources) for file in files]
    place = place_of(files, parts)
    if not sum(place.rows):
        names = ", ".join(place.files)
        raise DataError(Problem("data.no_rows", {"path": names}))
    zones = {zone for file in files for zone in file.zones.values()}
    frame, notices = to_frame(parts, wants, table, mapping, place, zones)
    folder = Path(source) if Path(source).is_dir() else Path(source).parent
    frame, more = with_lookups(frame, mapping, folder, place, matched.columns)
    encodings = dict.fromkeys(file.encoding for file in files if file.encoding)
    said = tuple(problem for file in files for problem in file.notices)
    used = {want.source for want in wants}
    left = tuple(name for name in matched.unmapped if name not in used)
    matched = Matched(matched.columns, left)
    return TableRead(frame, table, matched, place, ", ".join(encodings), (*said, *notices, *more))


def fetch(
    con: "duckdb.DuckDBPyConnection",
    file: SourceFile,
    wants: tuple[Want, ...],
    mapping: Mapping,
    apart: set[str],
) -> "pa.Table":
    """The wanted columns of one file, and the hashes of its rows.

    Raises:
        DataError: a CSV with ragged lines or open quotes.
    """
    import duckdb

    values = dict(file.values)
    try:
        empty = con.sql(f"SELECT * FROM {file.relation} LIMIT 0", params=values)
        types = dict(zip(file.headers, (str(type_) for type_ in empty.types), strict=True))
        rest = tuple(name for name in file.headers if name not in apart)
        hashes = {LINE: file.headers} | ({REST: rest} if apart and rest else {})
        text = query(file.relation, wants, types, mapping, hashes)
        used = {k: v for k, v in bindings(mapping).items() if f"${k}" in text}
        return con.sql(text, params=values | used).to_arrow_table()
    except duckdb.InvalidInputException as reason:
        raise DataError(_csv_problem(file, str(reason))) from reason


def _csv_problem(file: SourceFile, reason: str) -> Problem:
    """A broken CSV in a planner's words."""
    import re

    line = re.search(r"CSV Error on Line: (\d+)", reason)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", reason)
    facts: dict[str, object] = {"path": file.path.name, "line": line[1] if line else "–"}
    if counts:
        facts |= {"expected": counts[1], "found": counts[2]}
        return Problem("data.csv_ragged", facts)
    if "quote" in reason:
        return Problem("data.csv_quote", facts)
    return Problem("data.unreadable", {**facts, "format": "CSV", "reason": reason.split("\n")[0]})
