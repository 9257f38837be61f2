"""The table of alerts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.report.alert_text import alert_cause, alert_happened
from workbench.report.prose import Note
from workbench.report.tables.sheet import Column, names, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.period import Period
    from workbench.target.alerts import Alert

LIMIT = 40


def alerts_table(
    alerts: "Sequence[Alert]",
    words: Words,
    *,
    period: "Period",
    rate: float = 0.1,
    limit: int = LIMIT,
) -> "GT | Note":
    """Alerts, the latest first: unit, since when, what happened, why, and whether it lasts.

    Those that last are bold; nothing where there are none. ``rate`` is how many false alarms per
    unit and quarter were allowed.
    """
    if not alerts:
        return Note("")
    kinds = (words(f"alert.kind.{alert.kind}.{alert.direction}") for alert in alerts)
    columns = [
        names([alert.unit for alert in alerts], words),
        Column(words("alert.since"), tuple(words.date(a.date) for a in alerts), number=False),
        Column(words("alert.what"), tuple(kinds), number=False),
        Column(
            words("alert.numbers"), tuple(alert_happened(a, words) for a in alerts), number=False
        ),
        Column(words("alert.cause"), tuple(alert_cause(a, words) for a in alerts), number=False),
        Column(
            words("alert.state"),
            tuple(words("alert.open" if a.open else "alert.over") for a in alerts),
            number=False,
        ),
    ]
    return sheet(
        "alerts",
        columns,
        words,
        title=words("alert.table", period=words.period(period)),
        note=words("alert.rate", rate=f"{rate:g}"),
        bold=[at for at, alert in enumerate(alerts) if alert.open],
        limit=limit,
    )
