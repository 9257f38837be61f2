"""Figures, tables and sentences of a period under way."""

import html
import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from workbench.forecast.paths import SamplePaths
from workbench.report import style
from workbench.report.figures.gap import crossed_chart, gap_bars, gap_chart
from workbench.report.figures.tracking import course_chart, pace_chart
from workbench.report.metrics import by_name, tracking_metrics
from workbench.report.tables.tracking import (
    gap_table,
    needed_table,
    pace_table,
    projection_table,
    resplit_table,
    weeks_table,
)
from workbench.report.tracked import gap_answer, tracking_answer
from workbench.report.words import Words
from workbench.target import replays
from workbench.target.crossed import cross
from workbench.target.gap import Detail, explain_gap
from workbench.target.pace import due_today, pace
from workbench.target.resplit import resplit
from workbench.target.tracking import track

from .conftest import NASTY, make_shop


@pytest.fixture(autouse=True)
def strictly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    pyplot.close("all")


def followed(units, target=None, period="2026Q4"):
    """The small shop with its fourth quarter two weeks old, forecast by its own paths."""
    shop = make_shop(units, n_paths=120)

    def forecast(panel, *, horizon, n_paths, seed):
        del seed, n_paths
        made = make_shop(units, n_paths=120, ahead=max(horizon, 100)).paths
        days = pd.date_range(panel.as_of, periods=horizon + 1)[1:]
        return SamplePaths.from_values(made.values[:, :horizon], days, units)

    patch = pytest.MonkeyPatch()
    patch.setattr(replays, "forecast", forecast)
    seen = track(shop.panel, target or shop.outlook.target_at(0.3), period=period, n_paths=120)
    yield_cross = None
    if len(units) > 1:
        keys = pd.DataFrame({"row": units, "column": [f"c{at % 2}" for at in range(len(units))]})
        keys = keys.set_index(pd.Index(units))
        yield_cross = cross(seen, shop.panel, keys, rows="channel", columns="category", n_paths=120)
    patch.undo()
    return seen, yield_cross


@pytest.fixture(scope="module")
def quarter():
    return followed(("线上商城", "微信社群", "线下门店"))


@pytest.fixture(scope="module")
def nasty():
    return followed(NASTY)


def everything(seen, crossed, words):
    gap = explain_gap(seen, Detail(crossed=crossed))
    rest = resplit(seen, unit=100)
    figures = [pace_chart(seen, words, unit=seen.units[0]), crossed_chart(crossed, words)]
    figures += [course_chart(seen, words), gap_chart(gap, words, view="effects")]
    due = float(due_today(seen).iloc[0])
    tables = [pace_table(seen, words), projection_table(seen, words), needed_table(seen, words)]
    tables += [gap_table(gap, words, due=due), resplit_table(rest, seen, words)]
    tables += [weeks_table(rest, seen, words)]
    return figures, tables, [tracking_answer(seen, words), gap_answer(gap, seen, words)]


def shown(ax):
    style.to_png(ax.figure, dpi=50)
    return "\n".join(text.get_text() for text in ax.findobj(pyplot.Text))


def test_everything_in_both_languages(quarter, words):
    figures, tables, said = everything(*quarter, words)
    for ax in figures:
        assert style.REPLACEMENT not in shown(ax)
    for table in tables:
        assert not re.search(r">\s*(None|nan|NaT)\s*<", table.as_raw_html())
    row = pace(quarter[0]).iloc[0]
    plain = html.unescape(said[0]).replace("\u00a0", " ")
    assert words.money(row["actual"]) in plain
    assert words.probability(row["probability"]).replace("\u00a0", " ") in plain


def test_names_are_escaped(nasty):
    _, tables, said = everything(*nasty, Words("en", "USD"))
    for page in (*(table.as_raw_html() for table in tables), *said):
        assert "<script>alert" not in page


def test_what_is_said_follows_the_numbers(quarter):
    seen, crossed = quarter
    gap = explain_gap(seen, Detail(crossed=crossed))
    words = Words("en")
    lead = gap_answer(gap, seen, words)
    assert ("behind what was due" in lead) == (gap.total < 0)
    assert words.money(abs(gap.total)) in lead
    ahead = replace(gap, total=-gap.total, parts=gap.parts.assign(amount=-gap.parts["amount"]))
    assert ("behind what was due" in gap_answer(ahead, seen, words)) == (gap.total > 0)


def test_small_parts_are_drawn_in_one_bar_that_keeps_the_sum(quarter):
    seen, _ = quarter
    gap = explain_gap(seen)
    many = pd.DataFrame(
        [("effects", "market", "", -5.0), *(("effects", "cell", f"u{k}", -k) for k in range(30))],
        columns=["view", "cause", "unit", "amount"],
    )
    bars = gap_bars(replace(gap, parts=many), "effects", Words("en"))
    assert len(bars) == 11
    assert sum(amount for _, amount in bars) == pytest.approx(many["amount"].sum())
    assert bars[-1][0] == "21 smaller ones"


def test_the_same_numbers_are_published(quarter, words):
    seen, _ = quarter
    table = pace(seen)
    published = by_name(tracking_metrics(table, explain_gap(seen), "CNY"))
    page = pace_table(seen, words).as_raw_html()
    for unit in ("", *seen.units):
        assert words.amount(published[unit, "due"]) in page
        assert published[unit, "probability"] == pytest.approx(
            table.loc[unit, "probability"], abs=1e-6
        )


def test_before_the_period_and_once_it_is_over(words):
    coming, _ = followed(("线上商城",), period="2027-01", target=5e6)
    gap = explain_gap(coming)
    assert gap.total == 0.0
    for text in (tracking_answer(coming, words), gap_answer(gap, coming, words)):
        assert re.search("尚未开始|not begun", text)
    shown(pace_chart(coming, words))
    shown(course_chart(coming, words))
    over, _ = followed(("线上商城",), period="2026-09", target=5e6)
    assert over.over
    assert words.money(over.actual_of()) in tracking_answer(over, words)
    assert resplit(over) is None
    for ax in (pace_chart(over, words), course_chart(over, words)):
        shown(ax)
    assert np.isnan(over.needed["best_ever"]).all()
    needed_table(over, words)
    pace_table(over, words)


def test_a_missing_target_is_told(quarter, words):
    text = tracking_answer(quarter[0], words, given=False)
    assert re.search("Nobody set a target|尚未设定目标", text)
