import datetime as dt
from dataclasses import dataclass

import pytest

from workbench.data.mapping import mapping_of
from workbench.data.period_key import period_key
from workbench.data.targets import load_targets, read_targets


@dataclass(frozen=True)
class Quarter:
    label: str = "2026Q4"
    start: dt.date = dt.date(2026, 10, 1)
    end: dt.date = dt.date(2026, 12, 31)


@pytest.fixture
def targets(write):
    def targets(*lines, by=("channel",), period=Quarter(), mapping=None, **options):
        path = write("t.csv", *lines)
        return read_targets(
            path, by=by, period=period, mapping=mapping_of(mapping or {}), **options
        )

    return targets


def test_targets_by_unit_and_of_all_units(targets):
    read = targets(
        "渠道,季度,目标", "线上,2026Q4,100", "门店,2026Q4,50.5", ",2026Q4,160", "线上,2026Q3,9"
    )
    assert read.amounts.to_dict() == {"线上": 100.0, "门店": 50.5, "": 160.0}
    assert read.amounts.index.name == "unit"
    assert read.notices == ()


def test_the_series_alone(write):
    path = write("t.csv", "unit,target", "线上,100", "合计,160")
    assert load_targets(path, by=["channel"], period=Quarter()).to_dict() == {
        "线上": 100.0,
        "": 160.0,
    }


@pytest.mark.parametrize("word", ["合计", "全店", "Total", "all"])
def test_words_for_all_units(targets, word):
    assert targets("渠道,目标", "线上,100", f"{word},160").amounts.to_dict() == {
        "线上": 100,
        "": 160,
    }


@pytest.mark.parametrize(
    "text",
    [
        "2026Q4",
        "2026-q4",
        "2026年第4季度",
        "2026年四季度",
        "Q4 2026",
        "2026-10-01",
        "2026/10/1",
        "2026-10-01 00:00:00",
    ],
)
def test_ways_to_write_a_quarter(targets, text):
    assert targets("渠道,周期,目标", f"线上,{text},100", "线上,2026Q3,9").amounts.tolist() == [
        100.0
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2026年11月", "2026-11"),
        ("2026/11", "2026-11"),
        ("2026-W47", "2026W47"),
        ("2026年", "2026"),
        ("FY2026Q4", "FY2026Q4"),
    ],
)
def test_ways_to_write_other_periods(text, key):
    assert period_key(text) == key


def test_levels_are_told_from_the_columns_that_are_filled(targets):
    lines = (
        "level,channel,team,salesperson,period,target",
        "shop,,,,2026Q4,400",
        "channel,线上,,,2026Q4,250",
        "channel,门店,,,2026Q4,150",
        "salesperson,线上,甲,李,2026Q4,140",
        "salesperson,线上,甲,王,2026Q4,110",
        "salesperson,门店,乙,赵,2026Q4,150",
    )
    assert targets(*lines).amounts.to_dict() == {"": 400, "线上": 250, "门店": 150}
    people = targets(*lines, by=["team", "salesperson"]).amounts.to_dict()
    assert people == {"": 400, "甲 / 李": 140, "甲 / 王": 110, "乙 / 赵": 150}
    assert targets(*lines, by=[]).amounts.to_dict() == {"": 400}


def test_finer_targets_are_added_up_and_that_is_said(targets, says):
    read = targets("team,salesperson,target", "甲,李,140", "甲,王,110", "乙,赵,150", by=["team"])
    assert read.amounts.to_dict() == {"甲": 250.0, "乙": 150.0}
    says(read.notices, "data.targets_summed", "3 targets added up by team", "3 个目标按 team 汇总")


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [("set_on", "2026-09-30", "2026-10-05"), ("version", "v9", "v10")],
)
def test_the_last_revision_counts(targets, says, column, first, second):
    read = targets(f"channel,target,{column}", f"线上,120,{second}", f"线上,100,{first}")
    assert read.amounts.tolist() == [120.0]
    says(read.notices, "data.targets_revised", "1 earlier targets", "略去较早的目标 1 个")


def test_units_and_levels_by_name(targets):
    lines = ("level,unit,target", "shop,岁禾,400", "channel,线上,250", "salesperson,李,140")
    assert targets(*lines).amounts.to_dict() == {"": 400.0, "线上": 250.0}
    assert targets(*lines, by=["salesperson"]).amounts.to_dict() == {"": 400.0, "李": 140.0}


def test_names_of_the_source_and_a_section_of_the_mapping(targets):
    mapping = {
        "columns": {"业务员编号": "salesperson"},
        "targets": {"columns": {"emp": "salesperson", "quota": "target"}, "amount_unit": "万元"},
    }
    read = targets("emp,quota", "007,1.5", by=["业务员编号"], mapping=mapping)
    assert read.amounts.to_dict() == {"007": 15000.0}
    assert targets("部门,目标", "一部,5", by=["部门"]).amounts.to_dict() == {"一部": 5.0}


@pytest.mark.parametrize("value", ["0", "-5", ""])
def test_targets_above_zero(targets, refuses, value):
    lines = ("channel,target", "线上,100", f"门店,{value}")
    refuses(
        lambda: targets(*lines), "data.target_not_positive", "1 rows; rows 3", "共 1 行；第 3 行"
    )


def test_targets_of_text(targets, refuses):
    refuses(
        lambda: targets("channel,target", "线上,很多"), "data.not_a_number", "'很多'", "却有文字"
    )


def test_other_periods_do_not_matter(targets):
    assert targets(
        "channel,period,target", "线上,2026Q4,100", "线上,2026Q3,0"
    ).amounts.tolist() == [100.0]


def test_the_same_target_twice(targets, refuses):
    refuses(
        lambda: targets("channel,target", "线上,100", "线上,120", "门店,5"),
        "data.target_twice",
        "2 rows for 线上; rows 2, 3",
        "线上 共 2 行；第 2, 3 行",
    )


def test_units_the_sales_do_not_have(targets, refuses):
    refuses(
        lambda: targets("channel,target", "线上商场,100", ",300", units=["线上商城", "门店"]),
        "data.target_unknown_unit",
        "线上商场; most like the first: 线上商城",
        "现有单元：线上商城, 门店",
    )


def test_no_targets_of_the_period_or_the_level(targets, refuses):
    lines = ("channel,period,target", "线上,2026Q3,100")
    refuses(
        lambda: targets(*lines),
        "data.target_no_period",
        "2026Q4 is asked for; t.csv has: 2026Q3",
        "要求 2026Q4",
    )
    refuses(
        lambda: targets("period,target", "2026Q4,100"),
        "data.target_no_level",
        "no channel in t.csv",
        "没有 channel",
    )
    refuses(
        lambda: targets("channel,quarter", "线上,2026Q4"),
        "data.missing_column",
        "no target",
        "没有 target",
    )


def test_a_file_of_another_level_only(targets, refuses):
    lines = ("channel,team,target", "线上,,5")
    refuses(lambda: targets(*lines, by=["team"]), "data.target_no_level", "no team", "没有 team")
