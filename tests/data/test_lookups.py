import pytest

from workbench.data.mapping import mapping_of
from workbench.data.sales import load_sales

HEADER = "订单号,付款时间,销售员,实付金额"
LINES = ("A1,2026-01-05,李,80", "A2,2026-01-05,王,20", "A3,2026-01-05,陌生人,3", "A4,2026-01-05,,1")


@pytest.fixture
def load(orders, write):
    def load(*staff, on="salesperson", columns=("team",), by=("team",), **more):
        write("staff.csv", *(staff or ("salesperson,team", "李,甲", "王,乙")))
        given = {"file": "staff.csv", "on": on, "columns": columns}
        mapping = mapping_of({"lookup": [given], **more})
        return load_sales(orders(*LINES, header=HEADER), mapping=mapping, by=by)

    return load


def test_a_team_by_its_salesperson(load, says):
    sales = load()
    assert sales.report.units.set_index("unit")["total"].to_dict() == {"甲": 80, "乙": 20, "–": 4}
    says(sales.report.notices, "data.lookup_unmatched", "1 rows: 陌生人 .* rows 4", "1 行")


@pytest.mark.parametrize("on", ["salesperson", "销售员"])
def test_the_key_and_the_columns_may_have_other_names_there(load, on):
    staff = ("姓名,小组名", "李,甲", "王,乙")
    sales = load(
        *staff, on={on: "姓名"}, columns={"小组名": "team"}, values={"team": {"甲": "甲组"}}
    )
    assert list(sales.keys.index) == ["甲组", "乙", "–"]


def test_a_key_that_occurs_twice(load, refuses):
    staff = ("salesperson,team", "李,甲", "李,乙")
    refuses(lambda: load(*staff), "data.lookup_twice", "李 in salesperson of staff.csv", "键有重复")


def test_missing_files_columns_and_keys(load, refuses, tmp_path):
    refuses(
        lambda: load("salesperson,group", "李,甲"),
        "data.mapped_column_missing",
        "no team; .*columns: salesperson, group",
        "没有 team",
    )
    refuses(
        lambda: load(on="staff_id"), "data.mapped_column_missing", "no staff_id", "没有 staff_id"
    )
    given = {"file": "nobody.csv", "on": "salesperson", "columns": ["team"]}
    refuses(lambda: load(lookup=[given]), "data.file_missing", "nobody.csv", "nobody.csv 不存在")
