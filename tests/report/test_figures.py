import warnings
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from workbench.calendar.calendar import load_calendar
from workbench.data.report import DataReport, Entry
from workbench.forecast.paths import SamplePaths
from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.figures.allocation import allocation_chart
from workbench.report.figures.curve import attainment_chart
from workbench.report.figures.data import dropped_chart, gaps_chart, sales_chart
from workbench.report.figures.fan import fan_chart
from workbench.report.figures.progress import progress_chart
from workbench.report.figures.skill import coverage_chart, error_chart
from workbench.report.figures.total import total_chart
from workbench.report.words import Words
from workbench.target.allocate import allocate
from workbench.target.anchors import anchors

SKILL = pd.DataFrame(
    [
        ("", "workbench", 12, 4.25, -0.8, 0.83),
        ("", "year_rule", 12, 6.1, 2.2, np.nan),
        ("a", "workbench", 12, 7.0, 0.0, 0.75),
        ("b", "workbench", 0, np.nan, np.nan, np.nan),
    ],
    columns=["unit", "model", "n_origins", "mape", "bias", "coverage_80"],
)


@pytest.fixture(autouse=True)
def strictly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    pyplot.close("all")


def texts(ax):
    """All that can be read on a figure, with the boxes for missing glyphs told apart."""
    style.to_png(ax.figure, dpi=50)
    found = [t.get_text() for t in ax.findobj(mpl.text.Text)]
    return "\n".join(found).replace("\u00a0", " ")


def long(panel):
    frame = panel.frame().rename_axis("date")
    return frame.melt(ignore_index=False, var_name="unit", value_name="sales").reset_index()


def report(entries):
    day = pd.Timestamp("2026-01-05")
    return DataReport(
        kind="orders",
        files=("orders.csv",),
        encoding="utf-8",
        currency="CNY",
        metric="net_sales",
        as_of=day,
        first_day=day,
        last_day=day,
        columns={},
        unmapped=(),
        entries=entries,
        units=pd.DataFrame(),
        notices=(),
        fingerprint=None,
    )


def every_figure(shop, words):
    target = shop.outlook.target_at(0.43)
    frame = long(shop.panel)
    usual = anchors(shop.panel, shop.outlook)
    plan = allocate(target, shop.outlook)
    yield fan_chart(shop.panel, shop.paths, words)
    yield fan_chart(shop.panel, shop.paths, words, unit=shop.panel.units[0])
    yield total_chart(shop.outlook, words, target=target)
    yield attainment_chart(shop.outlook, words, target=target, anchors=usual)
    yield attainment_chart(shop.outlook, words, anchors=usual, unit=shop.panel.units[1])
    yield allocation_chart(plan, shop.outlook, words)
    yield progress_chart(shop.panel, shop.paths, shop.outlook, words, target=target)
    yield sales_chart(frame, words)
    yield gaps_chart(frame, words)
    yield error_chart(SKILL, words)
    yield coverage_chart(SKILL, words)
    yield dropped_chart(report((Entry("read", 9, 90.0), Entry("closed", 2, 20.0))), words)


def test_every_figure_in_both_languages_without_a_missing_glyph(shop, words):
    for ax in every_figure(shop, words):
        shown = texts(ax)
        assert style.REPLACEMENT not in shown
        chinese = any("\u4e00" <= c <= "\u9fff" for c in ax.get_title(loc="left"))
        if words.language == "zh":
            assert chinese


def test_nasty_names_and_other_currencies(nasty_shop):
    for ax in every_figure(nasty_shop, Words("en", "USD")):
        texts(ax)


def test_names_with_dollars_are_no_formulas(nasty_shop):
    ax = sales_chart(long(nasty_shop.panel), Words("en"))
    style.to_png(ax.figure, dpi=50)
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert r"A/B \$x\$ \$y\$" in labels
    assert any(label.startswith("<script>") for label in labels)


def test_pieces_have_no_currency(shop):
    for ax in every_figure(shop, Words("zh", "")):
        assert "（元）" not in ax.get_ylabel() + ax.get_xlabel()


def test_a_figure_can_be_drawn_into_given_axes(shop, words):
    _, axes = pyplot.subplots(1, 2)
    assert fan_chart(shop.panel, shop.paths, words, ax=axes[1]) is axes[1]
    assert total_chart(shop.outlook, words, ax=axes[0]) is axes[0]


def test_the_target_stands_on_the_curve_with_its_probability(shop):
    target = shop.outlook.target_at(0.43)
    shown = texts(attainment_chart(shop.outlook, Words("en"), target=target))
    assert f"Target {Words('en').short(target)}: 43 %" in shown
    assert f"Commit {Words('en').short(shop.outlook.target_at(0.8))} (80 %)" in shown


def test_the_strong_bars_are_the_paths_that_reach_the_target(shop):
    ax = total_chart(shop.outlook, Words("en"), target=shop.outlook.target_at(0.4))
    strong = mpl.colors.to_rgba(style.SKY)
    share = sum(bar.get_height() for bar in ax.patches if bar.get_facecolor() == strong)
    assert share == pytest.approx(0.4, abs=0.06)
    # The rarest four futures in a thousand lie beyond the axis.
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(0.996, abs=0.002)


@pytest.mark.parametrize("factor", [0.01, 30.0])
def test_a_target_out_of_reach_does_not_squash_the_chart(shop, factor):
    ax = total_chart(shop.outlook, Words("en"), target=shop.outlook.target_at(0.5) * factor)
    low, high = ax.get_xlim()
    spread = np.ptp(shop.outlook.total)
    assert high - low < 5 * spread
    assert ("→" if factor > 1 else "←") in texts(ax)
    texts(attainment_chart(shop.outlook, Words("en"), target=shop.outlook.total.max() * factor))


