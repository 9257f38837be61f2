"""The backtest of a report: as much as the history allows."""

import numpy as np
import pandas as pd

from workbench.calendar.period import parse_period
from workbench.panel.build import build_panel
from workbench.report.figures.backtest import backtest_charts
from workbench.report.words import Words
from workbench.run.backtested import backtested
from workbench.target import backtest_replay

OPTIONS = {"n_paths": 50, "seed": 0}
KEYS = pd.DataFrame({"unit": ["x"]}, index=["a"])


def panel_of(days):
    dates = pd.date_range("2026-01-01", periods=days)
    rows = pd.DataFrame({"unit": "a", "date": dates, "sales": 100.0 + np.arange(days) % 7})
    return build_panel(rows, calendar=None)


def test_too_short_a_history_is_a_notice_and_no_failure():
    past = backtested(panel_of(70), parse_period("2026Q4"), levels=KEYS, origins=4, **OPTIONS)
    assert past.cases.empty
    assert [notice.code for notice in past.notices] == ["backtest.too_short"]
    assert backtest_charts(past, Words("en")) == []


def test_none_is_asked_for():
    past = backtested(panel_of(400), parse_period("2026Q4"), levels=KEYS, origins=0, **OPTIONS)
    assert past.cases.empty
    assert past.notices == ()


def test_periods_of_the_same_kind_with_columns_of_any_name(monkeypatch):
    def prophet(panel, *, steps, n_paths, seed):
        return np.full(n_paths, 103.0 * steps)

    monkeypatch.setattr(backtest_replay, "prophet_totals", prophet)
    past = backtested(panel_of(140), parse_period("2026-07"), levels=KEYS, origins=2, **OPTIONS)
    assert past.cases["period"].unique().tolist() == ["2026-03", "2026-04"]
    assert set(past.cases["model"]) == {"workbench", "year_rule", "prophet"}
    charts = backtest_charts(past, Words("zh"))
    assert [ax.get_title(loc="left") for ax in charts] == [
        "达成概率是否可信",
        "实际总额落在预测分布的何处",
    ]
