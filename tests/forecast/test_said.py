"""What the forecast refuses, what it tells of doubts, and how it tells its progress."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ForecastError
from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel

SHORT = 150
"""Days of history: enough to forecast, too short for Prophet, so that it takes no time."""


def refused(panel, horizon, code):
    with pytest.raises(ForecastError) as caught:
        forecast(panel, horizon=horizon, n_paths=10)
    (found,) = [problem for problem in caught.value.problems if problem.code == code]
    assert "What to do" in found.text("en")
    assert "处理：" in found.text("zh")
    return found


@pytest.mark.parametrize(("frequency", "n_dates"), [("D", 55), ("W", 7), ("M", 7)])
def test_less_than_eight_weeks_are_refused(simulated, frequency, n_dates):
    panel = simulated(2, n_dates, frequency=frequency).panel
    found = refused(panel, 4, "forecast.short_history")
    assert str(n_dates) in found.part("found")
    assert str(n_dates) in found.part("found", "zh")
    assert f"{n_dates + 1}" in found.part("do")


def test_eight_weeks_are_enough(simulated, sound):
    panel = simulated(2, 56).panel
    sound(forecast(panel, horizon=28, n_paths=50), panel, 28, 50)


@pytest.mark.parametrize("horizon", [0, -3, 547])
def test_a_horizon_out_of_range_is_refused(simulated, horizon):
    found = refused(simulated(1, SHORT).panel, horizon, "forecast.horizon")
    assert str(horizon) in found.part("found")
    assert "546" in found.part("do")
    assert "546" in found.part("do", "zh")


def test_all_that_is_wrong_is_said_at_once(simulated):
    with pytest.raises(ForecastError) as caught:
        forecast(simulated(1, 20).panel, horizon=0)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["forecast.short_history", "forecast.horizon"]


def test_few_origins_are_said(simulated):
    paths = forecast(simulated(2, 80).panel, horizon=60, n_paths=20)
    (found,) = [each for each in paths.notices if each.code == "forecast.few_origins"]
    assert str(paths.n_origins) in found.part("found")
    assert "历史" in found.text("zh")


def test_many_origins_need_no_word(simulated):
    paths = forecast(simulated(2, 900).panel, horizon=28, n_paths=20)
    assert paths.n_origins >= 12
    assert "forecast.few_origins" not in [each.code for each in paths.notices]


def test_what_the_panel_noticed_is_passed_on():
    rows = pd.DataFrame(
        {"unit": "a", "date": pd.date_range("2024-01-01", periods=SHORT), "sales": 3.0}
    )
    rows.loc[7, "sales"] = -1.0
    panel = build_panel(rows, calendar=None)
    notices = forecast(panel, horizon=7, n_paths=10).notices
    assert "panel.negative_sales" in [each.code for each in notices]


def test_progress_is_told_to_the_end(simulated):
    heard: list[tuple[str, int, int]] = []
    panel = simulated(1, SHORT).panel
    forecast(
        panel,
        horizon=7,
        n_paths=10,
        progress=lambda stage, done, total: heard.append((stage, done, total)),
    )
    stage, done, total = heard[-1]
    assert stage
    assert done == total
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


@pytest.mark.parametrize(
    ("ahead", "code"),
    [(20, "forecast.plans_end"), (5, "forecast.plans_unused"), (0, "forecast.plans_unused")],
)
def test_plans_that_end_early_are_said(simulated, ahead, code):
    known = {"promo": np.arange(80 + ahead)[:, None] % 5 == 0}
    panel = simulated(1, 80, ahead=ahead, known=known).panel
    notices = forecast(panel, horizon=28, n_paths=20).notices
    (found,) = [each for each in notices if each.code.startswith("forecast.plans")]
    assert found.code == code
    assert f"promo: known to {panel.span[-1]:%Y-%m-%d}" in found.text()
    assert "已知至" in found.text("zh")


def test_plans_to_the_end_need_no_word(simulated):
    known = {"promo": np.arange(108)[:, None] % 5 == 0}
    panel = simulated(1, 80, ahead=28, known=known).panel
    codes = [each.code for each in forecast(panel, horizon=28, n_paths=20).notices]
    assert not [code for code in codes if code.startswith("forecast.plans")]
