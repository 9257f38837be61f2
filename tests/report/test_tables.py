import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import load_calendar
from workbench.calendar.period import parse_period
from workbench.report.metrics import (
    allocation_metrics,
    anchor_metrics,
    by_name,
    data_metrics,
    proposal_metrics,
    skill_metrics,
    target_metrics,
)
from workbench.report.tables.data import calendar_table, data_table, skill_table, units_table
from workbench.report.tables.targets import (
    allocation_table,
    anchors_table,
    given_table,
    methods_table,
    proposal_table,
)
from workbench.report.tables.ways import ways_table
from workbench.report.target_prose import allocation_answer
from workbench.report.words import Words
from workbench.target.allocate import allocate
from workbench.target.anchors import anchors
from workbench.target.compare import Comparison, compare_allocations
from workbench.target.given import given_targets, what_happened
from workbench.target.proposal import proposal

SKILL = pd.DataFrame(
    [("", "workbench", 12, 4.25, -0.8, 0.83), ("", "prophet", 6, 9.5, 5.0, np.nan)],
    columns=["unit", "model", "n_origins", "mape", "bias", "coverage_80"],
)


def rows(table):
    """The cells of a table's body, as text."""
    found = re.search(r"<tbody.*?</tbody>", table.as_raw_html(), re.DOTALL).group(0)
    lines = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL) for line in lines]
    return [[html.unescape(cell) for cell in line] for line in cells]


def later(shop, amount, until="2026-12-31"):
    days = pd.date_range("2026-10-15", until)
    units = shop.panel.units
    return pd.concat([pd.DataFrame({"unit": u, "date": days, "sales": amount}) for u in units])


def test_the_proposal_shows_the_published_numbers(shop, words):
    table = proposal(shop.outlook)
    published = by_name(proposal_metrics(table, "CNY"))
    first, *others = rows(proposal_table(table, words, period=shop.outlook.period))
    assert first[0] == words("total")
    for cells, node in zip([first, *others], ["", *shop.panel.units], strict=True):
        names = ("actual", "commit", "base", "stretch", "mean")
        assert cells[1:] == [words.amount(published[node, name]) for name in names]


def test_the_allocation_shows_the_published_numbers(shop, words):
    plan = allocate(10_500_000.55, shop.outlook, locks={"微信社群": 2_600_000})
    published = by_name(allocation_metrics(plan, "CNY"))
    first, *others = rows(allocation_table(plan, words, period=shop.outlook.period))
    assert first[1] == "10,500,000.55"
    assert first[3] == words.probability(plan.company_probability)
    for cells in others:
        assert cells[1] == words.amount(published[cells[0], "target"], cents=True)
        assert cells[3] == words.probability(published[cells[0], "probability"])
    held = {cells[0]: cells[-1] for cells in others}
    assert held["微信社群"] == words("limit.locked")
    assert held["线上商城"] == ""
    shown = sum(round(float(cells[1].replace(",", "")) * 100) for cells in others)
    assert shown == 1_050_000_055


def test_a_target_of_nothing_has_no_chance_and_is_nobodys_easiest(shop, words):
    plan = allocate(10_500_000, shop.outlook, locks={"微信社群": 0})
    shown = {
        cells[0]: cells for cells in rows(allocation_table(plan, words, period=shop.outlook.period))
    }
    assert shown["微信社群"][3] == "–"
    assert shown["线上商城"][3] == words.probability(plan.probabilities["线上商城"])
    assert "微信社群" not in allocation_answer(plan, words)
    ways = {cells[0]: cells for cells in rows(ways_table(Comparison({"history": plan}), words))}
    assert ways["微信社群"][1:] == ["0", "–"]


def test_whole_targets_have_no_cents(shop):
    plan = allocate(10_500_000, shop.outlook, unit=1000)
    cells = rows(allocation_table(plan, Words("en"), period=shop.outlook.period))
    assert [line[1][-4:] for line in cells] == [",000"] * 4


