"""Known-ahead columns: numbers, flags, words, and what nobody said of them."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel


def test_flags_numbers_and_words(rows):
    frame = rows(
        [1.0, 2.0, 3.0],
        flag=[True, False, True],
        discount=[0.1, 0.0, 0.25],
        text=["0", "1", "1"],
        holiday=pd.Categorical(["none", "国庆", "none"], categories=["none", "国庆", "never"]),
    )
    plans = rows([9.0], start="2026-01-08", flag=False, discount=0.5, text="0", holiday="国庆")
    panel = build_panel(frame, plans, calendar=None)
    known = {name: values[:, 0].tolist() for name, values in panel.known.items()}
    assert known == {
        "flag": [1, 0, 1, 0],
        "discount": [0.1, 0.0, 0.25, 0.5],
        "text": [0, 1, 1, 0],
        "holiday=国庆": [0, 1, 0, 1],
    }
    assert panel.notices == ()
    assert panel.span.tolist() == pd.date_range("2026-01-05", periods=4).tolist()


def test_the_commonest_word_is_the_zero_of_all_whatever_the_order(rows):
    frame = rows(np.ones(5), kind=["b", "a", "c", "a", "b"])
    plans = rows([0.0], start="2026-01-10", kind="c")
    panel = build_panel(frame, plans, calendar=None)
    assert list(panel.known) == ["kind=b", "kind=c"]
    assert list(build_panel(frame[::-1], plans, calendar=None).known) == ["kind=b", "kind=c"]


def test_a_blank_word_is_a_word(rows):
    frame = rows(np.ones(4), kind=["sale", None, None, None])
    panel = build_panel(frame, rows([0.0], start="2026-01-09", kind=None), calendar=None)
    assert panel.known == {}  # nothing is planned ahead
    panel = build_panel(frame, rows([0.0], start="2026-01-09", kind="sale"), calendar=None)
    assert panel.known["kind=sale"][:, 0].tolist() == [1, 0, 0, 0, 1]


def test_words_never_seen_are_the_usual_one_and_said(rows, said):
    frame = rows(np.ones(4), kind=["none", "sale", "none", "none"])
    plans = rows([0, 0], start="2026-01-09", kind=["sale", "mega"])
    panel = build_panel(frame, plans, calendar=None)
    assert panel.known["kind=sale"][4:, 0].tolist() == [1, 0]
    notice = said(panel, "unseen_words")
    assert "column kind: mega" in notice.text("en")
    assert "taken as 'none'" in notice.text("en")
    assert "按“none”处理" in notice.text("zh")


def test_too_many_words(rows, refused):
    frame = rows(np.ones(31), note=[f"note {at:02}" for at in range(31)])
    problem = refused("too_many_words", frame)
    assert "column note: 31 of them, such as note 00, note 01, note 02, …" in problem.text("en")
    assert "31 种" in problem.text("zh")


def test_numbers_before_and_words_ahead(rows, refused):
    plans = rows([0.0, 0.0], start="2026-01-08", promo=["1", "yes"])
    problem = refused("known_text", rows(promo=1.0), plans)
    assert "column promo: yes\n" in problem.text("en")
    assert "known 表中却是文字" in problem.text("zh")


def test_infinite_plans(rows, refused):
    plans = rows([0.0], start="2026-01-08", price=np.inf)
    assert "column price" in refused("known_infinite", rows(price=9.9), plans).text("en")
    assert "列 price" in refused("known_infinite", rows(price=-np.inf)).text("zh")


def test_open_in_words_or_negative(rows, refused):
    problem = refused("open_words", rows(open=["yes", "no", "yes"]))
    assert "Found: yes, no\n" in problem.text("en")
    assert "歇业请填 0" in problem.text("zh")
    problem = refused("open_negative", rows(open=[1, -1, 1]))
    assert "1 rows, first: -1.0" in problem.text("en")
    assert "负数" in problem.text("zh")


def test_a_column_that_is_not_planned_is_left_out_and_said(rows, said):
    frame = rows(promo=1.0, customers=[40, 50, 60])
    panel = build_panel(frame, rows([0.0], start="2026-01-08", promo=0.0), calendar=None)
    assert list(panel.known) == ["promo"]
    notice = said(panel, "known_not_ahead")
    assert "columns customers\n" in notice.text("en")
    assert "已不使用这些列" in notice.text("zh")


def test_without_any_plans_columns_stay_and_it_is_said(rows, said):
    panel = build_panel(rows(promo=[0.0, 1.0, 1.0], open=1.0), calendar=None)
    assert panel.known["promo"][:, 0].tolist() == [0, 1, 1]
    assert "columns promo, open\n" in said(panel, "known_no_plans").text("en")
    assert "以往的通常值" in said(panel, "known_no_plans").text("zh")


def test_a_column_without_history_is_left_out_and_said(rows, said):
    plans = rows([0.0], start="2026-01-08", tv=1.0, blank=1.0)
    panel = build_panel(rows(blank=[None, None, None]), plans, calendar=None)
    assert panel.known == {}
    found = [each.facts["column"] for each in panel.notices]
    assert found == ["blank", "tv"]
    assert "nothing can be learnt" in panel.notices[0].text("en")
    assert "无从学习" in panel.notices[0].text("zh")


def test_open_needs_no_history(rows):
    plans = rows([0, 0, 0], start="2026-01-08", open=[1, 0, 1])
    panel = build_panel(rows(), plans, calendar=None)
    assert panel.open[:, 0].tolist() == [1, 1, 1, 1, 0, 1]


def test_empty_cells_of_a_flag_are_zero_and_said(rows, said):
    frame = rows(np.ones(4), promo=[1.0, None, None, 1.0])
    plans = rows([0.0, 0.0], start="2026-01-09", promo=[None, 1.0])
    panel = build_panel(frame, plans, calendar=None)
    assert panel.known["promo"][:, 0].tolist() == [1, 0, 0, 1, 0, 1]
    assert "column promo: 3 of 6 rows" in said(panel, "known_blank_zero").text("en")
    assert "空白按 0 处理" in said(panel, "known_blank_zero").text("zh")


def test_empty_cells_of_a_price_are_its_usual_value_and_said(rows, said):
    frame = rows([1.0] * 8, price=[8.0] * 7 + [9.5])
    plans = rows([0.0, 0.0], start="2026-01-13", price=[None, 7.5])
    panel = build_panel(frame, plans, calendar=None)
    # the two Tuesdays before: one of them, 2026-01-06, is in the table
    assert panel.known["price"][8:, 0].tolist() == [8.0, 7.5]
    assert "column price: 1 of 10 rows" in said(panel, "known_blank_usual").text("en")
    assert "请填 0" in said(panel, "known_blank_usual").text("zh")


def test_plans_shorter_than_needed_for_some_units_are_said(rows, said):
    frame = pd.concat([rows(promo=0.0), rows(unit="app", promo=0.0)])
    plans = pd.concat(
        [
            rows(np.ones(4), start="2026-01-08", promo=1.0),
            rows(np.ones(2), start="2026-01-08", unit="app", promo=1.0),
        ]
    )
    panel = build_panel(frame, plans, calendar=None)
    assert panel.ahead[-1] == pd.Timestamp("2026-01-11")
    assert panel.known["promo"][:, 1].tolist() == [0, 0, 0, 1, 1, 0, 0]
    notice = said(panel, "known_gaps")
    assert "2 of 8, first: app 2026-01-10; app 2026-01-11" in notice.text("en")
    assert "缺 2 个" in notice.text("zh")


@pytest.mark.parametrize("dtype", ["Float64", "Int64", "boolean", "object", "string"])
def test_nullable_and_text_columns(rows, dtype):
    column = pd.Series([1, 0, 1]).astype(dtype if dtype != "boolean" else bool).astype(dtype)
    panel = build_panel(rows(promo=column), calendar=None)
    assert panel.known["promo"][:, 0].tolist() == [1, 0, 1]
