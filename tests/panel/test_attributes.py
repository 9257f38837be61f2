"""What a unit is and stays, told from the columns of the table."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.aggregate import aggregate
from workbench.panel.build import build_panel

DATES = pd.date_range("2026-01-05", periods=4)


@pytest.fixture
def shops():
    parts = [
        pd.DataFrame({"unit": unit, "date": DATES, "sales": sold, "kind": kind, "floor": floor})
        for unit, sold, kind, floor in [
            ("a", 10.5, "mall", 120.0),
            ("b", 31.5, "store", 75.5),
            ("c", 7.0, "mall", 44.0),
        ]
    ]
    return pd.concat(parts, ignore_index=True).assign(promo=[0, 1, 1, 0] * 3)


def plans(**columns):
    later = DATES[-1] + pd.to_timedelta([1, 2, 3], unit="D")
    return pd.DataFrame({"unit": ["a", "b", "c"], "date": later, "promo": 1, **columns})


def test_what_never_changes_within_a_unit_is_an_attribute(shops):
    panel = build_panel(shops, calendar=None)
    assert set(panel.known) == {"promo"}
    assert {name: values.tolist() for name, values in panel.attributes.items()} == {
        "kind=store": [0.0, 1.0, 0.0],
        "floor": [120.0, 75.5, 44.0],
    }


def test_an_attribute_needs_no_plan(shops):
    panel = build_panel(shops, plans(), calendar=None)
    assert set(panel.attributes) == {"kind=store", "floor"}
    assert "panel.known_not_ahead" not in [notice.code for notice in panel.notices]


def test_a_column_that_plans_change_is_none(shops):
    panel = build_panel(shops, plans(floor=[120.0, 75.5, 60.0], kind="mall"), calendar=None)
    assert panel.attributes == {}
    assert set(panel.known) == {"promo", "floor", "kind=store"}


def test_a_column_that_is_the_same_for_all_is_none(shops):
    panel = build_panel(shops.assign(floor=75.5, kind="mall"), calendar=None)
    assert panel.attributes == {}


def test_a_blank_takes_the_middle_of_the_others_and_some_rows_are_enough(shops):
    shops.loc[shops["unit"] == "c", "floor"] = np.nan
    shops.loc[1, "floor"] = np.nan
    panel = build_panel(shops, calendar=None)
    assert panel.attributes["floor"].tolist() == [120.0, 75.5, 97.75]


def test_only_and_aggregate_keep_them(shops):
    panel = build_panel(shops, calendar=None)
    assert panel.only(["c", "a"]).attributes["floor"].tolist() == [44.0, 120.0]
    # Weighted by sales when open: (120 × 10.5 + 44 × 7) ÷ 17.5.
    groups = aggregate(panel, {"a": "x", "b": "y", "c": "x"})
    assert groups.attributes["floor"] == pytest.approx([89.6, 75.5])
