"""The attainment curve: how likely each target is."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.outlook import Outlook

MARKED = (("commit", 0.8), ("base", 0.5), ("stretch", 0.2))
POINTS = 200
ENDS = (0.002, 0.998)
APART = 0.075


def attainment_chart(
    outlook: "Outlook",
    words: Words,
    *,
    target: float | None = None,
    anchors: pd.DataFrame | None = None,
    unit: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """Probability against target, with commit, base, stretch, the target and the usual anchors.

    Args:
        outlook: actual to date and sample paths of the rest.
        words: language and currency.
        target: the target to mark, if there is one.
        anchors: the table of anchors; those of ``unit`` are marked.
        unit: the unit to draw; empty for the sum of all.
        ax: where to draw; a new figure otherwise.
    """
    one = outlook.only([unit]) if unit else outlook
    usual = _anchors(anchors, unit)
    with style.house_style():
        ax = ax or style.new_axes(height=4.8)
        low, high = np.quantile(one.total, ENDS)
        marked = [*usual["target"], *([target] if target is not None else [])]
        inside = [value for value in marked if low - (high - low) < value < high + (high - low)]
        low, high = min([low, *inside]), max([high, *inside])
        pad = (high - low) * 0.03 or max(abs(high) * 0.05, 1.0)
        x = np.linspace(max(low - pad, 0.01), high + pad, POINTS)
        y = [one.probability(float(value)) for value in x]
        ax.plot(x, y, color=style.BLUE, linewidth=2.4, zorder=3)
        ax.fill_between(x, 0, y, color=style.BANDS[0], alpha=0.5, linewidth=0)
        ax.set_xlim(x[0], x[-1])
        ax.set_ylim(0, 1.05)
        _levels(ax, one, words)
        _usual(ax, usual[usual["target"].isin(inside)], words)
        if target is not None and target in inside:
            _target(ax, one, target, words)
        parts.money_axis(ax.xaxis, words, "axis.target")
        parts.probability_axis(ax.yaxis, words)
        name = shorten(pick.unit_label(unit, words), 40)
        day = words.date(outlook.as_of.date())
        title = words("curve.title", period=words.period(outlook.period))
        return style.finish(ax, title=title, subtitle=words("curve.subtitle", unit=name, as_of=day))


def _anchors(anchors: pd.DataFrame | None, unit: str) -> pd.DataFrame:
    """One row per anchor amount: of two that nearly agree the first is kept."""
    if anchors is None:
        return pd.DataFrame({"anchor": [], "target": [], "probability": []})
    rows = anchors[(anchors["unit"] == unit) & anchors["target"].notna()]
    return rows.drop_duplicates("target").sort_values("target", ascending=False)


def _levels(ax: "Axes", outlook: "Outlook", words: Words) -> None:
    """Commit, base and stretch, named in the empty corner below the curve."""
    low = ax.get_xlim()[0]
    for name, level in MARKED:
        at = outlook.target_at(level)
        line = {"color": style.MUTED, "linewidth": 0.9, "linestyle": (0, (2, 2))}
        ax.plot([low, at, at], [level, level, 0], zorder=2, **line)  # type: ignore[arg-type]
        ax.plot([at], [level], "o", color=style.BLUE, markersize=7, zorder=4)
        label = words(
            "curve.point",
            name=words(name),
            value=words.short(at),
            probability=words.probability(level),
        )
        ax.annotate(
            style.text(label),
            (low, level),
            xytext=(8, -4),
            textcoords="offset points",
            va="top",
            fontsize=9.5,
            fontweight="bold",
            color=style.INK,
            zorder=5,
        )


def _usual(ax: "Axes", usual: pd.DataFrame, words: Words) -> None:
    """Anchors as rings on the curve, named in a column at the right, each by a thin leader."""
    if usual.empty:
        return
    x, y = usual["target"].to_numpy(dtype=float), usual["probability"].to_numpy(dtype=float)
    ax.plot(x, y, "o", mfc=style.PAPER, mec=style.PURPLE, mew=1.4, markersize=6, zorder=4)
    places = parts.spread_apart(list(y), APART, 0.03, 1.03)
    for name, at, likely, place in zip(usual["anchor"], x, y, places, strict=True):
        label = words(
            "curve.anchor",
            name=words.either(f"anchor_short.{name}", name),
            value=words.short(at),
            probability=words.probability(likely),
        )
        ax.annotate(
            style.text(label),
            (at, likely),
            xytext=(1.02, place),
            textcoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=8.5,
            color=style.PURPLE,
            arrowprops={
                "arrowstyle": "-",
                "color": style.PURPLE,
                "linewidth": 0.6,
                "alpha": 0.45,
                "relpos": (0, 0.5),
            },
            zorder=2,
        )


def _target(ax: "Axes", outlook: "Outlook", target: float, words: Words) -> None:
    likely = float(outlook.probability(target))
    low, high = ax.get_xlim()
    before = target > low + 0.45 * (high - low)
    ax.plot([low, target, target], [likely, likely, 0], color=style.ORANGE, linewidth=1.4, zorder=3)
    ax.plot([target], [likely], "D", color=style.ORANGE, markersize=9, zorder=6)
    label = words("curve.target", target=words.short(target), probability=words.probability(likely))
    ax.annotate(
        style.text(label),
        (target, 0),
        xytext=(-6 if before else 6, 8),
        textcoords="offset points",
        ha="right" if before else "left",
        fontsize=10,
        fontweight="bold",
        color=style.ORANGE,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
        zorder=6,
    )
