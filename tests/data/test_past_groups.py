"""Past group-buys from order lines: groups by the moment they were complete, failed orders."""

import pandas as pd

from workbench.data.past_groups import read_past_groups

HEAD = "订单号,付款时间,成团时间,订单状态,商品名称,渠道,活动,实付金额,退款金额\n"


def lines(*rows):
    return HEAD + "\n".join(
        f"E{at:04d},{pay},{full},{status},茶,{channel},{campaign},80,0"
        for at, (pay, full, status, channel, campaign) in enumerate(rows)
    )


def test_groups_are_told_by_their_moment_and_failed_orders_counted(tmp_path):
    done, shut = "交易成功", "交易关闭"
    full = [("2026-08-02 10:00:00", f"2026-08-02 12:0{at}:00") for at in range(3)]
    rows = [(pay, at, done, "微信", "七夕") for pay, at in full for _ in range(3)]
    twice = [("2026-08-03 10:00:00", "2026-08-03 11:00:00", done, "微信", "七夕")] * 6
    failed = [("2026-08-04 09:00:00", "", shut, "微信", "七夕")] * 2
    plain = [("2026-08-04 09:00:00", "", done, "微信", "")] * 5
    unpaid = [("", "", shut, "微信", "七夕")]
    still = [("2026-08-19 09:00:00", "2026-08-19 10:00:00", done, "线上", "夏日")] * 2
    still += [("2026-08-20 09:00:00", "", "待成团", "线上", "夏日")]
    file = tmp_path / "orders.csv"
    file.write_text(lines(*rows, *twice, *failed, *plain, *unpaid, *still), "utf-8")
    past = read_past_groups(file, by=["channel"])
    assert past.to_dict("records") == [
        {
            "campaign": "七夕",
            "unit": "微信",
            "start": pd.Timestamp("2026-08-02"),
            "end": pd.Timestamp("2026-08-04"),
            "size": 3,
            "groups": 5,
            "orders": 15,
            "failed_orders": 2,
        }
    ]
    assert read_past_groups(file, by=["channel"], as_of="2026-08-01").empty


def test_a_source_without_groups_teaches_nothing(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("订单号,付款时间,渠道,实付金额\nA1,2026-01-05,门店,80\n", "utf-8")
    assert read_past_groups(file, by=["channel"]).empty
