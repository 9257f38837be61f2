import numpy as np
import pandas as pd
import pytest

from workbench.data.mapping import mapping_of
from workbench.data.sales import load_sales

HEADER = "日期,门店,销售额,是否营业,是否促销"


@pytest.fixture
def load(write):
    def load(*lines, header=HEADER, by=("store",), mapping=None, **options):
        path = write("d.csv", header, *lines)
        return load_sales(path, by=by, mapping=mapping_of(mapping or {}), **options)

    return load


def values(sales, column="sales"):
    table = sales.frame.pivot_table(index="date", columns="unit", values=column, dropna=False)
    return {unit: table[unit].tolist() for unit in table}


def test_daily_sales_with_what_is_known_ahead(load):
    sales = load(
        "2026-01-05,a,80,1,0",
        "2026-01-05,b,20,1,1",
        "2026-01-06,a,0,0,0",
        "2026-01-06,b,30.5,1,0",
    )
    assert values(sales) == {"a": [80.0, 0.0], "b": [20.0, 30.5]}
    assert values(sales, "open") == {"a": [1.0, 0.0], "b": [1.0, 1.0]}
    assert values(sales, "promo") == {"a": [0.0, 0.0], "b": [1.0, 0.0]}
    assert sales.known is None
    assert sales.later is None
    assert sales.report.kind == "daily"


def test_parts_of_a_unit_add_up_and_what_is_known_is_shared(load):
    sales = load(
        "2026-01-05,a,80,1,0",
        "2026-01-05,b,20,1,1",
        "2026-01-06,a,0,0,0",
        "2026-01-06,b,30,1,0",
        by=[],
    )
    assert values(sales) == {"total": [100.0, 30.0]}
    assert values(sales, "open") == {"total": [1.0, 1.0]}
    assert values(sales, "promo") == {"total": [0.5, 0.0]}
    assert values(sales, "open_share") == {"total": [1.0, 0.5]}


def test_rows_after_as_of_are_known_ahead_and_kept_to_compare(load, says):
    lines = (
        "2026-01-05,a,80,1,0",
        "2026-01-06,a,70,1,1",
        "2026-01-07,a,60,0,0",
        "2026-01-08,a,,1,1",
    )
    sales = load(*lines)
    assert f"{sales.as_of:%m-%d}" == "01-07"
    assert sales.known["promo"].tolist() == [1.0]
    assert sales.later is None
    assert sales.report.dropped["planned"].rows == 1
    sales = load(*lines, as_of="2026-01-05")
    assert sales.frame["sales"].tolist() == [80.0]
    assert sales.known["open"].tolist() == [1.0, 0.0, 1.0]
    assert "sales" not in sales.known
    assert sales.later["sales"].tolist() == [70.0, 60.0]
    says(
        sales.report.notices,
        "data.after_as_of",
        "2 rows after 2026-01-05, .* rows 3, 4",
        "之后共 2 行",
    )


def test_units_that_begin_after_as_of_are_left_out(load):
    sales = load("2026-01-05,a,80,1,0", "2026-01-07,b,5,1,0", as_of="2026-01-06")
    assert list(sales.keys.index) == ["a"]
    assert sales.later is None


def test_as_of_after_the_data_falls_back_to_its_end(load, says):
    sales = load("2026-01-05,a,80,1,0", as_of="2026-01-09")
    assert f"{sales.as_of:%m-%d}" == "01-05"
    says(sales.report.notices, "data.as_of_after_days", "4 days short", "相差 4 天")


def test_out_of_stock_is_not_observed(load, says):
    sales = load("2026-01-05,a,80,0", "2026-01-06,a,3,1", header="日期,门店,销售额,缺货")
    assert np.isnan(sales.frame["sales"].tolist()[1])
    says(sales.report.notices, "data.stockout_days", "1 rows; rows 3", "按未观测处理")
    entry = sales.report.dropped["not_observed"]
    assert (entry.rows, entry.money) == (1, 3.0)
    some = load(
        "2026-01-05,a,80,0",
        "2026-01-05,b,3,1",
        "2026-01-06,a,5,0",
        header="日期,门店,销售额,缺货",
        by=[],
    )
    assert some.frame["sales"].tolist() == [80.0, 5.0]


@pytest.mark.parametrize(
    ("rule", "expected"), [("zero", [1.0, 0.0, 3.0]), ("unknown", [1.0, np.nan, 3.0])]
)
def test_days_without_a_row_as_the_mapping_says(load, says, rule, expected):
    lines = ("2026-01-05,a,1", "2026-01-07,a,3", "2026-01-06,b,9", "2026-01-07,b,9")
    sales = load(*lines, header="日期,门店,销售额", mapping={"missing_days": rule})
    np.testing.assert_equal(values(sales)["a"], expected)
    assert len(sales.frame) == 5


