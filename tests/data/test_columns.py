import pytest

from workbench.data.columns import match_columns, sales_table
from workbench.data.mapping import Mapping, mapping_of
from workbench.data.sales import load_sales
from workbench.data.sql import words
from workbench.schema.tables import DAILY, ORDERS, TABLES


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_aliases_name_columns_that_exist_and_no_header_twice(table):
    known = words()[table.name]
    assert set(known) <= set(table.names)
    spelled = [alias for aliases in known.values() for alias in aliases]
    assert len(spelled) == len(set(spelled))


def test_status_words_translate_to_words_of_the_schema():
    for name, column in (("status", ORDERS["status"]), ("refund_state", ORDERS["refund_state"])):
        assert set(words()["words"][name]) <= set(column.allowed)


def test_a_shop_platform_export_needs_no_mapping():
    headers = ("订单号", "下单时间", "付款时间", "成团时间", "订单状态", "商品名称", "渠道")
    headers += ("实付金额(元)", "退款金额", "买家留言")
    matched = match_columns(headers, ORDERS, Mapping())
    assert matched.columns == {
        "order_id": "订单号",
        "order_time": "下单时间",
        "pay_time": "付款时间",
        "confirm_time": "成团时间",
        "status": "订单状态",
        "channel": "渠道",
        "product": "商品名称",
        "paid_amount": "实付金额(元)",
        "refund_amount": "退款金额",
    }
    assert matched.unmapped == ("买家留言",)


def test_the_schemas_own_name_wins_over_a_usual_header():
    matched = match_columns(("paid_amount", "实付金额"), ORDERS, Mapping())
    assert matched.columns == {"paid_amount": "paid_amount"}
    assert matched.unmapped == ("实付金额",)
    assert not matched.problems


def test_two_usual_headers_for_one_column_are_not_guessed(orders, refuses):
    path = orders("A1,2026-01-05,80,70", header="订单号,付款时间,实付金额,买家实付金额")
    refuses(
        lambda: load_sales(path), "data.ambiguous_columns", "实付金额, 买家实付金额", "写明用哪一列"
    )
    mapping = mapping_of({"columns": {"买家实付金额": "paid_amount"}})
    assert load_sales(path, by=[], mapping=mapping).frame["sales"].tolist() == [70.0]
    mapping = mapping_of({"ignore": ["买家实付金额"]})
    assert load_sales(path, by=[], mapping=mapping).frame["sales"].tolist() == [80.0]


def test_a_renamed_column_is_named_with_the_nearest(orders, refuses):
    path = orders("A1,2026-01-05,80", header="order_id,pay_time,paid_amt")
    refuses(
        lambda: load_sales(path),
        "data.missing_column",
        "no paid_amount; most like it: paid_amt",
        "没有 paid_amount；最接近的是：paid_amt",
    )
    path = orders("A1,x,80", header="订单号,付款时刻,实付金额")
    refuses(
        lambda: load_sales(path),
        "data.missing_column",
        "no pay_time / order_time; most like it: 付款时刻",
        "无需映射即可识别的列名：pay_time, order_time, 付款时间",
    )


def test_daily_sales_without_sales(orders, refuses):
    path = orders("2026-01-05,a", header="日期,门店")
    refuses(
        lambda: load_sales(path), "data.missing_column", "net_sales / gmv / units / sales", "daily"
    )


def test_neither_orders_nor_daily_sales(orders, refuses):
    path = orders("1,2", header="foo,bar")
    refuses(lambda: load_sales(path), "data.not_sales", "its columns: foo, bar", "现有列：foo, bar")


def test_columns_that_are_not_used_are_listed_unless_ignored(orders, says):
    path = orders("A1,2026-01-05,80,x,y", header="订单号,付款时间,实付金额,备注,礼品卡")
    sales = load_sales(path, by=[])
    says(sales.report.notices, "data.unmapped_columns", "2: 备注, 礼品卡", "2 列：备注, 礼品卡")
    sales = load_sales(path, by=[], mapping=mapping_of({"ignore": ["备注", "礼品卡"]}))
    assert "data.unmapped_columns" not in [notice.code for notice in sales.report.notices]


@pytest.mark.parametrize(
    ("headers", "mapping", "table"),
    [
        (("date", "order_id", "sales"), {}, ORDERS),
        (("日期", "门店", "销售额"), {}, DAILY),
        (("day", "units"), {}, DAILY),
        (("x", "y"), {"columns": {"x": "date", "y": "sales"}}, DAILY),
        (("x", "y"), {"compute": {"paid_amount": {"multiply": ["x", "y"]}}}, ORDERS),
        (("订单号", "日期", "销售额"), {"table": "daily"}, DAILY),
        (("x", "y"), {}, None),
    ],
)
def test_the_kind_of_table_is_told_from_the_columns(headers, mapping, table):
    assert sales_table(headers, mapping_of(mapping)) is table
