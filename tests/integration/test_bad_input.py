"""What a planner reads when the input is bad: what is wrong, what was found, what to do."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.data.sales import load_sales
from workbench.data.targets import read_targets
from workbench.errors import DataError, ForecastError, Problem, TargetError, WorkbenchError
from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel
from workbench.run.watch import noticed
from workbench.target.allocate import allocate
from workbench.target.build import outlook
from workbench.target.goal import goal_of

from .conftest import Shell, order_lines, says, three_parts

QUARTER = parse_period("2026Q4")
LINES = order_lines()
PAID, WHEN = "实付金额", "付款时间"


def told(error: WorkbenchError, code: str, *words: str, zh: str = "") -> None:
    """The error holds this problem; its text has the words in both languages, in three parts."""
    found = [problem for problem in error.problems if problem.code == code]
    assert found, [problem.code for problem in error.problems]
    three_parts(found[0].text("en"))
    three_parts(found[0].text("zh"), "zh")
    says(found[0].text("en"), words)
    says(found[0].text("zh"), [zh] if zh else [])


def changed(column: str, **rows: object) -> pd.DataFrame:
    """The lines with other values in some rows; the file's line is two more than the row."""
    values = LINES[column].astype(object)
    for row, value in rows.items():
        values = values.mask(LINES.index == int(row.removeprefix("row")), value)
    return LINES.assign(**{column: values})


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write a table or text as a CSV file."""

    def save(content: pd.DataFrame | str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, pd.DataFrame):
            content.to_csv(path, index=False, encoding="utf-8")
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


def planned(path: Path, **options: object) -> SimpleNamespace:
    """The way of the notebook from a file to the parts of the base, with all notices."""
    sales = load_sales(path, **options)
    panel = build_panel(sales.frame, sales.known, "CN")
    ahead = outlook(panel, forecast(panel, horizon=92, n_paths=100, seed=0), period=QUARTER)
    goal = goal_of(None, ahead)
    plan = allocate(goal.total, ahead)
    assert plan.targets.sum() == pytest.approx(goal.total, abs=1e-6)
    notices = noticed(sales.report, panel, ahead, goal, plan)
    return SimpleNamespace(sales=sales, panel=panel, ahead=ahead, plan=plan, notices=notices)


def notice(notices: tuple[Problem, ...], code: str, *words: str, zh: str) -> None:
    """One of the notices has this code and says this."""
    told(WorkbenchError(*notices), code, *words, zh=zh)


# Files that cannot be read. Lines of the file are counted with the header, as a spreadsheet does.

HEADER = "订单号,付款时间,渠道,实付金额\n"
FILES = {
    "empty": ("", "data.file_empty", "orders.csv has no column names", "文件为空"),
    "header only": (HEADER, "data.no_rows", "0 rows in orders.csv", "没有数据"),
    "wrong encoding": (
        HEADER.encode() + b"A1,2026-01-01,caf\xe9\xff,3\n",
        "data.encoding",
        "line 2: the bytes E9 FF",
        "第 2 行",
    ),
    "utf-16": (HEADER.encode("utf-16"), "data.encoding_utf16", "Save it as CSV UTF-8", "UTF-16"),
    "missing column": (
        LINES.drop(columns=PAID),
        "data.missing_column",
        "Recognised without a mapping: paid_amount, 实付金额",
        "缺少必需的列",
    ),
    "renamed column": (
        LINES.rename(columns={PAID: "实付金额合计x"}),
        "data.missing_column",
        "most like it: 实付金额合计x",
        "最接近的是：实付金额合计x",
    ),
    "duplicate column": (
        LINES.to_csv(index=False).replace("退款金额", PAID, 1),
        "data.duplicate_headers",
        "more than once 实付金额",
        "重名",
    ),
    "dates": (
        changed(WHEN, row3="昨天", row5="31/02/2026"),
        "data.unreadable_dates",
        "'昨天', '31/02/2026' (2 rows; rows 5, 7)",
        "第 5, 7 行",
    ),
    "time zones": (
        changed(WHEN, row0="2026-01-05T10:00:00+08:00", row1="2026-01-05T10:00:00+00:00"),
        "data.mixed_time_zones",
        "offsets +00:00, +08:00",
        "混用了不同的时区",
    ),
    "text in amounts": (
        changed(PAID, row7="约三百", row9="n/k"),
        "data.not_a_number",
        "'约三百', 'n/k' (2 rows; rows 9, 11)",
        "第 9, 11 行",
    ),
    "thousands": (
        changed(PAID, row7="1,234.50"),
        "data.thousands",
        "'1,234.50' (1 rows; rows 9)",
        "千位分隔符",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_files_that_cannot_be_planned_on(save, case):
    content, code, found, zh = FILES[case]
    path = save(content)
    with pytest.raises(DataError) as caught:
        load_sales(path)
    told(caught.value, code, found, zh=zh)


def test_all_that_is_wrong_with_a_file_is_said_at_once(save):
    path = save(changed(PAID, row7="约三百").assign(**{WHEN: changed(WHEN, row3="昨天")[WHEN]}))
    with pytest.raises(DataError) as caught:
        load_sales(path)
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"data.not_a_number", "data.unreadable_dates"}


# What can be planned on, but has to be said.

REFUND = LINES.head(1).assign(订单号="R1", 实付金额=-50.0, 数量=-1)
ODDITIES = {
    "zero price": (changed(PAID, row7=0), "data.zero_price", "1 rows, 0.00; rows 9", "价格为零", 0),
    "negative price": (
        changed(PAID, row7=-20),
        "data.refund_without_order",
        "1 rows, 20.00; rows 9",
        "找不到原订单",
        -20,
    ),
    "refund without order": (
        pd.concat([LINES, REFUND]),
        "data.refund_without_order",
        "1 rows, 50.00; rows 842",
        "找不到原订单",
        LINES[PAID][7] - 50,
    ),
    "refund above the paid amount": (
        changed("退款金额", row7=1e5),
        "data.refund_above_paid",
        f"{1e5 - LINES[PAID][7]:,.2f} above what was paid; rows 9",
        "退款金额大于实付金额",
        0,
    ),
    "identical lines": (
        pd.concat([LINES, LINES.iloc[[7]]]),
        "data.identical_lines",
        "1 rows repeat another",
        "各列完全相同",
        2 * LINES[PAID][7],
    ),
}


@pytest.mark.parametrize("case", ODDITIES)
def test_oddities_are_counted_and_what_was_done_is_said(save, case):
    content, code, found, zh, row = ODDITIES[case]
    sales = load_sales(save(content))
    notice(sales.report.notices, code, found, zh=zh)
    expected = LINES[PAID].sum() - LINES[PAID][7] + row
    assert sales.frame["sales"].sum() == pytest.approx(expected, abs=0.005)


def test_a_line_that_is_one_by_its_number_counts_once(save):
    numbered = LINES.assign(子订单编号=LINES["订单号"])
    sales = load_sales(save(pd.concat([numbered, numbered.iloc[[7, 8]]])))
    notice(sales.report.notices, "data.duplicate_lines", "2 rows left out", zh="只计一次")
    assert sales.frame["sales"].sum() == pytest.approx(LINES[PAID].sum())


def test_days_after_the_last_known_one_are_kept_apart(save):
    sales = load_sales(save(LINES), as_of="2026-09-20")
    found = "20 rows after 2026-09-20, the last on 2026-09-30"
    notice(sales.report.notices, "data.after_as_of", found, zh="2026-09-20 之后共 20 行")
    assert sales.frame["date"].max() == pd.Timestamp("2026-09-20")
    assert sales.later["sales"].sum() == pytest.approx(
        LINES.loc[LINES[WHEN] > "2026-09-21", PAID].sum()
    )


# Units that are hard to plan.


def test_less_than_eight_weeks(save):
    path = save(order_lines(days=55))
    with pytest.raises(ForecastError) as caught:
        planned(path)
    found = ("55 days, from 2026-08-07 to 2026-09-30", "at least 56 days")
    told(caught.value, "forecast.short_history", *found, zh="至少需要 56 天")
    assert planned(save(order_lines(days=56))).plan.targets.gt(0).all()


def test_a_unit_that_stops(save):
    gone = (LINES["渠道"] == "线下门店") & (LINES[WHEN] > "2026-07-01")
    shop = planned(save(LINES[~gone]))
    notice(
        shop.notices, "panel.stopped", "线下门店", "They are taken as having stopped", zh="停止销售"
    )
    assert shop.plan.targets["线下门店"] < 0.05 * shop.plan.targets["线上商城"]
    codes = [problem.code for problem in shop.notices]
    assert len(codes) == len(set(codes))


def test_a_unit_that_starts(save):
    before = (LINES["渠道"] == "线下门店") & (LINES[WHEN] < "2026-07-01")
    shop = planned(save(LINES[~before]))
    notice(shop.notices, "target.no_last_year", "1 of 2: 线下门店", zh="2 个中有 1 个")
    base = shop.ahead.targets_at(0.5)
    recent = LINES.loc[(LINES["渠道"] == "线下门店") & ~before, PAID].sum()
    assert base["线下门店"] == pytest.approx(recent, rel=0.25)


def daily(zero: str) -> pd.DataFrame:
    days = pd.date_range("2025-08-01", "2026-09-30")
    rows = [
        (day, unit, 0 if unit in zero else 5 + day.day_of_week) for day in days for unit in "ab"
    ]
    return pd.DataFrame(rows, columns=["date", "channel", "sales"])


def test_a_unit_without_any_sales(save):
    shop = planned(save(daily("b")))
    notice(shop.notices, "panel.never_sold", "1 units: b", "forecast is zero", zh="从未产生销售")
    assert shop.plan.targets["b"] == 0
    assert shop.ahead.targets_at(0.2)["b"] == 0
    assert shop.ahead.probability(shop.ahead.target_at(0.5)) == pytest.approx(0.5, abs=0.05)


def test_a_shop_without_any_sales(save):
    path = save(daily("ab"))
    with pytest.raises(TargetError) as caught:
        planned(path)
    told(caught.value, "goal.nothing_to_split", "a base (50 %) of 0", zh="无从分解")


@pytest.mark.parametrize("by", [["channel"], []])
def test_one_unit_only_carries_it_all(save, by):
    shop = planned(save(order_lines(["店"])), by=by)
    (part,) = shop.plan.targets
    assert shop.plan.targets.index.to_list() == (["店"] if by else ["total"])
    assert part == goal_of(None, shop.ahead).total
    assert shop.plan.company_probability == pytest.approx(shop.plan.probabilities.iloc[0])


# Targets that were set.


@pytest.mark.parametrize(
    ("amount", "found", "zh"), [("0", "0", "零"), ("-5", "-5", "零"), ("三百万", "三百万", "文字")]
)
def test_targets_in_a_file_that_are_none(save, amount, found, zh):
    path = save(f"channel,period,target\n线上商城,2026Q4,{amount}\n", "targets.csv")
    with pytest.raises(DataError) as caught:
        read_targets(path, by=["channel"], period=QUARTER)
    text = caught.value.text("en")
    three_parts(text)
    says(text, [found])
    assert zh in caught.value.text("zh")


# Parameters, as they are typed.

PERIODS = {
    "2026Q7": ("A year has no such quarter.", "2026Q7", "write 2026Q1"),
    "2026-13": ("A year has no such month.", "month 13", "2026-11"),
    "nxet quarter": ("The period cannot be read.", "'nxet quarter'", "Write a quarter (2026Q4)"),
}
TYPED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **{text: (("-p", f"period={text}"), words) for text, words in PERIODS.items()},
    "missing file": (
        ("-p", "source=order.csv"),
        ("source: order.csv; looked at", "order.csv", "Correct the path"),
    ),
    "target zero": (("-p", "target=0"), ("A target must be above zero.", 'target: "0"')),
    "target negative": (("-p", "target=-5"), ("A target must be above zero.", 'target: "-5"')),
    "target text": (("-p", "target=三百万"), ("A target must be a number.", "三百万", "3000000")),
    "target with separators": (("-p", "target=3,000,000"), ("without separators", "3,000,000")),
    "mistyped name": (
        ("-p", "perod=2026Q4"),
        ("There is no parameter called 'perod'.", "'period'"),
    ),
    "yaml number": (("-y", "where: 00123"), ("where: 83", 'where: "…"', "YAML reads 00123 as 83")),
    "yaml key": (("-y", "locks: {00123: 5}"), ("names a unit by a number", '"00123"')),
    "yaml truth": (("-y", "country: NO"), ("country: false", "YAML reads NO")),
}
CHINESE = {
    "2026Q7": "没有这个季度",
    "missing file": "找不到参数",
    "target text": "目标必须是数字",
    "mistyped name": "没有名为“perod”的参数",
    "yaml number": "83",
}


@pytest.fixture
def shop(shell: Shell) -> Shell:
    """The command line beside a shop's orders."""
    LINES.to_csv(shell.folder / "orders.csv", index=False, encoding="utf-8")
    return shell


