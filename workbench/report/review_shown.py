"""What the notebook of the track record shows of a scorecard, or that there is none."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.calendar.period import Period
from workbench.report.figures.scorecard import scorecard_chart
from workbench.report.prose import Html, Note, block
from workbench.report.record_prose import scorecard_answer
from workbench.report.tables.scorecard import bonus_table, scorecard_table, versions_table
from workbench.report.words import Words
from workbench.target.bonus import Payouts

if TYPE_CHECKING:
    from workbench.report.shown import GT, Axes


def card_answer(card: pd.DataFrame, words: Words) -> Html:
    """Who leads and whose gap it is; that there are no targets where there are none."""
    return block([words("card.none")]) if card.empty else scorecard_answer(card, words)


def card_table(card: pd.DataFrame, words: Words, *, period: Period) -> "GT | Note":
    """The scorecard as a table; nothing without targets."""
    return Note("") if card.empty else scorecard_table(card, words, period=period)


def card_chart(card: pd.DataFrame, words: Words, *, period: Period) -> "Axes | None":
    """Attainment and difficulty, drawn; nothing without targets."""
    return None if card.empty else scorecard_chart(card, words, period=period)


def bonuses_or_nothing(bonuses: Payouts | None, words: Words, *, period: Period) -> "GT | Note":
    """The bonuses; nothing without a rule table."""
    return Note("") if bonuses is None else bonus_table(bonuses, words, period=period)


def versions_or_nothing(versions: pd.DataFrame, words: Words) -> "GT | Note":
    """Who set which targets when; nothing where the file does not keep it."""
    return Note("") if versions.empty else versions_table(versions, words)
