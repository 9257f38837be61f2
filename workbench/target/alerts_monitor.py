"""What to expect of a running period, and how far one may stray before it is news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.period import Period
from workbench.panel.panel import Panel
from workbench.target.alerts_funnel import STAGES, Funnel
from workbench.target.alerts_past import LEAST_PERIODS, Past, drawn, earlier_periods, mean_of
from workbench.target.alerts_scale import RECENT, Scale, farthest, learn_scale
from workbench.target.alerts_silence import longest_usual
from workbench.target.alerts_threshold import PERIODS, threshold_for
from workbench.target.history import rows_of
from workbench.target.proposal import ALL_UNITS
from workbench.target.replays import start_cut

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

Floats = NDArray[np.float64]

BUDGET: Mapping[str, float] = MappingProxyType(
    {"band": 0.55, "sibling": 0.25, "cumulative": 0.12, "silence": 0.08}
)
"""What part of the false alarms each watch may spend."""
FUNNEL_BUDGET: Mapping[str, float] = MappingProxyType(
    {"traffic": 0.16, "conversion": 0.12, "basket": 0.12}
)
"""Where visitors and orders are known; the others then share what is left as before."""
DOWN = MappingProxyType({"sibling": 1.0, "silence": 1.0, **dict.fromkeys(STAGES, 1.0)})
DOWN_OTHERWISE = 0.8
"""Of that, the part for falls: good news may wait longer."""
QUARTER_DAYS = 91.3125
USUAL_THRESHOLD = 4.0
"""Watches are laid on one scale on which each passes its threshold here."""
LOWEST_TOGETHER = 0.7


@dataclass(frozen=True, eq=False)
class Monitor:
    """What is watched in one period.

    Attributes:
        units: columns of everything below; the empty name, for all units, first where several.
        dates: the rows of the period.
        expected: (rows, units without the sum), mean of the outlook before the period began.
        scales: watch → how far each of its windows usually strays.
        thresholds: watch and direction (−1, +1) → standard deviations that are news.
        silence: (units without the sum,), rows in a row without a sale that are news.
        missing: the same where rows that were not observed count as well.
        periods: how many past periods this was learned from; 0: from the sample paths alone.
    """

    units: tuple[str, ...]
    dates: pd.DatetimeIndex
    expected: Floats
    scales: Mapping[str, tuple[Scale, ...]]
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
    funnel: Funnel | None = None,
) -> Monitor:
    """The monitor of a period, from what was known before it began.

    Earlier periods of the same length are compared with what was to be expected of them before
    each began: as nothing but the usual changed then, so far may sales stray, and no threshold is
    passed more often than ``false_alarms`` allows. With fewer than two such periods, sample paths
    stand in for them.

    Args:
        panel: sales; those of the period itself are not looked at.
        paths: as drawn before the period began; their backtest tells of the earlier periods.
        period: to be watched.
        false_alarms: how many a unit may have in a quarter while nothing changes, of all kinds
            together.
        seed: of forecasts that have to be made again.
        funnel: visitors and orders, where they are known.
    """
    dates = rows_of(panel, period)
    cut, _ = start_cut(panel, period)
    expected = _expected(panel, paths, dates)
    past = earlier_periods(panel, paths, cut, len(dates), funnel=funnel, seed=seed)
    real = len(past) >= LEAST_PERIODS
    return settle(
        panel.until(cut),
        expected,
        past if real else drawn(paths, dates, expected, panel),
        dates=dates,
        rate=false_alarms * period.days / QUARTER_DAYS,
        real=real,
    )


def settle(
    panel: Panel,
    expected: Floats,
    past: Sequence[Past],
    *,
    dates: pd.DatetimeIndex,
    rate: float,
    real: bool = True,
) -> Monitor:
    """Scales and thresholds from what happened in earlier periods.

    Args:
        panel: as known before the period.
        expected: (rows, units), sales expected in the period.
        past: the earlier periods, the oldest first.
        dates: the rows of the period.
        rate: false alarms per unit and period.
        real: whether ``past`` happened, one period after another; otherwise it was drawn.
    """
    useful = {name: _useful(name, past) for name in past[0].seen}
    useful = {name: those for name, those in useful.items() if len(those) >= LEAST_PERIODS}
    share = _shares(set(useful))
    scales = {name: _scales(name, those, at=-1.0, real=real) for name, those in useful.items()}
    silent = [part for (name, _), part in share.items() if name == "silence"]
    others = {name: _scales_apart(name, those, real=real) for name, those in useful.items()}
    thresholds = {
        (name, sign): _threshold(name, useful[name], others[name], sign, part * rate, real=real)
        for (name, sign), part in share.items()
        if name != "silence"
    }
    if any(stage in useful for stage in STAGES):
        left = rate * (1 - sum(silent))
        together = _together(past, useful, others, thresholds, left, real=real)
        thresholds = {which: together * threshold for which, threshold in thresholds.items()}
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


def _expected(panel: Panel, paths: "SamplePaths", dates: pd.DatetimeIndex) -> Floats:
    """As seen before the period; rows known even then are what they were."""
    mean = mean_of(paths, dates, panel.units)
    known = np.asarray(panel.frame().reindex(dates), dtype=float)
    return np.nan_to_num(np.where(np.isfinite(mean), mean, known))


def _shares(names: set[str]) -> dict[tuple[str, int], float]:
    """The part of all false alarms for each watch and direction; they add up to one."""
    funnel = {name: part for name, part in FUNNEL_BUDGET.items() if name in names}
    present = {name: part for name, part in BUDGET.items() if name in names or name == "silence"}
    left = (1 - sum(funnel.values())) / sum(present.values())
    shares = {}
    for name, part in {**{n: left * p for n, p in present.items()}, **funnel}.items():
        down = DOWN.get(name, DOWN_OTHERWISE)
        shares[name, -1] = part * down
        if down < 1:
            shares[name, 1] = part * (1 - down)
    return shares


def _useful(name: str, past: Sequence[Past]) -> list[Past]:
    """The periods in which a watch could see anything."""
    return [one for one in past if name in one.seen and _judged(one.seen[name][0].values)]


def _judged(values: Floats) -> bool:
    return bool(np.isfinite(values).any())


def _scales(name: str, past: Sequence[Past], *, at: float, real: bool) -> tuple[Scale, ...]:
    """One per window, periods nearer to the age ``at`` counting more."""
    away = [max(abs(one.age - at) - 1, 0.0) for one in past]
    half_life = RECENT if real else np.inf
    windows = zip(*(one.seen[name] for one in past), strict=True)
    return tuple(learn_scale(one, age=away, half_life=half_life) for one in windows)


def _scales_apart(name: str, past: Sequence[Past], *, real: bool) -> list[tuple[Scale, ...]]:
    """For each period the scales that the others give, as the running one is measured: a period
    measured by its own spread would never look unusual."""
    if not real:
        return [_scales(name, past, at=-1.0, real=False)] * len(past)
    return [
        _scales(name, [*past[:at], *past[at + 1 :]], at=one.age, real=True)
        for at, one in enumerate(past)
    ]


def _threshold(
    name: str,
    past: Sequence[Past],
    scales: Sequence[tuple[Scale, ...]],
    sign: int,
    rate: float,
    *,
    real: bool,
) -> float:
    series = []
    for one, own in zip(past, scales, strict=True):
        z = farthest(own, one.seen[name], sign)
        series += [z[:, unit] for unit in range(z.shape[1]) if _judged(z[:, unit])]
    return threshold_for(series, rate, periods=len(past) if real else PERIODS)


def _together(
    past: Sequence[Past],
    useful: Mapping[str, Sequence[Past]],
    scales: Mapping[str, Sequence[tuple[Scale, ...]]],
    thresholds: Mapping[tuple[str, int], float],
    rate: float,
    *,
    real: bool,
) -> float:
    """By what all thresholds may be lowered together, for what several watches see is one event.

    A fall of visitors shows in sales, beside the siblings and in the funnel at once: the parts of
    the budget, each kept, would add up to fewer alarms than were asked for. Without visitors and
    orders the watches hardly overlap.
    """
    farthest_of: dict[int, Floats] = {}
    for (name, sign), threshold in thresholds.items():
        if not np.isfinite(threshold):
            continue
        for one, own in zip(useful[name], scales[name], strict=True):
            z = USUAL_THRESHOLD * farthest(own, one.seen[name], sign) / threshold
            before = farthest_of.get(id(one))
            farthest_of[id(one)] = z if before is None else np.fmax(before, z)
    series = [z[:, unit] for z in farthest_of.values() for unit in range(z.shape[1])]
    series = [one for one in series if _judged(one)]
    if not series:
        return 1.0
    found = threshold_for(series, rate, periods=len(past) if real else PERIODS)
    return float(np.clip(found / USUAL_THRESHOLD, LOWEST_TOGETHER, 1.0))
