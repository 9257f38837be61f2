"""Records of past campaigns: they agree with the shop, and tell what they were drawn from."""

import numpy as np
import pandas as pd
import pytest
import yaml

from workbench.campaign.ads_fit import fit_ads
from workbench.campaign.discount_fit import fit_discounts
from workbench.campaign.promoter_fit import fit_promoters
from workbench.data.past_tables import read_past_ads, read_past_discounts, read_promoters

WIDE = np.array([0.005, 0.995])


@pytest.fixture(scope="session")
def truth(demo):
    return yaml.safe_load((demo.directory / "truth" / "parameters.yaml").read_text("utf-8"))["past"]


def holds(found, value):
    low, high = found.at(WIDE)
    return low <= value <= high


def test_ads_add_up_to_what_the_shop_notes(demo, table):
    past = read_past_ads(demo.directory / "ads.csv", as_of=demo.as_of)
    noted = table("campaigns.csv").set_index("campaign")
    for name, rows in past.groupby("campaign"):
        assert rows["spend"].sum() == noted.loc[name, "cost"]
        assert rows["followers"].sum() == noted.loc[name, "followers"]
        assert rows["date"].between(noted.loc[name, "start"], noted.loc[name, "end"]).all()
        left = rows["followers"] - rows["unfollowed"]
        assert (rows["first_orders"] <= rows["link_opens"]).all()
        assert (rows["link_opens"] <= left).all()
        assert rows["first_orders"].sum() > 50
    assert set(past["campaign"]) == set(noted.index[noted["kind"] == "follower_ads"])


def test_the_inputs_of_ads_come_back(demo, truth):
    fit, true = fit_ads(read_past_ads(demo.directory / "ads.csv")), truth["ads"]
    for name in ("cost_rise", "stay_rate", "link_rate", "follow_rate"):
        assert holds(fit.inputs()[name], true[name]), name
    dear, cheap = max(true["creatives"].values()), min(true["creatives"].values())
    spread = fit.inputs()["creative_spread"].parameters[0]
    assert spread == pytest.approx(np.std(np.log([dear, cheap]), ddof=1), rel=0.15)
    assert fit.inputs()["cost_variation"].parameters[0] == pytest.approx(0.12, abs=0.03)
    assert fit.decide_days.at(np.array([0.5]))[0] == pytest.approx(true["decide_days"], rel=0.2)


def test_promoters_sell_what_the_order_list_says(demo, orders):
    past = read_promoters(demo.directory / "promoters.csv")
    paid = orders[orders["付款时间"].notna() & orders["活动"].isin(past["campaign"])]
    days = paid.groupby(["活动", paid["付款时间"].dt.normalize()])["订单号"].nunique()
    sold = past.groupby(["campaign", "date"])["paid_orders"].sum()
    sold = sold[sold > 0].rename_axis(days.index.names)
    pd.testing.assert_series_equal(sold.astype("int64"), days, check_names=False)
    assert (past["orders"] >= past["paid_orders"]).all()
    assert (past["date"] >= past["joined"]).all()
    assert (past.groupby(["campaign", "promoter"])["orders"].sum() == 0).any()


def test_the_inputs_of_drives_come_back(demo, truth):
    fit = fit_promoters(read_promoters(demo.directory / "promoters.csv"))
    true, found = truth["drives"], fit.inputs()
    for name in (
        "customer_activation", "employee_activation", "employee_effort", "pay_rate", "half_life",
    ):  # fmt: skip
        assert holds(found[name], true[name]), name
    from workbench.campaign.promoters import best_fifth_of

    best = float(best_fifth_of(np.array([true["talent_shape"]]))[0])
    assert found["best_fifth"].at(np.array([0.5]))[0] == pytest.approx(best, abs=0.06)
    assert fit.rated
    assert not fit.sellers_only


def test_discounts_were_measured_around_what_they_were(demo, table):
    past = read_past_discounts(demo.directory / "discounts.csv", as_of=demo.as_of)
    real = table("truth/discounts.csv")
    off = (past["uplift"].to_numpy() - real["uplift"].to_numpy()) / past["error"].to_numpy()
    assert len(off) == len(real) == 18
    assert 0.5 < float(np.std(off)) < 1.6
    mean = float((real["uplift"] / real["depth"]).mean())
    fit = fit_discounts(past)
    assert fit.pooled.mean == pytest.approx(mean, abs=3 * fit.pooled.error)
    assert not fit.few
