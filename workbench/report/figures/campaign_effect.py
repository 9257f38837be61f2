"""What campaigns do to the probability of every target."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.outlook import Outlook

POINTS = 200
ENDS = (0.005, 0.995)


def effect_chart(
    before: "Outlook",
    after: "Outlook",
    words: Words,
    *,
    target: float | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """How likely each target is with and without the campaigns; the target is marked on both.

    Args:
        before: the outlook without campaigns.
        after: the same with them.
        words: language and currency.
        target: the target to mark, if there is one.
        ax: where to draw; a new figure otherwise.
    """
    with style.house_style():
        ax = ax or style.new_axes(height=4.2)
        ends = np.quantile(np.concatenate([before.total, after.total]), ENDS)
        low, high = min([ends[0], *_near(target, ends)]), max([ends[1], *_near(target, ends)])
        x = np.linspace(max(low, 0.01), max(high, low + 1.0), POINTS)
        curves = [[one.probability(float(value)) for value in x] for one in (before, after)]
        ax.fill_between(x, curves[0], curves[1], color=style.SKY, alpha=0.35, linewidth=0)
        kinds = (("without", style.MUTED, (0, (4, 3))), ("with", style.BLUE, "-"))
        for (name, colour, dash), y in zip(kinds, curves, strict=True):
            label = style.text(words(f"effect.curve.{name}"))
            ax.plot(x, y, color=colour, linewidth=2.2, linestyle=dash, label=label)
        ax.set_xlim(x[0], x[-1])
        ax.set_ylim(0, 1.05)
        if target is not None and x[0] <= target <= x[-1]:
            _target(ax, before, after, target, words)
        parts.money_axis(ax.xaxis, words, "axis.target")
        parts.probability_axis(ax.yaxis, words)
        parts.legend_below(ax)
        subtitle = words("effect.chart.subtitle", as_of=words.date(before.as_of.date()))
        title = words("effect.chart", period=words.period(before.period))
        return style.finish(ax, title=title, subtitle=subtitle)


def _near(
    target: float | None, ends: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> list[float]:
    """The target, unless it lies so far outside that the curves could not be seen."""
    if target is None:
        return []
    size = float(ends[1] - ends[0])
    return [target] if ends[0] - size < target < ends[1] + size else []


def _target(ax: "Axes", before: "Outlook", after: "Outlook", target: float, words: Words) -> None:
    chances = [float(one.probability(target)) for one in (before, after)]
    ax.plot([target, target], [0, max(chances)], color=style.ORANGE, linewidth=1.4, zorder=3)
    ax.plot([target] * 2, chances, "D", color=style.ORANGE, markersize=8, zorder=5)
    shown = {
        name: words.probability(p) for name, p in zip(("before", "after"), chances, strict=True)
    }
    low, high = ax.get_xlim()
    right = target < (low + high) / 2
    ax.annotate(
        style.text(words("effect.at", target=words.short(target), **shown)),
        (target, 1.0),
        xytext=(8 if right else -8, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=10,
        fontweight="bold",
        color=style.ORANGE,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
        zorder=6,
    )
