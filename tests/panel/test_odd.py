"""What is odd about the rows is told, and nothing is changed for it."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel


def codes(panel):
    return {notice.code for notice in panel.notices}


def wavy(n=60):
    return 100.0 + 10 * np.sin(np.arange(n))


def test_dates_without_a_row_are_zero_and_told(rows, said):
    found = said(build_panel(rows(wavy()).drop(index=[7, 9, 10]), calendar=None), "missing_zero")
    assert "3 in 1 units" in found.part("found")
    assert "mall 2026-01-12" in found.part("found")
    assert "销售额为零" in found.part("do", "zh")


def test_dates_without_a_row_are_unknown_where_open_is_told(rows, said):
    frame = rows(wavy(), open=1).drop(index=[7])
    found = said(build_panel(frame, calendar=None), "missing_unknown")
    assert "1 in 1 units" in found.part("found")


def test_rows_that_begin_late_are_no_missing_rows(rows):
    frame = pd.concat([rows(wavy()), rows(wavy(30), unit="app", start="2026-02-04")])
    assert codes(build_panel(frame, calendar=None)) == set()


def test_a_unit_with_hardly_a_history_is_told(rows, said):
    frame = pd.concat([rows(wavy()), rows([5.0], unit="app", start="2026-03-05")])
    found = said(build_panel(frame, calendar=None), "hardly_known")
    assert "app: 1" in found.part("found", "zh")


def test_a_short_panel_is_the_forecasts_business(rows):
    assert codes(build_panel(rows([1.0, 2.0]), calendar=None)) == set()


def test_the_same_amount_day_after_day_is_told(rows, said):
    opened = np.tile([1.0, 1, 1, 1, 1, 1, 0], 9)[:60]
    frame = pd.concat(
        [rows(wavy(), open=1.0), rows(np.where(opened > 0, 42.5, 0.0), unit="app", open=opened)]
    )
    found = said(build_panel(frame, calendar=None), "always_the_same")
    assert "app: 42.50" in found.part("found")
    assert "平摊" in found.part("do", "zh")


def test_nothing_sold_is_never_sold_and_not_always_the_same(rows):
    assert codes(build_panel(rows(np.zeros(60)), calendar=None)) == {"panel.never_sold"}


@pytest.mark.parametrize(
    ("past", "ahead", "code"),
    [
        (0.0, 1.0, "known_never_varied"),
        (np.tile([9.0, 10.0, 11.0], 20), 900.0, "known_outside"),
        (np.tile([9.0, 10.0, 11.0], 20), -3.0, "known_outside"),
    ],
)
def test_plans_unlike_anything_before_are_told(rows, said, past, ahead, code):
    plans = rows([0.0, 0.0], start="2026-03-06", price=ahead)
    panel = build_panel(rows(wavy(), price=past), plans, calendar=None)
    found = said(panel, code)
    assert "column price" in found.part("found")
    assert "2 values ahead" in found.part("found")
    assert f"{ahead:g}" in found.part("found", "zh")
    assert (panel.known["price"][60:] == ahead).all()


def test_plans_near_what_was_seen_need_no_word(rows):
    frame = rows(wavy(), price=np.tile([9.0, 10.0, 11.0], 20), flag=0.0)
    plans = rows([0.0, 0.0], start="2026-03-06", price=12.5, flag=0.0)
    assert codes(build_panel(frame, plans, calendar=None)) == set()


def test_columns_that_repeat_the_weekday_or_another_are_told_and_kept(rows, said):
    frame = rows(wavy())
    promo = np.random.default_rng(0).integers(0, 2, 60).astype(float)
    weekend = (frame["date"].dt.day_of_week >= 5).astype(float)
    frame = frame.assign(promo=promo, again=3 - 2 * promo, weekend=weekend)
    panel = build_panel(frame, calendar=None)
    assert "again, weekend" in said(panel, "known_repeats").part("found")
    assert set(panel.known) == {"promo", "again", "weekend"}


@pytest.mark.parametrize("sales", [[True, False, True], [1 + 2j, 2 + 0j, 3 + 0j]])
def test_sales_that_are_no_amounts(rows, refused, sales):
    found = refused("sales_kind", rows(np.array(sales)))
    assert str(np.array(sales).dtype) in found.part("found")
