"""How such forecasts did before: the error of each model, and how often the 80 % range held."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts, pick
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OURS = "workbench"
NOMINAL = 0.8
LIMIT = 20


def error_chart(
    skill: pd.DataFrame, words: Words, *, unit: str = "", ax: "Axes | None" = None
) -> "Axes":
    """Mean error of the period total at past dates, ours beside the simple rules.

    Args:
        skill: the table of backtest scores (``SamplePaths.skill``).
        words: language and currency.
        unit: the unit to draw; empty for the sum of all.
        ax: where to draw; a new figure otherwise.
    """
    rows = skill[(skill["unit"] == unit) & skill["mape"].notna()]
    at = np.arange(len(rows))
    with style.house_style():
        ax = ax or style.new_axes(height=1.6 + 0.45 * len(rows))
        colours = [style.BLUE if model == OURS else style.BANDS[1] for model in rows["model"]]
        ax.barh(at, rows["mape"] / 100, height=0.55, color=colours)
        for row, error in zip(at, rows["mape"] / 100, strict=True):
            label = style.text(words.percent(error, digits=1))
            ax.annotate(label, (error, row), (5, 0), textcoords="offset points", va="center")
        ax.set_yticks(at, [style.text(words.either(f"model.{m}", m)) for m in rows["model"]])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, float(rows["mape"].max() / 100) * 1.15 if len(rows) else 1.0)
        parts.probability_axis(ax.xaxis, words, "error.axis")
        ax.spines["left"].set_visible(False)
        tests = words.count(rows["n_origins"].max()) if len(rows) else "0"
        name = shorten(pick.unit_label(unit, words), 40)
        subtitle = words("error.subtitle", unit=name, n=tests)
        return style.finish(ax, title=words("error.title"), subtitle=subtitle, grid="x")


def coverage_chart(
    skill: pd.DataFrame, words: Words, *, limit: int = LIMIT, ax: "Axes | None" = None
) -> "Axes":
    """Per unit, how often the actual total lay inside the 80 % range at past dates.

    Args:
        skill: the table of backtest scores (``SamplePaths.skill``).
        words: language and currency.
        limit: at most so many units, after the sum of all.
        ax: where to draw; a new figure otherwise.
    """
    known = skill[(skill["model"] == OURS) & skill["coverage_80"].notna()]
    rows = known.head(limit + 1)
    at = np.arange(len(rows))
    with style.house_style():
        ax = ax or style.new_axes(height=1.8 + 0.34 * len(rows))
        ax.axvspan(NOMINAL - 0.1, NOMINAL + 0.1, color=style.BANDS[0], alpha=0.6, linewidth=0)
        ax.axvline(NOMINAL, color=style.BLUE, linewidth=1.2)
        ax.hlines(at, 0, rows["coverage_80"], color=style.GRID, linewidth=2, zorder=1)
        ax.scatter(rows["coverage_80"], at, color=style.BLUE, s=50, zorder=3)
        names = [style.text(shorten(pick.unit_label(unit, words), 26)) for unit in rows["unit"]]
        ax.set_yticks(at, names)
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 1.03)
        parts.probability_axis(ax.xaxis, words, "coverage.axis")
        ax.spines["left"].set_visible(False)
        subtitle = words("coverage.subtitle")
        if len(known) > len(rows):
            others = words("others", count=words.count(len(known) - len(rows)))
            subtitle = words("with_note", text=subtitle, note=others)
        return style.finish(ax, title=words("coverage.title"), subtitle=subtitle, grid="x")