@pytest.mark.parametrize("case", TYPED)
def test_mistyped_parameters_start_nothing(shop, case):
    typed, words = TYPED[case]
    source = () if any("source=" in word for word in typed) else ("-p", "source=orders.csv")
    done = shop("run", "20", *source, *typed, "--out", str(shop.out))
    assert done.returncode == 2
    assert done.stdout == ""
    three_parts(done.stderr)
    says(done.stderr, words)
    assert not shop.out.exists()


@pytest.mark.parametrize("case", CHINESE)
def test_mistyped_parameters_in_chinese(shop, case):
    typed, _ = TYPED[case]
    source = () if any("source=" in word for word in typed) else ("-p", "source=orders.csv")
    done = shop("check", "20", *source, *typed, "--language", "zh")
    assert done.returncode == 2
    three_parts(done.stderr, "zh")
    says(done.stderr, [CHINESE[case]])


# A few through the whole run: the message arrives, and nothing looks finished.

RUNS = {
    "a period that is over": (
        {"period": "2026Q2"},
        2,
        ("2026Q2 ended on 2026-06-30; the last known day is 2026-09-30", "as_of=2026-03-31"),
    ),
    "a period out of reach": (
        {"period": "2029Q1", "language": "zh"},
        2,
        ("周期太远，无法预测。", "2029Q1 于 2029-03-31 结束", "2028-03-29 及以前"),
    ),
    "bad rows": (
        {"source": "bad.csv"},
        3,
        ("'约三百' (1 rows; rows 9)", "Correct these rows"),
    ),
}


