"""Prophet as a member, heard of nowhere else."""

import logging
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.candidates import History, level_candidates
from workbench.forecast.design import build_design
from workbench.forecast.prophet import NAME, prophet_rates

LOGGERS = ("prophet", "prophet.plot", "cmdstanpy")


def told(panel, n_steps=84, block=7):
    design = build_design(panel, n_steps)
    exposure = design.base
    history = History.at(panel.sales, exposure, len(panel.dates), block)
    rates = level_candidates(history, design, n_steps, panel.frequency)
    said = prophet_rates(history, rates, exposure, design.dates, panel.frequency)
    return said, rates


def test_a_trend_and_a_season_are_forecast(simulated):
    shop = simulated(2, 1100, walk=0.0, noise=0.05)
    said, _ = told(shop.panel)
    company = np.exp(said[NAME]).sum(axis=1)
    actual = shop.later[:84].sum(axis=1).reshape(12, 7).sum(axis=1) / 7
    assert np.abs(company / actual - 1).mean() < 0.06


def test_units_keep_their_share(simulated):
    said, rates = told(simulated(3, 800).panel)
    shift = said[NAME] - np.mean(
        [values for values in rates.values() if np.isfinite(values).all()], axis=0
    )
    np.testing.assert_allclose(shift, np.repeat(shift[:, :1], 3, axis=1))


def test_half_a_year_is_too_short_for_it(simulated):
    said, _ = told(simulated(2, 25 * 7).panel)
    assert said == {}


def test_nothing_is_said_on_any_log(simulated, capfd, caplog):
    before = [(logging.getLogger(name).level, logging.getLogger(name).disabled) for name in LOGGERS]
    with caplog.at_level(logging.DEBUG):
        said, _ = told(simulated(1, 400).panel)
    assert NAME in said
    after = [(logging.getLogger(name).level, logging.getLogger(name).disabled) for name in LOGGERS]
    assert before == after
    assert not [record for record in caplog.records if record.name.startswith(LOGGERS)]
    assert capfd.readouterr() == ("", "")


def test_a_planners_own_log_level_is_put_back(simulated):
    logger = logging.getLogger("cmdstanpy")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        told(simulated(1, 400).panel)
        assert logger.level == logging.ERROR
        assert not logger.disabled
    finally:
        logger.setLevel(level)


def test_the_same_twice(simulated):
    panel = simulated(2, 600).panel
    one, other = told(panel)[0][NAME], told(panel)[0][NAME]
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("frequency", ["W", "M"])
def test_weeks_and_months(simulated, frequency):
    n = {"W": 130, "M": 48}[frequency]
    said, _ = told(simulated(2, n, frequency=frequency).panel, n_steps=6, block=1)
    assert said[NAME].shape == (6, 2)
    assert np.isfinite(said[NAME]).all()


def test_sales_of_nothing_make_no_noise(simulated, sold):
    panel = simulated(2, 400).panel
    said, _ = told(sold(panel, np.zeros_like(panel.sales)))
    assert all(np.isfinite(values).all() for values in said.values())


def test_importing_the_package_loads_no_model_library():
    code = (
        "import sys, workbench, workbench.forecast.engine;"
        "print([name for name in ('prophet', 'cmdstanpy', 'sklearn', 'matplotlib')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dates_without_a_calendar_are_enough(simulated):
    panel = simulated(1, 300).panel
    assert isinstance(build_design(panel, 7).dates, pd.DatetimeIndex)
    assert panel.calendar is None
    assert NAME in told(panel, n_steps=7)[0]
