"""Tables of targets: proposal, anchors, allocation, ways of splitting, and what happened."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report.safe import shorten
from workbench.report.tables.sheet import (
    NAME_WIDTH,
    Column,
    amounts,
    chances,
    money_note,
    names,
    percents,
    sheet,
)
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.period import Period
    from workbench.target.allocate import Allocation
    from workbench.target.compare import Comparison
    from workbench.target.outlook import Outlook

LIMIT = 40
LEVELS = ("commit", "base", "stretch")


def proposal_table(
    proposal: pd.DataFrame, words: Words, *, period: "Period", limit: int = LIMIT
) -> "GT":
    """Actual to date, commit, base, stretch and the expected total, for all units and for each.

    Only the largest ``limit`` rows are shown; which ones is decided by the base target.
    """
    rows = _largest_first(proposal, "base")
    columns = [names(list(rows.index), words)]
    if (rows["actual"] != 0).any():
        columns.append(amounts(words("actual"), list(rows["actual"]), words))
    columns += [amounts(words(f"proposal.{name}"), list(rows[name]), words) for name in LEVELS]
    columns.append(amounts(words("mean"), list(rows["mean"]), words))
    many = len(rows) > 2
    return sheet(
        "proposal",
        columns,
        words,
        title=words("proposal.title", period=words.period(period)),
        subtitle=words("proposal.subtitle"),
        note=money_note(words) + (f"\n{words('proposal.note')}" if many else ""),
        bold=[0],
        limit=limit,
    )


def anchors_table(
    anchors: pd.DataFrame,
    words: Words,
    *,
    unit: str = "",
    outlook: "Outlook | None" = None,
    target: float | None = None,
) -> "GT":
    """The usual targets of one unit (empty for all) with their probabilities, lowest first.

    With an ``outlook`` and a ``target`` the planner's own target stands among them, in bold.
    """
    rows = anchors[(anchors["unit"] == unit) & anchors["target"].notna()]
    if outlook is not None and target is not None:
        likely = (outlook.only([unit]) if unit else outlook).probability(target)
        own = {"unit": unit, "anchor": "target", "target": target, "probability": likely}
        rows = pd.concat([rows, pd.DataFrame([own])])
    rows = rows.sort_values("target", kind="stable")
    labels = tuple(words.either(f"anchor.{name}", name) for name in rows["anchor"])
    columns = [
        Column(words("anchors.anchor"), labels, number=False),
        amounts(words("anchors.amount"), list(rows["target"]), words),
        chances(words("probability"), list(rows["probability"]), words),
    ]
    name = shorten(unit, NAME_WIDTH) or words("total")
    title = words("anchors.title", unit=name)
    bold = np.flatnonzero(rows["anchor"] == "target").tolist()
    return sheet("anchors", columns, words, title=title, note=money_note(words), bold=bold)


def allocation_table(
    plan: "Allocation", words: Words, *, period: "Period", limit: int = LIMIT
) -> "GT":
    """The target of all units and each unit's part: share, growth, probability, what holds it."""
    table = plan.table().sort_values("target", ascending=False, kind="stable")
    history = table["history"].sum(min_count=1)
    total = {
        "target": plan.target,
        "share": 1.0,
        "probability": plan.company_probability,
        "limit": "",
        "history": history,
        "growth": plan.target / history - 1 if history > 0 else float("nan"),
    }
    rows = pd.concat([pd.DataFrame([total], index=[""]), table])
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words, cents=True),
        percents(words("allocation.share"), list(rows["share"]), words, digits=1),
        chances(words("probability"), list(rows["probability"]), words, of=list(rows["target"])),
    ]
    if table["history"].notna().any():
        columns += [
            amounts(words("allocation.history"), list(rows["history"]), words),
            percents(words("allocation.growth"), list(rows["growth"]), words, digits=1, sign=True),
        ]
    if (table["limit"] != "").any():
        held = tuple(words.either(f"limit.{name}", name) for name in rows["limit"])
        columns.append(Column(words("allocation.limit"), held, number=False))
    return sheet(
        "allocation",
        columns,
        words,
        title=words("allocation.table", period=words.period(period)),
        subtitle=words.either(f"method.{plan.method}", plan.method),
        note=f"{money_note(words)}\n{words('allocation.note')}",
        bold=[0],
        limit=limit,
    )


def methods_table(comparison: "Comparison", words: Words) -> "GT":
    """The ways of splitting side by side: how evenly the chances lie."""
    rows = comparison.summary()
    labels = tuple(words.either(f"method.{name}", name) for name in rows.index)
    columns = [Column(words("methods.method"), labels, number=False)]
    columns += [
        chances(words(f"methods.{name}"), list(rows[name]), words) for name in ("lowest", "highest")
    ]
    columns += [
        Column(words(f"methods.{name}"), tuple(words.count(value) for value in rows[name]))
        for name in ("below_20", "above_80", "held")
    ]
    return sheet("methods", columns, words, title=words("methods.title"))


def given_table(
    given: pd.DataFrame, words: Words, *, outlook: "Outlook", limit: int = LIMIT
) -> "GT":
    """Targets that were set, their probability, and, where the period is over, what happened.

    ``given`` comes from :func:`workbench.target.given.given_targets`.
    """
    rows = _largest_first(given, "target")
    over = "actual" in rows.columns
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words, cents=True),
        amounts(words("given.base"), list(rows["base"]), words),
        chances(words("probability"), list(rows["probability"]), words),
    ]
    note = money_note(words)
    if over:
        done = tuple(words("reached.yes" if met else "reached.no") for met in rows["reached"])
        columns += [
            amounts(words("given.actual"), list(rows["actual"]), words),
            percents(words("attainment"), list(rows["attainment"]), words, digits=1),
            Column(words("given.reached"), done, number=False),
        ]
        note += f"\n{words('given.note', as_of=words.date(outlook.as_of.date()))}"
    if rows.empty:
        note = words("given.none")
    title = words("given.after" if over else "given.title", period=words.period(outlook.period))
    bold = [0] if "" in rows.index else []
    return sheet("given", columns, words, title=title, note=note, bold=bold, limit=limit)


def _largest_first(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The sum of all units first, then the units by size."""
    rest = table[table.index != ""].sort_values(column, ascending=False, kind="stable")
    return pd.concat([table[table.index == ""], rest])
