"""Progress: what has been sold of the period, and where it is heading."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.forecast.paths import SamplePaths
    from workbench.panel.panel import Panel
    from workbench.target.outlook import Outlook

LEVELS = (("stretch", 0.2), ("base", 0.5), ("commit", 0.8))


def progress_chart(
    panel: "Panel",
    paths: "SamplePaths | None",
    outlook: "Outlook",
    words: Words,
    *,
    target: float | None = None,
    unit: str = "",
    later: pd.DataFrame | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Cumulative sales of the period: actual to date, then the 50, 80 and 95 % ranges to its end.

    Args:
        panel: what was sold.
        paths: what may be sold; None where the period is over.
        outlook: the period.
        words: language and currency.
        target: the target to mark, if there is one.
        unit: the unit to draw; empty for the sum of all.
        later: unit, date, sales after ``as_of``, where the period is over by now.
        ax: where to draw; a new figure otherwise.
    """
    start, end = pd.Timestamp(outlook.period.start), pd.Timestamp(outlook.period.end)
    sold = pick.sales_of(panel, unit).loc[start:end].fillna(0.0).cumsum()
    done = float(sold.iloc[-1]) if len(sold) else 0.0
    with style.house_style():
        ax = ax or style.new_axes(height=4.4)
        if len(sold):
            ax.plot(sold.index, sold, color=style.INK, linewidth=2, label=words("fan.history"))
        if paths is not None and not outlook.over:
            _fan(ax, paths, unit, (start, end), (panel.as_of, done), words)
        _what_happened(ax, pick.later_of(later, unit), (start, end), (panel.as_of, done), words)
        first, last = parts.place_of(start), parts.place_of(end)
        ax.set_xlim(first - 1, last + (last - first) * 0.17)
        ax.set_ylim(0, ax.get_ylim()[1] * 1.05)
        _ends(ax, outlook.only([unit]) if unit else outlook, target, end, words)
        if start <= panel.as_of < end:
            parts.as_of_line(ax, panel.as_of.date(), words, before=False)
        parts.money_axis(ax.yaxis, words, "progress.axis")
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        name, day = shorten(pick.unit_label(unit, words), 40), words.date(panel.as_of.date())
        title = words("progress.title", period=words.period(outlook.period))
        return style.finish(
            ax, title=title, subtitle=words("progress.subtitle", unit=name, as_of=day)
        )


def _fan(
    ax: "Axes",
    paths: "SamplePaths",
    unit: str,
    span: tuple[pd.Timestamp, pd.Timestamp],
    known: tuple[pd.Timestamp, float],
    words: Words,
) -> None:
    """The running total per path, from what is known to the end of the period."""
    dates = paths.dates[(paths.dates >= span[0]) & (paths.dates <= span[1])]
    cut = pick.buckets(dates, 1)
    running = known[1] + pick.path_sums(paths, unit, cut).cumsum(axis=1)
    begin = max(known[0], span[0] - pd.Timedelta(days=1))
    draws = np.hstack([np.full((len(running), 1), known[1]), running])
    parts.bands(ax, cut.ends.insert(0, begin), draws, words)


def _what_happened(
    ax: "Axes",
    later: "pd.Series[float] | None",
    span: tuple[pd.Timestamp, pd.Timestamp],
    known: tuple[pd.Timestamp, float],
    words: Words,
) -> None:
    inside = None if later is None else later.loc[max(span[0], known[0]) : span[1]]
    if inside is None or inside.empty:
        return
    ax.plot(
        inside.index,
        known[1] + inside.cumsum(),
        color=style.RED,
        linewidth=1.8,
        label=words("fan.later"),
        zorder=5,
    )


def _ends(
    ax: "Axes", outlook: "Outlook", target: float | None, end: pd.Timestamp, words: Words
) -> None:
    """The target across the chart, and commit, base, stretch at its right end."""
    if target is not None:
        ax.set_ylim(0, max(ax.get_ylim()[1], target * 1.08))
        ax.plot(
            [parts.place_of(outlook.period.start), parts.place_of(end)],
            [target, target],
            color=style.ORANGE,
            linewidth=1.8,
            zorder=3,
        )
        ax.annotate(
            style.text(words("progress.target", value=words.short(target))),
            (parts.place_of(outlook.period.start), target),
            xytext=(2, 5),
            textcoords="offset points",
            fontsize=10,
            fontweight="bold",
            color=style.ORANGE,
        )
    if outlook.over:
        return
    top, right = ax.get_ylim()[1], parts.place_of(end)
    places = [outlook.target_at(level) for _, level in LEVELS]
    apart = parts.spread_apart(places, top * 0.055, 0, top)
    for (name, _), at, place in zip(LEVELS, places, apart, strict=True):
        ax.annotate(
            style.text(f"{words(name)} {words.short(at)}"),
            (right, at),
            xytext=(right + (ax.get_xlim()[1] - right) * 0.1, place),
            textcoords="data",
            va="center",
            fontsize=9,
            color=style.INK,
        )
