"""The simulated shops whose truth is known: the small version of the command."""

import importlib
from pathlib import Path

import numpy as np
import pytest

import workbench as wb
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import future_dates
from workbench.target import backtest_replay

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def calibration(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("calibration")


def test_who_knows_the_law_of_the_walk_is_found_right_and_who_doubts_too_wide(
    calibration, monkeypatch
):
    """Levels held at the last four weeks' mean, with the walk's own spread, or thrice that."""
    width = [1.0]

    def told(panel, *, horizon, n_paths, seed):
        rng = np.random.default_rng([seed, len(panel.dates)])
        season = panel.sales[-364 : -364 + horizon].sum(axis=0)
        then = panel.sales[-392:-364].sum(axis=0)
        level = season * panel.sales[-28:].sum(axis=0) / then / horizon
        # Two levels a year apart, each of the mean walk since: the variance of the total's log.
        own, common = (364 + horizon) * calibration.OWN_WALK**2, 364 * calibration.COMMON_WALK**2
        shock = rng.normal(0, width[0] * own**0.5, (n_paths, len(panel.units)))
        shock = shock + rng.normal(0, width[0] * common**0.5, (n_paths, 1))
        values = np.repeat((level * np.exp(shock))[:, None, :], horizon, axis=1)
        return SamplePaths.from_values(values, future_dates(panel, horizon), panel.units)

    monkeypatch.setattr(backtest_replay, "forecast", told)
    covered = {}
    for factor in (1.0, 3.0):
        width[0] = factor
        options = {"models": ("workbench",), "n_paths": 200, "elapsed": (0.0,), "origins": 8}
        past = wb.backtest(calibration.shop(30, 1), **options)
        (units,) = (
            row for row in calibration.scored(past.cases.assign(shop=1)) if row["level"] == "unit"
        )
        covered[factor] = units["coverage_80"]
        assert units["cases"] == 240
    assert covered[1.0] < covered[3.0]
    assert covered[3.0] > 0.93
