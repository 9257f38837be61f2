"""The group-buy: what is conserved, what its rules do, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb

SURE = {
    "visits": 400,
    "visit_variation": 0,
    "open_rate": 0.1,
    "pay_rate": 0.8,
    "joiners": 1.2,
    "onward": 0.1,
    "join_hours": 6,
    "cannibalised": 0.25,
    "brought_forward": 0.3,
    "forward_days": 5,
    "new_share": 0.4,
    "repeat_orders": 0.5,
    "return_rate": 0.05,
    "unit_cost": 50,
}


def make(**changes):
    fixed = {"name": "拼团", "start": "2026-11-01", "end": "2026-11-05", "price": 100}
    given = {**fixed, "discount": 0.2, "until": "2026-12-15", **SURE, **changes}
    return wb.GroupBuy(**given)


def mean(result, name):
    return float(result.outcome(name).mean())


SHARES = st.floats(0, 1)


@st.composite
def group_buys(draw):
    form = draw(st.sampled_from(["plain", "tiered", "old_brings_new", "lottery"]))
    size = draw(st.integers(2, 6))
    more = {"discount": draw(st.floats(0, 0.6)), "group_size": size}
    if form == "tiered":
        more = {"discount": None, "tiers": [(2, 0.1), (size + 1, 0.25), (size + 3, 0.4)]}
    if form == "lottery":
        more["prizes"] = draw(st.integers(1, 30))
    elif draw(st.booleans()):
        more["stock"] = draw(st.integers(10, 200))
    anyway = draw(SHARES)
    return make(
        form=form,
        visits=draw(st.floats(0, 3000)),
        visit_variation=draw(st.floats(0, 1)),
        open_rate=draw(st.floats(0, 0.3)),
        engaged=draw(st.none() | SHARES),
        engaged_opens=draw(st.floats(0, 5)),
        engaged_invites=draw(st.floats(0, 3)),
        pay_rate=draw(SHARES),
        joiners=draw(st.floats(0, 4)),
        onward=draw(st.floats(0, 1.5)),
        group_variation=draw(st.sampled_from([0, 0.7])),
        restart=draw(st.floats(0, 0.8)),
        extra_pieces=draw(st.floats(0, 2)),
        limit_per_person=draw(st.sampled_from([None, 1, 3])),
        audience=draw(st.sampled_from([None, 60, 5000])),
        simulated_completion=draw(st.sampled_from([0, 0.4, 1])),
        collect=draw(st.booleans()),
        leader_discount=draw(st.floats(0, 0.3)),
        validity_hours=draw(st.sampled_from([1, 24, 60.5])),
        cannibalised=anyway,
        brought_forward=draw(st.floats(0, 1)) * (1 - anyway),
        return_rate=draw(SHARES),
        closed=draw(st.sampled_from([(), ("2026-11-02",)])),
        units=draw(st.sampled_from(["online", {"online": 2, "store": 1}])),
        **more,
    )


@settings(max_examples=40, deadline=None)
@given(group_buys(), st.integers(0, 1000))
def test_everything_is_conserved_on_every_path(buy, seed):
    ledger = buy.simulate(n_paths=12, seed=seed).ledger  # raises where a balance fails
    size = buy.terms().size

    def per(name):
        return ledger[name].sum(axis=1)

    assert (per("completed_orders") <= size * per("completed_groups")).all()
    assert (per("joins") <= (size - 1) * per("opens")).all()
    if buy.form != "tiered" and not buy.simulated_completion:
        assert (per("completed_orders") == size * per("completed_groups")).all()
    counts = ("visits", "opens", "joins", "failed_groups", "pieces", "repaid_orders")
    assert all((ledger[name] == np.floor(ledger[name])).all() for name in counts)
    reasons = per("cannibalised_orders") + per("forward_orders") + per("new_customers")
    assert (reasons <= per("completed_orders")).all()
    if buy.audience is not None:
        assert (ledger["opens"] + ledger["joins"]).sum(axis=(1, 2)).max() <= buy.audience
    if buy.stock is not None:
        assert ledger["pieces"].sum(axis=(1, 2)).max() <= buy.stock


def test_same_seed_same_bytes():
    one, two = (make().simulate(n_paths=30, seed=9) for _ in range(2))
    assert all(one.ledger[n].tobytes() == two.ledger[n].tobytes() for n in one.ledger.names)


def test_options_share_their_visitors():
    two, three = (make(group_size=n).simulate(n_paths=100) for n in (2, 3))
    assert (two.ledger["opens"] == three.ledger["opens"]).all()
    assert (two.ledger["completed_groups"] >= three.ledger["completed_groups"]).mean() > 0.95


def test_means_follow_the_closed_form():
    result = make(onward=0.0, validity_hours=600).simulate(n_paths=800)
    opens = 5 * 400 * 0.1 * 0.8
    complete = opens * (1 - np.exp(-1.2))
    assert mean(result, "opens") == pytest.approx(opens, rel=0.01)
    assert mean(result, "completed_groups") == pytest.approx(complete, rel=0.01)
    assert mean(result, "sales") == pytest.approx(complete * 2 * 80 * 0.95, rel=0.01)
    assert mean(result, "cannibalised_sales") == pytest.approx(complete * 2 * 25 * 0.95, rel=0.02)
    assert mean(result, "new_customers") == pytest.approx(complete * 2 * 0.45 * 0.4, rel=0.03)


def test_comments_bring_more_openings_and_friends_by_hand():
    """30 % of 2,000 visitors open at 25 %, not 10 %, and then win 1.8 friends, not 1.2."""
    talk = {"engaged": 0.3, "engaged_opens": 2.5, "engaged_invites": 1.5, "onward": 0,
            "answer_rate": 0.05}  # fmt: skip
    result = make(validity_hours=600, **talk).simulate(n_paths=800)
    theirs, others = 600 * 0.25 * 0.8, 1400 * 0.1 * 0.8
    assert mean(result, "engaged") == pytest.approx(600, rel=0.01)
    assert mean(result, "opens") == pytest.approx(theirs + others, rel=0.01)
    complete = theirs * (1 - np.exp(-1.8)) + others * (1 - np.exp(-1.2))
    assert mean(result, "completed_groups") == pytest.approx(complete, rel=0.01)
    share = theirs / (theirs + others)
    friends = (theirs + others) * 1.2 * (1 + 0.5 * share)
    sent = complete + friends * (1 / 0.05 - 1)  # answered ones find one place in each group
    assert mean(result, "invites") == pytest.approx(sent, rel=0.02)
    sources = make(engaged=0.3).simulate(n_paths=5).sources().set_index("input")["source"]
    assert sources[["engaged", "engaged_opens", "engaged_invites"]].tolist() == [
        "given", "assumption", "assumption",
    ]  # fmt: skip


def test_without_comments_nothing_is_said_of_them():
    plain, none = (make(engaged=e).simulate(n_paths=400, seed=3) for e in (None, 0.0))
    assert "engaged" not in plain.ledger.names
    assert "engaged_opens" not in set(plain.sources()["input"])
    assert mean(none, "sales") == pytest.approx(mean(plain, "sales"), rel=0.01)


def test_margin_of_nothing_gained_is_the_price_given_up():
    rules = {"cannibalised": 1, "brought_forward": 0, "return_rate": 0, "fixed_cost": 700}
    result = make(**rules).simulate(n_paths=50)
    pieces = result.outcome("pieces")
    assert result.outcome("incremental_sales") == pytest.approx(-20 * pieces)
    assert result.margin == pytest.approx(-20 * pieces - 700)
    assert result.cost.tolist() == [700.0] * 50


@pytest.mark.parametrize(
    ("cannibalised", "uplift"),
    [(0, 0.429), (1 / 3, 0.25), (1 / 2, 0.176), (2 / 3, 0.111), (1, 0.0)],
)
def test_store_uplift_when_the_group_buy_is_thirty_percent_of_sales(cannibalised, uplift):
    """The rest of the month is what makes group sales 30 % of it; valued at the group price."""
    same = {"regular_price": 80, "brought_forward": 0, "repeat_orders": 0, "return_rate": 0}
    result = make(cannibalised=cannibalised, visits=1e8, **same).simulate(n_paths=20)
    group = result.outcome("sales")
    month = group / 0.30
    without = month - result.outcome("incremental_sales")
    assert float((month / without - 1).mean()) == pytest.approx(uplift, abs=5.5e-4)


def test_what_is_bought_ahead_is_missing_later():
    result = make(repeat_orders=0, until="2027-03-01").simulate(n_paths=200)
    after = result.totals("2026-11-07", None).sum(axis=1)
    during = result.totals(None, "2026-11-06").sum(axis=1)
    assert (after < 0).all()
    assert (during > 0).all()
    assert mean(result, "repaid_orders") == pytest.approx(mean(result, "forward_orders"), rel=0.01)


def test_simulated_completion_rescues_groups_that_lack_people():
    plain = make(group_size=4).simulate(n_paths=100)
    helped = make(group_size=4, simulated_completion=0.4).simulate(n_paths=100)
    assert mean(plain, "success_rate") < 0.2
    assert mean(helped, "success_rate") > 0.6
    assert mean(helped, "completed_orders") < 4 * mean(helped, "completed_groups")


def test_collecting_strangers_completes_more_groups():
    alone, listed = (make(collect=c).simulate(n_paths=100) for c in (False, True))
    assert mean(listed, "success_rate") > mean(alone, "success_rate") + 0.03
    assert "listed_joiners" in set(listed.sources()["input"])


def test_tiers_charge_the_top_price_and_refund_the_difference():
    tiers = [(2, 0.1), (4, 0.3)]
    result = make(form="tiered", discount=None, tiers=tiers).simulate(n_paths=60)
    paid, refunded = result.outcome("paid"), result.outcome("refunded_tier")
    assert (refunded > 0).all()
    assert paid == pytest.approx(90 * result.outcome("opens") + 90 * result.outcome("joins"))
    assert refunded.max() <= 20 * result.outcome("completed_orders").max()


def test_old_brings_new_lets_only_new_customers_join():
    free = {"cannibalised": 0, "brought_forward": 0, "new_share": 0}
    result = make(form="old_brings_new", invited_new=0.5, **free).simulate(n_paths=60)
    joiners = result.outcome("completed_orders") - result.outcome("completed_groups")
    assert (result.outcome("new_customers") == joiners).all()
    anyone = make(**free).simulate(n_paths=60)
    assert mean(result, "success_rate") < mean(anyone, "success_rate")


def test_lottery_refunds_the_losers_on_the_last_day():
    result = make(form="lottery", prizes=25, consolation=3).simulate(n_paths=60)
    winners, losers = result.outcome("winners"), result.outcome("losers")
    assert winners.max() == 25
    assert result.outcome("refunded_lottery") == pytest.approx(80 * losers)
    assert result.cost == pytest.approx(3 * losers)
    assert (result.ledger["sales"].sum(axis=2) > 0).any(axis=0).sum() == 1


def test_leader_free_of_charge():
    result = make(leader_discount=0.8, return_rate=0).simulate(n_paths=30)
    joiners = result.outcome("completed_orders") - result.outcome("completed_groups")
    assert result.outcome("sales") == pytest.approx(80 * joiners)


def test_sales_follow_the_rhythm_and_the_units():
    result = make(rhythm=(3, 1, 1, 1, 4), units={"a": 3, "b": 1}).simulate(n_paths=200)
    visits = result.ledger["visits"].mean(axis=0)
    assert visits[:5].sum(axis=1) == pytest.approx([600, 200, 200, 200, 800], rel=0.03)
    assert visits[:5, 0].sum() / visits[:5].sum() == pytest.approx(0.75, abs=0.01)


def test_growth_slows_as_the_audience_has_bought():
    free, few = (make(audience=a, restart=0.3).simulate(n_paths=50) for a in (None, 300))
    assert few.outcome("joins").max() + few.outcome("opens").max() <= 300
    assert mean(few, "opens") < mean(free, "opens")


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"group_size": 1}, "at least 2 people", "campaign.group_size"),
        ({"group_size": 2.5}, "group size cannot be used", "campaign.group_size"),
        ({"validity_hours": 0}, "time a group stays open", "campaign.validity"),
        ({"validity_hours": 10_000}, "time a group stays open", "campaign.validity"),
        (
            {"simulated_completion": 40},
            "simulated completion is not between",
            "campaign.simulated_completion",
        ),
        ({"price": 0}, "list price cannot be used", "campaign.price"),
        ({"price": "99"}, "list price cannot be used", "campaign.price"),
        ({"discount": None}, "given twice, or not at all", "campaign.one_discount"),
        ({"group_price": 80}, "given twice, or not at all", "campaign.one_discount"),
        ({"discount": 1}, "leaves nothing to pay", "campaign.discount"),
        ({"discount": -0.1}, "not below the list price", "campaign.discount"),
        ({"discount": None, "group_price": 120}, "not below the list price", "campaign.discount"),
        ({"leader_discount": 0.9}, "leader's extra discount is more", "campaign.leader_discount"),
        ({"stock": 1}, "stock = 1", "campaign.whole_number"),
        ({"limit_per_person": 0}, "limit_per_person = 0", "campaign.whole_number"),
        ({"audience": 1}, "have to suffice for one group", "campaign.whole_number"),
        ({"form": "flash"}, "form of group-buy is not known", "campaign.form"),
        ({"form": "lottery"}, "do not fit together", "campaign.form_option"),
        ({"tiers": [(2, 0.1), (3, 0.2)]}, "do not fit together", "campaign.form_option"),
        (
            {"form": "lottery", "prizes": 5, "stock": 50},
            "do not fit together",
            "campaign.form_option",
        ),
        (
            {"form": "tiered", "tiers": [(3, 0.1), (2, 0.2)]},
            "tiers of the group-buy cannot",
            "campaign.tiers",
        ),
        ({"form": "tiered", "tiers": [5]}, "tiers of the group-buy cannot", "campaign.tiers"),
        ({"rhythm": [0, 0]}, "weights of the days", "campaign.rhythm"),
        (
            {"cannibalised": 0.7, "brought_forward": 0.6},
            "than there are",
            "campaign.shares_above_one",
        ),
        ({"pay_rate": 70}, "possible: 0 to 1", "campaign.out_of_range"),
        ({"visits": None}, "cannot do without", "campaign.missing_input"),
    ],
)
def test_rules_that_cannot_hold(changes, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        make(**changes).simulate(n_paths=5)
    assert code in {problem.code for problem in failed.value.problems}


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(wb.CampaignError) as failed:
        make(group_size=1, validity_hours=0, open_rate=3, end="2026-10-01").simulate()
    assert len(failed.value.problems) == 4
    assert "成团人数不可用" in failed.value.text("zh")


def codes(result):
    return [notice.code for notice in result.notices]


def test_selling_below_cost_is_told_with_the_loss():
    result = make(unit_cost=95).simulate(n_paths=50)
    assert codes(result) == ["campaign.below_cost"]
    assert "each piece sold loses 15 CNY" in str(result.notices[0])
    assert codes(make(unit_cost=70).simulate(n_paths=50)) == []


@pytest.mark.parametrize("growth", [{"onward": 1.2}, {"restart": 0.9}])
def test_explosive_growth_is_told_and_capped(growth):
    result = make(group_size=3, **growth).simulate(n_paths=50)
    assert "campaign.explosive" in codes(result)
    assert "audience of 2,000 people" in str(result.notices[-1])
    assert (result.outcome("opens") + result.outcome("joins")).max() <= 2000


def test_stock_that_runs_out_is_told():
    result = make(stock=60).simulate(n_paths=50)
    assert codes(result) == ["campaign.stock_runs_out"]
    assert result.outcome("pieces").max() <= 60


def test_priors_stand_in_and_are_named():
    bare = wb.GroupBuy(
        name="拼团", start="2026-11-01", end="2026-11-03", price=100, discount=0.2, visits=900
    )
    table = bare.simulate(n_paths=50).sources().set_index("input")["source"]
    assert table["joiners"].startswith("BeiBei")
    assert table["visits"] == "given"
    assert (table["unit_cost"], table["open_rate"]) == ("assumption", "assumption")
