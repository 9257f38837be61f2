"""Tables that cannot be planned on say what is wrong, what was found and what to do."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import DataError
from workbench.panel.build import build_panel


def test_missing_columns(rows, refused):
    problem = refused("missing_columns", rows().rename(columns={"sales": "amount"}))
    assert "missing: sales; present: unit, date, amount" in problem.text("en")
    assert "frame 表缺少：sales；现有：unit、date" not in problem.text("zh")
    assert "frame 表缺少：sales" in problem.text("zh")


def test_missing_columns_of_the_plans(rows, refused):
    plans = pd.DataFrame({"shop": ["mall"], "date": ["2026-01-08"]})
    assert "table known, missing: unit;" in refused("missing_columns", rows(), plans).text()


def test_columns_twice(rows, refused):
    frame = rows(promo=1.0)
    frame = pd.concat([frame, frame[["promo"]]], axis=1)
    problem = refused("columns_twice", frame)
    assert "table frame: promo" in problem.text("en")
    assert "有两列重名" in problem.text("zh")


def test_no_rows(rows, refused):
    problem = refused("empty", rows().head(0))
    assert "has no rows" in problem.text("en")
    assert "没有任何行" in problem.text("zh")


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (["2026-01-05", "soon", "2026-13-01"], "2 rows of frame, first by row number: #2 soon, #3"),
        (["2026-01-05", None, "2026-02-31"], ", #3 2026-02-31"),
        (["05/01/2026", "06/01/2026", "07/01/2026"], "#1 05/01/2026, #2"),
        ([20260105, 20260106, 20260107], "#1 20260105, #2 20260106, #3 20260107\n"),
        ([46027.0, 46028.0, np.nan], "3 rows of frame"),
    ],
)
def test_unreadable_dates(rows, refused, dates, found):
    problem = refused("dates", rows().assign(date=dates))
    assert found in problem.text("en")
    assert "Write dates year first" in problem.text("en")
    assert "日期无法识别" in problem.text("zh")


@pytest.mark.parametrize("as_text", [True, False])
def test_mixed_zones(rows, refused, as_text):
    dates = ["2026-01-05T01:00+08:00", "2026-01-06T01:00+00:00", "2026-01-07T01:00+08:00"]
    if as_text:
        column = pd.Series(dates, dtype=object)
    else:
        column = pd.Series([pd.Timestamp(date) for date in dates], dtype=object)
    problem = refused("mixed_zones", rows().assign(date=column))
    assert "01:00+00:00" in problem.text("en").replace("01:00:00", "01:00")
    assert "不同的时区" in problem.text("zh")


@pytest.mark.parametrize("blank", [None, np.nan, "", "  "])
def test_rows_without_a_unit(rows, refused, blank):
    frame = rows().assign(unit=["mall", blank, "mall"])
    problem = refused("unit_blank", frame)
    assert "1 rows of frame, row numbers: 2" in problem.text("en")
    assert "行号：2" in problem.text("zh")


def test_a_year_mistyped(rows, refused):
    frame = rows().assign(date=["2026-01-05", "2026-01-06", "2062-01-07"])
    problem = refused("years_apart", frame)
    assert "table frame: 2026-01-06 – 2062-01-07" in problem.text("en")
    assert "数据中断数年" in problem.text("zh")
    plans = rows(start="2026-01-08").assign(date=["2026-01-08", "2026-01-09", "2206-01-10"])
    assert "table known: 2026-01-09 – 2206-01-10" in refused("years_apart", rows(), plans).text()


def test_sales_in_words(rows, refused):
    frame = rows(pd.Series([10.0, "¥1,200", "about 30"], dtype=object))
    problem = refused("sales_text", frame)
    assert "2 rows, first: mall 2026-01-06 ¥1,200; mall 2026-01-07 about 30" in problem.text("en")
    assert "千分位" in problem.text("zh")


def test_infinite_sales(rows, refused):
    problem = refused("sales_infinite", rows([10.0, np.inf, -np.inf]))
    assert "2 rows, first: mall 2026-01-06 inf" in problem.text("en")
    assert "无穷大" in problem.text("zh")


def test_two_rows_for_one_date(rows, refused):
    frame = pd.concat([rows(), rows([7.0], start="2026-01-06")])
    problem = refused("repeated", frame)
    assert "1 rows of frame, first: mall 2026-01-06 7.0" in problem.text("en")
    assert "有多行" in problem.text("zh")
    plans = pd.concat([rows([0.0], start="2026-01-08")] * 2)
    assert "1 rows of known, first: mall 2026-01-08" in refused("repeated", rows(), plans).text()


def test_a_number_and_its_text_are_one_unit(rows, refused):
    frame = pd.concat([rows(unit=7), rows(unit="7")])
    assert "3 rows of frame, first: 7 2026-01-05 10.0" in refused("repeated", frame).text()


def test_two_rows_at_different_hours_are_two_rows(rows, refused):
    frame = rows().assign(date=["2026-01-05 09:00", "2026-01-05 17:00", "2026-01-06 09:00"])
    assert "mall 2026-01-05 20.0" in refused("repeated", frame).text()


def test_all_problems_at_once(rows):
    frame = pd.concat([rows([1.0, np.inf, 3.0]), rows([5.0], start="2026-01-06")])
    plans = rows(start="2026-01-08").assign(date="never")
    with pytest.raises(DataError) as caught:
        build_panel(frame, plans, calendar=None)
    found = [problem.code for problem in caught.value.problems]
    assert found == ["panel.repeated", "panel.sales_infinite", "panel.dates"]


def test_negative_sales_are_kept_and_said(rows, said):
    panel = build_panel(rows([10.0, -4.25, 30.0, -1.0]), calendar=None)
    assert panel.sales[:, 0].tolist() == [10.0, -4.25, 30.0, -1.0]
    notice = said(panel, "negative_sales")
    assert "2 rows, together -5.25; first: mall 2026-01-06 -4.25" in notice.text("en")
    assert "退款大于销售" in notice.text("zh")


def test_plans_of_strange_units_are_left_out_and_said(rows, said):
    plans = pd.concat([rows(start="2026-01-08", unit="mall"), rows(start="2026-01-08", unit="mal")])
    panel = build_panel(rows(), plans, calendar=None)
    assert panel.units == ("mall",)
    assert "1 units: mal\n" in said(panel, "known_strange_units").text("en")


def test_plans_that_are_all_past_are_said(rows, said):
    panel = build_panel(rows(), rows(start="2025-12-30"), calendar=None)
    assert not len(panel.ahead)
    found = "known from 2025-12-30 to 2026-01-01; last sales 2026-01-07"
    assert found in said(panel, "known_not_later").text("en")


def test_the_tables_stay_as_they_were(rows):
    frame, plans = rows(promo=["a", "b", None]), rows(start="2026-01-08", promo="b")
    copies = frame.copy(deep=True), plans.copy(deep=True)
    build_panel(frame, plans, calendar=None)
    pd.testing.assert_frame_equal(frame, copies[0])
    pd.testing.assert_frame_equal(plans, copies[1])
