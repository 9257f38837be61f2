"""What closes the gap, in a report: sentences, figure, table, both languages."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.report.gap import adds_table, frontier_chart, gap_answer, mixes_table
from workbench.report.words import Words

SCRIPT = "<script>alert('$x$')</script>"


@pytest.fixture(scope="module")
def outlook():
    totals = pd.DataFrame({"a": 60_000 + 5_000 * np.random.default_rng(3).normal(size=200)})
    return wb.Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")


def closed(outlook, target, **more):
    buy = wb.GroupBuy(name=SCRIPT, start="2026-11-01", end="2026-11-05", units="a", price=100,
                      discount=0.2, visits=800)  # fmt: skip
    sizes = {"visits": (800, 3000), "fixed_cost": (500, 4000)}
    return wb.close_gap(outlook, target, [wb.Option(buy, sizes=sizes)], **more)


@pytest.mark.parametrize(
    ("target", "more", "en", "zh"),
    [
        (60_000, {"probability": 0.55}, "likely instead of", "提高到"),
        (95_000, {}, "No mix found makes the target", "未找到能让目标"),
        (40_000, {}, "none is needed for 80 %", "无需活动"),
    ],
)
def test_the_answer_in_both_languages(outlook, target, more, en, zh):
    gap = closed(outlook, target, **more)
    assert en in gap_answer(gap, Words("en", "CNY"))
    assert zh in gap_answer(gap, Words("zh", "CNY"))


def test_names_are_only_text(outlook):
    gap = closed(outlook, 60_000, probability=0.55)
    words = Words("zh", "CNY")
    assert SCRIPT not in gap_answer(gap, words)
    shown = mixes_table(gap, words).as_raw_html()
    assert SCRIPT not in shown
    assert "日均访问人数 800" in shown
    assert "visits" not in shown


def test_what_each_campaign_adds_is_the_whole_of_a_mix_of_one(outlook):
    gap = closed(outlook, 60_000, probability=0.55)
    (adds,) = gap.contributions["adds"]
    assert adds == pytest.approx(gap.best.probability - gap.baseline)
    shown = adds_table(gap, Words("en", "CNY")).as_raw_html()
    assert SCRIPT not in shown
    assert f"+{100 * adds:.1f} points" in shown
    assert "每场活动的贡献" in adds_table(gap, Words("zh", "CNY")).as_raw_html()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_frontier_rises_to_what_is_wanted(outlook, language):
    gap = closed(outlook, 60_000, probability=0.55)
    ax = frontier_chart(gap, Words(language, "CNY"))
    steps = ax.lines[0].get_ydata()
    assert (np.diff(steps) >= 0).all()
    assert ax.lines[2].get_ydata()[0] == gap.best.probability


def test_nothing_is_drawn_where_nothing_is_to_close(outlook):
    words = Words("en", "CNY")
    unneeded = closed(outlook, 40_000)
    assert frontier_chart(None, words) is None
    assert frontier_chart(unneeded, words) is None
    assert mixes_table(unneeded, words) == ""
    assert adds_table(unneeded, words) == ""
    assert "nothing to close" in gap_answer(None, words)
