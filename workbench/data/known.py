"""The file of what is known ahead: promotions, opening days, prices, past and future."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.data.columns import Matched, find_header, match_columns
from workbench.data.convert import to_frame
from workbench.data.files import SourceFile, connect, open_files
from workbench.data.mapping import Mapping
from workbench.data.place import place_of
from workbench.data.sql import Want, words
from workbench.data.tables import TableRead, fetch
from workbench.data.units import Units
from workbench.errors import DataError, Problem
from workbench.schema.tables import DAILY, KEYS

RESERVED = ("sales", "net_sales", "gmv", "units")


@dataclass(frozen=True, eq=False)
class KnownFile:
    """``table``: date, the ``keys`` the file has, and known-ahead ``columns``."""

    table: pd.DataFrame
    keys: tuple[str, ...]
    columns: tuple[str, ...]


def read_known(
    path: str | Path, by: Sequence[str], available: Sequence[str], mapping: Mapping
) -> KnownFile:
    """Read a file of known-ahead columns: a date, columns that name units, and the rest.

    Columns that name units are those of ``by``, and the schema's key columns among ``available``.

    Raises:
        DataError: no date column, nothing known in it, or two rows for one date and the same keys.
    """
    own = mapping.known or Mapping(date_format=mapping.date_format)
    with ExitStack() as stack:
        con = connect(stack)
        files = open_files(con, path, own, stack)
        date, keys, columns = _roles(files[0], by, available, mapping, own)
        texts = {**keys, **columns}
        wants = (Want("date", date, "day"), *(Want(n, h, "text") for n, h in texts.items()))
        parts = [fetch(con, file, wants, own, set()) for file in files]
    place = place_of(files, parts)
    table, _ = to_frame(parts, wants, DAILY, replace(own, constants={}, compute={}), place, set())
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


def _roles(
    file: SourceFile, by: Sequence[str], available: Sequence[str], mapping: Mapping, own: Mapping
) -> tuple[str, dict[str, str], dict[str, str]]:
    """The header of the date, of each key, and of each known-ahead column."""
    headers = file.headers
    matched = match_columns(headers, DAILY, own)
    problems = list(matched.problems)
    facts = {"path": file.path.name, "headers": ", ".join(headers)}
    date = matched.columns.get("date", "")
    if not date:
        problems.append(Problem("data.known_no_date", facts))
    names = [*by, *(name for name in KEYS if name in available and name not in by)]
    keys = {name: _key_header(name, headers, mapping, matched.columns) for name in names}
    keys = {name: header for name, header in keys.items() if header}
    columns = _others(headers, matched, {date, *keys.values(), *own.ignore})
    if date and not columns:
        problems.append(Problem("data.known_nothing", facts))
    if problems:
        raise DataError(*problems)
    return date, keys, columns


def _others(headers: Sequence[str], matched: Matched, used: set[str]) -> dict[str, str]:
    """The known-ahead columns: everything else, under the schema's names where it has one."""
    named = {header: name for name, header in matched.columns.items()}
    columns = {named.get(header, header): header for header in headers if header not in used}
    return {name: header for name, header in columns.items() if name not in RESERVED}


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


def for_units(known: KnownFile, read: TableRead, units: Units) -> pd.DataFrame:
    """The known columns by unit and date.

    A unit that has rows under several of the file's keys (a category sold in three channels) is
    open where any of them is, and takes the mean of the other numbers.
    """
    pairs = pd.DataFrame({"unit": units.codes})
    for name in known.keys:
        pairs[name] = read.frame[read.column(name) or name].astype(object).to_numpy()
    pairs = pairs[pairs["unit"] >= 0].drop_duplicates()
    pairs["unit"] = np.array(units.labels, dtype=object)[pairs["unit"].to_numpy()]
    how = {"on": list(known.keys)} if known.keys else {"how": "cross"}
    table = pairs.merge(known.table, **how)
    table = table[["unit", "date", *known.columns]]
    groups = table.groupby(["unit", "date"], sort=False)
    if groups.ngroups == len(table):
        return table
    ways = {name: _together(name, table[name]) for name in known.columns}
    return groups.agg(ways).reset_index()


def _together(name: str, values: pd.Series) -> str:
    if name == "open" or not pd.api.types.is_numeric_dtype(values):
        return "max"
    return "min" if name == "stockout" else "mean"


def merge_known(rows: pd.DataFrame, known: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """``rows`` (unit, date, …) with the known columns of the file.

    Where the file has no row a unit is open and no promotion runs. A column that ``rows`` already
    has keeps its value where the file has none. Where it says ``stockout`` sales are not observed.
    """
    found = rows[["unit", "date"]].merge(known, on=["unit", "date"], how="left")
    notices = []
    for name in [name for name in known.columns if name not in ("unit", "date", "stockout")]:
        values = found[name]
        if name in rows.columns:
            values = values.where(values.notna(), rows[name].to_numpy())
        gaps = int(values.isna().sum())
        number = pd.api.types.is_numeric_dtype(values)
        flag = number and set(values.dropna().unique()) <= {0.0, 1.0}
        fill = "" if not number else 1.0 if name == "open" else 0.0 if flag else None
        if gaps and fill is not None:
            values = values.where(values.notna(), fill)
        if gaps and number:
            facts = {"column": name, "count": gaps, "rows": len(rows)}
            if fill is not None:
                facts["value"] = f"{fill:g}"
            code = "data.known_gaps" if fill is None else "data.known_filled"
            notices.append(Problem(code, facts))
        rows = rows.assign(**{name: values.to_numpy()})
    if "stockout" in known.columns and "sales" in rows.columns:
        out = (found["stockout"] > 0).to_numpy()
        shown = rows[out].head(3).itertuples()
        days = "; ".join(f"{row.unit} {row.date:%Y-%m-%d}" for row in shown)
        if out.any():
            money = f"{rows['sales'][out].sum():,.2f}"
            facts = {"count": int(out.sum()), "money": money, "rows": days}
            notices.append(Problem("data.stockout_known", facts))
        rows = rows.assign(sales=rows["sales"].where(~out))
    return rows, notices
