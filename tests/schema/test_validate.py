import re

import pandas as pd
import pytest

from workbench.schema.tables import CAMPAIGNS, DAILY, ORDERS, STAFF, TABLES
from workbench.schema.validate import validate


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_is_named_once_and_explained_in_both_languages(table):
    assert len(set(table.names)) == len(table.names)
    for column in table:
        assert re.fullmatch(r"[a-z_]+", column.name)
        assert column.meaning["en"]
        assert re.search(r"[一-鿿]", column.meaning["zh"])
        assert bool(column.unit) == (column.kind in ("money", "quantity") or column.unit == "share")


def test_a_table_that_holds_breaks_nothing():
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-05", "2026-01-06"]),
            "store": pd.Categorical(["a", "b"]),
            "sales": [1.5, 0.0],
        }
    )
    assert validate(frame, DAILY) == ()


def test_missing_columns_and_choices_are_named():
    problems = validate(pd.DataFrame({"order_id": ["1"]}), ORDERS)
    assert [problem.code for problem in problems] == [
        "schema.missing_column",
        "schema.missing_choice",
    ]
    assert "paid_amount" in problems[0].text("en")
    assert "缺少列 paid_amount" in problems[0].text("zh")
    assert "pay_time, order_time" in problems[1].text("en")
    assert "pay_time, order_time" in problems[1].text("zh")


def test_every_failing_row_is_counted_and_the_first_ones_named():
    frame = pd.DataFrame(
        {
            "salesperson": ["Li", None, "Wu", None],
            "capacity": [10.0, -1.5, -2.0, 0.0],
        }
    )
    empty, low = validate(frame, STAFF)
    assert "2 empty; rows 2, 4" in empty.text("en")
    assert "空值 2 行；第 2, 4 行" in empty.text("zh")
    assert "below 0" in low.text("en")
    assert "-1.5, -2.0 (2 rows; rows 2, 3)" in low.text("en")
    assert "小于 0" in low.text("zh")


def test_words_outside_the_list_are_shown_with_the_list():
    frame = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "pay_time": pd.to_datetime(["2026-01-05"] * 2),
            "paid_amount": [1.0, 2.0],
            "status": ["paid", "lost"],
        }
    )
    (problem,) = validate(frame, ORDERS)
    assert problem.code == "schema.not_allowed"
    assert "lost (1 rows; rows 2)" in problem.text("en")
    assert "awaiting_group" in problem.text("zh")


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("paid_amount", ["1", "2"], "money"),
        ("pay_time", ["2026-01-05"] * 2, "datetime"),
        ("channel", [1, 2], "text"),
    ],
)
def test_a_wrong_type_is_said_with_the_type_found(column, values, found):
    frame = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "pay_time": pd.to_datetime(["2026-01-05"] * 2),
            "paid_amount": [1.0, 2.0],
        }
    ).assign(**{column: values})
    (problem,) = validate(frame, ORDERS)
    assert problem.code == "schema.wrong_type"
    assert f"where {found} is needed" in problem.text("en")
    assert f"应为 {found}" in problem.text("zh")


def test_doubled_columns_are_refused_before_anything_else():
    frame = pd.DataFrame([[1, 2]], columns=["sales", "sales"])
    problems = validate(frame, DAILY)
    assert problems[-1].code == "schema.duplicate_column"
    assert "sales" in problems[-1].text("en")
    assert "重名" in problems[-1].text("zh")


def test_fractions_where_whole_numbers_belong():
    frame = pd.DataFrame(
        {
            "campaign": ["a"],
            "kind": ["group_buy"],
            "start": pd.to_datetime(["2026-01-05"]),
            "end": pd.to_datetime(["2026-01-06"]),
            "group_size": [2.5],
        }
    )
    (problem,) = validate(frame, CAMPAIGNS)
    assert problem.code == "schema.not_whole"
    assert "2.5" in problem.text("en")
    assert "非整数" in problem.text("zh")


def test_validation_leaves_the_frame_alone():
    frame = pd.DataFrame({"salesperson": ["Li", None]}, index=[7, 9])
    copy = frame.copy()
    validate(frame, STAFF)
    pd.testing.assert_frame_equal(frame, copy)
