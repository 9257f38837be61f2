"""What became of earlier targets: in sentences, and beside the targets of the report."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.prose import Html, block
from workbench.report.tables.sheet import Column, amounts, chances, names, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.earlier import Earlier, EarlierTargets

CLEAR = 0.8
"""From so much belief in a habit on, it is called one."""
LIMIT = 40
ALL_UNITS = ""


def earlier_answer(found: "Earlier", words: Words) -> Html:
    """How earlier targets came out, and how likely that makes the target of all units."""
    lines = _counts(
        found.whole, found.units, words, when="eve" if found.elapsed == 0 else "running"
    )
    if ALL_UNITS in found.table.index and found.whole.targets:
        said = {
            name: words.probability(float(found.table[name][ALL_UNITS]))
            for name in ("probability", "by_earlier")
        }
        lines.append(words("earlier.instead", **said))
    return block(lines)


def habit_answer(whole: "EarlierTargets", units: "EarlierTargets", words: Words) -> Html:
    """How the targets that are over came out, beside what was to be expected of them."""
    return block(_counts(whole, units, words, when="first"))


def habit_table(habits: pd.DataFrame, words: Words, *, limit: int = LIMIT) -> "GT | Html":
    """How many targets of each unit were reached, and how many were to be expected.

    Nothing where no target is over. ``habits`` comes from
    :func:`workbench.target.earlier.came_out`.
    """
    if habits.empty:
        return Html("")
    whole = habits["unit"] == ALL_UNITS
    rest = habits[~whole].sort_values("targets", ascending=False, kind="stable")
    rows = pd.concat([habits[whole], rest])
    columns = [names(list(rows["unit"]), words), *_reached(rows, words)]
    title, note = words("earlier.title"), words("earlier.first_note")
    bold = [0] if whole.any() else []
    return sheet("habit", columns, words, title=title, note=note, bold=bold, limit=limit)


def earlier_table(found: "Earlier", words: Words, *, limit: int = LIMIT) -> "GT | Html":
    """Each target, its probability from sales, how its unit's earlier targets came out, and both.

    Nothing where no target was set, or none is over.
    """
    rest = found.table[found.table.index != ALL_UNITS]
    rows = pd.concat(
        [
            found.table[found.table.index == ALL_UNITS],
            rest.sort_values("target", ascending=False, kind="stable"),
        ]
    )
    if rows.empty or not rows["targets"].any():
        return Html("")
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words, cents=True),
        chances(words("earlier.from_sales"), list(rows["probability"]), words),
        *_reached(rows, words),
        chances(words("earlier.both"), list(rows["by_earlier"]), words),
    ]
    return sheet(
        "earlier",
        columns,
        words,
        title=words("earlier.title"),
        note=words("earlier.note"),
        bold=[0] if ALL_UNITS in rows.index else [],
        limit=limit,
    )


def _counts(
    whole: "EarlierTargets", units: "EarlierTargets", words: Words, *, when: str
) -> list[str]:
    """How many were reached, how many were to be expected, and whether that is a habit."""
    over = [(name, past) for name, past in (("of_all", whole), ("of_units", units)) if past.targets]
    if not over:
        return [words("earlier.none")]
    lines = [
        words(
            "earlier.count",
            of=words(f"earlier.{name}"),
            when=words(f"earlier.{when}"),
            targets=words.count(past.targets),
            periods=words.count(past.periods),
            reached=words.count(past.reached),
            expected=f"{past.expected:.1f}",
        )
        for name, past in over
    ]
    past = max((whole, units), key=lambda one: one.habit)
    if past.habit < CLEAR:
        return [*lines, words("earlier.no_habit")]
    return [*lines, words("earlier.rarer" if past.reached < past.expected else "earlier.oftener")]


def _reached(rows: pd.DataFrame, words: Words) -> list[Column]:
    """Reached of set, as 3 / 4, and how many were to be expected."""
    reached, targets = list(rows["reached"]), list(rows["targets"])
    counts = [
        f"{words.count(int(hit))} / {words.count(int(of))}" if of else "–"
        for hit, of in zip(reached, targets, strict=True)
    ]
    return [
        Column(
            words("earlier.reached"),
            tuple(counts),
        ),
        Column(
            words("earlier.expected"),
            tuple("–" if pd.isna(value) else f"{value:.1f}" for value in rows["expected"]),
        ),
    ]
