"""Alerts in words, table, figure and file."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from workbench.report.alert_text import (
    alert_line,
    alerts_answer,
    alerts_json,
    alerts_title,
)
from workbench.report.figures.alerts import alerts_chart
from workbench.report.publish import publish
from workbench.report.tables.alerts import alerts_table
from workbench.report.words import Words
from workbench.target.advice import Advice
from workbench.target.alerts import Alert

DAY = dt.date(2026, 8, 18)
NASTY = "<script>alert(1)</script>"
GROUP = Advice(
    "conversion_low",
    {"en": "Check the checkout.", "zh": "检查结算流程。"},
    {"kind": "group_buy", "units": [NASTY], "discount": 0.2},
)
SUMS = {"window": "week", "actual": 75894.6, "expected": 112889.1, "deviation": -0.3277}


def alert(kind="band", direction="down", unit="线上商城", cause="conversion", open_=True, **facts):
    return Alert(
        key=f"{kind}|{unit}|{direction}|{DAY}",
        kind=kind,
        unit=unit,
        date=DAY,
        direction=direction,
        facts={**SUMS, **facts},
        cause=cause,
        advice=(GROUP,),
        open=open_,
    )


LINES = [
    (
        alert(),
        "线上商城: below its band. In the seven days to 18 Aug ¥75,895 were sold, −33\u00a0% "
        "against what was to be expected (¥112,889). Main reason: conversion. "
        "Advice: Check the checkout.",
        "【线上商城 · 低于正常区间】截至8月18日，近7天销售额¥75,895，较预期¥112,889偏离−33%。"
        "主要原因：转化率。建议：检查结算流程。",
    ),
    (
        alert("sibling", behind=-0.46, cause="unit"),
        "46\u00a0% less than the other units' results let expect. Main reason: this unit alone.",
        "比按其他单元表现推算的少46%。主要原因：仅该单元自身。",
    ),
    (
        alert(
            "funnel",
            stage="conversion",
            window="days",
            length=2,
            actual=0.0221,
            expected=0.034,
            deviation=-0.35,
        ),
        "In the 2 days to 18 Aug 2.21\u00a0% of the visitors ordered, −35\u00a0% against what is "
        "usual (3.40\u00a0%). Main reason: conversion.",
        "截至8月18日，近2天支付转化率2.21%，较平时的3.40%偏离−35%。主要原因：转化率。",
    ),
    (
        alert("funnel", stage="traffic", actual=812.0, expected=1249.2, cause="traffic"),
        "In the seven days to 18 Aug 812 visitors came, −33\u00a0% against those usual",
        "近7天访客812，较预期1,249偏离−33%。",
    ),
    (
        alert("funnel", stage="basket", window="day", actual=98.0, expected=151.0, cause="basket"),
        "In the day to 18 Aug an order brought ¥98, −33\u00a0% against what is usual (¥151).",
        "当日客单价¥98，较平时的¥151偏离−33%。",
    ),
    (
        alert("silence", unit="", rows=3, usual=1, cause="no_data"),
        "All units: no data. No sale for 3 open days by 18 Aug; the longest pause that is usual: ",
        "【合计 · 数据中断】截至8月18日已连续3个营业日没有销售，以往最多间断1天。",
    ),
    (
        alert("probability", before=0.52, now=0.11, level=0.2, cause="market"),
        "fell from 52\u00a0% at the start to 11\u00a0%; by 18 Aug ¥75,895 were sold",
        "目标达成概率由期初的52%降至11%；截至8月18日累计¥75,895",
    ),
    (
        alert("probability", "up", before=0.52, now=0.91, level=0.8, cause=""),
        "rose from 52\u00a0% at the start to 91\u00a0%",
        "由期初的52%升至91%",
    ),
    (
        alert("calibration", unit="", drift="too_narrow", periods=4, cause="too_narrow"),
        "Over the last 4 periods results fell outside their ranges too often.",
        "最近4个周期中，实际结果落在预测区间之外的次数过多。",
    ),
]


@pytest.mark.parametrize(("one", "en", "zh"), LINES)
def test_each_kind_in_one_line(one, en, zh):
    assert en in alert_line(one, Words("en"))
    assert zh in alert_line(one, Words("zh"))


def test_titles_count():
    words = Words("en")
    said = [alerts_title(words, count=n, as_of=DAY, period="2026 Q3") for n in (1, 3)]
    assert said == [
        "2026 Q3 · One sales alert, as of 18 Aug 2026",
        "2026 Q3 · 3 sales alerts, as of 18 Aug 2026",
    ]


def test_the_answer_names_what_lasts_and_escapes_names():
    words = Words("zh")
    text = alerts_answer([alert(unit=NASTY), alert(unit="over", open_=False)], words, rate=0.1)
    assert "本周期共有2条预警，其中1条仍在持续" in text
    assert "<li>检查结算流程。</li>" in text
    assert "discount: 0.2" in text
    assert "over" not in text
    assert NASTY not in text
    assert "每个单元约每10个季度才会出现一次误报" in alerts_answer([], words, rate=0.1)


def test_the_table_shows_the_latest_first_and_what_lasts_in_bold():
    rows = [alert(), alert(unit=NASTY, open_=False), alert(unit="")]
    from workbench.calendar.period import parse_period

    html = alerts_table(rows, Words("en"), period=parse_period("2026Q3")).as_raw_html()
    assert html.index("线上商城") < html.index("All units")
    assert NASTY not in html
    assert html.count("bold") >= 2
    assert "about 0.1 false alarms per unit and quarter" in html
    assert not alerts_table([], Words("en"), period=parse_period("2026Q3")).text


def test_the_file_holds_everything_and_publish_writes_it(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKBENCH_RUN_DIR", raising=False)
    first = dt.date(2026, 8, 12)
    files = {"alerts.json": alerts_json([alert(first=first)])}
    folder = publish("30", params={}, as_of=DAY, files=files, out=tmp_path)
    read = json.loads((folder.path / "alerts.json").read_text("utf-8"))
    (one,) = read["alerts"]
    assert one["key"] == "band|线上商城|down|2026-08-18"
    assert one["facts"]["first"] == "2026-08-12"
    assert one["advice"][0]["simulate"]["discount"] == 0.2
    assert one["advice"][0]["zh"] == "检查结算流程。"


class Followed:
    """As much of a tracking as the figure looks at."""

    def __init__(self, frequency="D"):
        days = pd.date_range("2026-07-01", "2026-09-30", freq={"D": "D", "W": "7D"}[frequency])
        known = days[days <= pd.Timestamp("2026-08-20")]
        rng = np.random.default_rng(0)
        sold = 16000 * rng.gamma(40, 1 / 40, size=(len(known), 2))
        sold[known >= "2026-08-12", 0] *= 0.6
        self.actual = pd.DataFrame(sold, index=known, columns=["线上商城", "门店$1$"])
        courses = [
            pd.DataFrame({"unit": unit, "date": days, "p50": size * np.arange(1, len(days) + 1)})
            for unit, size in (("", 32000.0), ("线上商城", 16000.0), ("门店$1$", 16000.0))
        ]
        self.expected = pd.concat(courses)
        self.panel = type("Rows", (), {"frequency": frequency})()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("frequency", ["D", "W"])
def test_the_figure_marks_the_alerts_of_its_unit(language, frequency):
    words = Words(language)
    alerts = [alert(), alert("sibling", behind=-0.3), alert(unit="门店$1$"), alert("band", "up")]
    ax = alerts_chart(Followed(frequency), alerts, words, unit="线上商城")
    said = [text.get_text() for text in ax.texts]
    names = ("band.down", "band.up", "sibling.down")
    kinds = [words(f"alert.kind.{name}") for name in names]
    assert [text for text in said if text in kinds] == [kinds[0], kinds[2], kinds[1]]
    lines = {line.get_label(): line for line in ax.get_lines()}
    expected = lines[words("alert.chart.expected")].get_ydata()
    assert np.allclose(expected, 16000.0 * (7 if frequency == "D" else 1))
    ax.get_figure().canvas.draw()
    pyplot.close(ax.get_figure())
