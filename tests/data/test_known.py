import numpy as np
import pytest

from workbench.data.mapping import mapping_of
from workbench.data.sales import load_sales

HEADER = "订单号,付款时间,渠道,类目,实付金额"
LINES = (
    "A1,2026-01-05,线上,茶,80",
    "A2,2026-01-05,门店,茶,20",
    "A3,2026-01-06,门店,糕,5",
    "A4,2026-01-07,线上,糕,1",
)


@pytest.fixture
def load(orders, write):
    def load(*known, by=("channel",), mapping=None, **options):
        path = write("known.csv", *known)
        mapping = mapping_of(mapping or {})
        return load_sales(
            orders(*LINES, header=HEADER), known=path, by=by, mapping=mapping, **options
        )

    return load


def column(table, unit, name):
    return table.loc[table["unit"] == unit, name].tolist()


FULL = (
    "日期,渠道,是否营业,是否促销,价格",
    *(f"2026-01-0{day},线上,1,{int(day == 6)},9.5" for day in (5, 6, 7, 8, 9)),
    *(f"2026-01-0{day},门店,{int(day != 7)},0,8" for day in (5, 6, 7, 8, 9)),
)


def test_past_and_future_by_the_keys_the_file_has(load):
    sales = load(*FULL)
    assert column(sales.frame, "线上", "promo") == [0.0, 1.0, 0.0]
    assert column(sales.frame, "门店", "open") == [1.0, 1.0, 0.0]
    assert column(sales.known, "门店", "price") == [8.0, 8.0]
    assert sales.known["date"].dt.day.tolist() == [8, 9, 8, 9]
    assert "sales" not in sales.known


def test_a_file_without_keys_holds_for_every_unit(load):
    sales = load("date,promo", "2026-01-05,是", "2026-01-08,是")
    assert sales.frame.groupby("unit", sort=False)["promo"].sum().to_dict() == {
        "线上": 1.0,
        "门店": 1.0,
    }
    assert sales.known["promo"].tolist() == [1.0, 1.0]


def test_days_the_file_leaves_out_are_open_without_promotion_and_said(load, says):
    sales = load("date,open,promo", "2026-01-06,0,1", "2026-01-08,1,1")
    assert column(sales.frame, "线上", "open") == [1.0, 0.0, 1.0]
    assert column(sales.frame, "线上", "promo") == [0.0, 1.0, 0.0]
    says(
        sales.report.notices,
        "data.known_filled",
        "column open[^.]*.\nFound: 4 of 6 .* taken as 1",
        "按 1 处理",
    )


def test_gaps_in_other_numbers_stay_and_are_said(load, says):
    sales = load("date,price", "2026-01-06,9.5", "2026-01-08,8")
    np.testing.assert_equal(column(sales.frame, "线上", "price"), [np.nan, 9.5, np.nan])
    says(sales.report.notices, "data.known_gaps", "column price.*\n.*4 of 6", "有缺口")


def test_words_are_kept_as_words(load):
    sales = load("date,活动", "2026-01-06,年货节", "2026-01-08,元宵")
    assert column(sales.frame, "线上", "活动") == ["", "年货节", ""]
    assert sales.known["活动"].tolist() == ["元宵", "元宵"]


def test_units_across_the_files_keys_share_what_is_known(load):
    sales = load(*FULL, by=["category"])
    assert column(sales.frame, "茶", "promo") == [0.0, 0.5, 0.0]
    assert column(sales.frame, "茶", "open") == [1.0, 1.0, 1.0]
    sales = load(*FULL, by=[])
    assert column(sales.known, "total", "price") == [8.75, 8.75]


def test_finer_units_take_what_is_known_of_their_key(load):
    sales = load(*FULL, by=["channel", "category"])
    assert column(sales.frame, "门店 / 糕", "open") == [1.0, 0.0]


def test_stock_outs_of_the_file_are_not_observed(load, says):
    sales = load("date,渠道,promo,缺货", "2026-01-06,门店,0,1", "2026-01-08,门店,0,0")
    np.testing.assert_equal(column(sales.frame, "门店", "sales"), [20.0, np.nan, 0.0])
    assert "stockout" not in sales.frame
    assert "stockout" not in sales.known
    says(
        sales.report.notices,
        "data.stockout_known",
        "1 unit days, 5.00; 门店 2026-01-06",
        "金额 5.00",
    )


def test_a_file_that_ends_before_the_future(load, says):
    sales = load("date,promo", "2026-01-05,1", "2026-01-07,0")
    assert sales.known is None
    says(
        sales.report.notices,
        "data.known_not_ahead",
        "last date is 2026-01-07",
        "最后日期 2026-01-07",
    )


def test_what_the_file_adds_to_daily_sales(write):
    daily = write(
        "d.csv", "日期,销售额,是否促销", "2026-01-05,1,0", "2026-01-06,2,0", "2026-01-07,,1"
    )
    known = write("k.csv", "日期,是否促销", "2026-01-06,1", "2026-01-08,1")
    sales = load_sales(daily, known=known, by=[])
    assert sales.frame["promo"].tolist() == [0.0, 1.0]
    assert sales.known["date"].dt.day.tolist() == [7, 8]
    assert sales.known["promo"].tolist() == [1.0, 1.0]


def test_a_section_of_the_mapping_reads_the_file(load):
    mapping = {"known": {"columns": {"当天": "date", "大促": "promo"}, "ignore": ["备注"]}}
    sales = load("当天,大促,备注", "2026-01-06,1,x", "2026-01-08,1,y", mapping=mapping)
    assert column(sales.frame, "线上", "promo") == [0.0, 1.0, 0.0]
    assert "备注" not in sales.frame


def test_files_that_cannot_serve(load, refuses):
    refuses(
        lambda: load("天,promo", "2026-01-05,1"),
        "data.known_no_date",
        "no date column",
        "没有日期列",
    )
    refuses(
        lambda: load("date,渠道", "2026-01-05,门店"),
        "data.known_nothing",
        "nothing besides",
        "没有其他列",
    )
    refuses(
        lambda: load("date,渠道,promo", "2026-01-05,门店,1", "2026-01-05,门店,0"),
        "data.known_twice",
        "2 rows with equal date, channel; rows 2, 3",
        "同一日期和单元有多行",
    )
    refuses(
        lambda: load("date,promo", "昨天,1"), "data.unreadable_dates", "'昨天'", "无法识别的日期"
    )


def test_sales_in_the_file_are_not_taken_as_known(load):
    sales = load("date,sales,promo", "2026-01-06,999,1", "2026-01-08,999,1")
    assert list(sales.known.columns) == ["unit", "date", "promo"]
    assert column(sales.frame, "线上", "sales") == [80.0, 0.0, 1.0]
