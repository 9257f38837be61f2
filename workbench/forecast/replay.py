"""The candidates' forecasts at every past origin, beside what was then sold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import History, level_candidates
from workbench.forecast.design import Design
from workbench.forecast.exposure import Effects, fit_effects
from workbench.forecast.smoothing import smoothing_candidates
from workbench.forecast.stopped import stopped
from workbench.forecast.unseen import unseen_share
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
        unseen: (blocks,) share of each block on days of festivals that no date known then had.
    """

    cutoff: int
    forecasts: NDArray[np.float32]
    actual: Floats
    covered: Floats
    exposure: Floats
    typical: Floats
    unseen: Floats

    def placed(self, own: Sequence[str], names: Sequence[str]) -> "Origin":
        """The same with its candidates, called ``own``, in the order of ``names``.

        Those it lacks are silent: which candidates can speak depends on the history behind it.
        """
        if tuple(own) == tuple(names):
            return self
        shape = (len(names), *self.forecasts.shape[1:])
        forecasts = np.full(shape, np.nan, dtype=np.float32)
        forecasts[[list(names).index(name) for name in own]] = self.forecasts
        return replace(self, forecasts=forecasts)


@dataclass(frozen=True, eq=False)
class Replayed:
    """One origin, the names of its candidates, and what they rested on."""

    names: tuple[str, ...]
    origin: Origin
    effects: Effects
    history: History


def replay(
    sales: Floats,
    design: Design,
    cutoff: int,
    n_steps: int,
    *,
    frequency: Frequency,
    block: int,
    extra: "Extra | None" = None,
) -> Replayed:
    """What each candidate would have said at ``cutoff``.

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
    worth = block_sums(ahead, block)
    stacked = np.exp(np.stack(list(rates.values()))) * worth
    # A unit that sells nothing, not yet or no more, is no test of the forecast, nor is it forecast
    # to sell.
    begun = (history.typical > 0) & ~stopped(sales[:cutoff], design, frequency)
    stacked[..., ~begun] = 0.0
    told = np.isfinite(stacked).any(axis=0) & begun
    actual, covered = measured(sales, cutoff, ahead, told, block)
    typical = history.typical * exposure[max(0, cutoff - 52 * block) : cutoff].mean(axis=0) * block
    unseen = unseen_share(design.festivals, cutoff, ahead, block)
    origin = Origin(cutoff, stacked.astype(np.float32), actual, covered, ahead, typical, unseen)
    return Replayed(tuple(rates), origin, effects, history)


Extra = Callable[[History, "dict[str, Floats]", Floats], "dict[str, Floats]"]
LEVEL_WINDOW: dict[Frequency, int] = {"D": 63, "W": 9, "M": 5}


def block_sums(values: Floats, block: int) -> Floats:
    """(steps, units) added up to (blocks, units); the last block may be short."""
    return np.asarray(np.add.reduceat(values, np.arange(0, len(values), block), axis=0))


def measured(
    sales: Floats, cutoff: int, ahead: Floats, told: NDArray[np.bool_], block: int
) -> tuple[Floats, Floats]:
    """Actual sales per block after ``cutoff``, and the share of its exposure they cover.

    ``ahead`` (steps, units) is the exposure; ``told`` (blocks, units) where anything was forecast.
    """
    known = _known_ahead(sales, cutoff, len(ahead))
    seen = np.isfinite(known) & (ahead > 0)
    worth = block_sums(ahead, block)
    seen_worth = block_sums(np.where(seen, ahead, 0.0), block)
    covered = np.divide(seen_worth, worth, out=np.zeros_like(worth), where=worth > 0)
    sold = block_sums(np.where(seen, known, 0.0), block)
    covered, seen_worth = np.where(told, covered, 0.0), np.where(told, seen_worth, 0.0)
    return np.where(seen_worth > 0, sold, np.nan), covered


def _known_ahead(sales: Floats, cutoff: int, n_steps: int) -> Floats:
    """Actual sales on the horizon's rows; NaN past the end of the history."""
    out = np.full((n_steps, sales.shape[1]), np.nan)
    later = sales[cutoff : cutoff + n_steps]
    out[: len(later)] = later
    return out
