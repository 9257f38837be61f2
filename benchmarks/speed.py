"""How fast, how much memory? ``python benchmarks/speed.py [--units 10 100 1115 5000]``.

A made-up panel of three years of days, with promotions and closed days known ahead, always the same
one; each size in a process of its own. ``forecast`` is everything between data and probability:
fit, replay of the past, calibration and 2,000 paths of 91 days. Beside it, in the same process, one
fit and one prediction of plain Prophet and of AutoETS on a sample of the units. JSON on standard
output, progress on standard error.
"""

import argparse
import json
import logging
import platform
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from os import cpu_count

import numpy as np
import pandas as pd
from memory import stage
from rivals import missing

from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel

Once = Callable[[pd.DatetimeIndex, np.ndarray], object]
UNITS = (10, 100, 1115, 5000)
DAYS, HORIZON = 3 * 365, 91
SAMPLE = 12
"""Most units on which the peers are timed."""
GOALS = {
    "seconds_over_prophet_at_1115": 0.1,
    "seconds_over_prophet_at_10": 1.0,
    "peak_mb_at_5000": 6442,  # 6 GiB in MB of a million bytes
}


def main() -> None:
    """Measure every size apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="+", default=UNITS)
    parser.add_argument("--paths", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        result = _measure(chosen.inside, chosen.paths, chosen.seed)
    else:
        sizes = {f"{n}": _apart(n, chosen.paths, chosen.seed) for n in chosen.units}
        result = {
            "machine": _machine(),
            "history_days": DAYS,
            "horizon": HORIZON,
            "n_paths": chosen.paths,
            "units": sizes,
            "goals": GOALS,
            "growth": _growth(sizes),
        }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


def made_up(n_units: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Long tables of the past and of the plans: level, trend, week, year, promotions every other
    week (+30 %), closed on Sundays and on some days of its own."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2023-01-01", periods=DAYS + HORIZON)
    day = np.arange(len(dates))[:, None]
    level = np.exp(rng.normal(7.0, 1.0, n_units))
    trend = np.exp(rng.normal(0.0, 0.1, n_units) * day / 365)
    week = rng.dirichlet(np.full(7, 30.0), n_units).T[dates.day_of_week] * 7
    year = 1 + 0.2 * np.sin(2 * np.pi * (day / 365.25 + rng.uniform(0, 0.2, n_units)))
    promo = ((day // 7 + rng.integers(0, 2, n_units)) % 2 == 0) & (dates.day_of_week < 5)[:, None]
    open_ = (dates.day_of_week != 6)[:, None] & (rng.random((len(dates), n_units)) > 0.01)
    common = np.cumsum(rng.normal(0.0, 0.004, len(dates)))[:, None]
    noise = np.exp(common + rng.normal(0.0, 0.15, (len(dates), n_units)))
    sales = level * trend * week * year * (1 + 0.3 * promo) * noise * open_
    units = [f"unit {at:05d}" for at in range(n_units)]
    table = pd.DataFrame(
        {
            "unit": np.repeat(np.array(units, dtype=object), len(dates)),
            "date": np.tile(dates.to_numpy(), n_units),
            "sales": sales.T.ravel(),
            "open": open_.T.ravel().astype(float),
            "promo": promo.T.ravel().astype(float),
        }
    )
    past = table["date"] <= dates[DAYS - 1]
    return table[past], table[~past].drop(columns="sales")


def _measure(n_units: int, n_paths: int, seed: int) -> dict[str, object]:
    stages: dict[str, dict[str, float | None]] = {}
    with stage("warm up", stages):  # loading the model libraries is no part of a forecast
        forecast(build_panel(*made_up(2, seed), calendar="DE"), horizon=HORIZON, n_paths=10)
    past, plans = made_up(n_units, seed)
    with stage("panel", stages):
        panel = build_panel(past, plans, calendar="DE")
    with stage("forecast", stages):
        paths = forecast(panel, horizon=HORIZON, n_paths=n_paths, seed=seed)
    with stage("totals", stages):
        totals = paths.totals()
    mine = sum(float(stages[name]["seconds"] or 0.0) for name in ("forecast", "totals"))
    # The highest of the stages: making up the table is no part of it, holding it is.
    peak = max(float(stages[name]["peak_mb"] or 0.0) for name in ("panel", "forecast", "totals"))
    peers = {"prophet": _timed(panel, _prophet), "autoets": _autoets_timed(panel)}
    for peer in peers.values():
        if "seconds_all_units" in peer:
            peer["ours_over_it"] = round(mine / float(str(peer["seconds_all_units"])), 3)
    return {
        "stages": stages,
        "seconds": round(mine, 2),
        "seconds_per_unit": round(mine / n_units, 5),
        "peak_mb": peak,
        "past_origins": paths.n_origins,
        "finite": bool(np.isfinite(totals.to_numpy()).all()),
        "peers": peers,
    }


def _timed(panel: Panel, once: Once) -> dict[str, object]:
    """Mean seconds of one fit and prediction, and for all units; a first, cold one is left out."""
    n_units = len(panel.units)
    sample = np.linspace(0, n_units - 1, min(SAMPLE, n_units)).round().astype(int)
    seconds = []
    for at in [sample[0], *sample]:
        begun = time.perf_counter()
        once(panel.dates, panel.sales[:, at])
        seconds.append(time.perf_counter() - begun)
    each = float(np.mean(seconds[1:]))
    return {
        "units_timed": len(sample),
        "seconds_per_unit": round(each, 4),
        "seconds_all_units": round(each * n_units, 2),
    }


def _prophet(dates: pd.DatetimeIndex, sales: np.ndarray) -> object:
    """Prophet() with its defaults."""
    from prophet import Prophet

    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).disabled = True
    model = Prophet().fit(pd.DataFrame({"ds": dates, "y": sales}))
    return model.predict(model.make_future_dataframe(HORIZON, include_history=False))


def _autoets_timed(panel: Panel) -> dict[str, object]:
    if reason := missing("autoets"):
        return {"skipped": reason}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _timed(panel, _autoets)


def _autoets(_: pd.DatetimeIndex, sales: np.ndarray) -> object:
    """AutoETS(season_length=7): fit and a forecast with 80 % bounds."""
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=7).fit(np.nan_to_num(sales))
    return model.predict(h=HORIZON, level=[80])


def _apart(n_units: int, n_paths: int, seed: int) -> dict[str, object]:
    print(f"{n_units:,} units:", file=sys.stderr, flush=True)
    options = ["--inside", str(n_units), "--paths", str(n_paths), "--seed", str(seed)]
    done = subprocess.run(
        [sys.executable, __file__, *options], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        return {"failed": f"exit {done.returncode}; see standard error"}
    measured: dict[str, object] = json.loads(done.stdout)
    return measured


def _growth(sizes: dict[str, dict[str, object]]) -> dict[str, float]:
    """Seconds per unit over those at 100 units: at most 1 is no worse than linear."""
    base = sizes.get("100", {}).get("seconds_per_unit")
    if not base:
        return {}
    return {
        n: round(float(str(size["seconds_per_unit"])) / float(str(base)), 3)
        for n, size in sizes.items()
        if "seconds_per_unit" in size
    }


def _machine() -> dict[str, object]:
    libraries = ["numpy", "pandas", "prophet", *([] if missing("autoets") else ["statsforecast"])]
    found = {name: version(name) for name in libraries}
    return {"cores": cpu_count(), "python": platform.python_version(), **found}


if __name__ == "__main__":
    main()
