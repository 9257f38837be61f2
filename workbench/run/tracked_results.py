"""What ``30_target_tracking`` shows and publishes beyond single figures and tables."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.report.figures.gap import crossed_chart, gap_chart
from workbench.report.metrics import tracking_metrics
from workbench.report.tables.tracking import resplit_table, weeks_table
from workbench.report.words import Words
from workbench.run.lookback import Note
from workbench.run.outlooks import kept_outlook
from workbench.target.crossed import Crossed
from workbench.target.gap import Gap
from workbench.target.pace import pace
from workbench.target.proposal import ALL_UNITS
from workbench.target.resplit import Remainder
from workbench.target.tracking import Tracking

if TYPE_CHECKING:
    from great_tables import GT
    from matplotlib.axes import Axes

ORDER = ("unit", "expectation", "effects", "price_volume_mix", "funnel")


def gap_charts(gap: Gap, words: Words) -> "list[Axes]":
    """One waterfall per way of taking the gap apart; none where there is nothing to show."""
    some = gap.parts.groupby("view")["amount"].apply(lambda parts: bool((parts != 0).any()))
    views = [view for view in ORDER if bool(some.get(view, False))]
    if len(gap.view("unit")) == 1:
        views = [view for view in views if view not in ("unit", "effects")]
    return [gap_chart(gap, words, view=view) for view in views]


def crossed_or_note(crossed: Crossed | None, words: Words) -> "Axes | Note":
    """The crossed table as a figure, or why there is none."""
    return Note(words("crossed.none")) if crossed is None else crossed_chart(crossed, words)


def resplit_or_note(rest: Remainder | None, tracking: Tracking, words: Words) -> "GT | Note":
    """What remains by unit, or that nothing does."""
    return Note(words("resplit.none")) if rest is None else resplit_table(rest, tracking, words)


def weeks_or_note(rest: Remainder | None, tracking: Tracking, words: Words) -> "GT | Note":
    """What remains by week, or nothing."""
    return Note("") if rest is None else weeks_table(rest, tracking, words)


def tracking_results(
    tracking: Tracking,
    gap: Gap,
    *,
    crossed: Crossed | None,
    rest: Remainder | None,
    card: pd.DataFrame,
    currency: str,
) -> dict[str, Any]:
    """Metrics and tables of ``30_target_tracking``; ``outlook`` is scored after the period."""
    stand = pace(tracking)
    whole = pd.Series({ALL_UNITS: tracking.goal})
    tables = {
        "pace": stand,
        "course": tracking.course,
        "needed": tracking.needed,
        "expected": tracking.expected,
        "gap": gap.parts,
        "scorecard": card,
        "outlook": kept_outlook(tracking.now, tracking.panel, pd.concat([whole, tracking.target])),
    }
    if crossed is not None:
        tables["crossed"] = crossed.table()
    if rest is not None:
        tables |= {
            "resplit": rest.units,
            "resplit_weeks": rest.weeks,
            "resplit_days": rest.days,
        }
    return {"metrics": tracking_metrics(stand, gap, currency), "tables": tables}
