"""Did the probabilities hold? Of all targets called 80 % likely, 80 % should be reached."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbench.score.cases import Floats, complete, mean, together, within_unit


@dataclass(frozen=True)
class BrierParts:
    """What a Brier score is made of: ``reliability − resolution + uncertainty``.

    Attributes:
        reliability: squared distance of stated probability and frequency; 0 = calibrated.
        resolution: how far the forecasts tell likely from unlikely targets; higher is better.
        uncertainty: the score of always stating the overall frequency.
    """

    reliability: float
    resolution: float
    uncertainty: float

    @property
    def score(self) -> float:
        """The Brier score itself."""
        return self.reliability - self.resolution + self.uncertainty


def brier(probability: ArrayLike, reached: ArrayLike) -> float:
    """Mean squared distance between stated probability and outcome (Brier 1950); lower is better.

    Always saying 50 % scores 0.25. Cases with NaN are left out; NaN of none.

    Args:
        probability: between 0 and 1.
        reached: whether it happened (0/1 or True/False), the same shape.

    Raises:
        DataError: if the shapes do not fit or a number lies outside 0 … 1.

    >>> round(brier([0.8, 0.3, 0.6], [True, False, False]), 6)      # (0.04 + 0.09 + 0.36) / 3
    0.163333
    """
    p, y = _cases(probability, reached)
    return mean((p - y) ** 2)


def brier_parts(probability: ArrayLike, reached: ArrayLike, *, bins: int = 10) -> BrierParts:
    """The Brier score split into reliability, resolution and uncertainty (Murphy 1973).

    Forecasts are grouped in equally wide bins; what the grouping itself costs is counted in
    resolution (Stephenson, Coelho and Jolliffe 2008), so that the parts always add up to
    :func:`brier`. Cases with NaN are left out; all parts are NaN of none.

    Raises:
        DataError: if the shapes do not fit or a number lies outside 0 … 1.

    >>> parts = brier_parts([0.2, 0.2, 0.7, 0.7], [0, 1, 1, 1])
    >>> [round(part, 4) for part in (parts.reliability, parts.resolution, parts.uncertainty)]
    [0.09, 0.0625, 0.1875]
    """
    p, y = _cases(probability, reached)
    if not p.size:
        return BrierParts(float("nan"), float("nan"), float("nan"))
    base = float(y.mean())
    table = calibration_table(p, y, bins=bins)
    weight = table["count"].to_numpy(dtype=float) / len(p)
    frequency = table["reached"].to_numpy(dtype=float)
    reliability = float(weight @ (table["probability"].to_numpy(dtype=float) - frequency) ** 2)
    uncertainty = base * (1.0 - base)
    return BrierParts(reliability, reliability + uncertainty - brier(p, y), uncertainty)


def calibration_table(
    probability: ArrayLike, reached: ArrayLike, *, bins: int = 10
) -> pd.DataFrame:
    """Stated probability beside frequency: one row per equally wide bin that holds a forecast.

    Returns:
        Columns ``probability`` (mean of the stated ones), ``reached`` (share that happened),
        ``count``. Cases with NaN are left out.

    Raises:
        DataError: if the shapes do not fit or a number lies outside 0 … 1.

    >>> calibration_table([0.81, 0.85, 0.86, 0.2], [1, 1, 0, 0])
       probability   reached  count
    0         0.20  0.000000      1
    1         0.84  0.666667      3
    """
    p, y = _cases(probability, reached)
    # 0.29 × 100 is 28.999…: a hair's breadth keeps round probabilities in the bin they begin.
    bin_of = np.minimum((p * bins + 1e-9).astype(int), bins - 1)
    count = np.bincount(bin_of, minlength=bins)
    used = count > 0
    return pd.DataFrame(
        {
            "probability": np.bincount(bin_of, p, bins)[used] / count[used],
            "reached": np.bincount(bin_of, y, bins)[used] / count[used],
            "count": count[used],
        }
    )


def expected_calibration_error(
    probability: ArrayLike, reached: ArrayLike, *, bins: int = 10
) -> float:
    """Mean distance between stated probability and frequency over bins, weighted by their count.

    0.05 reads "our probabilities are off by 5 points" (Naeini, Cooper and Hauskrecht 2015). Few
    cases give a large number by chance alone. Cases with NaN are left out; NaN of none.

    Raises:
        DataError: if the shapes do not fit or a number lies outside 0 … 1.

    >>> expected_calibration_error([0.2, 0.2, 0.7, 0.7], [0, 1, 1, 1]).__round__(9)
    0.3
    """
    table = calibration_table(probability, reached, bins=bins)
    if table.empty:
        return float("nan")
    apart = (table["probability"] - table["reached"]).abs().to_numpy(dtype=float)
    return float(np.average(apart, weights=table["count"].to_numpy(dtype=float)))


def _cases(probability: ArrayLike, reached: ArrayLike) -> tuple[Floats, Floats]:
    p, y = complete(*together(probability=probability, reached=reached))
    return within_unit("probability", p), within_unit("reached", y)
