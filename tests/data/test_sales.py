import datetime as dt

import pandas as pd
import pytest

from workbench.data.mapping import mapping_of
from workbench.data.sales import load_sales
from workbench.errors import DataError

LINES = (
    "A1,2026-01-05,交易成功,线上,80,10",
    "A2,2026-01-07,交易成功,门店,20,0",
    "A3,2026-01-08,交易成功,线上,5,0",
)


def test_what_comes_back(orders):
    sales = load_sales(orders(*LINES), currency="EUR")
    assert list(sales.frame.columns) == ["unit", "date", "sales"]
    assert sales.frame["sales"].tolist() == [70.0, 0.0, 0.0, 5.0, 20.0, 0.0]
    assert sales.keys.to_dict() == {"channel": {"线上": "线上", "门店": "门店"}}
    assert sales.as_of == pd.Timestamp("2026-01-08")
    assert (sales.metric, sales.currency) == ("net_sales", "EUR")
    assert sales.known is None
    assert sales.later is None
    report = sales.report
    assert (report.kind, report.files, report.encoding) == ("orders", ("orders.csv",), "utf-8")
    assert (report.first_day, report.last_day) == (pd.Timestamp("2026-01-05"), sales.as_of)
    assert report.columns["paid_amount"] == "实付金额"


def test_as_of_splits_what_is_known_from_what_happened(orders, says):
    sales = load_sales(orders(*LINES), as_of="2026-01-06")
    assert sales.frame["sales"].tolist() == [70.0, 0.0]
    assert sales.later.to_dict("list") == {
        "unit": ["线上", "线上"],
        "date": [pd.Timestamp("2026-01-07"), pd.Timestamp("2026-01-08")],
        "sales": [0.0, 5.0],
    }
    assert list(sales.keys.index) == ["线上"]
    assert sales.report.dropped["after_as_of"].rows == 2
    says(
        sales.report.notices,
        "data.after_as_of",
        "2 rows after 2026-01-06, the last on 2026-01-08; rows 3, 4",
        "之后共 2 行",
    )


@pytest.mark.parametrize(
    "as_of", ["2026-01-06", dt.date(2026, 1, 6), pd.Timestamp("2026-01-06 12:00")]
)
def test_ways_to_write_as_of(orders, as_of):
    assert load_sales(orders(*LINES), as_of=as_of).as_of == pd.Timestamp("2026-01-06")


def test_as_of_that_cannot_be_read(orders, refuses):
    path = orders(*LINES)
    refuses(
        lambda: load_sales(path, as_of="2026-13-01"),
        "data.as_of_unreadable",
        "2026-13-01",
        "无法识别截至日",
    )


def test_as_of_after_the_orders_means_days_without_sales(orders, says):
    sales = load_sales(orders(*LINES), as_of="2026-01-10", by=[])
    assert sales.frame["sales"].tolist() == [70.0, 0.0, 20.0, 5.0, 0.0, 0.0]
    says(sales.report.notices, "data.as_of_after_last", "2 days without a row", "其间 2 天没有数据")


def test_a_mistyped_year_does_not_become_the_last_day(orders, refuses, says):
    path = orders(*LINES, "A9,2062-01-05,交易成功,门店,1,0")
    refuses(
        lambda: load_sales(path),
        "data.far_dates",
        "between 2026-01-08 and 2062-01-05",
        "请更正写错的日期",
    )
    assert load_sales(path, as_of="2026-01-08").as_of == pd.Timestamp("2026-01-08")
    path = orders(*LINES, "A9,2021-01-05,交易成功,门店,1,0")
    sales = load_sales(path, as_of="2026-01-08")
    says(sales.report.notices, "data.long_gap", "1826 days", "1826 天")


def test_the_fingerprint_depends_on_the_content_alone(orders, tmp_path):
    path = orders(*LINES)
    frame = pd.read_csv(path, dtype=str)
    frame.to_parquet(tmp_path / "o.parquet")
    frame.to_excel(tmp_path / "o.xlsx", index=False)
    marks = [
        load_sales(p).report.fingerprint
        for p in (path, tmp_path / "o.parquet", tmp_path / "o.xlsx")
    ]
    assert marks[0] == marks[1] == marks[2]
    assert (marks[0].rows, marks[0].last_day) == (6, "2026-01-08")
    other = load_sales(orders(*LINES[:2], LINES[2].replace(",5,", ",5.01,"))).report.fingerprint
    assert other.sha256 != marks[0].sha256
    swapped = load_sales(orders(*(line.replace("线上", "x") for line in LINES))).report.fingerprint
    assert swapped.sha256 != marks[0].sha256


def test_the_report_in_both_languages(orders):
    report = load_sales(orders(*LINES, "A4,2026-01-08,待付款,线上,7,0")).report
    english, chinese = report.table("en"), report.table("zh")
    assert list(english.columns) == ["item", "rows", "amount", "rule"]
    assert list(chinese.columns) == ["项目", "行数", "金额", "处理规则"]
    assert english["item"].tolist() == [
        "rows read",
        "awaiting payment",
        "sales",
        "refunds of counted lines",
        "counted up to the last known day",
    ]
    assert (
        english["amount"].tolist() == chinese["金额"].tolist() == [112.0, 7.0, 105.0, -10.0, 95.0]
    )


def test_the_report_by_unit(orders):
    units = load_sales(orders(*LINES)).report.units
    assert units.to_dict("list") == {
        "unit": ["线上", "门店"],
        "first": [pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-07")],
        "last": [pd.Timestamp("2026-01-08"), pd.Timestamp("2026-01-07")],
        "days": [4, 2],
        "zero": [2, 1],
        "missing": [0, 0],
        "total": [75.0, 20.0],
    }


def test_all_problems_of_a_file_are_told_at_once(orders):
    path = orders("A1,昨天,寄出,线上,八十,0")
    with pytest.raises(DataError) as caught:
        load_sales(path)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["data.unreadable_dates", "data.not_a_number", "data.unknown_words"]


def test_negative_refunds_are_refused_unless_the_mapping_turns_them(orders, refuses):
    path = orders("A1,2026-01-05,交易成功,线上,80,-10")
    refuses(
        lambda: load_sales(path),
        "schema.out_of_range",
        "refund_amount.*\n.*-10.0 .1 rows; rows 1",
        "negate",
    )
    sales = load_sales(path, mapping=mapping_of({"negate": ["退款金额"]}))
    assert sales.frame["sales"].tolist() == [70.0]


def test_many_units(orders):
    lines = [f"A{at},2026-01-0{5 + at % 3},交易成功,店{at},{at + 1},0" for at in range(2000)]
    sales = load_sales(orders(*lines))
    assert len(sales.keys) == 2000
    assert sales.frame["sales"].sum() == sum(range(1, 2001))


def test_nothing_is_left_of_temporary_copies(write, tmp_path, monkeypatch):
    import tempfile

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    path = write("o.csv", "订单号,付款时间,实付金额", "A1,2026-01-05,80", encoding="gb18030")
    assert load_sales(path, by=[]).frame["sales"].tolist() == [80.0]
    assert not list((tmp_path / "temporary").iterdir())


def test_columns_that_no_rule_needs_are_read_only_when_asked_for(orders):
    header = "订单号,付款时间,实付金额,优惠金额,活动"
    path = orders("A1,2026-01-05,80,无券,年货节", header=header)
    sales = load_sales(path, by=["活动"])
    assert list(sales.keys.index) == ["年货节"]
    assert sales.report.unmapped == ()
    assert sales.report.columns["discount"] == "优惠金额"
