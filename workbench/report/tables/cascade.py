"""Tables of the cascade: reasons, the band, levels, weeks, capacity and staffing."""

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
    from workbench.target.carry import Load
    from workbench.target.cascaded import Cascade
    from workbench.target.reasons import Reasons

LIMIT = 40
MOST_COLUMNS = 6
INDENT = "\u2003"


def reasons_table(why: "Reasons", words: Words, *, period: "Period") -> "GT":
    """From last year to the base, step by step; the steps add up."""
    planned = why.campaigns
    labels = [cause_label(cause, words, planned=cause in planned) for cause in why.parts["cause"]]
    values = list(why.parts["amount"])
    columns = [
        Column(words("reasons.cause"), (*labels, words("reasons.base")), number=False),
        amounts(words("reasons.amount"), [*values, why.base], words),
    ]
    title = words("reasons.title", period=words.period(period))
    note = f"{money_note(words)}\n{words('reasons.note')}"
    return sheet("reasons", columns, words, title=title, note=note, bold=[len(values)])


def cause_label(cause: str, words: Words, *, planned: bool = False) -> str:
    """What a step is called; a campaign and an adjustment have a name of their own."""
    if words.known(f"cause.{cause}") and not planned:
        return words(f"cause.{cause}")
    kind = "cause.campaign" if planned else "cause.adjustment"
    return words(kind, label=shorten(cause, NAME_WIDTH))


def band_table(
    table: pd.DataFrame,
    words: Words,
    *,
    period: "Period",
    band: tuple[float, float],
    limit: int = LIMIT,
) -> "GT":
    """Every target against the range of fair ones; from :func:`workbench.target.band.in_band`."""
    rest = table[table.index != ""].sort_values("target", ascending=False, kind="stable")
    rows = pd.concat([table[table.index == ""], rest])
    edges = zip(rows["least"], rows["most"], strict=True)
    columns = [
        names(list(rows.index), words),
        amounts(words("target"), list(rows["target"]), words, cents=True),
        chances(words("probability"), list(rows["probability"]), words, of=list(rows["target"])),
        Column(
            words("band.range"),
            tuple(f"{words.amount(low)} – {words.amount(high)}" for low, high in edges),
        ),
        Column(words("band.verdict"), tuple(words(f"band.{v}") for v in rows["verdict"]), False),
    ]
    low, high = (words.percent(edge) for edge in band)
    return sheet(
        "band",
        columns,
        words,
        title=words("band.title", period=words.period(period)),
        subtitle=words("band.subtitle", low=low, high=high),
        note=money_note(words),
        bold=[0],
        limit=limit,
    )


def cascade_table(cascade: "Cascade", words: Words, *, limit: int = LIMIT) -> "GT":
    """Every node below the one it belongs to: target, share of it, probability, what holds it."""
    rows = cascade.nodes().iloc[_from_the_top(cascade)]
    depth = {level: at for at, level in enumerate(cascade.tree.levels)}
    shown = tuple(
        INDENT * depth[level] + (shorten(node, NAME_WIDTH) or words("total"))
        for level, node in zip(rows["level"], rows["node"], strict=True)
    )
    columns = [
        Column(words("unit"), shown, number=False),
        Column(
            words("cascade.level"),
            tuple(words.either(f"level.{v}", v) for v in rows["level"]),
            number=False,
        ),
        amounts(words("target"), list(rows["target"]), words, cents=True),
        percents(words("cascade.share"), list(rows["share"]), words, digits=1),
        chances(words("probability"), list(rows["probability"]), words, of=list(rows["target"])),
    ]
    if rows["last_year"].notna().any():
        columns += [
            amounts(words("allocation.history"), list(rows["last_year"]), words),
            percents(words("allocation.growth"), list(rows["growth"]), words, digits=1, sign=True),
        ]
    if (rows["limit"] != "").any():
        held = tuple(words.either(f"limit.{name}", name) for name in rows["limit"])
        columns.append(Column(words("allocation.limit"), held, number=False))
    return sheet(
        "cascade",
        columns,
        words,
        title=words("cascade.title", period=words.period(cascade.asked.outlook.period)),
        subtitle=words.either(f"method.{cascade.method}", cascade.method),
        note=f"{money_note(words)}\n{words('cascade.note')}",
        bold=[at for at, level in enumerate(rows["level"]) if depth[level] <= 1],
        limit=limit,
    )


