"""What the target's chances become when things turn out otherwise than expected."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.safe import shorten
from workbench.report.tables.sheet import (
    NAME_WIDTH,
    Column,
    amounts,
    chances,
    money_note,
    sheet,
)
from workbench.report.tables.tracking import signed
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT


def shocks_table(table: pd.DataFrame, words: Words, *, target: float) -> "GT":
    """As expected, and under each shock; from :func:`workbench.target.shocks.what_if`."""
    what = tuple(
        _label(str(units), float(change), words)
        for units, change in zip(table["units"], table["change"], strict=True)
    )
    columns = [
        Column(words("shocks.what"), what, number=False),
        amounts(words("base"), list(table["base"]), words),
        signed(words("shocks.brings"), list(table["brings"]), words),
        chances(words("probability"), list(table["probability"]), words),
    ]
    title = words("shocks.title", target=words.money(target))
    note = f"{money_note(words)}\n{words('shocks.note')}"
    return sheet("shocks", columns, words, title=title, note=note, bold=[0])


def _label(units: str, change: float, words: Words) -> str:
    if change == 0.0:
        return words("shocks.expected")
    size = words.percent(change, sign=True)
    if not units:
        return words("shocks.market", size=size)
    return words("shocks.unit", unit=shorten(units, NAME_WIDTH), size=size)
