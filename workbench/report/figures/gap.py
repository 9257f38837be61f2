"""The gap as a waterfall: its parts one after the other, and what they come to."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.target.crossed import Crossed
    from workbench.target.gap import Gap

MOST = 9
BY_CAUSE = ("expectation", "price_volume_mix", "funnel")
"""Views whose bars are causes, summed over units."""
MOST_ROWS, MOST_COLUMNS = 20, 12


def gap_chart(gap: "Gap", words: Words, *, view: str = "unit", ax: "Axes | None" = None) -> "Axes":
    """One way of taking the gap apart: bars that start where the one above ended.

    Args:
        gap: what is missing by now, in parts.
        words: language and currency.
        view: the way of taking it apart.
        ax: where to draw; a new figure otherwise.
    """
    bars = gap_bars(gap, view, words)
    with style.house_style():
        ax = ax or style.new_axes(height=1.5 + 0.42 * (len(bars) + 1))
        running = 0.0
        for row, (_, amount) in enumerate(bars):
            colour = style.BLUE if amount >= 0 else style.RED
            ax.barh(row, amount, left=running, height=0.62, color=colour)
            ax.plot([running + amount] * 2, [row - 0.31, row + 1.31], color=style.MUTED, lw=0.8)
            running += amount
        ax.barh(len(bars), gap.total, height=0.62, color=style.INK)
        ax.axvline(0, color=style.INK, linewidth=0.9)
        _numbers(ax, [*bars, ("", gap.total)], words)
        names = [*(name for name, _ in bars), words("gap.total")]
        ax.set_yticks(range(len(names)), [style.text(shorten(name, 34)) for name in names])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.spines["left"].set_visible(False)
        parts.money_axis(ax.xaxis, words, "gap.axis")
        title, subtitle = words(f"gap.title.{view}"), words(f"gap.subtitle.{view}")
        return style.finish(ax, title=title, subtitle=subtitle, grid="x")


def gap_bars(gap: "Gap", view: str, words: Words) -> list[tuple[str, float]]:
    """What a waterfall of one view shows: name and amount; the smallest parts in one."""
    table = gap.view(view)
    if view in BY_CAUSE:
        sums = table.groupby("cause", sort=False)["amount"].sum()
        return [(words.either(f"gap_cause.{c}", c), float(a)) for c, a in sums.items()]
    named = [
        (_named(str(cause), str(unit), view, words), float(amount))
        for cause, unit, amount in table.itertuples(index=False)
    ]
    common = [bar for bar, cause in zip(named, table["cause"], strict=True) if cause == "market"]
    rest = [bar for bar, cause in zip(named, table["cause"], strict=True) if cause != "market"]
    rest.sort(key=lambda bar: -abs(bar[1]))
    small = rest[MOST:] if len(rest) > MOST + 1 else []
    shown = sorted(rest[: len(rest) - len(small)], key=lambda bar: bar[1] * np.sign(gap.total))
    others = [(words("gap.rest", count=len(small)), sum(amount for _, amount in small))]
    return [*common, *shown[::-1], *(others if small else [])]


def crossed_chart(crossed: "Crossed", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Units × another dimension: projected attainment, ahead or behind; colour: probability.

    The largest 20 rows and 12 columns are drawn; the first row and column are the sums.
    """
    table = crossed.table()
    rows = ["", *_largest(table, "row", "column")[:MOST_ROWS]]
    columns = ["", *_largest(table, "column", "row")[:MOST_COLUMNS]]
    wide = {
        name: table.pivot_table(index="row", columns="column", values=name, dropna=False).reindex(
            index=rows, columns=columns
        )
        for name in ("probability", "attains", "ahead")
    }
    with style.house_style():
        size = (1.9 + 1.02 * len(columns), 1.6 + 0.62 * len(rows))
        ax = ax or style.new_axes(*size)
        chances = wide["probability"].to_numpy(dtype=float)
        ax.imshow(chances, cmap=style.chance_map(), vmin=0, vmax=1, aspect="auto")
        for at in np.ndindex(chances.shape):
            chance, attains, ahead = (float(values.to_numpy()[at]) for values in wide.values())
            _cell(ax, at, (chance, attains, ahead), words)
        heads = [shorten(name, 12) or words("total") for name in columns]
        sides = [shorten(name, 16) or words("total") for name in rows]
        ax.set_xticks(range(len(columns)), [style.text(name) for name in heads])
        ax.set_yticks(range(len(rows)), [style.text(name) for name in sides])
        ax.tick_params(length=0, labelcolor=style.INK, labeltop=True, labelbottom=False)
        for edge in ("left", "bottom"):
            ax.spines[edge].set_visible(False)
        ax.axhline(0.5, color=style.PAPER, linewidth=4)
        ax.axvline(0.5, color=style.PAPER, linewidth=4)
        ax.set_xticks(np.arange(len(columns)) - 0.5, minor=True)
        names = {
            "rows": words.either(f"dimension.{crossed.rows}", crossed.rows),
            "columns": words.either(f"dimension.{crossed.columns}", crossed.columns),
        }
        done = style.finish(ax, title="", grid="")
        # Above the column heads, which stand at the top.
        ax.set_title(style.text(words("crossed.title", **names)), loc="left", pad=44, fontsize=13,
                     fontweight="bold", color=style.INK)  # fmt: skip
        ax.annotate(style.text(words("crossed.subtitle")), (0, 1), xycoords="axes fraction",
                    xytext=(0, 28), textcoords="offset points", fontsize=9.5,
                    color=style.MUTED)  # fmt: skip
        return done


def _cell(
    ax: "Axes", at: tuple[int, ...], values: tuple[float, float, float], words: Words
) -> None:
    chance, attains, ahead = values
    if not np.isfinite(chance):
        return
    row, column = at
    colour = style.PAPER if style.is_dark(style.chance_map()(chance)) else style.INK
    ax.text(column, row - 0.14, style.text(words.percent(attains)), ha="center", va="center",
            fontsize=10, fontweight="bold", color=colour)  # fmt: skip
    sign = "+" if ahead > 0 else ""
    amount = style.text(f"{sign}{words.tick(round(ahead))}")
    ax.text(column, row + 0.22, amount, ha="center", va="center", fontsize=8, color=colour)


def _largest(table: pd.DataFrame, name: str, other: str) -> list[str]:
    """The levels of one side, the largest target first."""
    cells = table[(table[name] != "") & (table[other] != "")]
    return [str(n) for n in cells.groupby(name)["target"].sum().sort_values(ascending=False).index]


def _named(cause: str, unit: str, view: str, words: Words) -> str:
    """What a bar is called."""
    if cause in ("market", "unassigned") or not unit:
        return words.either(f"gap_cause.{cause}", cause)
    if view == "unit" or cause == "cell":
        return unit
    if words.known(f"dimension.{cause}"):
        return words("gap.of", cause=words(f"dimension.{cause}"), unit=unit)
    return words("gap.of", cause=words.either(f"gap_cause.{cause}", cause), unit=unit)


def _numbers(ax: "Axes", bars: list[tuple[str, float]], words: Words) -> None:
    """The amounts in a column at the right."""
    for row, (_, amount) in enumerate(bars):
        sign = "+" if amount > 0 else ""
        ax.annotate(
            style.text(f"{sign}{words.short(amount)}"),
            (1.11, row),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="center",
            fontsize=9.5,
            fontweight="bold" if row == len(bars) - 1 else "normal",
        )
