"""Measured effects become the elasticity of planned discounts, and what was learned is told."""

import pandas as pd
import pytest

from workbench.campaign.files import read_campaigns
from workbench.data.sales import load_sales
from workbench.errors import DataError
from workbench.params.models import CampaignParams
from workbench.run.own_past import learned_inputs
from workbench.run.placing import _with_learned

SALE = {
    "kind": "discount",
    "name": "限时折扣",
    "start": "2026-11-01",
    "end": "2026-11-05",
    "price": 100,
    "discount": 0.2,
    "orders": 50,
}
HEAD = "活动名称,结束日期,优惠力度,订单增幅,标准误\n"


@pytest.fixture
def learn(tmp_path):
    def learned(text):
        pd.DataFrame(
            {"date": pd.date_range("2026-08-01", "2026-09-30"), "channel": "a", "sales": 100.0}
        ).to_csv(tmp_path / "d.csv", index=False)
        (tmp_path / "x.csv").write_text(text, "utf-8")
        files = {"source": str(tmp_path / "d.csv"), "past_discounts": str(tmp_path / "x.csv")}
        params = CampaignParams.read(files)
        return learned_inputs(params, load_sales(**params.sales()))

    return learned


def test_discounts_take_the_elasticity_that_was_measured(learn):
    rows = [f"第{n}场,2026-0{n}-20,0.2,{0.28 + 0.04 * n},0.04\n" for n in range(1, 7)]
    learned = learn(HEAD + "".join(rows) + "以后,2026-12-01,0.2,9,0.04\n")
    (said,) = learned.notices
    assert said.code == "plan.learned_discounts"
    # effects of 1.6 to 2.6, 2.1 on average; the one that is not over yet does not count
    assert "6 discounts: 2.1" in said.text()
    assert "6 场折扣：每优惠 1 %，订单平均多 2.1" in said.text("zh")
    plain, given = read_campaigns([SALE, {**SALE, "name": "b", "elasticity": 4}])
    assert _with_learned(plain, learned.inputs).elasticity.source == "history"
    assert _with_learned(given, learned.inputs).elasticity == 4


def test_one_discount_is_told_to_be_few(learn):
    learned = learn(HEAD + "春,2026-03-20,0.2,0.2,0.04\n")
    assert learned.notices[0].code == "plan.few_discounts"
    assert "published elasticities still count" in learned.notices[0].text()
    assert "公开研究的弹性" in learned.notices[0].text("zh")


def test_what_is_no_number_is_told(learn):
    with pytest.raises(DataError) as caught:
        learn(HEAD + "春,2026-03-20,八折,0.2,0.04\n")
    assert "优惠力度 holds text" in caught.value.text()
    assert "八折" in caught.value.text("zh")
