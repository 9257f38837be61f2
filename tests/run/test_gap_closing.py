"""The options of a parameter file: read, placed on the shop, and the mix that closes the gap."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import CampaignError, ParameterError
from workbench.panel.build import build_panel
from workbench.params.models import CampaignParams
from workbench.run.check import check
from workbench.run.gap_closing import close_the_gap, gap_tables, shut_days

BUY = {
    "kind": "group_buy",
    "name": "拼团",
    "start": "2026-11-01",
    "end": "2026-11-05",
    "price": 100,
    "discount": 0.2,
    "visits": 500,
    "units": "a",
}
SIZES = {"visits": [500, 2000], "fixed_cost": [500, 4000]}


@pytest.fixture(scope="module")
def panel():
    days = pd.date_range("2026-08-01", "2026-09-30")
    ahead = pd.date_range("2026-10-01", "2026-12-31")
    sold = pd.DataFrame({"unit": "a", "date": days, "sales": 100.0, "open": 1})
    known = pd.DataFrame({"unit": "a", "date": ahead, "open": 1})
    known.loc[known["date"] == "2026-11-03", "open"] = 0
    return build_panel(sold, known, calendar=None)


@pytest.fixture(scope="module")
def outlook():
    from workbench.target.outlook import Outlook

    rng = np.random.default_rng(3)
    totals = pd.DataFrame({"a": 60_000 + 5_000 * rng.normal(size=200)})
    return Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")


def params(*options, **values):
    return CampaignParams.read({"source": "orders.csv", "options": list(options), **values})


def test_the_cheapest_size_that_reaches_the_target_is_found(panel, outlook):
    asked = params({**BUY, "sizes": SIZES, "starts": ["2026-11-01", "2026-12-01"]}, reach=0.55)
    gap = close_the_gap(asked, panel, outlook, target=60_000)
    assert gap.reached
    assert gap.best.cost == pytest.approx(500)
    assert gap.best.probability >= 0.55 > gap.baseline
    tables = gap_tables(gap)
    assert len(tables["gap_mixes"]) == 1 + len(gap.runners_up)
    assert tables["gap_frontier"]["cost"].is_monotonic_increasing


def test_closed_days_of_the_shop_hold_for_every_start(panel, outlook):
    assert shut_days(panel) == ["2026-11-03"]
    gap = close_the_gap(params(BUY, reach=0.9), panel, outlook, target=60_000)
    assert gap.schedule.simulations[0].ledger["visits"][:, 2].sum() == 0


def test_a_budget_that_allows_nothing_is_refused(panel, outlook):
    asked = params({**BUY, "fixed_cost": 900}, budget=100)
    with pytest.raises(CampaignError) as failed:
        close_the_gap(asked, panel, outlook, target=65_000)
    assert [problem.code for problem in failed.value.problems] == ["gap.budget"]


def pieces(gap):
    return sum(one.outcome("pieces").mean() for one in gap.schedule.simulations)


def test_limits_exclusivity_and_what_is_best_are_those_of_the_file(panel, outlook):
    start = {"start": "2026-12-01", "end": "2026-12-05", "sizes": SIZES}
    two = [{**BUY, "sizes": SIZES}, {**BUY, **start, "name": "再来", "start": "2026-11-02"}]
    free = close_the_gap(params(*two, reach=0.95), panel, outlook, target=63_000)
    assert len(free.best.choices) == 2
    for asked in ({"exclusive": [["拼团", "再来"]]}, {"exclusive": "all"}):
        alone = close_the_gap(params(*two, reach=0.95, **asked), panel, outlook, target=63_000)
        assert len(alone.best.choices) == 1
        assert len(alone.frontier) < len(free.frontier)
    most = 1.02 * pieces(alone)
    limited = params(*two, reach=0.95, limits={"pieces": most})
    few = close_the_gap(limited, panel, outlook, target=63_000)
    assert 0 < pieces(few) <= most < pieces(free)
    rich = close_the_gap(params(*two, reach=0.5, best_by="margin"), panel, outlook, target=60_500)
    cheap = close_the_gap(params(*two, reach=0.5), panel, outlook, target=60_500)
    assert rich.goal == "margin"
    assert rich.best.margin >= cheap.best.margin


def test_exclusive_names_are_those_of_campaigns_or_options(panel, outlook, tmp_path):
    from workbench.run.planned import plan_campaigns

    (tmp_path / "orders.csv").write_text("a\n", "utf-8")
    other = {**BUY, "name": "再来"}
    values = {"source": str(tmp_path / "orders.csv"), "campaigns": [BUY], "options": [other]}
    assert check("40_campaign_plan", {**values, "exclusive": [["拼团", "再来"]]})
    with pytest.raises(ParameterError, match="团购"):
        check("40_campaign_plan", {**values, "exclusive": [["拼团", "团购"]]})
    # The option does not run in the plan itself; two planned campaigns may not share a day.
    asked = params(other, campaigns=[BUY], exclusive=[["拼团", "再来"]])
    assert len(plan_campaigns(asked, panel, outlook).simulations) == 1
    gap = close_the_gap(
        asked, panel, outlook, target=70_000,
        planned=plan_campaigns(asked, panel, outlook).campaigns,
    )  # fmt: skip
    assert not gap.best.choices
    with pytest.raises(CampaignError) as failed:
        plan_campaigns(params(campaigns=[BUY, other], exclusive="all"), panel, outlook)
    assert [problem.code for problem in failed.value.problems] == ["schedule.exclusive"]


def test_nothing_to_close_without_options_or_target(panel, outlook):
    assert close_the_gap(params(), panel, outlook, target=60_000) is None
    assert close_the_gap(params(BUY), panel, outlook) is None
    assert gap_tables(None) == {}


def test_mistakes_in_options_are_told_before_anything_starts(tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text("a\n", "utf-8")
    wrong = {**BUY, "disount": 0.3, "starts": "weekly"}
    with pytest.raises(ParameterError, match="nearest: discount"):
        check("40_campaign_plan", {"source": str(orders), "options": [wrong]})


def test_the_planned_campaigns_run_and_the_options_come_on_top(panel, outlook, tmp_path):
    from workbench.report.gap import gap_answer, mixes_table
    from workbench.report.words import Words
    from workbench.run.planned import plan_campaigns

    more = {**BUY, "name": "再来", "start": "2026-12-01", "end": "2026-12-05", "sizes": SIZES}
    asked = params(more, campaigns=[BUY], reach=0.6)
    plan = plan_campaigns(asked, panel, outlook, target=61_000)
    gap = close_the_gap(asked, panel, outlook, target=61_000, planned=plan.campaigns)
    assert gap.baseline == pytest.approx(plan.after.probability(61_000))
    assert gap.best.probability > gap.baseline
    assert [one.campaign for one in gap.schedule.simulations] == ["拼团", "再来"]
    assert gap.best.cost == pytest.approx(sum(500.0 for _ in gap.best.choices), abs=3_501)
    said = {language: gap_answer(gap, Words(language, "CNY")) for language in ("en", "zh")}
    assert "on top of the 1 planned" in said["en"]
    assert "在已计划的 1 场活动（照常进行）之外" in said["zh"]
    assert "日均访问人数" in mixes_table(gap, Words("zh", "CNY")).as_raw_html()
    (tmp_path / "orders.csv").write_text("a\n", "utf-8")
    values = {"source": str(tmp_path / "orders.csv"), "campaigns": [BUY], "options": [BUY]}
    with pytest.raises(ParameterError, match="name of a campaign that is planned"):
        check("40_campaign_plan", values)
