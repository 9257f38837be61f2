"""From statistics to events: what left its band, fell behind its siblings, or fell silent."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.target.alerts_funnel import STAGES, Funnel, funnel_surprises, stages
from workbench.target.alerts_monitor import Monitor
from workbench.target.alerts_scale import farthest
from workbench.target.alerts_surprise import Surprise, others, surprises
from workbench.target.alerts_threshold import Event, events
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.target.tracking import Tracking

Floats = NDArray[np.float64]
Kind = Literal["probability", "band", "sibling", "silence", "funnel"]
WINDOW_NAMES: Mapping[str, Mapping[int, str]] = {
    "D": {1: "day", 7: "week", 28: "month"},
    "W": {1: "week", 4: "month"},
    "M": {1: "month"},
}
"""Frequency → rows of a window → its name; others are so many days or weeks."""
OTHER_NAMES = {"D": "days", "W": "weeks", "M": "months"}
KINDS: Mapping[str, Kind] = {"sibling": "sibling", "cumulative": "probability", "band": "band"}
ALIKE = 0.5
"""Units fall together when the middle of the others fell at least this part of a unit's fall."""


@dataclass(frozen=True)
class Found:
    """An event and the numbers behind it.

    ``facts`` of a band: window, length (rows), first, actual, expected, deviation (relative); of a
    sibling also behind; of a funnel also stage, and amounts of that stage; of silence: rows, usual
    (longest); of a probability: before, now, level, actual, expected, deviation. Where visitors
    and orders are known, traffic, conversion and basket are their deviations in the same window.
    ``origin`` is market, unit or empty.
    """

    kind: Kind
    unit: str
    row: int
    end: int
    date: dt.date
    direction: Literal["down", "up"]
    open: bool
    facts: Mapping[str, object] = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """A period to date as it is watched.

    Attributes:
        actual: (rows, units) sales.
        seen: name of a watch → its statistic over each window.
        stages: traffic, conversion, basket → amounts and what was expected of them.
        frequency: D, W or M.
    """

    actual: Floats
    seen: Mapping[str, tuple[Surprise, ...]]
    stages: Mapping[str, tuple[Floats, Floats]]
    frequency: str


def scene_of(tracking: "Tracking", monitor: Monitor, funnel: Funnel | None = None) -> Scene:
    """The statistics of the period to date."""
    panel = tracking.panel
    actual = np.asarray(tracking.actual[list(panel.units)], dtype=float)
    seen = surprises(actual, monitor.expected, panel.frequency)
    if funnel is None:
        return Scene(actual, seen, {}, panel.frequency)
    first = int((panel.dates < monitor.dates[0]).sum())
    seen |= funnel_surprises(funnel, panel, first, monitor.expected)
    known = stages(funnel, panel, first, monitor.expected)
    return Scene(actual, seen, known, panel.frequency)


def strayed(scene: Scene, monitor: Monitor) -> dict[str, list[Found]]:
    """The events of each watch; each depends on nothing that came after it began."""
    found: dict[str, list[Found]] = {}
    for (name, sign), threshold in monitor.thresholds.items():
        if name not in scene.seen or not len(scene.actual):
            continue
        z = farthest(monitor.scales[name], scene.seen[name], sign)
        for at in np.flatnonzero((z >= threshold).any(axis=0)):
            for event in events(z[:, at], threshold):
                one = _found(name, int(at), sign, event, scene, monitor)
                found.setdefault(name, []).append(one)
    return found


def _found(name: str, at: int, sign: int, event: Event, scene: Scene, monitor: Monitor) -> Found:
    """The event as it stood on its first row, so that its numbers never change."""
    row = event.start
    window = _window(name, at, sign, row, scene, monitor)
    one = scene.seen[name][window]
    rows = one.rows or row + 1
    first = max(row - rows + 1, 0)
    facts: dict[str, object] = {
        "window": _window_name(row - first + 1 if one.rows else 0, scene.frequency),
        "length": row - first + 1,
        "first": monitor.dates[first].date(),
    }
    basis = scene.seen["band"][window] if name == "sibling" else one
    deviation = _relative(basis, row, at)
    span, column = slice(first, row + 1), _column(at, monitor)
    if name in STAGES:
        facts |= {"stage": name, **_stage_amounts(name, span, column, deviation, scene)}
    else:
        sold = float(np.nansum(scene.actual[span, column]))
        due = float(np.nansum(monitor.expected[span, column]))
        expected = sold / (1 + deviation) if deviation > -1 else due
        facts |= {"actual": sold, "expected": expected, "deviation": deviation}
    if name == "sibling":
        facts["behind"] = _relative(one, row, at)
    if one.rows:
        facts |= _parts(window, row, at, scene)
    return Found(
        kind=KINDS.get(name, "funnel"),
        unit=monitor.units[at],
        row=row,
        end=event.end,
        date=monitor.dates[row].date(),
        direction="down" if sign < 0 else "up",
        open=event.open,
        facts=facts,
        origin=_origin(basis.values[row], at, len(monitor.units)),
    )


def _window(name: str, at: int, sign: int, row: int, scene: Scene, monitor: Monitor) -> int:
    """Which of the windows strayed furthest on that row."""
    pairs = zip(monitor.scales[name], scene.seen[name], strict=True)
    far = [sign * scale.standardise(one)[row, at] for scale, one in pairs]
    return int(np.nanargmax(far))


def _window_name(rows: int, frequency: str) -> str:
    if not rows:
        return "total"
    return WINDOW_NAMES[frequency].get(rows, OTHER_NAMES[frequency])


def _relative(one: Surprise, row: int, at: int) -> float:
    return float((1 + one.values[row, at] / 2) ** 2 - 1)


def _column(at: int, monitor: Monitor) -> slice:
    """The columns of the units alone that a column of the statistics stands for."""
    if monitor.units[at] == ALL_UNITS or len(monitor.units) == 1:
        return slice(None)
    return slice(at - 1, at)


def _stage_amounts(
    name: str, span: slice, column: slice, deviation: float, scene: Scene
) -> dict[str, object]:
    """Visitors; orders per visitor; sales per order: in the window, and as they usually are."""
    done = float(np.nansum(scene.stages[name][0][span, column]))
    if name != "traffic":
        before = STAGES[STAGES.index(name) - 1]
        below = float(np.nansum(scene.stages[before][0][span, column]))
        done = done / below if below > 0 else 0.0
    expected = done / (1 + deviation) if deviation > -1 else 0.0
    return {"actual": done, "expected": expected, "deviation": deviation}


def _parts(window: int, row: int, at: int, scene: Scene) -> dict[str, object]:
    """How far traffic, conversion and basket strayed in the same window."""
    known = {name: scene.seen[name][window] for name in STAGES if name in scene.seen}
    return {
        name: _relative(one, row, at)
        for name, one in known.items()
        if row < len(one.values) and np.isfinite(one.values[row, at])
    }


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
