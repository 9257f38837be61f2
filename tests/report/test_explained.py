"""What a forecast is made of, and what moved it: tables, figure and sentences."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest

import workbench as wb
from workbench.forecast.engine import fit_engine
from workbench.panel.panel import Panel
from workbench.report.explained import cause_name, part_name
from workbench.report.explained_prose import change_or_note
from workbench.report.figures.explained import parts_chart
from workbench.report.tables.explained import change_table, parts_table
from workbench.report.words import Words

mpl.use("Agg")
DAYS, AHEAD = 800, 60


@pytest.fixture(scope="module")
def panel():
    import pandas as pd

    rng = np.random.default_rng(4)
    dates = pd.date_range("2024-01-01", periods=DAYS + AHEAD)
    promo = (rng.random((DAYS + AHEAD, 2)) < 0.2).astype(float)
    sales = np.exp(0.4 * promo) * rng.gamma(60, 5, (DAYS + AHEAD, 2))
    return Panel(
        units=("线上<b>", "门店"),
        dates=dates[:DAYS],
        ahead=dates[DAYS:],
        sales=sales[:DAYS],
        open=np.ones((DAYS + AHEAD, 2)),
        known={"promo": promo, "my column": np.roll(promo, 3, axis=0)},
        frequency="D",
    )


@pytest.fixture(scope="module")
def engines(panel):
    before = fit_engine(panel.until(DAYS - 5), horizon=45)
    return before, fit_engine(panel, horizon=40, earlier=before)


@pytest.mark.parametrize(("language", "usual"), [("en", "usual day"), ("zh", "平常水平")])
def test_the_parts_stand_in_one_row_per_unit_and_add_up(engines, language, usual):
    made_of = wb.explain(engines[1])
    shown = parts_table(made_of, Words(language, "CNY")).as_raw_html()
    assert usual in shown
    assert "线上&lt;b&gt;" in shown
    assert "<b>" not in shown
    total = made_of.expected.sum()
    assert f"{total:,.0f}" in shown


def test_a_part_that_brings_nothing_has_no_column(engines):
    made_of = wb.explain(engines[1])
    at = made_of.parts.index("promo")
    amounts = made_of.amounts.copy()
    amounts[0] += amounts[at]
    amounts[at] = 0.0
    shown = parts_table(replace(made_of, amounts=amounts), Words("en", "CNY")).as_raw_html()
    assert ">promotions<" not in shown
    assert ">my column<" in shown


def test_every_week_is_drawn_with_its_parts_and_their_sum(engines):
    made_of = wb.explain(engines[1])
    ax = parts_chart(made_of, Words("zh", "CNY"))
    weeks = made_of.course()
    net = weeks.drop(columns="level").sum(axis=1)
    line = next(line for line in ax.get_lines() if len(line.get_xdata()) == len(weeks))
    np.testing.assert_allclose(line.get_ydata(), net)
    tops = sum(bar.get_height() for bar in ax.patches)
    assert tops == pytest.approx(net.sum())
    assert "促销" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_what_moved_it_leads_from_one_forecast_to_the_other(engines):
    moved = wb.explain_change(*engines)
    shown = change_table(moved, Words("en", "CNY")).as_raw_html()
    for amount in (moved.before.sum(), *moved.causes(), moved.after.sum()):
        assert f"{abs(amount):,.0f}" in shown
    said = change_or_note(moved, Words("en", "CNY"), kept=True)
    direction = "more" if moved.after.sum() > moved.before.sum() else "less"
    assert f"{direction} than in the run with sales up to 5 Mar 2026" in said


@pytest.mark.parametrize(
    ("kept", "said"), [(True, "the next run will tell"), (False, "Set the parameter engine")]
)
def test_without_an_earlier_forecast_the_reader_is_told_how_to_get_one(kept, said):
    assert said in change_or_note(None, Words("en", "CNY"), kept=kept)


def test_a_forecast_that_stayed_is_said_to_have(engines):
    again = wb.explain_change(engines[1], engines[1])
    assert "与截至 2026年3月10日 的上次运行相比，预测没有变化" in change_or_note(
        again, Words("zh", "CNY"), kept=True
    )


@pytest.mark.parametrize(
    ("part", "en", "zh"),
    [
        ("festival", "festivals", "节日"),
        ("promo", "promotions", "促销"),
        ("log open", "days open", "营业天数"),
        ("my column", "my column", "my column"),
    ],
)
def test_parts_and_causes_carry_the_readers_words(part, en, zh):
    assert (part_name(part, Words("en")), part_name(part, Words("zh"))) == (en, zh)
    assert cause_name(f"plan:{part}", Words("en")) == f"Plans changed: {en}"
