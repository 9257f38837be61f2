"""Cases of a backtest → scores, all groups at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.score.probability import calibration_table, expected_calibration_error
from workbench.target.backtest_cases import BANDS, DECILES, chance_column, quantile_column
from workbench.target.curve import RELATIVE_DUST

Floats = NDArray[np.float64]

ROW = ["model", "level", "unit", "horizon", "elapsed"]
POOL = ["model", "level", "horizon", "elapsed"]
CASE = ["horizon", "period", "elapsed", "level", "unit"]


def promises(cases: pd.DataFrame, targets: Sequence[float]) -> pd.DataFrame:
    """Every stated chance and whether the target was reached: columns probability, reached."""
    stated = [cases[chance_column(multiple)].to_numpy(dtype=float) for multiple in targets]
    sold, before = (cases[name].to_numpy(dtype=float) for name in ("actual", "last_year"))
    reached = [_reached(sold, multiple * before).astype(float) for multiple in targets]
    table = pd.DataFrame({"probability": np.ravel(stated), "reached": np.ravel(reached)})
    return table[table["probability"].notna()].reset_index(drop=True)


def score_rows(cases: pd.DataFrame, targets: Sequence[float], by: Sequence[str]) -> pd.DataFrame:
    """Scores of the cases of each group ``by``, in order of first appearance.

    Columns: n_origins (periods), n_cases, steps (mean rows ahead), crps, crps_pct (mean % of the
    actual), pinball (mean over the deciles), wql (twice the pinball ÷ sales), brier, coverage_50,
    _80, _95, pit_mean, pit_distance, mape and bias (% of the actual, of the median).
    """
    loss = _losses(cases, targets)
    groups = loss.groupby(list(by), sort=False)
    out = groups[["steps", "crps", "crps_pct", "pinball", *_bands(), "mape", "bias"]].mean()
    sums = groups[["pinball", "size", "brier", "promises"]].sum()
    out["wql"] = _share(2 * sums["pinball"], sums["size"])
    out["brier"] = _share(sums["brier"], sums["promises"])
    out["pit_mean"] = groups["pit"].mean()
    out["pit_distance"] = _distances(loss, by)
    out["n_cases"] = groups.size()
    out["n_origins"] = groups["period"].nunique()
    order = ["n_origins", "n_cases", "steps", "crps_pct", "crps", "pinball", "wql", "brier"]
    order += [*_bands(), "pit_mean", "pit_distance", "mape", "bias"]
    return out[order].reset_index()


def pooled(cases: pd.DataFrame, targets: Sequence[float]) -> pd.DataFrame:
    """Scores by model, level, horizon and share elapsed; with ece and coverage_80_se.

    ``coverage_80_se`` is the standard error of coverage_80 with the periods as what is independent:
    the units of one period share its luck. NaN for a single period.
    """
    table = score_rows(cases, targets, POOL).set_index(POOL)
    inside = _losses(cases, targets)
    by_period = inside.groupby([*POOL, "period"], sort=False)["coverage_80"].mean()
    spread = by_period.groupby(POOL, sort=False)
    error: pd.Series[float] = spread.std() / np.sqrt(spread.size())
    table["coverage_80_se"] = error.reindex(table.index)
    told = {key: promises(rows, targets) for key, rows in cases.groupby(POOL, sort=False)}
    table["ece"] = [
        expected_calibration_error(told[key]["probability"], told[key]["reached"])
        for key in table.index
    ]
    return table.reset_index()


def shared_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases that every model of their level was asked for, so that scores can be compared."""
    asked = cases.groupby("level")["model"].transform("nunique")
    given = cases.groupby(CASE)["model"].transform("nunique")
    return cases[given == asked]


def reliability_rows(cases: pd.DataFrame, targets: Sequence[float], *, bins: int) -> pd.DataFrame:
    """Stated chance beside the share reached: probability, reached, count per bin."""
    told = promises(cases, targets)
    return calibration_table(told["probability"], told["reached"], bins=bins)


def _losses(cases: pd.DataFrame, targets: Sequence[float]) -> pd.DataFrame:
    """The keys of the cases, and the losses that groups add up."""
    sold = cases["actual"].to_numpy(dtype=float)
    middle = cases[quantile_column(0.5)].to_numpy(dtype=float)
    share = np.divide(100.0, sold, out=np.full(len(sold), np.nan), where=sold > 0)
    out = cases[[*ROW, "period", "steps", "crps", "pit"]].copy()
    out["size"] = np.abs(sold)
    out["crps_pct"] = out["crps"] * share
    out["mape"] = np.abs(middle - sold) * share
    out["bias"] = (middle - sold) * share
    deciles = cases[[quantile_column(level) for level in DECILES]].to_numpy(dtype=float)
    below = sold[:, None] - deciles
    levels = np.array(DECILES)
    out["pinball"] = np.maximum(levels * below, (levels - 1) * below).mean(axis=1)
    for band, name in zip(BANDS, _bands(), strict=True):
        low, high = (cases[quantile_column(0.5 + side * band / 2)] for side in (-1, 1))
        out[name] = ((low <= sold) & (sold <= high)).astype(float)
    before = cases["last_year"].to_numpy(dtype=float)
    off = [
        cases[chance_column(multiple)].to_numpy(dtype=float) - _reached(sold, multiple * before)
        for multiple in targets
    ]
    squared = np.square(off).reshape(len(targets), len(cases))
    out["brier"] = np.nansum(squared, axis=0)
    out["promises"] = np.isfinite(squared).sum(axis=0)
    return out


def _reached(sold: Floats, target: Floats) -> NDArray[np.bool_]:
    """Whether targets were met; one that is missed by float rounding alone is."""
    return np.asarray(sold >= target * (1 - RELATIVE_DUST))


def _bands() -> list[str]:
    return [f"coverage_{100 * band:.0f}" for band in BANDS]


def _share(part: "pd.Series[float]", whole: "pd.Series[float]") -> "pd.Series[float]":
    return part / whole.where(whole > 0)


def _distances(loss: pd.DataFrame, by: Sequence[str]) -> "pd.Series[float]":
    """``score.pit.pit_distance`` of every group at once."""
    ranked = loss.sort_values("pit", kind="stable").groupby(list(by), sort=False)["pit"]
    place, count = ranked.cumcount(), ranked.transform("size")
    value = loss["pit"]
    above = ((place + 1) / count - value).groupby([loss[name] for name in by], sort=False).max()
    below = (value - place / count).groupby([loss[name] for name in by], sort=False).max()
    return above.where(above >= below, below)
