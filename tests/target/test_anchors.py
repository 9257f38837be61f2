"""Anchors: last year, plus some, running growth, the period before."""

import numpy as np
import pandas as pd
import pytest

from workbench.target.anchors import anchors
from workbench.target.build import outlook
from workbench.target.proposal import ALL_UNITS


@pytest.fixture(scope="module")
def shop(make_panel, make_paths):
    """Two years of days: a sells 10 a day and 12 in the last 13 weeks; b opened 60 days ago."""
    sales = np.full((730, 2), 10.0)
    sales[-91:, 0] = 12.0
    sales[:-60, 1] = np.nan
    panel = make_panel(sales, last="2026-09-30")
    rng = np.random.default_rng(5)
    paths = make_paths(panel, rng.normal([11.5, 10.0], [1.0, 2.0], (999, 2)), 92)
    return panel, outlook(panel, paths, period="2026Q4")


def table_of(shop) -> pd.DataFrame:
    return anchors(*shop).set_index(["anchor", "unit"])


def test_amounts_by_hand(shop) -> None:
    target = table_of(shop)["target"]
    assert target["last_year", "a"] == 920
    assert target["last_year_plus_5", "a"] == pytest.approx(966)
    assert target["last_year_plus_20", "a"] == pytest.approx(1104)
    # 12 a day against 10 a year before, over 8 as over 13 weeks.
    assert target["running_growth_8", "a"] == pytest.approx(1104)
    assert target["running_growth_13", ALL_UNITS] == pytest.approx(1104)
    assert target["previous_period", "a"] == 91 * 12 + 10


def test_a_unit_without_last_year_has_no_anchor_and_is_left_out_of_the_sum(shop) -> None:
    table = table_of(shop)
    assert np.isnan(table.loc[("last_year", "b"), "target"])
    assert np.isnan(table.loc[("last_year", "b"), "probability"])
    assert table.loc[("last_year", ALL_UNITS), "target"] == 920
    assert "target.no_last_year" in [notice.code for notice in shop[1].notices]


def test_probabilities_are_those_of_the_outlook(shop) -> None:
    _, seen = shop
    table = table_of(shop).dropna()
    for (_, unit), row in table.iterrows():
        asked = row["target"] if unit == ALL_UNITS else {unit: row["target"]}
        assert row["probability"] == pytest.approx(float(np.squeeze(seen.probability(asked))))


def test_what_nobody_has_is_left_out(make_panel, make_paths) -> None:
    panel = make_panel(np.ones((120, 2)), last="2026-09-30")
    seen = outlook(panel, make_paths(panel, [[1.0, 1.0], [2.0, 2.0]], 92), period="2026Q4")
    assert set(anchors(panel, seen)["anchor"]) == {"previous_period"}
    young = make_panel(np.ones((60, 2)), last="2026-09-30")
    seen = outlook(young, make_paths(young, [[1.0, 1.0], [2.0, 2.0]], 92), period="2026Q4")
    assert anchors(young, seen).empty
    assert list(anchors(young, seen).columns) == ["unit", "anchor", "target", "probability"]


def test_part_of_an_outlook_has_its_own_anchors(shop) -> None:
    panel, seen = shop
    table = anchors(panel, seen.only(["a"])).set_index(["anchor", "unit"])["target"]
    assert table["last_year", ALL_UNITS] == table["last_year", "a"] == 920
    assert anchors(panel, seen.only(["b"])).empty


def test_lunar_anchor_needs_a_calendar(make_panel, make_paths) -> None:
    from workbench.calendar.calendar import load_calendar

    rng = np.random.default_rng(2)
    panel = make_panel(rng.gamma(9, 1, (800, 2)), last="2026-01-10", calendar=load_calendar("CN"))
    paths = make_paths(panel, rng.gamma(9, 1, (50, 2)), 90)
    names = list(dict.fromkeys(anchors(panel, outlook(panel, paths, period="2026Q1"))["anchor"]))
    assert names[:2] == ["last_year", "last_year_lunar"]
