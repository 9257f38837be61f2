"""Campaigns from a parameter file: read, refused with every mistake, written again."""

import pytest

import workbench as wb
from workbench.campaign.files import campaign_items, fits, read_campaigns

BUY = {
    "kind": "group_buy",
    "name": "拼团",
    "start": "2026-11-01",
    "end": "2026-11-07",
    "price": 100,
    "visits": [1500, 2000, 3000],
    "discount": 0.2,
    "units": {"online": 2, "store": 1},
    "joiners": {"kind": "beta", "parameters": [2, 3], "source": "history"},
}


def refused(*items):
    with pytest.raises(wb.CampaignError) as failed:
        read_campaigns(list(items))
    return failed.value


def test_what_is_read_is_the_campaign_of_the_same_fields():
    (read,) = read_campaigns([BUY])
    written = wb.GroupBuy(**{name: value for name, value in BUY.items() if name != "kind"})
    one, two = (buy.simulate(n_paths=20, seed=3) for buy in (read, written))
    assert one.totals().equals(two.totals())
    assert campaign_items([read]) == [BUY]


def test_defaults_are_not_written_and_distributions_are():
    buy = wb.GroupBuy(
        name="g", start="2026-11-01", end="2026-11-02", price=9, discount=0.1,
        visits=wb.Distribution("gamma", (100.0, 4.0), "history"),
    )  # fmt: skip
    (item,) = campaign_items([buy])
    assert item["visits"] == {"kind": "gamma", "parameters": [100.0, 4.0], "source": "history"}
    assert "group_size" not in item
    assert (
        read_campaigns([item])[0]
        .simulate(n_paths=5)
        .totals()
        .equals(buy.simulate(n_paths=5).totals())
    )


@pytest.mark.parametrize(
    ("items", "code", "words"),
    [
        ("group_buy", "campaigns.not_list", "campaigns are not a list"),
        (["group_buy"], "campaigns.not_mapping", "entry 1"),
        ([{**BUY, "kind": "group_by"}], "campaigns.kind", "nearest: group_buy"),
        ([{"name": "x"}], "campaigns.kind", "missing or not known"),
        ([{**BUY, "kind": "lottery"}], "campaigns.kind", "Choose one of: group_buy"),
        ([{**BUY, "disount": 0.3}], "campaigns.field", "nearest: discount"),
        ([{**BUY, "group_size": "3"}], "campaigns.type", "Give a whole number"),
        ([{**BUY, "collect": "yes"}], "campaigns.type", "Give true or false"),
        ([{**BUY, "form": "flash"}], "campaigns.type", "plain or tiered or old_brings_new"),
        ([{"kind": "group_buy", "name": "x"}], "campaigns.missing", "start, end, price, visits"),
    ],
)
def test_what_cannot_be_read(items, code, words):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        read_campaigns(items)
    assert [problem.code for problem in failed.value.problems] == [code]
    assert failed.value.text("zh")


def test_every_mistake_of_every_campaign_is_told_at_once():
    failed = refused({**BUY, "prise": 3, "stock": 1.5}, {**BUY, "group_size": 1}, {"kind": "x"})
    codes = [problem.code for problem in failed.problems]
    assert codes == ["campaigns.field", "campaigns.type", "campaign.group_size", "campaigns.kind"]


def test_what_fits_a_field():
    assert fits(None, int | None)
    assert not fits(2.5, int | None)
    assert not fits(float("nan"), str)
