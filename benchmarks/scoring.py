"""Distributions of period totals against what was sold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.score.crps import crps_sample
from workbench.score.probability import brier, expected_calibration_error
from workbench.score.quantile import coverage

Floats = NDArray[np.float64]

MULTIPLES = (0.97, 1.00, 1.03, 1.06, 1.10)
"""Targets, in totals of the same period last year."""
LEVELS = (0.5, 0.8, 0.95)
SUM = "∑"
REPEATS = 200
"""Made-up truths for the calibration error that chance alone brings."""


@dataclass(frozen=True, eq=False)
class Window:
    """One period: draws (paths, cases) of the totals, what was sold, and the year before.

    The last case is the sum of all units, whose name is ``SUM``.
    """

    draws: Floats
    actual: Floats
    last_year: Floats


def window(totals: pd.DataFrame, actual: "pd.Series[float]", before: "pd.Series[float]") -> Window:
    """Totals (paths × units) beside the actual ones; their sum is added as a case."""
    units = [unit for unit in totals.columns if np.isfinite(actual.get(unit, np.nan))]
    drawn = totals[units].to_numpy(dtype=float)
    sold = actual[units].to_numpy(dtype=float)
    earlier = before.reindex(units).to_numpy(dtype=float)
    return Window(
        np.concatenate([drawn, drawn.sum(axis=1, keepdims=True)], axis=1),
        np.append(sold, sold.sum()),
        np.append(earlier, np.nansum(earlier) if np.isfinite(earlier).any() else np.nan),
    )


def scores(windows: list[Window]) -> dict[str, object]:
    """Scores of the units' totals and, apart, of their sums."""
    units = [(w.draws[:, :-1], w.actual[:-1], w.last_year[:-1]) for w in windows]
    sums = [(w.draws[:, -1:], w.actual[-1:], w.last_year[-1:]) for w in windows]
    return {"units": _scored(units), "sum_of_units": _scored(sums)}


def _scored(parts: list[tuple[Floats, Floats, Floats]]) -> dict[str, object]:
    loss = np.concatenate([crps_sample(actual, draws) for draws, actual, _ in parts])
    actual = np.concatenate([actual for _, actual, _ in parts])
    middle = np.concatenate([np.median(draws, axis=0) for draws, _, _ in parts])
    sold = actual > 0
    stated, reached = _promises(parts)
    by_chance = ece_by_chance(parts)
    bands = {level: _inside(parts, level) for level in LEVELS}
    by_window = [float(part.mean()) for part in bands[0.8]]
    return {
        "cases": len(actual),
        "crps_pct_mean": round(100 * float(np.mean(loss[sold] / actual[sold])), 3),
        "crps_pct_median": round(100 * float(np.median(loss[sold] / actual[sold])), 3),
        "crps_pct_of_sum": round(100 * float(loss.sum() / actual.sum()), 3),
        "mape_pct": round(100 * float(np.mean(np.abs(middle / actual - 1)[sold])), 3),
        "bias_pct_of_sum": round(100 * float((middle - actual).sum() / actual.sum()), 3),
        "promises": len(stated),
        "brier": _known(brier(stated, reached)),
        "ece": _known(expected_calibration_error(stated, reached)),
        "ece_by_chance": _known(float(np.mean(by_chance)) if len(by_chance) else np.nan),
        "ece_by_chance_95": _known(
            float(np.quantile(by_chance, 0.95)) if len(by_chance) else np.nan
        ),
        **{
            f"coverage_{100 * level:.0f}": round(float(np.concatenate(inside).mean()), 3)
            for level, inside in bands.items()
        },
        "coverage_80_by_window": [round(share, 2) for share in by_window],
        "coverage_80_standard_error": _clustered(by_window),
    }


def ece_by_chance(parts: list[tuple[Floats, Floats, Floats]], *, repeats: int = REPEATS) -> Floats:
    """(repeats,) calibration errors that a method would show were its draws the very truth.

    Each window's truth is one of its own draws, the same for all units, which have good and bad
    times together: few windows make a large error even then. Empty where nothing was promised.
    """
    rng = np.random.default_rng(0)
    stated, reached = [], []
    for draws, _, before in parts:
        usable = before > 0
        truth = rng.integers(0, len(draws), repeats)
        for multiple in MULTIPLES:
            above = draws[:, usable] >= multiple * before[usable]
            stated.append(above.mean(axis=0))
            reached.append(above[truth])
    p, y = np.concatenate(stated), np.concatenate(reached, axis=1)
    if not p.size:
        return np.zeros(0)
    return np.array([expected_calibration_error(p, row.astype(float)) for row in y])


def _promises(parts: list[tuple[Floats, Floats, Floats]]) -> tuple[Floats, Floats]:
    """Stated probability of each target, and whether it was reached."""
    stated, reached = [], []
    for draws, actual, before in parts:
        usable = before > 0
        for multiple in MULTIPLES:
            target = multiple * before[usable]
            stated.append((draws[:, usable] >= target).mean(axis=0))
            reached.append((actual[usable] >= target).astype(float))
    return np.concatenate(stated), np.concatenate(reached)


def _inside(parts: list[tuple[Floats, Floats, Floats]], level: float) -> list[Floats]:
    """Per window, whether each total fell into its central band."""
    ends = [0.5 - level / 2, 0.5 + level / 2]
    out = []
    for draws, actual, _ in parts:
        low, high = np.quantile(draws, ends, axis=0)
        hits = [coverage(a, lo, hi) for a, lo, hi in zip(actual, low, high, strict=True)]
        out.append(np.array(hits))
    return out


def _known(score: float) -> float | None:
    """JSON has no NaN."""
    return round(score, 4) if np.isfinite(score) else None


def _clustered(shares: list[float]) -> float | None:
    """Standard error of the mean share, the windows being what is independent."""
    if len(shares) < 2:
        return None
    return round(float(np.std(shares, ddof=1) / np.sqrt(len(shares))), 3)
