from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from workbench.data.demo.catalogue import read_shop

Read = Callable[..., pd.DataFrame]
END = pd.Timestamp("2026-08-21")


def test_dates_run_from_the_start_to_the_end_of_the_as_of_date(orders: pd.DataFrame) -> None:
    assert orders["下单时间"].is_monotonic_increasing
    assert orders["下单时间"].min() >= pd.Timestamp("2023-07-01")
    for name in ("下单时间", "付款时间", "成团时间", "退款时间"):
        assert orders[name].max() < END
    paid = orders["付款时间"].dropna().dt.normalize()
    assert paid.nunique() == (END - pd.Timestamp("2023-07-01")).days


def test_order_numbers_keep_zeros_and_letters_and_are_one_order_each(orders: pd.DataFrame) -> None:
    in_store = orders["渠道"] == "线下门店"
    assert orders.loc[in_store, "订单号"].str.fullmatch(r"00[12]20\d{6}\d{4}").all()
    assert orders.loc[~in_store, "订单号"].str.fullmatch(r"E20\d{12}\d{5}").all()
    per_order = orders.groupby("订单号")[
        ["下单时间", "付款时间", "渠道", "门店", "销售员", "会员编号", "订单状态"]
    ].nunique(dropna=False)
    assert per_order.eq(1).all().all()
    assert not orders.duplicated(["订单号", "商品名称"]).any()


def test_money_is_plausible(orders: pd.DataFrame, sales: pd.DataFrame) -> None:
    assert (orders["退款金额"] <= orders["实付金额"]).all()
    paid = orders["付款时间"].notna()
    assert (orders.loc[paid, "实付金额"] > 0).all()
    assert (orders.loc[~paid, "实付金额"] == 0).all()
    year = sales.groupby(sales["date"].dt.year)["net"].sum() / 100
    assert 15e6 < year[2024] < year[2025] < 40e6
    share = sales.groupby("渠道")["net"].sum() / sales["net"].sum()
    assert share.between(0.2, 0.5).all()


def test_refunds_follow_the_payment_by_days_and_have_a_state(orders: pd.DataFrame) -> None:
    back = orders["退款金额"] > 0
    assert (orders["退款状态"] != "无").equals(back)
    assert orders["退款时间"].notna().equals(back)
    full = orders["退款状态"] == "全额退款"
    assert (orders["退款金额"] == orders["实付金额"])[full].all()
    part = orders["退款状态"] == "部分退款"
    assert (orders["退款金额"] < orders["实付金额"])[part].all()
    delay = (orders["退款时间"] - orders["付款时间"])[back] / pd.Timedelta(days=1)
    assert delay.min() >= 1
    assert 3 < delay.median() < 10
    assert 0.02 < full.mean() < part.mean() + 0.04
    assert part.mean() > 0.01


def test_states_agree_with_what_happened(orders: pd.DataFrame) -> None:
    state, paid = orders["订单状态"], orders["付款时间"]
    assert paid[state == "待付款"].isna().all()
    assert orders.loc[state == "待付款", "下单时间"].min() > END - pd.Timedelta(hours=3)
    assert paid[state.isin(["待成团", "待发货", "已发货", "交易成功"])].notna().all()
    assert paid[state.isin(["待成团", "待发货"])].min() > END - pd.Timedelta(days=2)
    assert paid[state == "已发货"].min() > END - pd.Timedelta(days=9)
    closed = state == "交易关闭"
    assert (paid.isna() | (orders["退款状态"] == "全额退款"))[closed].all()
    assert state.value_counts()["待付款"] >= 5
    assert state.value_counts()["待成团"] >= 5


def test_groups_complete_in_their_size_or_are_refunded(orders: pd.DataFrame, table: Read) -> None:
    group_buys = table("campaigns.csv").query("kind == 'group_buy'").set_index("campaign")
    lines = orders[orders["活动"].isin(group_buys.index)]
    complete = lines[lines["成团时间"].notna()]
    assert (complete["成团时间"] >= complete["付款时间"]).all()
    assert (complete["成团时间"].dt.normalize() == complete["付款时间"].dt.normalize()).all()
    size = complete["活动"].map(group_buys["group_size"])
    members = complete.groupby(["活动", "商品名称", "成团时间"])["订单号"].transform("nunique")
    assert (members % size == 0).all()
    failed = lines[lines["成团时间"].isna() & (lines["订单状态"] == "交易关闭")]
    assert len(failed) > 50
    assert (failed["退款金额"] == failed["实付金额"]).all()
    open_groups = lines[lines["订单状态"] == "待成团"]
    assert (open_groups["活动"] == "2026七夕拼团").all()
    assert orders.loc[~orders["活动"].isin(group_buys.index), "成团时间"].isna().all()


