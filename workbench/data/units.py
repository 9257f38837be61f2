"""Rows → units: which unit each row belongs to, by the columns that name it."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.data.near import nearest
from workbench.data.tables import TableRead
from workbench.errors import DataError, Problem

Array = np.ndarray[Any, np.dtype[Any]]

TOTAL = "total"
"""The label of the only unit when nothing splits the sales."""
BLANK = "–"
"""What stands for a blank in a unit's label; the same in every language."""
SEPARATOR = " / "
NOT_KEYS = ("order_id", "line_id", "status", "refund_state", "currency")
"""Columns of words that no one would split sales by."""


@dataclass(frozen=True, eq=False)
class Units:
    """``codes`` gives each row its unit; ``keys`` has one row per unit, one column per key."""

    codes: Array
    keys: pd.DataFrame
    blank: Array

    @property
    def labels(self) -> tuple[str, ...]:
        """The units' names, in the order of their first row."""
        return tuple(str(label) for label in self.keys.index)


def resolve(read: TableRead, names: Sequence[str], *, code: str = "data.by_unknown") -> list[str]:
    """The columns a person means by ``names``, schema or source names.

    Raises:
        DataError: a name that is not there, with the nearest one that is.
    """
    columns = [name for name in read.frame.columns if not name.startswith("?")]
    known = [*columns, *read.matched.columns.values()]
    problems = []
    for name in names:
        if not read.column(name):
            able = [
                column
                for column in columns
                if column not in NOT_KEYS
                and isinstance(read.frame[column].dtype, pd.CategoricalDtype)
            ]
            facts = {
                "column": name,
                "near": nearest(name, [*known, *read.matched.unmapped]) or "–",
                "known": ", ".join(dict.fromkeys([*able, *read.matched.unmapped])) or "–",
            }
            problems.append(Problem(code, facts))
    if problems:
        raise DataError(*problems)
    return [read.column(name) for name in names]


def unit_codes(read: TableRead, by: Sequence[str]) -> Units:
    """Give each row its unit; ``by`` empty makes one unit of everything.

    Raises:
        DataError: an unknown column, or two units whose labels would be the same.
    """
    frame = read.frame
    if not by:
        keys = pd.DataFrame(index=pd.Index([TOTAL], name="unit"))
        return Units(np.zeros(len(frame), dtype=np.int64), keys, np.zeros(len(frame), dtype=bool))
    columns = resolve(read, by)
    code = np.zeros(len(frame), dtype=np.int64)
    blank = np.zeros(len(frame), dtype=bool)
    words = []
    for column in columns:
        series = _as_text(frame[column])
        part = series.cat.codes.to_numpy().astype(np.int64)
        blank |= part < 0
        code = code * (len(series.cat.categories) + 1) + part + 1
        words.append(np.array([BLANK, *series.cat.categories], dtype=object))
    combined, first, codes = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    parts: dict[str, Array] = {}
    left = combined[order]
    for name, known in reversed(list(zip(by, words, strict=True))):
        parts[name] = known[left % len(known)]
        left = left // len(known)
    keys = pd.DataFrame({name: parts[name] for name in by})
    labels = [SEPARATOR.join(row) for row in keys.itertuples(index=False)]
    twice = sorted({label for label in labels if labels.count(label) > 1}) if _clash(labels) else []
    if twice:
        facts = {"labels": ", ".join(twice[:3]), "columns": ", ".join(by)}
        raise DataError(Problem("data.unit_clash", facts))
    return Units(rank[codes], keys.set_axis(pd.Index(labels, name="unit")), blank)


def _clash(labels: list[str]) -> bool:
    return len(set(labels)) < len(labels)


def _as_text(series: pd.Series) -> pd.Series:
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series
    return series.map(lambda value: f"{value:g}", na_action="ignore").astype("category")


def parse_where(where: str | MappingType[str, Sequence[str] | str]) -> dict[str, tuple[str, ...]]:
    """A row filter as column → words; text is written ``column=a, b; other=c``.

    Raises:
        DataError: text without an equals sign.

    >>> parse_where("country=UK, France; kind = sale")
    {'country': ('UK', 'France'), 'kind': ('sale',)}
    """
    if not isinstance(where, str):
        return {
            str(name): (words,) if isinstance(words, str) else tuple(str(word) for word in words)
            for name, words in where.items()
        }
    clauses = [clause for clause in where.split(";") if clause.strip()]
    if any("=" not in clause for clause in clauses):
        raise DataError(Problem("data.where_unreadable", {"text": where}))
    pairs = (clause.split("=", 1) for clause in clauses)
    return {
        name.strip(): tuple(word.strip() for word in words.split(",") if word.strip())
        for name, words in pairs
    }


def keep_where(read: TableRead, where: MappingType[str, tuple[str, ...]]) -> TableRead:
    """Only the rows whose columns hold one of the words.

    Raises:
        DataError: an unknown column, or a word that no row holds.
    """
    if not where:
        return read
    kept = np.ones(len(read.frame), dtype=bool)
    problems = []
    for name, column in zip(
        where, resolve(read, list(where), code="data.where_column"), strict=True
    ):
        series = _as_text(read.frame[column])
        known = [str(word) for word in series.cat.categories]
        for word in where[name]:
            if word not in known:
                facts = {"column": name, "word": word, "near": nearest(word, known) or "–"}
                facts["known"] = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
                problems.append(Problem("data.where_word", facts))
        kept &= np.isin(series.astype(object).to_numpy().astype(str), where[name])
    if problems:
        raise DataError(*problems)
    frame = read.frame[kept].reset_index(drop=True)
    return replace(read, frame=frame, place=replace(read.place, kept=np.flatnonzero(kept)))
