"""Capacity of people, targets beyond it, and one person more or fewer."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.errors import TargetError
from workbench.panel.build import build_panel
from workbench.target.capacity import capacity, working_days
from workbench.target.carry import carry
from workbench.target.cascade import cascade
from workbench.target.outlook import Outlook
from workbench.target.staffing import staffing

QUARTER = parse_period("2026Q4")
KEYS = pd.DataFrame(
    {"team": ["N", "N", "S", "S"], "salesperson": ["An", "Bo", "Cy", "Di"]},
    index=["N / An", "N / Bo", "S / Cy", "S / Di"],
)


def a_staff(**columns):
    people = {"salesperson": ["An", "Bo", "Cy", "Di"], "team": ["N", "N", "S", "S"]}
    return pd.DataFrame({**people, "money_per_day": [100.0, 100.0, 100.0, 100.0], **columns})


def an_outlook(sizes=(5000, 4000, 3000, 2000), n=400):
    rng = np.random.default_rng(8)
    totals = np.array(sizes) * np.exp(rng.normal(0, 0.1, (n, len(sizes))))
    frame = pd.DataFrame(totals, columns=list(KEYS.index))
    return Outlook.from_totals(frame, period="2026Q4", as_of="2026-09-30")


def test_working_days_by_hand():
    staff = pd.DataFrame(
        {
            "salesperson": ["full", "five", "joins", "leaves", "away", "learns"],
            "start": pd.to_datetime([None, None, "2026-11-01", None, None, "2026-10-01"]),
            "end": pd.to_datetime([None, None, None, "2026-10-31", None, None]),
            "days_per_week": [7, 5, 7, 7, 7, 7.0],
            "absence_days": [0, 0, 0, 0, 23, 0.0],
            "ramp_days": [0, 0, 0, 0, 0, 46.0],
        }
    )
    days = working_days(staff, QUARTER, ramp_days=90)
    # Learning: half at first, whole after 46 days: 46 × ½ + ½ × (0 + … + 45) / 46, then 46 whole.
    learns = 23 + 0.5 * (45 / 2) + 46
    assert days == pytest.approx([92, 92 * 5 / 7, 61, 31, 69, learns])


def test_a_move_counts_each_place_and_learns_only_once():
    staff = pd.DataFrame(
        {
            "salesperson": ["An", "An", "Bo"],
            "team": ["N", "S", "N"],
            "start": pd.to_datetime(["2020-01-01", "2026-11-01", "2020-01-01"]),
            "end": pd.to_datetime(["2026-10-31", None, "2026-09-15"]),
            "money_per_day": [100.0, 100.0, 50.0],
        }
    )
    keys = pd.DataFrame(
        {"team": ["N", "S", "N"], "salesperson": ["An", "An", "Bo"]}, index=["N/An", "S/An", "N/Bo"]
    )
    able = capacity(staff, keys, period=QUARTER)
    assert able.units.to_dict() == {"N/An": 3100, "S/An": 6100, "N/Bo": 0}
    codes = [notice.code for notice in able.notices]
    assert codes == ["capacity.moves", "capacity.none_left"]
    assert "moves to another team during the period" in able.notices[0].text()
    assert "capacity of zero, and get no target" in able.notices[1].text()
    assert "N/Bo" in able.notices[1].text("zh")


def test_orders_quarters_and_records_stand_in_for_money_a_day():
    staff = a_staff(
        money_per_day=[np.nan] * 4,
        orders_per_day=[10.0, np.nan, np.nan, np.nan],
        order_value=[30.0, np.nan, np.nan, np.nan],
        capacity=[np.nan, 9000.0, np.nan, np.nan],
    )
    days = pd.date_range("2026-01-01", "2026-09-30")
    sales = np.where((days >= "2026-05-01") & (days < "2026-05-29"), 70.0, 20.0)
    rows = [pd.DataFrame({"unit": u, "date": days, "sales": sales}) for u in KEYS.index[:3]]
    panel = build_panel(pd.concat(rows), calendar=None)
    able = capacity(staff, KEYS, period=QUARTER, panel=panel)
    assert able.units.iloc[:3].tolist() == pytest.approx([27600, 9000 * 92 / 91.3125, 70 * 92])
    assert np.isnan(able.units.iloc[3])
    assert able.people["source"].tolist() == ["given", "given", "record", ""]
    said = [notice.code for notice in able.notices]
    assert said == ["capacity.unknown", "capacity.from_record"]
    assert "does not say who sells for some units" in able.notices[0].text()
    assert "their own best four weeks stand in" in able.notices[1].text()


def test_leaving_and_newcomers_are_told():
    staff = pd.concat([a_staff(), pd.DataFrame({"salesperson": ["Ed"], "team": ["S"]})])
    staff["end"] = pd.to_datetime(["2026-10-31", None, None, None, None])
    able = capacity(staff, KEYS, period=QUARTER)
    texts = [notice.text() for notice in able.notices]
    assert "Somebody leaves during the period" in texts[0]
    assert "An (2026-10-31)" in texts[0]
    assert "no sales of their own yet" in texts[1]


def test_units_that_the_staff_cannot_be_matched_with():
    with pytest.raises(TargetError, match="have no column in common"):
        capacity(a_staff(), KEYS[[]].assign(category="x"), period=QUARTER)
    with pytest.raises(TargetError, match="units are finer than the staff table"):
        capacity(a_staff(salesperson=[None] * 4), KEYS, period=QUARTER)
    gone = a_staff(end=pd.to_datetime(["2026-01-31"] * 4))
    with pytest.raises(TargetError, match="Nobody in the staff table can sell anything"):
        capacity(gone, KEYS, period=QUARTER)
    with pytest.raises(TargetError, match="Nobody in the staff table can sell anything"):
        capacity(a_staff(money_per_day=[0.0] * 4), KEYS, period=QUARTER)


def test_what_is_beyond_capacity_goes_to_others():
    seen = an_outlook()
    plan = cascade(15000, seen, KEYS, unit=1)
    able = capacity(a_staff(money_per_day=[50.0, 100, 100, 100]), KEYS, period=QUARTER)
    load = carry(plan, able)
    assert load.before is plan
    table = load.table()
    assert table["over"].tolist() == [True, False, False, False]
    assert table.loc["N / An", "target"] == 4600
    assert table["target"].sum() == 15000
    assert table.loc["N / An", "load_before"] == plan.targets["N / An"] / 4600
    held = load.after.nodes().set_index("node").loc["An", "limit"]
    assert held == "capacity"
    assert "beyond what their people can sell, and went to others" in load.notices[-1].text()
    assert load.short == 0


def test_a_lock_above_capacity_stays_and_is_flagged():
    seen = an_outlook()
    plan = cascade(15000, seen, KEYS, unit=1, locks={"An": 6000})
    able = capacity(a_staff(money_per_day=[50.0, 100, 100, 100]), KEYS, period=QUARTER)
    table = carry(plan, able).table()
    assert table.loc["N / An", ["target", "over"]].tolist() == [6000, True]


def test_too_few_people_are_said_and_the_split_stays():
    plan = cascade(15000, an_outlook(), KEYS, unit=1)
    able = capacity(a_staff(money_per_day=[30.0] * 4), KEYS, period=QUARTER)
    load = carry(plan, able)
    assert load.after is plan
    assert load.short == 15000 - 4 * 30 * 92
    assert "cannot carry the target" in load.notices[-1].text()
    assert "about 2 people at full strength" in load.notices[-1].text()


def test_one_person_more_or_fewer():
    seen = an_outlook()
    plan = cascade(14000, seen, KEYS, unit=1)
    able = capacity(a_staff(money_per_day=[60.0, 50, 100, 100]), KEYS, period=QUARTER)
    table = staffing(plan, able).set_index(["team", "scenario"])
    north = table.loc["N"]
    assert north["people"].tolist() == [2, 3, 1, 3]
    assert north.loc["one_fewer", "capacity"] == 55 * 92
    # Ninety days of learning from half to whole, then two whole ones.
    share = (90 * 0.5 + 0.5 * 89 / 2 + 2) / 92
    assert north.loc["one_more", "capacity"] == pytest.approx(110 * 92 + 55 * 92 * share)
    chances = north["probability"]
    assert chances["one_fewer"] < 0.01 < chances["today"] <= chances["one_more"]
    assert chances["one_more"] <= plan.company_probability
    # The south has more capacity than its sales need: another person changes nothing there.
    south = table.loc["S"]
    assert south.loc["today", "probability"] == south.loc["one_more", "probability"]
    assert (table["load"] * table["capacity"]).to_numpy() == pytest.approx(table["target"])


def test_a_person_moves_from_where_least_is_lost():
    rng = np.random.default_rng(8)
    totals = np.array([9000, 1500, 3300]) * np.exp(rng.normal(0, 0.1, (400, 3)))
    keys = pd.DataFrame({"team": ["N", "S", "W"]}, index=["N", "S", "W"])
    frame = pd.DataFrame(totals, columns=list(keys.index))
    seen = Outlook.from_totals(frame, period="2026Q4", as_of="2026-09-30")
    staff = {"salesperson": list("abcdef"), "team": list("NNSSWW")}
    rates = [40.0, 50, 17, 23, 21, 19]
    able = capacity(pd.DataFrame({**staff, "money_per_day": rates}), keys, period=QUARTER)
    plan = cascade(13_300, seen, keys, unit=1)
    table = staffing(plan, able).set_index(["team", "scenario"])
    moved = table.xs("one_moved", level="scenario")
    # A person of S can go at the loss of what S sells beyond 20 a day; W lives on both of its own.
    assert moved["other"].to_dict() == {"N": "S", "S": "W", "W": "S"}
    assert moved.loc["N", "capacity"] == (90 + 20) * 92
    north, south = np.minimum(totals[:, 0], 110 * 92), np.minimum(totals[:, 1], 20 * 92)
    whole = north + south + np.minimum(totals[:, 2], 40 * 92)
    assert moved.loc["N", "probability"] == pytest.approx((whole >= 13_300).mean(), abs=0.01)
    theirs = (south >= plan.targets["S"]).mean()
    assert moved.loc["N", "other_probability"] == pytest.approx(theirs, abs=0.01)
    assert moved.loc["N", "probability"] > table.loc[("N", "today"), "probability"] + 0.1
    assert table["other"].eq("").sum() == 9


def test_a_team_alone_moves_nobody():
    plan = cascade(14000, an_outlook(), unit=1)
    able = capacity(a_staff(), KEYS, period=QUARTER)
    assert staffing(plan, able)["scenario"].tolist() == ["today", "one_more", "one_fewer"]
