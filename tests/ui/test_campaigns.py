"""The explorer of campaigns without a browser: widgets moved by setting their values."""

import datetime as dt
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from workbench.errors import Problem
from workbench.panel.build import build_panel
from workbench.params.files import read_file
from workbench.params.models import CampaignParams
from workbench.report.words import Words
from workbench.run.check import check
from workbench.run.planned import plan_campaigns
from workbench.target.outlook import Outlook
from workbench.ui.campaign_choice import Drafts, free_name
from workbench.ui.campaigns import explore_campaigns
from workbench.ui.shown import notices_html

BUY = {
    "kind": "group_buy",
    "name": "双11拼团",
    "start": "2026-11-01",
    "end": "2026-11-07",
    "units": "线上商城",
    "price": 100,
    "discount": 0.2,
    "visits": [800, 1000, 1200],
}
UNITS = ("线上商城", "线下门店")


@pytest.fixture(scope="module")
def shop():
    days = pd.date_range("2026-07-01", "2026-09-30")
    rows = [pd.DataFrame({"unit": unit, "date": days, "sales": 500.0}) for unit in UNITS]
    rng = np.random.default_rng(1)
    totals = pd.DataFrame({unit: 46_000 + 3_000 * rng.normal(size=100) for unit in UNITS})
    panel = build_panel(pd.concat(rows), calendar=None)
    return panel, Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")


@pytest.fixture
def explore(shop, tmp_path):
    def opened(*campaigns, **given):
        (tmp_path / "o.csv").write_text("x")
        plain = {"source": str(tmp_path / "o.csv"), "out": str(tmp_path), **given}
        params = CampaignParams.read({**plain, "campaigns": list(campaigns)})
        return explore_campaigns(*shop, params, target=params.target)

    return opened


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ")


def test_a_drag_shows_what_follows_at_once(explore, shop):
    explorer = explore(BUY, target=95_000)
    slider = explorer.controls.form.numbers["visits"]
    assert slider.value == 1000
    slider.value = 2000.0
    item = explorer.drafts.item
    assert item["visits"] == [1600, 2000, 2400]
    params = explorer.scene.params.model_copy(update={"campaigns": (item,)})
    plan = plan_campaigns(params, *shop, target=95_000)
    shown = text(explorer.controls.shown.value)
    words = Words("en")
    assert words.money(round(plan.table["p50"].iloc[0])) in shown
    assert text(words.probability(plan.steps["probability"].iloc[-1])) in shown
    visits = plan.simulations[0].funnel()["p50"].iloc[0]
    assert words.count(visits) in shown
    explorer.controls.form.numbers["discount"].value = 0.3
    assert explorer.drafts.item["discount"] == 0.3
    assert explorer.view.plan.campaigns[0].discount == 0.3


def test_days_unit_and_name_move_with_their_widgets(explore):
    explorer = explore(BUY)
    form = explorer.controls.form
    form.start.value = dt.date(2026, 12, 1)
    assert (explorer.drafts.item["start"], explorer.drafts.item["end"]) == (
        "2026-12-01",
        "2026-12-07",
    )
    form.days.value = 3
    assert explorer.drafts.item["end"] == "2026-12-03"
    form.unit.value = "线下门店"
    assert explorer.view.plan.campaigns[0].units == "线下门店"
    form.name.value = "双12拼团"
    assert explorer.controls.pick.options == (("双12拼团", 0),)
    assert "双12拼团" in text(explorer.controls.shown.value)


def test_campaigns_are_added_copied_picked_and_removed(explore):
    explorer = explore(language="zh")
    controls = explorer.controls
    assert "没有填写活动" in text(controls.shown.value)
    assert controls.remove.disabled
    controls.add.click()
    assert explorer.drafts.item["name"] == "拼团1"
    assert explorer.view.plan is not None
    controls.copy.click()
    assert [name for name, _ in controls.pick.options] == ["拼团1", "拼团1（1）"]
    controls.form.numbers["discount"].value = 0.4
    assert [item["discount"] for item in explorer.drafts.items] == [0.2, 0.4]
    controls.pick.value = 0
    assert controls.form.numbers["discount"].value == 0.2
    assert "全部活动合计" in text(controls.shown.value)
    controls.remove.click()
    assert [item["name"] for item in explorer.drafts.items] == ["拼团1（1）"]
    assert controls.form.numbers["discount"].value == 0.4
    controls.target.value = 120_000.0
    assert "¥120,000" in text(controls.shown.value)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "still those of the last"), ("zh", "上一次")]
)
def test_what_cannot_be_is_said_in_three_parts_and_nothing_is_lost(explore, language, said):
    explorer = explore(BUY, language=language)
    before = explorer.controls.shown.value
    explorer.controls.form.start.value = dt.date(2027, 3, 1)
    (problem,) = explorer.view.problems
    shown = text(explorer.controls.problems.value)
    for part in ("what", "found", "do"):
        assert problem.part(part, language) in shown
    assert said in shown
    assert explorer.controls.shown.value == before
    explorer.controls.save.click()
    assert explorer.controls.saved.value == ""
    explorer.controls.form.start.value = dt.date(2026, 11, 1)
    assert explorer.view.problems == ()


