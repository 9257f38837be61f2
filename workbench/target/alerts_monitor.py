"""What to expect of a running period, and how far one may stray before it is news."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.period import Period
from workbench.forecast.engine import LEAST_DATES
from workbench.panel.panel import Panel
from workbench.target.alerts_scale import RECENT, Scale, learn_scale
from workbench.target.alerts_silence import longest_usual
from workbench.target.alerts_surprise import Surprise, surprises
from workbench.target.alerts_threshold import PERIODS, threshold_for
from workbench.target.history import rows_of
from workbench.target.proposal import ALL_UNITS
from workbench.target.replays import seen_at, start_cut

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

Floats = NDArray[np.float64]

BUDGET: Mapping[str, float] = MappingProxyType(
    {"day": 0.03, "week": 0.42, "month": 0.05, "sibling": 0.3, "cumulative": 0.12, "silence": 0.08}
)
"""What part of the false alarms each statistic may spend."""
DOWN = MappingProxyType({"sibling": 1.0, "silence": 1.0})
DOWN_OTHERWISE = 0.75
"""Of that, the part for falls: good news may wait longer."""
QUARTER_DAYS = 91.3125
PAST_PERIODS = 6
LEAST_PERIODS = 2
PAST_PATHS = 200
DRAWN = 60
"""Sample paths that stand in for past periods where there are too few."""


@dataclass(frozen=True, eq=False)
class Monitor:
    """What is watched in one period.

    Attributes:
        units: columns of everything below; the empty name, for all units, first where several.
        dates: the rows of the period.
        expected: (rows, units without the sum), mean of the outlook before the period began.
        scales: statistic → how far it usually strays.
        thresholds: statistic and direction (−1, +1) → standard deviations that are news.
        silence: (units without the sum,), rows in a row without a sale that are news.
        missing: the same where rows that were not observed count as well.
        periods: how many past periods this was learned from; 0: from the sample paths alone.
    """

    units: tuple[str, ...]
    dates: pd.DatetimeIndex
    expected: Floats
    scales: Mapping[str, Scale]
    thresholds: Mapping[tuple[str, int], float]
    silence: Floats
    missing: Floats
    periods: int


def learn_monitor(
    panel: Panel,
    paths: "SamplePaths",
    *,
    period: Period,
    false_alarms: float = 0.1,
    seed: int = 0,
) -> Monitor:
    """The monitor of a period, from what was known before it began.

    Up to six earlier periods of the same length are forecast again from what was known before
    each, and what really happened is compared with that: as nothing but the usual changed then,
    so far may sales stray, and no threshold is passed more often than ``false_alarms`` allows.
    With fewer than two such periods, sample paths stand in for them.

    Args:
        panel: sales; those of the period itself are not looked at.
        paths: as drawn before the period began.
        period: to be watched.
        false_alarms: how many a unit may have in a quarter while nothing changes, of all kinds
            together.
        seed: of the forecasts of earlier periods.
    """
    dates = rows_of(panel, period)
    cut, _ = start_cut(panel, period)
    expected = _expected(panel, paths, dates)
    past = past_surprises(panel, cut, len(dates), seed=seed)
    real = len(past) >= LEAST_PERIODS
    return settle(
        panel.until(cut),
        expected,
        past if real else _drawn(paths, dates, expected, panel),
        dates=dates,
        rate=false_alarms * period.days / QUARTER_DAYS,
        real=real,
    )


def settle(
    panel: Panel,
    expected: Floats,
    past: list[dict[str, Surprise]],
    *,
    dates: pd.DatetimeIndex,
    rate: float,
    real: bool = True,
) -> Monitor:
    """Scales and thresholds from what happened in earlier periods.

    Args:
        panel: as known before the period.
        expected: (rows, units), sales expected in the period.
        past: the statistics of earlier periods, the oldest first.
        dates: the rows of the period.
        rate: false alarms per unit and period.
        real: whether ``past`` happened, one period after another; otherwise it was drawn.
    """
    half_life = RECENT if real else np.inf
    share = _shares(set(past[0]))
    scales = {
        name: learn_scale([one[name] for one in past], half_life=half_life) for name in past[0]
    }
    thresholds = {
        (name, sign): _threshold([one[name] for one in past], sign, part * rate, real=real)
        for (name, sign), part in share.items()
        if name != "silence"
    }
    units = (ALL_UNITS, *panel.units) if len(panel.units) > 1 else panel.units
    silence, missing = longest_usual(
        panel.sales,
        panel.open[: len(panel.dates)],
        panel.frequency,
        rate=share["silence", -1] * rate,
        rows=len(dates),
    )
    periods = len(past) if real else 0
    return Monitor(units, dates, expected, scales, thresholds, silence, missing, periods)


def past_surprises(
    panel: Panel, cut: int, rows: int, *, seed: int = 0
) -> list[dict[str, Surprise]]:
    """The statistics over earlier spans of as many rows, the oldest first."""
    found = []
    least = LEAST_DATES[panel.frequency]
    for back in range(PAST_PERIODS, 0, -1):
        first = cut - back * rows
        if first < least:
            continue
        dates = panel.dates[first : first + rows]
        span = Period(
            f"{dates[0]:%Y-%m-%d}/{dates[-1]:%Y-%m-%d}", dates[0].date(), dates[-1].date()
        )
        _, paths = seen_at(panel, first, span, n_paths=PAST_PATHS, seed=seed)
        if paths is not None:
            sold = panel.sales[first : first + rows]
            found.append(surprises(sold, mean_of(paths, dates, panel.units), panel.frequency))
    return found


def mean_of(paths: "SamplePaths", dates: pd.DatetimeIndex, units: tuple[str, ...]) -> Floats:
    """(rows, units): what the paths bring on average."""
    mean = paths.blocks.mean(axis=0, dtype=float)[paths.block_of] * paths.shape
    frame = pd.DataFrame(mean, index=paths.dates, columns=list(paths.units))
    return np.asarray(frame.reindex(index=dates, columns=list(units)), dtype=float)


def _expected(panel: Panel, paths: "SamplePaths", dates: pd.DatetimeIndex) -> Floats:
    """As seen before the period; rows known even then are what they were."""
    mean = mean_of(paths, dates, panel.units)
    known = np.asarray(panel.frame().reindex(dates), dtype=float)
    return np.nan_to_num(np.where(np.isfinite(mean), mean, known))


def _drawn(
    paths: "SamplePaths", dates: pd.DatetimeIndex, expected: Floats, panel: Panel
) -> list[dict[str, Surprise]]:
    """The statistics over futures as they were drawn."""
    inside = paths.dates.isin(dates)
    at = [paths.units.index(unit) for unit in panel.units]
    draws = np.stack([paths.unit_values(unit)[:DRAWN, inside] for unit in at], axis=2)
    rest = expected[dates.isin(paths.dates)]
    return [surprises(draw, rest, panel.frequency) for draw in draws]


def _shares(names: set[str]) -> dict[tuple[str, int], float]:
    """The part of all false alarms for each statistic and direction; they add up to one."""
    present = {name: part for name, part in BUDGET.items() if name in names or name == "silence"}
    whole = sum(present.values())
    shares = {}
    for name, part in present.items():
        down = DOWN.get(name, DOWN_OTHERWISE)
        shares[name, -1] = part / whole * down
        if down < 1:
            shares[name, 1] = part / whole * (1 - down)
    return shares


def _threshold(past: list[Surprise], sign: int, rate: float, *, real: bool) -> float:
    """Each period in its own spread: forecasts that were poor at first say little of the tail."""
    series = []
    common = None if real else learn_scale(past, half_life=np.inf)
    for one in past:
        z = sign * (common or learn_scale([one])).standardise(one)
        series += [z[:, at] for at in range(z.shape[1]) if np.isfinite(z[:, at]).any()]
    return threshold_for(series, rate, periods=len(past) if real else PERIODS)