def test_the_own_target_stands_among_the_anchors(shop, words):
    usual = anchors(shop.panel, shop.outlook)
    target = shop.outlook.target_at(0.43)
    shown = rows(anchors_table(usual, words, outlook=shop.outlook, target=target))
    published = by_name(anchor_metrics(usual, "CNY"))
    own = [line for line in shown if line[0] == words("anchor.target")]
    assert own == [[words("anchor.target"), words.amount(target), words.probability(0.43)]]
    amounts = [float(line[1].replace(",", "")) for line in shown]
    assert amounts == sorted(amounts)
    last_year = next(line for line in shown if line[0] == words("anchor.last_year"))
    assert last_year[1] == words.amount(published["", "anchor.last_year"])
    assert last_year[2] == words.probability(published["", "anchor.last_year.probability"])


def test_every_anchor_has_a_name(shop, words):
    for name in set(anchors(shop.panel, shop.outlook)["anchor"]):
        assert words.known(f"anchor.{name}")
        assert words.known(f"anchor_short.{name}")


def test_names_from_data_are_only_text(nasty_shop, words):
    outlook = nasty_shop.outlook
    plan = allocate(outlook.target_at(0.5), outlook)
    given = given_targets(plan.targets, outlook)
    for table in (
        proposal_table(proposal(outlook), words, period=outlook.period),
        allocation_table(plan, words, period=outlook.period),
        given_table(given, words, outlook=outlook),
        anchors_table(anchors(nasty_shop.panel, outlook), words, unit="<script>alert(1)</script>"),
    ):
        markup = table.as_raw_html()
        assert "<script" not in markup
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup
        assert "http" not in markup


def test_the_largest_units_come_first_and_the_others_are_counted(many_units):
    outlook = many_units.outlook
    plan = allocate(outlook.target_at(0.5), outlook)
    table = allocation_table(plan, Words("en"), period=outlook.period, limit=6)
    shown = rows(table)
    assert len(shown) == 6
    assert shown[0][0] == "All units"
    amounts = [float(line[1].replace(",", "")) for line in shown[1:]]
    assert amounts == sorted(amounts, reverse=True)
    assert "and 25 others" in table.as_raw_html()
    assert (
        "另有 25 个单元"
        in proposal_table(
            proposal(outlook), Words("zh"), period=outlook.period, limit=6
        ).as_raw_html()
    )


def test_ways_of_splitting(shop, words):
    shown = rows(methods_table(compare_allocations(shop.outlook, 1.1e7), words))
    assert [line[0] for line in shown] == [
        words("method.equal_probability"),
        words("method.history"),
    ]
    assert shown[0][1] == shown[0][2]


def test_backtest_scores(words):
    assert rows(skill_table(SKILL, words)) == [
        [
            words("model.workbench"),
            *(words.percent(v, digits=1) for v in (0.0425,)),
            *["−0.8%", "83%"],
            "12",
        ]
        if words.language == "zh"
        else ["This report", "4.2\u00a0%", "−0.8\u00a0%", "83\u00a0%", "12"],
        [
            "Prophet",
            words.percent(0.095, digits=1),
            words.percent(0.05, digits=1, sign=True),
            "–",
            "6",
        ],
    ]
    published = by_name(skill_metrics(SKILL))
    assert published["", "skill.workbench.coverage_80"] == 0.83
    assert published["", "skill.prophet.coverage_80"] is None


def test_the_calendar_of_a_period(words):
    shown = rows(calendar_table(load_calendar("CN"), words, period=parse_period("2026-11")))
    day = "2026年11月11日（周三）" if words.language == "zh" else "Wed 11 Nov 2026"
    assert [day, *shown[0][1:]] == shown[0]
    shown = rows(calendar_table(load_calendar("CN"), words, period=parse_period("2026-10")))
    week = "2026年10月1日至10月7日" if words.language == "zh" else "1 Oct – 7 Oct 2026"
    assert [line[0] for line in shown][1] == week
    assert len(shown) == 3
    empty = calendar_table(load_calendar(None), words, period=parse_period("2026-11"))
    assert words("calendar.none") in empty.as_raw_html()


