"""Tables of planned campaigns: what each brings and costs, the target, money, sources."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.campaign.meaning import meanings
from workbench.campaign.overview import TOGETHER, bridge
from workbench.campaign.quantity import quantities
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
    from workbench.campaign.simulation import Simulation

MONEY = (
    *("paid", "refunded", "returned", "sales", "cannibalised_sales", "repaid_sales"),
    *("repeat_sales", "overlap_sales", "unserved_sales", "incremental_sales", "discount_given"),
    *("gross_margin", "cost", "margin", "orders", "completed_groups", "new_customers"),
)
"""What the table of one campaign shows, from payment to margin, then people and orders."""
STRONG = ("incremental_sales", "margin")
LIMIT = 60


def campaigns_table(table: pd.DataFrame, words: Words, *, period: "Period") -> "GT":
    """Days, and the increment with its range, inside the period and after it.

    ``table`` comes from :func:`workbench.campaign.overview.overview`.
    """
    rows = table.reset_index(drop=True)
    named = tuple(_campaign(name, words) for name in rows["campaign"])
    days = tuple(
        words.dates(start.date(), end.date())
        for start, end in zip(rows["start"], rows["end"], strict=True)
    )
    columns = [
        Column(words("campaigns.campaign"), named, number=False),
        Column(words("campaigns.days"), days, number=False),
        amounts(words("campaigns.increment"), list(rows["p50"]), words),
        amounts(words("campaigns.low"), list(rows["p10"]), words),
        amounts(words("campaigns.high"), list(rows["p90"]), words),
        amounts(words("campaigns.after"), list(rows["after"]), words),
    ]
    return sheet(
        "campaigns",
        columns,
        words,
        title=words("campaigns.title", period=words.period(period)),
        subtitle=words("campaigns.subtitle"),
        note=money_note(words),
        bold=_together(rows),
    )


def costs_table(table: pd.DataFrame, words: Words) -> "GT":
    """Cost, margin, chance of a loss, what would have been sold anyway, new customers.

    ``table`` comes from :func:`workbench.campaign.overview.overview`.
    """
    rows = table.reset_index(drop=True)
    named = tuple(_campaign(name, words) for name in rows["campaign"])
    columns = [
        Column(words("campaigns.campaign"), named, number=False),
        amounts(words("campaigns.cost"), list(rows["cost"]), words),
        amounts(words("campaigns.margin"), list(rows["margin"]), words),
        Column(words("campaigns.loss"), tuple(words.probability(p) for p in rows["loss"])),
        percents(words("campaigns.anyway"), list(rows["cannibalised"]), words),
        percents(words("campaigns.later"), list(rows["forward"]), words),
        Column(words("campaigns.new"), tuple(words.count(v) for v in rows["new_customers"])),
    ]
    return sheet(
        "costs",
        columns,
        words,
        title=words("campaigns.costs"),
        note=f"{money_note(words)} {words('campaigns.note')}",
        bold=_together(rows),
    )


def effect_table(steps: pd.DataFrame, words: Words, *, period: "Period") -> "GT":
    """Commit, base, stretch and the target's probability without, with each, and with all.

    ``steps`` comes from :func:`workbench.campaign.overview.outlook_steps`.
    """
    labels = tuple(_plan(names, words) for names in steps["campaigns"])
    columns = [Column(words("effect.plan"), labels, number=False)]
    columns += [
        amounts(words(f"proposal.{name}"), list(steps[name]), words)
        for name in ("commit", "base", "stretch")
    ]
    asked = bool(steps["probability"].notna().any())
    if asked:
        columns.append(chances(words("probability"), list(steps["probability"]), words))
        gains = ("", *(points(gain, words) for gain in steps["gain"].iloc[1:]))
        columns.append(Column(words("effect.gain"), gains))
    return sheet(
        "effect",
        columns,
        words,
        title=words("effect.title" if asked else "effect.open", period=words.period(period)),
        note=f"{money_note(words)}\n{words('effect.note')}",
        bold=[len(steps) - 1],
    )


def bridge_table(campaign: "Simulation", words: Words) -> "GT":
    """One campaign from what is paid to the margin that remains, then people and orders."""
    rows = bridge(campaign, MONEY)
    known = quantities(campaign.kind)
    labels = tuple(known[name].label[words.language] for name in rows["quantity"])
    columns = [
        Column(words("money.row"), labels, number=False),
        *(
            Column(words(f"money.{name}"), tuple(words.count(value) for value in rows[column]))
            for name, column in (("low", "p10"), ("mid", "p50"), ("high", "p90"))
        ),
    ]
    last = campaign.dates[campaign.n_active - 1].date()
    name = shorten(campaign.campaign, NAME_WIDTH)
    currency = words.either(f"currency.{words.currency}", words.currency)
    return sheet(
        "money",
        columns,
        words,
        title=words("money.title", name=name),
        subtitle=words("money.subtitle", days=words.dates(campaign.dates[0].date(), last)),
        note=words("money.note", currency=currency),
        bold=[at for at, name in enumerate(rows["quantity"]) if name in STRONG],
    )


def sources_table(campaigns: "Sequence[Simulation]", words: Words, *, limit: int = 200) -> "GT":
    """Every input of every campaign: its value, and whether that is the shop's own or assumed."""
    rows = [
        (one, str(row["input"]), str(row["value"]), str(row["source"]))
        for one in campaigns
        for row in one.sources().to_dict("records")
    ]
    columns = []
    if len(campaigns) > 1:
        first = [at == 0 or rows[at - 1][0] is not row[0] for at, row in enumerate(rows)]
        names = tuple(
            shorten(row[0].campaign, 24) if new else ""
            for row, new in zip(rows, first, strict=True)
        )
        columns.append(Column(words("campaigns.campaign"), names, number=False))
    labels = tuple(_input(one.kind, name, words) for one, name, *_ in rows)
    columns += [
        Column(words("sources.input"), labels, number=False),
        Column(words("sources.value"), tuple(value for *_, value, _ in rows)),
        Column(
            words("sources.source"), tuple(said(source, words) for *_, source in rows), number=False
        ),
    ]
    counts = _counted([source for *_, source in rows])
    return sheet(
        "sources",
        columns,
        words,
        title=words("sources.title"),
        subtitle=words("sources.subtitle"),
        note=words("sources.count", **counts),
        limit=limit,
    )


def _together(rows: pd.DataFrame) -> list[int]:
    return [at for at, name in enumerate(rows["campaign"]) if name == TOGETHER]


def said(source: str, words: Words) -> str:
    """Where an input comes from, in words; a citation as it is."""
    if words.known(f"sources.{source}"):
        return words(f"sources.{source}")
    return words("sources.published", source=source)


def _input(kind: str, name: str, words: Words) -> str:
    return meanings(kind)[name].label[words.language]


def _counted(sources: Sequence[str]) -> Mapping[str, int]:
    own = ("history", "given", "assumption")
    counts = {name: sources.count(name) for name in own}
    return counts | {"published": len(sources) - sum(counts.values())}


def _campaign(name: str, words: Words) -> str:
    return words("campaigns.together") if name == TOGETHER else shorten(name, NAME_WIDTH)


def _plan(names: Sequence[str], words: Words) -> str:
    if not names:
        return words("effect.without")
    if len(names) == 1:
        return words("effect.alone", name=shorten(names[0], 30))
    return words("effect.all")


def points(gain: float, words: Words) -> str:
    """A difference of probabilities, in percentage points."""
    return words("effect.points", value=f"{round(100 * gain, 1) + 0.0:+.1f}")
