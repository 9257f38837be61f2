"""The forecast: candidates weighted by their past errors of the total, paths calibrated on it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import ForecastError, Problem
from workbench.forecast.candidates import BLOCK
from workbench.forecast.design import Design, build_design
from workbench.forecast.draw import draw_blocks
from workbench.forecast.drivers import Drivers, drivers_of
from workbench.forecast.fit import Fit, Progress, fit_panel, replay_now, weigh
from workbench.forecast.giants import tame_giants
from workbench.forecast.notices import forecast_notices
from workbench.forecast.origins import YEAR_BLOCKS
from workbench.forecast.paths import SamplePaths
from workbench.forecast.replay import Replayed
from workbench.forecast.shape import day_shape
from workbench.forecast.skill import skill_table
from workbench.panel.panel import Frequency, Panel

Floats = NDArray[np.float64]

LEAST_DATES = {"D": 56, "W": 8, "M": 8}
LONGEST_YEARS = 1.5
STEP_NAMES = {
    "D": {"en": "days", "zh": "天"},
    "W": {"en": "weeks", "zh": "周"},
    "M": {"en": "months", "zh": "个月"},
}
REMEMBERED = 400
"""Past dates whose sales an engine keeps, to tell later what has been restated."""


@dataclass(frozen=True, eq=False)
class Engine:
    """All that a forecast needs, learnt once: futures are drawn from it, and it can be kept.

    Attributes:
        units: names, in the order of every array's last axis.
        frequency: of the steps.
        as_of: the last date known.
        dates: the steps ahead.
        first: the first date of the history.
        learnt: the last date known when the past origins were replayed.
        past: (dates, units), the newest sales known, for comparison.
        plan_columns: the columns known ahead, and what units are.
        fit: candidates, their weights and errors.
        drivers: what moves sales within the horizon.
        shape: (steps, units), expected share of each step in its block.
        spread: (units,), concentration of the real shares around it.
        notices: what to bear in mind.
    """

    units: tuple[str, ...]
    frequency: Frequency
    as_of: pd.Timestamp
    dates: pd.DatetimeIndex
    first: pd.Timestamp
    learnt: pd.Timestamp
    past: pd.DataFrame
    plan_columns: tuple[str, ...]
    fit: Fit
    drivers: Drivers
    shape: Floats
    spread: Floats
    notices: tuple[Problem, ...]

    @property
    def block_of(self) -> NDArray[np.intp]:
        """(steps,), the block (week of days, or the step itself) in which a step lies."""
        return np.arange(len(self.dates)) // BLOCK[self.frequency]

    @property
    def expected(self) -> Floats:
        """(steps, units), sales that are as likely exceeded as not, by step."""
        return np.asarray(self.fit.expected[self.block_of] * self.shape)


def forecast(
    panel: Panel,
    *,
    horizon: int,
    n_paths: int = 2000,
    seed: int = 0,
    earlier: Engine | None = None,
    progress: Progress | None = None,
) -> SamplePaths:
    """Draw equally likely futures of all units, whose period totals hold what they promise.

    Simple forecasts of the level, Prophet and boosted trees are weighted by how well they forecast
    the *total* of as long a horizon at past cutoffs; the spread comes from the combined forecast's
    own errors there, calibrated on the total and joint over days and units.

    Args:
        panel: the history, and the plans for the dates ahead.
        horizon: steps ahead, in the panel's own steps (days, weeks or months).
        n_paths: how many futures.
        seed: same panel, options and seed give the same bytes.
        earlier: an engine that lends its backtest (see ``fit_engine``).
        progress: told (stage, done, total) while it works.

    Raises:
        ForecastError: fewer than eight weeks of history, or a horizon outside 1 … 1½ years.
    """
    engine = fit_engine(panel, horizon=horizon, earlier=earlier, progress=progress)
    return draw_paths(engine, n_paths=n_paths, seed=seed)


def fit_engine(
    panel: Panel,
    *,
    horizon: int,
    earlier: Engine | None = None,
    progress: Progress | None = None,
) -> Engine:
    """Learn from the past all that ``forecast`` needs, or as little anew as an earlier engine lets.

    Most of the work is the backtest. An ``earlier`` engine of the same shop, at most four weeks
    old, lends its own: what it said at past origins is set beside what has been sold since, and
    only the forecast of now is made. Where it does not fit, everything is learnt anew, and the
    notices say why.

    Args:
        panel: the history, and the plans for the dates ahead.
        horizon: steps ahead, in the panel's own steps.
        earlier: an engine fitted before, perhaps in another run.
        progress: told (stage, done, total) while it works.

    Raises:
        ForecastError: fewer than eight weeks of history, or a horizon outside 1 … 1½ years.
    """
    from threadpoolctl import threadpool_limits

    from workbench.forecast.reuse import obstacle, refreshed

    _check(panel, horizon)
    sales, giants = tame_giants(panel)
    known = panel.frame().iloc[-REMEMBERED:]
    panel = replace(panel, sales=sales, notices=(*panel.notices, *giants))
    design = build_design(panel, horizon)
    said: tuple[Problem, ...] = ()
    # One thread: sums in the same order, so the same bytes, however many cores there are; and
    # matrices this small are no faster with more.
    with threadpool_limits(limits=1):
        if earlier is not None:
            said = obstacle(earlier, panel, horizon)
        if earlier is None or said:
            fit, now = fit_panel(panel, design, horizon, progress or _quiet)
            learnt = panel.as_of
        else:
            now = replay_now(panel, design, horizon)
            names = earlier.fit.names
            past = [(names, origin) for origin in refreshed(earlier, panel, horizon)]
            fit = weigh(past, (now.names, now.origin), horizon, panel.frequency)
            learnt = earlier.learnt
        return _engine(panel, design, fit, now, known=known, learnt=learnt, said=said)


def draw_paths(engine: Engine, *, n_paths: int = 2000, seed: int = 0) -> SamplePaths:
    """Draw equally likely futures from what an engine has learnt.

    The same engine, ``n_paths`` and ``seed`` give the same bytes, kept in a file in between or not.
    """
    from threadpoolctl import threadpool_limits

    fit = engine.fit
    rng = np.random.default_rng(seed)
    with threadpool_limits(limits=1):
        blocks = draw_blocks(fit.expected, fit.now.typical, fit.residuals, n_paths=n_paths, rng=rng)
    return SamplePaths(
        dates=engine.dates,
        units=engine.units,
        blocks=blocks.astype(np.float32),
        block_of=engine.block_of,
        shape=engine.shape,
        spread=engine.spread,
        seed=seed,
        skill=skill_table(engine.units, fit.origins, fit.residuals, fit.names),
        n_origins=len(fit.origins),
        notices=engine.notices,
        engine=engine,
    )


def _engine(
    panel: Panel,
    design: Design,
    fit: Fit,
    now: Replayed,
    *,
    known: pd.DataFrame,
    learnt: pd.Timestamp,
    said: tuple[Problem, ...],
) -> Engine:
    shape, spread = day_shape(panel, design, fit.now.exposure, BLOCK[panel.frequency])
    independent = 0.0 if fit.residuals is None else fit.residuals.independent
    return Engine(
        units=panel.units,
        frequency=panel.frequency,
        as_of=panel.as_of,
        dates=design.dates[len(panel.dates) :],
        first=panel.dates[0],
        learnt=learnt,
        past=known,
        plan_columns=(*panel.known, *panel.attributes),
        fit=fit,
        drivers=drivers_of(now, design, panel.frequency),
        shape=shape,
        spread=spread,
        notices=(*forecast_notices(panel, design, len(fit.origins), independent), *said),
    )


def _check(panel: Panel, horizon: int) -> None:
    problems = []
    least = LEAST_DATES[panel.frequency]
    unit = STEP_NAMES[panel.frequency]
    if len(panel.dates) < least:
        facts = {
            "dates": len(panel.dates),
            "least": least,
            "step": unit,
            "first": f"{panel.dates[0]:%Y-%m-%d}",
            "last": f"{panel.dates[-1]:%Y-%m-%d}",
        }
        problems.append(Problem("forecast.short_history", facts))
    longest = int(LONGEST_YEARS * YEAR_BLOCKS[panel.frequency] * BLOCK[panel.frequency])
    if not 1 <= horizon <= longest:
        facts = {"horizon": horizon, "longest": longest, "step": unit}
        problems.append(Problem("forecast.horizon", facts))
    if problems:
        raise ForecastError(*problems)


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
    del stage, done, total
