"""Earlier periods: what was to be expected of each before it began, and how far sales strayed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.period import Period
from workbench.forecast.engine import LEAST_DATES
from workbench.forecast.past import past_forecasts
from workbench.panel.panel import Panel
from workbench.target.alerts_funnel import Funnel, funnel_surprises
from workbench.target.alerts_surprise import Surprise, surprises
from workbench.target.replays import seen_at

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

Floats = NDArray[np.float64]

MOST_PERIODS = 8
LEAST_PERIODS = 2
REPLAYED = 6
"""Periods forecast again where the paths do not remember how they would have been forecast."""
PAST_PATHS = 200
DRAWN = 60
"""Sample paths that stand in for past periods where there are too few."""


@dataclass(frozen=True, eq=False)
class Past:
    """One earlier period.

    Attributes:
        seen: name of a watch → its statistic over each window.
        age: how many periods lie between it and the one to be watched.
    """

    seen: Mapping[str, tuple[Surprise, ...]]
    age: float


def earlier_periods(
    panel: Panel,
    paths: "SamplePaths",
    cut: int,
    rows: int,
    *,
    funnel: Funnel | None = None,
    seed: int = 0,
) -> list[Past]:
    """Spans of ``rows`` rows before ``cut`` that do not overlap, the oldest first.

    The paths' own backtest tells what was to be expected of each; where it reaches back to fewer
    than two, as many as there are are forecast again.
    """
    spans = list(_remembered(panel, paths, cut, rows))
    if len(spans) < LEAST_PERIODS:
        spans = list(_replayed(panel, cut, rows, seed=seed))
    found = []
    for first, expected in sorted(spans, key=lambda span: span[0]):
        seen = surprises(panel.sales[first : first + rows], expected, panel.frequency)
        if funnel is not None:
            seen |= funnel_surprises(funnel, panel, first, expected)
        found.append(Past(seen, (cut - first) / rows - 1))
    return found


def drawn(
    paths: "SamplePaths", dates: pd.DatetimeIndex, expected: Floats, panel: Panel
) -> list[Past]:
    """Futures as they were drawn, as if they were earlier periods."""
    inside = paths.dates.isin(dates)
    at = [paths.units.index(unit) for unit in panel.units]
    draws = np.stack([paths.unit_values(unit)[:DRAWN, inside] for unit in at], axis=2)
    rest = expected[dates.isin(paths.dates)]
    return [Past(surprises(draw, rest, panel.frequency), 0.0) for draw in draws]


def mean_of(paths: "SamplePaths", dates: pd.DatetimeIndex, units: tuple[str, ...]) -> Floats:
    """(rows, units): what the paths bring on average."""
    frame = pd.DataFrame(paths.expected, index=paths.dates, columns=list(paths.units))
    return np.asarray(frame.reindex(index=dates, columns=list(units)), dtype=float)


def _remembered(
    panel: Panel, paths: "SamplePaths", cut: int, rows: int
) -> Iterator[tuple[int, Floats]]:
    """The newest origins of the backtest whose periods are over and do not overlap."""
    engine = paths.engine
    if engine is None or engine.units != panel.units:
        return
    shift = int((panel.dates < engine.first).sum())
    end, count = cut, 0
    for one in reversed(past_forecasts(engine)):
        first = one.cutoff + shift
        if first + rows <= end and len(one.expected) >= rows and count < MOST_PERIODS:
            yield first, one.expected[:rows]
            end, count = first, count + 1


def _replayed(panel: Panel, cut: int, rows: int, *, seed: int) -> Iterator[tuple[int, Floats]]:
    for back in range(1, REPLAYED + 1):
        first = cut - back * rows
        if first < LEAST_DATES[panel.frequency]:
            return
        dates = panel.dates[first : first + rows]
        name = f"{dates[0]:%Y-%m-%d}/{dates[-1]:%Y-%m-%d}"
        span = Period(name, dates[0].date(), dates[-1].date())
        _, paths = seen_at(panel, first, span, n_paths=PAST_PATHS, seed=seed)
        if paths is not None:
            yield first, mean_of(paths, dates, panel.units)
