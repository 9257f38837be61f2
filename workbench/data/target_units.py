"""Which unit each row of a file of targets is about, and whether it is of the level asked for."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping
from workbench.data.near import nearest, plain
from workbench.data.sql import words
from workbench.data.tables import TableRead
from workbench.data.units import SEPARATOR, Array
from workbench.errors import DataError, Problem
from workbench.schema.tables import KEYS, TARGETS

ALL_UNITS = ""
"""The label of the target for all units together."""


def key_name(name: str, mapping: Mapping) -> str:
    """The schema's name for a ``by`` column that may be a source name or a usual header."""
    if name in TARGETS:
        return name
    if mapping.columns.get(name, "") in TARGETS:
        return mapping.columns[name]
    for schema, aliases in words()["targets"].items():
        if schema in KEYS and plain(name) in {plain(alias) for alias in aliases}:
            return str(schema)
    return name


def unit_labels(
    read: TableRead, rows: Array, keys: Sequence[str], by: Sequence[str]
) -> tuple[Array, Array, bool]:
    """Each row's unit, the key values that tell rows apart, and whether finer rows are summed.

    Rows of other levels get the unit None.
    """
    frame = read.frame.iloc[rows]
    if "unit" in frame.columns and frame["unit"].notna().any():
        labels = _named_units(frame, keys, by)
        return labels, labels, False
    have = list(dict.fromkeys(name for name in (*KEYS, *keys) if name in frame.columns))
    absent = [name for name in keys if name not in have]
    text = (
        np.array([texts(frame[name]) for name in have], dtype=object)
        .reshape(len(have), len(frame))
        .T
    )
    filled = (text != "") & ~np.isin([[plain(w) for w in row] for row in text], _totals())
    parts = np.array([SEPARATOR.join(row) for row in text], dtype=object)
    whole = ~filled.any(axis=1)
    wanted = np.array([name in keys for name in have], dtype=bool)
    inside = filled[:, wanted].all(axis=1) & ~whole & bool(keys)
    if absent or not (inside | whole).any():
        columns = ", ".join(read.matched.columns.values())
        facts = {"by": ", ".join(absent or by), "path": read.place.files[0], "columns": columns}
        raise DataError(Problem("data.target_no_level", facts))
    depth = filled.sum(axis=1)
    chosen = inside & (depth == depth[inside].min(initial=len(have)))
    place = [have.index(name) for name in keys]
    labels = np.array([SEPARATOR.join(row) for row in text[:, place]], dtype=object)
    labels[~chosen] = None
    labels[whole] = ALL_UNITS
    finer = bool(pd.Series(labels[chosen]).duplicated().any()) and _apart(parts, labels, chosen)
    return labels, parts, finer


def _named_units(frame: pd.DataFrame, keys: Sequence[str], by: Sequence[str]) -> Array:
    """The units of a file that has a ``unit`` column, and maybe one for the level."""
    text = texts(frame["unit"])
    total = np.isin([plain(word) for word in text], _totals())
    labels = np.where(total, ALL_UNITS, text).astype(object)
    if "level" in frame.columns:
        level = [plain(word) for word in texts(frame["level"])]
        whole = np.isin(level, _totals())
        names = {plain(SEPARATOR.join(by)), plain("/".join(by)), *(plain(k) for k in keys[-1:])}
        labels[~whole & ~np.isin(level, ["", *names])] = None
        labels[whole] = ALL_UNITS
    return labels


def _totals() -> list[str]:
    return [plain(str(word)) for word in words()["totals"]]


def _apart(parts: Array, labels: Array, chosen: Array) -> bool:
    """Whether rows of one unit differ in finer keys, so that they are parts of it."""
    table = pd.DataFrame({"unit": labels[chosen], "part": parts[chosen]}).drop_duplicates()
    return bool(table["unit"].duplicated().any())


def texts(series: pd.Series) -> Array:
    """A column of categories as plain text; nothing where a cell is blank."""
    known = np.array([*(str(word) for word in series.cat.categories), ""], dtype=object)
    return np.asarray(known[series.cat.codes.to_numpy()])


def unknown_units(labels: Array, units: list[str]) -> list[Problem]:
    """Units that the sales do not have, with the nearest that they do."""
    strange = [str(label) for label in labels if label != ALL_UNITS and label not in units]
    if not strange:
        return []
    facts = {
        "units": ", ".join(strange[:5]) + (", …" if len(strange) > 5 else ""),
        "near": nearest(strange[0], units) or "–",
        "known": ", ".join(units[:8]) + (", …" if len(units) > 8 else ""),
    }
    return [Problem("data.target_unknown_unit", facts)]
