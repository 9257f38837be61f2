"""Each event once: what overlaps is one event, and silence is no fall."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.target.alerts_found import Found, scene_of, strayed
from workbench.target.alerts_funnel import STAGES, Funnel
from workbench.target.alerts_monitor import Monitor
from workbench.target.alerts_silence import NEVER, silent_rows
from workbench.target.alerts_threshold import SHORTEST_BREAK
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.target.tracking import Tracking

Floats = NDArray[np.float64]
ORDER = {"funnel": 0, "band": 1, "sibling": 2}
"""Of events that begin on one row: what says more comes first."""


@dataclass(frozen=True)
class Events:
    """``told`` become alerts; ``running`` totals out of their band are for the probability."""

    told: tuple[Found, ...]
    running: tuple[Found, ...]


def find_events(tracking: "Tracking", monitor: Monitor, funnel: Funnel | None = None) -> Events:
    """Every event of the period to date; each depends on nothing that came after it began.

    Sales outside their band, a unit behind its siblings, and fewer visitors, orders per visitor or
    sales per order are one event where they overlap; a unit that fell silent is told as that alone.
    """
    found = strayed(scene_of(tracking, monitor, funnel), monitor)
    silent = silences(tracking, monitor)
    alike = [one for name in ("band", "sibling", *STAGES) for one in found.get(name, [])]
    running = [one for one in found.get("cumulative", []) if not _covered(one, silent)]
    told = [one for one in _merged(alike) if not _covered(one, silent)]
    return Events((*silent, *_once(told)), tuple(running))


def _merged(found: Iterable[Found]) -> list[Found]:
    """Events of one unit and direction that overlap are told once, as the first of them."""
    kept: list[Found] = []
    last: dict[tuple[str, str], int] = {}
    for one in sorted(found, key=lambda e: (e.row, ORDER[e.kind], e.unit)):
        who = (one.unit, one.direction)
        at = last.get(who)
        if at is not None and one.row <= kept[at].end + SHORTEST_BREAK:
            before = kept[at]
            kept[at] = replace(before, end=max(before.end, one.end), open=before.open or one.open)
            continue
        last[who] = len(kept)
        kept.append(one)
    return kept


def _once(found: list[Found]) -> list[Found]:
    """A move of all units is not told again of each, nor one unit's move of their sum."""
    return [one for one in found if not any(_explains(other, one) for other in found)]


def _explains(other: Found, one: Found) -> bool:
    if other.direction != one.direction or not other.row <= one.row <= other.end:
        return False
    if one.unit == ALL_UNITS:
        return other.unit != ALL_UNITS and one.origin == "unit" and other.origin == "unit"
    return other.unit == ALL_UNITS and one.origin == "market"


def _covered(one: Found, silent: Iterable[Found]) -> bool:
    """Whether a fall is nothing but the silence of the same unit, or of all."""
    return one.direction == "down" and any(
        quiet.unit in (one.unit, ALL_UNITS)
        and quiet.row - SHORTEST_BREAK <= one.row <= quiet.end + SHORTEST_BREAK
        for quiet in silent
    )


def silences(tracking: "Tracking", monitor: Monitor) -> list[Found]:
    """Units without a sale for longer than they ever go; all of them at once are one event."""
    panel = tracking.panel
    inside = panel.dates.isin(monitor.dates)
    doors = panel.open[: len(panel.dates)]
    quiet = silent_rows(panel.sales, doors)[inside]
    runs = silent_rows(panel.sales, doors, missing=True)[inside]
    late = (quiet >= monitor.silence[None, :]) | (runs >= monitor.missing[None, :])
    watched = monitor.silence < NEVER
    every = np.asarray(late[:, watched].all(axis=1) & watched.any())
    found = []
    if len(panel.units) > 1:
        longest = monitor.silence[watched].max(initial=0.0)
        found += _quiet_runs(every, ALL_UNITS, runs.min(axis=1), longest, monitor)
    for at, unit in enumerate(panel.units):
        own = _quiet_runs(late[:, at], unit, runs[:, at], monitor.silence[at], monitor)
        whole = [one for one in found if one.unit == ALL_UNITS]
        found += [one for one in own if not any(_overlap(one, other) for other in whole)]
    return found


def _overlap(one: Found, other: Found) -> bool:
    return one.row <= other.end and other.row <= one.end


def _quiet_runs(
    late: NDArray[np.bool_], unit: str, runs: Floats, usual: float, monitor: Monitor
) -> list[Found]:
    edges = np.flatnonzero(np.diff(np.r_[False, late, False].astype(np.int8)))
    found = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        rows = int(runs[start])
        facts = {"rows": rows, "usual": int(usual) - 1, "first": _back(monitor, int(start), rows)}
        found.append(
            Found(
                kind="silence",
                unit=unit,
                row=int(start),
                end=int(stop) - 1,
                date=monitor.dates[start].date(),
                direction="down",
                open=bool(stop == len(late)),
                facts=facts,
                origin="no_data",
            )
        )
    return found


def _back(monitor: Monitor, row: int, rows: int) -> dt.date:
    """About the first silent day (closed days are not counted)."""
    step = monitor.dates[1] - monitor.dates[0] if len(monitor.dates) > 1 else pd.Timedelta(days=1)
    return (monitor.dates[row] - (rows - 1) * step).date()