def weeks_table(cascade: "Cascade", words: Words, *, limit: int = LIMIT) -> "GT":
    """The target of each week and how likely it is by itself: all units, and the level below."""
    rows = cascade.sheet()
    spans = rows[rows["span"].isin(["to_date", "week", "month"])]
    if spans.empty:
        spans = rows[rows["span"] == "period"]
    first = cascade.tree.levels[1]
    whole = spans[spans["level"] == "total"]
    below = spans[spans["level"] == first]
    largest = below.groupby("node", sort=False)["target"].sum().sort_values(ascending=False)
    labels = [
        words("weeks.sold") if span == "to_date" else words.days(start.date(), end.date())
        for span, start, end in zip(whole["span"], whole["start"], whole["end"], strict=True)
    ]
    days = [(end - start).days + 1 for start, end in zip(whole["start"], whole["end"], strict=True)]
    columns = [
        Column(words("weeks.week"), tuple(labels), number=False),
        Column(words("weeks.days"), tuple(words.count(n) for n in days)),
        amounts(words("total"), list(whole["target"]), words),
        *_own_chances(whole, words),
    ]
    if whole["last_year"].notna().any():
        columns.append(amounts(words("weeks.last_year"), list(whole["last_year"]), words))
    for node in largest.index[:MOST_COLUMNS]:
        own = below[below["node"] == node]
        columns.append(amounts(shorten(node, 16), list(own["target"]), words))
        columns += _own_chances(own, words)
    return sheet(
        "weeks",
        columns,
        words,
        title=words("weeks.title", period=words.period(cascade.asked.outlook.period)),
        note=f"{money_note(words)}\n{words('weeks.note')}",
        limit=limit,
    )


def _own_chances(rows: pd.DataFrame, words: Words) -> list[Column]:
    """How likely each span's target is; no column where that is not known of any."""
    if rows["probability"].isna().all():
        return []
    return [
        chances(words("probability"), list(rows["probability"]), words, of=list(rows["target"]))
    ]


def load_table(load: "Load", words: Words, *, limit: int = LIMIT) -> "GT":
    """Capacity, load before and after, and the target that each unit carries in the end."""
    rows = load.table().sort_values("target", ascending=False, kind="stable")
    moved = load.after is not load.before
    over = [
        words("load.no" if not beyond else "load.yes" if moved and after < before else "load.kept")
        for beyond, after, before in zip(rows["over"], rows["target"], rows["before"], strict=True)
    ]
    columns = [
        names(list(rows.index), words),
        amounts(words("load.capacity"), list(rows["capacity"]), words),
        percents(words("load.before"), list(rows["load_before"]), words),
        Column(words("load.over"), tuple(over), number=False),
        amounts(words("load.target"), list(rows["target"]), words, cents=True),
        percents(words("load.load"), list(rows["load"]), words),
        chances(words("probability"), list(rows["probability"]), words, of=list(rows["target"])),
    ]
    period = load.before.asked.outlook.period
    return sheet(
        "load",
        columns,
        words,
        title=words("load.title", period=words.period(period)),
        note=f"{money_note(words)}\n{words('load.note')}",
        limit=limit,
    )


def staffing_table(
    scenarios: pd.DataFrame, words: Words, *, period: "Period", limit: int = LIMIT
) -> "GT":
    """One person more, fewer or moved: people, load, the chances of both teams and of all."""
    loads = scenarios["load"].replace(np.inf, np.nan)
    teams = [shorten(team, NAME_WIDTH) or words("total") for team in scenarios["team"]]
    again = scenarios["team"].duplicated()
    columns = [
        Column(
            words("staffing.team"),
            tuple("" if same else team for team, same in zip(teams, again, strict=True)),
            number=False,
        ),
        Column(
            words("staffing.scenario"),
            tuple(
                words(f"staffing.{name}", other=shorten(other, NAME_WIDTH))
                for name, other in zip(scenarios["scenario"], scenarios["other"], strict=True)
            ),
            number=False,
        ),
        Column(words("staffing.people"), tuple(words.count(n) for n in scenarios["people"])),
        percents(words("staffing.load"), list(loads), words),
        chances(words("staffing.own"), list(scenarios["team_probability"]), words),
        chances(words("staffing.theirs"), list(scenarios["other_probability"]), words),
        chances(words("staffing.all"), list(scenarios["probability"]), words),
    ]
    title = words("staffing.title", period=words.period(period))
    return sheet("staffing", columns, words, title=title, note=words("staffing.note"), limit=limit)


def _from_the_top(cascade: "Cascade") -> list[int]:
    """The nodes as people read them: each followed by those below it, the largest first."""
    order, look = [], [0]
    while look:
        node = look.pop()
        order.append(node)
        below = cascade.tree.children[node]
        look += sorted(map(int, below), key=lambda at: float(cascade.amounts[at]))
    return order
