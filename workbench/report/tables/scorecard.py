"""Tables of the scorecard: attainment and difficulty, bonuses, versions of targets."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.data.units import SEPARATOR
from workbench.report.safe import shorten
from workbench.report.tables.sheet import (
    NAME_WIDTH,
    Column,
    amounts,
    chances,
    money_note,
    percents,
    sheet,
)
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.period import Period
    from workbench.target.bonus import Payouts

LIMIT = 60
INDENT = "\u2003"
ORDER = {"all": 0, "group": 1, "unit": 2, "open": 3}


def scorecard_table(
    card: pd.DataFrame,
    words: Words,
    *,
    period: "Period",
    over: bool = True,
    as_of: "pd.Timestamp | None" = None,
    limit: int = LIMIT,
) -> "GT":
    """All, then each team with its people below it, the best adjusted first.

    Args:
        card: from :func:`workbench.target.scorecard.scorecard`.
        words: language and currency.
        period: that was scored.
        over: whether the results are final.
        as_of: the last known day, told while the period runs.
        limit: at most so many rows.
    """
    rows = _ordered(card)
    labels = tuple(map(_who, rows["level"], rows["unit"], rows["group"], [words] * len(rows)))
    rank = tuple(_rank(v, level) for v, level in zip(rows["rank"], rows["level"], strict=True))
    fair = tuple(
        _rank(v, level) for v, level in zip(rows["adjusted_rank"], rows["level"], strict=True)
    )
    columns = [
        Column(words("card.unit"), labels, number=False),
        amounts(words("target"), list(rows["target"]), words),
        amounts(words("card.result" if over else "card.expected"), list(rows["result"]), words),
        percents(words("attainment"), list(rows["attainment"]), words, digits=1),
        Column(words("card.rank"), rank),
        chances(words("card.likely"), list(rows["likely"]), words),
        percents(words("card.adjusted"), list(rows["adjusted"]), words, digits=1),
        Column(words("card.adjusted_rank"), fair),
        amounts(words("card.gap"), list(rows["gap"]), words),
        percents(words("card.share"), list(rows["gap_share"]), words),
    ]
    if card["of"].any():
        kept = tuple(
            words("card.kept_of", kept=row["kept"], of=row["of"]) if row["of"] else "–"
            for row in rows.to_dict("records")
        )
        columns.append(percents(words("card.change"), list(rows["change"]), words, sign=True))
        columns.append(Column(words("card.kept"), kept))
    if not over and as_of is not None:
        subtitle = words("card.running", as_of=words.date(as_of.date()))
    else:
        subtitle = words("card.over")
    return sheet(
        "scorecard",
        columns,
        words,
        title=words("card.title", period=words.period(period)),
        subtitle=subtitle,
        note=f"{money_note(words)}\n{words('card.note')}",
        bold=np.flatnonzero(rows["level"].isin(["all", "group"])).tolist(),
        limit=limit,
    )


def bonus_table(payouts: "Payouts", words: Words, *, period: "Period", limit: int = LIMIT) -> "GT":
    """Everybody's bonus and their sum; with its range while the period runs."""
    rows = payouts.table.sort_values("mean", ascending=False, kind="stable")
    total = payouts.total
    low, high = (float(np.quantile(total, level)) for level in (0.1, 0.9))
    names = [words("total"), *(shorten(unit, NAME_WIDTH) for unit in rows["unit"])]
    columns = [
        Column(words("card.unit"), tuple(names), number=False),
        *(
            [Column(words("bonus.role"), ("", *map(str, rows["role"])), number=False)]
            if len(set(rows["role"])) > 1
            else []
        ),
        percents(words("bonus.measured"), [np.nan, *rows["measured"]], words, digits=1),
        percents(words("bonus.multiple"), [np.nan, *rows["multiple"]], words),
        amounts(
            words("bonus.paid" if payouts.certain else "bonus.expected"),
            [float(total.mean()), *rows["mean"]],
            words,
        ),
    ]
    note = money_note(words)
    if not payouts.certain:
        columns.append(amounts(words("bonus.low"), [low, *rows["p10"]], words))
        columns.append(amounts(words("bonus.high"), [high, *rows["p90"]], words))
        note += "\n" + words("bonus.note", budget=words.money(payouts.budget()))
    title = words("bonus.title", period=words.period(period))
    return sheet("bonus", columns, words, title=title, note=note, bold=[0], limit=limit)


def versions_table(table: pd.DataFrame, words: Words, *, limit: int = LIMIT) -> "GT":
    """Who set which targets when, and what replaced them; the newest first.

    ``table`` comes from :func:`workbench.target.versions.versions_table`.
    """
    rows = table.iloc[::-1]
    after = tuple(
        words("versions.in_force") if number == 0 else str(number) for number in rows["replaced_by"]
    )
    columns = [
        Column(words("versions.version"), tuple(str(number) for number in rows["version"])),
        Column(words("period"), tuple(map(str, rows["period"])), number=False),
        amounts(words("target"), list(rows["total"]), words, cents=True),
        percents(words("versions.change"), list(rows["change"]), words, digits=1, sign=True),
        Column(
            words("versions.set_by"), tuple(shorten(n, 24) for n in rows["set_by"]), number=False
        ),
        Column(words("versions.set_at"), tuple(f"{at:%Y-%m-%d %H:%M}" for at in rows["set_at"])),
        Column(words("versions.replaced_by"), after),
        Column(words("versions.note"), tuple(shorten(n, 40) for n in rows["note"]), number=False),
    ]
    title, note = words("versions.title"), money_note(words)
    return sheet("versions", columns, words, title=title, note=note, limit=limit)


def _ordered(card: pd.DataFrame) -> pd.DataFrame:
    """All; every team, the best first, with its people below it; what nobody carries."""
    teams = card[card["level"] == "group"].set_index("unit")["percentile"]
    place = card["group"].map(teams.rank(ascending=False, method="first")).fillna(0.0)
    first = card["level"].map({"all": 0, "open": 2}).fillna(1)
    keys = pd.DataFrame(
        {
            "first": first,
            "team": place,
            "level": card["level"].map(ORDER),
            "fair": -card["percentile"].fillna(-1),
        }
    )
    return card.loc[keys.sort_values(["first", "team", "level", "fair"], kind="stable").index]


def _who(level: str, unit: str, team: str, words: Words) -> str:
    """A name; of one who stands below the team's row without that of the team again."""
    alone = unit.removeprefix(f"{team}{SEPARATOR}") if level == "unit" and team else unit
    name = shorten(alone, NAME_WIDTH)
    match level:
        case "all":
            return words("total")
        case "open":
            return words("card.open")
        case "group":
            return words("card.team", name=name)
    return f"{INDENT}{name}" if team else name


def _rank(value: float, level: str) -> str:
    return "" if level in ("all", "open") or value != value else f"{value:.0f}"