def test_closed_days_have_no_orders_and_stockouts_no_lines(
    orders: pd.DataFrame, table: Read
) -> None:
    closed = table("known.csv", "date").query("open == 0")
    assert set(closed["channel"]) == {"线下门店"}
    assert len(closed[closed["date"] < END]) == 23
    days = orders.loc[orders["渠道"] == "线下门店", "下单时间"].dt.normalize()
    assert not days.isin(closed["date"]).any()
    short = table("events.csv", "start", "end").query("kind == 'stockout'")
    assert len(short) >= 3
    for event in short.itertuples():
        day = orders["付款时间"].dt.normalize()
        here = (orders["渠道"] == event.channel) & (orders["商品类目"] == event.category)
        assert not day[here].between(event.start, event.end).any()
        assert day[here].isin([event.start - pd.Timedelta(days=1)]).any()


def test_staff_sell_only_while_employed_and_where_they_work(
    orders: pd.DataFrame, table: Read
) -> None:
    staff = table("staff.csv", "start", "end").set_index("salesperson")
    assert 12 <= len(staff) <= 15
    assert staff["team"].nunique() == 4
    assert staff["end"].notna().sum() >= 2
    assert (staff["start"] > pd.Timestamp("2023-07-01")).sum() >= 4
    assert set(orders["销售员"]) == set(staff.index)
    mine = staff.loc[orders["销售员"]]
    day = orders["下单时间"].dt.normalize().to_numpy()
    assert (day >= mine["start"].to_numpy() - np.timedelta64(1, "D")).all()
    left = mine["end"].fillna(END).to_numpy()
    assert (day <= left).all()
    for header, column in (("渠道", "channel"), ("团队", "team"), ("门店", "store")):
        assert (orders[header].to_numpy() == mine[column].fillna("").to_numpy()).all()


def test_the_second_store_opens_midway(orders: pd.DataFrame) -> None:
    opened = orders.loc[orders["门店"] == "运河店", "付款时间"].min()
    assert opened.date() == read_shop().stores["运河店"]["opened"]
    assert (orders["门店"] != "").equals(orders["渠道"] == "线下门店")


def test_members_buy_again_and_new_ones_keep_coming(orders: pd.DataFrame, table: Read) -> None:
    members = table("members.csv", "joined", "first_order", "last_order").set_index("member_id")
    named = orders[(orders["会员编号"] != "") & orders["付款时间"].notna()]
    assert set(named["会员编号"]) <= set(members.index)
    joined = members.loc[named["会员编号"], "joined"].to_numpy()
    assert (named["付款时间"].to_numpy() >= joined).all()
    first = named.groupby("会员编号")["付款时间"].min().dt.normalize()
    assert first.equals(members["first_order"].dropna().loc[first.index].rename("付款时间"))
    times = named.groupby("会员编号")["订单号"].nunique()
    assert 0.3 < (times == 1).mean() < 0.6
    assert times.quantile(0.95) >= 4 * times.median()
    assert times.max() > 30
    since = members.loc[members["joined"].between("2023-07-01", "2026-06-30"), "joined"]
    per_quarter = since.dt.to_period("Q").value_counts()
    assert len(per_quarter) == 12
    assert per_quarter.min() > 1000
    assert 0.05 < (orders["会员编号"] == "").mean() < 0.15


@pytest.mark.parametrize("channel", ["线上商城", "微信社群", "线下门店"])
def test_gifts_are_bought_before_spring_festival_not_after(
    sales: pd.DataFrame, channel: str
) -> None:
    here = sales[sales["渠道"] == channel].groupby("date")["net"].sum()
    for festival in ("2024-02-10", "2025-01-29", "2026-02-17"):
        day = pd.Timestamp(festival)
        before = here[day - pd.Timedelta(days=14) : day - pd.Timedelta(days=7)].mean()
        after = here[day + pd.Timedelta(days=5) : day + pd.Timedelta(days=14)].mean()
        assert before > 1.8 * after


def test_traffic_counts_the_paid_orders(orders: pd.DataFrame, table: Read) -> None:
    traffic = table("traffic.csv", "date")
    paid = orders[orders["付款时间"].notna()]
    counted = paid.groupby([paid["付款时间"].dt.normalize(), "渠道"])["订单号"].nunique()
    by_day = traffic.set_index(["date", "channel"])["orders"]
    assert by_day.sum() == counted.sum()
    assert (by_day[counted.index.to_list()].to_numpy() == counted.to_numpy()).all()
    assert (traffic["visitors"] >= traffic["orders"]).all()
    rate = traffic["orders"] / traffic["visitors"].clip(lower=1)
    assert np.allclose(traffic["conversion"], rate, atol=6e-5)
