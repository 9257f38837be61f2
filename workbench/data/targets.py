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
from workbench.data.period_key import period_key
from workbench.data.tables import TableRead, read_table
from workbench.data.target_units import ALL_UNITS, key_name, texts, unit_labels, unknown_units
from workbench.data.units import Array
from workbench.errors import DataError, Problem
from workbench.schema.tables import TARGETS


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
    keys = [key_name(name, given) for name in by]
    read = read_table(path, TARGETS, own, sheet=sheet, also=[k for k in keys if k not in TARGETS])
    rows = _of_period(read, period)
    frame = read.frame.iloc[rows]
    amount = frame["target"].to_numpy(dtype=float)
    problems = _not_positive(read, rows, amount)
    labels, parts, finer = unit_labels(read, rows, keys, by)
    kept, notices, more = _latest(read, rows, parts, labels)
    problems += more
    if units is not None:
        problems += unknown_units(labels[kept], list(units))
    if problems:
        raise DataError(*problems)
    table = pd.DataFrame({"unit": labels[kept], "target": amount[kept]})
    summed = table.groupby("unit", sort=False)["target"].sum().astype(float)
    if finer:
        facts = {"count": int((labels[kept] != ALL_UNITS).sum()), "by": ", ".join(by)}
        notices.append(Problem("data.targets_summed", facts))
    return Targets(summed.rename("target").rename_axis("unit"), (*read.notices, *notices))


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


def _latest(
    read: TableRead, rows: Array, parts: Array, labels: Array
) -> tuple[Array, list[Problem], list[Problem]]:
    """The positions of the rows that count; the same target twice is a problem."""
    at = np.flatnonzero(np.array([label is not None for label in labels]))
    frame = read.frame.iloc[rows[at]]
    table = pd.DataFrame({"part": parts[at], "at": at})
    table["set_on"] = frame["set_on"].to_numpy() if "set_on" in frame.columns else pd.NaT
    table["version"] = texts(frame["version"]) if "version" in frame.columns else ""
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
