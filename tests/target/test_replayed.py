"""Outlooks made again as of past dates: which dates, and nothing of what came later."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel
from workbench.target import replayed
from workbench.target.replayed import past_periods, replay_record, short_history


@pytest.fixture(scope="module")
def panel():
    days = pd.date_range("2025-11-20", "2026-08-20")
    rng = np.random.default_rng(1)
    rows = [
        pd.DataFrame({"unit": unit, "date": days, "sales": rng.lognormal(3, 0.2, len(days))})
        for unit in "ab"
    ]
    return build_panel(pd.concat(rows), calendar=None)


def test_the_last_periods_that_are_over(panel):
    assert [p.label for p in past_periods(panel, 5)] == ["2026Q1", "2026Q2"]
    months = [p.label for p in past_periods(panel, 3, kind="month")]
    assert months == ["2026-05", "2026-06", "2026-07"]
    fiscal = [p.label for p in past_periods(panel, 1, fiscal_year_start=2)]
    assert fiscal == ["FY2027Q2"] or fiscal[0].startswith("FY")


def test_replays_know_nothing_of_what_came_later(panel):
    asked = {"2026-07": pd.Series({"a": 500.0})}
    options = {"periods": 1, "kind": "month", "elapsed": (0, 0.5), "n_paths": 100, "targets": asked}
    table = replay_record(panel, **options)
    assert table["as_of"].drop_duplicates().tolist() == [
        pd.Timestamp("2026-06-30"),
        pd.Timestamp("2026-07-15"),
    ]
    assert set(table["made"]) == {"replayed"}
    assert table["probability"].notna().sum() == 2
    changed = panel.frame()
    changed.loc["2026-07-16":] *= 7
    other = build_panel(
        changed.rename_axis("date").reset_index().melt("date", var_name="unit", value_name="sales"),
        calendar=None,
    )
    pd.testing.assert_frame_equal(replay_record(other, **options), table)


def test_within_a_period_the_backtest_may_be_used_again(panel, monkeypatch):
    learnt = []

    def forecast(known, *, earlier=None, **options):
        learnt.append((len(known.dates), earlier is not None))
        return replayed.paths_of(known, earlier=earlier, **options)

    monkeypatch.setattr(replayed, "paths_of", replayed.forecast, raising=False)
    monkeypatch.setattr(replayed, "forecast", forecast)
    options = {"periods": 1, "elapsed": (0, 0.25, 0.5, 0.75), "n_paths": 100}
    table = replay_record(panel, reuse=True, **options)
    before = int((panel.dates < "2026-04-01").sum())
    assert learnt == [(before, False), (before + 22, True), (before + 45, False),
                      (before + 68, True)]  # fmt: skip
    assert table["elapsed"].round(2).unique().tolist() == [0.0, 0.24, 0.49, 0.75]
    own = replay_record(panel, **{**options, "elapsed": (0, 0.5)})
    same = table[table["elapsed"].round(2).isin([0.0, 0.49])].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, own)


def test_too_short_a_history_is_told(panel):
    (told,) = short_history(panel, periods=4, elapsed=(0.0, 0.5))
    assert told.code == "record.short_history"
    assert (told.facts["count"], told.facts["all"]) == (5, 8)
    assert short_history(panel, periods=2, elapsed=(0.5,)) == ()
    assert len(replay_record(panel, periods=0)) == 0
