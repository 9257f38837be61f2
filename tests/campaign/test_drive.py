"""The distribution drive: what is conserved, what its rules do, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.campaign.binding import Bindings
from workbench.campaign.drive_items import read_items
from workbench.campaign.files import campaign_items, read_campaigns
from workbench.campaign.quotas import quotas

SURE = {
    "customer_activation": 0.1,
    "employee_activation": 0.5,
    "activation_days": 1.5,
    "contacts": 12,
    "employee_effort": 2,
    "rate_response": 0.4,
    "half_life": 5,
    "best_fifth": 0.6,
    "recruits": 0.2,
    "buyer_promotes": 0.05,
    "order_rate": 0.05,
    "decision_days": 2,
    "pay_rate": 0.8,
    "self_orders": 0.3,
    "self_anyway": 0.8,
    "double_paid": 0.3,
    "cannibalised": 0.25,
    "brought_forward": 0.2,
    "forward_days": 6,
    "new_share": 0.6,
    "repeat_orders": 0.5,
    "repeat_value": 90,
    "referred_value": 1.16,
    "return_rate": 0.1,
    "unit_cost": 50,
    "promoter_cost": 5,
}


def make(**changes):
    fixed = {"name": "分销", "start": "2026-11-01", "end": "2026-11-05", "price": 100}
    people = {"customers": 900, "employees": 60, "audience": 60_000, "until": "2026-12-20"}
    used = {**fixed, **people, **SURE, **changes}
    if not used.get("self_purchase"):
        used.pop("self_orders"), used.pop("self_anyway")
    if used.get("binding") != "override":
        used.pop("double_paid")
    if used.get("levels") == 1:
        used.pop("recruits"), used.pop("buyer_promotes")
    return wb.DistributionDrive(**used)


def mean(result, name):
    return float(result.outcome(name).mean())


SHARES = st.floats(0, 1)


@st.composite
def drives(draw):
    direct = draw(st.floats(0, 0.5))
    items = [
        {"name": "a", "price": draw(st.floats(1, 300)), "share": draw(st.floats(0.1, 3))},
        {"name": "b", "price": 80, "direct_rate": 0.2, "invite_rate": 0.07, "group": True},
    ]
    several = draw(st.booleans())
    customers = draw(st.integers(0, 400))
    employees = draw(st.integers(1, 60))
    by_kind = {"customer": 1, "employee": [(1 + employees // 3, 4), (employees // 3, 1)]}
    by_kind["employee"] = [pair for pair in by_kind["employee"] if pair[0]]
    return make(
        customers=customers,
        employees=employees,
        audience=draw(st.integers(460, 20_000)),
        price=None if several else 100,
        items=items if several else (),
        direct_rate=direct,
        invite_rate=draw(st.floats(0, 0.4)),
        levels=draw(st.sampled_from([1, 2])),
        group_items_earn=draw(st.booleans()),
        discount=draw(st.floats(0, 0.6)),
        binding=draw(st.sampled_from(["first", "override"])),
        binding_days=draw(st.integers(0, 12)),
        protection_days=draw(st.integers(0, 12)),
        self_purchase=draw(st.booleans()),
        freezing_days=draw(st.integers(0, 20)),
        return_days=draw(st.integers(0, 12)),
        clawback=draw(st.booleans()),
        task=draw(st.sampled_from([None, 1, 3, by_kind, {"invited": 2}])),
        task_bonus=draw(st.floats(0, 50) | st.just({"employee": 30.0})),
        customer_activation=draw(SHARES),
        contacts=draw(st.floats(0, 200)),
        best_fifth=draw(st.floats(0.2, 0.95)),
        recruits=draw(st.floats(0, 2)),
        order_rate=draw(SHARES),
        pay_rate=draw(SHARES),
        double_paid=draw(SHARES),
        return_rate=draw(SHARES),
        units=draw(st.sampled_from(["online", {"online": 3.0, "store": 1.0}])),
        closed=draw(st.sampled_from([(), ("2026-11-03",)])),
    )


@given(drives(), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_promoters_people_orders_money_and_commission_are_conserved(drive, seed):
    result = drive.simulate(n_paths=12, seed=seed)  # raises where a balance does not close
    got = {name: result.outcome(name) for name in ("commission", "sales", "paid", "returned")}
    np.testing.assert_allclose(got["paid"] - got["returned"], got["sales"], atol=1e-6)
    rates = [item.direct_rate + item.invite_rate for item in drive.goods()]
    most = 2 * max(rates) if drive.binding == "override" else max(rates)
    assert (got["commission"] <= most * got["sales"] + 1e-6).all()
    people = result.outcome("reached")
    assert (people <= drive.audience).all()
    promoters = result.outcome("customer_promoters") + result.outcome("employee_promoters")
    assert (promoters <= drive.customers + drive.employees).all()


def test_commission_is_the_rate_of_each_level_on_what_was_paid_net_of_refunds():
    result = make(direct_rate=0.11, invite_rate=0.037, discount=0.05).simulate(n_paths=50)
    sold = {name: result.outcome(f"{name}_sales") for name in ("customer", "employee", "invited")}
    direct = 0.11 * sum(sold.values())
    np.testing.assert_allclose(result.outcome("direct_commission"), direct)
    np.testing.assert_allclose(result.outcome("invite_commission"), 0.037 * sold["invited"])
    paid = result.outcome("commission")
    np.testing.assert_allclose(paid, direct + 0.037 * sold["invited"])
    assert (sold["invited"] > 0).any()


def test_commission_settles_after_the_freezing_days_on_what_was_not_sent_back():
    drive = make(freezing_days=9, return_days=7, return_rate=0.2, levels=1)
    result = drive.simulate(n_paths=20)
    cells = result.ledger.cells
    accrued, settled = cells["accrued_commission"], cells["settled_commission"]
    assert (settled[:9] == 0).all()
    days = min(len(accrued), len(settled) - 9)
    assert (settled[9 : 9 + days] <= accrued[:days] + 1e-9).all()
    np.testing.assert_allclose(
        result.outcome("settled_commission") + result.outcome("unsettled_commission"),
        result.outcome("commission") + result.outcome("reversible_commission"),
    )
    kept = result.outcome("settled_commission") / result.outcome("accrued_commission")
    assert kept.mean() == pytest.approx(0.8, abs=0.03)


def test_paid_out_before_returns_are_over_it_is_taken_back_or_lost():
    early = {"freezing_days": 2, "return_days": 8, "return_rate": 0.4}
    back = make(**early, clawback=True).simulate(n_paths=40)
    lost = make(**early, clawback=False).simulate(n_paths=40)
    assert mean(back, "clawed_back_commission") > 0
    assert mean(back, "overpaid_commission") == 0
    assert mean(lost, "overpaid_commission") == pytest.approx(mean(back, "clawed_back_commission"))
    assert mean(lost, "cost") > mean(back, "cost")
    for result in (back, lost):
        assert "drive.settles_early" in {notice.code for notice in result.notices}


def test_items_in_a_group_buy_earn_nothing_unless_they_do():
    items = [
        {"name": "tea", "price": 37, "share": 2, "direct_rate": 0.13},
        {"name": "cup", "price": 90, "group": True, "direct_rate": 0.21},
    ]
    (tea, cup) = read_items(items, price=None, rates=(0.1, 0.02), group_items_earn=False)
    assert (tea.share, tea.direct_rate, tea.invite_rate) == (2 / 3, 0.13, 0.02)
    assert (cup.direct_rate, cup.invite_rate) == (0.0, 0.0)
    only = {"price": None, "items": items[1:], "levels": 1}
    assert mean(make(**only).simulate(n_paths=20), "commission") == 0
    earns = make(**only, group_items_earn=True).simulate(n_paths=20)
    np.testing.assert_allclose(
        earns.outcome("commission"),
        0.21 * (earns.outcome("sales") - earns.outcome("unbound_sales")),
    )


def test_reach_saturates_and_circles_overlap():
    small = make(audience=1000, contacts=200).simulate(n_paths=30)
    large = make(audience=5_000_000, contacts=200).simulate(n_paths=30)
    assert mean(small, "reached") <= 1000
    assert mean(small, "overlapping") > 0.5 * mean(small, "contacts")
    assert mean(large, "overlapping") < 0.02 * mean(large, "contacts")
    assert "drive.exhausted" in {notice.code for notice in small.notices}


def test_effort_wears_off():
    quick = make(half_life=1, end="2026-11-10", activation_days=0).simulate(n_paths=60)
    days = quick.ledger.cells["contacts"].sum(axis=2).mean(axis=1)
    assert days[1] == pytest.approx(0.5 * days[0], rel=0.35)
    slow = make(half_life=50, end="2026-11-10", activation_days=0).simulate(n_paths=60)
    assert mean(slow, "contacts") > 2 * mean(quick, "contacts")


def test_results_per_promoter_have_a_heavy_tail():
    alike = make(best_fifth=0.2).simulate(n_paths=30)
    apart = make(best_fifth=0.9).simulate(n_paths=30)
    one = make(best_fifth=0.2).per_promoter(alike).set_index("promoters")
    other = make(best_fifth=0.9).per_promoter(apart).set_index("promoters")
    assert other.loc["customer", "best_fifth"] > one.loc["customer", "best_fifth"]
    assert other.loc["customer", "without_orders"] > one.loc["customer", "without_orders"]
    assert apart.outcome("orders").std() > alike.outcome("orders").std()


def test_without_invite_commission_nobody_is_invited():
    alone = make(levels=1).simulate(n_paths=20)
    assert mean(alone, "invited_promoters") == mean(alone, "invite_commission") == 0
    assert mean(make().simulate(n_paths=20), "invited_promoters") > 0


def test_a_binding_that_expires_leaves_orders_to_nobody():
    short = make(binding_days=0).simulate(n_paths=20)
    long = make(binding_days=60).simulate(n_paths=20)
    assert mean(short, "unbound_orders") > 0.3 * mean(short, "paid_orders")
    assert mean(long, "unbound_orders") == 0
    assert mean(short, "commission") < mean(long, "commission")


def test_customers_may_be_taken_over_after_the_protection_and_be_paid_for_twice():
    taken = make(
        binding="override", protection_days=0, audience=2000, contacts=40, decision_days=6
    ).simulate(n_paths=40)
    held = make(
        binding="override", protection_days=60, audience=2000, contacts=40, decision_days=6
    ).simulate(n_paths=40)
    assert mean(held, "reattributed_orders") == 0
    assert mean(taken, "reattributed_orders") > 10
    share = mean(taken, "twice_paid_orders") / mean(taken, "reattributed_orders")
    assert share == pytest.approx(0.3, abs=0.08)
    assert "drive.paid_twice" in {notice.code for notice in taken.notices}


def test_the_binding_of_people_reached_on_three_days_by_hand():
    """Half of those waiting order each day; 2 days of binding."""
    shape = (3, 1, 1)
    book = Bindings.none(2, 2, np.array(0.5), shape)
    came = np.full(shape, 8.0)
    for day in range(4):
        nobody = np.zeros(shape)
        book.next_day(came if day == 0 else nobody, np.zeros((1, 1)), 1.0, 1.0 if day else 0.0)
        expired, taken = book.shares()
        assert (taken == 0).all()
        assert expired.ravel()[0] == (1.0 if day > 2 else 0.0)
    assert book.all.ravel()[0] == 1.0  # 8 × 0.5³


def test_promoters_who_buy_for_themselves_mostly_replace_their_usual_orders():
    own = make(self_purchase=True, self_anyway=1.0, return_rate=0).simulate(n_paths=30)
    without = make(return_rate=0).simulate(n_paths=30)
    more = mean(own, "sales") - mean(without, "sales")
    assert more == pytest.approx(mean(own, "self_orders") * 100, rel=0.25)
    assert mean(own, "cannibalised_sales") - mean(without, "cannibalised_sales") > 0.7 * more


def test_a_task_pays_those_who_meet_it():
    drive = make(task=1, task_bonus=20, fixed_cost=0, best_fifth=0.6)
    result = drive.simulate(n_paths=60)
    base = make(fixed_cost=0).simulate(n_paths=60)
    assert 0 < mean(result, "tasks_met") < mean(result, "promoters")
    extra = mean(result, "cost") - mean(base, "cost")
    assert extra == pytest.approx(20 * mean(result, "tasks_met"), rel=1e-9)


def test_tasks_may_differ_by_kind_and_by_person():
    asked = {"customer": 1, "employee": [(10, 1), (20, 6)]}
    rules = {"employees": 40, "fixed_cost": 0, "best_fifth": 0.6}
    bonus = {"customer": 5, "employee": 40}
    drive = make(task=asked, task_bonus=bonus, **rules)
    result, base = (one.simulate(n_paths=200) for one in (drive, make(**rules)))
    met = {kind: mean(result, f"{kind}_tasks_met") for kind in ("customer", "employee", "invited")}
    extra = mean(result, "cost") - mean(base, "cost")
    assert extra == pytest.approx(5 * met["customer"] + 40 * met["employee"], rel=1e-9)
    assert met["invited"] == mean(result, "invited_tasks") == 0
    # three in four employees have a task, whoever of them becomes a promoter
    part = mean(result, "employee_tasks") / mean(result, "employee_promoters")
    assert part == pytest.approx(0.75, rel=0.03)
    assert mean(result, "customer_tasks") == mean(result, "customer_promoters")
    # the same talent, one order or six: as many as where all are asked for one of them
    alike = {each: mean(make(task={"employee": each}, **rules).simulate(n_paths=200),
                        "employee_tasks_met") for each in (1, 6)}  # fmt: skip
    assert met["employee"] == pytest.approx(alike[1] / 4 + alike[6] / 2, rel=0.05)
    table = drive.per_promoter(result).set_index("promoters")["met"]
    assert table["employee"] == pytest.approx(met["employee"] / mean(result, "employee_tasks"))
    assert "invited" not in table or np.isnan(table["invited"])


def test_tasks_read_from_a_file_are_those_written():
    item = campaign_items([make(task={"employee": [(5, 3)]}, task_bonus={"employee": 9})])[0]
    (again,) = read_campaigns([item])
    assert quotas(again.task, "employee") == [(5, 3)]


def test_more_audience_more_commission_more_promoters_never_bring_less_contacts():
    base = make().simulate(n_paths=40, seed=5)
    for changes in ({"customers": 1800}, {"direct_rate": 0.3}, {"half_life": 10}):
        more = make(**changes).simulate(n_paths=40, seed=5)
        assert mean(more, "contacts") > mean(base, "contacts")


def test_the_same_seed_the_same_bytes():
    one, other = (make(units={"a": 2, "b": 1}).simulate(n_paths=20, seed=9) for _ in range(2))
    for name, cells in one.ledger.cells.items():
        assert cells.tobytes() == other.ledger.cells[name].tobytes(), name


def test_growth_without_end_is_told_and_ends_with_the_audience():
    result = make(recruits=3, audience=5000, end="2026-11-20").simulate(n_paths=10)
    assert "campaign.explosive" in {notice.code for notice in result.notices}
    assert (result.outcome("invited_promoters") <= 5000).all()


def test_a_drive_below_cost_says_what_it_loses():
    result = make(unit_cost=99, direct_rate=0.3, discount=0.2).simulate(n_paths=30)
    assert "drive.loss" in {notice.code for notice in result.notices}


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"levels": 3}, "third level of commission is not allowed", "drive.third_level"),
        ({"levels": 0}, "number of commission levels", "drive.levels"),
        ({"direct_rate": 1.2}, "commission rates cannot be used", "drive.rates"),
        ({"direct_rate": 0.7, "invite_rate": 0.4}, "commission rates", "drive.rates"),
        ({"customers": 0, "employees": 0}, "Nobody can become a promoter", "drive.no_promoters"),
        ({"audience": 500}, "audience is smaller than", "drive.audience"),
        ({"items": [{"name": "x", "price": 3}]}, "given twice, or not at all", "drive.one_price"),
        ({"price": None, "items": [{"name": "x"}]}, "An item of the drive", "drive.items"),
        ({"discount": 1.0}, "leaves nothing to pay", "drive.discount"),
        ({"task_bonus": -1}, "bonus for a met task", "drive.task_bonus"),
        ({"binding": "last"}, "way of binding customers", "drive.binding"),
        ({"clawback": 1}, "neither true nor false", "drive.switch"),
        ({"freezing_days": 1.5}, "has to be whole", "drive.whole_number"),
        ({"task": 0}, "has to be whole", "drive.whole_number"),
        ({"task": {"boss": 3}}, "task for promoters cannot", "drive.task"),
        ({"task": {"employee": [(9_999, 3)]}}, "task for promoters cannot", "drive.task"),
        ({"task": {"invited": [(2, 3)]}}, "task for promoters cannot", "drive.task"),
        ({"task_bonus": {"boss": 3}}, "bonus for a met task", "drive.task_bonus"),
        ({"price": 0}, "list price cannot be used", "campaign.price"),
        ({"order_rate": 1.4}, "order_rate|people reached who order", "campaign.out_of_range"),
        ({"cannibalised": 0.8, "brought_forward": 0.5}, "", "campaign.shares_above_one"),
    ],
)
def test_what_cannot_be_is_refused(changes, words, code):
    with pytest.raises(wb.CampaignError, match=words or None) as caught:
        make(**changes).simulate(n_paths=10)
    assert code in {problem.code for problem in caught.value.problems}


def test_a_third_level_is_refused_with_the_law():
    with pytest.raises(wb.CampaignError) as caught:
        make(levels=3).simulate(n_paths=10)
    assert "禁止传销条例" in caught.value.text("zh")
    assert "pyramid selling" in caught.value.text("en")


def test_everything_wrong_is_told_at_once():
    with pytest.raises(wb.CampaignError) as caught:
        make(levels=3, discount=2, binding="x", freezing_days=-1).simulate(n_paths=10)
    assert len(caught.value.problems) == 4
