"""Known-ahead columns: numbers as they are, words as one 0/1 column each."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import DataError, Problem
from workbench.panel.panel import Floats

RESERVED = ("unit", "date", "sales", "open")
MOST_CATEGORIES = 30

Place = Callable[[pd.DataFrame, str], Any]


def known_columns(
    frame: pd.DataFrame,
    known: pd.DataFrame | None,
    place: Place,
    dates: pd.DatetimeIndex,
    ahead: pd.DatetimeIndex,
) -> tuple[dict[str, Floats], Floats, list[Problem]]:
    """Every known-ahead column as (dates + ahead, units), and ``open``, gaps filled and said.

    Raises:
        DataError: a column of words with more than 30 different ones, or with infinite numbers.
    """
    frame, known, notices = _indicators(frame, known)
    later = None if known is None or not len(ahead) else known
    columns: dict[str, Floats] = {}
    for name in [c for c in frame.columns if c not in RESERVED]:
        columns[name] = _filled(_placed(frame, later, place, name), len(dates))
        if later is not None and name not in later.columns:
            notices.append(Problem("panel.known_not_ahead", {"column": name}))
    _refuse_infinite(columns)
    if "open" not in frame.columns:
        given = np.ones((len(dates) + len(ahead), len(place(frame, "sales").T)))
        if later is not None and "open" in later.columns:
            ahead_open = place(later, "open")[len(dates) :]
            given[len(dates) :] = np.where(np.isfinite(ahead_open), ahead_open, 1.0)
        return columns, given, notices
    open_ = _filled(_placed(frame, later, place, "open"), len(dates))
    return columns, np.maximum(open_, 0.0), notices


def _placed(frame: pd.DataFrame, known: pd.DataFrame | None, place: Place, name: str) -> Floats:
    values: Floats = place(frame, name)
    if known is not None and name in known.columns:
        later = place(known, name)
        values = np.where(np.isfinite(later), later, values)
    return values


def _filled(values: Floats, n_dates: int) -> Floats:
    """Gaps take the value of the same row in other units (a chain-wide plan), else the typical one.

    Typical is the mean over the same weekday position of the last year: the columns are regular,
    so rows seven apart share a weekday in a daily panel and nothing in particular in others.
    """
    if np.isfinite(values).all():
        return values
    counts = np.isfinite(values).sum(axis=1, keepdims=True)
    shared = np.divide(
        np.nansum(values, axis=1, keepdims=True), counts, where=counts > 0, out=np.full_like(counts, np.nan, dtype=float)
    )
    out = np.where(np.isfinite(values), values, shared)
    recent = out[max(0, n_dates - 364) : n_dates]
    for phase in range(7):
        rows = np.arange(len(out)) % 7 == phase
        typical = recent[np.arange(max(0, n_dates - 364), n_dates) % 7 == phase]
        mean = float(np.nanmean(typical)) if np.isfinite(typical).any() else 0.0
        out[rows] = np.where(np.isfinite(out[rows]), out[rows], mean)
    return np.asarray(out, dtype=float)


def _indicators(
    frame: pd.DataFrame, known: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Problem]]:
    """Columns of words become one 0/1 column per word; the commonest word is the zero of all."""
    notices: list[Problem] = []
    problems: list[Problem] = []
    for name in [c for c in frame.columns if c not in ("unit", "date", "sales")]:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
            frame = frame.assign(**{name: pd.to_numeric(column).astype(float)})
            if known is not None and name in known.columns:
                known = known.assign(**{name: pd.to_numeric(known[name]).astype(float)})
            continue
        words = column.astype(str).where(column.notna(), "")
        kinds = list(words.value_counts().index)
        if len(kinds) > MOST_CATEGORIES:
            shown = ", ".join(kinds[:3])
            problems.append(
                Problem("panel.too_many_words", {"column": name, "count": len(kinds), "values": shown})
            )
            continue
        frame = frame.drop(columns=name).assign(
            **{f"{name}={kind}": (words == kind).astype(float) for kind in kinds[1:]}
        )
        if known is not None and name in known.columns:
            later = known[name].astype(str).where(known[name].notna(), "")
            unseen = sorted(set(later) - set(kinds))
            if unseen:
                facts = {"column": name, "values": ", ".join(unseen[:3]), "usual": kinds[0]}
                notices.append(Problem("panel.unseen_words", facts))
            known = known.drop(columns=name).assign(
                **{f"{name}={kind}": (later == kind).astype(float) for kind in kinds[1:]}
            )
    if problems:
        raise DataError(*problems)
    return frame, known, notices


def _refuse_infinite(columns: dict[str, Floats]) -> None:
    bad = [name for name, values in columns.items() if not np.isfinite(values).all()]
    if bad:
        raise DataError(Problem("panel.known_infinite", {"columns": ", ".join(bad)}))
