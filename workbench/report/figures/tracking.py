"""A period under way: sales to date with their band and the target's pace, and the probability."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.tracking import Tracking

GUIDES = (0.2, 0.5, 0.8)
MOST_LINES = 6
LINES = (style.ORANGE, style.GREEN, style.PURPLE, style.SKY, style.RED, style.MUTED)


def pace_chart(
    tracking: "Tracking", words: Words, *, unit: str = "", ax: "Axes | None" = None
) -> "Axes":
    """Cumulative sales, the range expected at the start, the target's pace, and the projection.

    Args:
        tracking: the period.
        words: language and currency.
        unit: the unit to draw; empty for the sum of all.
        ax: where to draw; a new figure otherwise.
    """
    expected = tracking.expected[tracking.expected["unit"] == unit].set_index("date")
    target = tracking.target_of(unit)
    with style.house_style():
        ax = ax or style.new_axes(height=4.6)
        ax.fill_between(
            expected.index,
            expected["p10"],
            expected["p90"],
            color=style.BANDS[0],
            linewidth=0,
            label=style.text(words("pace.expected")),
        )
        _projection(ax, tracking, unit, words)
        share = _shares(expected["p50"])
        ax.plot(
            expected.index,
            target * share,
            color=style.ORANGE,
            linewidth=1.8,
            linestyle=(0, (5, 2)),
            label=style.text(words("pace.due")),
        )
        _sold(ax, tracking, unit, words)
        _frame(ax, tracking, unit, target, words)
        parts.legend_below(ax)
        name, day = shorten(pick.unit_label(unit, words), 40), words.date(tracking.as_of.date())
        title = words("pace.title", period=words.period(tracking.period))
        return style.finish(ax, title=title, subtitle=words("pace.subtitle", unit=name, as_of=day))


def course_chart(tracking: "Tracking", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """The attainment probability of all units, and of up to six single ones, week by week."""
    course = tracking.course.pivot_table(index="as_of", columns="unit", values="probability")
    largest = tracking.target.sort_values(ascending=False, kind="stable").index[:MOST_LINES]
    units = [str(unit) for unit in largest] if len(tracking.units) > 1 else []
    with style.house_style():
        ax = ax or style.new_axes(height=4.2)
        for guide in GUIDES:
            ax.axhline(guide, color=style.GRID, linewidth=1.2, zorder=0)
        for colour, unit in zip(LINES, units, strict=False):
            label = style.text(shorten(unit, 24))
            ax.plot(course.index, course[unit], color=colour, linewidth=1.4, marker="o",
                    markersize=3, label=label)  # fmt: skip
        ax.plot(course.index, course[""], color=style.BLUE, linewidth=2.6, marker="o",
                markersize=5, label=words("total"), zorder=4)  # fmt: skip
        start, end = pd.Timestamp(tracking.period.start), pd.Timestamp(tracking.period.end)
        first = min(start, course.index[0])
        width = (end - first).days
        ax.set_xlim(first - pd.Timedelta(days=1), end + pd.Timedelta(days=max(width // 12, 2)))  # type: ignore[arg-type]
        ax.set_ylim(-0.02, 1.02)
        _last(ax, course[""], words)
        parts.festival_marks(ax, tracking.panel.calendar, words)
        parts.probability_axis(ax.yaxis, words)
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        title = words("course.title", period=words.period(tracking.period))
        return style.finish(ax, title=title, subtitle=words("course.subtitle"), grid="")


def _last(ax: "Axes", line: "pd.Series[float]", words: Words) -> None:
    """The latest probability, in bold beside its point."""
    day, chance = line.index[-1], float(line.iloc[-1])
    ax.annotate(
        style.text(words.probability(chance)),
        (parts.place_of(day.date()), chance),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=12,
        fontweight="bold",
        color=style.BLUE,
    )


def _shares(middle: "pd.Series[float]") -> "pd.Series[float]":
    """The expected share of the total by each date; evenly where nothing is expected."""
    final = float(middle.iloc[-1])
    even = pd.Series(np.arange(1, len(middle) + 1) / len(middle), index=middle.index)
    return (middle / final).clip(0.0, 1.0) if final > 0 else even


def _sold(ax: "Axes", tracking: "Tracking", unit: str, words: Words) -> None:
    sold = tracking.actual[unit] if unit else tracking.actual.sum(axis=1)
    if len(sold):
        running = sold.fillna(0.0).cumsum()
        ax.plot(running.index, running, color=style.INK, linewidth=2.4, zorder=5,
                label=style.text(words("pace.actual")))  # fmt: skip


def _projection(ax: "Axes", tracking: "Tracking", unit: str, words: Words) -> None:
    """Where sales go from here: the 80 % range and its middle."""
    paths = tracking.paths
    if paths is None or not tracking.begun:
        return
    start, end = pd.Timestamp(tracking.period.start), pd.Timestamp(tracking.period.end)
    cut = pick.buckets(paths.dates[(paths.dates >= start) & (paths.dates <= end)], 1)
    done = tracking.actual_of(unit)
    running = done + pick.path_sums(paths, unit, cut).cumsum(axis=1)
    draws = np.hstack([np.full((len(running), 1), done), running])
    dates = cut.ends.insert(0, tracking.as_of)
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    label = style.text(words("pace.projected"))
    ax.fill_between(dates, low, high, color=style.BANDS[2], alpha=0.7, linewidth=0, label=label)
    ax.plot(dates, middle, color=style.BLUE, linewidth=1.8)


def _frame(ax: "Axes", tracking: "Tracking", unit: str, target: float, words: Words) -> None:
    """Axes, festivals, the last known day; target and projected total at the right end."""
    start, end = pd.Timestamp(tracking.period.start), pd.Timestamp(tracking.period.end)
    first, last = parts.place_of(start.date()), parts.place_of(end.date())
    ax.set_xlim(first - 1, last + (last - first) * 0.2)
    top = max(ax.get_ylim()[1], target * 1.12)
    ax.set_ylim(0, top)
    one = tracking.now.only([unit]) if unit else tracking.now
    middle = float(tracking.now.actual.sum()) if tracking.over and not unit else one.target_at(0.5)
    labels = [("pace.target", target, style.ORANGE), ("pace.end", middle, style.BLUE)]
    places = parts.spread_apart([target, middle], top * 0.07, 0, top)
    for (key, value, colour), place in zip(labels, places, strict=True):
        if key == "pace.end" and tracking.over:
            key = "pace.done"
        ax.annotate(
            style.text(words(key, value=words.short(value))),
            (last, value),
            xytext=(last + (last - first) * 0.015, place),
            textcoords="data",
            va="center",
            fontsize=10,
            fontweight="bold",
            color=colour,
        )
    if start <= tracking.as_of < end:
        parts.as_of_line(ax, tracking.as_of.date(), words, before=False)
    parts.festival_marks(ax, tracking.panel.calendar, words)
    parts.money_axis(ax.yaxis, words, "progress.axis")
    parts.date_axis(ax, words)
