"""Where the period's total may end, with the targets marked on it."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.outlook import Outlook

MARKED = (("commit", 0.8), ("base", 0.5), ("stretch", 0.2))
PLATE = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}


def total_chart(
    outlook: "Outlook",
    words: Words,
    *,
    target: float | None = None,
    unit: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """How the simulated period totals spread; those that reach the target are strong in colour.

    Args:
        outlook: actual to date and sample paths of the rest.
        words: language and currency.
        target: the target to mark, if there is one.
        unit: the unit to draw; empty for the sum of all.
        ax: where to draw; a new figure otherwise.
    """
    one = outlook.only([unit]) if unit else outlook
    totals = one.totals.to_numpy().sum(axis=1)
    with style.house_style():
        ax = ax or style.new_axes(height=3.9)
        low, high = np.quantile(totals, [0.002, 0.998])
        edges = np.linspace(low, high if high > low else low + 1.0, 37)
        counts, _ = np.histogram(totals, edges)
        share = counts / len(totals)
        reached = edges[:-1] >= (target if target is not None else np.inf)
        colours = np.where(
            reached, style.SKY, style.BANDS[0] if target is not None else style.BANDS[1]
        )
        ax.bar(edges[:-1], share, np.diff(edges) * 0.92, align="edge", color=colours)
        top = float(share.max())
        ax.set_ylim(0, top * 1.55)
        _levels(ax, one, words, top)
        if target is not None:
            _target(ax, one, target, words, top)
        parts.money_axis(ax.xaxis, words, "axis.money")
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        name = shorten(pick.unit_label(unit, words), 40)
        subtitle = words("total.subtitle", unit=name, n=words.count(len(totals)))
        title = words("total.title", period=words.period(outlook.period))
        return style.finish(ax, title=title, subtitle=subtitle, grid="")


def _levels(ax: "Axes", outlook: "Outlook", words: Words, top: float) -> None:
    """Commit, base and stretch above the bars; only the actual once the period is over."""
    named = [
        (f"{words(name)} {words.probability(level)}", outlook.target_at(level))
        for name, level in MARKED
    ]
    if outlook.over:
        named = [(words("given.actual"), float(outlook.actual.sum()))]
    low, high = ax.get_xlim()
    places = [at for _, at in named]
    apart = parts.spread_apart(places, (high - low) * 0.13, low, high)
    for (name, at), label_at in zip(named, apart, strict=True):
        ax.plot([at, at], [0, top * 1.06], color=style.INK, linewidth=1)
        ax.plot([at, label_at], [top * 1.06, top * 1.12], color=style.INK, linewidth=1)
        label = style.text_lines(f"{name}\n{words.short(at)}")
        ax.text(label_at, top * 1.14, label, fontsize=9, ha="center", va="bottom", bbox=PLATE)


def _target(ax: "Axes", outlook: "Outlook", target: float, words: Words, top: float) -> None:
    """The target's line; a target far outside is named at the edge, with an arrow."""
    low, high = ax.get_xlim()
    at = float(np.clip(target, low - (high - low), high + (high - low)))
    ax.axvline(at, color=style.ORANGE, linewidth=2, ymax=0.97, zorder=2)
    low, high = ax.get_xlim()
    right = at < (low + high) / 2
    label = words(
        "total.target",
        target=words.short(target),
        probability=words.probability(float(outlook.probability(target))),
    )
    if outlook.over:
        label = words("progress.target", value=words.short(target))
    if at != target:
        label = f"{'→' if target > at else '←'} {label}"
    ax.annotate(
        style.text_lines(label),
        (at, top * 1.52),
        xytext=(6 if right else -6, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=9.5,
        fontweight="bold",
        color=style.ORANGE,
        bbox=PLATE,
    )
