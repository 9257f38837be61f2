from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

Read = Callable[..., pd.DataFrame]
KINDS = {"group_buy", "distribution", "follower_ads", "discount"}


def cents(values: pd.Series) -> pd.Series:
    return (values * 100).round().astype("int64")


def test_baseline_and_effect_add_up_to_sales_every_day(table: Read) -> None:
    for name in ("truth/baseline_daily.csv", "truth/future_daily.csv"):
        daily = table(name)
        assert (cents(daily["baseline"]) + cents(daily["campaign_effect"])).equals(
            cents(daily["sales"])
        )


def test_sales_are_those_of_the_order_list_to_the_cent(sales: pd.DataFrame, table: Read) -> None:
    daily = table("truth/baseline_daily.csv", "date").set_index(["date", "channel"])["sales"]
    listed = sales.groupby(["date", "渠道"])["net"].sum().rename_axis(["date", "channel"])
    assert listed.reindex(daily.index, fill_value=0).rename("sales").equals(cents(daily))


def test_the_effects_of_the_campaigns_add_up_to_the_difference(table: Read) -> None:
    past, ahead = table("truth/baseline_daily.csv"), table("truth/future_daily.csv")
    daily = pd.concat([past, ahead]).set_index(["date", "channel"])["campaign_effect"]
    by_campaign = table("truth/campaign_daily.csv")
    summed = by_campaign.assign(effect=cents(by_campaign["effect"]))
    summed_days = summed.groupby(["date", "channel"])["effect"].sum()
    assert (
        summed_days.reindex(daily.index, fill_value=0)
        .rename("campaign_effect")
        .equals(cents(daily))
    )
    totals = cents(table("truth/campaign_effects.csv").set_index("campaign_id")["effect_total"])
    assert summed.groupby("campaign_id")["effect"].sum().rename("effect_total").equals(totals)


def test_the_parts_of_an_effect_add_up(table: Read) -> None:
    effects = table("truth/campaign_effects.csv")
    when = ["effect_before", "effect_during", "effect_after", "effect_other_channels"]
    assert np.allclose(effects[when].sum(axis=1), effects["effect_total"], atol=0.005)
    made_of = effects["new_sales"] + effects["later_sales"] - effects["price_given_up"]
    assert np.allclose(made_of, effects["effect_total"], atol=0.005)
    taken = ["cannibalised", "pulled_forward", "waited", "from_other_channels"]
    sold = effects[[*taken, "new_sales"]].sum(axis=1) - effects["price_given_up"]
    assert np.allclose(sold, effects["campaign_sales"], atol=0.005)


def test_every_kind_is_there_in_the_past_and_some_are_planned(table: Read) -> None:
    campaigns = table("campaigns.csv", "start", "end")
    assert set(campaigns["kind"]) == KINDS
    done = campaigns[campaigns["status"] == "done"]
    assert done["kind"].value_counts().min() >= 3
    forms = set(done.loc[done["kind"] == "discount", "form"])
    assert forms == {"满减", "秒杀", "优惠券", "限时折扣"}
    planned = campaigns[campaigns["status"] == "planned"]
    assert len(planned) >= 2
    assert planned["start"].between("2026-10-01", "2026-12-31").all()
    running = campaigns[campaigns["status"] == "running"]
    assert (running["start"] <= "2026-08-20").all()
    assert (running["end"] > "2026-08-20").all()
    assert campaigns["campaign_id"].is_unique
    assert campaigns["campaign"].is_unique


def test_nothing_of_the_truth_stands_in_the_campaign_list(table: Read) -> None:
    known = set(table("campaigns.csv").columns)
    assert not known & {"uplift", "take_up", "ahead", "effect_total", "new_sales"}


def test_the_kinds_work_as_they_do_in_a_shop(table: Read) -> None:
    effects = table("truth/campaign_effects.csv").set_index("campaign")
    strong = effects[effects["baseline_during"] > 50_000]
    discounts = strong[(strong["kind"] == "discount") & (strong["effect_total"] > 0)]
    assert (discounts["effect_after"] < 0).all()
    assert (discounts["cannibalised"] > discounts["new_sales"]).mean() > 0.8
    ads = strong[strong["kind"] == "follower_ads"]
    assert (ads["effect_after"] > 0).all()
    assert (ads["price_given_up"] == 0).all()
    assert (strong.loc[strong["kind"] == "distribution", "commission"] > 0).all()
    assert effects.loc["2026夏日门店折扣", "effect_total"] < 5_000  # one that brought nothing


def test_campaigns_leave_days_far_from_them_alone(table: Read) -> None:
    days = table("truth/campaign_daily.csv", "date").merge(
        table("campaigns.csv", "start", "end")[["campaign_id", "start", "end"]], on="campaign_id"
    )
    early = (days["start"] - days["date"]).dt.days
    assert early.max() <= 21
    assert days["date"].max() <= pd.Timestamp("2027-03-31")


@pytest.mark.parametrize("flag", ["promo", "group_buy", "distribution", "follower_ads"])
def test_known_flags_are_the_days_of_the_campaigns(table: Read, flag: str) -> None:
    known = table("known.csv", "date")
    campaigns = table("campaigns.csv", "start", "end")
    of_kind = campaigns[campaigns["kind"] == ("discount" if flag == "promo" else flag)]
    expected = set()
    for one in of_kind.itertuples():
        expected |= {(day, one.channel) for day in pd.date_range(one.start, one.end)}
    found = known[known[flag] == 1]
    assert set(zip(found["date"], found["channel"], strict=True)) == expected


def test_known_runs_to_the_end_of_the_second_next_quarter(table: Read) -> None:
    known = table("known.csv", "date")
    assert known["date"].min() == pd.Timestamp("2023-07-01")
    assert known["date"].max() == pd.Timestamp("2027-03-31")
    assert not known.duplicated(["date", "channel"]).any()
    assert len(known) == 3 * known["date"].nunique()
    after = known[known["date"] > "2026-08-20"]
    assert after["stockout"].sum() == 0
    assert (after["open"] == 0).sum() == 5
    flags = known.drop(columns=["date", "channel"])
    assert flags.isin([0, 1]).all().all()
    assert known["stockout"].sum() == 7 + 5 + 5 + 7
