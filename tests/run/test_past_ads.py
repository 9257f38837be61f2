"""Past ads become the inputs of planned follower ads, and what was learned is told."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.files import read_campaigns
from workbench.data.past_tables import read_past_ads
from workbench.data.sales import load_sales
from workbench.errors import CampaignError, DataError
from workbench.params.models import CampaignParams
from workbench.run.own_past import learned_inputs
from workbench.run.placing import _with_learned

ADS = {
    "kind": "ads",
    "name": "冬季增粉",
    "start": "2026-11-01",
    "end": "2026-11-10",
    "daily_budget": 1000,
    "order_value": 200,
}
ROWS = [
    # 1,000 + 1,000 a day for 250 + 250 followers: 4 each; 300 of 500 stayed, 60 opened, 6 ordered
    ("春", "2026-03-01", 1000, 250, 100, 30, 3, 8),
    ("春", "2026-03-02", 1000, 250, 100, 30, 3, 12),
    # 900 each at 5: 180 + 180, of whom 216 stayed, 54 opened, 9 ordered
    ("夏", "2026-06-01", 900, 180, 72, 27, 5, 10),
    ("夏", "2026-06-02", 900, 180, 72, 27, 4, 10),
]
HEAD = "活动名称,投放日期,消耗,新增粉丝,取关人数,打开链接人数,首单数,平均首单天数"


@pytest.fixture
def learn(tmp_path):
    def learned(rows=ROWS, head=HEAD, language="en", **given):
        pd.DataFrame(
            {"date": pd.date_range("2026-08-01", "2026-09-30"), "channel": "a", "sales": 100.0}
        ).to_csv(tmp_path / "d.csv", index=False)
        lines = [head, *(",".join(str(one) for one in row) for row in rows)]
        (tmp_path / "ads.csv").write_text("\n".join(lines), "utf-8")
        files = {"source": str(tmp_path / "d.csv"), "past_ads": str(tmp_path / "ads.csv")}
        params = CampaignParams.read({**files, "language": language, **given})
        return learned_inputs(params, load_sales(**params.sales()))

    return learned


def test_the_numbers_are_those_of_the_table(learn):
    learned = learn()
    ads = learned.inputs["ads"]
    # geometric mean of 4 and 5; geometric mean of the daily spends
    assert ads["cost_per_follower"].parameters[0] == pytest.approx(np.sqrt(20), rel=1e-3)
    assert ads["usual_spend"] == pytest.approx(np.sqrt(1000 * 900), rel=1e-6)
    assert float(ads["stay_rate"].at(np.array([0.5]))[0]) == pytest.approx(516 / 860, abs=0.005)
    # mean of 8 and 12 weighed by orders is 10, and 10 in the other campaign
    assert ads["decide_days"].parameters == (10.0, 10.0)
    assert {one.source for n, one in ads.items() if n != "usual_spend"} == {"history"}
    (said,) = learned.notices
    assert said.code == "plan.learned_ads"
    assert "2 campaign(s), 860 followers" in said.text()
    assert "could not be learned: rise of the cost" in said.text()
    assert "无法学习：单粉成本对日消耗的弹性" in said.text("zh")


def test_planned_ads_take_what_nobody_gave(learn):
    learned = learn().inputs
    plain, given = read_campaigns(
        [ADS, {**ADS, "name": "b", "cost_per_follower": 9, "stay_rate": 0.5}]
    )
    plain, given = (_with_learned(one, learned) for one in (plain, given))
    assert plain.usual_spend == pytest.approx(948.68, abs=0.01)
    # a cost of one's own is not that at the spend of the past
    assert (given.cost_per_follower, given.usual_spend, given.stay_rate) == (9, None, 0.5)
    assert given.link_rate.source == "history"
    sources = plain.__class__.simulate(
        plain.__class__(**{**plain.__dict__, "units": "a"}), n_paths=20
    ).sources()
    rows = sources.set_index("input")["source"]
    assert rows["stay_rate"] == rows["cost_per_follower"] == "history"
    assert rows["follow_rate"] == "assumption"


def test_recent_ads_count_for_the_cost_alone(learn):
    fresh = [("秋", "2026-09-25", 800, 100, 0, 0, 0, ""), ("冬", "2026-10-05", 9, 1, 0, 0, 0, "")]
    learned = learn([*ROWS, *fresh])
    ads = learned.inputs["ads"]
    assert float(ads["stay_rate"].at(np.array([0.5]))[0]) == pytest.approx(516 / 860, abs=0.005)
    # 4, 5 and 8: what comes after the last known day is not known
    assert ads["cost_per_follower"].parameters[0] == pytest.approx(160 ** (1 / 3), rel=1e-3)
    assert [one.code for one in learned.notices] == ["plan.learned_ads", "plan.ads_left_out"]
    assert "1 of 5 rows lie within 30 days" in learned.notices[1].text()
    alone = learn([("秋", "2026-09-25", 800, 200, 80, 20, 3, 4)])
    assert alone.notices[1].code == "plan.ads_too_early"
    assert "距今太近" in alone.notices[1].text("zh")


def test_without_dates_the_cost_does_not_depend_on_the_spend(learn):
    rows = [("春", 2000, 500, 300), ("夏", 1800, 360, 216)]
    learned = learn(rows, head="活动,花费,涨粉数,仍在关注")
    assert "usual_spend" not in learned.inputs["ads"]
    assert float(learned.inputs["ads"]["stay_rate"].at(np.array([0.5]))[0]) == pytest.approx(
        0.6, abs=1e-3
    )
    assert learned.notices[0].code == "plan.ads_undated"
    assert "have no dates" in learned.notices[0].text()
    assert "没有日期" in learned.notices[0].text("zh")


def test_too_few_followers_leave_the_priors(learn):
    learned = learn([("春", "2026-03-01", 300, 60, 20, 5, 1, 8)])
    assert dict(learned.inputs) == {}
    assert "60 follower(s)" in learned.notices[0].text()
    assert "历史广告带来的粉丝太少" in learned.notices[0].text("zh")


@pytest.mark.parametrize(
    ("head", "rows", "en", "zh"),
    [
        ("活动,花费", [("春", 2000)], "followers", "新增粉丝"),
        ("花费,涨粉数", [(-5, 500)], "spend", "spend"),
        ("花费,涨粉数", [(5, 500.5)], "followers", "followers"),
        ("花费,涨粉数,仍在关注", [(5, 500, 501)], "kept is more than followers in 1", "kept 大于"),
        ("花费,涨粉数,取关数", [(5, 500, 501)], "unfollowed is more than followers", "unfollowed"),
    ],
)
def test_what_cannot_be_is_told_in_three_parts(learn, head, rows, en, zh):
    with pytest.raises((DataError, CampaignError)) as caught:
        learn(rows, head=head)
    assert en in caught.value.text()
    assert zh in caught.value.text("zh")
    assert "怎么做" in caught.value.text("zh") or "处理" in caught.value.text("zh")


def test_a_column_without_values_is_no_column(tmp_path):
    (tmp_path / "a.csv").write_text("spend,followers,clicks\n100,20,\n50,10,\n", "utf-8")
    assert list(read_past_ads(tmp_path / "a.csv")) == ["spend", "followers"]
