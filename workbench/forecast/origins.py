"""Where the past is cut to see how well it would have been forecast."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workbench.panel.panel import Frequency

MOST_ORIGINS = 20
LEAST_BLOCKS: Mapping[Frequency, int] = MappingProxyType({"D": 4, "W": 4, "M": 4})
YEAR_BLOCKS: Mapping[Frequency, int] = MappingProxyType({"D": 52, "W": 52, "M": 12})
SPAN_YEARS = 2.5
"""Origins reach this far back: older ones belong to another shop."""


def rolling_origins(
    n_dates: int, horizon: int, block: int, frequency: Frequency
) -> NDArray[np.intp]:
    """Cutoffs (numbers of known dates), oldest first; all before ``n_dates``.

    They are spread evenly from the first cutoff with a little more than a year behind it (or, in a
    short history, with four blocks behind it) to the last with the whole horizon ahead of it, or
    half of it within the first two years. Where the history is too short for that, later cutoffs
    with a part of the horizon ahead serve.

    >>> rolling_origins(1096, 91, 7, "D")[[0, -1]].tolist()
    [410, 1005]
    """
    year = YEAR_BLOCKS[frequency] * block
    least = LEAST_BLOCKS[frequency] * block
    # With less than two years behind, half a horizon must do to test what knows the season.
    last = n_dates - (horizon if n_dates >= 2 * year + horizon else -(-horizon // 2))
    first = max(year + 4 * block, int(n_dates - horizon - SPAN_YEARS * year))
    if last - first < horizon:
        first = max(least, min(first, last - 2 * horizon))
    if last < first + 2 * block:
        last = n_dates - max(2 * block, min(horizon, n_dates // 4) // block * block)
        first = max(least, min(first, last - 2 * block))
    if last < first:
        return np.array([], dtype=np.intp)
    spacing = max(block, -(-(last - first) // (MOST_ORIGINS - 1) // block) * block)
    cutoffs = np.arange(last, first - 1, -spacing)[:MOST_ORIGINS]
    return np.asarray(np.sort(cutoffs), dtype=np.intp)


def independent_origins(cutoffs: NDArray[np.intp], horizon: int) -> float:
    """How many origins' worth of independent evidence overlapping horizons hold.

    >>> independent_origins(np.array([100, 191, 282]), 91)
    3.0
    """
    if not len(cutoffs):
        return 0.0
    return float(min(len(cutoffs), 1 + (cutoffs[-1] - cutoffs[0]) / horizon))
