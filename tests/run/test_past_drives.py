"""Promoter records become the inputs of planned drives, and what was learned is told."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.files import read_campaigns
from workbench.data.sales import load_sales
from workbench.errors import DataError
from workbench.params.models import CampaignParams
from workbench.run.own_past import learned_inputs
from workbench.run.placing import _with_learned

DRIVE = {
    "kind": "drive",
    "name": "老客分销",
    "start": "2026-11-01",
    "end": "2026-11-14",
    "price": 200,
    "audience": 50_000,
    "customers": 2000,
}


def promoters(n=40, seed=2):
    """Half the promoters sell something; effort halves in four days."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        sold = rng.poisson(rng.gamma(0.5, 4.0) * 0.5 ** (np.arange(14) / 4.0))
        for day in {0, *np.flatnonzero(sold)}:
            date = pd.Timestamp("2026-06-01") + pd.Timedelta(days=int(day))
            rows.append((f"p{person}", date.date(), sold[day], "老客", 800))
    return pd.DataFrame(rows, columns=["推广员", "日期", "订单数", "身份", "可参与人数"])


@pytest.fixture
def learn(tmp_path):
    def learned(past, **given):
        pd.DataFrame(
            {"date": pd.date_range("2026-08-01", "2026-09-30"), "channel": "a", "sales": 100.0}
        ).to_csv(tmp_path / "d.csv", index=False)
        past.to_csv(tmp_path / "p.csv", index=False)
        files = {"source": str(tmp_path / "d.csv"), "past_promoters": str(tmp_path / "p.csv")}
        params = CampaignParams.read({**files, **given})
        return learned_inputs(params, load_sales(**params.sales()))

    return learned


def test_drives_take_what_the_records_tell(learn):
    past = promoters()
    learned = learn(past)
    drive = learned.inputs["drive"]
    # 40 of 800 asked became promoters; nothing tells orders from paid orders
    assert drive["customer_activation"].at(np.array([0.5]))[0] == pytest.approx(0.05, abs=0.002)
    assert drive["pay_rate"].parameters == (1.0,)
    (said,) = learned.notices
    assert said.code == "plan.learned_unrated"
    each = past["订单数"].sum() / 40
    assert f"40 promoters, {past['订单数'].sum()} orders: {each:.1f} each" in said.text()
    assert "无法学习：员工参与分销的比例、员工触达量相当于老客的倍数" in said.text("zh")
    plain, given = read_campaigns([DRIVE, {**DRIVE, "name": "b", "order_rate": 0.02}])
    plain, given = (_with_learned(one, learned.inputs) for one in (plain, given))
    assert plain.contacts.source == plain.half_life.source == "history"
    # contacts were fitted beside a chance to order: with another one they mean nothing
    assert given.contacts is None
    assert given.half_life.source == "history"
    assert "commission is unknown" in said.text()
    assert learn(past.assign(佣金率=0.1)).notices[0].code == "plan.learned_drives"


def test_records_of_sellers_alone_are_told(learn):
    past = promoters(n=80)
    sold = past.groupby("推广员")["订单数"].transform("sum") > 0
    learned = learn(past[sold])
    assert [one.code for one in learned.notices] == ["plan.learned_unrated", "plan.sellers_only"]
    assert "every one with at least one order" in learned.notices[1].text()
    assert "只有出过单的推广员" in learned.notices[1].text("zh")


def test_too_few_leave_the_priors(learn):
    learned = learn(promoters(n=15))
    assert dict(learned.inputs) == {}
    assert "15 promoter(s)" in learned.notices[0].text()
    assert "历史推广员或订单太少" in learned.notices[0].text("zh")


def test_an_unknown_role_is_told(learn):
    with pytest.raises(DataError, match="role") as caught:
        learn(promoters().assign(身份="邻居"))
    assert "邻居" in caught.value.text("zh")


def test_order_lines_that_name_the_promoter_do_as_well(tmp_path):
    rows = [
        f"E{day}-{n}-{k},2026-06-{day + 1:02d} 10:00:00,交易成功,a,春季分销,p{n},80"
        for day in range(10)
        for n in range(30)
        for k in range((n % 5 == 0) + (n % 10 == 0) * 2 + (day == n % 10))
    ]
    rows.append("E0,2026-09-30 10:00:00,交易成功,a,,,80")
    text = "订单号,付款时间,订单状态,渠道,活动,推广员,实付金额\n" + "\n".join(rows)
    (tmp_path / "o.csv").write_text(text, "utf-8")
    params = CampaignParams.read({"source": str(tmp_path / "o.csv"), "campaigns": [DRIVE]})
    learned = learned_inputs(params, load_sales(**params.sales()))
    assert f"30 promoters, {len(rows) - 1} orders" in learned.notices[0].text()
    assert learned.notices[1].code == "plan.sellers_only"
    assert "customer_activation" not in learned.inputs["drive"]
    none = CampaignParams.read({"source": str(tmp_path / "o.csv")})
    assert learned_inputs(none, load_sales(**none.sales())).notices == ()
