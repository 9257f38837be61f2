"""Pieces that several figures share: axes of money and dates, bands, marks, labels."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbench.report import style
from workbench.report.safe import columns, shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.transforms import Transform

    from workbench.calendar.calendar import Calendar

Floats = NDArray[np.float64]
LEVELS = (95, 80, 50)
MARK_ROWS = 3
COLUMN = 0.0072
"""Width of one letter of a festival's name, as a share of the chart."""
WIDEST_LEGEND = 0.93
"""Width of a legend as a share of the figure; a wider one would take it from the chart."""


def money_axis(axis: "Axis", words: Words, key: str = "axis.money") -> None:
    """Ticks in k / M or 万 / 亿, and the currency in the label."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value)))
    axis.set_label_text(style.text(money_label(words, key)))


def money_label(words: Words, key: str) -> str:
    """The label of an amount: of money with its currency, or of pieces."""
    if not words.currency:
        return words(f"{key}.pieces")
    return words(key, currency=words.either(f"currency.{words.currency}", words.currency))


def probability_axis(axis: "Axis", words: Words, key: str = "axis.probability") -> None:
    """Ticks in percent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.percent(value)))
    axis.set_label_text(style.text(words(key)))


def date_axis(ax: "Axes", words: Words) -> None:
    """Ticks at months, at days where the axis is short; the year under its first month."""
    from matplotlib.dates import DayLocator, MonthLocator
    from matplotlib.ticker import FuncFormatter

    low, high = ax.get_xlim()
    if high - low <= 62:
        ax.xaxis.set_major_locator(DayLocator(interval=max(1, round((high - low) / 8))))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: words.date(day_of(value), year=False))
        )
        return
    step = next((s for s in (1, 2, 3, 6) if (high - low) / 30.4 / s <= 13), 12)
    ax.xaxis.set_major_locator(MonthLocator(bymonth=range(1, 13, step)))  # type: ignore[no-untyped-call]
    first = next((tick for tick in ax.xaxis.get_major_locator()() if tick >= low), low)

    def label(value: float, _: object) -> str:
        day = day_of(value)
        if day.month > step and value != first:
            return words.month(day)
        return f"{words.month(day)}\n{words.year(day.year)}"

    ax.xaxis.set_major_formatter(FuncFormatter(label))


def bands(ax: "Axes", x: Any, draws: Floats, words: Words) -> None:
    """Shaded 95, 80 and 50 % ranges and the median of ``draws`` (n_draws, n_points)."""
    for level, colour in zip(LEVELS, style.BANDS, strict=True):
        tail = (1 - level / 100) / 2
        low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
        name = style.text(words("fan.band", level=level))
        ax.fill_between(x, low, high, color=colour, linewidth=0, label=name, zorder=1)
    median = np.median(draws, axis=0)
    ax.plot(x, median, color=style.BLUE, linewidth=2, label=style.text(words("fan.median")))


def as_of_line(ax: "Axes", day: dt.date, words: Words, *, before: bool = True) -> None:
    """A thin line where the known ends, named at its foot: before or after it."""
    ax.axvline(
        place_of(day),
        ymax=0.85 if before else 0.6,
        color=style.INK,
        linewidth=0.9,
        linestyle=(0, (4, 3)),
        zorder=3,
    )
    ax.annotate(
        style.text(words("fan.as_of", date=words.date(day, year=False))),
        (place_of(day), 0),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if before else 4, 5),
        textcoords="offset points",
        ha="right" if before else "left",
        fontsize=8.5,
        color=style.MUTED,
    )


def place_of(day: dt.date) -> float:
    """Where a day stands on a date axis."""
    from matplotlib.dates import date2num

    return float(date2num(day))  # type: ignore[no-untyped-call]


def day_of(place: float) -> dt.date:
    """The day at a place of a date axis."""
    from matplotlib.dates import num2date

    day: dt.date = num2date(place).date()  # type: ignore[no-untyped-call]
    return day


def festival_marks(ax: "Axes", calendar: "Calendar | None", words: Words) -> None:
    """Festivals along the top, in three rows; one that finds no room goes without its name."""
    if calendar is None:
        return
    low, high = ax.get_xlim()
    column = (high - low) * COLUMN
    free = [-np.inf] * MARK_ROWS
    for mark in calendar.marks(day_of(low), day_of(high)):
        at, name = place_of(mark.date), shorten(words.mark(mark), 16)
        ax.axvline(at, color=style.PURPLE, linewidth=0.8, alpha=0.3, zorder=0)
        width = column * (columns(name) + 1.5)
        left = min(at, high - width)
        row = next((r for r, end in enumerate(free) if left >= end), None)
        if row is None:
            continue
        free[row] = left + width
        ax.annotate(
            style.text(name),
            (left, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2, -10 - 11 * row),
            textcoords="offset points",
            fontsize=8,
            color=style.PURPLE,
            zorder=4,
        )


def legend_below(
    ax: "Axes", *, n_columns: int = 7, handles: "Sequence[Artist] | None" = None
) -> None:
    """The legend in lines under the chart, no wider than the chart may be."""
    shown = list(handles) if handles else ax.get_legend_handles_labels()[0]
    widest = WIDEST_LEGEND * ax.get_figure(root=True).bbox.width  # type: ignore[union-attr]
    for count in range(min(n_columns, len(shown)), 0, -1):
        legend = ax.legend(
            handles=shown,
            ncols=count,
            loc="upper left",
            bbox_to_anchor=(0.0, 0.0),
            bbox_transform=below(ax),
            handlelength=1.6,
            columnspacing=1.4,
            borderaxespad=0.0,
        )
        if legend.get_window_extent().width <= widest:
            break


def below(ax: "Axes") -> "Transform":
    """The lower left corner of the axes, moved down past the tick labels, whatever the height."""
    from matplotlib.transforms import ScaledTranslation

    inches = ax.get_figure(root=True).dpi_scale_trans  # type: ignore[union-attr]
    return ax.transAxes + ScaledTranslation(-0.06, -0.52, inches)


def spread_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as may be to ``wanted``, in the same order, at least ``gap`` apart.

    >>> spread_apart([0.5, 0.52, 0.9], 0.1, 0.0, 1.0)
    [0.46, 0.56, 0.9]
    """
    order = np.argsort(wanted, kind="stable")
    groups: list[list[float]] = []
    for value in (float(wanted[at]) for at in order):
        groups.append([value])
        while len(groups) > 1 and _bottom(groups[-1], gap) < _top(groups[-2], gap) + gap:
            last = groups.pop()
            groups[-1].extend(last)
    placed = [_bottom(group, gap) + gap * k for group in groups for k in range(len(group))]
    shift = min(0.0, high - placed[-1]) if placed else 0.0
    shift = max(shift, low - placed[0]) if placed else 0.0
    out = [0.0] * len(placed)
    for at, place in zip(order, placed, strict=True):
        out[int(at)] = round(place + shift, 9)
    return out


def _bottom(group: list[float], gap: float) -> float:
    return sum(group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: list[float], gap: float) -> float:
    return _bottom(group, gap) + gap * (len(group) - 1)
