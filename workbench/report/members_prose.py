"""Members in sentences: who they are, what they will bring, what an offer to a segment brings."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.report.prose import Html, block
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from workbench.campaign.simulation import Simulation
    from workbench.member.purchases import Purchases
    from workbench.member.repurchase import Repurchase


def members_answer(
    purchases: "Purchases",
    rfm: "pd.DataFrame",
    ahead: "Repurchase",
    words: Words,
    *,
    end: "pd.Timestamp",
    share: float,
    part: float,
) -> Html:
    """How many there are, what they will bring, what the best bring, and who is at risk.

    ``part`` is what the ``share`` of members who spent most brought of all sales.
    """
    low, mid, high = np.quantile(ahead.sales.sum(axis=1), [0.1, 0.5, 0.9])
    lines = [
        words(
            "members.answer",
            members=words.count(len(purchases)),
            again=words.count(int((purchases.repeats > 0).sum())),
            date=words.date(end.date()),
            mid=words.money(round(float(mid))),
            low=words.money(round(float(low))),
            high=words.money(round(float(high))),
        ),
        words("members.rich", share=words.percent(share), part=words.percent(part)),
    ]
    if "at_risk" in rfm.index:
        alive = words.percent(float(ahead.table["alive"]["at_risk"]))
        spent = words.money(round(float(rfm["sales"]["at_risk"])))
        count = words.count(float(rfm["members"]["at_risk"]))
        lines.append(words("members.risk", count=count, amount=spent, alive=alive))
    return block(lines)


def offer_answer(simulations: "tuple[Simulation, ...]", words: Words, *, share: float) -> Html:
    """What an exclusive offer to one segment brings, with its range."""
    if not simulations:
        return block([words("members.offer_none")])
    (offer,) = simulations
    increment = offer.outcome("incremental_sales")
    low, mid, high = np.quantile(increment, [0.1, 0.5, 0.9])
    facts = {
        "segment": shorten(offer.campaign, 40),
        "share": words.percent(share),
        "increment": words.money(round(abs(float(mid)))),
        "low": words.money(round(float(low))),
        "high": words.money(round(float(high))),
        "margin": words.money(round(float(np.median(offer.margin)))),
        "anyway": words.percent(_ratio(offer, "usual_orders", "orders")),
    }
    return block([words("members.offer" if mid >= 0 else "members.offer_less", **facts)])


def _ratio(offer: "Simulation", part: str, whole: str) -> float:
    return float(offer.outcome(part).sum() / max(float(offer.outcome(whole).sum()), 1e-9))


def list_answer(path: Path | None, words: Words, *, count: int, shown: str) -> Html:
    """Where the list of high-value members is, or how to get one."""
    if path is None:
        return block([words("members.no_list")])
    return block([words("members.list", count=words.count(count), path=shown)])
