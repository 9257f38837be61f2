"""The target week by week, beside the same days a year before."""

from typing import TYPE_CHECKING

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.cascaded import Cascade


def weeks_chart(cascade: "Cascade", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """One bar per day to come: its target; the line is the comparable day a year before.

    Args:
        cascade: with days.
        words: language and currency.
        ax: where to draw; a new figure otherwise.
    """
    sheet = cascade.sheet()
    whole = sheet[(sheet["level"] == "total") & sheet["span"].isin(["day", "month"])]
    if whole.empty:
        whole = sheet[(sheet["level"] == "total") & (sheet["span"] == "week")]
    start, end = whole["start"].min(), whole["start"].max()
    period = cascade.asked.outlook.period
    with style.house_style():
        ax = ax or style.new_axes(height=3.6)
        steps = max((end - start).days // max(len(whole) - 1, 1), 1)
        ax.bar(
            whole["start"],
            whole["target"],
            width=0.8 * steps,
            color=style.BANDS[1],
            label=style.text(words("weeks.target")),
        )
        if whole["last_year"].notna().any():
            ax.plot(
                whole["start"],
                whole["last_year"],
                color=style.INK,
                linewidth=1.3,
                label=style.text(words("weeks.last_year")),
            )
        ax.set_xlim(parts.place_of(start) - steps, parts.place_of(end) + steps)
        ax.set_ylim(0, ax.get_ylim()[1] * 1.05)
        parts.money_axis(ax.yaxis, words, "weeks.axis")
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        title = words("weeks.chart", period=words.period(period))
        return style.finish(ax, title=title, subtitle=words("weeks.subtitle"))
