"""From statistics to events: what left its band, fell behind its siblings, or fell silent."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.target.alerts_monitor import Monitor
from workbench.target.alerts_silence import NEVER, silent_rows
from workbench.target.alerts_surprise import WINDOWS, Surprise, others, surprises
from workbench.target.alerts_threshold import SHORTEST_BREAK, Event, events
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.target.tracking import Tracking

Floats = NDArray[np.float64]
BANDS = ("day", "week", "month")
ALIKE = 0.5
"""Units fall together when the middle of the others fell at least this part of a unit's fall."""
MOST_OF_IT = 0.6


@dataclass(frozen=True)
class Found:
    """An event and the numbers behind it.

    ``facts`` of a band: window, first, actual, expected, deviation (relative); of a sibling also
    siblings (their deviation); of silence: rows, usual (longest), last_sale; of a probability:
    before, now, level, actual, expected, deviation. ``origin`` is market, unit or empty.
    """

    kind: Literal["probability", "band", "sibling", "silence"]
    unit: str
    row: int
    end: int
    date: dt.date
    direction: Literal["down", "up"]
    open: bool
    facts: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True)
class Events:
    """``told`` become alerts; ``running`` totals out of their band are for the probability."""

    told: tuple[Found, ...]
    running: tuple[Found, ...]


def find_events(tracking: "Tracking", monitor: Monitor) -> Events:
    """Every event of the period to date; each depends on nothing that came after it began.

    A day, week or four weeks outside the band and a unit behind its siblings are one event where
    they overlap; a unit that fell silent is told as that alone.
    """
    frequency = tracking.panel.frequency
    actual = np.asarray(tracking.actual[list(tracking.panel.units)], dtype=float)
    seen = surprises(actual, monitor.expected, frequency)
    by_name: dict[str, list[Found]] = {}
    for (name, sign), threshold in monitor.thresholds.items():
        if name not in seen:
            continue
        z = sign * monitor.scales[name].standardise(seen[name])
        for at, unit in enumerate(monitor.units):
            for event in events(z[:, at], threshold):
                one = _found(name, unit, at, sign, event, actual, seen, monitor, frequency)
                by_name.setdefault(name, []).append(one)
    silent = _silences(tracking, monitor)
    strayed = [one for name in (*BANDS, "sibling") for one in by_name.get(name, [])]
    running = [one for one in by_name.get("cumulative", []) if not _covered(one, silent)]
    told = [one for one in _merged(strayed) if not _covered(one, silent)]
    return Events((*silent, *told), tuple(running))


def _found(
    name: str,
    unit: str,
    at: int,
    sign: int,
    event: Event,
    actual: Floats,
    seen: Mapping[str, Surprise],
    monitor: Monitor,
    frequency: str,
) -> Found:
    """The event as it stood on its first row, so that its numbers never change."""
    row, one = event.start, seen[name]
    rows = one.rows or row + 1
    first = max(row - rows + 1, 0)
    column = slice(None) if unit == ALL_UNITS else slice(at - 1, at)
    column = column if len(monitor.units) > 1 else slice(None)
    sold = float(np.nansum(actual[first : row + 1, column]))
    basis = seen[_window_of(one.rows, frequency)] if name == "sibling" else one
    deviation = (1 + float(basis.values[row, at]) / 2) ** 2 - 1
    facts: dict[str, object] = {
        "window": "total" if name == "cumulative" else _window_of(one.rows, frequency),
        "first": monitor.dates[first].date(),
        "actual": sold,
        "expected": sold / (1 + deviation) if deviation > -1 else _due(monitor, first, row, column),
        "deviation": deviation,
    }
    if name == "sibling":
        lack = float(one.values[row, at])
        facts["behind"] = (1 + lack / 2) ** 2 - 1
    kinds: dict[str, Literal["band", "sibling", "probability"]]
    kinds = {"sibling": "sibling", "cumulative": "probability"}
    return Found(
        kind=kinds.get(name, "band"),
        unit=unit,
        row=row,
        end=event.end,
        date=monitor.dates[row].date(),
        direction="down" if sign < 0 else "up",
        open=event.open,
        facts=facts,
        origin=_origin(basis.values[row], at, len(monitor.units)),
    )


def _window_of(rows: int, frequency: str) -> str:
    return next((name for name, size in WINDOWS[frequency].items() if size == rows), "week")


def _due(monitor: Monitor, first: int, row: int, column: slice) -> float:
    return float(np.nansum(monitor.expected[first : row + 1, column]))


def _origin(values: Floats, at: int, n_columns: int) -> str:
    """Whether others moved alike (market) or the unit moved alone (unit)."""
    if n_columns < 3 or not np.isfinite(values[at]):
        return ""
    if at == 0:
        share = values[1:] / values[0]
        alike = float(np.nanmedian(share)) >= ALIKE if np.isfinite(share).any() else True
        return "market" if alike else "unit"
    rest = np.delete(values, [0, at])
    middle = others(values[None, :])[0, at] if len(rest) > 1 else float(rest[0])
    return "market" if np.isfinite(middle) and middle / values[at] >= ALIKE else "unit"


def _merged(found: Iterable[Found]) -> list[Found]:
    """Events of one unit and direction that overlap are told once, as the first of them."""
    kept: list[Found] = []
    last: dict[tuple[str, str], int] = {}
    order = {"band": 0, "sibling": 1}
    for one in sorted(found, key=lambda e: (e.row, order[e.kind], e.unit)):
        who = (one.unit, one.direction)
        at = last.get(who)
        if at is not None and one.row <= kept[at].end + SHORTEST_BREAK:
            before = kept[at]
            kept[at] = _longer(before, one)
            continue
        last[who] = len(kept)
        kept.append(one)
    return kept


def _longer(first: Found, second: Found) -> Found:
    return replace(first, end=max(first.end, second.end), open=first.open or second.open)


def _covered(one: Found, silent: Iterable[Found]) -> bool:
    """Whether a fall is nothing but the silence of the same unit, or of all."""
    return one.direction == "down" and any(
        quiet.unit in (one.unit, ALL_UNITS)
        and quiet.row - SHORTEST_BREAK <= one.row <= quiet.end + SHORTEST_BREAK
        for quiet in silent
    )


def _silences(tracking: "Tracking", monitor: Monitor) -> list[Found]:
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
