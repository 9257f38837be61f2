"""Sales beside what was expected, with the alerts where they began."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.alerts import Alert
    from workbench.target.tracking import Tracking

WEEK = 7


def alerts_chart(
    tracking: "Tracking",
    alerts: "Sequence[Alert]",
    words: Words,
    *,
    unit: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """Sales of the last seven days to each date, and what was expected of them at the start.

    Weekly and monthly rows are drawn as they are.

    Args:
        tracking: the period.
        alerts: all alerts; those of ``unit`` are marked.
        words: language and currency.
        unit: whose sales; empty for all.
        ax: where to draw; a new figure otherwise.
    """
    daily = tracking.panel.frequency == "D"
    rows = WEEK if daily else 1
    sold = tracking.actual[unit] if unit else tracking.actual.sum(axis=1, min_count=1)
    course = tracking.expected[tracking.expected["unit"] == unit].set_index("date")["p50"]
    expected = course.diff().fillna(course.iloc[:1])
    with style.house_style():
        ax = ax or style.new_axes(height=3.8)
        for name, values in (("expected", expected), ("actual", sold.fillna(0.0))):
            moving = values.rolling(rows).sum().dropna()
            label = style.text(words(f"alert.chart.{name}"))
            dashed = name == "expected"
            ax.plot(
                moving.index,
                moving,
                label=label,
                color=style.BLUE if dashed else style.INK,
                linestyle=(0, (4, 3)) if dashed else "-",
                linewidth=1.6 if dashed else 2,
            )
        first, last = (parts.place_of(day) for day in (course.index[0], course.index[-1]))
        ax.set_xlim(first - 1, last + 1)
        ax.set_ylim(0, ax.get_ylim()[1] * 1.15)
        mark_alerts(ax, [alert for alert in alerts if alert.unit == unit], words)
        parts.money_axis(ax.yaxis, words)
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        title = words("alert.chart", unit=shorten(pick.unit_label(unit, words), 40))
        subtitle = words("alert.chart.subtitle" if daily else "alert.chart.subtitle.rows")
        return style.finish(ax, title=title, subtitle=subtitle)


def mark_alerts(ax: "Axes", alerts: "Iterable[Alert]", words: Words) -> None:
    """A line where each alert began, red for bad news and green for good, named at its top."""
    for row, alert in enumerate(sorted(alerts, key=lambda one: one.date)):
        at = parts.place_of(pd.Timestamp(alert.date))
        colour = style.RED if alert.direction == "down" else style.GREEN
        ax.axvline(at, color=colour, linewidth=1.4, zorder=2)
        low, high = ax.get_xlim()
        right = at > low + 0.7 * (high - low)
        ax.annotate(
            style.text(words(f"alert.kind.{alert.kind}.{alert.direction}")),
            (at, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(-4 if right else 4, -11 - 12 * (row % 3)),
            textcoords="offset points",
            ha="right" if right else "left",
            fontsize=9,
            color=colour,
        )
