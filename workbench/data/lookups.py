"""Columns taken from a file beside the source: a salesperson's team, a store's type."""

from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.data.convert import categorical, translated
from workbench.data.mapping import Lookup, Mapping
from workbench.data.near import nearest
from workbench.errors import DataError, Problem

if TYPE_CHECKING:
    from workbench.data.place import Place


def with_lookups(
    frame: pd.DataFrame,
    mapping: Mapping,
    folder: Path,
    place: "Place",
    columns: MappingType[str, str],
) -> tuple[pd.DataFrame, list[Problem]]:
    """``frame`` with the columns of every ``lookup`` of the mapping; files stand in ``folder``.

    ``columns`` maps schema names to source headers, either of which may name the key.

    Raises:
        DataError: a file, a key or a column that is not there, or a key that occurs twice.
    """
    notices: list[Problem] = []
    for lookup in mapping.lookup:
        names = [lookup.on, *(name for name, header in columns.items() if header == lookup.on)]
        on = next(name for name in names if name in frame.columns)
        frame, said = _with_lookup(frame, lookup, on, mapping, folder, place)
        notices += said
    return frame, notices


def _with_lookup(
    frame: pd.DataFrame, lookup: Lookup, on: str, mapping: Mapping, folder: Path, place: "Place"
) -> tuple[pd.DataFrame, list[Problem]]:
    other = read_text(folder / lookup.file, (lookup.key, *lookup.columns))
    keys = other[lookup.key]
    twice = sorted(set(keys[keys.duplicated() & keys.notna()]))
    if twice:
        facts = {"path": lookup.file, "column": lookup.key, "values": ", ".join(twice[:5])}
        raise DataError(Problem("data.lookup_twice", facts))
    row_of = {key: at for at, key in enumerate(keys) if isinstance(key, str)}
    found = np.array([row_of.get(str(word), -1) for word in frame[on].cat.categories] + [-1])
    rows = found[frame[on].cat.codes.to_numpy()]
    for column, name in lookup.columns.items():
        words = pd.Categorical(other[column])
        codes = np.append(words.codes, -1)[rows]
        series = categorical(codes, list(words.categories))
        if name in mapping.values:
            series = translated(series, mapping.values[name])
        frame = frame.assign(**{name: series.array})
    strange = np.flatnonzero((rows < 0) & frame[on].notna().to_numpy())
    if not len(strange):
        return frame, []
    said: dict[str, object] = {
        "path": lookup.file,
        "column": on,
        "count": len(strange),
        "rows": place.text([int(at) for at in strange]),
        "values": ", ".join(dict.fromkeys(str(v) for v in frame[on].iloc[strange[:1000]]))[:120],
    }
    return frame, [Problem("data.lookup_unmatched", said)]


def read_text(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Some columns of a small file, all as text."""
    from contextlib import ExitStack

    from workbench.data.files import connect, open_files
    from workbench.data.sql import Want, bindings, query

    with ExitStack() as stack:
        con = connect(stack)
        file = open_files(con, path, Mapping(), stack)[0]
        absent = [name for name in columns if name not in file.headers]
        if absent:
            near = nearest(absent[0], file.headers) or "–"
            facts = {"column": ", ".join(absent), "near": near, "headers": ", ".join(file.headers)}
            raise DataError(Problem("data.mapped_column_missing", facts))
        empty = con.sql(f"SELECT * FROM {file.relation} LIMIT 0", params=dict(file.values))
        types = dict(zip(file.headers, (str(type_) for type_ in empty.types), strict=True))
        wants = tuple(Want(name, name, "text") for name in columns)
        text = query(file.relation, wants, types, Mapping(), {})
        values = dict(file.values) | {"blanks": bindings(Mapping())["blanks"]}
        table = con.sql(text, params=values).to_arrow_table()
    return pd.DataFrame({name: table.column(name).to_pylist() for name in columns}, dtype=object)
