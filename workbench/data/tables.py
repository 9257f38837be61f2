"""One input table: files → columns under the schema's names, converted, with all that is wrong."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.data.columns import Matched, find_header, match_columns, missing_columns
from workbench.data.convert import to_frame
from workbench.data.files import SourceFile, open_files
from workbench.data.lookups import with_lookups
from workbench.data.mapping import Mapping, read_mapping
from workbench.data.near import nearest
from workbench.data.sql import Want, bindings, query, read_as
from workbench.errors import DataError, Problem
from workbench.schema import TABLES, Table, validate

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LINE = "?line"
REST = "?rest"
"""Result columns: a hash of the whole source row, and of the row without some columns."""


@dataclass(frozen=True)
class Place:
    """Where each row of a table stands: file names, rows per file, number of the first row.

    ``kept`` are the positions that a filter left, where there was one.
    """

    files: tuple[str, ...]
    rows: tuple[int, ...]
    first: tuple[int, ...]
    kept: "np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None

    def text(self, positions: Sequence[int], *, most: int = 5) -> str:
        """The first few positions as a person counts them.

        >>> Place(("a.csv", "b.csv"), (3, 2), (2, 2)).text([0, 2, 3])
        'a.csv: 2, a.csv: 4, b.csv: 2'
        """
        ends = np.cumsum(self.rows)
        shown = []
        for place in positions[:most]:
            position = place if self.kept is None else int(self.kept[place])
            at = int(np.searchsorted(ends, position, side="right"))
            number = position - int(ends[at] - self.rows[at]) + self.first[at]
            shown.append(f"{self.files[at]}: {number}" if len(self.files) > 1 else str(number))
        return ", ".join(shown) + (", …" if len(positions) > most else "")

    @property
    def file_of(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The number of the file of each row."""
        file = np.repeat(np.arange(len(self.rows)), self.rows)
        return file if self.kept is None else file[self.kept]


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
    source: str | Path, table: str, *, mapping: str | Path | Mapping = "", sheet: str = ""
) -> pd.DataFrame:
    """Read, convert and validate one of the input tables, such as ``members`` or ``campaigns``.

    Text columns come as plain text, numbers as float, dates as datetime.

    Raises:
        DataError: all that is wrong with the file, the mapping or the values, at once.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    read = read_table(source, TABLES[table], given, sheet=sheet)
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
    import duckdb

    mapping = replace(mapping, sheet=sheet) if sheet else mapping
    with ExitStack() as stack:
        con = stack.enter_context(duckdb.connect())
        # In a notebook DuckDB would leave a progress bar, a widget, in the report.
        con.execute("SET enable_progress_bar = false")
        files = open_files(con, source, mapping, stack)
        table = table if isinstance(table, Table) else table(files[0].headers)
        matched = match_columns(files[0].headers, table, mapping)
        wants, problems = _wants(files[0].headers, table, mapping, matched, also, without)
        given = (*mapping.constants, *mapping.compute, *_looked_up(mapping))
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


def place_of(files: Sequence[SourceFile], parts: Sequence["pa.Table"]) -> Place:
    """Where the rows of the files stand once they are below one another."""
    return Place(
        tuple(file.path.name for file in files),
        tuple(part.num_rows for part in parts),
        tuple(file.first_row for file in files),
    )


def _named(mapping: Mapping) -> Iterator[str]:
    """The columns that products and lookups of the mapping need."""
    for factors in mapping.compute.values():
        yield from factors
    yield from (lookup.on for lookup in mapping.lookup)


def _looked_up(mapping: Mapping) -> Iterator[str]:
    for lookup in mapping.lookup:
        yield from lookup.columns.values()


def _wants(
    headers: tuple[str, ...],
    table: Table,
    mapping: Mapping,
    matched: Matched,
    also: Sequence[str],
    without: Sequence[str],
) -> tuple[tuple[Want, ...], list[Problem]]:
    """Every column to read: what the schema knows, and what is asked for besides."""
    problems = list(matched.problems)
    wants = {
        name: Want(name, source, read_as(table[name].kind), table[name].kind == "money")
        for name, source in matched.columns.items()
        if name not in mapping.compute
        and (name not in without or {name, source} & {*also, *_named(mapping)})
    }
    numbers = [*mapping.known_ahead, *(f for factors in mapping.compute.values() for f in factors)]
    texts = [*also, *(lookup.on for lookup in mapping.lookup)]
    for names, way in ((numbers, "number"), (texts, "text")):
        for name in names:
            if name in wants or name in matched.columns.values() or name in mapping.constants:
                continue
            header = find_header(name, headers)
            if header:
                wants[name] = Want(name, header, "number" if way == "number" else "text")
            elif way == "number" or name not in (*also, *_looked_up(mapping)):
                problems.append(missing_name(name, headers))
    problems += _wrong_names(headers, table, mapping, matched)
    return tuple(wants.values()), problems


def _wrong_names(
    headers: tuple[str, ...], table: Table, mapping: Mapping, matched: Matched
) -> list[Problem]:
    """Columns that constants, compute and values name and that cannot be meant."""
    problems = []
    for name in (*mapping.constants, *mapping.compute, *mapping.values):
        given = name in mapping.values and (
            find_header(name, headers) or name in _looked_up(mapping)
        )
        if name not in table and not given:
            near = nearest(name, table.names) or "–"
            facts = {"column": name, "source": "–", "table": table.name, "near": near}
            facts["known"] = ", ".join(table.names)
            problems.append(Problem("data.mapped_to_unknown", facts))
    for name, value in mapping.constants.items():
        if name in matched.columns:
            facts = {"column": name, "headers": f"{matched.columns[name]}, constants: {name}"}
            problems.append(Problem("data.ambiguous_columns", facts))
        if name in table and not _fits(value, read_as(table[name].kind)):
            facts = {"path": "–", "key": "constants", "value": f"{name}: {value}"}
            problems.append(Problem("data.mapping_wrong_value", {**facts, "allowed": "1, 2.5"}))
    return problems


def _fits(value: str, way: str) -> bool:
    """Whether a constant can stand in a column that is read this way."""
    if way == "text":
        return True
    try:
        float(value)
    except ValueError:
        return False
    return way not in ("time", "day")


def missing_name(name: str, headers: Sequence[str]) -> Problem:
    """The problem of a column that is asked for by name and is not there."""
    facts = {
        "column": name,
        "near": nearest(name, headers) or "–",
        "headers": ", ".join(headers),
    }
    return Problem("data.mapped_column_missing", facts)


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
