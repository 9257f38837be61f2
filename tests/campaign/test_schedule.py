"""Several campaigns at once: saturation, staff, exclusivity, nothing counted twice."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.campaign.overlap import saturated
from workbench.campaign.schedule import saturate


def seen(n_paths=40, mean=50_000.0, units=("online", "store")):
    draws = np.random.default_rng(1).normal(mean, mean / 20, (n_paths, len(units)))
    totals = pd.DataFrame(draws, columns=list(units))
    return wb.Outlook.from_totals(totals, period="2026-11", as_of="2026-10-31")


def buy(name, start="2026-11-03", **changes):
    day = date.fromisoformat(start)
    sure = {"price": 100, "discount": 0.2, "visits": 3000, "units": "online"}
    until = {"until": "2027-01-31", "end": date.fromordinal(day.toordinal() + 3)}
    return wb.GroupBuy(name=name, start=start, **{**sure, **until, **changes})


def test_three_campaigns_by_hand():
    assert saturated(np.array([7.0, 11.0, 5.0]), 0.2) == pytest.approx(11 + 0.8 * 7 + 0.64 * 5)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), min_size=2, max_size=5),
    st.floats(0, 1),
    st.integers(0, 4),
    st.floats(0, 1e5),
)
def test_together_between_the_strongest_and_the_sum(rows, overlap, which, more):
    sales = np.array(rows)
    both = saturated(sales, overlap)
    assert (both <= sales.sum(axis=0) * (1 + 1e-12)).all()
    assert (both >= sales.max(axis=0) * (1 - 1e-12)).all()
    bigger = sales.copy()
    bigger[which % len(rows)] += more
    assert (saturated(bigger, overlap) >= both * (1 - 1e-12)).all()


def test_apart_they_add_up_and_the_ledgers_are_left_alone():
    apart = wb.simulate_schedule([buy("a"), buy("b", "2026-11-20")], n_paths=20)
    assert all(one is two for one, two in zip(apart.simulations, apart.alone, strict=True))
    assert not [n for n in apart.notices if n.code == "schedule.overlap"]


def test_on_shared_days_the_formula_holds_on_every_path():
    result = wb.simulate_schedule([buy("a"), buy("b", "2026-11-05")], n_paths=30, overlap=0.4)
    one, two = (x.ledger["sales"][:, :, 0] for x in result.alone)
    early = np.zeros((30, 2))
    one, two = np.hstack([one, early])[:, :7], np.hstack([early, two])[:, :7]
    together = np.maximum(one, two) + 0.6 * np.minimum(one, two)
    part = np.divide(together, one + two, out=np.ones_like(one), where=one + two > 0)
    net = result.alone[0].ledger["sales"] - result.alone[0].ledger["cannibalised_sales"]
    repeats = result.alone[0].ledger["repeat_sales"] - result.alone[0].ledger["repaid_sales"]
    whole = (part * one).sum(axis=1) / one.sum(axis=1)
    gone = (1 - part) * net[:, :7, 0] + (1 - whole[:, None]) * repeats[:, :7, 0]
    assert result.simulations[0].ledger["overlap_sales"][:, :7, 0] == pytest.approx(gone)
    assert result.notices[-1].code == "schedule.overlap"
    assert "counted once" in str(result.notices[-1])


def test_two_that_are_the_same_bring_what_one_brings():
    alone = buy("a").simulate(n_paths=25)
    both = saturate([alone, alone], 1.0)
    assert sum(one.increment for one in both) == pytest.approx(alone.increment)
    gross = sum(one.outcome("gross_margin") for one in both)
    won = alone.outcome("gross_margin") > 0
    assert gross[won] == pytest.approx(alone.outcome("gross_margin")[won])
    assert all((one.cost == alone.cost).all() for one in both)


def test_units_that_only_one_of_them_has_are_untouched():
    two = buy("b", units={"online": 1, "store": 1})
    result = wb.simulate_schedule([buy("a"), two], n_paths=20)
    taken = result.simulations[1].ledger["overlap_sales"]
    assert taken[:, :, 0].sum() > 0
    assert (taken[:, :, 1] == 0).all()


def test_an_outlook_takes_a_schedule_in():
    outlook = seen()
    result = wb.simulate_schedule([buy("a"), buy("b")], outlook=outlook)
    after = wb.with_campaigns(outlook, result.simulations)
    added = after.totals["online"] - outlook.totals["online"]
    assert added.to_numpy() == pytest.approx(result.totals()["online"].to_numpy())
    table = result.table()
    assert table["sales"].sum() == pytest.approx(float(added.mean()))
    assert (table["alone"] - table["overlap"]).to_numpy() == pytest.approx(table["sales"])
    inside = result.by_day().loc[:"2026-11-30"].to_numpy().sum()
    assert inside == pytest.approx(table["sales"].sum())


def test_people_can_sell_no_more_than_they_can():
    outlook = seen()
    able = {"online": float(outlook.totals["online"].quantile(0.9))}
    result = wb.simulate_schedule([buy("a"), buy("b")], outlook=outlook, capacity=able)
    after = wb.with_campaigns(outlook, result.simulations).totals["online"]
    most = np.maximum(outlook.totals["online"], able["online"])
    alone = wb.simulate_schedule([buy("a"), buy("b")], outlook=outlook)
    free = wb.with_campaigns(outlook, alone.simulations).totals["online"]
    assert after.to_numpy() == pytest.approx(np.minimum(free, np.maximum(most, 0)).to_numpy())
    assert "more than the staff can handle" in str(result.notices[-1])
    assert "超出人力产能" in result.notices[-1].text("zh")
    assert result.table()["unserved"].sum() > 0


def test_same_seed_same_bytes():
    one, two = (wb.simulate_schedule([buy("a"), buy("b")], n_paths=10, seed=3) for _ in "12")
    assert one.totals().to_numpy().tobytes() == two.totals().to_numpy().tobytes()


@pytest.mark.parametrize(
    ("campaigns", "options", "words", "code"),
    [
        ([], {}, "no campaign in the schedule", "schedule.nothing"),
        ([buy("a"), buy("a")], {}, "added twice", "campaign.same_campaign"),
        ([buy("a"), buy("b", currency="USD")], {}, "different currencies", "campaign.currencies"),
        ([buy("a")], {"overlap": 1.5}, "overlap = 1.5", "schedule.overlap_share"),
        ([buy("a")], {"overlap": "much"}, "in common cannot be used", "schedule.overlap_share"),
        ([buy("a")], {"period": "2027-02"}, "outside the period", "campaign.outside_period"),
        ([buy("a")], {"as_of": "2026-11-05"}, "sales are known already", "campaign.in_the_past"),
        (
            [buy("a")],
            {"closed": [f"2026-11-{d:02}" for d in range(1, 12)]},
            "closed days only",
            "campaign.all_closed",
        ),
        ([buy("a"), buy("b")], {"exclusive": True}, "exclude each other", "schedule.exclusive"),
        (
            [buy("a"), buy("b")],
            {"exclusive": [["a", "b"]]},
            "4 day\\(s\\), 2026-11-03",
            "schedule.exclusive",
        ),
        (
            [buy("a")],
            {"exclusive": [["a", "z"]]},
            "z; the schedule has a",
            "schedule.exclusive_unknown",
        ),
        (
            [buy("a")],
            {"exclusive": ["a"]},
            "not given as groups of names",
            "schedule.exclusive_groups",
        ),
        (
            [buy("a")],
            {"capacity": {"online": 9.0}},
            "without an outlook",
            "schedule.capacity_alone",
        ),
        ([buy("a")], {"outlook": seen(), "capacity": {"shop": 9.0}}, "shop", "target.unknown_unit"),
    ],
)
def test_schedules_that_cannot_be_used(campaigns, options, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        wb.simulate_schedule(campaigns, n_paths=10, **options)
    assert code in {problem.code for problem in failed.value.problems}


def test_exclusive_campaigns_may_run_on_other_units_or_days():
    others = [buy("a"), buy("b", units="store"), buy("c", "2026-11-20")]
    assert wb.simulate_schedule(others, n_paths=5, exclusive=True).simulations
