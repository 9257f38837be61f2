"""What the notebook of a target shows of its staff and its sheet, or how to get it."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.calendar.period import Period
from workbench.report.prose import Note
from workbench.report.tables.cascade import load_table, staffing_table
from workbench.report.words import Words
from workbench.target.carry import Load

if TYPE_CHECKING:
    from workbench.report.shown import GT


def load_or_note(load: Load | None, words: Words) -> "GT | Note":
    """The table of loads, or that there is no staff table."""
    return Note(words("load.none")) if load is None else load_table(load, words)


def staffing_or_nothing(
    scenarios: pd.DataFrame | None, words: Words, *, period: Period
) -> "GT | Note":
    """The table of one person more, fewer or moved, where there is a staff table."""
    if scenarios is None or scenarios.empty:
        return Note("")
    return staffing_table(scenarios, words, period=period)


def sheet_note(path: str, words: Words) -> Note:
    """Where the target sheet is, or how to ask for one."""
    return Note(words("sheet.saved", path=path) if path else words("sheet.none"))
