"""Figures and tables of a period under way that may have nothing to show, and then say so."""

from typing import TYPE_CHECKING

from workbench.report.figures.gap import crossed_chart, gap_chart
from workbench.report.prose import Html
from workbench.report.safe import html_text
from workbench.report.tables.scorecard import bonus_table
from workbench.report.tables.tracking import resplit_table, weeks_table
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT
    from matplotlib.axes import Axes

    from workbench.calendar.period import Period
    from workbench.target.bonus import Payouts
    from workbench.target.crossed import Crossed
    from workbench.target.gap import Gap
    from workbench.target.resplit import Remainder
    from workbench.target.tracking import Tracking

ORDER = ("unit", "expectation", "effects", "price_volume_mix", "funnel")


def gap_charts(gap: "Gap", words: Words) -> "list[Axes]":
    """One waterfall per way of taking the gap apart; none where there is nothing to show."""
    some = gap.parts.groupby("view")["amount"].apply(lambda parts: bool((parts != 0).any()))
    views = [view for view in ORDER if bool(some.get(view, False))]
    if len(gap.view("unit")) == 1:
        views = [view for view in views if view not in ("unit", "effects")]
    return [gap_chart(gap, words, view=view) for view in views]


def crossed_or_note(crossed: "Crossed | None", words: Words) -> "Axes | Html":
    """The crossed table as a figure, or why there is none."""
    return _note(words("crossed.none")) if crossed is None else crossed_chart(crossed, words)


def resplit_or_note(rest: "Remainder | None", tracking: "Tracking", words: Words) -> "GT | Html":
    """What remains by unit, or that nothing does."""
    return _note(words("resplit.none")) if rest is None else resplit_table(rest, tracking, words)


def weeks_or_note(rest: "Remainder | None", tracking: "Tracking", words: Words) -> "GT | Html":
    """What remains by week, or nothing."""
    return Html("") if rest is None else weeks_table(rest, tracking, words)


def bonuses_or_note(bonuses: "Payouts | None", words: Words, *, period: "Period") -> "GT | Html":
    """What the bonuses are going to cost, or how to be told."""
    if bonuses is None:
        return _note(words("bonus.none"))
    return bonus_table(bonuses, words, period=period)


def _note(text: str) -> Html:
    return Html(f"<p>{html_text(text)}</p>")
