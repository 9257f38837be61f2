"""The merchants' published figures, and only those: each from its file in ``params/cases``."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import workbench as wb
from workbench.campaign.files import read_campaigns
from workbench.params.models import CampaignParams

CASES = Path(__file__).resolve().parents[2] / "params" / "cases"


def campaign(name):
    """The one campaign of a case, checked as the notebook checks its parameters."""
    params = CampaignParams.read(yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8")))
    (found,) = read_campaigns([{**item, "currency": params.currency} for item in params.campaigns])
    return found


def mean(result, name):
    return float(result.outcome(name).mean())


@pytest.fixture(scope="module")
def yanghe():
    return campaign("yanghe").simulate(n_paths=1000)


@pytest.mark.parametrize(
    ("case", "published"), [("yanghe", {"repeat_rate"}), ("naitangpai", {"cannibalised"})]
)
def test_inputs_that_were_not_published_are_assumptions(case, published):
    """The shares of replaced orders are those that the uplift is asked for."""
    sources = campaign(case).simulate(n_paths=5).sources()
    assert set(sources.loc[sources["source"] == "given", "input"]) == published


def test_yanghe_wins_seven_thousand_followers_in_a_month(yanghe):
    assert yanghe.n_active == 30
    assert mean(yanghe, "followers") == pytest.approx(7000, rel=0.02)


def test_yanghe_sells_125_000_more(yanghe):
    assert mean(yanghe, "incremental_sales") == pytest.approx(125_000, rel=0.05)
    per_follower = mean(yanghe, "incremental_sales") / mean(yanghe, "followers")
    assert per_follower == pytest.approx(17.86, rel=0.05)


def test_yanghe_24_percent_buy_again_in_the_stated_window(yanghe):
    assert mean(yanghe, "repeat_share") == pytest.approx(0.24, abs=0.01)
    (told,) = [one for one in yanghe.notices if one.code == "ads.repeat_window"]
    assert "24% of new customers buy again within 64 days" in str(told)
    assert mean(yanghe, "repeat_beyond") == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("cannibalised", "uplift"),
    [(0, 0.429), (1 / 3, 0.25), (1 / 2, 0.176), (2 / 3, 0.111), (1, 0.0)],
)
def test_naitangpai_uplift_of_the_store_where_the_group_buy_is_thirty_percent(cannibalised, uplift):
    """The month is the one of which group sales are 30 %; without is what is left of it."""
    buy = replace(campaign("naitangpai"), cannibalised=cannibalised)
    result = buy.simulate(n_paths=400)
    group, increment = mean(result, "sales"), mean(result, "incremental_sales")
    month = group / 0.30
    assert month / (month - increment) - 1 == pytest.approx(uplift, abs=0.002)


def test_naitangpai_refunds_failed_groups_and_never_oversells():
    buy = campaign("naitangpai")
    result = buy.simulate(n_paths=200)
    assert result.outcome("pieces").max() <= buy.stock == 3000
    assert mean(result, "refunded_failed") > 0
    assert result.outcome("refunded_failed") == pytest.approx(80 * result.outcome("failed_orders"))
    plain = replace(buy, simulated_completion=0).simulate(n_paths=200)
    assert mean(plain, "success_rate") < mean(result, "success_rate")


@pytest.fixture(scope="module")
def xiaomubiao():
    return campaign("xiaomubiao").simulate(n_paths=400)


def test_xiaomubiao_has_both_kinds_of_promoters(xiaomubiao):
    assert mean(xiaomubiao, "customer_promoters") == pytest.approx(200, rel=0.03)
    assert mean(xiaomubiao, "employee_promoters") == pytest.approx(60, rel=0.05)


def test_xiaomubiao_pays_two_levels_on_what_was_paid_net_of_refunds(xiaomubiao):
    assert campaign("xiaomubiao").levels == 2
    sold = {who: xiaomubiao.outcome(f"{who}_sales") for who in ("customer", "employee", "invited")}
    owed = 0.10 * sum(sold.values()) + 0.02 * sold["invited"]
    assert xiaomubiao.outcome("commission") == pytest.approx(owed)
    settled = xiaomubiao.outcome("settled_commission") + xiaomubiao.outcome("unsettled_commission")
    tied = xiaomubiao.outcome("commission") + xiaomubiao.outcome("reversible_commission")
    assert settled == pytest.approx(tied)
    third = replace(campaign("xiaomubiao"), levels=3)
    with pytest.raises(wb.CampaignError, match="third level") as caught:
        third.simulate(n_paths=5)
    assert [problem.code for problem in caught.value.problems] == ["drive.third_level"]


def test_xiaomubiao_brings_three_orders_a_promoter_most_by_the_best_fifth(xiaomubiao):
    assert mean(xiaomubiao, "orders_per_promoter") == pytest.approx(3, abs=0.3)
    rows = campaign("xiaomubiao").per_promoter(xiaomubiao).set_index("promoters")
    assert rows.loc["customer", "best_fifth"] >= 0.6
    drawn = xiaomubiao.inputs.values
    assert drawn["recruits"].max() < 1  # it does not grow by itself


def test_xiaomubiao_margin_is_after_commission_refunds_and_replaced_sales(xiaomubiao):
    left = xiaomubiao.outcome("gross_margin") - xiaomubiao.outcome("cost")
    assert xiaomubiao.margin == pytest.approx(left)
    assert (xiaomubiao.outcome("cost") >= xiaomubiao.outcome("commission") - 1e-6).all()
    lost = xiaomubiao.outcome("cannibalised_sales") + xiaomubiao.outcome("repaid_sales")
    net = xiaomubiao.outcome("sales") + xiaomubiao.outcome("repeat_sales") - lost
    assert xiaomubiao.outcome("incremental_sales") == pytest.approx(net)