@pytest.mark.parametrize("case", RUNS)
def test_a_run_that_stops_tells_why_and_leaves_nothing_that_looks_finished(shop, case):
    parameters, code, words = RUNS[case]
    changed(PAID, row7="约三百").to_csv(shop.folder / "bad.csv", index=False, encoding="utf-8")
    done = shop.run("20", **{"source": "orders.csv", "n_paths": 100, **parameters})
    assert done.returncode == code, done.stderr
    three_parts(done.stderr, parameters.get("language", "en"))
    says(done.stderr, words)
    left = {path.name for path in shop.left()}
    assert left == {"params.yaml", "report.failed.ipynb"}
    assert shop("history", "--json", "--out", str(shop.out)).stdout.strip() == "[]"


def test_a_period_that_has_not_begun_is_planned_from_the_last_known_day(save):
    """A quarter further ahead than the next one: the days between are forecast and left out."""
    sales = load_sales(save(LINES))
    panel = build_panel(sales.frame, sales.known, "CN")
    paths = forecast(panel, horizon=182, n_paths=100, seed=0)
    ahead = outlook(panel, paths, period="2027Q1")
    assert ahead.actual.sum() == 0
    inside = paths.totals("2027-01-01", "2027-03-31").sum(axis=1)
    assert ahead.total.mean() == pytest.approx(inside.mean())
