"""From a long table to a panel."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.calendar.calendar import load_calendar
from workbench.panel.build import build_panel

NAMES = [
    "线上商城",
    "🛍️ pop-up",
    'a "quoted" one',
    "a/b\\c",
    "<script>alert(1)</script>",
    "x,y;z",
    "{0}",
]


def test_a_missing_row_is_zero_or_not_observed_where_open_is_told(rows):
    frame = rows([1.0, 2.0, 3.0, 4.0]).drop(index=2)
    assert build_panel(frame, calendar=None).sales[:, 0].tolist() == [1, 2, 0, 4]
    told = build_panel(frame.assign(open=1), calendar=None)
    np.testing.assert_array_equal(told.sales[:, 0], [1, 2, np.nan, 4])


def test_empty_sales_are_not_observed(rows):
    panel = build_panel(rows([1.0, None, 3.0]), calendar=None)
    assert panel.observed[:, 0].tolist() == [True, False, True]
    text = rows(pd.Series(["1.5", None, "3"], dtype=object))
    np.testing.assert_array_equal(build_panel(text, calendar=None).sales[:, 0], [1.5, np.nan, 3.0])


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_only_orders_units(random, has_open):
    rng = np.random.default_rng(random.randrange(10**6))
    dates = pd.date_range("2026-01-01", periods=40)
    frame = pd.DataFrame(
        [(unit, date) for unit in ("c", "a", "b") for date in dates], columns=["unit", "date"]
    )
    frame["sales"] = rng.gamma(2.0, 50.0, len(frame)).round(2)
    frame["kind"] = rng.choice(["x", "y", "z"], len(frame))
    if has_open:
        frame["open"] = rng.integers(0, 2, len(frame))
    frame = frame.sample(100, random_state=rng.integers(10**6))
    plans = pd.DataFrame({"unit": ["a", "b"], "date": dates[-1] + pd.Timedelta(days=2)}).assign(
        kind=["y", "x"]
    )
    one = build_panel(frame, plans, calendar=None)
    two = build_panel(frame.sample(frac=1, random_state=3), plans[::-1], calendar=None)
    two = two.only(one.units)
    assert one.dates.equals(two.dates)
    np.testing.assert_array_equal(one.sales, two.sales)
    np.testing.assert_array_equal(one.open, two.open)
    assert sorted(one.known) == sorted(two.known)
    for name, values in one.known.items():
        np.testing.assert_allclose(two.known[name], values, atol=1e-12)


def test_money_is_neither_lost_nor_made(rows):
    rng = np.random.default_rng(4)
    parts = [rows(rng.gamma(2.0, 9.0, 60).round(2), unit=name) for name in NAMES]
    frame = pd.concat(parts).sample(frac=0.7, random_state=1)
    panel = build_panel(frame, calendar=None)
    assert np.nansum(panel.sales) == pytest.approx(frame["sales"].sum())
    by_unit = frame.groupby("unit")["sales"].sum()
    np.testing.assert_allclose(np.nansum(panel.sales, axis=0), by_unit[list(panel.units)])


def test_any_name_of_a_unit_comes_through(rows):
    panel = build_panel(pd.concat([rows(unit=name) for name in NAMES]), calendar=None)
    assert panel.units == tuple(NAMES)
    frame = pd.concat([rows([-1.0, 2.0, 3.0], unit=name) for name in NAMES])
    (notice,) = build_panel(frame, calendar=None).notices
    assert "线上商城 2026-01-05 -1.0" in notice.text("zh")
    assert "{0}" in build_panel(rows([-1.0], unit="{0}"), calendar=None).notices[0].text()


@pytest.mark.parametrize("dtype", ["category", "object", "string", "str"])
def test_units_of_any_type(rows, dtype):
    frame = pd.concat([rows(unit="b"), rows(unit="a")])
    panel = build_panel(frame.astype({"unit": dtype}), calendar=None)
    assert panel.units == ("b", "a")
    assert all(type(unit) is str for unit in panel.units)
    assert build_panel(rows(unit=101), calendar=None).units == ("101",)


def test_calendar_by_code_as_object_or_none(rows):
    calendar = load_calendar("CN")
    assert build_panel(rows()).calendar is calendar
    assert build_panel(rows(), calendar=calendar).calendar is calendar
    assert build_panel(rows(), calendar=None).calendar is None


def test_two_thousand_units_of_three_years():
    rng = np.random.default_rng(0)
    dates = pd.date_range("2023-01-01", periods=1100)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"shop {at}" for at in range(2000)], len(dates)),
            "date": np.tile(dates.to_numpy(), 2000),
            "sales": rng.random(2000 * len(dates)),
            "promo": rng.integers(0, 2, 2000 * len(dates)),
        }
    )
    panel = build_panel(frame, calendar=None)
    assert panel.sales.shape == (1100, 2000)
    at = frame.sample(5, random_state=1)
    for row in at.itertuples():
        there = panel.dates.get_loc(row.date), panel.units.index(row.unit)
        assert panel.sales[there] == row.sales


def test_rossmann(shared_data):
    table = pd.read_parquet(shared_data / "rossmann" / "store_daily.parquet")
    frame = table.rename(columns={"store": "unit"}).drop(columns="customers")
    as_of = pd.Timestamp("2015-03-19")
    past, plans = frame[frame["date"] <= as_of], frame[frame["date"] > as_of]
    panel = build_panel(past, plans, calendar=None)
    assert panel.sales.shape == (808, 1115)
    assert len(panel.ahead) == 42
    assert np.nansum(panel.sales) == past["sales"].sum()
    assert int((~panel.observed).sum()) == 180 * 184 + 1  # refurbished for half a year
    assert ((panel.open == 0).sum()) >= (past["open"] == 0).sum()
    assert panel.known["promo"][808:].sum() == plans["promo"].sum()
