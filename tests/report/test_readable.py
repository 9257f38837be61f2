"""What a planner stumbled over with real data: long names, pieces, the last day before a period."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from workbench.calendar.calendar import load_calendar
from workbench.data.report import DataReport, Entry
from workbench.report.data_prose import data_answer
from workbench.report.figures.data import sales_chart
from workbench.report.forecast_prose import forecast_answer
from workbench.report.tables.data import columns_table
from workbench.report.target_prose import answer
from workbench.report.words import Words
from workbench.target.outlook import Outlook


def report(currency: str) -> DataReport:
    counted = tuple(Entry(rule, 3, 1250.0) for rule in ("read", "counted"))
    day = pd.Timestamp("2026-09-30")
    return DataReport(
        kind="orders",
        files=("orders.csv",),
        encoding="utf-8",
        currency=currency,
        metric="net_sales" if currency else "units",
        as_of=day,
        first_day=day,
        last_day=day,
        columns={"order_id": "单号", "paid_amount": "金额", "own": "自有列"},
        unmapped=(),
        entries=counted,
        units=pd.DataFrame({"unit": ["a"]}),
        notices=(),
        fingerprint=None,
    )


@pytest.mark.parametrize("length", [4, 20])
def test_a_legend_of_long_names_leaves_the_chart_its_width(length):
    days = pd.date_range("2025-01-01", "2026-09-30")
    names = [f"{at}" * length for at in range(9)]
    rows = [pd.DataFrame({"unit": n, "date": days, "sales": 1.0}) for n in names]
    ax = sales_chart(pd.concat(rows), Words("en", ""))
    figure = ax.get_figure()
    figure.canvas.draw()
    width = figure.bbox.width
    assert ax.get_legend().get_window_extent().width <= width
    assert ax.get_window_extent().width > 0.7 * width
    mpl.pyplot.close(figure)


def test_a_day_off_that_is_a_festival_stands_once():
    table = load_calendar("US").table("2026-05-01", "2026-05-31")
    assert table["name_en"].tolist() == ["Mother's Day", "Memorial Day"]
    assert table["kind"].tolist() == ["festival", "rest_day"]


def test_the_day_before_the_period_is_not_one_days():
    totals = pd.DataFrame({"a": np.arange(100.0, 200.0)})
    for as_of, en, zh in (
        ("2026-09-30", "it starts the day after the last known one, 30 Sep 2026", "次日即开始"),
        ("2026-09-28", "3 days before it starts", "还有 3 天"),
    ):
        seen = Outlook.from_totals(totals, period="2026Q4", as_of=as_of)
        assert en in answer(seen, Words("en", "CNY"), target=None)._repr_html_()
        assert zh in answer(seen, Words("zh", "CNY"), target=None)._repr_html_()


def test_pieces_are_not_worth_money():
    assert (
        "3 of them count, 1,250 pieces." in data_answer(report(""), Words("en", ""))._repr_html_()
    )
    assert "共 1,250 件" in data_answer(report(""), Words("zh", ""))._repr_html_()
    assert "worth ¥1,250" in data_answer(report("CNY"), Words("en", "CNY"))._repr_html_()


def test_columns_are_told_by_their_meaning():
    markup = columns_table(report("CNY"), Words("zh", "CNY")).as_raw_html()
    assert "该行实付金额" in markup
    assert "money the customer paid" not in markup
    assert "自有列" in markup


def test_other_forecasts_are_told_with_the_number_of_their_tests(shop):
    skill = pd.DataFrame(
        [("", "workbench", 19, 20.7, 9.0, 0.74), ("", "prophet", 2, 10.5, 10.5, np.nan)],
        columns=["unit", "model", "n_origins", "mape", "bias", "coverage_80"],
    )
    paths = replace(shop.paths, skill=skill)
    said = {
        language: str(forecast_answer(paths, Words(language))).replace("\u00a0", " ")
        for language in ("en", "zh")
    }
    assert "“Prophet” was off by 10.5 % in 2 tests" in said["en"]
    assert "单用“Prophet”，2 次回测的平均误差为 10.5%" in said["zh"]
