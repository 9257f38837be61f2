"""The result of a simulation, on the smallest of campaigns."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.campaign.tornado import tornado_table


def test_summary_and_funnel(stall):
    result = stall(fixed_cost=500).simulate(n_paths=400)
    table = result.summary().set_index("quantity")
    assert list(table) == ["unit_of_measure", "p10", "p50", "p90", "mean"]
    assert table.loc["visits", "mean"] == pytest.approx(400, rel=0.01)
    assert table.loc["sales", "mean"] == pytest.approx(800, rel=0.03)
    assert table.loc["cost", ["unit_of_measure", "p50"]].tolist() == ["CNY", 500.0]
    assert table.loc["incremental_sales", "mean"] == pytest.approx(600, rel=0.03)
    assert table.loc["success_rate", "mean"] == pytest.approx(0.2, abs=0.005)
    assert (table["p10"] <= table["p50"]).all()
    funnel = result.funnel()
    assert funnel["step"].tolist() == ["visits", "orders"]
    assert funnel["of_previous"][1] == pytest.approx(0.2, abs=0.005)
    assert result.margin.mean() == -500


def test_increment_is_with_less_without(stall):
    result = stall(units={"online": 3, "store": 1}).simulate(n_paths=50)
    assert result.increment.shape == (50, 95, 2)
    ledger = result.ledger
    assert (result.increment == ledger["sales"] - ledger["cannibalised_sales"]).all()
    assert result.totals().shape == (50, 2)
    assert result.totals("2026-11-02", "2026-11-02").sum().sum() == result.increment[:, 1].sum()
    share = result.totals().sum()
    assert share["online"] / share.sum() == pytest.approx(0.75, abs=0.02)


def test_same_seed_same_bytes(stall):
    one, two, other = (stall().simulate(n_paths=50, seed=s) for s in (4, 4, 5))
    assert all(
        one.ledger[name].tobytes() == two.ledger[name].tobytes() for name in one.ledger.names
    )
    assert (one.ledger["visits"] != other.ledger["visits"]).any()


def test_options_share_their_random_numbers(stall):
    dear, cheap = (stall(pay_rate=rate).simulate(n_paths=200) for rate in (0.2, 0.22))
    assert (dear.ledger["visits"] == cheap.ledger["visits"]).all()
    assert (dear.ledger["orders"] <= cheap.ledger["orders"]).all()
    apart = stall(pay_rate=0.22, name="another").simulate(n_paths=200)
    alike = [np.corrcoef(dear.outcome("orders"), x.outcome("orders"))[0, 1] for x in (cheap, apart)]
    assert alike[0] > 0.9 > 0.3 > alike[1]


def test_tornado_names_the_driver_and_its_source(stall):
    drawn = stall(visits=(99, 100, 101)).simulate(n_paths=1000).tornado()
    assert drawn["input"].tolist() == ["pay_rate", "visits"]
    assert drawn.loc[0, "share"] > 0.6 > 0.1 > drawn.loc[1, "share"]
    assert drawn.loc[0, "swing"] > 0
    assert drawn["source"].tolist() == ["given", "given"]


def test_tornado_shares_of_a_sum_are_those_of_the_variances():
    rng = np.random.default_rng(0)
    values = {name: rng.permutation(np.linspace(-1, 1, 4000)) for name in "abc"}
    table = tornado_table(values, "abc", 1.0 * values["a"] - 2.0 * values["b"])
    share = table.set_index("input")["share"]
    assert share["b"] == pytest.approx(0.8, abs=0.03)
    assert share["a"] == pytest.approx(0.2, abs=0.03)
    assert share["c"] < 0.02
    assert table["rank_correlation"][0] < 0


def test_sources_of_every_input(stall):
    table = stall().simulate(n_paths=10).sources().set_index("input")
    assert table.loc["pay_rate"].tolist() == ["0.2 (0.1–0.3)", "given"]
    assert table.loc["fixed_cost"].tolist() == ["0", "assumption"]


def test_a_ledger_that_does_not_add_up_is_not_handed_out(stall):
    with pytest.raises(wb.CampaignError, match="does not add up"):
        stall(leak=1.0).simulate(n_paths=10)


@pytest.mark.parametrize(
    ("changes", "words", "code"),
    [
        ({"start": "2026-13-01"}, "cannot be read", "campaign.bad_date"),
        ({"end": "2026-10-01"}, "ends before it starts", "campaign.end_before_start"),
        ({"until": "2026-11-02"}, "before the campaign's end", "campaign.until_before_end"),
        ({"end": "2046-10-01"}, "more than ten years", "campaign.too_long"),
        ({"units": []}, "units of the campaign cannot be used", "campaign.units"),
        ({"units": {"a": -1}}, "units of the campaign cannot be used", "campaign.units"),
        ({"units": ["a", "a"]}, "units of the campaign cannot be used", "campaign.units"),
        (
            {"closed": [f"2026-11-0{d}" for d in (1, 2, 3, 4)]},
            "closed days only",
            "campaign.all_closed",
        ),
        ({"closed": ["tomorrow"]}, "cannot be read", "campaign.bad_date"),
    ],
)
def test_days_and_units_that_cannot_be_used(stall, changes, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        stall(**changes).simulate(n_paths=10)
    assert code in {problem.code for problem in failed.value.problems}


def test_paths_and_seed_that_cannot_be_used(stall):
    with pytest.raises(wb.CampaignError, match="n_paths = 0") as failed:
        stall(pay_rate=7).simulate(n_paths=0, seed=-1)
    codes = [problem.code for problem in failed.value.problems]
    assert codes == ["campaign.n_paths", "campaign.seed", "campaign.out_of_range"]


def test_nothing_happens_on_closed_days_and_it_is_said(stall):
    one = stall(closed=["2026-11-02"]).simulate(n_paths=30)
    assert one.ledger["visits"][:, 1].sum() == 0
    assert one.ledger["visits"][:, 0].sum() > 0
    assert one.notices[0].code == "campaign.closed_days"
    assert "2026-11-02" in one.notices[0].text("zh")


def seen(n_paths, units=("online", "store"), as_of="2026-10-31"):
    totals = pd.DataFrame({unit: np.linspace(900, 1100, n_paths) for unit in units})
    return wb.Outlook.from_totals(totals, period="2026-11", as_of=as_of)


def test_an_outlook_takes_campaigns_in(stall):
    before, result = seen(50), stall().simulate(n_paths=50)
    after = wb.with_campaigns(before, [result])
    assert (after.totals["store"] == before.totals["store"]).all()
    added = after.totals["online"] - before.totals["online"]
    assert added.to_numpy() == pytest.approx(result.totals(None, "2026-11-30")["online"].to_numpy())
    assert after.probability(2500) > before.probability(2500)


def test_only_days_of_the_period_count(stall):
    late = stall(start="2026-11-29", end="2026-12-02").simulate(n_paths=50)
    added = wb.with_campaigns(seen(50), [late]).total - seen(50).total
    inside = late.increment[:, :2].sum(axis=(1, 2))
    assert added == pytest.approx(inside)


@pytest.mark.parametrize(
    ("changes", "outlook", "words", "code"),
    [
        (
            {"start": "2026-12-01", "end": "2026-12-02"},
            {},
            "outside the period",
            "campaign.outside_period",
        ),
        ({}, {"as_of": "2026-11-01"}, "known already", "campaign.in_the_past"),
        ({"units": "shop"}, {}, "units that the outlook does not have", "campaign.unknown_unit"),
        ({}, {"n_paths": 40}, "different numbers of paths", "campaign.other_paths"),
    ],
)
def test_campaigns_that_do_not_fit_the_outlook(stall, changes, outlook, words, code):
    result = stall(**changes).simulate(n_paths=50)
    with pytest.raises(wb.CampaignError, match=words) as failed:
        wb.with_campaigns(seen(**{"n_paths": 50, **outlook}), [result])
    assert code in {problem.code for problem in failed.value.problems}


def test_one_campaign_is_not_counted_twice_and_currencies_are_not_mixed(stall):
    one, two = stall().simulate(n_paths=50), stall(currency="USD").simulate(n_paths=50)
    with pytest.raises(wb.CampaignError, match="added twice") as failed:
        wb.with_campaigns(seen(50), [one, two])
    codes = {problem.code for problem in failed.value.problems}
    assert codes == {"campaign.same_campaign", "campaign.currencies"}


def test_a_campaign_that_takes_more_than_there_is_is_told(stall):
    big = stall(visits=1000).simulate(n_paths=50)
    after = wb.with_campaigns(seen(50), [big])
    assert [notice.code for notice in after.notices] == ["campaign.takes_too_much"]
    assert "online would lose" in str(after.notices[0])
    assert not wb.with_campaigns(seen(50), [stall().simulate(n_paths=50)]).notices
