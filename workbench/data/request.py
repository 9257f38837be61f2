"""What is asked of a sales source, and what both kinds of source give back."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping
from workbench.data.report import Entry
from workbench.data.tables import TableRead
from workbench.data.units import BLANK, Units
from workbench.errors import Problem

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Request:
    """The options of ``load_sales``, read and checked; ``as_of`` is None where it is not given."""

    mapping: Mapping
    by: tuple[str, ...]
    metric: str
    as_of: pd.Timestamp | None
    where: MappingType[str, tuple[str, ...]]
    known: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """Sales up to ``as_of``, what is known after it, what happened after it, and what to say.

    ``units`` gives every row of ``read`` its unit, -1 for rows of units without sales yet.
    """

    read: TableRead
    units: Units
    frame: pd.DataFrame
    known: pd.DataFrame | None
    later: pd.DataFrame | None
    as_of: pd.Timestamp
    last: pd.Timestamp
    entries: tuple[Entry, ...]
    notices: tuple[Problem, ...]


def present(units: Units, rows: Array) -> Units:
    """The units that the chosen rows hold, in the same order; other rows get the code -1."""
    used = np.unique(units.codes[rows])
    place = np.full(len(units.keys), -1)
    place[used] = np.arange(len(used))
    return Units(place[units.codes], units.keys.iloc[used], units.blank)


def unit_notices(units: Units, rows: Array, money: Array, by: tuple[str, ...]) -> list[Problem]:
    """What to say about rows without a key."""
    blank = np.flatnonzero(rows & units.blank)
    if not len(blank):
        return []
    facts = {
        "columns": ", ".join(by),
        "count": len(blank),
        "money": f"{np.nansum(money[blank]):,.2f}",
        "label": BLANK,
    }
    return [Problem("data.blank_keys", facts)]


def after_notice(
    read: TableRead, rows: Array, last: pd.Timestamp, as_of: pd.Timestamp
) -> list[Problem]:
    """What to say where the data go on after the last known day."""
    after = np.flatnonzero(rows)
    if not len(after):
        return []
    facts = {
        "as_of": f"{as_of:%Y-%m-%d}",
        "last": f"{last:%Y-%m-%d}",
        "count": len(after),
        "rows": read.place.text([int(at) for at in after[:6]]),
    }
    return [Problem("data.after_as_of", facts)]


def short_notice(code: str, last: pd.Timestamp, as_of: pd.Timestamp) -> list[Problem]:
    """What to say where the data end before the last known day."""
    if last >= as_of:
        return []
    facts = {"as_of": f"{as_of:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    return [Problem(code, {**facts, "days": (as_of - last).days})]
