"""Panel and paths → outlook: periods that are over, running, to come, or out of reach."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ParameterError, TargetError
from workbench.target.build import outlook

PER_DAY = [[1.0, 10.0], [2.0, 20.0], [4.0, 30.0]]


def test_running_period_is_actual_plus_rest(make_panel, make_paths) -> None:
    panel = make_panel(np.full((400, 2), [3.0, 7.0]), last="2026-10-20")
    seen = outlook(panel, make_paths(panel, PER_DAY, 80), period="2026Q4")
    # 20 days known, 72 to come.
    assert seen.actual.to_dict() == {"a": 60.0, "b": 140.0}
    assert seen.totals["a"].tolist() == [60 + 72, 60 + 144, 60 + 288]
    assert seen.total.tolist() == [200 + 72 * 11, 200 + 72 * 22, 200 + 72 * 34]
    assert (seen.rows_known, seen.rows_left, seen.over) == (20, 72, False)


def test_period_to_come_is_all_forecast(make_panel, make_paths) -> None:
    panel = make_panel(np.full((400, 2), [3.0, 7.0]), last="2026-09-10")
    seen = outlook(panel, make_paths(panel, PER_DAY, 112), period="2026Q4")
    assert seen.actual.tolist() == [0.0, 0.0]
    assert seen.totals["a"].tolist() == [92.0, 184.0, 368.0]


@pytest.mark.parametrize("with_paths", [True, False])
def test_period_that_is_over_is_certain(make_panel, make_paths, with_paths: bool) -> None:
    sales = np.full((400, 2), [0.1, 0.7])
    panel = make_panel(sales, last="2026-09-30")
    paths = make_paths(panel, PER_DAY, 10) if with_paths else None
    seen = outlook(panel, paths, period="2026Q3")
    assert seen.over
    assert len(seen.totals) == (3 if with_paths else 1)
    assert seen.probability(92 * 0.8) == 1.0
    assert seen.probability(92 * 0.8 + 0.01) == 0.0
    assert seen.probability({"a": 9.2, "b": 64.5}).tolist() == [1.0, 0.0]
    assert seen.target_at(0.9) == pytest.approx(92 * 0.8)


def test_weekly_rows_belong_where_their_date_lies(make_panel, make_paths) -> None:
    panel = make_panel(np.ones((60, 2)), last="2026-09-28", frequency="W")
    seen = outlook(panel, make_paths(panel, PER_DAY, 13), period="2026Q4")
    # Mondays in the quarter: 5 October to 28 December.
    assert (seen.rows_known, seen.rows_left) == (0, 13)
    assert seen.totals["a"].tolist() == [13.0, 26.0, 52.0]


def test_monthly_rows(make_panel, make_paths) -> None:
    panel = make_panel(np.full((30, 2), 5.0), last="2026-10-31", frequency="M")
    seen = outlook(panel, make_paths(panel, PER_DAY, 2), period="2026Q4")
    assert (seen.rows_known, seen.rows_left) == (1, 2)
    assert seen.totals["a"].tolist() == [7.0, 9.0, 13.0]
    assert seen.last_year.to_dict() == {"a": 15.0, "b": 15.0}


def test_units_may_stand_in_another_order_in_the_paths(make_panel, make_paths) -> None:
    panel = make_panel(np.zeros((400, 2)), last="2026-09-30")
    other = make_paths(panel.only(["b", "a"]), np.asarray(PER_DAY)[:, ::-1], 92)
    seen = outlook(panel, other, period="2026Q4")
    assert seen.units == ("a", "b")
    assert seen.totals["a"].tolist() == [92.0, 184.0, 368.0]


def test_unknown_days_add_nothing_and_are_told(make_panel, make_paths) -> None:
    sales = np.ones((400, 2))
    sales[-3:, 0] = np.nan
    panel = make_panel(sales, last="2026-10-20")
    seen = outlook(panel, make_paths(panel, PER_DAY, 80), period="2026Q4")
    assert seen.actual.to_dict() == {"a": 17.0, "b": 20.0}
    told = {notice.code: notice.text() for notice in seen.notices}
    assert "3 in all (a: 3)" in told["target.unknown_days"]
    assert "未知" in next(n.text("zh") for n in seen.notices if n.code == "target.unknown_days")


def test_days_before_a_unit_opened_are_not_unknown(make_panel, make_paths) -> None:
    sales = np.ones((400, 2))
    sales[:-5, 0] = np.nan
    panel = make_panel(sales, last="2026-10-20")
    seen = outlook(panel, make_paths(panel, PER_DAY, 80), period="2026Q4")
    assert seen.actual["a"] == 5.0
    assert [notice.code for notice in seen.notices] == ["target.no_last_year"]
    assert "1 of 2: a" in seen.notices[0].text()


def test_a_period_that_begins_before_the_data_is_told(make_panel) -> None:
    panel = make_panel(np.ones((40, 2)), last="2026-09-30")
    seen = outlook(panel, None, period="2026Q3")
    assert "first sales are of 2026-08-22" in seen.notices[0].text()
    assert seen.notices[0].code == "target.partly_before_data"


def test_the_panel_is_not_changed(make_panel, make_paths) -> None:
    panel = make_panel(np.full((400, 2), 3.0), last="2026-10-20")
    before = panel.sales.copy()
    outlook(panel, make_paths(panel, PER_DAY, 80), period="2026Q4")
    np.testing.assert_array_equal(panel.sales, before)


def test_refused_periods(make_panel, make_paths) -> None:
    panel = make_panel(np.ones((400, 2)), last="2026-09-30")
    paths = make_paths(panel, PER_DAY, 91)
    with pytest.raises(ParameterError, match="2026Q5"):
        outlook(panel, paths, period="2026Q5")
    with pytest.raises(TargetError, match=r"wholly before the sales data[\s\S]*2025-08-27"):
        outlook(panel, paths, period="2024Q4")
    with pytest.raises(TargetError, match=r"reaches 2026-12-30[\s\S]*at least 92"):
        outlook(panel, paths, period="2026Q4")
    with pytest.raises(TargetError, match=r"no forecast for the rest[\s\S]*at least 92"):
        outlook(panel, None, period="2026Q4")


def test_refused_horizons_count_the_panels_own_steps(make_panel, make_paths) -> None:
    weekly = make_panel(np.ones((60, 2)), last="2026-09-21", frequency="W")
    with pytest.raises(TargetError, match="at least 14"):
        outlook(weekly, make_paths(weekly, PER_DAY, 13), period="2026Q4")
    monthly = make_panel(np.ones((30, 2)), last="2026-08-31", frequency="M")
    with pytest.raises(TargetError, match="at least 4"):
        outlook(monthly, make_paths(monthly, PER_DAY, 3), period="2026Q4")
    with pytest.raises(TargetError, match="No row of the sales data is dated inside"):
        outlook(monthly, make_paths(monthly, PER_DAY, 3), period="2026W38")


def test_paths_of_other_sales_are_refused(make_panel, make_paths) -> None:
    panel = make_panel(np.ones((400, 2)), last="2026-09-30")
    strangers = make_panel(np.ones((400, 2)), last="2026-09-30", units=("a", "c"))
    with pytest.raises(TargetError, match=r"not made from these sales data[\s\S]*a, c from"):
        outlook(panel, make_paths(strangers, PER_DAY, 92), period="2026Q4")
    earlier = make_panel(np.ones((400, 2)), last="2026-09-20")
    with pytest.raises(TargetError, match="not made from these sales data"):
        outlook(panel, make_paths(earlier, PER_DAY, 120), period="2026Q4")


def test_a_period_may_be_given_as_such(make_panel, quarter) -> None:
    panel = make_panel(np.ones((400, 2)), last="2026-12-31")
    seen = outlook(panel, None, period=quarter)
    assert seen.period is quarter
    assert seen.actual.sum() == 184
    assert pd.Timestamp("2026-12-31") == seen.as_of
