"""The ways of splitting a target, unit by unit and side by side."""

from typing import TYPE_CHECKING

from workbench.report.tables.sheet import amounts, chances, money_note, names, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.compare import Comparison

LIMIT = 40


def ways_table(comparison: "Comparison", words: Words, *, limit: int = LIMIT) -> "GT":
    """Part and probability of every unit under each method, the largest units first."""
    table = comparison.table()
    first = next(iter(comparison.allocations))
    rows = table.sort_values(f"target_{first}", ascending=False, kind="stable")
    columns = [names(list(rows.index), words)]
    for method in comparison.allocations:
        label = words(f"method.{method}")
        parts, likely = list(rows[f"target_{method}"]), list(rows[f"probability_{method}"])
        columns.append(amounts(label, parts, words))
        columns.append(chances(words("probability"), likely, words, of=parts))
    title, note = words("methods.title"), money_note(words)
    return sheet("ways", columns, words, title=title, note=note, limit=limit)
