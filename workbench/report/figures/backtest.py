"""Did the probabilities hold? Stated chance beside share reached; where actual totals fell."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.backtest import Backtest

COLOURS = {"workbench": style.BLUE, "year_rule": style.ORANGE, "prophet": style.GREEN}
MARKS = {"workbench": "o", "year_rule": "s", "prophet": "^"}
BINS = 5
LARGEST_DOT = 220.0


def backtest_charts(past: "Backtest", words: Words) -> "list[Axes]":
    """Whether stated chances and ranges held; none where no past period was tested."""
    if past.cases.empty:
        return []
    return [reliability_chart(past, words), rank_chart(past, words)]


def reliability_chart(past: "Backtest", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Stated chance of the targets against the share reached, one line per model.

    The area of a dot is the number of targets behind it.
    """
    with style.house_style():
        ax = ax or style.new_axes(width=6.6, height=5.4)
        ax.plot([0, 1], [0, 1], color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        for model in _models(past):
            table = past.reliability(model, bins=BINS)
            if table.empty:
                continue
            x, y, count = (table[name].to_numpy(dtype=float) for name in table.columns)
            off = float(np.average(np.abs(x - y), weights=count))
            name = words.either(f"model.{model}", model)
            label = words("tested.off", model=name, error=words.percent(off))
            colour = COLOURS.get(model, style.MUTED)
            ax.plot(x, y, color=colour, linewidth=1.6, alpha=0.8, zorder=2)
            ax.scatter(
                x,
                y,
                s=20 + LARGEST_DOT * count / count.sum(),
                color=colour,
                marker=MARKS.get(model, "o"),
                label=style.text(label),
                zorder=4 if model == "workbench" else 3,
            )
        ax.set_xlim(-0.03, 1.03)
        ax.set_ylim(-0.05, 1.05)
        parts.probability_axis(ax.xaxis, words, "tested.x")
        parts.probability_axis(ax.yaxis, words, "tested.y")
        parts.legend_below(ax, n_columns=3)
        subtitle = words("tested.subtitle")
        return style.finish(ax, title=words("tested.title"), subtitle=subtitle, grid="both")


def rank_chart(past: "Backtest", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Which fifth of the forecast distribution actual totals fell into, one bar per model."""
    models = _models(past)
    with style.house_style():
        ax = ax or style.new_axes(height=3.8)
        at = np.arange(BINS)
        width = 0.8 / max(len(models), 1)
        for place, model in enumerate(models):
            ranks = past.ranks(model)
            share = np.histogram(ranks, bins=BINS, range=(0.0, 1.0))[0] / max(len(ranks), 1)
            left = at + (place - (len(models) - 1) / 2) * width
            name = style.text(words.either(f"model.{model}", model))
            colour = COLOURS.get(model, style.MUTED)
            ax.bar(left, share, width=0.9 * width, color=colour, label=name)
        even = style.text(words("tested_ranks.even"))
        ax.axhline(1 / BINS, color=style.INK, linewidth=1, linestyle=(0, (4, 3)), label=even)
        edges = np.arange(BINS + 1) / BINS
        labels = [
            style.text(f"{words.percent(low)} – {words.percent(high)}")
            for low, high in pairwise(edges)
        ]
        ax.set_xticks(at, labels)
        ax.tick_params(axis="x", length=0)
        ax.set_xlabel(style.text(words("tested_ranks.x")))
        parts.probability_axis(ax.yaxis, words, "tested_ranks.y")
        parts.legend_below(ax)
        subtitle = words("tested_ranks.subtitle", n=words.count(len(past.ranks(models[0]))))
        return style.finish(ax, title=words("tested_ranks.title"), subtitle=subtitle)


def _models(past: "Backtest") -> list[str]:
    return [str(model) for model in dict.fromkeys(past.cases["model"])]
