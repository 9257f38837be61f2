"""The candidates' forecasts at every past origin, beside what was then sold."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import History, level_candidates
from workbench.forecast.design import Design
from workbench.forecast.exposure import fit_effects
from workbench.forecast.smoothing import smoothing_candidates
from workbench.forecast.stopped import stopped
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Origin:
    """One cutoff: every candidate's sales per block, and the actual where it is known.

    Attributes:
        cutoff: number of dates that were known.
        forecasts: (candidates, blocks, units) sales; NaN where a candidate could not speak.
        actual: (blocks, units) sales on the days both known and open; NaN where none is.
        covered: (blocks, units) share of the block's exposure on such days.
        exposure: (n_steps, units) of the horizon.
        typical: (units,) usual sales of a block in the last year before the cutoff.
    """

    cutoff: int
    forecasts: Floats
    actual: Floats
    covered: Floats
    exposure: Floats
    typical: Floats

    def padded(self, n_candidates: int) -> "Origin":
        """The same with silent candidates added at the end, up to ``n_candidates``."""
        missing = n_candidates - len(self.forecasts)
        if not missing:
            return self
        silent = np.full((missing, *self.forecasts.shape[1:]), np.nan)
        return replace(self, forecasts=np.concatenate([self.forecasts, silent]))


def replay(
    sales: Floats,
    design: Design,
    cutoff: int,
    n_steps: int,
    *,
    frequency: Frequency,
    block: int,
    extra: "Extra | None" = None,
) -> tuple[tuple[str, ...], Origin]:
    """What each candidate would have said at ``cutoff``; names first.

    ``extra`` adds members: from the history and the candidates so far to name → (blocks, units)
    log rates.
    """
    effects = fit_effects(sales[:cutoff], design, window=LEVEL_WINDOW[frequency])
    exposure = effects.exposure(design, slice(0, cutoff + n_steps))
    history = History.at(sales, exposure, cutoff, block)
    rates = level_candidates(history, design, n_steps, frequency)
    rates |= smoothing_candidates(history, -(-n_steps // block), frequency)
    if extra is not None:
        rates |= extra(history, rates, exposure)
    ahead = exposure[cutoff:]
    starts = np.arange(0, n_steps, block)
    worth = np.add.reduceat(ahead, starts, axis=0)
    known = _known_ahead(sales, cutoff, n_steps)
    seen = np.isfinite(known) & (ahead > 0)
    seen_worth = np.add.reduceat(np.where(seen, ahead, 0.0), starts, axis=0)
    covered = np.divide(seen_worth, worth, out=np.zeros_like(worth), where=worth > 0)
    sold = np.add.reduceat(np.where(seen, known, 0.0), starts, axis=0)
    stacked = np.exp(np.stack(list(rates.values()))) * worth
    # A unit that sells nothing, not yet or no more, is no test of the forecast, nor is it forecast
    # to sell.
    begun = (history.typical > 0) & ~stopped(sales[:cutoff], design, frequency)
    stacked[..., ~begun] = 0.0
    told = np.isfinite(stacked).any(axis=0) & begun
    covered, seen_worth = np.where(told, covered, 0.0), np.where(told, seen_worth, 0.0)
    typical = history.typical * exposure[max(0, cutoff - 52 * block) : cutoff].mean(axis=0) * block
    origin = Origin(
        cutoff, stacked, np.where(seen_worth > 0, sold, np.nan), covered, ahead, typical
    )
    return tuple(rates), origin


Extra = Callable[[History, "dict[str, Floats]", Floats], "dict[str, Floats]"]
LEVEL_WINDOW: dict[Frequency, int] = {"D": 63, "W": 9, "M": 5}


def _known_ahead(sales: Floats, cutoff: int, n_steps: int) -> Floats:
    """Actual sales on the horizon's rows; NaN past the end of the history."""
    out = np.full((n_steps, sales.shape[1]), np.nan)
    later = sales[cutoff : cutoff + n_steps]
    out[: len(later)] = later
    return out
