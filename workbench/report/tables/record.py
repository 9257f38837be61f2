"""Tables of the track record: how often each probability held, and the errors."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.safe import shorten
from workbench.report.tables.sheet import NAME_WIDTH, Column, percents, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.record import TrackRecord

LIMIT = 40


def levels_table(record: "TrackRecord", words: Words) -> "GT":
    """Per stated probability how many targets were reached, and whether that is chance."""
    rows = record.levels()
    return _held(rows, words, record, kind="levels", happened="levels.happened")


def ranges_table(record: "TrackRecord", words: Words) -> "GT":
    """Per central range how many outcomes it held."""
    return _held(record.ranges(), words, record, kind="ranges", happened="levels.inside")


def scores_table(scores: pd.DataFrame, words: Words, *, by: str, limit: int = LIMIT) -> "GT":
    """Errors beside the year-on-year rule's, one row per value of ``by``.

    Args:
        scores: from :func:`workbench.target.record.scores`.
        words: language.
        by: the column that tells the rows apart: unit, level, elapsed or made.
        limit: at most so many rows.
    """
    if "wape" not in scores.columns:
        blank = (Column(words("unit"), (), number=False),)
        return sheet(
            "scores", blank, words, title=words("scores.title"), note=words("record.nothing")
        )
    labels = tuple(_label(by, value, words) for value in scores[by])
    head = words("unit") if by == "unit" else words(f"scores.{by}")
    columns = [
        Column(head, labels, number=False),
        *(
            Column(words(f"scores.{name}"), tuple(words.count(v) for v in scores[name]))
            for name in ("cases", "periods")
        ),
        percents(words("scores.wape"), list(scores["wape"]), words, digits=1),
        percents(words("scores.rule"), list(scores["rule"]), words, digits=1),
        percents(words("scores.better"), list(scores["better"]), words, sign=True),
        percents(words("scores.inside"), list(scores["inside_80"]), words),
        percents(words("scores.reached"), list(scores["reached_80"]), words),
        percents(words("scores.bias"), list(scores["bias"]), words, digits=1, sign=True),
    ]
    title, note = words("scores.title"), words("scores.note")
    bold = [at for at, value in enumerate(scores[by]) if value == "" and by == "unit"]
    return sheet(f"scores-{by}", columns, words, title=title, note=note, bold=bold, limit=limit)


def _held(
    rows: pd.DataFrame, words: Words, record: "TrackRecord", *, kind: str, happened: str
) -> "GT":
    stated = words("levels.stated" if kind == "levels" else "levels.range")
    margins = tuple("–" if margin > 1 else f"±{100 * margin:.0f}" for margin in rows["margin"])
    verdicts = tuple(words(f"verdict_held.{name.replace(' ', '_')}") for name in rows["verdict"])
    columns = [
        percents(stated, list(rows["stated"]), words),
        Column(words("levels.cases"), tuple(words.count(v) for v in rows["cases"])),
        Column(words(happened), tuple(words.count(v) for v in rows["happened"])),
        percents(words("levels.frequency"), list(rows["frequency"]), words),
        Column(words("levels.margin"), margins),
        Column(words("levels.verdict"), verdicts, number=False),
    ]
    note = words(
        "levels.note",
        cases=words.count(len(record.cases)),
        periods=words.count(record.periods),
    )
    title = words("levels.title" if kind == "levels" else "levels.ranges")
    subtitle = words("levels.subtitle") if kind == "levels" else ""
    if record.cases.empty:
        columns, note = [column.first(0) for column in columns], words("record.nothing")
    return sheet(kind, columns, words, title=title, subtitle=subtitle, note=note)


def _label(by: str, value: object, words: Words) -> str:
    if by in ("unit", "level"):
        return shorten(value, NAME_WIDTH) or words("total")
    if by == "made":
        return words.either(f"made.{value}", value)
    share = float(str(value))
    return words("scores.start") if share == 0 else words.percent(share)