def test_days_without_a_row_are_said(load, says):
    lines = ("2026-01-05,a,1,1,0", "2026-01-07,a,3,1,0", "2026-01-06,b,9,1,0", "2026-01-07,b,9,1,0")
    sales = load(*lines)
    assert len(sales.frame) == 4
    says(
        sales.report.notices,
        "data.missing_days_unknown",
        r"1 unit days in 1 units, first a \(1\)",
        "按未观测处理",
    )
    bare = [line.rsplit(",", 2)[0] for line in lines]
    sales = load(*bare, header="日期,门店,销售额")
    says(sales.report.notices, "data.missing_days_zero", "missing_days: unknown", "按零销售处理")


def test_the_same_row_twice_counts_once(load, says):
    sales = load("2026-01-05,a,80,1,0", "2026-01-05,a,80,1,0", "2026-01-06,a,1,1,0")
    assert sales.frame["sales"].tolist() == [80.0, 1.0]
    says(sales.report.notices, "data.duplicate_days", "1 rows left out, 80.00; rows 3", "只计一次")


def test_two_rows_of_one_day_that_differ_are_refused(load, refuses):
    refuses(
        lambda: load("2026-01-05,a,80,1,0", "2026-01-05,a,81,1,0"),
        "data.conflicting_days",
        "2 rows, dates 2026-01-05; rows 2, 3",
        "同一单元有多行且数值不同",
    )


def test_parts_told_apart_by_a_column_that_is_not_used_add_up(load):
    sales = load("2026-01-05,a,x,80", "2026-01-05,a,y,81", header="日期,门店,柜台,销售额")
    assert sales.frame["sales"].tolist() == [161.0]


def test_negative_days_are_said(load, says):
    sales = load("2026-01-05,a,80,1,0", "2026-01-06,a,-5.5,1,0")
    says(sales.report.notices, "data.negative_days", "1 rows, -5.50 together; rows 3", "有负数")


def test_metrics(load, refuses):
    header = "日期,门店,净销售额,成交额,销量"
    line = "2026-01-05,a,80,90,7"
    assert [
        load(line, header=header, metric=m).frame["sales"].tolist()
        for m in ("net_sales", "gmv", "units")
    ] == [[80.0], [90.0], [7.0]]
    refuses(
        lambda: load("2026-01-05,a,7", header="日期,门店,销量"),
        "data.metric_absent",
        "net_sales is asked for; the source has units\nWhat to do: Set metric: units",
        "来源只有 units",
    )
    refuses(
        lambda: load(line, header=header, metric="profit"),
        "data.metric_unknown",
        "net_sales, gmv, units",
        "profit",
    )


def test_no_sales_at_all(load, refuses):
    refuses(lambda: load("2026-01-05,a,,1,0"), "data.nothing_counted", "not_observed 1", "未计入")
    refuses(
        lambda: load("2026-01-05,a,1,1,0", as_of="2025-01-05"),
        "data.nothing_counted",
        "up to 2025-01-05",
        "截至 2025",
    )


def test_a_row_without_a_date(load, refuses):
    refuses(
        lambda: load("2026-01-05,a,80,1,0", ",合计,80,,"),
        "schema.empty_value",
        "column date .*\n.*1 empty; rows 2",
        "空值 1 行",
    )


def test_further_columns_known_ahead_are_named_in_the_mapping(load, refuses):
    header = "日期,门店,销售额,学校放假"
    sales = load("2026-01-05,a,80,1", header=header, mapping={"known_ahead": ["学校放假"]})
    assert sales.frame["学校放假"].tolist() == [1.0]
    assert sales.report.unmapped == ()
    refuses(
        lambda: load("2026-01-05,a,80,1", header=header, mapping={"known_ahead": ["放假"]}),
        "data.mapped_column_missing",
        "no 放假; most like it: 学校放假",
        "没有 放假",
    )


@pytest.mark.parametrize("freq", ["7D", "MS", "ME"])
def test_weekly_and_monthly_rows_pass_as_they_are(write, freq):
    dates = pd.date_range("2025-01-31", periods=5, freq=freq)
    lines = [f"{day:%Y-%m-%d},{at + 1}" for at, day in enumerate(dates) if at != 2]
    sales = load_sales(write("d.csv", "week,sales", *lines), by=[])
    assert sales.frame["sales"].tolist() == [1.0, 2.0, 4.0, 5.0]
    assert sales.frame["date"].tolist() == [day for at, day in enumerate(dates) if at != 2]


def test_years_and_months_by_a_date_format(load):
    sales = load(
        "2026-01,5", "2026-02,6", header="月份,销售额", by=[], mapping={"date_format": "%Y-%m"}
    )
    assert sales.frame["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-01", "2026-02-01"]
