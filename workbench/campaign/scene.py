"""Where a campaign plays: its days, units and random numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.inputs import Drawn
from workbench.campaign.streams import Streams
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.base import Campaign

DAYS_AFTER = 91
MOST_DAYS = 3660


@dataclass(frozen=True, eq=False)
class Stage:
    """The days and units of a campaign.

    Attributes:
        dates: all days of the ledger, from the first of the campaign.
        n_active: days from start to end.
        open: (n_active,) 1.0 on days that are open, 0.0 on closed ones.
        units: names of the units.
        shares: (n_units,) their parts, which add up to one.
        notices: days that were left out.
    """

    dates: pd.DatetimeIndex
    n_active: int
    open: Floats
    units: tuple[str, ...]
    shares: Floats
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class Scene:
    """All that a simulator draws from."""

    stage: Stage
    drawn: Drawn
    streams: Streams
    n_paths: int

    def rng(self, name: str) -> np.random.Generator:
        """The random numbers of one quantity."""
        return self.streams.of(name)

    def input(self, name: str) -> Floats:
        """An input as a column (n_paths, 1)."""
        return self.drawn[name]

    @property
    def shape(self) -> tuple[int, int]:
        """(n_paths, n_units), the shape of one day."""
        return self.n_paths, len(self.stage.units)

    def zeros(self, n_days: int | None = None) -> Floats:
        """An empty quantity: (n_days, n_paths, n_units), by default for all days.

        Days that are never touched cost neither time nor memory.
        """
        return np.zeros((len(self.stage.dates) if n_days is None else n_days, *self.shape))


def read_stage(campaign: "Campaign", settling: int) -> tuple[Stage | None, list[Problem]]:
    """The days and units of a campaign, or None and what is wrong with them."""
    facts = {"campaign": campaign.name}
    days, problems = _read_days(campaign)
    units, shares, wrong = _read_units(campaign.name, campaign.units)
    problems += wrong
    closed = [_day(one) for one in campaign.closed]
    if None in closed:
        problems.append(Problem("campaign.bad_date", {**facts, "values": str(campaign.closed)}))
    if days is None or problems:
        return None, problems
    start, end, until = days
    n_active = (end - start).days + 1
    active = pd.date_range(start, end)
    is_open = ~active.isin([pd.Timestamp(one) for one in closed if one])
    if not is_open.any():
        return None, [Problem("campaign.all_closed", {**facts, "days": n_active})]
    last = max(until, end + pd.Timedelta(settling, "D")) if settling else until
    notices = []
    if not is_open.all():
        named = ", ".join(str(day.date()) for day in active[~is_open][:5])
        told = {**facts, "days": named, "count": int((~is_open).sum())}
        notices.append(Problem("campaign.closed_days", told))
    stage = Stage(
        dates=pd.date_range(start, last),
        n_active=n_active,
        open=is_open.astype(float),
        units=units,
        shares=shares,
        notices=tuple(notices),
    )
    return stage, []


def _read_days(
    campaign: "Campaign",
) -> tuple[tuple[date, date, date] | None, list[Problem]]:
    facts = {"campaign": campaign.name}
    start, end = _day(campaign.start), _day(campaign.end)
    until = None if campaign.until is None else _day(campaign.until)
    unread = [
        f"{name}: {value!r}"
        for name, value, day in (
            ("start", campaign.start, start),
            ("end", campaign.end, end),
            ("until", campaign.until, until if campaign.until is not None else start),
        )
        if day is None
    ]
    if start is None or end is None or unread:
        return None, [Problem("campaign.bad_date", {**facts, "values": ", ".join(unread)})]
    told = {**facts, "start": str(start), "end": str(end)}
    if end < start:
        return None, [Problem("campaign.end_before_start", told)]
    if until is not None and until < end:
        return None, [Problem("campaign.until_before_end", {**told, "until": str(until)})]
    last = end + pd.Timedelta(DAYS_AFTER, "D").to_pytimedelta() if until is None else until
    if (last - start).days >= MOST_DAYS:
        return None, [Problem("campaign.too_long", {**told, "days": (last - start).days})]
    return (start, end, last), []


def _read_units(campaign: str, given: Any) -> tuple[tuple[str, ...], Floats, list[Problem]]:
    if isinstance(given, Mapping):
        names, weights = [str(name) for name in given], list(given.values())
    elif isinstance(given, Sequence) and not isinstance(given, str):
        names, weights = [str(name) for name in given], [1.0] * len(given)
    else:
        names, weights = [str(given)], [1.0]
    shares = np.array(pd.to_numeric(pd.Series(weights, dtype=object), errors="coerce"), dtype=float)
    good = len(names) > 0 and len(set(names)) == len(names)
    good &= bool(np.isfinite(shares).all() and (shares >= 0).all() and shares.sum() > 0)
    if not good:
        return (), shares, [Problem("campaign.units", {"campaign": campaign, "value": repr(given)})]
    return tuple(names), shares / shares.sum(), []


def _day(value: object) -> date | None:
    """A date, or None where it cannot be read."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None
