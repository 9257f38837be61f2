"""Known-ahead columns: numbers as they are, words as one 0/1 column each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.panel.panel import Floats
from workbench.panel.rows import Rows
from workbench.panel.shown import some

Codes = NDArray[np.intp]
MOST_WORDS = 30


@dataclass(frozen=True, eq=False)
class Coded:
    """One column of the tables as numbers.

    Attributes:
        past: values of the rows of sales, by name; a column of words becomes several.
        later: values of the rows of plans under the same names; empty where none are given.
    """

    past: Mapping[str, Floats]
    later: Mapping[str, Floats]
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


def code_columns(rows: Rows, plans: Rows | None) -> dict[str, Coded]:
    """Every known-ahead column as numbers, ``open`` among them."""
    planned = pd.DataFrame() if plans is None else plans.columns
    names = [str(c) for c in [*rows.columns.columns, *planned.columns] if c != "sales"]
    return {
        name: _coded(name, rows.columns.get(name), planned.get(name))
        for name in dict.fromkeys(names)
    }


def _coded(name: str, past: "pd.Series[Any] | None", later: "pd.Series[Any] | None") -> Coded:
    if past is None or past.isna().all():
        return _only_ahead(name, later)
    numbers = _numbers(past)
    if numbers is None:
        return _words(name, past, later)
    if later is None or later.isna().all():
        return _checked(name, numbers, None)
    planned = _numbers(later)
    if planned is None:
        facts = {"column": name, "values": some(_not_numbers(later))}
        return Coded({}, {}, (Problem("panel.known_text", facts),))
    return _checked(name, numbers, planned)


def _only_ahead(name: str, later: "pd.Series[Any] | None") -> Coded:
    """Nothing can be learnt from a column without a history; ``open`` needs none."""
    planned = None if later is None or later.isna().all() else _numbers(later)
    if name == "open" and planned is not None:
        return _checked(name, np.array([]), planned)
    return Coded({}, {}, (), (Problem("panel.known_without_history", {"column": name}),))


def _numbers(column: "pd.Series[Any]") -> Floats | None:
    """The column as floats, NaN where blank; None if it holds words."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    codes, found = pd.factorize(column)
    values = pd.to_numeric(pd.Series(list(found), dtype=object), errors="coerce")
    if values.isna().any():
        return None
    return np.append(values.to_numpy(dtype=float), np.nan)[codes]


def _not_numbers(column: "pd.Series[Any]") -> list[object]:
    found = pd.Series(list(pd.unique(column.dropna())), dtype=object)
    return list(found[pd.to_numeric(found, errors="coerce").isna()])


def _checked(name: str, past: Floats, later: Floats | None) -> Coded:
    """Numbers within bounds; blanks of a 0/1 column mean 0, other blanks stay open."""
    values = past if later is None else np.concatenate([past, later])
    blank = np.isnan(values)
    problems = []
    if np.isinf(values).any():
        problems.append(Problem("panel.known_infinite", {"column": name}))
    if name == "open" and (values < 0).any():
        facts = {"count": f"{int((values < 0).sum()):,}", "values": some(values[values < 0])}
        problems.append(Problem("panel.open_negative", facts))
    notices = []
    if blank.any():
        flag = name != "open" and bool(np.isin(values[~blank], (0.0, 1.0)).all())
        values = np.where(blank, 0.0, values) if flag else values
        code = "panel.known_blank_zero" if flag else "panel.known_blank_usual"
        facts = {
            "column": name,
            "count": f"{int(blank.sum()):,}",
            "total": f"{len(blank):,}",
        }
        notices.append(Problem(code, facts))
    planned = {} if later is None else {name: values[len(past) :]}
    learnt = {name: values[: len(past)]} if len(past) else {}
    return Coded(learnt, planned, tuple(problems), tuple(notices))


def _words(name: str, past: "pd.Series[Any]", later: "pd.Series[Any] | None") -> Coded:
    """One 0/1 column per word; the commonest word is the zero of all."""
    if name == "open":
        return Coded({}, {}, (Problem("panel.open_words", {"values": some(_not_numbers(past))}),))
    codes, found = _spelled(past)
    counts = np.bincount(codes, minlength=len(found))
    kinds = [found[at] for at in sorted(range(len(found)), key=lambda at: (-counts[at], found[at]))]
    if len(kinds) > MOST_WORDS:
        facts = {"column": name, "count": f"{len(kinds):,}", "values": some(kinds)}
        return Coded({}, {}, (Problem("panel.too_many_words", facts),))
    learnt = _indicators(name, kinds[1:], codes, found)
    if later is None or later.isna().all():
        return Coded(learnt, {})
    later_codes, later_found = _spelled(later)
    planned = _indicators(name, kinds[1:], later_codes, later_found)
    unseen = sorted(set(later_found) - set(found))
    facts = {"column": name, "values": some(unseen), "usual": kinds[0]}
    return Coded(learnt, planned, (), (Problem("panel.unseen_words", facts),) if unseen else ())


def _spelled(column: "pd.Series[Any]") -> tuple[Codes, list[str]]:
    """Position of each row's word, and the words; a blank is the empty word."""
    codes, found = pd.factorize(column)
    words = [str(word) for word in found]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(words), codes)
        words.append("")
    merged, unique = pd.factorize(np.array(words, dtype=object))
    return merged[codes], [str(word) for word in unique]


def _indicators(name: str, kinds: list[str], codes: Codes, words: list[str]) -> dict[str, Floats]:
    return {
        f"{name}={kind}": np.array([word == kind for word in words], dtype=float)[codes]
        for kind in kinds
    }
