"""Targets that were set: a file of targets → one amount per unit for a period."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping, read_mapping
from workbench.data.near import nearest, plain
from workbench.data.period_key import period_key
from workbench.data.sql import words
from workbench.data.tables import TableRead, read_table
from workbench.data.units import SEPARATOR, Array
from workbench.errors import DataError, Problem
from workbench.schema.tables import KEYS, TARGETS

ALL_UNITS = ""
"""The label of the target for all units together."""


class Span(Protocol):
    """A period: its label, first and last day."""

    @property
    def label(self) -> str:
        """How it is written, as 2026Q4."""

    @property
    def start(self) -> dt.date:
        """Its first day."""

    @property
    def end(self) -> dt.date:
        """Its last day."""


@dataclass(frozen=True, eq=False)
class Targets:
    """``amounts``: unit → target, the one for all units under the empty name, if it is there."""

    amounts: "pd.Series[float]"
    notices: tuple[Problem, ...]


def load_targets(
    path: str | Path,
    *,
    by: Sequence[str],
    period: Span,
    mapping: str | Path | Mapping = "",
    units: Iterable[str] | None = None,
    sheet: str = "",
) -> "pd.Series[float]":
    """The target of every unit for ``period``; that of all units has the empty name.

    See :func:`read_targets`.
    """
    return read_targets(
        path, by=by, period=period, mapping=mapping, units=units, sheet=sheet
    ).amounts


def read_targets(
    path: str | Path,
    *,
    by: Sequence[str],
    period: Span,
    mapping: str | Path | Mapping = "",
    units: Iterable[str] | None = None,
    sheet: str = "",
) -> Targets:
    """Read a file of targets: ``period``, ``target``, and the ``by`` columns or ``unit``.

    Rows with all key columns blank, or a unit such as 合计 or total, are the target of all units.
    Rows of a finer level (a salesperson's, where ``by`` is the team) are left aside where there
    are rows of the level asked for, and added up where there are none. Of targets set more than
    once the last counts, told by ``set_on`` or ``version``. Periods are written 2026Q4, 2026-11,
    2026年第4季度, 2026年11月, or as their first day.

    Args:
        path: a CSV, Parquet or Excel file.
        by: the columns that name a unit, as in ``load_sales``.
        period: the period whose targets are wanted.
        mapping: a mapping file; its section ``targets`` where it has one.
        units: the units of the sales data; a target for any other is an error.
        sheet: the sheet of an Excel file.

    Raises:
        DataError: no targets for the period or the level, the same target twice, targets that are
            zero, negative, text or blank, units that the sales do not have.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    own = given.targets or (given if given.table == "targets" else Mapping())
    keys = [_key_name(name, given) for name in by]
    read = read_table(path, TARGETS, own, sheet=sheet, also=[k for k in keys if k not in TARGETS])
    rows = _of_period(read, period)
    frame = read.frame.iloc[rows]
    amount = frame["target"].to_numpy(dtype=float)
    problems = _not_positive(read, rows, amount)
    labels, parts, finer = _labels(read, rows, keys, by)
    kept, notices, more = _latest(read, rows, parts, labels)
    problems += more
    if units is not None:
        problems += _unknown(labels[kept], list(units))
    if problems:
        raise DataError(*problems)
    table = pd.DataFrame({"unit": labels[kept], "target": amount[kept]})
    summed = table.groupby("unit", sort=False)["target"].sum().astype(float)
    if finer:
        facts = {"count": int((labels[kept] != ALL_UNITS).sum()), "by": ", ".join(by)}
        notices.append(Problem("data.targets_summed", facts))
    return Targets(summed.rename("target").rename_axis("unit"), (*read.notices, *notices))


def _key_name(name: str, mapping: Mapping) -> str:
    """The schema's name for a ``by`` column that may be a source name or a usual header."""
    if name in TARGETS:
        return name
    if mapping.columns.get(name, "") in TARGETS:
        return mapping.columns[name]
    for schema, aliases in words()["targets"].items():
        if schema in KEYS and plain(name) in {plain(alias) for alias in aliases}:
            return str(schema)
    return name


def _of_period(read: TableRead, period: Span) -> Array:
    """The positions of the rows for the period; all rows where no period is written."""
    if "period" not in read.frame.columns:
        return np.arange(len(read.frame))
    column = read.frame["period"]
    old = [str(word) for word in column.cat.categories]
    wanted = {period_key(period.label), period.start.isoformat()}
    right = [at for at, word in enumerate(old) if period_key(word) in wanted]
    rows = np.flatnonzero(np.isin(column.cat.codes.to_numpy(), right))
    if not len(rows):
        shown = ", ".join(old[:8]) + (", …" if len(old) > 8 else "")
        facts = {"path": read.place.files[0], "period": period.label, "held": shown}
        raise DataError(Problem("data.target_no_period", facts))
    return rows


def _labels(
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
        np.array([_words(frame[name]) for name in have], dtype=object)
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
    text = _words(frame["unit"])
    total = np.isin([plain(word) for word in text], _totals())
    labels = np.where(total, ALL_UNITS, text).astype(object)
    if "level" in frame.columns:
        level = [plain(word) for word in _words(frame["level"])]
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


def _words(series: pd.Series) -> Array:
    known = np.array([*(str(word) for word in series.cat.categories), ""], dtype=object)
    return np.asarray(known[series.cat.codes.to_numpy()])


def _latest(
    read: TableRead, rows: Array, parts: Array, labels: Array
) -> tuple[Array, list[Problem], list[Problem]]:
    """The positions of the rows that count; the same target twice is a problem."""
    at = np.flatnonzero(np.array([label is not None for label in labels]))
    frame = read.frame.iloc[rows[at]]
    table = pd.DataFrame({"part": parts[at], "at": at})
    table["set_on"] = frame["set_on"].to_numpy() if "set_on" in frame.columns else pd.NaT
    table["version"] = _words(frame["version"]) if "version" in frame.columns else ""
    table["number"] = [_natural(str(word)) for word in table["version"]]
    order = table.sort_values(["part", "set_on", "number"], kind="stable", na_position="first")
    last = order.drop_duplicates("part", keep="last")
    twice = order[order.duplicated(["part", "set_on", "version"], keep=False)]
    problems = []
    if len(twice):
        named = list(dict.fromkeys(str(labels[n] or "–") for n in twice["at"]))
        facts = {
            "units": ", ".join(named[:5]),
            "rows": read.place.text([int(n) for n in sorted(rows[twice["at"].to_numpy()])[:6]]),
            "count": len(twice),
        }
        problems.append(Problem("data.target_twice", facts))
    revised = len(order) - len(last)
    notices = []
    if revised and not problems:
        notices.append(Problem("data.targets_revised", {"count": revised}))
    return np.sort(last["at"].to_numpy()), notices, problems


def _natural(text: str) -> str:
    """A version such that v10 sorts after v9."""
    return re.sub(r"\d+", lambda found: found[0].zfill(8), text)


def _not_positive(read: TableRead, rows: Array, amount: Array) -> list[Problem]:
    wrong = np.flatnonzero(~(amount > 0))
    if not len(wrong):
        return []
    shown = ["–" if np.isnan(value) else f"{value:,.2f}" for value in amount[wrong[:5]]]
    facts = {
        "values": ", ".join(shown),
        "count": len(wrong),
        "rows": read.place.text([int(at) for at in rows[wrong][:6]]),
    }
    return [Problem("data.target_not_positive", facts)]


def _unknown(labels: Array, units: list[str]) -> list[Problem]:
    strange = [str(label) for label in labels if label != ALL_UNITS and label not in units]
    if not strange:
        return []
    facts = {
        "units": ", ".join(strange[:5]) + (", …" if len(strange) > 5 else ""),
        "near": nearest(strange[0], units) or "–",
        "known": ", ".join(units[:8]) + (", …" if len(units) > 8 else ""),
    }
    return [Problem("data.target_unknown_unit", facts)]
