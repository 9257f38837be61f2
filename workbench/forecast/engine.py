"""The forecast: candidates weighted by their past errors of the total, paths calibrated on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ForecastError, Problem
from workbench.forecast.boosting import boosting_rates
from workbench.forecast.candidates import BLOCK, History, family_shares
from workbench.forecast.design import Design, build_design, short_plans
from workbench.forecast.draw import draw_blocks
from workbench.forecast.giants import tame_giants
from workbench.forecast.origins import YEAR_BLOCKS, independent_origins, rolling_origins
from workbench.forecast.paths import SamplePaths
from workbench.forecast.prophet import prophet_rates
from workbench.forecast.replay import Origin, replay
from workbench.forecast.residuals import Residuals, past_residuals
from workbench.forecast.shape import day_shape
from workbench.forecast.skill import skill_table
from workbench.forecast.weights import (
    candidate_weights,
    combine,
    origin_importance,
    squared_errors,
)
from workbench.panel.panel import Panel

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

LEAST_DATES = {"D": 56, "W": 8, "M": 8}
LONGEST_YEARS = 1.5
STEP_NAMES = {
    "D": {"en": "days", "zh": "天"},
    "W": {"en": "weeks", "zh": "周"},
    "M": {"en": "months", "zh": "个月"},
}
LEARNT_ORIGINS = 4
"""Past origins at which Prophet and the trees are fitted; the simple candidates speak at all."""
FEW_ORIGINS = 4.0


@dataclass(frozen=True, eq=False)
class Fit:
    """What the history taught: the forecast of now, the weights, the past errors.

    Attributes:
        names: of the candidates.
        now: their forecasts of the horizon.
        weights: (candidates, units).
        expected: (blocks, units) combined forecast.
        residuals: None where no origin could be made.
    """

    names: tuple[str, ...]
    now: Origin
    origins: tuple[Origin, ...]
    weights: Floats
    expected: Floats
    residuals: Residuals | None


def forecast(
    panel: Panel,
    *,
    horizon: int,
    n_paths: int = 2000,
    seed: int = 0,
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
        progress: told (stage, done, total) while it works.

    Raises:
        ForecastError: fewer than eight weeks of history, or a horizon outside 1 … 1½ years.
    """
    from threadpoolctl import threadpool_limits

    _check(panel, horizon)
    sales, giants = tame_giants(panel)
    panel = replace(panel, sales=sales, notices=(*panel.notices, *giants))
    design = build_design(panel, horizon)
    block = BLOCK[panel.frequency]
    rng = np.random.default_rng(seed)
    # One thread: sums in the same order, so the same bytes, however many cores there are; and
    # matrices this small are no faster with more.
    with threadpool_limits(limits=1):
        fit = fit_panel(panel, design, horizon, progress or _quiet)
        blocks = draw_blocks(fit.expected, fit.now.typical, fit.residuals, n_paths=n_paths, rng=rng)
    shape, spread = day_shape(panel, design, fit.now.exposure, block)
    independent = 0.0 if fit.residuals is None else fit.residuals.independent
    return SamplePaths(
        dates=design.dates[len(panel.dates) :],
        units=panel.units,
        blocks=blocks.astype(np.float32),
        block_of=np.arange(horizon) // block,
        shape=shape,
        spread=spread,
        seed=seed,
        skill=skill_table(panel.units, fit.origins, fit.residuals, fit.names),
        n_origins=len(fit.origins),
        notices=_notices(panel, design, len(fit.origins), independent),
    )


def fit_panel(panel: Panel, design: Design, horizon: int, progress: Progress) -> Fit:
    """Replay the past origins, weigh the candidates and collect the errors."""
    block, frequency = BLOCK[panel.frequency], panel.frequency
    n_dates = len(panel.dates)
    cutoffs = rolling_origins(n_dates, horizon, block, frequency)
    step = max(1, len(cutoffs) // LEARNT_ORIGINS)
    learnt = {int(cutoff) for cutoff in cutoffs[::-1][::step][:LEARNT_ORIGINS]} | {n_dates}

    def members(history: History, rates: dict[str, Floats], exposure: Floats) -> dict[str, Floats]:
        said = prophet_rates(history, rates, exposure, dates=design.dates, frequency=frequency)
        return said | boosting_rates(history, exposure, design, frequency)

    told_at = [*map(int, cutoffs), n_dates]
    replayed = []
    for done, cutoff in enumerate(told_at):
        progress("origins", done, len(told_at))
        replayed.append(
            replay(
                panel.sales,
                design,
                cutoff,
                horizon,
                frequency=frequency,
                block=block,
                extra=members if cutoff in learnt else None,
            )
        )
    progress("origins", len(told_at), len(told_at))
    names = max((names for names, _ in replayed), key=len)
    *past, now = (origin.padded(len(names)) for _, origin in replayed)
    if not past:
        weights = np.full((len(names), len(panel.units)), 1.0 / len(names))
        return Fit(names, now, (), weights, combine(now.forecasts, weights), None)
    importance = origin_importance(cutoffs, horizon, YEAR_BLOCKS[frequency] * block)
    prior = family_shares(names)
    weights = candidate_weights(squared_errors(past), importance, prior=prior)
    residuals = past_residuals(
        past,
        importance,
        prior=prior,
        horizon=horizon,
        independent=independent_origins(cutoffs, horizon),
    )
    return Fit(names, now, tuple(past), weights, combine(now.forecasts, weights), residuals)


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


def _notices(
    panel: Panel, design: Design, n_origins: int, independent: float
) -> tuple[Problem, ...]:
    notices = [*panel.notices, *short_plans(panel, design)]
    if independent < FEW_ORIGINS:
        facts = {"origins": n_origins, "independent": f"{independent:.1f}"}
        notices.append(Problem("forecast.few_origins", facts))
    return tuple(notices)


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
    del stage, done, total
