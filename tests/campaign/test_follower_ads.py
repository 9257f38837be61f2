"""Follower ads: what is conserved, what their rules do, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb

SURE = {
    "cost_per_follower": 4.7,
    "cost_variation": 0,
    "delivery": 1,
    "follow_rate": 0.23,
    "stay_rate": 0.61,
    "leave_days": 4,
    "link_rate": 0.37,
    "order_rate": 0.19,
    "pay_rate": 0.83,
    "decide_days": 8,
    "cannibalised": 0.13,
    "repeat_rate": 0.24,
    "repeat_more": 0.4,
    "return_rate": 0.07,
    "partial_rate": 0.11,
    "partial_share": 0.3,
    "goods_share": 0.53,
}
TWO = ({"name": "送礼优选", "share": 3}, {"name": "收藏纪念", "share": 1, "cost": 1.5})


def make(**changes):
    fixed = {"name": "增粉", "start": "2026-11-01", "end": "2026-11-10", "daily_budget": 987}
    return wb.FollowerAds(**{**fixed, "order_value": 317, "until": "2027-06-30", **SURE, **changes})


def mean(result, name):
    return float(result.outcome(name).mean())


SHARES = st.floats(0, 1)


@st.composite
def follower_ads(draw):
    return make(
        end=draw(st.sampled_from(["2026-11-01", "2026-11-06"])),
        until=draw(st.sampled_from(["2026-11-08", "2026-12-20"])),
        daily_budget=draw(st.floats(30, 5000)),
        spend_cap=draw(st.sampled_from([None, 700.0, 12_345.6])),
        usual_spend=draw(st.sampled_from([None, 500])),
        audience=draw(st.sampled_from([None, 7, 900, 100_000])),
        creatives=draw(st.sampled_from([(), TWO[:1], TWO])),
        repeat_days=draw(st.sampled_from([1, 2, 13, 30, 91])),
        rhythm=draw(st.sampled_from([None, (3, 0, 1)])),
        cost_per_follower=draw(st.floats(0.5, 20)),
        cost_variation=draw(st.floats(0, 1)),
        delivery=draw(SHARES),
        follow_rate=draw(st.floats(0.01, 1)),
        stay_rate=draw(SHARES),
        leave_days=draw(st.floats(1, 20)),
        link_rate=draw(SHARES),
        order_rate=draw(SHARES),
        pay_rate=draw(SHARES),
        decide_days=draw(st.floats(0, 30)),
        cannibalised=draw(SHARES),
        repeat_rate=draw(SHARES),
        repeat_more=draw(st.floats(0, 3)),
        return_rate=draw(SHARES),
        partial_rate=draw(SHARES),
        partial_share=draw(SHARES),
        closed=draw(st.sampled_from([(), ("2026-11-02",)])),
        units=draw(st.sampled_from(["online", {"online": 2, "store": 1}])),
    )


@settings(max_examples=20, deadline=None)
@given(follower_ads(), st.integers(0, 1000))
def test_everything_is_conserved_on_every_path(ads, seed):
    result = ads.simulate(n_paths=12, seed=seed)  # raises where a balance fails
    total = result.outcome
    assert total("first_orders").max() <= total("followers").max()
    assert (total("followers") <= total("clicks")).all()
    assert (total("repeat_customers") <= total("new_customers")).all()
    counts = (
        "clicks",
        "followers",
        "unfollowed",
        "first_orders",
        "repeat_orders",
        "pending_orders",
    )
    assert all((result.ledger[n] == np.floor(result.ledger[n])).all() for n in counts)
    if ads.audience is not None:
        assert total("followers").max() <= ads.audience
    if ads.spend_cap is not None:
        assert total("ad_spend").max() <= ads.spend_cap + 1e-6
    assert total("ad_spend").max() <= ads.daily_budget * 6 * 4.5 / 4 + 1e-6
    assert total("ad_spend") + total("fixed_cost") == pytest.approx(result.cost)


def test_same_seed_same_bytes():
    one, two = (make(creatives=TWO).simulate(n_paths=30, seed=9) for _ in range(2))
    assert all(one.ledger[n].tobytes() == two.ledger[n].tobytes() for n in one.ledger.names)


def test_means_follow_the_numbers_worked_by_hand():
    """987 × 10 ÷ 4.7 = 2,100 followers; × 0.61 × 0.37 × 0.19 = 90.05 orders, 83 % of them paid."""
    result = make(fixed_cost=1234.5).simulate(n_paths=1500)
    placed = 90.0522
    orders = 0.83 * placed
    kept = 0.93 * (1 - 0.11 * 0.3)
    assert result.outcome("ad_spend") == pytest.approx(np.full(1500, 9870.0))
    assert mean(result, "followers") == pytest.approx(2100, rel=0.003)
    assert mean(result, "clicks") == pytest.approx(2100 / 0.23, rel=0.003)
    assert mean(result, "stayed") == pytest.approx(1281, rel=0.005)
    assert mean(result, "unfollowed") == pytest.approx(819, rel=0.006)
    assert mean(result, "placed_orders") == pytest.approx(placed, rel=0.01)
    assert mean(result, "first_orders") == pytest.approx(orders, rel=0.01)
    assert mean(result, "unpaid_orders") == pytest.approx(0.17 * placed, rel=0.03)
    assert mean(result, "paid_share") == pytest.approx(0.83, abs=0.005)
    assert mean(result, "new_customers") == pytest.approx(orders * 0.87, rel=0.012)
    assert mean(result, "repeat_share") == pytest.approx(0.24, abs=0.005)
    assert mean(result, "repeat_orders") == pytest.approx(orders * 0.87 * 0.24 * 1.4, rel=0.03)
    assert mean(result, "sales") == pytest.approx(orders * 317 * kept, rel=0.012)
    # each order worth 317 × 0.89931, less goods: 53 % of the 93 % that are not sent back
    net = orders * 0.87 * (1 + 0.24 * 1.4)
    margin = net * 317 * (kept - 0.53 * 0.93) - 9870 - 1234.5
    assert float(result.margin.mean()) == pytest.approx(margin, abs=150)


def test_orders_given_without_a_pay_rate_are_paid_ones():
    alone = {"name": "n", "start": "2026-11-01", "end": "2026-11-02", "daily_budget": 9000}
    usual = wb.FollowerAds(**alone, order_value=9).given()["pay_rate"]
    assert usual is None  # the prior's
    given_ = wb.FollowerAds(**alone, order_value=9, order_rate=0.2).simulate(n_paths=20)
    assert given_.outcome("unpaid_orders").max() == 0
    both = wb.FollowerAds(**alone, order_value=9, order_rate=0.2, pay_rate=0.5)
    assert mean(both.simulate(n_paths=200), "paid_share") == pytest.approx(0.5, abs=0.02)


def test_the_wait_for_the_first_order_is_as_long_as_said():
    won = make(end="2026-11-01", daily_budget=4e6).simulate(n_paths=20).ledger["first_orders"]
    by_day = won.sum(axis=(0, 2))
    share = by_day / by_day.sum()
    assert (share * np.arange(len(share))).sum() == pytest.approx(8.0, abs=0.05)
    # two stages, each left with the daily chance 2 / (8 + 2)
    assert share[:3] == pytest.approx([0.04, 0.064, 0.0768], abs=0.002)


def test_repeat_orders_lie_in_the_stated_window_each_day_alike():
    at_once = {"end": "2026-11-01", "decide_days": 0, "daily_budget": 4e6}
    ledger = make(repeat_days=31, **at_once).simulate(n_paths=20).ledger
    by_day = ledger["repeat_orders"].sum(axis=(0, 2))
    assert by_day[0] == by_day[32:].sum() == 0
    assert by_day[1:32] / by_day.sum() == pytest.approx(np.full(31, 1 / 31), rel=0.05)


def test_more_budget_wins_more_followers_but_each_is_dearer():
    sizes = [
        make(daily_budget=b, usual_spend=500, cost_rise=0.3, audience=40_000).simulate(n_paths=60)
        for b in (500, 1000, 4000)
    ]
    followers = [one.outcome("followers") for one in sizes]
    costs = [mean(one, "follower_cost") for one in sizes]
    assert (followers[1] > followers[0]).all()
    assert (followers[2] > followers[1]).all()
    assert costs[0] == pytest.approx(4.7, rel=0.03)
    assert 4.7 * 2**0.3 < costs[1] < 1.05 * 4.7 * 2**0.3
    assert costs[2] > 4.7 * 8**0.3


@pytest.mark.parametrize(
    "name", ["stay_rate", "link_rate", "order_rate", "pay_rate", "repeat_rate"]
)
def test_a_better_rate_sells_no_less(name):
    low, high = (make(**{name: rate}).simulate(n_paths=40) for rate in (0.2, 0.5))
    assert mean(high, "incremental_sales") > mean(low, "incremental_sales")


def test_an_audience_that_is_used_up():
    """Each of 3,000 people is won with 1 − exp(−2100 ÷ 3000): 1,510 followers, the last dearer."""
    result = make(audience=3000).simulate(n_paths=300)
    assert mean(result, "followers") == pytest.approx(1510.2, rel=0.005)
    (told,) = [one for one in result.notices if one.code == "ads.audience"]
    assert "50% of 3,000 people followed" in str(told)


def test_the_spend_cap_ends_the_ads():
    result = make(spend_cap=3000, units={"a": 3, "b": 1}).simulate(n_paths=20)
    assert result.outcome("ad_spend") == pytest.approx(np.full(20, 3000.0))
    assert result.ledger["ad_spend"][0, :6].sum(axis=1) == pytest.approx([987] * 3 + [39, 0, 0])
    assert [one.code for one in result.notices] == ["ads.repeat_window", "ads.capped"]
    assert "run on about 4 days" in str(result.notices[1])


def test_the_creative_that_does_best_and_how_sure():
    ads = make(creatives=TWO, creative_spread=0.2)
    result = ads.simulate(n_paths=2000)
    table = ads.by_creative(result).set_index("creative")
    assert table["spend"].tolist() == pytest.approx([7402.5, 2467.5])
    # log cost differs by log 1.5 with sd 0.2 √2; followers by chance a little more
    assert table.loc["送礼优选", "best"] == pytest.approx(0.922, abs=0.02)
    assert table["best"].sum() == pytest.approx(1.0)
    assert table["followers"].sum() == pytest.approx(mean(result, "followers"))
    assert "送礼优选" in str(result.notices[0])
    assert result.notices[0].code == "ads.best_creative"
    alike = make(creatives=TWO, creative_spread=0).simulate(n_paths=50)
    assert mean(alike, "creative_1_followers") == pytest.approx(7402.5 / 4.7, rel=0.02)


@pytest.mark.parametrize(("days", "share"), [(30, 0.152), (64, 0.240), (91, 0.283)])
def test_the_usual_repurchase_is_that_of_the_stated_window(days, share):
    """BG/NBD on CDNOW, as published: 15 % in 30 days, 24 % in 9.2 weeks, 28 % in 13 weeks."""
    result = make(repeat_rate=None, repeat_days=days).simulate(n_paths=400)
    assert mean(result, "repeat_share") == pytest.approx(share, abs=0.008)
    assert f"buy again within {days} days" in str(result.notices[0])


def test_orders_beyond_the_days_shown_are_told():
    result = make(until="2026-11-20", decide_days=20).simulate(n_paths=100)
    told = {one.code: str(one) for one in result.notices}
    assert "after 2026-11-20" in told["ads.late_orders"]
    assert mean(result, "pending_orders") > 20


def test_nothing_happens_on_closed_days_and_the_rhythm_is_kept():
    result = make(rhythm=(3, 1), closed=("2026-11-02",)).simulate(n_paths=5)
    spend = result.ledger["ad_spend"][0].sum(axis=1)
    assert spend[:4] == pytest.approx([1480.5, 0, 1480.5, 493.5])


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"daily_budget": 0}, "daily_budget = 0", "ads.amount"),
        ({"daily_budget": "1000"}, "amount of the follower ads cannot be used", "ads.amount"),
        ({"spend_cap": -1}, "spend_cap = -1", "ads.amount"),
        ({"usual_spend": float("nan")}, "usual_spend = nan", "ads.amount"),
        ({"daily_budget": 3}, "not enough for a single follower", "ads.budget"),
        ({"spend_cap": 2.5}, "one follower costs about 4.7 CNY", "ads.budget"),
        (
            {"currency": "USD", "cost_per_follower": None},
            "Give cost_per_follower in USD",
            "ads.currency",
        ),
        ({"audience": 0}, "audience = 0", "ads.whole_number"),
        ({"repeat_days": 30.5}, "not a whole number from 1", "ads.whole_number"),
        ({"rhythm": [0, 0]}, "weights of the days of the follower ads", "ads.rhythm"),
        (
            {"creatives": [{"name": "a"}]},
            "creative of the follower ads cannot be used",
            "ads.creative",
        ),
        ({"creatives": [{"name": "a", "share": 1, "clicks": 3}]}, "creative 1", "ads.creative"),
        ({"creatives": "a"}, "creative of the follower ads cannot be used", "ads.creative"),
        ({"creatives": [TWO[0], TWO[0]]}, "Two creatives have the same name", "ads.same_creative"),
        (
            {"creatives": [{"name": n, "share": 1} for n in "abcdefg"]},
            "at most 6",
            "ads.many_creatives",
        ),
        ({"stay_rate": 61}, "possible: 0 to 1", "campaign.out_of_range"),
        ({"order_value": None}, "cannot do without", "campaign.missing_input"),
    ],
)
def test_rules_that_cannot_hold(changes, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        make(**changes).simulate(n_paths=5)
    assert failed.value.text("zh")
    assert code in {problem.code for problem in failed.value.problems}


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(wb.CampaignError) as failed:
        make(daily_budget=-2, audience=1.5, creatives=3, link_rate=2).simulate()
    assert len(failed.value.problems) == 4


def test_priors_stand_in_and_are_named():
    bare = wb.FollowerAds(
        name="增粉", start="2026-11-01", end="2026-11-05", daily_budget=900, order_value=300
    )
    table = bare.simulate(n_paths=50).sources().set_index("input")["source"]
    assert table["cost_per_follower"].startswith("trade press")
    assert table["repeat_rate"].startswith("CDNOW")
    assert (table["order_value"], table["repeat_value"]) == ("given", "assumption")
    assert "cost_rise" not in table
    assert "creative_spread" not in table
