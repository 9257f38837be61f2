"""Panels of groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import DataError
from workbench.panel.aggregate import aggregate
from workbench.panel.build import build_panel
from workbench.panel.hierarchy import lay_hierarchy


@pytest.fixture
def panel(rows):
    frame = pd.concat(
        [
            rows([30.0, 30.0, 30.0, 0.0], unit="a", open=[1, 1, 1, 0], promo=[0, 1, 0, 0]),
            rows([None, 10.0, 10.0, 10.0], unit="b", open=1, promo=[0, 0, 1, 0]),
            rows([None, 5.5, None, 6.5], unit="c", open=1, promo=1),
        ]
    )
    plans = pd.concat(
        [
            rows([0.0], unit=u, start="2026-01-09", open=int(u != "b"), promo=int(u == "a"))
            for u in "abc"
        ]
    )
    return build_panel(frame, plans, calendar=None)


def test_worked_by_hand(panel):
    groups = aggregate(panel, {"a": "north", "b": "north", "c": "south"})
    assert groups.units == ("north", "south")
    np.testing.assert_array_equal(
        groups.sales, [[30.0, np.nan], [40.0, 5.5], [40.0, np.nan], [10.0, 6.5]]
    )
    # a sells 30 a day, b 10: a weighs three quarters; b was not observed on the first day
    np.testing.assert_allclose(groups.open[:, 0], [0.75, 1.0, 1.0, 0.25, 0.75])
    np.testing.assert_allclose(groups.open[:, 1], 1.0)
    np.testing.assert_allclose(groups.known["promo"][:, 0], [0, 0.75, 0.25, 0, 0.75])
    assert groups.dates.equals(panel.dates)
    assert groups.ahead.equals(panel.ahead)


def test_one_group_each_changes_nothing(panel):
    same = aggregate(panel, {unit: unit for unit in panel.units})
    np.testing.assert_array_equal(same.sales, panel.sales)
    np.testing.assert_array_equal(same.known["promo"], panel.known["promo"])
    seen = panel.observed
    np.testing.assert_array_equal(same.open[:4][seen], panel.open[:4][seen])


@given(st.lists(st.integers(0, 4), min_size=12, max_size=12), st.integers(0, 99))
def test_money_adds_up_and_closed_is_zero(owner, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{at}" for at in range(12)], 20),
            "date": np.tile(pd.date_range("2026-01-01", periods=20), 12),
            "sales": np.where(rng.random(240) < 0.2, np.nan, rng.gamma(2.0, 40.0, 240)),
            "open": 1.0,
        }
    )
    panel = build_panel(frame, calendar=None)
    groups = aggregate(panel, {f"u{at}": f"g{to}" for at, to in enumerate(owner)})
    np.testing.assert_allclose(np.nansum(groups.sales, axis=1), np.nansum(panel.sales, axis=1))
    assert ((groups.open >= 0) & (groups.open <= 1)).all()
    assert (groups.observed.any(axis=1) == panel.observed.any(axis=1)).all()


def test_all_open_is_exactly_one(rows):
    frame = pd.concat([rows(np.full(9, 0.1 + at / 7), unit=f"u{at}") for at in range(37)])
    groups = aggregate(build_panel(frame, calendar=None), {f"u{at}": "all" for at in range(37)})
    assert (groups.open == 1.0).all()


def test_levels_of_a_hierarchy(panel):
    keys = pd.DataFrame({"region": ["north", "north", "south"]}, index=list("abc"))
    company = aggregate(panel, lay_hierarchy(keys).groups("total"))
    assert company.units == ("total",)
    assert company.sales[:, 0].tolist() == [30.0, 45.5, 40.0, 16.5]


def test_units_that_never_sold_count_all_the_same(rows):
    frame = pd.concat([rows([0.0, 0.0, 0.0], unit="a"), rows([-4.0, 0.0, 0.0], unit="b")])
    groups = aggregate(build_panel(frame, calendar=None), {"a": "x", "b": "x"})
    assert groups.sales[:, 0].tolist() == [-4.0, 0.0, 0.0]
    assert (groups.open == 1).all()


def test_a_unit_without_a_group(panel):
    with pytest.raises(DataError, match="belong to no group") as caught:
        aggregate(panel, {"a": "north", "c": "south"})
    assert "1 units: b" in str(caught.value)
    assert "没有归入任何分组" in caught.value.text("zh")
