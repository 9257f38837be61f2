"""The period a notebook plans, its target, and how many steps lead to its end."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ParameterError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams
from workbench.run.choose import chosen_goal, chosen_period, horizon_to, recent_sales, rest_of
from workbench.target.outlook import Outlook

SEEN = Outlook.from_totals(
    pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]}),
    period="2026Q4",
    as_of="2026-09-30",
)


def panel_to(last: str, freq: str):
    dates = pd.date_range(end=last, periods=60, freq=freq)
    frame = pd.DataFrame({"unit": "a", "date": dates, "sales": range(1, 61)})
    return build_panel(frame, calendar=None)


def test_the_running_quarter_is_not_the_next_one():
    assert chosen_period("", as_of=date(2026, 10, 1)).label == "2027Q1"
    assert chosen_period("", as_of=pd.Timestamp("2026-09-30")).label == "2026Q4"
    assert chosen_period("", as_of=date(2026, 9, 30), fiscal_year_start=2).label == "FY2027Q4"


def test_a_running_period_may_be_planned_until_its_last_day():
    assert chosen_period("2026Q3", as_of=date(2026, 9, 29)).label == "2026Q3"


def test_a_period_that_is_over_is_told_with_the_way_to_look_back():
    with pytest.raises(ParameterError) as caught:
        chosen_period("2026Q3", as_of=date(2026, 9, 30))
    assert "2026Q3 ended on 2026-09-30; the last known day is 2026-09-30" in caught.value.text()
    assert "as_of=2026-06-30" in caught.value.text("en")
    assert "周期已经结束" in caught.value.text("zh")
    assert "as_of=2026-06-30" in caught.value.text("zh")


def test_a_period_that_no_forecast_reaches_names_the_last_day_that_one_does():
    day = date(2026, 9, 30)
    assert chosen_period("2027", as_of=day).label == "2027"
    with pytest.raises(ParameterError) as caught:
        chosen_period("2028Q2", as_of=day)
    assert "2028Q2 ends on 2028-06-30; the last known day is 2026-09-30" in caught.value.text("en")
    assert "ends by 2028-03-29" in caught.value.text("en")
    assert "2028-03-29 及以前" in caught.value.text("zh")
    assert chosen_period("2028-02", as_of=day).label == "2028-02"


def test_a_mistyped_period():
    with pytest.raises(ParameterError, match="2026Q5"):
        chosen_period("2026Q5", as_of=date(2026, 9, 30))


@pytest.mark.parametrize(
    ("last", "freq", "steps"),
    [("2026-09-30", "D", 92), ("2026-12-30", "D", 1), ("2026-09-28", "W-MON", 13)],
)
def test_horizon_reaches_the_end_of_the_period(last, freq, steps):
    period = chosen_period("2026Q4", as_of=pd.Timestamp(last))
    assert horizon_to(panel_to(last, freq), period) == steps


@pytest.mark.parametrize(("last", "freq"), [("2026-09-30", "ME"), ("2026-09-01", "MS")])
def test_horizon_of_monthly_rows(last, freq):
    assert horizon_to(panel_to(last, freq), chosen_period("2026Q4", as_of=date(2026, 9, 30))) == 3


def test_recent_sales_are_those_of_the_last_52_weeks():
    dates = pd.date_range("2025-01-01", "2026-09-30")
    rows = [pd.DataFrame({"unit": u, "date": dates, "sales": s}) for u, s in (("a", 1), ("b", 3))]
    panel = build_panel(pd.concat(rows), calendar=None)
    assert recent_sales(panel).to_dict() == {"a": 364.0, "b": 1092.0}


@pytest.mark.parametrize(
    ("first", "freq", "start", "end"),
    [
        ("2026-08-21", "D", "2026-10-01", "2026-12-31"),
        ("2026-10-05", "W-MON", "2026-10-05", "2026-12-28"),
    ],
)
def test_the_rest_of_a_period_is_told_by_the_paths_own_steps(first, freq, start, end):
    dates = pd.date_range(first, "2027-01-31", freq=freq)
    paths = SamplePaths.from_values(np.ones((2, len(dates), 1)), dates, ["a"])
    period = chosen_period("2026Q4", as_of=date(2026, 8, 20))
    found = rest_of(period, paths)
    assert found == {"start": date.fromisoformat(start), "end": date.fromisoformat(end)}


def test_a_file_of_targets(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text("channel,period,target\n,2026Q4,150\na,2026Q4,90\na,2026Q3,1\n")
    params = TargetSettingParams.read({"targets": str(path)})
    assert chosen_goal(params, SEEN).given.to_dict() == {"": 150.0, "a": 90.0}
    asked = TargetSettingParams.read({"targets": str(path), "target": 170})
    assert chosen_goal(asked, SEEN).total == 170.0
    assert chosen_goal(TargetSettingParams.read({}), SEEN).asked is None


def test_the_base_of_pieces_is_whole():
    ahead = Outlook.from_totals(SEEN.totals * 1234.5678, period="2026Q4", as_of="2026-09-30")
    pieces = TargetSettingParams.read({"metric": "units"})
    assert chosen_goal(pieces, ahead).total == 197_531.0
    assert pieces.limits()["unit"] == 1.0
