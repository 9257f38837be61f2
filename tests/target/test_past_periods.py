"""Which periods of the past can be forecast again."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.errors import ForecastError, ParameterError
from workbench.panel.build import build_panel
from workbench.target.past_periods import past_periods, told_apart


def panel_of(start, end, freq="D"):
    days = pd.date_range(start, end, freq=freq)
    rows = pd.DataFrame({"unit": "a", "date": days, "sales": np.arange(len(days)) + 10.0})
    return build_panel(rows, calendar=None)


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("quarter", ["2026Q1", "2026Q2"]),
        ("2026Q4", ["2026Q1", "2026Q2"]),
        ("month", ["2026-06", "2026-07"]),
        ("week", ["2026W32", "2026W33"]),
        ("half", ["2025H2", "2026H1"]),
        (parse_period("2027Q1", fiscal_year_start=2), ["FY2027Q1", "FY2027Q2"]),
        ("2026-09-01/2026-09-20", ["2026-07-03/2026-07-22", "2026-07-23/2026-08-11"]),
        (30, ["2026-06-22/2026-07-21", "2026-07-22/2026-08-20"]),
    ],
)
def test_the_latest_that_are_over(period, labels):
    panel = panel_of("2022-01-01", "2026-08-20")
    found, said = past_periods(panel, period, 2)
    assert [past.period.label for past in found] == labels
    assert said == []
    for past in found:
        assert panel.dates[past.first].date() == past.period.start
        assert panel.dates[past.end - 1].date() == past.period.end


@pytest.mark.parametrize(
    ("freq", "steps"), [("W-MON", {13}), ("W-SUN", {13}), ("MS", {3}), ("ME", {3})]
)
def test_weekly_and_monthly_rows_belong_to_the_period_of_their_label(freq, steps):
    panel = panel_of("2022-01-01", "2026-08-20", freq)
    found, _ = past_periods(panel, "quarter", 3)
    assert {past.steps for past in found} <= steps | {14, 12}
    last = found[-1]
    assert last.period.label == "2026Q2"
    inside = panel.dates[last.first : last.end]
    assert {f"{day.year}Q{day.quarter}" for day in inside} == {"2026Q2"}


def test_a_period_whose_last_day_is_as_of_is_over():
    found, _ = past_periods(panel_of("2023-01-01", "2026-06-30"), "quarter", 1)
    assert found[0].period.label == "2026Q2"
    found, _ = past_periods(panel_of("2023-01-01", "2026-06-29"), "quarter", 1)
    assert found[0].period.label == "2026Q1"


def test_a_year_comes_before_the_first_where_there_is_one():
    """Three years hold eleven quarters with eight weeks before them, seven with a year."""
    panel = panel_of("2023-07-01", "2026-06-30")
    found, said = past_periods(panel, "quarter", 20)
    assert found[0].period.label == "2024Q4"
    assert len(found) == 7
    assert said[0].code == "backtest.fewer_origins"
    assert "7 of 20" in said[0].part("found")
    assert "2023-07-01" in said[0].part("found", "zh")


def test_a_short_history_makes_do_with_eight_weeks():
    found, _ = past_periods(panel_of("2026-01-01", "2026-08-20"), "month", 9)
    assert [past.period.label for past in found] == [
        "2026-03",
        "2026-04",
        "2026-05",
        "2026-06",
        "2026-07",
    ]


def test_no_history_before_any_period_is_refused():
    with pytest.raises(ForecastError, match="too short for a backtest") as caught:
        past_periods(panel_of("2026-05-01", "2026-08-20"), "quarter", 4)
    assert "2026-05-01 to 2026-08-20" in str(caught.value)
    assert "历史数据太短" in caught.value.problems[0].text("zh")


@pytest.mark.parametrize("steps", [0, -3, 500])
def test_a_number_of_steps_must_fit(steps):
    with pytest.raises(ParameterError, match="out of range") as caught:
        past_periods(panel_of("2026-01-01", "2026-08-20"), steps, 4)
    assert f"period = {steps}" in str(caught.value)


def test_an_unreadable_period_is_refused():
    with pytest.raises(ParameterError):
        past_periods(panel_of("2024-01-01", "2026-08-20"), "fortnight", 4)


def test_shares_that_fall_on_the_same_row_are_one():
    found, _ = past_periods(panel_of("2022-01-01", "2026-08-20", "MS"), "quarter", 3)
    assert told_apart(found, [0.5, 0.0, 0.1]) == [0.0, 0.5]
    assert [past.cutoff(0.5) - past.first for past in found] == [1, 1, 1]
