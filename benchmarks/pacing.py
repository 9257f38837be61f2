"""A period's total while it runs: ``python benchmarks/pacing.py [names]``.

After 7, 21, 42 and 63 days of the period (84 days of 120 stores, 91 days of M5) stand side by side:
our total, the actual plus the rest as forecast before the period, the run-rate (actual ÷ days gone
× days), and last year's share of the total by the same day. JSON on standard output, progress on
standard error.
"""

import sys
import time
from datetime import timedelta

import numpy as np
import pandas as pd
from command import report_sets
from datasets import Dataset
from numpy.typing import NDArray
from ours import NAME as OURS
from ours import by_date, our_panel, our_paths
from scoring import Window, scores

from workbench.calendar.period import Period
from workbench.forecast.engine import forecast
from workbench.target.build import outlook

Floats = NDArray[np.float64]
SETS = ("rossmann", "m5")
AFTER = (7, 21, 42, 63)
ORIGINAL, RUN_RATE, LAST_YEAR = "original_rest", "run_rate", "last_year_share"


def main() -> None:
    """Score the data sets asked for."""
    report_sets(__doc__ or "", SETS, _report, paths=1000)


def _report(
    dataset: Dataset, cutoffs: list[pd.Timestamp], n_paths: int, seed: int
) -> dict[str, object]:
    wide = by_date(dataset)
    begun = time.perf_counter()
    found: dict[int, list[tuple[Window, dict[str, Floats]]]] = {days: [] for days in AFTER}
    for cutoff in cutoffs:
        original = our_paths(dataset, cutoff, n_paths=n_paths, seed=seed)
        for days in AFTER:
            print(f"{dataset.name}: {cutoff:%Y-%m-%d} + {days}", file=sys.stderr, flush=True)
            ours = _ours(dataset, cutoff, days, n_paths, seed)
            rest = original.totals(start=cutoff + timedelta(days + 1)).median()
            found[days].append(_case(dataset, wide, cutoff, days, ours, rest))
    return {
        "horizon": dataset.horizon,
        "windows": len(cutoffs),
        "seconds": round(time.perf_counter() - begun, 1),
        "after_days": {f"{days}": _scored(cases) for days, cases in found.items()},
    }


def _ours(
    dataset: Dataset, cutoff: pd.Timestamp, days: int, n_paths: int, seed: int
) -> pd.DataFrame:
    """Draws of the period total on its day ``days``: (paths × units)."""
    panel = our_panel(dataset, cutoff + timedelta(days))
    paths = forecast(panel, horizon=dataset.horizon - days, n_paths=n_paths, seed=seed)
    start, end = cutoff + timedelta(1), cutoff + timedelta(dataset.horizon)
    period = Period("period", start.date(), end.date())
    return outlook(panel, paths, period=period).totals


def _case(
    dataset: Dataset,
    wide: pd.DataFrame,
    cutoff: pd.Timestamp,
    days: int,
    ours: pd.DataFrame,
    rest: "pd.Series[float]",
) -> tuple[Window, dict[str, Floats]]:
    """Draws beside the actual, and the simple rules' points, for units and last for their sum."""
    at = int(wide.index.get_loc(cutoff)) + 1
    units = list(ours.columns)
    period = wide[units].iloc[at : at + dataset.horizon].to_numpy()
    gone = np.nansum(period[:days], axis=0)
    year = wide[units].iloc[at - 364 : at - 364 + dataset.horizon].to_numpy()
    year_gone, year_all = np.nansum(year[:days], axis=0), np.nansum(year, axis=0)
    drawn = ours.to_numpy()
    window = Window(
        np.concatenate([drawn, drawn.sum(axis=1, keepdims=True)], axis=1),
        _with_sum(np.nansum(period, axis=0)),
        _with_sum(year_all),
    )
    rules = {
        ORIGINAL: _with_sum(gone + rest[units].to_numpy()),
        RUN_RATE: _with_sum(gone) * dataset.horizon / days,
        LAST_YEAR: _share(_with_sum(gone), _with_sum(year_gone), _with_sum(year_all)),
    }
    return window, rules


def _with_sum(values: Floats) -> Floats:
    return np.append(values, values.sum())


def _share(gone: Floats, year_gone: Floats, year_all: Floats) -> Floats:
    """This year's sales so far over last year's share by then; NaN without it."""
    return np.divide(
        gone * year_all, year_gone, out=np.full_like(gone, np.nan), where=year_gone > 0
    )


def _scored(cases: list[tuple[Window, dict[str, Floats]]]) -> dict[str, object]:
    out: dict[str, object] = {OURS: scores([window for window, _ in cases])}
    for name in cases[0][1]:
        wrong = [np.abs(rules[name] / window.actual - 1) for window, rules in cases]
        out[name] = {
            "units": {"mape_pct": _mape(np.concatenate([e[:-1] for e in wrong]))},
            "sum_of_units": {"mape_pct": _mape(np.concatenate([e[-1:] for e in wrong]))},
        }
    return out


def _mape(wrong: Floats) -> float | None:
    known = wrong[np.isfinite(wrong)]
    return round(100 * float(known.mean()), 3) if len(known) else None


if __name__ == "__main__":
    main()
