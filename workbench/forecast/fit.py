"""The rolling-origin backtest: past origins replayed, candidates weighed, errors collected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.boosting import boosting_rates
from workbench.forecast.candidates import BLOCK, History, family_shares
from workbench.forecast.design import Design
from workbench.forecast.origins import YEAR_BLOCKS, independent_origins, rolling_origins
from workbench.forecast.prophet import prophet_rates
from workbench.forecast.replay import Extra, Origin, Replayed, replay
from workbench.forecast.residuals import Residuals, freed_of_surprises, past_residuals
from workbench.forecast.weights import (
    combine,
    log_errors,
    origin_importance,
    weigh_candidates,
)
from workbench.panel.panel import Frequency, Panel

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
Named = tuple[tuple[str, ...], Origin]

LEARNT_ORIGINS = 3
"""Past origins at which Prophet and the trees are fitted; the simple candidates speak at all."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What the history taught: the forecast of now, the weights, the past errors.

    Attributes:
        names: of the candidates.
        now: their forecasts of the horizon.
        origins: what they said at past cutoffs, oldest first.
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


def fit_panel(
    panel: Panel, design: Design, horizon: int, progress: Progress
) -> tuple[Fit, Replayed]:
    """Replay the past origins, weigh the candidates and collect the errors; now comes last."""
    cutoffs = rolling_origins(len(panel.dates), horizon, BLOCK[panel.frequency], panel.frequency)
    step = max(1, len(cutoffs) // LEARNT_ORIGINS)
    learnt = {int(cutoff) for cutoff in cutoffs[::-1][::step][:LEARNT_ORIGINS]}
    replayed = []
    for done, cutoff in enumerate(map(int, cutoffs)):
        progress("origins", done, len(cutoffs) + 1)
        whole = cutoff in learnt
        replayed.append(_replay_at(panel, design, cutoff, horizon, whole=whole))
    progress("origins", len(cutoffs), len(cutoffs) + 1)
    now = replay_now(panel, design, horizon)
    progress("origins", len(cutoffs) + 1, len(cutoffs) + 1)
    past = [(one.names, one.origin) for one in replayed]
    return weigh(past, (now.names, now.origin), horizon, panel.frequency), now


def replay_now(panel: Panel, design: Design, horizon: int) -> Replayed:
    """What every candidate says of the horizon, from all that is known."""
    return _replay_at(panel, design, len(panel.dates), horizon, whole=True)


def weigh(
    said: Sequence[Named],
    now: Named,
    horizon: int,
    frequency: Frequency,
) -> Fit:
    """Weights and errors from what was ``said`` at past origins, beside what is said now.

    Each origin comes with the names of its candidates; they need not be the same.
    """
    names = tuple(dict.fromkeys([*now[0], *(name for own, _ in said for name in own)]))
    here = now[1].placed(now[0], names)
    past = [origin.placed(own, names) for own, origin in said]
    if not past:
        weights = np.full((len(names), here.forecasts.shape[2]), 1.0 / len(names))
        return Fit(names, here, (), weights, combine(here.forecasts, weights), None)
    cutoffs = np.array([origin.cutoff for origin in past], dtype=np.intp)
    year = YEAR_BLOCKS[frequency] * BLOCK[frequency]
    importance = origin_importance(cutoffs, horizon, year)
    prior = family_shares(names)
    independent = independent_origins(cutoffs, horizon)
    free, surprising = freed_of_surprises(
        past,
        importance,
        horizon=horizon,
        block=BLOCK[frequency],
        independent=independent,
        prior=prior,
    )
    weights = weigh_candidates(log_errors(free), importance, independent=independent, prior=prior)
    residuals = past_residuals(
        free,
        importance,
        prior=prior,
        horizon=horizon,
        independent=independent,
        known=here.cutoff,
        unseen=surprising * here.unseen,
    )
    return Fit(names, here, tuple(past), weights, combine(here.forecasts, weights), residuals)


def _replay_at(panel: Panel, design: Design, cutoff: int, horizon: int, *, whole: bool) -> Replayed:
    frequency = panel.frequency

    def members(history: History, rates: dict[str, Floats], exposure: Floats) -> dict[str, Floats]:
        said = prophet_rates(history, rates, exposure, dates=design.dates, frequency=frequency)
        return said | boosting_rates(history, exposure, design, frequency)

    extra: Extra | None = members if whole else None
    block = BLOCK[frequency]
    return replay(
        panel.sales, design, cutoff, horizon, frequency=frequency, block=block, extra=extra
    )
