"""What an engine would have forecast at its past origins, step by step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import BLOCK, family_shares
from workbench.forecast.origins import YEAR_BLOCKS, independent_origins
from workbench.forecast.residuals import combined_past
from workbench.forecast.shape import block_shares
from workbench.forecast.weights import origin_importance

if TYPE_CHECKING:
    from workbench.forecast.engine import Engine

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PastForecast:
    """The forecast from one past origin.

    Attributes:
        cutoff: how many of the engine's dates were known.
        expected: (steps, units) sales of the steps after that.
    """

    cutoff: int
    expected: Floats


def past_forecasts(engine: "Engine") -> list[PastForecast]:
    """What was to be expected at each past origin, the oldest first.

    No candidate knew more than what had been sold by then, and how they are weighed was learnt at
    the origins that do not overlap.
    """
    origins, block = engine.fit.origins, BLOCK[engine.frequency]
    if not origins:
        return []
    horizon = len(engine.dates)
    cutoffs = np.array([origin.cutoff for origin in origins], dtype=np.intp)
    importance = origin_importance(cutoffs, horizon, YEAR_BLOCKS[engine.frequency] * block)
    prior = family_shares(engine.fit.names)
    said = combined_past(
        origins,
        importance,
        horizon=horizon,
        independent=independent_origins(cutoffs, horizon),
        prior=prior,
    )
    found = []
    for origin, blocks in zip(origins, said, strict=True):
        of = np.arange(len(origin.exposure)) // block
        expected = blocks[of] * block_shares(origin.exposure, block)
        found.append(PastForecast(origin.cutoff, np.asarray(expected)))
    return found