def test_the_data_report_and_its_numbers(tmp_path, words):
    from workbench.data.sales import load_sales

    lines = ["订单号,付款时间,渠道,实付金额,退款金额"]
    lines += [f"A{day},2026-01-{day:02d},门店,{80 + day},0" for day in range(1, 20)]
    lines += ["B1,2026-01-04,小程序,50,50"]
    place = tmp_path / "orders.csv"
    place.write_text("\n".join(lines), "utf-8")
    report = load_sales(place).report
    published = by_name(data_metrics(report))
    shown = rows(data_table(report, words))
    assert shown[0][1] == words.count(published["", "rows.read"]) == "20"
    assert shown[-1][2] == words.amount(published["", "money.counted"])
    units = rows(units_table(report, words))
    assert units[0][0] == "门店"
    assert units[0][-1] == words.amount(published["门店", "sales"]) == "1,710"


def test_targets_that_were_set_and_what_happened(shop, words):
    targets = pd.Series({"线上商城": 7e6, "微信社群": 1.0, "线下门店": 2e6})
    after = later(shop, 20_000.0)
    table = given_targets(targets, shop.outlook, later=after)
    assert table.loc["", "target"] == 9_000_001
    actual = shop.outlook.actual["线上商城"] + 78 * 20_000
    assert table.loc["线上商城", "actual"] == pytest.approx(actual)
    assert table.loc["线上商城", "attainment"] == pytest.approx(actual / 7e6)
    assert table["reached"].tolist() == [False, False, True, False]
    shown = {line[0]: line for line in rows(given_table(table, words, outlook=shop.outlook))}
    assert shown["微信社群"][-1] == words("reached.yes")
    assert shown["线上商城"][3] == words.probability(table.loc["线上商城", "probability"])
    assert shown[words("total")][-1] == words("reached.no")


def test_where_nobody_set_a_target_the_table_says_so(shop, words):
    table = given_targets(pd.Series(dtype=float), shop.outlook)
    assert list(table.columns) == ["target", "base", "probability"]
    markup = given_table(table, words, outlook=shop.outlook).as_raw_html()
    assert words("given.none") in markup


def test_what_happened_is_only_told_when_the_period_is_over(shop):
    assert what_happened(shop.outlook, later(shop, 1.0, until="2026-12-30")) is None
    assert what_happened(shop.outlook, None) is None
    table = given_targets(pd.Series({"线上商城": 7e6}), shop.outlook, later=None)
    assert list(table.columns) == ["target", "base", "probability"]
    assert list(table.index) == ["线上商城"]
    beyond = what_happened(shop.outlook, later(shop, 1.0, until="2027-02-01"))
    assert beyond[""] == pytest.approx(shop.outlook.actual.sum() + 3 * 78)
    over = replace(shop.outlook, rows_left=0)
    assert what_happened(over, None)[""] == pytest.approx(shop.outlook.actual.sum())


def test_a_target_of_all_units_counts_before_the_sum_of_the_parts(shop):
    targets = pd.Series({"": 1.2e7, "线上商城": 7e6, "elsewhere": 5.0})
    table = given_targets(targets, shop.outlook)
    assert table["target"].to_dict() == {"": 1.2e7, "线上商城": 7e6}
    assert table.loc["", "probability"] == shop.outlook.probability(1.2e7)


def test_the_numbers_of_a_target(shop):
    published = by_name(target_metrics(shop.outlook, 1.1e7, ""))
    assert published["", "attainment"] == round(shop.outlook.actual.sum() / 1.1e7, 6)
    assert published["", "probability"] == round(shop.outlook.probability(1.1e7), 6)
    assert target_metrics(shop.outlook, None, "CNY") == []
    assert {m.unit for m in target_metrics(shop.outlook, 1.1e7, "")} == {
        "pieces",
        "probability",
        "ratio",
    }


def test_units_whose_forecasts_missed_most_come_first(words):
    missed = {"a": 5.0, "": 3.0, "b": 9.0}
    skill = pd.DataFrame(
        [(unit, "workbench", 12, mape, 0.0, 0.8) for unit, mape in missed.items()],
        columns=SKILL.columns,
    )
    assert [line[0] for line in rows(skill_table(skill, words, unit=None))][1:] == ["b", "a"]
