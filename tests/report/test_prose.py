import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import Problem
from workbench.report.caveats import caveats, notices_list
from workbench.report.data_prose import data_answer
from workbench.report.forecast_prose import forecast_answer
from workbench.report.target_prose import allocation_answer, answer
from workbench.report.words import Words
from workbench.target.allocate import allocate

NOTICE = Problem("report.run_not_sealed", {"folder": "<b>here</b>"})


def plain(markup):
    text = re.sub(r"</p>|<br>", "\n", str(markup))
    return re.sub(r"<[^>]+>", "", text).replace("\u00a0", " ").replace("&#x27;", "'")


def test_the_answer_names_target_probability_and_levels(shop):
    target = 11_000_000.0
    said = plain(answer(shop.outlook, Words("en"), target=target))
    likely = Words("en").probability(shop.outlook.probability(target)).replace("\u00a0", " ")
    assert said.startswith(
        f"The target of ¥11,000,000 for 2026 Q4 is reached with a probability of {likely}."
    )
    assert f"{Words('en').money(shop.outlook.target_at(0.8))} is reached with 80 %" in said
    growth = target / shop.outlook.last_year.sum() - 1
    assert f"{growth * 100:.1f} % above last year's" in said
    assert "with 78 of 92 days to go" in said


def test_the_answer_in_chinese(shop):
    said = plain(answer(shop.outlook, Words("zh"), target=11_000_000))
    assert said.startswith("2026年四季度目标 ¥11,000,000，达成概率为 ")
    assert "截至 2026年10月14日 已完成" in said
    assert "92 天中还剩 78 天" in said


@pytest.mark.parametrize(
    ("level", "verdict"),
    [(0.9, "safe"), (0.6, "likely"), (0.5, "even"), (0.3, "unlikely"), (0.05, "far")],
)
def test_the_verdict_follows_the_probability(shop, words, level, verdict):
    said = plain(answer(shop.outlook, words, target=shop.outlook.target_at(level)))
    assert words(f"verdict.{verdict}") in said


def test_without_a_target_the_base_is_named(shop, words):
    said = plain(answer(shop.outlook, words))
    assert words.money(shop.outlook.target_at(0.5)) in said.splitlines()[0]


def test_without_last_year_nothing_is_compared(shop, words):
    outlook = replace(shop.outlook, last_year=shop.outlook.last_year * np.nan)
    assert words("answer.no_last") in plain(answer(outlook, words, target=1e7))


def test_a_target_like_last_year_and_one_below(shop):
    last_year = float(shop.outlook.last_year.sum())
    assert "about last year's" in plain(answer(shop.outlook, Words("en"), target=last_year))
    below = plain(answer(shop.outlook, Words("en"), target=last_year * 0.9))
    assert "10.0 % below last year's" in below


def test_a_period_that_has_not_begun(shop):
    outlook = replace(shop.outlook, as_of=pd.Timestamp("2026-09-20"))
    assert "11 days before it starts" in plain(answer(outlook, Words("en"), target=1e7))


def test_a_target_that_is_reached_already(shop, words):
    actual = float(shop.outlook.actual.sum())
    said = plain(answer(shop.outlook, words, target=actual / 2))
    assert ("提前达成目标" in said) if words.language == "zh" else ("reached already" in said)


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.8, "It was reached."), (1.25, "It was missed by")]
)
def test_a_period_that_is_over(shop, share, verdict):
    actual = float(shop.outlook.actual.sum())
    totals = shop.outlook.totals * 0 + shop.outlook.actual.to_numpy()
    over = replace(shop.outlook, rows_left=0, totals=totals)
    said = plain(answer(over, Words("en"), target=actual * share))
    assert verdict in said
    assert f"{1 / share * 100:.1f} % of the target" in said
    assert "2026 Q4 is over" in plain(answer(over, Words("en")))


def test_who_finds_it_hardest(shop):
    plan = allocate(11e6, shop.outlook, locks={"线下门店": 1_800_000})
    said = plain(allocation_answer(plan, Words("en")))
    assert "Hardest to reach: 线下门店" in said
    assert "1 of 3 parts are held by a lock or a limit." in said
    even = plain(allocation_answer(allocate(11e6, shop.outlook), Words("zh")))
    assert "最难达成" not in even
    assert re.search(r"达成概率相同，约为 \d+%", even)


def test_names_in_sentences_are_only_text(nasty_shop):
    unit = nasty_shop.panel.units[0]
    plan = allocate(11e6, nasty_shop.outlook, locks={unit: 1.0})
    markup = str(allocation_answer(plan, Words("en")))
    assert "<script" not in markup
    assert "&lt;script&gt;" in markup


def test_the_forecast_in_a_sentence(shop):
    skill = pd.DataFrame(
        [("", "workbench", 12, 4.25, -0.8, 0.83), ("", "prophet", 6, 9.5, 5.0, np.nan)],
        columns=["unit", "model", "n_origins", "mape", "bias", "coverage_80"],
    )
    said = plain(forecast_answer(replace(shop.paths, skill=skill), Words("en")))
    total = shop.paths.totals().sum(axis=1)
    assert Words("en").money(np.quantile(total, 0.9)) in said
    assert "off by 4.2 % on average, and the 80 % range held in 83 % of 12 tests" in said
    assert "“Prophet” was off by 9.5 %" in said
    assert "件" in plain(forecast_answer(shop.paths, Words("zh", "")))


def test_caveats_name_short_history_and_few_tests(shop, words):
    short = replace(shop.panel, dates=shop.panel.dates[-70:], sales=shop.panel.sales[-70:])
    said = plain(caveats(short, shop.paths, words, notices=[NOTICE, NOTICE]))
    assert words("caveat.short", weeks=10) in said
    assert words("caveat.no_origins") in said
    assert said.count(words.problem(NOTICE)[0]) == 1
    few = replace(shop.paths, n_origins=3)
    said = plain(caveats(shop.panel, few, words))
    assert words("caveat.few_origins", count=3) in said
    assert words("caveat.one_year") in said


@pytest.mark.parametrize(("held", "direction"), [(0.5, "larger"), (1.0, "smaller"), (0.8, "")])
def test_ranges_that_did_not_hold_are_told(shop, words, held, direction):
    skill = pd.DataFrame(
        [("", "workbench", 12, 4.0, 0.0, held)],
        columns=["unit", "model", "n_origins", "mape", "bias", "coverage_80"],
    )
    paths = replace(shop.paths, n_origins=12, skill=skill)
    said = plain(caveats(shop.panel, paths, words))
    for name in ("larger", "smaller"):
        assert (words(f"direction.{name}") in said) == (name == direction)


def test_nothing_to_note(words):
    assert words("notices.none") in notices_list([], words)
    markup = notices_list([NOTICE], words)
    assert "&lt;b&gt;here" in markup


def test_what_was_read(tmp_path):
    from workbench.data.sales import load_sales

    lines = ["订单号,付款时间,渠道,实付金额,退款金额"]
    lines += [f"A{day},2026-01-{day:02d},门店,{80 + day},0" for day in range(1, 20)]
    lines += ["B1,2026-01-04,门店,50,50"]
    place = tmp_path / "orders.csv"
    place.write_text("\n".join(lines), "utf-8")
    report = load_sales(place).report
    said = plain(data_answer(report, Words("zh")))
    assert "共读入 20 行，其中 19 行计入，金额 ¥1,710。" in said
    assert "未计入：全额退款 1 行。" in said
    assert "数据自2026年1月1日至2026年1月19日，共 1 个单元。" in said
