"""What one run leaves behind and the next one starts from."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.errors import ForecastError, ParameterError
from workbench.panel.build import build_panel
from workbench.params.models import ForecastParams
from workbench.run.backtested import backtested
from workbench.run.learning import change_since, keep, learn
from workbench.target import backtest_replay
from workbench.target.backtest import backtest as real_backtest

KEYS = pd.DataFrame({"unit": ["x"]}, index=["a"])


def panel_of(days):
    dates = pd.date_range("2025-12-01", periods=days)
    rng = np.random.default_rng(0)
    sales = 100.0 + np.arange(600)[:days] % 7 + rng.normal(0, 3, 600)[:days]
    return build_panel(pd.DataFrame({"unit": "a", "date": dates, "sales": sales}), calendar=None)


def params(tmp_path, engine="kept/forecast.npz"):
    return ForecastParams.read({"n_paths": 100, "engine": str(tmp_path / engine) if engine else ""})


def test_the_next_run_starts_from_the_last_and_tells_what_moved(tmp_path):
    given, period = params(tmp_path), parse_period("2026-06")
    first = learn(given, panel_of(170), horizon=40)
    assert first.earlier is None
    assert change_since(first, period) is None
    keep(first)
    second = learn(given, panel_of(175), horizon=35)
    assert second.earlier is not None
    assert second.engine.learnt == first.engine.as_of
    moved = change_since(second, period)
    assert moved.known == first.engine.as_of
    assert moved.parts["amount"].sum() == pytest.approx(
        float(moved.after.sum() - moved.before.sum())
    )


def test_the_same_day_again_has_nothing_to_tell(tmp_path):
    given = params(tmp_path)
    keep(learn(given, panel_of(170), horizon=40))
    assert change_since(learn(given, panel_of(170), horizon=40), parse_period("2026-06")) is None


def test_an_earlier_forecast_that_reached_less_far_is_not_compared(tmp_path):
    given = params(tmp_path)
    keep(learn(given, panel_of(170), horizon=10))
    later = learn(given, panel_of(175), horizon=35)
    assert change_since(later, parse_period("2026-06")) is None
    assert "forecast.learnt_anew" in {notice.code for notice in later.engine.notices}


def test_without_a_file_nothing_is_kept(tmp_path):
    learnt = learn(params(tmp_path, ""), panel_of(100), horizon=10)
    keep(learnt)
    assert learnt.backtest_file is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_something_else_is_never_written_over(tmp_path):
    with pytest.raises(ParameterError, match=r"(?s)another ending.*orders\.csv") as caught:
        learn(params(tmp_path, "orders.csv"), panel_of(100), horizon=10)
    assert caught.value.problems[0].code == "run.not_an_engine"
    (tmp_path / "other.npz").write_text("mine")
    with pytest.raises(ForecastError, match="not an engine"):
        learn(params(tmp_path, "other.npz"), panel_of(100), horizon=10)
    assert (tmp_path / "other.npz").read_text() == "mine"


def test_an_engine_of_another_version_is_replaced_and_that_is_said(tmp_path, monkeypatch):
    from workbench.forecast import engine_file

    given = params(tmp_path)
    monkeypatch.setattr(engine_file, "VERSION", 0)
    keep(learn(given, panel_of(100), horizon=10))
    monkeypatch.undo()
    learnt = learn(given, panel_of(100), horizon=10)
    assert learnt.earlier is None
    assert [notice.code for notice in learnt.notices] == ["forecast.engine_version"]
    keep(learnt)
    assert learn(given, panel_of(100), horizon=10).earlier is not None


def test_the_backtest_is_read_again_until_another_period_is_over(tmp_path, monkeypatch):
    from workbench.run import backtested as room

    made = []

    def counted(*args, **options):
        made.append(1)
        return real_backtest(*args, **options)

    def prophet(panel, *, steps, n_paths, seed):
        return np.full(n_paths, 103.0 * steps)

    monkeypatch.setattr(room, "backtest", counted)
    monkeypatch.setattr(backtest_replay, "prophet_totals", prophet)
    options = {"levels": KEYS, "origins": 1, "n_paths": 50, "seed": 0}
    period, file = parse_period("2026-06"), tmp_path / "past.parquet"
    first = backtested(panel_of(110), period, kept=file, **options)
    again = backtested(panel_of(115), period, kept=file, **options)
    assert len(made) == 1
    pd.testing.assert_frame_equal(first.scores, again.scores, check_dtype=False)
    backtested(panel_of(125), period, kept=file, **options)  # March is over by then
    assert len(made) == 2
