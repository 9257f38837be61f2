"""What moved a forecast, in a sentence and a table, or why there is nothing to say yet."""

from typing import TYPE_CHECKING

from workbench.report.explained import cause_name
from workbench.report.prose import Html, block
from workbench.report.tables.explained import change_table
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.forecast.change import Change

TOO_SMALL = 0.0005


def change_or_note(moved: "Change | None", words: Words, *, kept: bool) -> Html:
    """How much the forecast moved and mostly why, then every cause.

    ``kept``: whether this run leaves behind what the next one compares with.
    """
    if moved is None:
        return block([words("change.none" if kept else "change.off")])
    before, after = float(moved.before.sum()), float(moved.after.sum())
    size = max(abs(before), 1e-9)
    facts = {"date": words.date(moved.known)}
    if abs(after - before) < TOO_SMALL * size:
        lines = [words("change.same", **facts)]
    else:
        direction = "change.more" if after > before else "change.less"
        share = words.percent(abs(after - before) / size, digits=1)
        lines = [words(direction, amount=words.money(abs(after - before)), share=share, **facts)]
    causes = moved.causes()
    if len(causes) and abs(causes.iloc[0]) >= TOO_SMALL * size:
        cause = cause_name(str(causes.index[0]), words)
        lines.append(words("change.most", cause=cause, amount=words.money(causes.iloc[0])))
    return Html(f"{block(lines)}{change_table(moved, words).as_raw_html()}")
