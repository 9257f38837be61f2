"""Counted lines → one row per unit and day, without holes."""

from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]


def regular_days(
    codes: Array, days: Array, values: Array, labels: tuple[str, ...], last: pd.Timestamp
) -> pd.DataFrame:
    """Sum ``values`` by unit and day: a day without a line is zero, from a unit's first line on.

    ``days`` are datetime64[D] up to ``last``. Returns unit, date, sales.

    >>> days = np.array(["2026-01-05", "2026-01-07"], dtype="datetime64[D]")
    >>> table = regular_days(np.array([0, 0]), days, np.array([5.0, 2.5]), ("mall",),
    ...                      pd.Timestamp("2026-01-08"))
    >>> list(table["sales"])
    [5.0, 0.0, 2.5, 0.0]
    """
    start = days.min()
    at = (days - start).astype(np.int64)
    length = int((np.datetime64(last, "D") - start).astype(np.int64)) + 1
    table = np.bincount(codes * length + at, values, len(labels) * length)
    first = np.full(len(labels), length)
    np.minimum.at(first, codes, at)
    alive = np.arange(length) >= first[:, None]
    unit, day = np.nonzero(alive)
    return pd.DataFrame(
        {
            "unit": np.array(labels, dtype=object)[unit],
            "date": pd.DatetimeIndex(start + day),
            "sales": table.reshape(len(labels), length)[unit, day].round(4) + 0.0,
        }
    )


def every_day(
    codes: Array,
    days: Array,
    values: Array,
    labels: tuple[str, ...],
    *,
    first: pd.Timestamp,
    last: pd.Timestamp,
) -> pd.DataFrame:
    """The same from ``first`` to ``last`` for every unit, whether it has lines there or not.

    >>> table = every_day(np.array([0]), np.array(["2026-01-06"], dtype="datetime64[D]"),
    ...                   np.array([5.0]), ("mall",), first=pd.Timestamp("2026-01-05"),
    ...                   last=pd.Timestamp("2026-01-07"))
    >>> list(table["sales"])
    [0.0, 5.0, 0.0]
    """
    dates = pd.date_range(first, last)
    at = (days - np.datetime64(first, "D")).astype(np.int64)
    table = np.bincount(codes * len(dates) + at, values, len(labels) * len(dates))
    return pd.DataFrame(
        {
            "unit": np.repeat(np.array(labels, dtype=object), len(dates)),
            "date": np.tile(dates, len(labels)),
            "sales": table.round(4) + 0.0,
        }
    )
