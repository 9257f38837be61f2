"""One campaign in figures: its funnel, its days, and what the result depends on."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.campaign.meaning import meanings
from workbench.campaign.overview import daily_course
from workbench.campaign.quantity import quantities
from workbench.campaign.tornado import BY_CHANCE
from workbench.report import style
from workbench.report.figures import parts
from workbench.report.figures.record import nothing
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.calendar.period import Period
    from workbench.campaign.simulation import Simulation

MOST_INPUTS = 10
SMALL = 0.05
"""Swings below this part of the widest are not drawn."""
GAINS = {"sales": style.SKY, "repeat_sales": style.GREEN}
LOSSES = {
    "cannibalised_sales": style.ORANGE,
    "repaid_sales": style.RED,
    "shared": style.PURPLE,
}
SHARED = ("overlap_sales", "unserved_sales")
DAYS_SHOWN = 75
NAME = 40


def funnel_chart(campaign: "Simulation", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """The steps from visit to sale: median, 80 % range, and the share of the step before.

    Args:
        campaign: what was simulated, of any kind.
        words: language and currency.
        ax: where to draw; a new figure otherwise.
    """
    rows = campaign.funnel()
    known = quantities(campaign.kind)
    names = [known[step].label[words.language] for step in rows["step"]]
    with style.house_style():
        ax = ax or style.new_axes(height=1.3 + 0.55 * max(len(rows), 1))
        middle = rows["p50"].to_numpy(dtype=float)
        most = max(float(rows["p90"].max()), 1.0) if len(rows) else 1.0
        least = min(float(middle[middle > 0].min()) if (middle > 0).any() else 1.0, 1.0)
        for row, (mid, low, high) in enumerate(zip(middle, rows["p10"], rows["p90"], strict=True)):
            colour = style.BLUE if row == len(rows) - 1 else style.SKY
            ax.barh(row, max(mid, least), height=0.62, color=colour, zorder=2)
            ax.plot([max(low, least), max(high, least)], [row] * 2, color=style.INK, lw=1.3)
            label = style.text(_step(mid, float(rows["of_previous"].iloc[row]), words))
            ax.text(max(high, mid, least) * 1.15, row, label, va="center", fontsize=9.5)
        ax.set_xscale("log")
        ax.set_xlim(least / 2, most * (most / least) ** 0.55 + 1)
        ax.set_yticks(range(len(names)), [style.text(shorten(name, 38)) for name in names])
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.xaxis.set_visible(False)
        for edge in ("left", "bottom"):
            ax.spines[edge].set_visible(False)
        title = words("funnel.title", name=shorten(campaign.campaign, NAME))
        return style.finish(ax, title=title, subtitle=words("funnel.subtitle"), grid="")


def course_chart(
    campaign: "Simulation",
    words: Words,
    *,
    period: "Period | None" = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Each day's sales of the campaign and what it takes from others, and their sum.

    Args:
        campaign: what was simulated.
        words: language and currency.
        period: its last day is marked where it lies among the days shown.
        ax: where to draw; a new figure otherwise.
    """
    days = daily_course(campaign)
    days = days.assign(shared=days[list(SHARED)].sum(axis=1))[: campaign.n_active + DAYS_SHOWN]
    with style.house_style():
        ax = ax or style.new_axes(height=4.2)
        place = np.array([parts.place_of(day) for day in days["date"]])
        for colours in (GAINS, LOSSES):
            _stack(ax, place, days, colours, words)
        low, high = (days[name].to_numpy(dtype=float) for name in ("p10", "p90"))
        ax.fill_between(place, low, high, color=style.INK, alpha=0.13, linewidth=0, zorder=3)
        label = style.text(words("course.net"))
        ax.plot(place, days["increment"], color=style.INK, linewidth=1.8, zorder=4, label=label)
        ax.axhline(0, color=style.INK, linewidth=0.8)
        ax.set_xlim(place[0] - 1, place[-1] + 1)
        _period_end(ax, period, words)
        parts.money_axis(ax.yaxis, words, "course.axis")
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        title = words("course.title.campaign", name=shorten(campaign.campaign, NAME))
        return style.finish(ax, title=title, subtitle=words("course.subtitle.campaign"))


