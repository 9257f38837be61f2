"""How such forecasts did at past origins: one table, the simple rule beside ours."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.forecast.calibrate import GRID, calibrate, held_out_ratios
from workbench.forecast.replay import Origin
from workbench.forecast.residuals import Residuals

Floats = NDArray[np.float64]

COLUMNS = ("unit", "model", "n_origins", "mape", "bias", "coverage_80")
SIMPLE_RULE = "last year × growth 8"
NAMES = {"workbench": "workbench", SIMPLE_RULE: "year_rule", "prophet": "prophet"}


def skill_table(
    units: Sequence[str],
    origins: Sequence[Origin],
    residuals: Residuals | None,
    names: Sequence[str],
) -> pd.DataFrame:
    """One row per unit (and one for their sum, ``""``) and model.

    ``mape`` is the mean absolute error of the period total in % of the actual, ``bias`` the mean
    signed error (positive = forecast too high), ``coverage_80`` the share of totals inside the 80 %
    band that the *other* origins' errors would have drawn (workbench only).
    """
    if residuals is None or not origins:
        return pd.DataFrame(columns=list(COLUMNS))
    shown = ["", *units]
    matured = residuals.of_now()
    ours = np.concatenate([residuals.company_totals[:, None], residuals.totals], axis=1)
    inside = np.concatenate(
        [
            _inside(matured, matured.company_totals[:, None]),
            _inside(matured, matured.totals, origins[-1].typical),
        ],
        axis=1,
    )
    tables = [_rows(shown, NAMES["workbench"], np.expm1(-ours), inside)]
    for name in (SIMPLE_RULE, "prophet"):
        if name in names:
            errors = np.stack([_relative(origin, names.index(name)) for origin in origins])
            tables.append(_rows(shown, NAMES[name], errors, np.full(errors.shape, np.nan)))
    return pd.concat(tables, ignore_index=True)


def _relative(origin: Origin, candidate: int) -> Floats:
    """(1 + units,) forecast ÷ actual − 1 of the sum and of each unit, over the days known."""
    said = (origin.forecasts[candidate] * origin.covered).sum(axis=0)
    actual = np.where(origin.covered > 0, origin.actual, 0.0).sum(axis=0)
    both = np.concatenate([[said.sum()], said]), np.concatenate([[actual.sum()], actual])
    return np.asarray(
        np.divide(both[0] - both[1], both[1], out=np.full(len(both[0]), np.nan), where=both[1] > 0)
    )


def _rows(units: Sequence[str], model: str, errors: Floats, inside: Floats) -> pd.DataFrame:
    known = np.isfinite(errors)
    count = known.sum(axis=0)
    banded = np.isfinite(inside)
    share = np.where(banded, inside, 0.0).sum(axis=0)
    return pd.DataFrame(
        {
            "unit": list(units),
            "model": model,
            "n_origins": count,
            "mape": 100 * _mean(np.abs(errors), known),
            "bias": 100 * _mean(errors, known),
            "coverage_80": np.divide(
                share, banded.sum(axis=0), out=np.full(len(units), np.nan), where=banded.any(axis=0)
            ),
        }
    )


def _mean(values: Floats, known: NDArray[np.bool_]) -> Floats:
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.asarray(
        np.divide(total, count, out=np.full(values.shape[1], np.nan), where=count > 0)
    )


def _inside(residuals: Residuals, totals: Floats, size: Floats | None = None) -> Floats:
    ratios = held_out_ratios(
        totals,
        residuals.cutoffs,
        residuals.importance,
        horizon=residuals.horizon,
        independent=residuals.independent,
        size=size,
    )
    magnitude = calibrate(
        totals,
        residuals.cutoffs,
        residuals.importance,
        horizon=residuals.horizon,
        independent=residuals.independent,
        size=size,
    ).magnitude
    bound = float(np.interp(0.8, GRID, magnitude))
    return np.where(np.isfinite(ratios), (np.abs(ratios) <= bound).astype(float), np.nan)
