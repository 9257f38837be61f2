"""What a forecast is made of, and what moved it, as tables."""

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.explained import cause_name, part_name
from workbench.report.tables.sheet import Column, amounts, money_note, names, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.forecast.change import Change
    from workbench.forecast.explain import Explanation

LIMIT = 25
VISIBLE = 0.0005
"""Parts that nowhere reach this share of the forecast have no column."""


def parts_table(
    made_of: "Explanation",
    words: Words,
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
    limit: int = LIMIT,
) -> "GT":
    """A row for all units and one per unit, the largest first; a column per part."""
    rows = made_of.totals(start, end).sort_values("forecast", ascending=False, kind="stable")
    rows = pd.concat([rows.sum().rename("").to_frame().T, rows])
    size = float(rows["forecast"].abs().max()) or 1.0
    shown = [part for part in made_of.parts if rows[part].abs().max() >= VISIBLE * size]
    columns = [names(list(rows.index), words)]
    columns += [amounts(part_name(part, words), list(rows[part]), words) for part in shown]
    columns.append(amounts(words("parts.forecast"), list(rows["forecast"]), words))
    first, last = start or made_of.dates[0].date(), end or made_of.dates[-1].date()
    notes = [money_note(words), words("parts.note")]
    if "trend_season" in made_of.parts:
        notes.append(words("parts.note_short"))
    return sheet(
        "parts",
        columns,
        words,
        title=words("parts.title"),
        subtitle=words.dates(first, last),
        note="\n".join(notes),
        bold=[0],
        limit=limit,
    )


def change_table(moved: "Change", words: Words) -> "GT":
    """From the forecast then to the forecast now, cause by cause, the largest first."""
    causes = moved.causes()
    labels = [cause_name(str(cause), words) for cause in causes.index]
    said = [words("change.before"), *labels, words("change.after")]
    sums = [float(moved.before.sum()), *causes.tolist(), float(moved.after.sum())]
    columns = [
        Column(words("change.cause"), tuple(said), number=False),
        amounts(words("total"), sums, words),
    ]
    return sheet(
        "change",
        columns,
        words,
        title=words("change.title"),
        subtitle=words.dates(moved.start.date(), moved.end.date()),
        note=money_note(words),
        bold=[0, len(said) - 1],
    )
