"""What became of earlier targets: in sentences, and beside the targets of the report."""

from typing import TYPE_CHECKING, Protocol

import pandas as pd

from workbench.report.prose import Html, block
from workbench.report.tables.sheet import Column, amounts, chances, names, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.earlier import EarlierTargets

CLEAR = 0.8
"""From so much belief in a habit on, it is called one."""
LIMIT = 40
ALL_UNITS = ""


class Told(Protocol):
    """What earlier targets tell."""

    @property
    def whole(self) -> "EarlierTargets":
        """Of all units together."""

    @property
    def units(self) -> "EarlierTargets":
        """Of single units."""

    @property
    def table(self) -> pd.DataFrame:
        """The targets of now: target, probability, by_earlier, targets, reached, expected."""

    @property
    def elapsed(self) -> float:
        """Share of the period that is known."""


def earlier_answer(found: Told, words: Words) -> Html:
    """How earlier targets came out, and how likely that makes the target of all units."""
    if not found.whole.targets and not found.units.targets:
        return block([words("earlier.none")])
    lines = [
        _count(past, words(f"earlier.{name}"), found.elapsed, words)
        for name, past in (("of_all", found.whole), ("of_units", found.units))
        if past.targets
    ]
    past = max((found.whole, found.units), key=lambda one: one.habit)
    if past.habit < CLEAR:
        lines.append(words("earlier.no_habit"))
    else:
        lines.append(words("earlier.rarer" if past.reached < past.expected else "earlier.oftener"))
    if ALL_UNITS in found.table.index and found.whole.targets:
        said = {
            name: words.probability(float(found.table[name][ALL_UNITS]))
            for name in ("probability", "by_earlier")
        }
        lines.append(words("earlier.instead", **said))
    return block(lines)


def earlier_table(found: Told, words: Words, *, limit: int = LIMIT) -> "GT | Html":
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
        Column(words("earlier.reached"), tuple(_of(row, words) for row in rows.itertuples())),
        Column(
            words("earlier.expected"),
            tuple("–" if pd.isna(value) else f"{value:.1f}" for value in rows["expected"]),
        ),
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


def _count(past: "EarlierTargets", of: str, elapsed: float, words: Words) -> str:
    """How many were reached, beside how many were to be expected at this point of their period."""
    facts = {
        "of": of,
        "targets": words.count(past.targets),
        "periods": words.count(past.periods),
        "reached": words.count(past.reached),
        "expected": f"{past.expected:.1f}",
    }
    when = words("earlier.eve" if elapsed == 0 else "earlier.running")
    return words("earlier.count", when=when, **facts)


def _of(row: "object", words: Words) -> str:
    """Reached of set, as 3 / 4."""
    count = int(getattr(row, "targets"))  # noqa: B009
    if not count:
        return "–"
    return f"{words.count(int(getattr(row, 'reached')))} / {words.count(count)}"  # noqa: B009
