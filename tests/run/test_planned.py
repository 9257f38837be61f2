"""Campaigns of a parameter file on a shop: units, closed days, what is known, what is learned."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.distribution import Distribution
from workbench.errors import ParameterError
from workbench.panel.build import build_panel
from workbench.params.models import CampaignParams
from workbench.run.check import check
from workbench.run.own_past import learned_inputs
from workbench.run.planned import plan_campaigns
from workbench.run.planned_results import campaign_results
from workbench.target.outlook import Outlook

BUY = {
    "kind": "group_buy",
    "name": "拼团",
    "start": "2026-11-01",
    "end": "2026-11-05",
    "price": 100,
    "discount": 0.2,
    "visits": 500,
}
UNITS = ["a", "b"]


@pytest.fixture(scope="module")
def panel():
    days = pd.date_range("2026-08-01", "2026-09-30")
    ahead = pd.date_range("2026-10-01", "2026-12-31")
    past = [pd.DataFrame({"unit": u, "date": days, "sales": 100.0, "open": 1}) for u in UNITS]
    later = [pd.DataFrame({"unit": u, "date": ahead, "open": 1}) for u in UNITS]
    known = pd.concat(later, ignore_index=True)
    known["group_buy"] = ((known["unit"] == "b") & (known["date"] == "2026-11-02")).astype(float)
    known.loc[known["date"] == "2026-11-03", "open"] = 0
    sold = pd.concat(past, ignore_index=True).assign(group_buy=0.0)
    return build_panel(sold, known, calendar=None)


@pytest.fixture(scope="module")
def outlook():
    rng = np.random.default_rng(3)
    totals = pd.DataFrame({"a": 60_000 + 5_000 * rng.normal(size=200), "b": 20_000.0})
    return Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")


def params(*campaigns, **values):
    return CampaignParams.read({"source": "orders.csv", "campaigns": list(campaigns), **values})


def test_a_campaign_without_units_is_shared_out_and_rests_on_closed_days(panel, outlook):
    plan = plan_campaigns(params(BUY), panel, outlook, target=82_000)
    (one,) = plan.simulations
    units = plan.campaigns[0].units
    assert units["a"] == pytest.approx(0.75, abs=0.01)
    assert list(plan.campaigns[0].closed) == ["2026-11-03"]
    assert one.ledger["visits"][:, 2].sum() == 0
    assert one.ledger["visits"][:, 1].sum() > 0
    said = {problem.code: str(problem) for problem in plan.notices}
    assert "names no unit" in said["plan.spread"]
    assert "already holds a campaign" in said["plan.already_known"]
    assert "group_buy is set for b on 1 of its days" in said["plan.already_known"]
    assert plan.after.probability(82_000) > plan.before.probability(82_000)


def test_money_is_that_of_the_sales_and_results_are_published(panel, outlook):
    two = {**BUY, "name": "b", "units": "b", "start": "2026-11-10", "end": "2026-11-12"}
    plan = plan_campaigns(
        params({**BUY, "units": "a"}, two, currency="USD"), panel, outlook, target=82_000
    )
    assert {one.currency for one in plan.simulations} == {"USD"}
    results = campaign_results(plan, currency="USD")
    numbers = {(m.node, m.metric): m for m in results["metrics"]}
    assert numbers["", "probability"].value > numbers["", "probability_before"].value
    parts = [numbers[name, "campaign.increment_mean"].value for name in ("拼团", "b")]
    assert numbers["", "campaign.increment_mean"].value == pytest.approx(sum(parts), abs=0.05)
    assert numbers["b", "campaign.cost"].unit == "USD"
    assert set(results["tables"]["sources"]["campaign"]) == {"拼团", "b"}
    assert results["tables"]["steps"]["campaigns"].iloc[-1] == "拼团 + b"


def test_the_campaign_that_an_alert_proposes_can_be_planned(panel, outlook):
    from workbench.target.advice import advise
    from workbench.target.advice_rules import load_rules

    facts = {"unit": "a", "direction": "down", "cause": "conversion", "price": 80.0}
    days = {"as_of": dt.date(2026, 9, 30), "end": dt.date(2026, 12, 31)}
    said = advise({**facts, "visitors": 400.0}, load_rules(), **days)
    (item,) = [dict(one.simulate) for one in said if one.simulate]
    plan = plan_campaigns(params(item), panel, outlook)
    assert plan.campaigns[0].price == 80.0
    assert plan.simulations[0].units == ("a",)


def test_stronger_days_are_told_with_what_they_change(panel, outlook):
    from workbench.campaign.season import Season

    days = pd.date_range("2026-10-01", "2026-12-31")
    season = Season(pd.DataFrame(dict.fromkeys(outlook.units, 1.25), index=days))
    asked = params(BUY)
    plain = plan_campaigns(asked, panel, outlook)
    plan = plan_campaigns(asked, panel, outlook, season=season)
    assert plan.simulations[0].outcome("visits").mean() == pytest.approx(
        1.25 * plain.simulations[0].outcome("visits").mean(), rel=0.01
    )
    (said,) = [one for one in plan.notices if one.code == "plan.season"]
    assert "visits per day × 1.25" in said.text()
    assert "日均访问人数 × 1.25" in said.text("zh")
    assert "plan.season" not in [one.code for one in plain.notices]


def test_no_campaigns_leave_the_outlook_as_it_is(panel, outlook):
    plan = plan_campaigns(params(), panel, outlook)
    assert plan.after.total.tolist() == outlook.total.tolist()
    assert "campaigns" in campaign_results(plan, currency="CNY")["tables"]


def test_what_was_learned_stands_in_for_what_nobody_gave(panel, outlook):
    learned = {2: {"joiners": Distribution("fixed", (2.0,), "history")}}
    given = {**BUY, "name": "given", "units": "a", "joiners": 0.5}
    threes = {**BUY, "name": "three", "units": "a", "group_size": 3}
    plan = plan_campaigns(params({**BUY, "units": "a"}, given, threes), panel, outlook,
                          learned=learned)  # fmt: skip
    used = [one.inputs.used["joiners"] for one in plan.simulations]
    assert [one.source for one in used[:2]] == ["history", "given"]
    assert "BeiBei" in used[2].source


def test_learning_counts_groups_and_visitors(tmp_path):
    from workbench.data.sales import load_sales

    head = "订单号,付款时间,成团时间,订单状态,渠道,活动,实付金额\n"
    rows = [
        (f"2026-08-{day:02d} 10:{at:02d}:00", f"2026-08-{day:02d} 12:{at:02d}:00", "交易成功")
        for day in (2, 3)
        for at in range(20)
        for _ in range(2)
    ]
    rows += [("2026-08-03 09:00:00", "", "交易关闭")] * 10
    text = "\n".join(f"E{n},{p},{c},{s},a,七夕,80" for n, (p, c, s) in enumerate(rows))
    (tmp_path / "o.csv").write_text(head + text, "utf-8")
    days = pd.date_range("2026-08-01", "2026-08-03")
    pd.DataFrame({"date": days, "channel": "a", "visitors": 500, "orders": 9}).to_csv(
        tmp_path / "t.csv", index=False
    )
    files = {"source": str(tmp_path / "o.csv"), "traffic": str(tmp_path / "t.csv")}
    asked = CampaignParams.read({**files, "campaigns": [BUY, {**BUY, "group_size": 4}]})
    learned = learned_inputs(asked, load_sales(**asked.sales()))
    assert learned.groups == {2: 40}
    # 10 of 50 groups failed: 1 - exp(-theta) = 0.8; 50 groups opened by 1,000 visitors
    assert learned.inputs[2]["joiners"].parameters == pytest.approx((1.6094,), abs=1e-3)
    assert learned.inputs[2]["open_rate"].at(np.array([0.5]))[0] == pytest.approx(0.05, abs=1e-3)
    assert learned.inputs[2]["pay_rate"].parameters == (1.0,)
    codes = [problem.code for problem in learned.notices]
    assert codes == ["plan.learned", "plan.few_groups"]
    assert "groups of 4: 0 complete" in str(learned.notices[1])
    assert "too few past groups of this size" in str(learned.notices[1])


def test_everything_wrong_with_campaigns_is_told_before_anything_starts(tmp_path):
    (tmp_path / "o.csv").write_text("x")
    bad = {**BUY, "discount": 1.5, "end": "2026-10-01", "visit": 3}
    small = {**BUY, "group_size": 1}
    values = {"source": str(tmp_path / "o.csv"), "campaigns": [{"kind": "raffle"}, bad, small]}
    with pytest.raises(ParameterError) as caught:
        check("40", {**values, "period": "2026Q9"})
    text = str(caught.value)
    assert "2026Q9" in text
    assert "raffle" in text
    assert "visit" in text
    assert "at least 2 people" in text


def test_what_the_people_cannot_serve_is_not_sold(panel, tmp_path):
    from workbench.run.staffed import staff_capacity

    sure = Outlook.from_totals(
        pd.DataFrame({"a": [60_000.0] * 100, "b": [20_000.0] * 100}),
        period="2026Q4", as_of="2026-09-30",
    )  # fmt: skip
    (tmp_path / "staff.csv").write_text("姓名,渠道,季度产能\n甲,a,40500\n乙,a,20500\n", "utf-8")
    days = pd.date_range("2026-07-01", "2026-09-30")
    rows = [pd.DataFrame({"date": days, "channel": unit, "sales": 100.0}) for unit in UNITS]
    pd.concat(rows).to_csv(tmp_path / "d.csv", index=False)
    asked = CampaignParams.read({
        "source": str(tmp_path / "d.csv"),
        "staff_file": str(tmp_path / "staff.csv"),
        "campaigns": [
            {**BUY, "units": "a", "end": "2026-11-09"},
            {**BUY, "units": "b", "name": "b"},
        ],
    })  # fmt: skip
    from workbench.data.sales import load_sales

    sales = load_sales(**asked.sales())
    able = staff_capacity(asked, sales, panel, sure)
    plan = plan_campaigns(asked, panel, sure, target=82_000, capacity=able)
    # 61,000 in a quarter of 91.3 days are 61,460 in the 92 of this one: 1,460 more than without
    room = 61_000 * 92 / (365.25 / 4) - 60_000
    gained = plan.after.totals["a"] - 60_000
    assert gained.max() == pytest.approx(room, abs=0.01)
    row = plan.load.set_index("unit").loc["a"]
    assert list(plan.load["unit"]) == ["a"]
    assert row["capacity"] == pytest.approx(60_000 + room)
    assert row["served"] + row["unserved"] == pytest.approx(row["wanted"])
    assert row["served"] == pytest.approx(gained.mean())
    assert 0.3 < row["short"] == pytest.approx((gained > room - 0.01).mean())
    said = {problem.code: problem for problem in plan.notices}
    assert "left unserved on average: a" in said["schedule.capacity"].text()
    assert "人力产能" in said["schedule.capacity"].text("zh")
    assert "capacity.unknown" in said
    tables = campaign_results(plan, currency="CNY")["tables"]
    assert "staff" in tables
    from workbench.report.tables.campaign_staff import campaign_staff_table
    from workbench.report.words import Words

    for language, word in (("en", "Left unserved"), ("zh", "无法承接")):
        words = Words(language, "CNY")
        shown = campaign_staff_table(plan.load, words, period=sure.period).as_raw_html()
        assert word in shown
    free = plan_campaigns(asked, panel, sure, target=82_000)
    assert free.load.empty
    assert campaign_staff_table(free.load, words, period=sure.period) == ""


def test_a_staff_table_of_other_units_is_refused(panel, outlook, tmp_path):
    from workbench.data.sales import load_sales
    from workbench.errors import TargetError
    from workbench.run.staffed import staff_capacity

    (tmp_path / "staff.csv").write_text("姓名,门店,季度产能\n甲,x,40500\n", "utf-8")
    days = pd.date_range("2026-07-01", "2026-09-30")
    pd.DataFrame({"date": days, "channel": "a", "sales": 100.0}).to_csv(
        tmp_path / "d.csv", index=False
    )
    files = {"source": str(tmp_path / "d.csv"), "staff_file": str(tmp_path / "staff.csv")}
    asked = CampaignParams.read(files)
    with pytest.raises(TargetError, match="column") as caught:
        staff_capacity(asked, load_sales(**asked.sales()), panel, outlook)
    assert "列" in caught.value.text("zh")
    assert staff_capacity(asked.model_copy(update={"staff_file": ""}), None, panel, outlook) is None
