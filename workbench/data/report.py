"""The data report: what was read, what counts, what was left out, and why."""

import hashlib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import Language, Problem


@dataclass(frozen=True)
class Entry:
    """One line of the report: ``rule`` (a key of ``report.yaml``), rows and money."""

    rule: str
    rows: int
    money: float


@dataclass(frozen=True)
class Fingerprint:
    """What identifies the data a result was made from; equal data, equal fingerprint."""

    rows: int
    last_day: str
    sha256: str


@dataclass(frozen=True, eq=False)
class DataReport:
    """What was read, kept and dropped; ``entries`` run from the lines read to the lines counted.

    ``units`` has one row per unit: first and last day with sales, days, days without sales, days
    not observed, total.
    """

    kind: str
    files: tuple[str, ...]
    encoding: str
    currency: str
    metric: str
    as_of: pd.Timestamp
    first_day: pd.Timestamp
    last_day: pd.Timestamp
    columns: MappingType[str, str]
    unmapped: tuple[str, ...]
    entries: tuple[Entry, ...]
    units: pd.DataFrame
    notices: tuple[Problem, ...]
    fingerprint: Fingerprint

    @property
    def dropped(self) -> MappingType[str, Entry]:
        """The entries of rows that do not count, by rule."""
        outside = ("read", "sale", "refund_line", "counted", "refunds")
        return {entry.rule: entry for entry in self.entries if entry.rule not in outside}

    def table(self, language: Language = "en") -> pd.DataFrame:
        """The entries in words: what, rows, money and the rule that was applied."""
        words = _words()
        heads = words["heads"]
        return pd.DataFrame(
            {
                heads["what"][language]: [words[e.rule][language][0] for e in self.entries],
                heads["rows"][language]: [e.rows for e in self.entries],
                heads["money"][language]: [e.money for e in self.entries],
                heads["rule"][language]: [words[e.rule][language][1] for e in self.entries],
            }
        )

    def saying(self, *notices: Problem) -> "DataReport":
        """The same report with further notices."""
        return replace(self, notices=(*self.notices, *notices))


@cache
def _words() -> MappingType[str, Any]:
    import yaml

    text = resources.files("workbench.data").joinpath("report.yaml").read_text("utf-8")
    found: MappingType[str, Any] = yaml.safe_load(text)
    return found


def fingerprint(frame: pd.DataFrame, *others: pd.DataFrame | None) -> Fingerprint:
    """Rows, last day and a hash of the content: same numbers, same hash, whatever the file format.

    >>> frame = pd.DataFrame({"unit": ["a"], "date": [pd.Timestamp("2026-01-05")], "sales": [1.5]})
    >>> fingerprint(frame) == fingerprint(frame.copy())
    True
    """
    digest = hashlib.sha256()
    for table in (frame, *others):
        if table is None:
            continue
        for name in sorted(table.columns):
            digest.update(name.encode())
            digest.update(_bytes(table[name]))
    last = frame["date"].max()
    return Fingerprint(len(frame), f"{last:%Y-%m-%d}" if len(frame) else "", digest.hexdigest())


def _bytes(column: pd.Series) -> bytes:
    if pd.api.types.is_datetime64_dtype(column):
        return column.to_numpy().astype("datetime64[D]").astype("<i8").tobytes()
    if pd.api.types.is_numeric_dtype(column):
        return np.ascontiguousarray(column.to_numpy(dtype="<f8")).tobytes()
    codes, words = pd.factorize(column)
    return codes.astype("<i8").tobytes() + "\0".join(str(word) for word in words).encode()
