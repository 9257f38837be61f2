"""What single promoters of a distribution drive bring: very little most of them, a few a lot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.campaign.drive import DistributionDrive
from workbench.campaign.drive_notices import share_of_best
from workbench.report.prose import Html
from workbench.report.safe import shorten
from workbench.report.tables.sheet import Column, amounts, money_note, percents, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

    from workbench.campaign.base import Campaign
    from workbench.campaign.simulation import Simulation

NAME = 40


def promoter_tables(
    campaigns: "Sequence[Campaign]", simulations: "Sequence[Simulation]", words: Words
) -> Html:
    """One table per distribution drive, one below the other; nothing without one."""
    pairs = zip(campaigns, simulations, strict=True)
    drives = [(one, result) for one, result in pairs if isinstance(one, DistributionDrive)]
    return Html("".join(promoter_table(*pair, words).as_raw_html() for pair in drives))


def promoter_table(drive: DistributionDrive, result: "Simulation", words: Words) -> "GT":
    """Per kind of promoter: how many, orders each, how many have none, and what the best bring."""
    rows = drive.per_promoter(result)
    kinds = tuple(words(f"promoters.{kind}") for kind in rows["promoters"])
    best = share_of_best(drive, result)
    columns = [
        Column(words("promoters.kind"), kinds, number=False),
        Column(words("promoters.count"), tuple(words.count(v) for v in rows["count"])),
        Column(words("promoters.orders"), tuple(f"{v:.2f}" for v in rows["orders"])),
        percents(words("promoters.none"), list(rows["without_orders"]), words),
        Column(words("promoters.p90"), tuple(words.count(v) for v in rows["p90"])),
        percents(words("promoters.best"), list(rows["best_tenth"]), words),
        *_met(rows, words),
        amounts(words("promoters.commission"), list(rows["commission"]), words, cents=True),
    ]
    return sheet(
        "promoters",
        columns,
        words,
        title=words("promoters.title", name=shorten(drive.name, NAME)),
        subtitle=words("promoters.lead", best=words.percent(best)) if best == best else "",
        note=f"{money_note(words)} {words('promoters.note')}",
    )


def _met(rows: "pd.DataFrame", words: Words) -> list[Column]:
    """How many of those with a task meet it; no column where nobody has one."""
    met = list(rows["met"])
    given = any(one == one for one in met)
    return [percents(words("promoters.met"), met, words)] if given else []
