"""A backtest that is kept speaks of the same past, or is not read again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ForecastError, Problem
from workbench.panel.build import build_panel
from workbench.target.backtest import Backtest
from workbench.target.backtest_file import backtest_key, load_backtest, save_backtest

OPTIONS = {"n_paths": 50, "seed": 0}


@pytest.fixture
def past():
    cases = pd.DataFrame(
        {"model": ["workbench", "year_rule"], "unit": ["", "门店"], "crps": [1.25, np.nan]}
    )
    cases["as_of"] = pd.Timestamp("2026-03-31")
    notice = Problem("backtest.prophet_units", {"count": 1, "total": 2})
    return Backtest(cases, (0.97, 1.0), (notice,))


def panel_of(days):
    dates = pd.date_range("2026-01-01", periods=days)
    rows = pd.DataFrame({"unit": "a", "date": dates, "sales": 100.0 + np.arange(days) % 7})
    return build_panel(rows, calendar=None)


def key(panel, **options):
    return backtest_key(panel, "month", 2, OPTIONS | options)


def test_what_was_kept_comes_back_whole(past, tmp_path):
    file = tmp_path / "kept" / "past.parquet"
    save_backtest(past, file, "k")
    again = load_backtest(file, "k")
    pd.testing.assert_frame_equal(again.cases, past.cases, check_dtype=False)
    assert again.targets == past.targets
    assert [notice.text("zh") for notice in again.notices] == [past.notices[0].text("zh")]
    assert [place.name for place in file.parent.iterdir()] == ["past.parquet"]


def test_another_key_another_past(past, tmp_path):
    save_backtest(past, tmp_path / "past.parquet", "k")
    assert load_backtest(tmp_path / "past.parquet", "other") is None


@pytest.mark.parametrize("content", [None, b"", b"not a table"])
def test_without_a_usable_file_there_is_none(tmp_path, content):
    file = tmp_path / "past.parquet"
    if content is not None:
        file.write_bytes(content)
    assert load_backtest(file, "k") is None


def test_a_table_of_somebody_else_is_not_taken_for_a_backtest(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "past.parquet")
    assert load_backtest(tmp_path / "past.parquet", "k") is None


def test_new_days_leave_the_past_as_it_was_until_a_period_is_over():
    assert key(panel_of(155)) == key(panel_of(170))  # 4 June and 19 June: May is the last month
    assert key(panel_of(155)) != key(panel_of(182))  # 1 July: June is over


def test_restated_sales_changed_plans_and_options_are_another_past():
    panel = panel_of(155)
    sales = panel.sales.copy()
    sales[100] += 0.01
    assert key(replace(panel, sales=sales)) != key(panel)
    promo = np.zeros((155, 1))
    assert key(replace(panel, known={"promo": promo})) != key(panel)
    assert key(panel, n_paths=60) != key(panel)
    noise = panel.sales * (1 + 1e-15)
    assert key(replace(panel, sales=noise)) == key(panel)


def test_a_folder_that_cannot_be_written_to_is_said(past, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ForecastError, match="could not be kept"):
        save_backtest(past, tmp_path / "file" / "past.parquet", "k")
