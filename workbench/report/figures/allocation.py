"""Who carries which part: each unit's range, and the target it was given."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.allocate import Allocation
    from workbench.target.outlook import Outlook

LIMIT = 20


def allocation_chart(
    plan: "Allocation",
    outlook: "Outlook",
    words: Words,
    *,
    limit: int = LIMIT,
    ax: "Axes | None" = None,
) -> "Axes":
    """Per unit the range from commit to stretch, and its target coloured by probability.

    All are drawn in relation to the unit's own base target, so that small units can be read too;
    the amounts stand at the right. The ``limit`` largest targets are drawn, and how many others
    there are is said.

    Args:
        plan: the allocated targets.
        outlook: what the units are likely to sell.
        words: language and currency.
        limit: at most so many units.
        ax: where to draw; a new figure otherwise.
    """
    targets = plan.targets.sort_values(ascending=False, kind="stable").head(limit)
    units, rows = list(targets.index), np.arange(len(targets))
    low, base, high = (outlook.targets_at(p)[units].to_numpy() for p in (0.8, 0.5, 0.2))
    likely = plan.probabilities[units].to_numpy(dtype=float)
    scale = np.where(base > 0, base, np.nan)
    with style.house_style():
        ax = ax or style.new_axes(height=1.7 + 0.36 * len(units))
        ax.barh(rows, (high - low) / scale, left=low / scale, height=0.46, color=style.BANDS[0])
        ax.use_sticky_edges = False
        ax.axvline(1.0, color=style.BLUE, linewidth=1.4, zorder=2)
        ax.scatter(
            targets / scale,
            rows,
            c=likely,
            cmap=style.chance_map(),
            vmin=0,
            vmax=1,
            s=75,
            zorder=4,
            edgecolors=style.INK,
            linewidths=0.8,
        )
        _labels(ax, targets.to_list(), likely.tolist(), words)
        ax.set_yticks(rows, [style.text(shorten(unit, 26)) for unit in units])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(len(units) - (0.4 if len(units) == len(plan.targets) else -0.3), -0.7)
        parts.probability_axis(ax.xaxis, words, "allocation.axis")
        _others(ax, len(plan.targets) - len(units), words)
        ax.spines["left"].set_visible(False)
        title = words("allocation.title", period=words.period(outlook.period))
        return style.finish(ax, title=title, subtitle=words("allocation.subtitle"), grid="x")


def _labels(ax: "Axes", targets: list[float], likely: list[float], words: Words) -> None:
    """Amount and probability in a column at the right."""
    for row, (target, chance) in enumerate(zip(targets, likely, strict=True)):
        for place, label, weight in (
            (1.10, words.short(target), "normal"),
            (1.18, words.probability(chance), "bold"),
        ):
            ax.annotate(
                style.text(label),
                (place, row),
                xycoords=("axes fraction", "data"),
                ha="right",
                va="center",
                fontsize=9.5,
                fontweight=weight,
            )
    heads = ((1.10, words("target")), (1.18, words("allocation.chance")))
    for place, label in heads:
        ax.annotate(
            style.text(label),
            (place, 1),
            xycoords="axes fraction",
            xytext=(0, 2),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=style.MUTED,
        )


def _others(ax: "Axes", count: int, words: Words) -> None:
    if count > 0:
        ax.annotate(
            style.text(words("others", count=words.count(count))),
            (0, 0),
            xycoords="axes fraction",
            xytext=(-8, 5),
            ha="right",
            textcoords="offset points",
            fontsize=9,
            color=style.MUTED,
            style="italic" if words.language == "en" else "normal",
        )
