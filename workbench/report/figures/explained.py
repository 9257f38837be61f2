"""What lifts a forecast and what lowers it, week by week."""

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.explained import part_name
from workbench.report.figures import parts
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.forecast.explain import Explanation

COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY, style.RED)
OTHERS = style.MUTED
SMALL = 0.004
"""Parts whose weeks add up to less than this share of the forecast are drawn together."""


def parts_chart(
    made_of: "Explanation",
    words: Words,
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Every part but the level, stacked above and below it, and their sum.

    Args:
        made_of: the forecast in pieces.
        words: language and currency.
        start: first date shown.
        end: last date shown.
        ax: where to draw; a new figure otherwise.
    """
    daily = bool(len(made_of.dates) > 1 and (made_of.dates[1] - made_of.dates[0]).days == 1)
    rows = made_of.course(start, end, steps=7 if daily else 1)
    apart = rows.drop(columns="level")
    size = float(rows.to_numpy().sum()) or 1.0
    weight = apart.abs().sum().sort_values(ascending=False, kind="stable")
    large = [str(name) for name in weight.index[: len(COLOURS)] if weight[name] >= SMALL * size]
    rest = apart.drop(columns=large).sum(axis=1)
    with style.house_style():
        ax = ax or style.new_axes(height=4.2)
        place = np.array([parts.place_of(day) for day in pd.DatetimeIndex(rows.index).date])
        width = float(np.diff(place).min()) * 0.82 if len(place) > 1 else 5.0
        place = place + (3.0 if daily else 0.0)
        above, below = np.zeros(len(place)), np.zeros(len(place))
        drawn = [(name, apart[name].to_numpy()) for name in large]
        if rest.abs().sum() > 0:
            drawn.append(("other", rest.to_numpy()))
        for (name, values), colour in zip(drawn, [*COLOURS[: len(large)], OTHERS], strict=False):
            base = np.where(values >= 0, above, below)
            label = style.text(part_name(name, words))
            ax.bar(place, values, width, bottom=base, color=colour, label=label, zorder=2)
            above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
        ax.axhline(0, color=style.INK, linewidth=0.8, zorder=3)
        net = apart.sum(axis=1)
        label = style.text(words("total"))
        ax.plot(place, net, "o-", color=style.INK, linewidth=1.2, markersize=3.5, label=label)
        parts.money_axis(ax.yaxis, words)
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        subtitle = words("parts.chart_subtitle")
        if daily:
            joint = "，" if words.language == "zh" else ", "
            subtitle = f"{subtitle}{joint}{words('parts.week')}"
        return style.finish(ax, title=words("parts.chart"), subtitle=subtitle)
