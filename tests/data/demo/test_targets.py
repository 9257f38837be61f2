from collections.abc import Callable

import pandas as pd

from workbench.data.demo.catalogue import read_shop
from workbench.data.demo.targets import quarters

Read = Callable[..., pd.DataFrame]


def test_quarters_run_to_the_one_after_the_as_of_date() -> None:
    found = quarters(read_shop())
    assert [label for label, *_ in found][:2] == ["2023Q3", "2023Q4"]
    assert len(found) == 14
    label, first, last = found[2]
    assert (label, str(first), str(last)) == ("2024Q1", "2024-01-01", "2024-03-31")


def test_people_add_up_to_channels_and_channels_to_the_shop(table: Read) -> None:
    targets = table("targets.csv")
    by = ["period", "version"]
    shop = targets[targets["level"] == "shop"].set_index(by)["target"]
    channels = targets[targets["level"] == "channel"].groupby(by)["target"].sum()
    people = targets[targets["level"] == "salesperson"]
    assert channels.eq(shop).all()
    assert people.groupby(by)["target"].sum().eq(shop).sum() == 26
    assert targets.duplicated([*by, "channel", "salesperson"]).sum() == 0


def test_both_versions_are_set_before_the_quarter(table: Read) -> None:
    targets = table("targets.csv", "set_on")
    start = pd.PeriodIndex(targets["period"], freq="Q").start_time
    assert (targets["set_on"] < start).all()
    versions = targets.groupby("period")["version"].unique().map(sorted)
    assert versions.drop("2026Q4").map(lambda found: found == ["v1", "v2"]).all()
    assert versions["2026Q4"] == ["v1"]
    set_on = targets[targets["period"] != "2026Q4"].groupby(["version", "period"])["set_on"].first()
    assert (set_on["v1"] < set_on["v2"]).all()


def test_the_next_quarter_has_proposals_for_shop_and_channels_only(table: Read) -> None:
    ahead = table("targets.csv", "set_on").query("period == '2026Q4'")
    assert ahead["level"].tolist() == ["shop", "channel", "channel", "channel"]
    assert (ahead["set_on"] <= pd.Timestamp("2026-08-20")).all()


def test_attainment_is_plausible(table: Read) -> None:
    daily = pd.concat([table("truth/baseline_daily.csv"), table("truth/future_daily.csv")])
    quarter = pd.PeriodIndex(pd.to_datetime(daily["date"]), freq="Q").astype(str)
    sold = daily.groupby(quarter)["sales"].sum()
    targets = table("targets.csv").query("level == 'shop' and version == 'v2'")
    attained = sold / targets.set_index("period")["target"]
    assert attained.dropna().between(0.82, 1.15).all()
    assert 0.92 < attained.mean() < 1.03


def test_people_have_targets_for_quarters_they_begin_in_the_shop(table: Read) -> None:
    staff = table("staff.csv", "start", "end").set_index("salesperson")
    people = table("targets.csv").query("level == 'salesperson'")
    first_day = pd.PeriodIndex(people["period"], freq="Q").start_time
    mine = staff.loc[people["salesperson"]]
    assert (mine["start"].to_numpy() <= first_day.to_numpy()).all()
    assert (mine["end"].fillna(pd.Timestamp("2100-01-01")).to_numpy() > first_day.to_numpy()).all()
    assert (people["target"] > 0).all()
