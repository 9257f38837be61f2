"""The file of what is known ahead: promotions, opening days, prices, past and future."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.data.columns import find_header, match_columns
from workbench.data.convert import to_frame
from workbench.data.files import open_files
from workbench.data.mapping import Mapping
from workbench.data.sql import Want, words
from workbench.data.tables import Place, fetch
from workbench.errors import DataError, Problem
from workbench.schema import DAILY

RESERVED = ("sales", "net_sales", "gmv", "units", "stockout")


@dataclass(frozen=True, eq=False)
class KnownFile:
    """``table``: date, the ``keys`` the file has, and known-ahead ``columns``."""

    table: pd.DataFrame
    keys: tuple[str, ...]
    columns: tuple[str, ...]


def read_known(path: str | Path, by: Sequence[str], mapping: Mapping) -> KnownFile:
    """Read a file of known-ahead columns: a date, some of the ``by`` columns, and the rest.

    Raises:
        DataError: no date column, nothing known in it, or two rows for one date and the same keys.
    """
    import duckdb

    with ExitStack() as stack:
        con = stack.enter_context(duckdb.connect())
        files = open_files(con, path, Mapping(), stack)
        headers = files[0].headers
        matched = match_columns(headers, DAILY, Mapping())
        date = matched.columns.get("date", "")
        if not date:
            facts = {"path": Path(path).name, "headers": ", ".join(headers)}
            raise DataError(Problem("data.known_no_date", facts))
        keys = {name: _key_header(name, headers, mapping, matched.columns) for name in by}
        keys = {name: header for name, header in keys.items() if header}
        named = {header: name for name, header in matched.columns.items() if name in DAILY}
        rest = [header for header in headers if header not in (date, *keys.values())]
        columns = {named.get(header, header): header for header in rest}
        columns = {name: header for name, header in columns.items() if name not in RESERVED}
        if not columns:
            facts = {"path": Path(path).name, "headers": ", ".join(headers)}
            raise DataError(Problem("data.known_nothing", facts))
        texts = {**keys, **columns}
        wants = (Want("date", date, "day"), *(Want(n, h, "text") for n, h in texts.items()))
        own = Mapping(date_format=mapping.date_format, timezone=mapping.timezone)
        parts = [fetch(con, file, wants, own, set()) for file in files]
    place = Place(
        tuple(file.path.name for file in files),
        tuple(part.num_rows for part in parts),
        tuple(file.first_row for file in files),
    )
    table, _ = to_frame(parts, wants, DAILY, Mapping(), place, set())
    table = table.assign(**{name: _value(table[name]) for name in columns})
    table = table.assign(**{name: table[name].astype(object) for name in keys})
    twice = np.flatnonzero(table.duplicated(["date", *keys], keep=False))
    if len(twice):
        facts = {
            "path": Path(path).name,
            "count": str(len(twice)),
            "rows": place.text([int(at) for at in twice[:6]]),
            "keys": ", ".join(["date", *keys]),
        }
        raise DataError(Problem("data.known_twice", facts))
    return KnownFile(table[["date", *keys, *columns]], tuple(keys), tuple(columns))


def _key_header(
    name: str, headers: Sequence[str], mapping: Mapping, matched: MappingType[str, str]
) -> str:
    """The header of a key: its own name, its source name in the mapping, or a usual header."""
    found = find_header(name, tuple(headers))
    sources = [source for source, target in mapping.columns.items() if target == name]
    for source in (*sources, matched.get(name, "")):
        found = found or (find_header(source, tuple(headers)) if source else "")
    return found


def _value(series: pd.Series) -> pd.Series:
    """Numbers where all values are numbers or yes/no words, else words."""
    flags = {word: float(flag) for flag, known in words()["flags"].items() for word in known}
    old = [str(word) for word in series.cat.categories]
    numbers = pd.to_numeric(pd.Series(old, dtype=object), errors="coerce").astype(float)
    if numbers.isna().any():
        numbers = pd.Series([flags.get(word.lower(), np.nan) for word in old], dtype=float)
    codes = series.cat.codes.to_numpy()
    if numbers.isna().any():
        return pd.Series(np.array([*old, ""], dtype=object)[codes])
    return pd.Series(np.append(numbers.to_numpy(), np.nan)[codes])


def merge_known(
    rows: pd.DataFrame, keys: pd.DataFrame, known: KnownFile
) -> tuple[pd.DataFrame, list[Problem]]:
    """``rows`` (unit, date, …) with the known columns of the file.

    Where the file has no row a unit is open and no promotion runs. A column that ``rows`` already
    has keeps its value where the file has none.
    """
    left = rows[["unit", "date"]]
    if known.keys:
        left = left.join(keys[list(known.keys)].astype(object), on="unit")
    found = left.merge(known.table, on=["date", *known.keys], how="left")
    notices = []
    for name in known.columns:
        values = found[name]
        if name in rows.columns:
            values = values.where(values.notna(), rows[name].to_numpy())
        gaps = int(values.isna().sum())
        number = pd.api.types.is_numeric_dtype(values)
        flag = number and set(values.dropna().unique()) <= {0.0, 1.0}
        fill = "" if not number else 1.0 if name == "open" else 0.0 if flag else None
        if gaps and (number or name not in rows.columns):
            facts = {"column": name, "count": gaps, "rows": len(rows)}
            said = "–" if fill is None else f"{fill:g}" if number else '""'
            if fill is None:
                notices.append(Problem("data.known_gaps", facts))
            else:
                notices.append(Problem("data.known_filled", {**facts, "value": said}))
        if gaps and fill is not None:
            values = values.where(values.notna(), fill)
        rows = rows.assign(**{name: values.to_numpy()})
    return rows, notices
