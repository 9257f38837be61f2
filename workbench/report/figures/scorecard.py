"""Attainment beside attainment adjusted for how hard the target was."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.figures.record import nothing
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.calendar.period import Period

LIMIT = 24


def scorecard_chart(
    card: pd.DataFrame,
    words: Words,
    *,
    period: "Period",
    limit: int = LIMIT,
    ax: "Axes | None" = None,
) -> "Axes":
    """One line per unit from its attainment to its adjusted attainment, the best adjusted first.

    Args:
        card: from :func:`workbench.target.scorecard.scorecard`.
        words: language.
        period: that was scored.
        limit: at most so many units.
        ax: where to draw; a new figure otherwise.
    """
    units = card[card["level"] == "unit"].sort_values("adjusted", ascending=False, kind="stable")
    rows = units.head(limit)
    at = np.arange(len(rows))
    with style.house_style():
        ax = ax or style.new_axes(height=1.9 + 0.36 * max(len(rows), 2))
        ax.axvline(1.0, color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
        plain, fair = rows["attainment"].to_numpy(), rows["adjusted"].to_numpy()
        ax.hlines(at, np.fmin(plain, fair), np.fmax(plain, fair), color=style.GRID, linewidth=3)
        for values, face, name in (
            (plain, style.PAPER, "card.plain"),
            (fair, style.BLUE, "card.fair"),
        ):
            ax.scatter(
                values,
                at,
                s=62,
                facecolors=face,
                edgecolors=style.BLUE,
                linewidths=1.6,
                zorder=3,
                label=style.text(words(name)),
            )
        ax.set_yticks(at, [style.text(shorten(unit, 26)) for unit in rows["unit"]])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(max(len(rows), 1) - 0.4, -0.6)
        parts.probability_axis(ax.xaxis, words, "card.chart_x")
        ax.spines["left"].set_visible(False)
        if len(rows):
            parts.legend_below(ax)
        else:
            nothing(ax, words)
        subtitle = words("card.chart_sub")
        if len(units) > len(rows):
            others = words("others", count=words.count(len(units) - len(rows)))
            subtitle = words("with_note", text=subtitle, note=others)
        title = words("card.chart", period=words.period(period))
        return style.finish(ax, title=title, subtitle=subtitle, grid="x")
