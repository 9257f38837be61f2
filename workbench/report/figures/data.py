"""The data at a glance: sales by unit over time, gaps, and what was left out."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report import style
from workbench.report.figures import parts
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from workbench.data.report import DataReport

SHOWN = 6
LIMIT = 25
WEEKS_FROM = 70
UNIT_COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY, "#c9a227")
SOLD, ZERO, UNKNOWN, OUTSIDE = 3, 2, 1, 0
DAY_COLOURS = ("#ffffff", style.RED, "#f1d7a8", style.BANDS[1])


def sales_chart(frame: pd.DataFrame, words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Sales of the largest units, stacked, as daily averages by week.

    Args:
        frame: unit, date, sales.
        words: language and currency.
        ax: where to draw; a new figure otherwise.
    """
    wide = _wide(frame)
    table = _weekly(wide)
    order = table.sum().sort_values(ascending=False, kind="stable").index
    rest = table[order[SHOWN:]].sum(axis=1)
    with style.house_style():
        ax = ax or style.new_axes(height=4.0)
        layers = [table[name].fillna(0.0) for name in order[:SHOWN]]
        labels = [style.text(shorten(name, 20)) for name in order[:SHOWN]]
        colours = list(UNIT_COLOURS[: len(layers)])
        if len(order) > SHOWN:
            layers.append(rest)
            labels.append(style.text(words("others", count=words.count(len(order) - SHOWN))))
            colours.append("#c5ccd4")
        ax.stackplot(table.index, layers, labels=labels, colors=colours, alpha=0.9, linewidth=0)
        ax.margins(x=0)
        ax.set_ylim(bottom=0)
        weekly = len(table) < len(wide)
        parts.money_axis(ax.yaxis, words, "axis.money_day" if weekly else "axis.money")
        parts.date_axis(ax, words)
        parts.legend_below(ax)
        first, last = wide.index[0].date(), wide.index[-1].date()
        return style.finish(ax, title=words("sales.title"), subtitle=words.dates(first, last))


def gaps_chart(
    frame: pd.DataFrame, words: Words, *, limit: int = LIMIT, ax: "Axes | None" = None
) -> "Axes":
    """Which days have sales, none, or no value at all, for the largest units.

    Args:
        frame: unit, date, sales; NaN = not observed.
        words: language and currency.
        limit: at most so many units.
        ax: where to draw; a new figure otherwise.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    wide = _wide(frame)
    order = wide.sum().sort_values(ascending=False, kind="stable").index
    shown = wide[order[:limit]]
    kinds = _kinds(shown)
    start, end = parts.place_of(shown.index[0]), parts.place_of(shown.index[-1]) + 1
    rows = len(shown.columns)
    with style.house_style():
        ax = ax or style.new_axes(height=1.9 + 0.26 * rows)
        extent = (start, end, rows - 0.5, -0.5)
        days = ListedColormap(DAY_COLOURS)
        ax.imshow(
            kinds.T, aspect="auto", cmap=days, vmin=0, vmax=3, extent=extent, interpolation="none"
        )
        ax.hlines(np.arange(rows - 1) + 0.5, start, end, color=style.PAPER, linewidth=2)
        ax.xaxis_date()
        ax.set_yticks(range(rows), [style.text(shorten(name, 26)) for name in shown.columns])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        parts.date_axis(ax, words)
        named = ((SOLD, "gaps.sold"), (ZERO, "gaps.zero"), (UNKNOWN, "gaps.unknown"))
        patches = [Patch(color=DAY_COLOURS[k], label=style.text(words(key))) for k, key in named]
        parts.legend_below(ax, handles=patches)
        left_out = len(order) - rows
        subtitle = words("others", count=words.count(left_out)) if left_out else ""
        return style.finish(ax, title=words("gaps.title"), subtitle=subtitle, grid="")


def dropped_chart(report: "DataReport", words: Words, *, ax: "Axes | None" = None) -> "Axes":
    """Rows that do not count, by rule, with their money.

    Args:
        report: the data report.
        words: language and currency.
        ax: where to draw; a new figure otherwise.
    """
    table = report.table(words.language)
    kept = [at for at, e in enumerate(report.entries) if e.rule in report.dropped and e.rows > 0]
    rows = table.iloc[kept].sort_values(table.columns[1], ascending=False, kind="stable")
    at = np.arange(len(rows))
    with style.house_style():
        ax = ax or style.new_axes(height=1.5 + 0.4 * max(len(rows), 1))
        counts = rows.iloc[:, 1].to_numpy(dtype=float)
        ax.barh(at, counts, height=0.55, color=style.BANDS[2])
        for row, (count, money) in enumerate(zip(counts, rows.iloc[:, 2], strict=True)):
            amount = words.short(money) if money else ""
            label = "  ·  ".join(filter(None, [words.count(count), amount]))
            label = style.text(label)
            ax.annotate(label, (count, row), (5, 0), textcoords="offset points", va="center")
        ax.set_yticks(at, [style.text(what) for what in rows.iloc[:, 0]])
        ax.tick_params(axis="y", length=0, labelcolor=style.INK)
        ax.set_ylim(max(len(rows), 1) - 0.4, -0.6)
        ax.set_xlim(0, counts.max() * 1.25 if len(counts) else 1.0)
        ax.xaxis.set_visible(False)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
        subtitle = words("dropped.subtitle" if len(rows) else "dropped.none")
        return style.finish(ax, title=words("dropped.title"), subtitle=subtitle, grid="")


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates × units; NaN where there is no row or no value."""
    sums = frame.groupby(["date", "unit"], sort=True, observed=True)["sales"].sum(min_count=1)
    return sums.unstack("unit")  # noqa: PD010 - a series has no pivot_table


def _weekly(wide: pd.DataFrame) -> pd.DataFrame:
    """Means over seven rows where there are many days; as it is otherwise."""
    daily = len(wide) > 1 and (wide.index[1] - wide.index[0]).days == 1
    if not daily or len(wide) <= WEEKS_FROM:
        return wide
    whole = wide.iloc[len(wide) % 7 :]
    means = whole.groupby(np.arange(len(whole)) // 7).mean()
    return means.set_axis(whole.index[3::7], axis=0)


def _kinds(wide: pd.DataFrame) -> "np.ndarray[tuple[int, ...], np.dtype[np.int_]]":
    """Per day and unit: sold, zero, unknown, or before its first and after its last value."""
    values = wide.to_numpy(dtype=float)
    seen = np.isfinite(values)
    inside = np.maximum.accumulate(seen, axis=0) & np.maximum.accumulate(seen[::-1], axis=0)[::-1]
    return np.select([seen & (values != 0), seen, inside], [SOLD, ZERO, UNKNOWN], OUTSIDE)
