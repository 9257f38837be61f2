"""The probability band, the reasons of a proposal, and the ways of splitting side by side."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import load_calendar
from workbench.errors import TargetError
from workbench.panel.build import build_panel
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjust
from workbench.target.band import in_band
from workbench.target.cascade import cascade
from workbench.target.cascade_ways import as_allocation, compare_cascades
from workbench.target.outlook import Outlook
from workbench.target.reasons import reasons


def an_outlook(last_year=(800.0, 400.0)):
    rng = np.random.default_rng(2)
    totals = np.array([1000.0, 400.0]) * np.exp(rng.normal(0, [[0.1, 0.3]], (500, 2)))
    frame = pd.DataFrame(totals, columns=["web", "store"])
    before = pd.Series(last_year, index=["web", "store"])
    return Outlook.from_totals(frame, period="2026Q4", as_of="2026-09-30", last_year=before)


SEEN = an_outlook()


def test_too_easy_fair_and_too_hard():
    targets = pd.Series({"": 1400.0, "web": 700.0, "store": 900.0})
    table = in_band(SEEN, targets, (0.35, 0.8))
    assert table["verdict"].to_dict() == {"": "fair", "web": "too_easy", "store": "too_hard"}
    assert table.loc["web", "fair"] == table.loc["web", "least"] == SEEN.targets_at(0.8)["web"]
    assert table.loc["store", "fair"] == table.loc["store", "most"]
    assert table.loc["", "fair"] == 1400
    again = in_band(SEEN, table["fair"], (0.35, 0.8))
    assert set(again["verdict"]) == {"fair"}


def test_a_band_that_is_none():
    for band in ((0.8, 0.35), (0, 0.5), (0.5, 1)):
        with pytest.raises(TargetError, match="band of probabilities cannot be used"):
            in_band(SEEN, pd.Series({"": 1.0}), band)


def a_panel():
    """Ten a day a year ago, twelve now; promotions on one day last year, three planned."""
    dates = pd.date_range("2024-07-01", "2026-12-31")
    promo = dates.isin(pd.to_datetime(["2025-11-11", "2026-11-11", "2026-12-01", "2026-12-02"]))
    rows = pd.DataFrame({"unit": "web", "date": dates, "promo": promo.astype(float)})
    rows["sales"] = np.where(dates < "2026-01-01", 10.0, 12.0)
    past = rows[rows["date"] <= "2026-09-30"]
    known = rows[rows["date"] > "2026-09-30"].drop(columns="sales")
    return build_panel(past, known, calendar=load_calendar("CN"))


def test_the_steps_from_last_year_to_the_base_add_up():
    totals = pd.DataFrame({"web": np.linspace(1000, 1400, 401)})
    before = pd.Series({"web": 920.0})
    seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30", last_year=before)
    launch = Adjustment("launch", low=20, mid=50, high=90, kind="amount")
    why = reasons(a_panel(), seen, adjusted=adjust(seen, [launch]), adjustments=[launch])
    parts = why.parts.set_index("cause")["amount"]
    assert list(parts.index) == ["last_year", "festivals", "growth", "other", "launch"]
    assert parts.sum() == pytest.approx(why.base)
    assert parts["last_year"] == 920
    assert parts["growth"] == pytest.approx(184)
    assert why.growth == pytest.approx(0.2)
    assert parts["launch"] == pytest.approx(50, rel=0.2)
    assert why.plans.values.tolist() == [["promo", 3.0, 1.0]]


def test_without_a_last_year_there_is_little_to_say():
    seen = an_outlook((np.nan, np.nan))
    dates = pd.date_range("2026-08-01", "2026-09-30")
    rows = pd.DataFrame({"unit": "web", "date": dates, "sales": 10.0})
    both = pd.concat([rows, rows.assign(unit="store")])
    why = reasons(build_panel(both, calendar=None), seen)
    assert why.parts["cause"].tolist() == ["other"]
    assert why.parts["amount"].sum() == pytest.approx(why.base)
    assert np.isnan(why.growth)


def test_the_ways_stand_side_by_side_under_the_same_limits():
    able = pd.Series({"web": 1500.0, "store": 1000.0})
    shares = {"web": 1, "store": 1}
    plan = cascade(1400, SEEN, unit=1, shares=shares, capacity=able, floors={"store": 350})
    ways = compare_cascades(plan)
    assert list(ways.cascades) == ["equal_probability", "history", "share", "capacity"]
    table = ways.table().set_index("node")
    assert table.loc["store", "target_share"] == 700
    assert table.loc["store", "target_capacity"] == 560
    assert table.loc["store", "probability_share"] < 0.1
    assert (table.loc[["web", "store"]].filter(like="target").sum() == 1400).all()
    units = ways.comparison().table()
    assert units.loc["web", "target_history"] == table.loc["web", "target_history"]
    only = compare_cascades(cascade(1400, an_outlook((np.nan, np.nan))))
    assert list(only.cascades) == ["equal_probability"]


def test_a_cascade_is_an_allocation_of_its_units():
    plan = as_allocation(cascade(1400, SEEN, unit=1, caps={"web": 900}))
    assert plan.targets.to_dict() == {"web": 900.0, "store": 500.0}
    assert plan.limits["web"] == "cap"
    assert plan.table()["share"].sum() == 1