def test_the_allocation_shows_the_largest_units_and_counts_the_others(many_units):
    shop = many_units
    plan = allocate(shop.outlook.target_at(0.5), shop.outlook)
    ax = allocation_chart(plan, shop.outlook, Words("en"), limit=7)
    assert len(ax.get_yticks()) == 7
    assert "and 23 others" in texts(ax)
    largest = plan.targets.sort_values(ascending=False).index[0]
    assert ax.get_yticklabels()[0].get_text() == largest
    assert "and 24 others" in texts(sales_chart(long(shop.panel), Words("en")))


def test_a_unit_without_sales_can_be_drawn(shop):
    totals = shop.outlook.totals.assign(**{shop.panel.units[2]: 0.0})
    outlook = replace(shop.outlook, totals=totals)
    plan = allocate(outlook.target_at(0.5), outlook)
    texts(allocation_chart(plan, outlook, Words("zh")))
    texts(total_chart(outlook, Words("zh"), unit=shop.panel.units[2]))
    texts(attainment_chart(outlook, Words("zh"), unit=shop.panel.units[2]))


def test_a_period_that_is_over_shows_what_was_sold(shop):
    actual = shop.outlook.actual
    totals = shop.outlook.totals * 0 + actual.to_numpy()
    over = replace(shop.outlook, rows_left=0, totals=totals)
    shown = texts(total_chart(over, Words("en"), target=3e6))
    assert f"Actual\n{Words('en').short(actual.sum())}" in shown
    assert "%" not in shown
    texts(attainment_chart(over, Words("en"), target=3e6))
    texts(progress_chart(shop.panel, None, over, Words("en"), target=3e6))


def test_what_happened_later_is_drawn(shop):
    days = pd.date_range("2026-10-15", "2026-12-31")
    later = pd.concat(
        [pd.DataFrame({"unit": u, "date": days, "sales": 1000.0}) for u in shop.panel.units]
    )
    words = Words("en")
    for ax in (
        progress_chart(shop.panel, shop.paths, shop.outlook, words, later=later),
        fan_chart(shop.panel, shop.paths, words, later=later),
    ):
        assert "What happened" in texts(ax)
    line = progress_chart(shop.panel, shop.paths, shop.outlook, words, later=later).lines
    ends = [artist.get_ydata()[-1] for artist in line if artist.get_label() == "What happened"]
    assert ends == [pytest.approx(shop.outlook.actual.sum() + 78 * 3000)]


def test_the_cumulative_fan_ends_where_the_outlook_says(shop):
    ax = progress_chart(shop.panel, shop.paths, shop.outlook, Words("en"))
    median = next(line for line in ax.lines if line.get_label() == "Forecast, median")
    assert median.get_ydata()[-1] == pytest.approx(np.median(shop.outlook.total))
    assert median.get_ydata()[0] == pytest.approx(shop.outlook.actual.sum())


@pytest.mark.parametrize(("frequency", "step"), [("W", "W-SUN"), ("M", "MS")])
def test_weekly_and_monthly_panels(shop, words, frequency, step):
    dates = pd.date_range("2023-01-01", periods=30, freq=step)
    ahead = pd.date_range(dates[-1], periods=7, freq=step)[1:]
    panel = replace(
        shop.panel,
        dates=dates,
        ahead=ahead,
        sales=np.full((30, 3), 7.0),
        frequency=frequency,
        calendar=load_calendar("CN"),
    )
    paths = SamplePaths.from_values(np.full((4, 6, 3), 5.0), ahead, panel.units)
    texts(fan_chart(panel, paths, words))


def test_short_daily_forecasts_are_drawn_by_day(shop):
    paths = SamplePaths.from_values(
        shop.paths.values[:, :14], shop.paths.dates[:14], shop.paths.units
    )
    ax = fan_chart(shop.panel, paths, Words("en"))
    assert "by day, as of 14 Oct 2026" in texts(ax)
    median = next(line for line in ax.lines if line.get_label() == "Forecast, median")
    assert len(median.get_xdata()) == 15


def test_the_same_sums_for_few_and_for_many_units(shop, monkeypatch):
    cut = pick.buckets(shop.paths.dates, 7)
    few = pick.path_sums(shop.paths, "", cut)
    monkeypatch.setattr(pick, "FEW_UNITS", 1)
    np.testing.assert_allclose(pick.path_sums(shop.paths, "", cut), few)
    assert few.shape == (400, 14)


def test_gaps_tell_zero_from_unknown_and_from_not_yet_opened():
    days = pd.date_range("2026-01-01", periods=6)
    sales = [np.nan, 5.0, 0.0, np.nan, 4.0, np.nan]
    frame = pd.DataFrame({"unit": "a", "date": days, "sales": sales})
    other = frame.assign(unit="b", sales=1.0)
    ax = gaps_chart(pd.concat([frame, other]), Words("en"))
    rows = dict(
        zip([t.get_text() for t in ax.get_yticklabels()], ax.images[0].get_array(), strict=True)
    )
    assert rows["a"].tolist() == [0, 3, 2, 1, 3, 0]
    assert rows["b"].tolist() == [3] * 6


def test_nothing_left_out_is_said():
    shown = texts(
        dropped_chart(report((Entry("read", 9, 90.0), Entry("counted", 9, 90.0))), Words("en"))
    )
    assert "every row read counts" in shown


def test_labels_are_spread_apart():
    assert parts.spread_apart([], 1, 0, 1) == []
    assert parts.spread_apart([5, 5, 5], 2, 0, 100) == [3, 5, 7]
    assert parts.spread_apart([99, 100], 4, 0, 100) == [96, 100]
    places = parts.spread_apart([3, 1, 2], 10, 0, 100)
    assert places == [20, 0, 10]
