"""How good the outlooks of a track record were: errors, bias, and the rule of thumb beside them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.target.curve import floats
from workbench.target.record import TrackRecord


def scores(record: TrackRecord, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """How good the outlooks were: one row, or one per value of the ``by`` columns of the cases.

    Columns: cases, periods (distinct ones), wape (mean error of the median ÷ mean sales), rule
    (the same of the year-on-year rule, on the cases that have one; wape_beside: ours on these),
    crps (÷ mean sales), better (1 − our CRPS ÷ the rule's error; a rule without a range scores its
    error), inside_80, reached_80 (shares), bias (mean of outcome ÷ median − 1 … positive = sales
    came out higher).
    """
    keys = list(by)
    if not keys:
        return pd.DataFrame([_score(record)])
    rows = []
    for key, part in record.cases.groupby(keys, sort=True):
        one = record.where(record.cases.index.to_series().isin(part.index))
        rows.append({**dict(zip(keys, key, strict=True)), **_score(one)})
    return pd.DataFrame(rows)


def _score(record: TrackRecord) -> dict[str, float]:
    cases = record.cases
    if cases.empty:
        return {"cases": 0, "periods": 0}
    y, middle = floats(cases["outcome"]), floats(cases["median"])
    rule = floats(cases["rule"])
    crps = floats(cases["crps"])
    has = np.isfinite(rule)
    size, part = np.abs(y).sum(), np.abs(y[has]).sum()
    rule_error = float(np.abs(rule - y)[has].sum())
    return {
        "cases": len(cases),
        "periods": record.periods,
        "wape": float(np.abs(middle - y).sum() / size) if size else np.nan,
        "wape_beside": float(np.abs(middle - y)[has].sum() / part) if part else np.nan,
        "rule": rule_error / part if part else np.nan,
        "crps": float(crps.sum() / size) if size else np.nan,
        "better": 1.0 - float(crps[has].sum()) / rule_error if rule_error else np.nan,
        "inside_80": record.inside(0.8).frequency,
        "reached_80": record.reached(0.8).frequency,
        "bias": float(y.sum() / middle.sum() - 1.0) if middle.sum() else np.nan,
    }
