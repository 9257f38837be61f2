"""What a report shows of the cascade, in both languages."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.report.cascade_prose import reasons_answer
from workbench.report.figures.weeks import weeks_chart
from workbench.report.safe import html_text
from workbench.report.tables.cascade import (
    band_table,
    cascade_table,
    load_table,
    reasons_table,
    staffing_table,
    weeks_table,
)
from workbench.report.words import Words
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjust
from workbench.target.band import in_band
from workbench.target.capacity import capacity
from workbench.target.carry import carry
from workbench.target.cascade import cascade
from workbench.target.reasons import Reasons, reasons
from workbench.target.staffing import staffing

PERIOD = parse_period("2026Q4")
NASTY = "<script>alert(1)</script>"


def keys_of(shop):
    units = list(shop.outlook.units)
    return pd.DataFrame({"team": ["A", NASTY, NASTY], "channel": units}, index=units)


@pytest.fixture(params=["en", "zh"])
def words(request):
    return Words(request.param)


@pytest.fixture(scope="module")
def plan(shop):
    target = round(shop.outlook.target_at(0.4), -3)
    options = {"paths": shop.paths, "panel": shop.panel, "unit": 1000}
    return cascade(
        target, shop.outlook, keys_of(shop), locks={"A": round(target / 2, -3)}, **options
    )


def text_of(table):
    page = re.sub(r"<style>.*?</style>", "", table.as_raw_html(), flags=re.S)
    assert "<script>" not in page
    return re.sub(r"<.*?>", " ", page)


def test_levels_and_weeks(plan, words):
    text = text_of(cascade_table(plan, words))
    assert words("limit.locked") in text
    assert words.amount(plan.target) in text
    assert words("level.channel") in text
    weeks = text_of(weeks_table(plan, words))
    rows = plan.sheet()
    first = rows[(rows["span"] == "week") & (rows["node"] == "")].iloc[0]
    assert words.amount(first["target"]) in weeks
    shown = weeks[weeks.index(words.amount(first["target"])) :].split()
    assert words.probability(first["probability"]).replace("\u00a0", "") in "".join(shown[1:3])


def test_days_are_drawn(plan, words):
    ax = weeks_chart(plan, words)
    rows = plan.sheet()
    whole = rows[(rows["span"] == "day") & (rows["node"] == "")]["target"]
    heights = [patch.get_height() for patch in ax.patches]
    assert heights == pytest.approx(whole.tolist())
    assert words("weeks.subtitle") in [piece.get_text() for piece in ax.figure.findobj(plt.Text)]
    plt.close(ax.figure)


def test_reasons_add_up_on_the_page_and_assumptions_are_named(shop, words):
    label = "autumn <b>launch</b>"
    launch = Adjustment(label, low=0.0, mid=0.05, high=0.1)
    wider = adjust(shop.outlook, [launch])
    why = reasons(shop.panel, shop.outlook, adjusted=wider, adjustments=[launch])
    text = text_of(reasons_table(why, words, period=PERIOD))
    assert words.amount(why.base) in text
    assert words("cause.last_year") in text
    assert "launch" in text
    said = reasons_answer(why, words)
    assert "<b>launch" not in said
    assert words.money(why.base) in said


def test_without_a_last_year_the_reasons_say_so(words):
    parts = pd.DataFrame({"cause": ["other"], "amount": [500.0]})
    plans = pd.DataFrame({"column": ["promo"], "planned": [3.0], "last_year": [1.0]})
    said = reasons_answer(Reasons(500.0, parts, float("nan"), plans), words)
    assert words("reasons.lead_new", base=words.money(500)) in said
    assert words("plan.promo") in said


def test_verdicts_of_the_band(shop, words):
    targets = shop.outlook.targets_at(0.5) * np.array([0.5, 1.0, 2.0])
    table = in_band(shop.outlook, targets, (0.35, 0.8))
    text = text_of(band_table(table, words, period=PERIOD, band=(0.35, 0.8)))
    for verdict in ("too_easy", "fair", "too_hard"):
        assert words(f"band.{verdict}") in text


def test_loads_and_staffing(plan, shop, words):
    staff = pd.DataFrame(
        {
            "salesperson": ["An", "Bo", "Cy"],
            "channel": list(shop.outlook.units),
            "money_per_day": plan.targets.to_numpy() / 92 * [0.8, 1.5, 1.5],
        }
    )
    free = plan.relock({"A": None})
    able = capacity(staff, keys_of(shop), period=PERIOD)
    text = text_of(load_table(carry(free, able), words))
    assert words("load.yes") in text
    kept = text_of(load_table(carry(plan.relock({"线上商城": plan.targets.iloc[0]}), able), words))
    assert words("load.kept") in kept
    table = staffing(free, able)
    shown = text_of(staffing_table(table, words, period=PERIOD))
    for name in ("today", "one_more", "one_fewer"):
        assert words(f"staffing.{name}") in shown
    assert html_text(words("staffing.one_moved", other=table["other"].iloc[3])) in shown
