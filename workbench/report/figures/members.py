"""Members in one figure: who they are, who brought the sales, who will."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.member.repurchase import Repurchase


def segments_chart(
    rfm: pd.DataFrame, ahead: "Repurchase", words: Words, *, ax: "Axes | None" = None
) -> "Axes":
    """Share of members, of sales so far and of the sales expected next, by segment."""
    expected = ahead.table["sales_p50"].reindex(rfm.index)
    bars = {
        "members": (rfm["share"], style.MUTED),
        "sales": (rfm["sales_share"], style.SKY),
        "ahead": (expected / max(float(expected.sum()), 1e-9), style.BLUE),
    }
    with style.house_style():
        ax = ax or style.new_axes(height=1.4 + 0.62 * len(rfm))
        place = np.arange(len(rfm), dtype=float)
        for at, (name, (values, colour)) in enumerate(bars.items()):
            label = style.text(words(f"members.chart_{name}"))
            ax.barh(place + 0.26 * (at - 1), values, 0.24, color=colour, label=label, zorder=2)
            for row, value in enumerate(values):
                text = style.text(words.percent(float(value)))
                ax.annotate(
                    text,
                    (float(value), row + 0.26 * (at - 1)),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8.5,
                )
        names = [style.text(words(f"segment.{name}")) for name in rfm.index]
        ax.set_yticks(place, names)
        ax.set_ylim(len(rfm) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.xaxis.set_visible(False)
        for edge in ("left", "bottom"):
            ax.spines[edge].set_visible(False)
        parts.legend_below(ax)
        subtitle = words("members.chart_subtitle")
        return style.finish(ax, title=words("members.chart"), subtitle=subtitle, grid="")
