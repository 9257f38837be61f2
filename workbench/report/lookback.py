"""Looking back at a period that is over by now; until then, how to do it later."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.prose import Note
from workbench.report.tables.targets import given_table
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.outlook import Outlook


def look_back(past: pd.DataFrame | None, outlook: "Outlook", words: Words) -> "GT | Note":
    """Targets, the probability said at ``as_of``, and what came, once the period is over.

    ``past`` comes from :func:`workbench.target.given.hindsight`.
    """
    if past is None:
        end, as_of = f"{outlook.period.end}", f"{outlook.as_of:%Y-%m-%d}"
        return Note(words("lookback.later", end=end, as_of=as_of))
    return given_table(past, words, outlook=outlook)
