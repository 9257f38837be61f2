"""Discounts of every form: what is conserved, what their rules do, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import workbench as wb
from workbench.campaign.discount_terms import bands

SURE = {
    "orders": 120,
    "order_variation": 0,
    "elasticity": 3,
    "basket_spread": 0.6,
    "stretch": 0.25,
    "topped_up": 0.4,
    "redemption": 0.1,
    "anyway": 0.5,
    "switched": 0.3,
    "brought_forward": 0.25,
    "forward_days": 5,
    "new_share": 0.4,
    "repeat_orders": 0.5,
    "repeat_value": 90,
    "deal_value": 0.5,
    "return_rate": 0.1,
    "unit_cost": 55,
}
FORMS = {
    "timed": {"discount": 0.2},
    "flash": {"discount": 0.5, "stock": 300},
    "threshold": {"tiers": [(120, 15), (250, 45)]},
    "coupon": {"off": 20, "minimum": 110, "issued": 4000},
    "member": {
        "members": {
            "gold": {"share": 0.2, "discount": 0.15},
            "new": {"share": 0.5, "discount": 0.05},
        }
    },
}


def make(form="timed", **changes):
    fixed = {"name": "优惠", "start": "2026-11-01", "end": "2026-11-05", "price": 100}
    return wb.Discount(
        **{**fixed, "until": "2026-12-20", **SURE, "form": form, **FORMS[form], **changes}
    )


def mean(result, name):
    return float(result.outcome(name).mean())


SHARES = st.floats(0, 1)


@st.composite
def discounts(draw):
    form = draw(st.sampled_from(list(FORMS)))
    switched = draw(SHARES)
    more = {}
    if form in ("timed", "flash"):
        more["discount"] = draw(st.floats(0, 0.95))
    if form == "flash" or draw(st.booleans()):
        more["stock"] = draw(st.integers(1, 900))
    if form == "threshold":
        reach = draw(st.floats(5, 400))
        more["tiers"] = [(reach, reach * draw(st.floats(0.01, 0.9))), (reach * 2, reach)]
    if form == "coupon":
        more |= {"issued": draw(st.integers(1, 50_000)), "off": draw(st.floats(1, 99))}
    return make(
        form,
        orders=draw(st.floats(0, 3000)),
        order_variation=draw(st.floats(0, 1)),
        elasticity=draw(st.floats(0, 12)),
        basket_spread=draw(st.floats(0, 2)),
        stretch=draw(st.floats(0, 0.9)),
        topped_up=draw(SHARES),
        redemption=draw(SHARES),
        anyway=draw(SHARES),
        switched=switched,
        brought_forward=draw(st.floats(0, 1)) * (1 - switched),
        new_share=draw(SHARES),
        return_rate=draw(SHARES),
        units=draw(st.sampled_from(["online", {"online": 3.0, "store": 1.0}])),
        closed=draw(st.sampled_from([(), ("2026-11-03",)])),
        **more,
    )


@given(discounts(), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_demand_orders_coupons_stock_and_money_are_conserved(sale, seed):
    result = sale.simulate(n_paths=12, seed=seed)  # raises where a balance does not close
    got = {name: result.outcome(name) for name in ("list_value", "discount_given", "sales")}
    assert (got["discount_given"] <= got["list_value"] + 1e-6).all()
    if sale.stock is not None:
        assert (result.outcome("orders") <= sale.stock).all()
    if sale.form == "coupon":
        used = result.outcome("orders") + result.outcome("expired_coupons")
        assert (used == sale.issued).all()
    increment = (
        got["sales"]
        + result.outcome("repeat_sales")
        - result.outcome("cannibalised_sales")
        - result.outcome("repaid_sales")
    )
    np.testing.assert_allclose(result.outcome("incremental_sales"), increment, atol=1e-6)


def test_a_timed_discount_by_hand():
    """5 days × 120 orders, 20 % off, elasticity 3: 60 % more orders, all at 80."""
    sale = make(return_rate=0, orders=120)
    result = sale.simulate(n_paths=4000)
    assert mean(result, "usual_orders") == pytest.approx(600, rel=0.01)
    assert mean(result, "extra_orders") == pytest.approx(360, rel=0.01)
    assert mean(result, "sales") == pytest.approx(960 * 80, rel=0.01)
    assert mean(result, "discount_given") == pytest.approx(960 * 20, rel=0.01)
    # usual 600 and 30 % of the 360 extra orders would have been paid in full elsewhere
    assert mean(result, "cannibalised_sales") == pytest.approx((600 + 108) * 100, rel=0.01)
    assert mean(result, "forward_orders") == pytest.approx(90, rel=0.03)
    assert mean(result, "repaid_sales") == pytest.approx(9000, rel=0.03)
    assert mean(result, "new_customers") == pytest.approx(0.4 * 162, rel=0.03)
    # 45 to 49 of the 91 days of the window are shown
    seen = 47 / 91
    assert mean(result, "repeat_sales") == pytest.approx(0.4 * 162 * 0.5 * seen * 45, rel=0.04)
    margin = 960 * 80 - 960 * 55 - 0.45 * (708 + 90) * 100
    without = mean(result, "gross_margin") - 0.45 * mean(result, "repeat_sales")
    assert without == pytest.approx(margin, abs=400)


def test_a_discount_to_all_mostly_goes_to_those_who_would_have_paid_in_full():
    result = make(discount=0.1).simulate(n_paths=100)
    assert mean(result, "anyway_share") == pytest.approx(1 / 1.3, abs=0.02)
    assert "discount.loss" in {notice.code for notice in result.notices}


@pytest.mark.parametrize(("reach", "off"), [(120.0, 15.0), (80.0, 30.0)])
def test_bands_of_baskets_agree_with_numerical_integration(reach, off):
    some = [np.array([[value]]) for value in (0.7, 0.2, 0.4)]
    found = bands(100.0, some[0], [(reach, off), (2 * reach, 3 * off)], some[1], some[2])
    sigma = np.sqrt(np.log1p(0.49))
    law = stats.lognorm(sigma, scale=100 / np.sqrt(1.49))

    def part(low, high):
        mass = integrate.quad(law.pdf, low, high, limit=200)[0]
        return mass, integrate.quad(lambda x: x * law.pdf(x), low, high, limit=200)[0] / mass

    near, next_near = 0.8 * reach, 1.6 * reach
    close, top = part(near, reach), part(2 * reach, 60_000)
    below, middle = part(0, near), part(reach, next_near)
    got = [tuple(float(v[0, 0]) for v in (c.chance, c.worth, c.usual, c.off)) for c in found]
    assert got[0] == pytest.approx((*below, below[1], 0.0), rel=1e-4)
    assert got[1] == pytest.approx((0.4 * close[0], reach, close[1], off), rel=1e-4)
    assert got[2] == pytest.approx((0.6 * close[0], close[1], close[1], 0.0), rel=1e-4)
    assert got[3] == pytest.approx((*middle, middle[1], off), rel=1e-4)
    assert got[6] == pytest.approx((*top, top[1], 3 * off), rel=1e-3)
    assert sum(one[0] for one in got) == pytest.approx(1.0)
    assert sum(one[0] * one[2] for one in got) == pytest.approx(100.0)


def test_money_off_above_a_sum_lifts_baskets_just_below_it():
    eager = make("threshold", topped_up=0.9).simulate(n_paths=200)
    calm = make("threshold", topped_up=0.0).simulate(n_paths=200)
    assert mean(calm, "topped_up_orders") == 0
    assert mean(eager, "topped_up_orders") > 0.05 * mean(eager, "orders")
    worth = [mean(r, "list_value") / mean(r, "orders") for r in (calm, eager)]
    assert worth[0] == pytest.approx(100, abs=2)
    assert worth[1] > worth[0] + 1


def test_flash_sales_stop_with_the_stock_and_say_so():
    result = make("flash").simulate(n_paths=50)
    assert (result.outcome("orders") == 300).all()
    assert (result.outcome("unmet_orders") > 0).all()
    codes = {notice.code for notice in result.notices}
    assert {"discount.stock_runs_out", "campaign.below_cost"} <= codes


def test_coupons_are_redeemed_or_expire():
    result = make("coupon", redemption=0.1).simulate(n_paths=300)
    assert mean(result, "orders") == pytest.approx(400, rel=0.02)
    assert mean(result, "usual_orders") == pytest.approx(200, rel=0.03)
    # the order is topped up from 100 to the minimum of 110, less 20, less a tenth returned
    assert mean(result, "sales") == pytest.approx(400 * 90 * 0.9, rel=0.03)


def test_each_tier_of_members_has_its_own_discount():
    result = make("member", return_rate=0).simulate(n_paths=1000)
    usual = {"gold": 120, "new": 300}
    depth = {"gold": 0.15, "new": 0.05}
    orders = {tier: usual[tier] * (1 + 3 * depth[tier]) for tier in usual}
    assert mean(result, "orders") == pytest.approx(sum(orders.values()), rel=0.01)
    given_ = sum(orders[tier] * 100 * depth[tier] for tier in usual)
    assert mean(result, "discount_given") == pytest.approx(given_, rel=0.01)


STOCK = {"timed": 700, "threshold": 730, "coupon": 400, "member": 520}


def one_by_one(form, seed):
    """The discounts of the hand-worked cases, buyer by buyer, with a stock that may run out."""
    rng = np.random.default_rng(seed)
    names = ("demand", "orders", "unmet_orders", "usual_orders", "forward_orders", "new_customers",
             "discount_given")  # fmt: skip
    seen, left, waiting = dict.fromkeys(names, 0), STOCK[form], FORMS["coupon"]["issued"]
    daily = 1 - 0.9 ** (1 / 5)
    for _ in range(5):
        if form == "coupon":
            used = rng.binomial(waiting, daily)
            queue = [(rng.random() < 0.5, 20.0) for _ in range(used)]
            waiting -= used
        else:
            tiers = {"timed": [(1, 0.2)], "member": [(0.2, 0.15), (0.5, 0.05)]}
            queue = []
            for share, off in tiers.get(form, [(1, depth())]):
                queue += [(True, 100 * off)] * rng.poisson(120 * share)
                queue += [(False, 100 * off)] * rng.poisson(120 * share * 3 * off)
            rng.shuffle(queue)
        seen["demand"] += len(queue)
        for anyway, off in queue:
            if not left:
                seen["unmet_orders"] += 1
                continue
            left -= 1
            seen["orders"] += 1
            seen["usual_orders"] += anyway
            seen["discount_given"] += off if form != "threshold" else money_off(rng)
            if anyway:
                continue
            draw = rng.random()
            seen["forward_orders"] += 0.3 <= draw < 0.55
            seen["new_customers"] += draw >= 0.55 and rng.random() < 0.4
    return seen


def money_off(rng):
    """Off one basket: 15 from 120 on, 45 from 250; of those a quarter below, 40 % top up."""
    sigma = np.sqrt(np.log1p(0.36))
    spent = rng.lognormal(np.log(100) - sigma**2 / 2, sigma)
    for reach, off in ((250, 45), (120, 15)):
        if spent >= reach or (spent >= 0.75 * reach and rng.random() < 0.4):
            return off
        if spent >= 0.75 * reach:
            return 15 if reach == 250 and spent >= 120 else 0
    return 0


def depth():
    some = [np.array([[value]]) for value in (0.6, 0.25, 0.4)]
    classes = bands(100.0, some[0], FORMS["threshold"]["tiers"], some[1], some[2])
    off, worth = (sum(one.chance * part for one, part in zip(classes, parts, strict=True))
                  for parts in ([o.off for o in classes], [o.worth for o in classes]))  # fmt: skip
    return (off / worth).item()


@pytest.mark.parametrize("form", STOCK)
def test_every_quantity_is_distributed_as_buyer_by_buyer(form):
    fast = make(form, stock=STOCK[form]).simulate(n_paths=400, seed=3)
    slow = [one_by_one(form, seed) for seed in range(400)]
    short = np.mean([path["unmet_orders"] > 0 for path in slow])
    assert 0.1 < short < 0.9 or form == "timed"
    for name in slow[0]:
        theirs = np.array([path[name] for path in slow], float)
        assert stats.ks_2samp(fast.outcome(name), theirs).pvalue > 0.001, name


def test_of_a_day_on_which_stock_runs_out_all_tiers_have_their_part():
    """2,000 gold and 5,000 new members want some of 700: a fifth and a half of 70 %."""
    result = make("member", stock=700, orders=10_000, elasticity=0).simulate(n_paths=400)
    assert (result.outcome("orders") == 700).all()
    off = (2 * 15 + 5 * 5) / 7
    assert mean(result, "discount_given") == pytest.approx(700 * off, rel=0.01)


def test_deeper_discounts_and_higher_elasticity_never_bring_fewer_orders():
    base = make().simulate(n_paths=60, seed=5).outcome("orders")
    for changes in ({"discount": 0.3}, {"elasticity": 5}, {"orders": 150}):
        assert (make(**changes).simulate(n_paths=60, seed=5).outcome("orders") >= base).all()


def test_the_same_seed_the_same_bytes():
    one, other = (
        make("threshold", units={"a": 2, "b": 1}, order_variation=0.3).simulate(n_paths=20, seed=9)
        for _ in range(2)
    )
    for name, cells in one.ledger.cells.items():
        assert cells.tobytes() == other.ledger.cells[name].tobytes(), name


@pytest.mark.parametrize(
    ("form", "changes", "words", "code"),
    [
        ("timed", {"discount": None}, "lacks what its form needs", "discount.missing"),
        ("flash", {"stock": None}, "lacks what its form needs", "discount.missing"),
        ("timed", {"off": 5}, "does not use", "discount.idle"),
        ("timed", {"discount": 1.0}, "leaves nothing to pay", "discount.depth"),
        ("timed", {"discount": -0.1}, "below zero", "discount.depth"),
        ("threshold", {"tiers": [(100, 120)]}, "tiers of money off", "discount.tiers"),
        ("threshold", {"tiers": [(100, 10), (100, 20)]}, "each sum once", "discount.tiers"),
        ("coupon", {"off": 200}, "more than the order", "discount.coupon"),
        ("coupon", {"issued": 0.5}, "has to be whole", "discount.whole_number"),
        ("member", {"members": {"a": {"share": 2, "discount": 0.1}}}, "tier", "discount.member"),
        (
            "member",
            {"members": {n: {"share": 0.7, "discount": 0.1} for n in "ab"}},
            "together at most 1",
            "discount.member",
        ),
        ("timed", {"price": 0}, "list price cannot be used", "campaign.price"),
        ("timed", {"switched": 0.8, "brought_forward": 0.5}, "said to replace", "discount.bump"),
        ("timed", {"return_rate": 1.4}, "", "campaign.out_of_range"),
        ("timed", {"orders": None}, "", "campaign.missing_input"),
    ],
)
def test_what_cannot_be_is_refused(form, changes, words, code):
    with pytest.raises(wb.CampaignError, match=words or None) as caught:
        make(form, **changes).simulate(n_paths=10)
    assert code in {problem.code for problem in caught.value.problems}


def test_a_form_nobody_knows_is_refused():
    with pytest.raises(wb.CampaignError, match="form of discount is not known") as caught:
        wb.Discount(
            name="x", start="2026-11-01", end="2026-11-02", price=9, form="gift", orders=3
        ).simulate(n_paths=10)
    assert caught.value.problems[0].code == "discount.form"


def test_the_funnel_has_the_steps_of_its_form_alone():
    timed = make().simulate(n_paths=10).funnel()["step"].tolist()
    assert timed == ["demand", "orders", "added_orders"]
    coupon = make("coupon").simulate(n_paths=10).funnel()["step"].tolist()
    assert coupon == ["issued_coupons", "demand", "orders", "added_orders"]
