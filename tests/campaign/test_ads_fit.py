"""Past ads give back what they were made of."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.campaign.ads_fit import fit_ads

TRUTH = {"cost": 4.3, "rise": 0.3, "apart": 0.2, "varies": 0.25, "creatives": 0.3}


def records(n_campaigns=12, n_days=25, seed=0):
    """Ads by the rules: two creatives, daily budgets around 1,500."""
    rng = np.random.default_rng(seed)
    rows = []
    for campaign in range(n_campaigns):
        cost = TRUTH["cost"] * np.exp(TRUTH["apart"] * rng.standard_normal())
        stay, lag = rng.beta(60, 40), rng.normal(9, 1)
        own = np.exp(TRUTH["creatives"] * rng.standard_normal(2))
        for day in range(n_days):
            spend = 1500 * np.exp(0.5 * rng.standard_normal())
            luck = rng.gamma(1 / TRUTH["varies"] ** 2, TRUTH["varies"] ** 2)
            for name, factor in zip("ab", own, strict=True):
                dear = cost * factor * (spend / 1500) ** TRUTH["rise"]
                clicks = rng.poisson(spend / 2 * luck / dear / 0.2)
                won = rng.binomial(clicks, 0.2)
                stayed = rng.binomial(won, stay)
                opens = rng.binomial(stayed, 0.3)
                orders = rng.binomial(opens, 0.1)
                rows.append(
                    {
                        "campaign": campaign, "date": day, "creative": name, "spend": spend / 2,
                        "followers": won, "clicks": clicks, "unfollowed": won - stayed,
                        "link_opens": opens, "first_orders": orders,
                        "days_to_order": lag if orders else np.nan,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def fit():
    return fit_ads(records(n_campaigns=40))


def test_cost_its_rise_and_its_spread_come_back(fit):
    level, spread = fit.cost.per_follower.parameters
    # creatives are half of the spend each, so that a campaign's cost differs by theirs too
    assert level == pytest.approx(TRUTH["cost"], rel=0.12)
    assert spread == pytest.approx(np.hypot(0.2, 0.3 / np.sqrt(2)), abs=0.08)
    assert fit.usual_spend == pytest.approx(1500, rel=0.1)
    low, mid, high = fit.cost.rise.parameters
    assert low < TRUTH["rise"] < high
    assert mid == pytest.approx(TRUTH["rise"], abs=0.05)
    assert fit.cost.variation.parameters[0] == pytest.approx(TRUTH["varies"], abs=0.05)
    assert fit.cost.creative_spread.parameters[0] == pytest.approx(TRUTH["creatives"], abs=0.09)


def test_rates_and_the_wait_come_back(fit):
    found = {name: float(one.at(np.array([0.5]))[0]) for name, one in fit.inputs().items()}
    assert found["follow_rate"] == pytest.approx(0.2, abs=0.005)
    assert found["stay_rate"] == pytest.approx(0.6, abs=0.02)
    assert found["link_rate"] == pytest.approx(0.3, abs=0.01)
    assert found["order_rate"] == pytest.approx(0.1, abs=0.01)
    assert found["decide_days"] == pytest.approx(9, abs=0.4)
    low, high = fit.rates["stay_rate"].at(np.array([0.1, 0.9]))
    assert high - low == pytest.approx(0.125, abs=0.05)


def test_orders_that_were_not_paid_are_a_step_of_their_own(fit):
    assert fit.rates["pay_rate"].text() == "1"  # orders were only told once paid
    past = records(n_campaigns=40).assign(placed_orders=lambda rows: rows["first_orders"])
    past["first_orders"] = np.random.default_rng(3).binomial(past["placed_orders"], 0.7)
    rates = fit_ads(past).rates
    middle = {name: float(rates[name].at(np.array([0.5]))[0]) for name in rates}
    assert middle["order_rate"] == pytest.approx(0.1, abs=0.01)
    assert middle["pay_rate"] == pytest.approx(0.7, abs=0.015)
    more = past.assign(first_orders=past["placed_orders"] + 1)
    with pytest.raises(wb.CampaignError) as caught:
        fit_ads(more)
    assert caught.value.problems[0].code == "ads.fit_grows"


def test_what_was_learned_is_what_the_next_ads_are_simulated_from(fit):
    ads = wb.FollowerAds(
        name="n", start="2026-11-01", end="2026-11-10", daily_budget=1500, order_value=200,
        usual_spend=fit.usual_spend, creatives=[{"name": n, "share": 1} for n in "ab"],
        **fit.inputs(),
    )  # fmt: skip
    result = ads.simulate(n_paths=400)
    source = result.sources().set_index("input")["source"]
    assert (source["cost_per_follower"], source["stay_rate"]) == ("history", "history")
    assert source["repeat_rate"].startswith("CDNOW")
    assert np.median(result.outcome("follower_cost")) == pytest.approx(4.3, rel=0.15)


def test_worked_by_hand():
    """Cost 4,000 ÷ 913 and 3,000 ÷ 587: their geometric mean; spend never varied within."""
    past = pd.DataFrame({"campaign": ["a", "b"], "spend": [4000, 3000], "followers": [913, 587]})
    fit = fit_ads(past)
    assert fit.cost.per_follower.parameters[0] == pytest.approx((4000 / 913 * 3000 / 587) ** 0.5)
    assert set(fit.inputs()) == {"cost_per_follower"}
    assert (fit.n_campaigns, fit.n_days, fit.n_followers) == (2, 2, 1500)


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"spend": None}, "records of past ads lack a column", "ads.fit_column"),
        ({"followers": [50, -1]}, "no counts or amounts", "ads.fit_counts"),
        ({"clicks": [900.5, 100]}, "clicks: 1 row", "ads.fit_counts"),
        ({"unfollowed": [10, 300]}, "unfollowed is more than followers in 1 row", "ads.fit_grows"),
        ({"followers": [40, 30]}, "won too few followers", "ads.fit_few"),
    ],
)
def test_records_that_cannot_be_used(changes, words, code):
    given = {"spend": [900, 800], "followers": [200, 190], **changes}
    past = pd.DataFrame({name: value for name, value in given.items() if value is not None})
    with pytest.raises(wb.CampaignError, match=words) as failed:
        fit_ads(past)
    assert failed.value.text("zh")
    assert code in {problem.code for problem in failed.value.problems}