def tornado_chart(
    campaign: "Simulation",
    words: Words,
    *,
    most: int = MOST_INPUTS,
    ax: "Axes | None" = None,
) -> "Axes":
    """What drives the increment: its mean where an input is low, and where it is high.

    Args:
        campaign: what was simulated.
        words: language and currency.
        most: so many inputs at most, the strongest first.
        ax: where to draw; a new figure otherwise.
    """
    rows = _strong(campaign.tornado())[:most]
    mean = float(campaign.outcome("incremental_sales").mean())
    known = meanings(campaign.kind)
    with style.house_style():
        ax = ax or style.new_axes(height=1.7 + 0.42 * max(len(rows), 2))
        for row, (low, high) in enumerate(zip(rows["low"], rows["high"], strict=True)):
            for end, colour in ((low, style.ORANGE), (high, style.BLUE)):
                ax.barh(row, end - mean, left=mean, height=0.62, color=colour, alpha=0.9)
            share = words.percent(float(rows["share"].iloc[row]))
            ax.annotate(
                style.text(share),
                (1.02, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=9.5,
            )
        ax.axvline(mean, color=style.INK, linewidth=0.9)
        labels = [known[str(name)].label[words.language] for name in rows["input"]]
        ax.set_yticks(range(len(labels)), [style.text(shorten(name, 50)) for name in labels])
        ax.set_ylim(max(len(labels), 1) - 0.4, -0.6)
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.spines["left"].set_visible(False)
        parts.money_axis(ax.xaxis, words, "tornado.axis")
        _ends(ax, words) if len(rows) else nothing(ax, words)
        title = words("tornado.title", name=shorten(campaign.campaign, NAME))
        return style.finish(ax, title=title, subtitle=words("tornado.subtitle"), grid="x")


def _strong(rows: pd.DataFrame) -> pd.DataFrame:
    """The inputs that matter beside the strongest one, and beside chance."""
    swing, share = (rows[name].abs().to_numpy(dtype=float) for name in ("swing", "share"))
    matter = (swing >= SMALL * swing.max(initial=0.0)) & (share >= BY_CHANCE)
    return rows.take(np.flatnonzero(matter))


def _step(count: float, of_previous: float, words: Words) -> str:
    shown = words.count(count)
    if not np.isfinite(of_previous):
        return shown
    if of_previous > 1:
        return words("funnel.times", count=shown, times=f"{of_previous:.2g}")
    digits = 0 if of_previous >= 0.1 else 1
    return words("funnel.kept", count=shown, share=words.percent(of_previous, digits=digits))


def _stack(
    ax: "Axes", place: "np.ndarray[tuple[int], np.dtype[np.float64]]", days: pd.DataFrame,
    colours: dict[str, str], words: Words,
) -> None:  # fmt: skip
    """Bars on top of each other, those below zero downwards; names that never occur stay out."""
    base = np.zeros(len(place))
    for name, colour in colours.items():
        values = days[name].to_numpy(dtype=float)
        if not values.any():
            continue
        label = style.text(words(f"course.{name}"))
        ax.bar(place, values, 0.9, bottom=base, color=colour, alpha=0.75, label=label, zorder=2)
        base = base + values


def _period_end(ax: "Axes", period: "Period | None", words: Words) -> None:
    if period is None:
        return
    at = parts.place_of(period.end) + 0.5
    low, high = ax.get_xlim()
    if not low < at < high:
        return
    ax.axvline(at, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    right = at > (low + high) / 2
    ax.annotate(
        style.text(words("course.period_end")),
        (at, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if right else 4, -10),
        textcoords="offset points",
        ha="right" if right else "left",
        fontsize=8.5,
        color=style.MUTED,
    )


def _ends(ax: "Axes", words: Words) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(color=colour, label=style.text(words(f"tornado.{name}")))
        for name, colour in (("low", style.ORANGE), ("high", style.BLUE))
    ]
    parts.legend_below(ax, handles=handles)
