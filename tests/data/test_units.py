import pytest

from workbench.data.sales import load_sales
from workbench.data.units import parse_where

HEADER = "订单号,付款时间,渠道,团队,销售员,实付金额"
LINES = (
    "A1,2026-01-05,线上,甲,李,80",
    "A2,2026-01-05,门店,乙,王,20",
    "A3,2026-01-06,线上,甲,赵,5",
    "A4,2026-01-06,,乙,王,1",
)


@pytest.fixture
def load(orders):
    def load(*lines, **options):
        return load_sales(orders(*(lines or LINES), header=HEADER), **options)

    return load


def totals(sales):
    return sales.report.units.set_index("unit")["total"].to_dict()


def test_one_key_several_keys_and_none(load):
    assert totals(load(by="team")) == {"甲": 85.0, "乙": 21.0}
    assert totals(load(by=["team", "salesperson"])) == {"甲 / 李": 80, "乙 / 王": 21, "甲 / 赵": 5}
    assert totals(load(by=[])) == {"total": 106.0}
    keys = load(by=["team", "salesperson"]).keys
    assert keys.loc["甲 / 赵"].to_dict() == {"team": "甲", "salesperson": "赵"}
    assert load(by=[]).keys.shape == (1, 0)


def test_the_sources_own_names_serve_as_well(load):
    sales = load(by=["渠道", "销售员"], where={"团队": "甲"})
    assert list(sales.keys.columns) == ["渠道", "销售员"]
    assert totals(sales) == {"线上 / 李": 80.0, "线上 / 赵": 5.0}


def test_blank_keys_are_a_unit_of_their_own_and_said(load, says):
    sales = load(by=["channel"])
    assert totals(sales) == {"线上": 85.0, "门店": 20.0, "–": 1.0}
    says(
        sales.report.notices,
        "data.blank_keys",
        "1 rows, 1.00, blank in channel",
        "channel 为空：1 行",
    )


def test_a_unit_begins_with_its_first_sale_and_lives_to_as_of(load):
    table = load(by=["salesperson"], as_of="2026-01-07").frame
    lives = table.groupby("unit")["date"].agg(["min", "max", "size"])
    assert lives.loc["赵", "size"] == 2
    assert lives.loc["李", "size"] == 3
    assert (lives["max"] == table["date"].max()).all()


def test_an_unknown_column_is_named_with_the_nearest(load, refuses):
    refuses(
        lambda: load(by=["chanel"]),
        "data.by_unknown",
        "chanel; most like it: channel",
        "可用的列：channel, team, salesperson；或把 by 留空",
    )


def test_two_units_of_one_name(load, refuses):
    lines = ("A1,2026-01-05,a / b,c,x,1", "A2,2026-01-05,a,b / c,x,1")
    refuses(
        lambda: load(*lines, by=["channel", "team"]),
        "data.unit_clash",
        "a / b / c",
        "得到：a / b / c",
    )


def test_filters(load, refuses):
    assert totals(load(by=["team"], where="channel=线上, 门店; team=甲")) == {"甲": 85.0}
    assert totals(load(by=["team"], where={"channel": ["门店"]})) == {"乙": 20.0}
    entry = load(by=["team"], where="channel=门店").report.dropped["filtered"]
    assert (entry.rows, entry.money) == (3, 86.0)
    refuses(
        lambda: load(where="chanel=门店"),
        "data.where_column",
        "chanel; most like it: channel",
        "列不存在",
    )
    refuses(
        lambda: load(where="channel=门点"),
        "data.where_word",
        "门点; most like it: 门店",
        "该列的取值有：线上, 门店",
    )
    refuses(lambda: load(where="channel 门店"), "data.where_unreadable", "column=word", "列=值")


def test_a_filter_keeps_the_row_numbers_of_the_file(load, says):
    lines = (
        "A1,2026-01-05,线上,甲,李,80",
        "A2,2026-01-05,门店,乙,王,20",
        "A3,2026-01-05,门店,乙,王,0",
    )
    sales = load(*lines, where="channel=门店")
    says(sales.report.notices, "data.zero_price", "rows 4", "第 4 行")


def test_as_of_is_told_before_the_filter(load):
    assert f"{load(where='channel=门店').as_of:%m-%d}" == "01-06"


def test_parsing_a_filter():
    assert parse_where("") == {}
    assert parse_where({"a": "x", "b": ["y", 1]}) == {"a": ("x",), "b": ("y", "1")}
