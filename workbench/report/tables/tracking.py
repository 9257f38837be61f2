"""Tables of a period under way: pace, what is needed, the gap in parts, what remains."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.figures.gap import gap_bars
from workbench.report.tables.sheet import (
    Column,
    amounts,
    chances,
    money_note,
    names,
    percents,
    sheet,
)
from workbench.report.words import Words
from workbench.target.pace import expected_share, pace

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.gap import Gap
    from workbench.target.resplit import Remainder
    from workbench.target.tracking import Tracking

LIMIT = 40
MOST_WEEKS = 14


def pace_table(tracking: "Tracking", words: Words, *, limit: int = LIMIT) -> "GT":
    """Target, attainment, due, ahead or behind, and how that compares with expectation.

    All units first, then those that are furthest behind.
    """
    rows = _furthest_behind(tracking)
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words),
        amounts(words("actual"), list(rows["actual"]), words),
        percents(words("attainment"), list(rows["attainment"]), words, digits=1),
        amounts(words("pace.due_column"), list(rows["due"]), words),
        signed(words("pace.ahead"), list(rows["ahead"]), words),
    ]
    if tracking.begun:
        standing = tuple(words(f"standing.{name}") for name in rows["standing"])
        columns.append(Column(words("pace.standing"), standing, number=False))
    share = words.percent(float(expected_share(tracking).iloc[0]))
    return sheet(
        "pace",
        columns,
        words,
        title=words("pace.table", period=words.period(tracking.period)),
        subtitle=words("pace.as_of", as_of=words.date(tracking.as_of.date()), share=share),
        note=f"{money_note(words)}\n{words('pace.note')}",
        bold=[0],
        limit=limit,
    )


def projection_table(tracking: "Tracking", words: Words, *, limit: int = LIMIT) -> "GT":
    """Projected total with its range, its share of the target, probability now and before."""
    rows = _furthest_behind(tracking)
    span = [
        f"{words.amount(low)} – {words.amount(high)}"
        for low, high in zip(rows["projected_low"], rows["projected_high"], strict=True)
    ]
    share = rows["projected"] / rows["target"].where(rows["target"] > 0)
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words),
        amounts(words("pace.forecast"), list(rows["projected"]), words),
        Column(words("pace.range"), tuple(span)),
        percents(words("pace.share"), list(share), words, digits=1),
        chances(words("probability"), list(rows["probability"]), words),
        chances(words("pace.start"), list(rows["probability_start"]), words),
    ]
    title = words("pace.projection", period=words.period(tracking.period))
    note = money_note(words)
    return sheet("projection", columns, words, title=title, note=note, bold=[0], limit=limit)


def _furthest_behind(tracking: "Tracking") -> pd.DataFrame:
    """All units, then those that are furthest behind."""
    table = pace(tracking)
    return pd.concat([table.iloc[:1], table.iloc[1:].sort_values("ahead", kind="stable")])


def needed_table(tracking: "Tracking", words: Words, *, limit: int = LIMIT) -> "GT":
    """What is missing per day from now on, beside the last four weeks and the best ever."""
    rows = tracking.needed
    factor = rows["needed_per_day"] / rows["expected_per_day"].where(rows["expected_per_day"] > 0)
    until = tuple(
        "–" if pd.isna(day) else words.month(day.date(), year=True)
        for day in rows["best_until"].tolist()
    )
    before = tuple(
        words("needed.done")
        if left == 0
        else words("needed.yes" if reached else "needed.no")
        if days > 0
        else "–"
        for left, days, reached in zip(
            rows["remaining"], rows["days_left"], rows["reached_before"], strict=True
        )
    )
    days = tuple(f"{value:,.0f}" for value in rows["days_left"])
    columns = [
        names(list(rows["unit"]), words),
        amounts(words("needed.remaining"), list(rows["remaining"]), words),
        Column(words("needed.days"), days),
        amounts(words("needed.needed"), list(rows["needed_per_day"]), words),
        amounts(words("needed.expected"), list(rows["expected_per_day"]), words),
        amounts(words("needed.recent"), list(rows["recent_per_day"]), words),
        Column(words("needed.factor"), tuple(_times(value) for value in factor)),
        amounts(words("needed.best"), list(rows["best_ever"]), words),
        Column(words("needed.until"), until),
        Column(words("needed.before"), before, number=False),
    ]
    title = words("needed.title", period=words.period(tracking.period))
    note = f"{money_note(words)}\n{words('needed.note')}"
    return sheet("needed", columns, words, title=title, note=note, bold=[0], limit=limit)


def gap_table(gap: "Gap", words: Words, *, due: float, limit: int = 60) -> "GT":
    """Every way of taking the gap apart, one below the other; ``due`` is what it is measured by."""
    rows: list[tuple[str, str, float]] = [("", words("gap.total"), gap.total)]
    for view in gap.views:
        named = gap_bars(gap, view, words)
        heads = [words(f"gap.title.{view}"), *[""] * (len(named) - 1)]
        rows += [(head, name, amount) for head, (name, amount) in zip(heads, named, strict=True)]
    money = [amount for _, _, amount in rows]
    share = [amount / due if due > 0 else float("nan") for amount in money]
    columns = [
        Column(words("gap.view"), tuple(view for view, _, _ in rows), number=False),
        Column(words("gap.cause"), tuple(name for _, name, _ in rows), number=False),
        signed(words("gap.amount"), money, words),
        percents(words("gap.share"), share, words, digits=1, sign=True),
    ]
    note = f"{money_note(words)}\n{words('gap.note')}"
    return sheet("gap", columns, words, title=words("gap.table"), note=note, bold=[0], limit=limit)


def resplit_table(
    rest: "Remainder", tracking: "Tracking", words: Words, *, limit: int = LIMIT
) -> "GT":
    """What remains by unit: as its target stands, and as it was split anew."""
    table = rest.units
    total = table.sum()
    first = {**total.to_dict(), "probability": float("nan"), "new_probability": float("nan")}
    rows = pd.concat([pd.DataFrame([first], index=[""]), table])
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words),
        amounts(words("actual"), list(rows["actual"]), words),
        amounts(words("resplit.remaining"), list(rows["remaining"]), words),
        chances(words("resplit.chance"), list(rows["probability"]), words),
    ]
    if not rest.kept:
        columns += [
            amounts(words("resplit.new"), list(rows["new"]), words),
            signed(words("resplit.change"), list(rows["change"]), words),
            chances(words("resplit.new_chance"), list(rows["new_probability"]), words),
        ]
    key = "resplit.title_kept" if rest.kept else "resplit.title"
    title = words(key, period=words.period(tracking.period))
    return sheet("resplit", columns, words, title=title, note=money_note(words), bold=[0],
                 limit=limit)  # fmt: skip


def weeks_table(
    rest: "Remainder", tracking: "Tracking", words: Words, *, limit: int = LIMIT
) -> "GT":
    """The weeks of what remains, one column each; the rows add up to the unit's part."""
    wide = rest.weeks.pivot_table(index="unit", columns="week", values="target", sort=False)
    until = rest.weeks.groupby("week")["until"].max()
    shown = list(wide.columns)[:MOST_WEEKS]
    sums = pd.concat([wide.sum().to_frame("").T, wide.loc[list(rest.units.index)]])
    columns = [names(list(sums.index), words)]
    for week in shown:
        label = words.days(pd.Timestamp(str(week)).date(), pd.Timestamp(until[week]).date())
        columns.append(amounts(label, list(sums[week]), words))
    columns.append(amounts(words("resplit.sum"), list(sums.sum(axis=1)), words))
    title = words("resplit.weeks", period=words.period(tracking.period))
    note = f"{money_note(words)}\n{words('resplit.weeks_note')}"
    return sheet("weeks", columns, words, title=title, note=note, bold=[0], limit=limit)


def signed(label: str, values: list[float], words: Words) -> Column:
    """A column of money with its sign."""
    shown = (f"+{words.amount(v)}" if round(v) > 0 else words.amount(v) for v in values)
    return Column(label, tuple(shown))


def _times(value: float) -> str:
    return "–" if value != value else f"× {value:.2f}"
