"""Order lines by member, under the rules of sales."""

import pytest

import workbench as wb
from workbench.errors import DataError

LINES = """订单号,付款时间,渠道,会员编号,实付金额,退款金额,订单状态
A1,2026-01-05 10:00,门店,M1,80,0,交易成功
A2,2026-01-07 11:00,门店,M1,50,20,交易成功
A3,2026-01-07 12:00,线上,M2,30,30,交易成功
A4,2026-01-08 09:00,线上,,44,0,交易成功
A5,,线上,M3,99,0,待付款
"""


def test_what_counts_as_a_sale_counts_for_members(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(LINES, "utf-8")
    rows = wb.load_purchases(file, by=["channel"])
    assert rows["customer_id"].tolist() == ["M1", "M1", ""]
    assert rows["amount"].tolist() == [80.0, 30.0, 44.0]
    assert rows["unit"].tolist() == ["门店", "门店", "线上"]
    sales = wb.load_sales(file)
    assert rows["amount"].sum() == pytest.approx(sales.frame["sales"].sum())
    early = wb.load_purchases(file, as_of="2026-01-06")
    assert early["amount"].tolist() == [80.0]


def test_orders_without_members_are_refused(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("订单号,付款时间,实付金额\nA1,2026-01-05,80\n", "utf-8")
    with pytest.raises(DataError, match="no column that names the member") as caught:
        wb.load_purchases(file)
    assert caught.value.problems[0].code == "member.no_column"
