"""One look for all tables: columns of ready text, numbers aligned at the right."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.report import style
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

LIKELY, UNLIKELY = 0.65, 0.35
FILLS = {"unlikely": "#fbe3c8", "even": "#eef1f5", "likely": "#d3e6f6"}
MANY_COLUMNS, MOST_COLUMNS = 8, 10
"""Beyond so many columns the gaps are narrower; beyond the second, the letters smaller."""
WIDE, NARROW, LEAST = "14px", "8px", "5px"
"""Space beside the numbers: less of it where there are many columns."""
NAME_WIDTH = 44


@dataclass(frozen=True)
class Column:
    """A column of text, ready to be shown; ``number`` columns are right-aligned.

    ``chances``, where given, colour the cells: below 35 % warm, from 65 % blue.
    """

    label: str
    cells: tuple[str, ...]
    number: bool = True
    chances: tuple[float, ...] = ()

    def first(self, count: int) -> "Column":
        """The first rows only."""
        return replace(self, cells=self.cells[:count], chances=self.chances[:count])


def names(units: Sequence[object], words: Words, *, label: str = "") -> Column:
    """The column of unit names; the empty name is the sum of all units."""
    shown = tuple(shorten(unit, NAME_WIDTH) or words("total") for unit in units)
    return Column(label or words("unit"), shown, number=False)


def amounts(label: str, values: Sequence[float], words: Words, *, cents: bool = False) -> Column:
    """A column of money in full digits; the cents where asked for and where there are any."""
    odd = cents and any(value == value and round(value, 2) != round(value) for value in values)
    return Column(label, tuple(words.amount(value, cents=odd) for value in values))


def percents(
    label: str, values: Sequence[float], words: Words, *, digits: int = 0, sign: bool = False
) -> Column:
    """A column of ratios as percent."""
    return Column(label, tuple(words.percent(v, digits=digits, sign=sign) for v in values))


def chances(
    label: str, values: Sequence[float], words: Words, *, of: Sequence[float] | None = None
) -> Column:
    """A column of probabilities, coloured; none for a target of nothing, where ``of`` has them."""
    given = tuple(float(value) for value in values)
    if of is not None:
        given = tuple(v if target else math.nan for v, target in zip(given, of, strict=True))
    return Column(label, tuple(words.probability(value) for value in given), chances=given)


def sheet(
    name: str,
    columns: Sequence[Column],
    words: Words,
    *,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    bold: Sequence[int] = (),
    limit: int = 0,
) -> "GT":
    """A table of these columns.

    Args:
        name: what the table is, for its place in the page.
        columns: texts by column, all of the same length.
        words: language and currency.
        title: above the table.
        subtitle: below the title.
        note: below the table.
        bold: rows in bold.
        limit: at most so many rows; how many others there are is told below. 0: no limit.
    """
    from great_tables import GT, loc
    from great_tables import style as paint

    rows = len(columns[0].cells)
    shown = [column.first(limit) for column in columns] if limit else list(columns)
    left_out = rows - len(shown[0].cells)
    if left_out:
        note = "\n".join(filter(None, [words("others", count=words.count(left_out)), note]))
    keys = [f"c{at}" for at in range(len(shown))]
    frame = pd.DataFrame(
        {key: pd.Series(c.cells, dtype=object) for key, c in zip(keys, shown, strict=True)}
    )
    labels: dict[str, Any] = dict(zip(keys, (column.label for column in shown), strict=True))
    table = GT(frame, id=_id(name, frame)).cols_label(cases=labels)
    numbers = [key for key, column in zip(keys, shown, strict=True) if column.number]
    table = table.cols_align("left").cols_align("right", numbers)
    # Chinese labels break between words alone, as others do: no "增量销售 / 额".
    table = table.tab_style(paint.css("word-break: keep-all"), loc.column_labels())
    for key, column in zip(keys, shown, strict=True):
        for mood, at in _moods(column.chances).items():
            fill = paint.fill(color=FILLS[mood])
            table = table.tab_style(fill, loc.body(columns=[key], rows=at))
    strong = [at for at in bold if at < len(frame)]
    if strong:
        table = table.tab_style(paint.text(weight="bold"), loc.body(rows=strong))
    if title:
        table = table.tab_header(title=title, subtitle=subtitle or None)
    for line in filter(None, note.split("\n")):
        table = table.tab_source_note(line)
    many, most = len(shown) > MANY_COLUMNS, len(shown) > MOST_COLUMNS
    return _dressed(table, padding=LEAST if most else NARROW if many else WIDE, small=most)


def money_note(words: Words) -> str:
    """What the amounts of a table are in."""
    if not words.currency:
        return words("table.pieces")
    return words("table.money", currency=words.either(f"currency.{words.currency}", words.currency))


def _moods(values: tuple[float, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        if value == value:
            mood = "likely" if value >= LIKELY else "unlikely" if value < UNLIKELY else "even"
            found.setdefault(mood, []).append(at)
    return found


def _id(name: str, frame: pd.DataFrame) -> str:
    """The same table, the same name in the page: reports of equal runs are equal."""
    content = frame.to_csv(index=False).encode("utf-8", "replace")
    return f"{name}-{hashlib.sha256(content).hexdigest()[:8]}"


def _dressed(table: "GT", *, padding: str, small: bool) -> "GT":
    return table.opt_table_font(font=["inherit"]).tab_options(
        table_font_size="12.5px" if small else "14px",
        table_font_color=style.INK,
        heading_align="left",
        heading_title_font_size="16px",
        heading_title_font_weight="bold",
        heading_subtitle_font_size="13px",
        heading_border_bottom_style="none",
        table_border_top_style="none",
        table_border_bottom_style="none",
        column_labels_font_weight="bold",
        column_labels_font_size="11.5px" if small else "13px",
        column_labels_border_top_style="none",
        column_labels_border_bottom_color=style.INK,
        column_labels_border_bottom_width="1.5px",
        column_labels_padding_horizontal=padding,
        table_body_hlines_color=style.GRID,
        table_body_border_top_style="none",
        table_body_border_bottom_color=style.INK,
        table_body_border_bottom_width="1.5px",
        data_row_padding="7px",
        data_row_padding_horizontal=padding,
        source_notes_font_size="12.5px",
        source_notes_padding_horizontal=padding,
        heading_padding_horizontal=padding,
    )
