"""Members in tables: segments, what they will buy, how good such forecasts were, attainment."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report.tables.sheet import Column, amounts, chances, money_note, percents, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.period import Period
    from workbench.member.repurchase import Repurchase

LEAST_MOVED = 0.005
"""What a forecast was moved by that is worth a sentence."""


def segment_names(segments: pd.Index, words: Words) -> Column:
    """The column of segments, in the reader's words."""
    names = tuple(words(f"segment.{name}") for name in segments)
    return Column(words("members.segment"), names, number=False)


def segments_table(
    rfm: pd.DataFrame, ahead: "Repurchase", words: Words, *, as_of: pd.Timestamp
) -> "GT":
    """Members, their share, how lately and often they bought, what they spent, who is active."""
    columns = [
        segment_names(rfm.index, words),
        Column(words("members.members"), tuple(words.count(n) for n in rfm["members"])),
        percents(words("members.share"), list(rfm["share"]), words),
        Column(words("members.silent"), tuple(words.count(round(n)) for n in rfm["silent_days"])),
        Column(words("members.purchases"), tuple(f"{n:.1f}" for n in rfm["purchases"])),
        amounts(words("members.spend"), list(rfm["spend"]), words),
        percents(words("members.sales_share"), list(rfm["sales_share"]), words),
        chances(words("members.alive"), list(ahead.table["alive"].reindex(rfm.index)), words),
    ]
    return sheet(
        "segments",
        columns,
        words,
        title=words("members.title"),
        subtitle=words("members.subtitle", date=words.date(as_of.date())),
        note=f"{money_note(words)}\n{words('members.note')}",
    )


def ahead_table(ahead: "Repurchase", words: Words, *, end: pd.Timestamp) -> "GT":
    """Orders and sales of each segment to the end of the period, and of all together."""
    rows = ahead.table
    whole = np.quantile(ahead.sales.sum(axis=1), [0.1, 0.5, 0.9])
    orders = [*rows["orders_p50"], float(np.median(ahead.orders.sum(axis=1)))]
    named = segment_names(rows.index, words)
    columns = [
        Column(named.label, (*named.cells, words("total")), number=False),
        Column(words("members.orders"), tuple(words.count(round(n)) for n in orders)),
        *(
            amounts(words(f"members.{name}"), [*rows[f"sales_p{level}"], float(total)], words)
            for (name, level), total in zip(
                (("low", 10), ("mid", 50), ("high", 90)), whole, strict=True
            )
        ),
    ]
    return sheet(
        "ahead",
        columns,
        words,
        title=words("members.ahead", date=words.date(end.date())),
        note=f"{money_note(words)}\n{words('members.ahead_note')}",
        bold=[len(rows)],
    )


def check_table(errors: pd.DataFrame, words: Words) -> "GT | None":
    """Expected and actual orders of earlier stretches; None where there are none."""
    if errors.empty:
        return None
    spans = tuple(
        words.dates((start + pd.Timedelta(days=1)).date(), end.date())
        for start, end in zip(errors["start"], errors["end"], strict=True)
    )
    columns = [Column(words("members.stretch"), spans, number=False)]
    columns += [
        Column(words(f"members.{name}"), tuple(words.count(round(n)) for n in errors[name]))
        for name in ("expected", "actual", "naive")
    ]
    off = list(errors["expected"] / errors["actual"] - 1)
    columns.append(percents(words("members.off"), off, words, sign=True))
    return sheet(
        "check",
        columns,
        words,
        title=words("members.check"),
        note=words("members.check_note"),
    )


def attainment_table(
    rows: pd.DataFrame, words: Words, *, period: "Period", moved: float = 0.0
) -> "GT":
    """Each segment's sales to date beside what was expected of it, and its part of the target.

    ``moved`` is the part by which what was expected was moved for earlier errors.
    """
    note = [money_note(words), words("members.attainment_note")]
    if abs(moved) >= LEAST_MOVED:
        note.append(words("members.attainment_moved", by=words.percent(moved, sign=True)))
    whole = rows[["members", "expected", "expected_to_date", "actual"]].sum()
    paces = [*rows["pace"], whole["actual"] / max(whole["expected_to_date"], 1e-9)]
    named = segment_names(rows.index, words)
    members = [*rows["members"], whole["members"]]
    columns = [
        Column(named.label, (*named.cells, words("total")), number=False),
        Column(words("members.members"), tuple(words.count(n) for n in members)),
        amounts(
            words("members.to_date"), [*rows["expected_to_date"], whole["expected_to_date"]], words
        ),
        amounts(words("members.sold"), [*rows["actual"], whole["actual"]], words),
        percents(words("members.pace"), paces, words),
    ]
    if "target" in rows:
        target = [*rows["target"], rows["target"].sum()]
        reached = [*rows["attainment"], whole["actual"] / max(rows["target"].sum(), 1e-9)]
        columns.append(amounts(words("members.target"), target, words))
        columns.append(percents(words("members.reached"), reached, words))
    return sheet(
        "attainment",
        columns,
        words,
        title=words("members.attainment", period=words.period(period)),
        note="\n".join(note),
        bold=[len(rows)],
    )
