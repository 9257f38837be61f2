"""The table of what the campaigns ask of the staff."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.campaign.capacity import SELDOM
from workbench.report.prose import Html
from workbench.report.tables.sheet import Column, amounts, money_note, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.period import Period


def campaign_staff_table(table: pd.DataFrame, words: Words, *, period: "Period") -> "GT | Html":
    """Capacity, sales without campaigns, what they would add, and what nobody can serve.

    ``table`` comes from :func:`workbench.campaign.capacity.staff_load`; nothing where it is empty.
    """
    if table.empty:
        return Html("")
    columns = [
        Column(words("unit"), tuple(str(unit) for unit in table["unit"]), number=False),
        *(
            amounts(words(f"serving.{name}"), list(table[name]), words)
            for name in ("capacity", "before", "wanted", "unserved")
        ),
        Column(words("serving.short"), tuple(words.probability(p) for p in table["short"])),
    ]
    return sheet(
        "campaign_staff",
        columns,
        words,
        title=words("serving.title", period=words.period(period)),
        subtitle=words("serving.subtitle"),
        note=money_note(words),
        bold=tuple(at for at, often in enumerate(table["short"]) if often >= SELDOM),
    )
