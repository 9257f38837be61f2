import pandas as pd
import pytest

from workbench.data.mapping import mapping_of
from workbench.data.tables import load_table


@pytest.fixture
def column(write):
    """Read one column of order lines, written as it stands in the file."""

    def column(header, *values, mapping=None):
        cells = [
            f"A{at},{value if ',' not in value else chr(34) + value + chr(34)}"
            for at, value in enumerate(values)
        ]
        fixed = {"订单号": "order_id", header: header}
        names = {"pay_time": "paid_amount", "paid_amount": "pay_time"}
        other = names.get(header, "pay_time")
        content = {"columns": fixed, "constants": {}, **(mapping or {})}
        lines = [f"{cell},{'1' if other == 'paid_amount' else '2026-01-05'}" for cell in cells]
        headers = f"订单号,{header},{other}"
        if header not in names:
            headers, lines = headers + ",paid_amount", [line + ",1" for line in lines]
        path = write("o.csv", headers, *lines)
        return load_table(path, "orders", mapping=mapping_of(content))[header]

    return column


DATES = {
    "2026-01-05": "2026-01-05",
    "2026/1/5": "2026-01-05",
    "2026-1-5 9:05": "2026-01-05 09:05",
    "20260105": "2026-01-05",
    "20260105093010": "2026-01-05 09:30:10",
    "2026.1.5": "2026-01-05",
    "2026年1月5日": "2026-01-05",
    "2026年1月5日 09:30": "2026-01-05 09:30",
    "2026-01-05T09:30:10": "2026-01-05 09:30:10",
    "2026-01-05 09:30:10.250": "2026-01-05 09:30:10.250",
    " 2026-01-05 ": "2026-01-05",
}


@pytest.mark.parametrize(("text", "moment"), DATES.items())
def test_dates_that_are_read(column, text, moment):
    assert column("pay_time", text).tolist() == [pd.Timestamp(moment)]


@pytest.mark.parametrize(
    "text",
    ["05/01/2026", "26-1-5", "2026-13-01", "昨天", "infinity", "1889-01-01", "45000", "2026-1"],
)
def test_dates_that_are_not_guessed(column, refuses, text):
    refuses(
        lambda: column("pay_time", "2026-01-05", text, text),
        "data.unreadable_dates",
        rf"'{text}' .2 rows; rows 3, 4.",
        r"共 2 行；第 3, 4 行",
    )


@pytest.mark.parametrize("word", ["", "-", "0000-00-00 00:00:00", "NULL", "无记录"])
def test_words_for_no_value(column, word):
    values = column("refund_time", word, "2026-01-05", mapping={"missing": ["无记录"]})
    assert values.isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-01-05", "%d/%m/%Y", "2026-01-05"),
        ("2026/1/5", "%m/%d/%Y", "2026-01-05"),
        ("05/01/2026", "%m/%d/%Y", "2026-05-01"),
        ("2026-01-05", "%Y-%d-%m", "2026-05-01"),
    ],
)
def test_a_date_year_first_is_read_beside_a_format_with_the_day_or_month_first(
    column, text, form, day
):
    values = column("pay_time", text, mapping={"date_format": form})
    assert pd.Timestamp(values[0]) == pd.Timestamp(day)


def test_a_date_format_of_the_mapping(column):
    values = column("pay_time", "05/01/2026 18:30", mapping={"date_format": "%d/%m/%Y %H:%M"})
    assert values.tolist() == [pd.Timestamp("2026-01-05 18:30")]


def test_offsets_are_the_shops_clock_unless_a_zone_is_named(write, says):
    from workbench.data.sales import load_sales

    path = write(
        "o.csv",
        "订单号,付款时间,实付金额",
        "A1,2026-01-05T20:00:00Z,80",
        "A2,2026-01-06 01:00:00+00:00,5",
    )
    sales = load_sales(path, by=[])
    assert sales.frame["date"].dt.day.tolist() == [5, 6]
    says(sales.report.notices, "data.zone_assumed", r"every row has \+00:00, Z", "每行的偏移均为")
    sales = load_sales(path, by=[], mapping=mapping_of({"timezone": "Asia/Shanghai"}))
    assert sales.frame["date"].dt.day.tolist() == [6]
    assert sales.frame["sales"].tolist() == [85.0]


def test_summer_time_needs_a_zone(column, refuses):
    times = ("2026-01-05 00:30:00+01:00", "2026-07-05 00:30:00+02:00")
    refuses(
        lambda: column("pay_time", *times),
        "data.mixed_time_zones",
        r"offsets \+01:00, \+02:00, and 1 rows",
        "混用了不同的时区",
    )
    values = column("pay_time", *times, mapping={"timezone": "Europe/Berlin"})
    assert values.tolist() == [pd.Timestamp("2026-01-05 00:30"), pd.Timestamp("2026-07-05 00:30")]


def test_times_with_and_without_offset_are_refused_even_with_a_zone(column, refuses):
    times = ("2026-01-05 00:30:00+08:00", "2026-01-05 00:30:00")
    refuses(
        lambda: column("pay_time", *times, mapping={"timezone": "Asia/Shanghai"}),
        "data.mixed_time_zones",
        r"offsets \+08:00, and 1 rows without one or with another; rows 3",
        "另有 1 行没有偏移或偏移不同；第 3 行",
    )


