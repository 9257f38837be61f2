"""The backtest as tables, figures and numbers."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from workbench.report.figures.backtest import rank_chart, reliability_chart
from workbench.report.metrics import backtest_metrics
from workbench.report.tables.backtest import backtest_table, backtest_units_table
from workbench.report.words import Words
from workbench.target.backtest import Backtest
from workbench.target.backtest_cases import case_rows

NONE = Backtest(pd.DataFrame())
SCRIPT = "<script>alert(1)</script>"


def cases_of(model, level, unit, period, elapsed, rng):
    draws = 1000 * np.exp(rng.normal(0, 0.1, (300, 1)))
    actual = 1000 * np.exp(rng.normal(0, 0.1, 1))
    rows = case_rows(draws, actual, np.array([950.0]), targets=(1.0, 1.1), rng=rng)
    keys = {"model": model, "level": level, "unit": unit, "horizon": "quarter", "period": period}
    more = {"as_of": pd.Timestamp("2026-03-31"), "elapsed": elapsed, "steps": 91, "to_date": 0.0}
    return pd.concat([pd.DataFrame(keys | more, index=[0]), rows], axis=1)


@pytest.fixture(scope="module")
def past():
    rng = np.random.default_rng(0)
    tables = [
        cases_of(model, level, unit, period, elapsed, rng)
        for level, unit in (("total", ""), ("region", "华东"), ("unit", SCRIPT), ("unit", "b"))
        for elapsed in (0.0, 0.5, 0.25)
        for model in ("workbench", "year_rule", "prophet")
        for period in ("2025Q4", "2026Q1")
        if unit != "b" or model != "prophet"
    ]
    return Backtest(pd.concat(tables, ignore_index=True), (1.0, 1.1))


@pytest.fixture(params=["en", "zh"])
def words(request):
    return Words(request.param)


def text_of(table):
    bare = re.sub(r"<style>.*?</style>", "", table.as_raw_html(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def test_the_models_stand_side_by_side(past, words):
    shown = text_of(backtest_table(past, words))
    ours = {"en": "This report", "zh": "本报告"}[words.language]
    assert shown.count(ours) == 3 * 3
    assert shown.count("region") == 3
    for said in {
        "en": ["on the eve", "half way", "at 25 %", "2025Q4 to 2026Q1", "the 1 largest", "2 past"],
        "zh": ["周期开始前", "过半时", "已过 25%", "2025Q4 至 2026Q1", "最大的 1 个", "仅 2 个"],
    }[words.language]:
        assert said in shown


def test_shares_are_those_of_the_summary(past):
    row = past.summary().query("level == 'total' and elapsed == 0 and model == 'workbench'")
    shown = text_of(backtest_table(past, Words("en")))
    first = shown[shown.index("This report") :][:60]
    assert f"{row['mape'].iloc[0]:.1f} %" in first
    assert f"{row['brier'].iloc[0]:.3f}" in first


def test_ours_by_unit_with_names_escaped(past, words):
    table = backtest_units_table(past, words)
    assert "<script>" not in table.as_raw_html()
    assert "&lt;script" in table.as_raw_html()
    assert "华东" in text_of(table)


def test_without_a_tested_period_that_is_said(words):
    said = {"en": "No past period was tested.", "zh": "没有做过去周期的回测。"}[words.language]
    for table in (backtest_table(NONE, words), backtest_units_table(NONE, words)):
        assert said in text_of(table)
    assert backtest_metrics(NONE) == []


def test_figures_name_every_model_and_its_distance(past, words):
    ax = reliability_chart(past, words)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(labels) == 3
    assert all("%" in label for label in labels)
    dots = [collection.get_offsets() for collection in ax.collections]
    told = past.reliability("workbench", bins=5)
    np.testing.assert_allclose(dots[0], told[["probability", "reached"]])
    pyplot.close("all")


def test_bars_are_shares_that_add_up_to_one(past, words):
    ax = rank_chart(past, words)
    heights = [bar.get_height() for bar in ax.patches]
    assert sum(heights) == pytest.approx(3.0)
    assert {"en": "24 tests", "zh": "24 次"}[words.language] in ax.texts[0].get_text()
    pyplot.close("all")


def test_numbers_of_units_and_their_sum(past):
    numbers = {(m.node, m.metric): m for m in backtest_metrics(past)}
    assert ("华东", "backtest.workbench.mape") not in numbers
    ours = numbers["", "backtest.workbench.mape"]
    eve = past.scores.query("level == 'total' and elapsed == 0 and model == 'workbench'")
    assert ours.unit == "percent"
    assert ours.value == pytest.approx(eve["mape"].iloc[0], abs=0.05)
    assert numbers["b", "backtest.year_rule.coverage_80"].unit == "ratio"
    assert ("b", "backtest.prophet.mape") not in numbers
