"""The forecast as a fan: history, a year earlier, and the ranges of what is to come."""

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

MANY_STEPS = 45
MOST = 6
"""Of so many units the fans are shown beside that of all."""
HISTORY = {"D": 56, "W": 40, "M": 24}
HISTORY_WEEKS = 40


def fan_chart(
    panel: "Panel",
    paths: "SamplePaths",
    words: Words,
    *,
    unit: str = "",
    later: pd.DataFrame | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Sales so far, the same days a year earlier, and the 50, 80 and 95 % ranges ahead.

    Long daily forecasts are drawn as daily averages by week, others step by step.

    Args:
        panel: what was sold.
        paths: what may be sold.
        words: language and currency.
        unit: the unit to draw; empty for the sum of all.
        later: unit, date, sales after ``as_of``, where the period is over.
        ax: where to draw; a new figure otherwise.
    """
    weekly = panel.frequency == "D" and len(paths.dates) > MANY_STEPS
    size = pick.WEEK if weekly else 1
    with style.house_style():
        ax = ax or style.new_axes()
        shown = HISTORY_WEEKS * size if weekly else HISTORY[panel.frequency]
        past = pick.buckets(panel.dates[-shown:], size, backwards=True)
        ahead = pick.buckets(paths.dates, size)
        sold = pick.mean_of(pick.sales_of(panel, unit), past)
        draws = pick.path_sums(paths, unit, ahead) / size
        _year_earlier(ax, panel, unit, paths.dates, (past, ahead), words)
        ax.plot(past.middles, sold, color=style.INK, linewidth=1.6, label=words("fan.history"))
        joined = np.hstack([np.full((len(draws), 1), sold[-1]), draws])
        keep = slice(None) if np.isfinite(sold[-1]) else slice(1, None)
        x = past.middles[-1:].append(ahead.middles)
        parts.bands(ax, x[keep], joined[:, keep], words)
        _what_happened(ax, pick.later_of(later, unit), ahead, words)
        return _finish(ax, panel, unit, words, weekly=weekly)


def fan_charts(
    panel: "Panel",
    paths: "SamplePaths",
    words: Words,
    *,
    later: pd.DataFrame | None = None,
    limit: int = MOST,
) -> "list[Axes]":
    """The fans of the ``limit`` units that sold most, largest first; none for a single unit."""
    if len(panel.units) == 1:
        return []
    sold = np.nansum(panel.sales, axis=0)
    largest = [panel.units[at] for at in np.argsort(-sold, kind="stable")[:limit]]
    return [fan_chart(panel, paths, words, unit=unit, later=later) for unit in largest]


def _year_earlier(
    ax: "Axes",
    panel: "Panel",
    unit: str,
    dates: pd.DatetimeIndex,
    cuts: tuple[pick.Buckets, pick.Buckets],
    words: Words,
) -> None:
    """Each day's sales on its comparable day one year before, where the calendar knows it."""
    past, ahead = cuts
    if panel.calendar is None:
        return
    seen = panel.dates[panel.dates >= past.starts[0]]
    days = pd.DatetimeIndex(seen.append(dates[dates <= ahead.ends[-1]]))
    comparable = panel.calendar.last_year(days, frequency=panel.frequency)
    then = pick.sales_of(panel, unit).reindex(comparable).set_axis(days)
    x = past.middles.append(ahead.middles)
    means = np.concatenate([pick.mean_of(then, past), pick.mean_of(then, ahead)])
    if np.isfinite(means).any():
        name = words("fan.last_year")
        ax.plot(x, means, color=style.ORANGE, linewidth=1.2, linestyle=(0, (3, 2)), label=name)


def _what_happened(
    ax: "Axes", later: "pd.Series[float] | None", ahead: pick.Buckets, words: Words
) -> None:
    if later is None:
        return
    means = pick.mean_of(later, ahead)
    marker = {"marker": "o", "markersize": 3, "linewidth": 1.4}
    ax.plot(ahead.middles, means, color=style.RED, label=words("fan.later"), zorder=5, **marker)  # type: ignore[arg-type]


def _finish(ax: "Axes", panel: "Panel", unit: str, words: Words, *, weekly: bool) -> "Axes":
    top = ax.get_ylim()[1]
    ax.set_ylim(0, top * 1.22)
    ax.margins(x=0.01)
    parts.as_of_line(ax, panel.as_of.date(), words)
    parts.festival_marks(ax, panel.calendar, words)
    daily = panel.frequency == "D"
    parts.money_axis(ax.yaxis, words, "axis.money_day" if weekly else "axis.money")
    parts.date_axis(ax, words)
    parts.legend_below(ax)
    key = "fan.weekly" if weekly else "fan.daily" if daily else "fan.stepwise"
    name = shorten(pick.unit_label(unit, words), 48)
    return style.finish(
        ax,
        title=words("fan.title", unit=name),
        subtitle=words(key, as_of=words.date(panel.as_of.date())),
    )
