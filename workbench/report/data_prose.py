"""What was read, what counts, and whether it can be planned on, in sentences."""

from typing import TYPE_CHECKING

from workbench.report.prose import Html, block
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.data.report import DataReport

LISTED = 6


def data_answer(report: "DataReport", words: Words) -> Html:
    """What was read, what counts, and whether it can be planned on."""
    entries = {entry.rule: entry for entry in report.entries}
    counted = entries["counted"]
    count = len(report.notices)
    lead = words("data.look", count=count) if count else words("data.fit")
    read = words(
        "data.read" if words.currency else "data.read_pieces",
        read=words.count(entries["read"].rows),
        counted=words.count(counted.rows),
        money=words.money(counted.money),
    )
    span = words(
        "data.span",
        first=words.date(report.first_day.date()),
        last=words.date(report.as_of.date()),
        units=words.count(len(report.units)),
    )
    return block([lead, read, span, _left_out(report, words)])


def _left_out(report: "DataReport", words: Words) -> str:
    what = report.table(words.language).iloc[:, 0]
    said = dict(zip((entry.rule for entry in report.entries), what, strict=True))
    dropped = sorted(
        (entry for entry in report.dropped.values() if entry.rows), key=lambda e: -e.rows
    )
    if not dropped:
        return words("data.all")
    items = [
        words("data.left_item", what=said[entry.rule], rows=words.count(entry.rows))
        for entry in dropped[:LISTED]
    ]
    return words("data.left_out", list=("、" if words.language == "zh" else ", ").join(items))
