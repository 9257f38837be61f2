"""What counts as a sale, on which day, and what is said about the rest."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.data.mapping import mapping_of
from workbench.data.sales import load_sales

HEADER = "订单号,下单时间,付款时间,成团时间,订单状态,退款状态,数量,实付金额,退款金额,退款时间"


def line(order, paid, *, day="2026-01-05", status="交易成功", refund="", **more):
    cells = {
        "订单号": order,
        "下单时间": day,
        "付款时间": day,
        "成团时间": "",
        "订单状态": status,
        "退款状态": "",
        "数量": 1,
        "实付金额": paid,
        "退款金额": refund,
        "退款时间": "",
        **more,
    }
    return ",".join(str(cell) for cell in cells.values())


@pytest.fixture
def load(orders):
    def load(*lines, header=HEADER, metric="net_sales", **options):
        return load_sales(orders(*lines, header=header), by=[], metric=metric, **options)

    return load


def by_day(sales):
    return {
        f"{day:%m-%d}": value
        for day, value in zip(sales.frame["date"], sales.frame["sales"], strict=True)
    }


FIRST = line("A0", 100)


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("待付款", False),
        ("待成团", False),
        ("待发货", True),
        ("已发货", True),
        ("交易成功", True),
        ("已关闭", False),
        ("WAIT_BUYER_PAY", False),
        ("WAIT_CONFIRM", False),
        ("TRADE_CLOSED", False),
        ("awaiting_group", False),
    ],
)
@pytest.mark.parametrize("metric", ["net_sales", "gmv", "units"])
def test_states_that_count(load, status, counts, metric):
    sales = load(FIRST, line("A1", 37.5, status=status, 数量=3), metric=metric)
    one, more = {"units": (1, 3)}.get(metric, (100, 37.5))
    assert by_day(sales) == {"01-05": one + more * counts}


def test_the_report_accounts_for_every_row_that_does_not_count(load):
    sales = load(
        FIRST,
        line("A1", 11, status="待付款"),
        line("A2", 12, status="待成团"),
        line("A3", 13, status="已关闭"),
        line("A4", 14, refund=14),
    )
    dropped = {rule: (entry.rows, entry.money) for rule, entry in sales.report.dropped.items()}
    assert dropped == {
        "awaiting_payment": (1, 11.0),
        "awaiting_group": (1, 12.0),
        "closed": (1, 13.0),
        "fully_refunded": (1, 14.0),
    }
    table = sales.report.table("zh")
    assert table["项目"].tolist()[:3] == ["读入行数", "待付款", "待成团"]
    assert table["行数"].tolist() == [5, 1, 1, 1, 1, 1, 1]


def test_a_group_order_counts_on_the_day_its_group_is_complete(load):
    group = line("A1", 30, day="2026-01-05", 成团时间="2026-01-06 08:00")
    assert by_day(load(FIRST, group)) == {"01-05": 100, "01-06": 30}


def test_sales_count_on_the_day_of_payment_not_of_the_order(load):
    paid_later = line("A1", 30, 付款时间="2026-01-07 00:00:01")
    assert by_day(load(FIRST, paid_later)) == {"01-05": 100, "01-06": 0, "01-07": 30}


def test_the_last_second_of_a_day_belongs_to_it(load):
    late = line("A1", 30, 付款时间="2026-01-05 23:59:59")
    assert by_day(load(FIRST, late)) == {"01-05": 130}


def test_an_order_without_payment_time_is_not_paid(load):
    sales = load(FIRST, line("A1", 30, status="", 付款时间=""))
    assert by_day(sales) == {"01-05": 100}
    assert sales.report.dropped["awaiting_payment"].rows == 1


def test_a_shipped_order_without_payment_time_counts_on_the_day_of_the_order(load, says):
    sales = load(FIRST, line("A1", 30, status="已发货", 付款时间=""))
    assert by_day(sales) == {"01-05": 130}
    says(sales.report.notices, "data.no_pay_time", "1 rows, 30.00; rows 3", "按下单日计入")


def test_refunds_are_taken_off_on_the_day_of_the_sale(load):
    sales = load(
        FIRST, line("A1", 80, refund=30.5, 退款时间="2026-01-09"), line("A2", 1, day="2026-01-10")
    )
    assert by_day(sales)["01-05"] == 149.5
    assert by_day(sales)["01-09"] == 0
    gmv = load(FIRST, line("A1", 80, refund=30.5, 退款时间="2026-01-09"), metric="gmv")
    assert by_day(gmv)["01-05"] == 180


@pytest.mark.parametrize(
    ("state", "refund", "net"),
    [
        ("无", "", 80),
        ("部分退款", 30, 50),
        ("全额退款", "", 0),
        ("全额退款", 80, 0),
        ("退款成功", 30, 50),
        ("退款成功", "", 0),
        ("退款中", 80, 80),
        ("", 79.999, 0),
    ],
)
def test_states_of_refund(load, state, refund, net):
    assert by_day(load(FIRST, line("A1", 80, refund=refund, 退款状态=state))) == {
        "01-05": 100 + net
    }


def test_refunds_applied_for_are_said_and_not_taken_off(load, says):
    sales = load(FIRST, line("A1", 80, refund=80, 退款状态="退款中"))
    says(sales.report.notices, "data.refund_pending", "1 rows, 80.00", "尚未扣减")


def test_partial_refunds_without_an_amount_are_said(load, says):
    sales = load(FIRST, line("A1", 80, 退款状态="部分退款"))
    says(
        sales.report.notices,
        "data.partial_without_amount",
        "1 rows, 80.00 paid",
        "部分退款但没有退款金额",
    )
    assert by_day(sales) == {"01-05": 180}


def test_a_refund_above_the_paid_amount_takes_off_no_more_than_was_paid(load, says):
    sales = load(FIRST, line("A1", 80, refund=95))
    assert by_day(sales) == {"01-05": 100}
    says(sales.report.notices, "data.refund_above_paid", "1 rows, 15.00 above", "超出 15.00")


def test_refunds_after_as_of_are_not_known_yet(load, says):
    lines = (
        FIRST,
        line("A1", 80, refund=80, 退款时间="2026-01-09", 退款状态="全额退款"),
        line("A2", 60, refund=60, 退款时间="2026-01-09", status="已关闭"),
        line("A3", 5, day="2026-01-09", refund=1, 退款时间="2026-01-20"),
    )
    then = load(*lines, as_of="2026-01-08")
    assert by_day(then)["01-05"] == 240
    says(then.report.notices, "data.refund_after_as_of", "2 rows, 140.00", "截至日之后")
    assert then.later["sales"].tolist() == [4.0]
    assert by_day(load(*lines))["01-05"] == 100


def test_a_refund_line_goes_to_the_day_of_its_order(load):
    sales = load(
        FIRST,
        line("A1", 80, 数量=4),
        line("A1", -30, day="2026-01-08", 数量=-1),
        line("A2", 7, day="2026-01-09"),
    )
    assert by_day(sales) == {"01-05": 150, "01-06": 0, "01-07": 0, "01-08": 0, "01-09": 7}
    entry = {entry.rule: entry for entry in sales.report.entries}["refund_line"]
    assert (entry.rows, entry.money) == (1, -30.0)
    units = load(
        FIRST, line("A1", 80, 数量=4), line("A1", -30, day="2026-01-08", 数量=1), metric="units"
    )
    assert by_day(units)["01-05"] == 4


def test_a_refund_column_without_payment_is_a_refund_line_too(load):
    sales = load(FIRST, line("A1", 80), line("A1", 0, day="2026-01-05", refund=30))
    assert by_day(sales) == {"01-05": 150}


def test_an_order_taken_back_by_refund_lines_is_fully_refunded(load):
    sales = load(
        FIRST, line("A1", 50), line("A1", 30), line("A1", -80, day="2026-01-07"), metric="gmv"
    )
    assert by_day(sales) == {"01-05": 100, "01-06": 0, "01-07": 0}
    assert sales.report.dropped["fully_refunded"].rows == 2
    assert sales.report.dropped["refund_of_uncounted"].rows == 1


def test_a_refund_line_of_a_closed_order_is_left_out_with_it(load):
    sales = load(FIRST, line("A1", 80, status="已关闭"), line("A1", -80))
    assert by_day(sales) == {"01-05": 100}
    assert sales.report.dropped["refund_of_uncounted"].rows == 1


def test_refunds_without_an_order_are_taken_off_on_their_own_day(load, says):
    sales = load(FIRST, line("B9", -30, day="2026-01-06"), line("", -5, day="2026-01-06"))
    assert by_day(sales) == {"01-05": 100, "01-06": -35}
    says(
        sales.report.notices,
        "data.refund_without_order",
        "2 rows, 35.00; rows 3, 4",
        "找不到原订单",
    )
    says(sales.report.notices, "data.no_order_id", "1 rows, -5.00; rows 4", "没有订单号")
    says(sales.report.notices, "data.negative_sums", "1 unit days, -35.00", "当日合计为负")


def test_zero_prices_are_counted_and_left_out(load, says):
    sales = load(FIRST, line("A1", 0, 数量=2), metric="units")
    assert by_day(sales) == {"01-05": 1}
    says(sales.report.notices, "data.zero_price", "1 rows, 0.00; rows 3", "价格为零")


def test_negative_prices_are_counted_and_left_out(orders, says):
    header = "订单号,付款时间,数量,成交单价,实付金额"
    path = orders(
        "A0,2026-01-05,1,100,100",
        "A1,2026-01-05,1,-20,-20",
        "A2,2026-01-05,-2,10,20",
        "A3,2026-01-05,-2,10,-20",
        header=header,
    )
    sales = load_sales(path, by=[])
    assert by_day(sales) == {"01-05": 80}
    says(sales.report.notices, "data.negative_price", "2 rows, 0.00; rows 3, 4", "价格为负")


def test_amounts_as_quantity_times_price(orders):
    header = "订单号,付款时间,数量,单价"
    mapping = mapping_of({"compute": {"paid_amount": {"multiply": ["数量", "单价"]}}})
    path = orders("A0,2026-01-05,3,2.55", "A1,2026-01-05,-1,0.5", header=header)
    assert by_day(load_sales(path, by=[], mapping=mapping)) == {"01-05": 7.15}


def test_counted_lines_need_an_amount_and_a_date(load, refuses):
    refuses(
        lambda: load(FIRST, line("A1", "")),
        "data.no_amount",
        "1 rows .* 实付金额; rows 3",
        "没有金额",
    )
    header = "订单号,付款时间,订单状态,实付金额"
    lines = ("A0,2026-01-05,交易成功,100", "合计,,交易成功,100")
    refuses(
        lambda: load(*lines, header=header),
        "data.no_date",
        "remove total rows .合计.",
        "删除导出表中的合计行",
    )
    refuses(lambda: load("A0,,,100", header=header), "data.no_date", "1 rows", "1 行")
    assert by_day(load(FIRST, line("A1", "", status="待付款"))) == {"01-05": 100}


def test_blank_rows_are_left_out(load):
    sales = load(FIRST, "," * 9, FIRST.replace("A0", "A9"))
    assert by_day(sales) == {"01-05": 200}
    assert sales.report.dropped["blank_row"].rows == 1


def test_without_a_status_everything_paid_counts_and_that_is_said(orders, says):
    path = orders("A0,2026-01-05,100", "A1,,30", header="订单号,付款时间,实付金额")
    sales = load_sales(path, by=[])
    assert by_day(sales) == {"01-05": 100}
    says(sales.report.notices, "data.no_status", "1 rows counted without a status", "没有订单状态")


def test_several_currencies_are_not_added_up(orders, refuses):
    header = "订单号,付款时间,实付金额,币种"
    path = orders("A0,2026-01-05,100,CNY", "A1,2026-01-05,30,USD", header=header)
    refuses(lambda: load_sales(path, by=[]), "data.mixed_currencies", "CNY, USD", "无法相加")


def test_nothing_that_counts(load, refuses):
    refuses(
        lambda: load(line("A1", 30, status="待付款"), line("A2", 3, status="已关闭")),
        "data.nothing_counted",
        "2 rows up to 2026-01-05; left out: awaiting_payment 1, closed 1",
        "未计入：awaiting_payment 1, closed 1",
    )
    refuses(
        lambda: load(FIRST, as_of="2025-12-31"),
        "data.nothing_counted",
        "after_as_of 1",
        "截至 2025-12-31",
    )


def test_units_need_a_quantity(orders, refuses):
    path = orders("A0,2026-01-05,100", header="订单号,付款时间,实付金额")
    refuses(
        lambda: load_sales(path, by=[], metric="units"),
        "data.metric_absent",
        "units is asked for; the source has paid_amount",
        "要求 units",
    )


AMOUNT = st.integers(-3000, 9000).map(lambda cents: cents / 100)
STATES = st.sampled_from(["待付款", "待成团", "待发货", "交易成功", "已关闭", ""])
LINE = st.tuples(
    st.integers(0, 6),
    AMOUNT,
    st.integers(0, 4000).map(lambda cents: cents / 100),
    STATES,
    st.integers(1, 9),
)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(LINE, max_size=25), split=st.integers(1, 9))
def test_every_row_and_every_cent_is_accounted_for(tmp_path_factory, lines, split):
    path = tmp_path_factory.mktemp("orders") / "o.csv"
    rows = [
        line(f"A{o}", paid, day=f"2026-01-0{day}", status=status, refund=refund)
        for o, paid, refund, status, day in lines
    ]
    path.write_text("\n".join((HEADER, line("Z", 1, day="2026-01-01"), *rows)), "utf-8")
    sales = load_sales(path, by=[], as_of=f"2026-01-0{split}")
    entries = {entry.rule: entry for entry in sales.report.entries}
    kinds = ("read", "refunds", "counted")
    parts = [entry for rule, entry in entries.items() if rule not in kinds]
    assert sum(entry.rows for entry in parts) == entries["read"].rows == len(rows) + 1
    assert entries["counted"].money == pytest.approx(sales.frame["sales"].sum(), abs=0.01)
    whole = sum(paid for _, paid, *_ in lines) + 1
    assert entries["read"].money == pytest.approx(whole, abs=0.01)
    days = pd.date_range(sales.frame["date"].min(), f"2026-01-0{split}")
    assert sales.frame["date"].tolist() == days.tolist()
    assert np.isfinite(sales.frame["sales"]).all()