def test_a_zone_that_does_not_exist(column, refuses):
    refuses(
        lambda: column("pay_time", "2026-01-05 00:30Z", mapping={"timezone": "Asia/Shangai"}),
        "data.zone_unknown",
        "Asia/Shangai",
        "时区不存在",
    )


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_parquet_times_with_a_zone_are_on_its_clock(tmp_path, unit):
    moments = pd.to_datetime(["2026-01-05 20:00"]).tz_localize("UTC").tz_convert("Asia/Shanghai")
    moments = moments.as_unit(unit)
    data = pd.DataFrame({"order_id": ["1"], "pay_time": moments, "paid_amount": [1.0]})
    data.to_parquet(tmp_path / "o.parquet")
    read = load_table(tmp_path / "o.parquet", "orders")
    assert read["pay_time"].tolist() == [pd.Timestamp("2026-01-06 04:00")]


def test_numbers_that_are_read(column):
    values = column("paid_amount", "80", " 12.50 ", "-3", "+.5", "1e2", "7.", "")
    assert values.tolist()[:6] == [80.0, 12.5, -3.0, 0.5, 100.0, 7.0]
    assert values.isna().sum() == 1


@pytest.mark.parametrize(
    ("text", "code", "en", "zh"),
    [
        ("1,234.50", "data.thousands", r"thousands: \",\"", "千位分隔符"),
        ("¥12", "data.currency_sign", "currency_sign: ", "货币符号"),
        ("12元", "data.currency_sign", "currency_sign: ", "货币符号"),
        ("twelve", "data.not_a_number", "'twelve'", "却有文字"),
        ("inf", "data.not_a_number", "'inf'", "却有文字"),
        ("1e400", "data.not_a_number", "'1e400'", "却有文字"),
        ("1.2.3", "data.not_a_number", "'1.2.3'", "却有文字"),
        ("0x1F", "data.not_a_number", "'0x1F'", "却有文字"),
        ("#N/A", "data.not_a_number", "'#N/A'", "却有文字"),
    ],
)
def test_numbers_that_are_refused(column, refuses, text, code, en, zh):
    error = refuses(lambda: column("paid_amount", "1", text, text), code, en, zh)
    assert "2 rows; rows 3, 4" in error.text("en")
    assert "paid_amount" in error.text("zh")


@pytest.mark.parametrize(
    ("text", "mapping", "value"),
    [
        ("1,234.50", {"thousands": ","}, 1234.5),
        ("-1,234,567", {"thousands": ","}, -1234567.0),
        ("12.5", {"thousands": ","}, 12.5),
        ("1.234,50", {"thousands": ".", "decimal": ","}, 1234.5),
        ("¥ 1,234", {"thousands": ",", "currency_sign": "¥"}, 1234.0),
        ("-¥12", {"currency_sign": ["¥", "￥"]}, -12.0),
        ("12345", {"amount_unit": "fen"}, 123.45),
        ("1.25", {"amount_unit": "万元"}, 12500.0),
        ("80", {"negate": ["paid_amount"]}, -80.0),
    ],
)
def test_what_the_mapping_accepts(column, text, mapping, value):
    assert column("paid_amount", text, mapping=mapping).tolist() == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["1,2", "12,34", "1,23,456"])
def test_separators_in_odd_places_stay_refused(column, refuses, text):
    mapping = {"thousands": ","}
    refuses(
        lambda: column("paid_amount", text, mapping=mapping), "data.not_a_number", "text", "文字"
    )


def test_quantities_are_not_scaled_as_money(column):
    assert column("quantity", "3", mapping={"amount_unit": "fen"}).tolist() == [3.0]


def test_status_words_of_shops_and_of_the_mapping(column, refuses):
    words = (
        "待付款",
        "待成团",
        "WAIT_SELLER_SEND_GOODS",
        "已发货",
        "交易成功",
        "已关闭",
        "paid",
        "寄出",
    )
    mapping = {"values": {"status": {"寄出": "shipped"}}}
    assert column("status", *words, mapping=mapping).tolist() == [
        "awaiting_payment",
        "awaiting_group",
        "paid",
        "shipped",
        "completed",
        "closed",
        "paid",
        "shipped",
    ]
    refuses(
        lambda: column("status", *words, "寄出"),
        "data.unknown_words",
        "寄出 .2 rows; rows 9, 10.",
        "values → status",
    )


def test_refund_states_of_the_platform(column):
    states = column("refund_state", "0", "1", "2", "11", "12", "退款成功")
    assert states.tolist() == ["none", "pending", "partial", "pending", "full", "refunded"]


def test_shares_and_flags(write):
    path = write(
        "c.csv",
        "活动名称,活动类型,开始日期,结束日期,折扣",
        "a,拼团,2026-01-05,2026-01-06,30%",
        "b,满减,2026-1-5,2026-1-6,0.2",
    )
    table = load_table(path, "campaigns")
    assert table["discount"].tolist() == [0.3, 0.2]
    assert table["kind"].tolist() == ["group_buy", "discount"]
    path = write(
        "d.csv", "日期,销售额,是否营业", "2026-01-05,1,是", "2026-01-06,0,NO", "2026-01-07,1,6"
    )
    assert load_table(path, "daily")["open"].tolist() == [1.0, 0.0, 6.0]


def test_tables_are_validated(write, refuses):
    path = write("s.csv", "姓名,产能", "李,-5")
    refuses(
        lambda: load_table(path, "staff"), "schema.out_of_range", "-5.0 .1 rows; rows 1", "小于 0"
    )


def test_all_that_is_wrong_with_the_values_is_told_at_once(write):
    from workbench.errors import DataError

    path = write("o.csv", "订单号,付款时间,实付金额,退款金额", "A1,昨天,八十,1,")
    path = write("o.csv", "订单号,付款时间,实付金额,退款金额", "A1,昨天,八十,x")
    with pytest.raises(DataError) as caught:
        load_table(path, "orders")
    assert [problem.code for problem in caught.value.problems] == [
        "data.unreadable_dates",
        "data.not_a_number",
        "data.not_a_number",
    ]