def test_the_saved_file_is_what_notebook_40_runs(explore, tmp_path):
    explorer = explore(BUY, target=95_000, seed=3)
    explorer.controls.form.numbers["discount"].value = 0.25
    for _ in range(2):
        explorer.controls.save.click()
    names = sorted(path.name for path in (tmp_path / "explore_campaigns").iterdir())
    assert names == ["40_campaign_plan.2026Q4-2.yaml", "40_campaign_plan.2026Q4.yaml"]
    path = tmp_path / "explore_campaigns" / names[1]
    params = check("40_campaign_plan", read_file(str(path)))
    assert params.campaigns == ({**BUY, "discount": 0.25},)
    assert (params.target, params.seed) == (95_000, 3)
    assert str(tmp_path / "explore_campaigns") in explorer.controls.saved.value


def test_exclusive_groups_are_saved_less_the_campaigns_that_are_gone(explore, tmp_path):
    other = {**BUY, "name": "双12拼团", "start": "2026-12-06", "end": "2026-12-12"}
    third = {**BUY, "name": "年货拼团", "start": "2026-12-20", "end": "2026-12-22"}
    groups = [[one["name"] for one in (BUY, other, third)], [BUY["name"], other["name"]]]
    explorer = explore(BUY, other, third, exclusive=groups)
    explorer.controls.remove.click()
    explorer.controls.save.click()
    path = tmp_path / "explore_campaigns" / "40_campaign_plan.2026Q4.yaml"
    params = check("40_campaign_plan", read_file(str(path)))
    assert params.exclusive == (("双12拼团", "年货拼团"),)


def test_names_from_a_file_are_text_never_code(explore):
    script = "<script>alert(1)</script>"
    explorer = explore({**BUY, "name": script})
    assert script not in explorer.controls.shown.value


def test_names_are_free():
    drafts = Drafts(({"name": "a (1)"},))
    assert free_name(drafts, "a", "{name} ({number})") == "a (2)"


@pytest.mark.parametrize(
    ("kind", "name", "slider", "label"),
    [
        ("drive", "分销1", "customers", "可参与的老客人数"),
        ("ads", "增粉广告1", "daily_budget", "广告日预算"),
        ("discount", "折扣1", "orders", "参加活动商品的平常日均订单数"),
    ],
)
def test_campaigns_of_every_kind_are_added_and_simulated(explore, kind, name, slider, label):
    explorer = explore(language="zh", target=95_000)
    controls = explorer.controls
    assert dict(controls.kind.options) == {
        "拼团": "group_buy", "分销": "drive", "增粉广告": "ads", "折扣": "discount"
    }  # fmt: skip
    controls.kind.value = kind
    controls.add.click()
    assert explorer.drafts.item["name"] == name
    assert explorer.view.problems == ()
    widget = controls.form.numbers[slider]
    assert widget.description == label
    names = [one.description for one in controls.form.numbers.values()]
    assert not [one for one in names if one.isascii()]
    before = explorer.view.plan.table["p50"].iloc[0]
    widget.value = 3 * widget.value
    after = explorer.view.plan.table["p50"].iloc[0]
    assert after > before if kind != "discount" else after != before
    assert (explorer.view.plan.simulations[0].kind, explorer.drafts.item["kind"]) == (kind, kind)


def test_new_ads_in_another_currency_begin_with_a_cost_of_their_own(explore):
    explorer = explore(currency="USD")
    explorer.controls.kind.value = "ads"
    explorer.controls.add.click()
    assert explorer.view.problems == ()
    assert explorer.controls.form.numbers["cost_per_follower"].readout_format == ".2f"
    assert explorer.controls.form.numbers["daily_budget"].description == "Ad budget per day"


def test_what_was_noticed_is_folded_and_no_alarm():
    told = notices_html(
        (Problem("drive.third_level", {"campaign": "<b>", "value": "3"}),) * 2, Words("zh")
    )
    assert told.startswith("<details")
    assert "请注意 (2)" in told
    assert 'role="alert"' not in told
    assert "<b>" not in told
    assert notices_html((), Words("zh")) == ""
