"""Did the probabilities hold? Reliability, percentiles, and the course period by period."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.words import Words
from workbench.score.grouped import held

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.record import TrackRecord

BINS = 10


def reliability_chart(record: "TrackRecord", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Stated probability against the share that was reached, with what chance allows.

    Args:
        record: outlooks beside what happened.
        words: language.
        ax: where to draw; a new figure otherwise.
    """
    levels = record.levels()
    with style.house_style():
        ax = ax or style.new_axes(width=6.6, height=5.6)
        ax.plot([0, 1], [0, 1], color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=2)
        if levels["cases"].iloc[0]:
            _allowed(ax, levels)
            _levels(ax, levels, words)
            _events(ax, record, words)
            parts.legend_below(ax, n_columns=1)
        else:
            nothing(ax, words)
        ax.set_xlim(0, 1)
        ax.set_ylim(-0.02, 1.03)
        parts.probability_axis(ax.xaxis, words, "reliability.x")
        parts.probability_axis(ax.yaxis, words, "reliability.y")
        subtitle = words(
            "reliability.subtitle",
            n=words.count(len(record.cases)),
            periods=words.count(record.periods),
        )
        return style.finish(ax, title=words("reliability.title"), subtitle=subtitle, grid="both")


def pit_chart(record: "TrackRecord", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """How often outcomes fell in each tenth of what was expected."""
    rank = record.cases["pit"].to_numpy(dtype=float)
    counts = np.histogram(rank, bins=BINS, range=(0, 1))[0]
    at = (np.arange(BINS) + 0.5) / BINS
    with style.house_style():
        ax = ax or style.new_axes(height=3.6)
        ax.bar(at, counts, width=0.92 / BINS, color=style.SKY, zorder=2)
        even = len(rank) / BINS
        if len(rank):
            margin = held(rank < 1 / BINS, 1 / BINS, record.cases["group"]).margin
            reach = min(margin, 1.0) * len(rank)
            ax.axhspan(
                max(even - reach, 0), even + reach, color=style.BANDS[0], alpha=0.55, linewidth=0
            )
            line = ax.axhline(even, color=style.BLUE, linewidth=1.2, zorder=3)
            line.set_label(style.text(words("pit.even")))
            ax.set_ylim(0, max(counts.max(), even) * 1.25)
            parts.legend_below(ax)
        else:
            nothing(ax, words)
        ax.set_xlim(0, 1)
        parts.probability_axis(ax.xaxis, words, "pit.x")
        ax.set_ylabel(style.text(words("pit.y")))
        return style.finish(ax, title=words("pit.title"), subtitle=words("pit.subtitle"))


def course_chart(record: "TrackRecord", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Where each outcome fell in what was expected, period by period."""
    cases = record.cases
    with style.house_style():
        ax = ax or style.new_axes(height=3.8)
        ax.axhspan(0.1, 0.9, color=style.BANDS[0], alpha=0.6, linewidth=0)
        ax.axhline(0.5, color=style.BLUE, linewidth=1)
        labels = list(dict.fromkeys(cases.sort_values(["end", "start"])["period"]))
        place = {label: at for at, label in enumerate(labels)}
        for whole, size, colour, name in (
            (False, 22, style.MUTED, "ranks.unit"),
            (True, 64, style.BLUE, "ranks.all"),
        ):
            rows = cases[(cases["unit"] == "") == whole]
            x = rows["period"].map(place).to_numpy(dtype=float) + 0.5 * (rows["elapsed"] - 0.4)
            shown = words(name)
            ax.scatter(
                x, rows["pit"], s=size, color=colour, alpha=0.8, zorder=3, label=style.text(shown)
            )
        step = max(1, len(labels) // 12)
        ax.set_xticks(
            [place[label] for label in labels[::step]],
            [style.text(_period(label)) for label in labels[::step]],
        )
        ax.set_xlim(-0.6, max(len(labels), 1) - 0.4)
        ax.set_ylim(0, 1)
        parts.probability_axis(ax.yaxis, words, "ranks.y")
        if labels:
            parts.legend_below(ax)
        else:
            nothing(ax, words)
        return style.finish(ax, title=words("ranks.title"), subtitle=words("ranks.subtitle"))


def nothing(ax: "Axes", words: Words) -> None:
    """Say in the middle of the chart that there is nothing to show."""
    ax.text(
        0.5,
        0.5,
        style.text(words("figure.nothing")),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=style.MUTED,
    )


def _allowed(ax: "Axes", levels: pd.DataFrame) -> None:
    margin = np.minimum(levels["margin"].to_numpy(dtype=float), 1.0)
    said = levels["stated"].to_numpy(dtype=float)
    low, high = np.clip(said - margin, 0, 1), np.clip(said + margin, 0, 1)
    ax.fill_between(said, low, high, color=style.BANDS[0], alpha=0.6, linewidth=0, zorder=1)


def _levels(ax: "Axes", levels: pd.DataFrame, words: Words) -> None:
    name = style.text(words("reliability.levels"))
    ax.plot(
        levels["stated"],
        levels["frequency"],
        "o-",
        color=style.BLUE,
        linewidth=1.6,
        markersize=7,
        zorder=4,
        label=name,
    )


def _events(ax: "Axes", record: "TrackRecord", words: Words) -> None:
    """Events in five bins, larger where there are more."""
    events = record.events
    if events.empty:
        return
    bins = np.minimum((events["probability"] * 5).astype(int), 4)
    table = events.groupby(bins).agg(
        said=("probability", "mean"), came=("reached", "mean"), n=("reached", "size")
    )
    size = 30 + 220 * table["n"] / table["n"].max()
    ax.scatter(
        table["said"],
        table["came"],
        s=size,
        facecolors="none",
        edgecolors=style.ORANGE,
        linewidths=1.6,
        zorder=3,
        label=style.text(words("reliability.events")),
    )


def _period(label: str) -> str:
    """A period as its axis can hold it: without the words of the language."""
    return label if "/" not in label else label.split("/")[1]
