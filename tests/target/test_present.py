"""Who was there in a period, as a staff table tells it."""

import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.target.present import present

PERIOD = parse_period("2026Q2")  # 91 days


def staff(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["salesperson", "team", "start", "end", "role"])
    return table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))


def keys(*people) -> pd.DataFrame:
    table = pd.DataFrame(people, columns=["team", "salesperson"])
    return table.set_axis(table["team"] + " / " + table["salesperson"])


def test_joiners_leavers_movers_and_the_absent_are_told_apart():
    table = staff(
        ("安", "北", "2020-01-01", None, "店长"),
        ("波", "北", "2026-05-01", None, None),
        ("陈", "南", "2020-01-01", "2026-04-30", None),
        ("丁", "北", "2020-01-01", "2026-05-15", None),
        ("丁", "南", "2026-05-16", None, "店长"),
        ("戊", "南", "2020-01-01", "2026-03-31", None),
    )
    people = [("北", "安"), ("北", "波"), ("南", "陈"), ("北", "丁"), ("南", "丁"), ("南", "戊")]
    found = present(table, keys(*people, ("南", "己")), PERIOD)
    share = found.table["share"]
    assert share["北 / 安"] == 1
    assert share["北 / 波"] == pytest.approx(61 / 91)
    assert share["南 / 陈"] == pytest.approx(30 / 91)
    assert share["北 / 丁"] + share["南 / 丁"] == pytest.approx(1)
    assert share["南 / 戊"] == 0
    assert found.roles == {"北 / 安": "店长", "南 / 丁": "店长"}
    told = {problem.code: problem.text() for problem in found.notices}
    assert "1 (from, share of the days): 北 / 波 (2026-05-01, 67%)" in told["scorecard.joined"]
    assert "南 / 陈 (2026-04-30, 33%)" in told["scorecard.left"]
    assert "2: 北 / 丁, 南 / 丁" in told["scorecard.moved"]
    assert "南 / 戊" in told["scorecard.not_there"]
    assert "南 / 己" in told["scorecard.not_staff"]
    assert len(told) == 5


def test_whoever_comes_back_is_there_on_both_stretches_of_days():
    table = staff(
        ("安", "北", "2020-01-01", "2026-04-10", None),
        ("安", "北", "2026-06-21", None, None),
    )
    found = present(table, keys(("北", "安")), PERIOD)
    assert found.table["share"].tolist() == [pytest.approx(20 / 91)]


def test_a_table_without_days_or_roles_says_nothing():
    found = present(pd.DataFrame({"salesperson": ["An"]}), pd.DataFrame(index=["An"]), PERIOD)
    assert found.table["share"].tolist() == [1.0]
    assert (found.roles, found.notices) == ({}, ())
