"""Campaigns on strong and weak days."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import workbench as wb
from workbench.calendar.period import parse_period
from workbench.campaign.distribution import Distribution
from workbench.campaign.season import LEVELS, Season, in_season, season_of, strength
from workbench.forecast.paths import SamplePaths
from workbench.target.outlook import Outlook

DAYS = pd.date_range("2026-11-01", periods=6)
BUY = {"name": "a", "price": 100, "discount": 0.2, "visits": (80, 100, 150)}


@pytest.fixture
def season():
    # an average open day of a sells 30, of b 50 (closed on the third)
    values = np.zeros((2, 6, 2))
    values[:, :, 0] = [[10, 20, 30, 40, 50, 30], [10, 20, 30, 40, 50, 30]]
    values[:, :, 1] = [[90, 40, 0, 40, 40, 40], [70, 60, 0, 40, 40, 40]]
    paths = SamplePaths.from_values(values, DAYS, ["a", "b"])
    return season_of(paths, parse_period("2026-11-01/2026-11-06"))


def buy(start, end, units="a", **more):
    return wb.GroupBuy(**{**BUY, "start": start, "end": end, "units": units, **more})


def test_days_are_told_beside_an_average_open_day(season):
    assert season.days["a"].tolist() == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 1])
    assert season.days["b"].tolist() == pytest.approx(
        [1.6, 1.0, np.nan, 0.8, 0.8, 0.8], nan_ok=True
    )
    # (4/3 + 5/3) / 2; units by their shares; closed days and unknown units left out
    assert season.strength(buy("2026-11-04", "2026-11-05")) == pytest.approx(1.5)
    both = {"a": 3, "b": 1}
    # 3/4 × 4/3 + 1/4 × 0.8
    assert season.strength(buy("2026-11-04", "2026-11-04", both)) == pytest.approx(1.2)
    assert season.strength(buy("2026-11-03", "2026-11-03", both)) == 1.0
    shut = buy("2026-11-03", "2026-11-05", closed=["2026-11-04", "2026-11-03"])
    assert season.strength(shut) == pytest.approx(1.65)
    assert season.strength(buy("2026-11-04", "2026-11-05", "c")) == 1.0
    assert season.strength(buy("2027-11-04", "2027-11-05")) == 1.0


def test_the_response_is_an_exponent(season):
    there = buy("2026-11-05", "2026-11-05")
    for response, wanted in ((0, 1.0), (0.5, 1.3), (1, 1.65), (2, 2.8)):
        assert Season(season.days, response).strength(there) == pytest.approx(wanted)


def test_each_kind_takes_the_season_in_its_own_input(season):
    days = {"name": "a", "start": "2026-11-04", "end": "2026-11-05", "units": "a"}
    groups = in_season(buy("2026-11-04", "2026-11-05"), season)
    assert groups.visits.parameters == pytest.approx((120, 150, 225))
    sale = wb.Discount(**days, price=100, discount=0.2, orders=(40, 50))
    assert in_season(sale, season).orders.parameters == pytest.approx((60, 75))
    drive = wb.DistributionDrive(
        **days, price=100, audience=1000, customers=100, order_rate={"kind": "lognormal",
        "parameters": [0.02, 0.3], "source": "history"},
    )  # fmt: skip
    after = in_season(drive, season).order_rate
    # a chance is taken half as often again
    base = drive.order_rate["parameters"][0] * np.exp(0.3 * ndtri(LEVELS))
    assert after.at(LEVELS[2:-2]) == pytest.approx(1 - (1 - base[2:-2]) ** 1.5, rel=0.02)
    assert after.source == "history"
    prior = in_season(wb.DistributionDrive(**days, price=1, audience=99, customers=9), season)
    plain = in_season(prior, None)
    assert prior.order_rate.at(LEVELS).mean() == pytest.approx(1.5 * 0.0105, abs=0.002)
    assert plain is prior
    sure = wb.DistributionDrive(**days, price=1, audience=9, customers=9, order_rate=(0.6, 0.9))
    assert in_season(sure, season).order_rate.at(LEVELS).max() == pytest.approx(
        1 - 0.1**1.5, abs=0.001
    )
    fixed = wb.DistributionDrive(**days, price=1, audience=9, customers=9, order_rate=0.5)
    assert in_season(fixed, season).order_rate.parameters == pytest.approx((1 - 0.5**1.5,))
    beta = Distribution("beta", (2.0, 8.0), "history")
    rate = in_season(wb.DistributionDrive(**days, price=1, audience=9, customers=9,
                                          order_rate=beta), season).order_rate  # fmt: skip
    assert rate.at(LEVELS) == pytest.approx(1 - (1 - beta.at(LEVELS)) ** 1.5, abs=0.015)
    coupon = wb.Discount(**days, form="coupon", price=100, off=20, issued=50, redemption=0.2)
    assert in_season(coupon, season).redemption.parameters == pytest.approx((1 - 0.8**1.5,))
    assert in_season(coupon, season).orders is None


def test_ads_follow_the_days_on_which_followers_decide():
    days = pd.DataFrame({"a": [0.5, 1.0, 2.0, np.nan]}, index=DAYS[:4])
    season = Season(days)
    when = {"name": "a", "start": "2026-11-01", "end": "2026-11-01", "units": "a"}
    ads = wb.FollowerAds(**when, until="2026-11-06", daily_budget=10, order_value=3,
                         decide_days=2, order_rate=0.1)  # fmt: skip
    # two steps, each left with chance 1/2 a day: of 1/4, 1/4, 3/16, (closed), 5/64, 6/128
    parts = np.array([1 / 4, 1 / 4, 3 / 16, 5 / 64, 6 / 128])
    wanted = parts @ [0.5, 1.0, 2.0, 1.0, 1.0] / parts.sum()
    assert season.strength(ads) == pytest.approx(wanted, abs=0.025)
    twice = Season(2 * days.fillna(1.0))
    assert in_season(ads, twice).order_rate.parameters[0] > 0.1
    at_once = replace(ads, decide_days=0)
    assert season.strength(at_once) == 0.5
    later = replace(at_once, end="2026-11-03", rhythm=(0, 0, 1))
    assert season.strength(later) == 2.0
    assert season.strength(replace(at_once, decide_days="soon")) > 0.5  # the prior's ten days


def test_strong_days_bring_coupons_and_ads_so_much_more():
    weeks = pd.date_range("2026-11-01", periods=120)
    strong = Season(pd.DataFrame({"a": 2.0}, index=weeks))
    when = {"name": "a", "start": "2026-11-01", "end": "2026-11-07", "units": "a"}
    ads = wb.FollowerAds(**when, daily_budget=3000, order_value=3, order_rate=0.05)
    coupon = wb.Discount(**when, form="coupon", price=100, off=20, issued=50_000, redemption=0.04)
    for one, name, chance in ((ads, "first_orders", 0.05), (coupon, "orders", 0.04)):
        plain, more = (some.simulate(n_paths=300).outcome(name).mean()
                       for some in (one, in_season(one, strong)))  # fmt: skip
        assert more / plain == pytest.approx((1 - (1 - chance) ** 2) / chance, rel=0.02)


def test_what_is_given_by_day_and_what_cannot_be_stays(season):
    by_day = buy("2026-11-04", "2026-11-05", rhythm=(1, 2))
    assert in_season(by_day, season) is by_day
    assert strength(by_day, season) == 1.0
    unread = buy("2026-11-04", "2026-11-05", visits="many")
    assert in_season(unread, season).visits == "many"
    days = {"name": "a", "start": "2026-11-04", "end": "2026-11-05", "units": "a"}
    beyond = wb.DistributionDrive(**days, price=1, audience=9, customers=9, order_rate=1.4)
    assert in_season(beyond, season).order_rate == 1.4  # its own message says so


def test_twice_as_strong_days_bring_twice_as_much():
    days = pd.DataFrame({"a": [1.0] * 7 + [2.0] * 7}, pd.date_range("2026-11-01", periods=14))
    weak, strong = (
        in_season(buy(start, end, visits=3000), Season(days)).simulate(n_paths=200)
        for start, end in (("2026-11-01", "2026-11-07"), ("2026-11-08", "2026-11-14"))
    )
    ratio = strong.outcome("opens").mean() / weak.outcome("opens").mean()
    assert ratio == pytest.approx(2.0, rel=0.02)


def test_the_gap_is_closed_in_the_strong_week():
    rng = np.random.default_rng(5)
    totals = pd.DataFrame({"a": rng.normal(100_000, 5_000, 300)})
    seen = Outlook.from_totals(totals, period="2026-11", as_of="2026-10-31")
    strong = np.where(np.arange(30) // 7 == 2, 1.6, 0.8)
    season = Season(pd.DataFrame({"a": strong}, index=pd.date_range("2026-11-01", periods=30)))
    stall = buy("2026-11-01", "2026-11-07", visits=2000, repeat_orders=0, brought_forward=0)
    plan = wb.close_gap(seen, 103_000, [wb.Option(stall, starts="weekly", season=season)])
    plain = wb.close_gap(seen, 103_000, [wb.Option(stall, starts="weekly")])
    assert str(plan.best.choices[0].start) == "2026-11-15"
    assert plan.best.sales > 1.3 * plain.best.sales
    (only,) = plan.schedule.simulations
    assert only.outcome("incremental_sales").mean() == pytest.approx(plan.best.sales)
