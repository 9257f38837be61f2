"""What a campaign plan says, in sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.campaign.meaning import meanings
from workbench.campaign.tornado import BY_CHANCE
from workbench.report.prose import Html, block
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.calendar.period import Period
    from workbench.campaign.simulation import Simulation

NAME = 40
WORTH_SAYING = 0.005


def plan_answer(
    table: pd.DataFrame,
    steps: pd.DataFrame,
    words: Words,
    *,
    period: "Period",
    target: float | None = None,
    campaigns: "Sequence[Simulation]" = (),
) -> Html:
    """What the campaigns bring and cost, what they do to the target, and what to doubt first.

    Args:
        table: from :func:`workbench.campaign.overview.overview`.
        steps: from :func:`workbench.campaign.overview.outlook_steps`.
        words: language and currency.
        period: the outlook's period.
        target: of all units, where there is one.
        campaigns: what was simulated, for what each depends on.
    """
    when = words.period(period)
    if table.empty:
        base = words.money(float(steps["base"].iloc[0]))
        return block([words("plan.none", period=when, base=base), words("campaigns.none")])
    whole = table.iloc[-1]
    facts = {
        "period": when,
        "increment": words.money(round(whole["p50"])),
        "low": words.money(round(whole["p10"])),
        "high": words.money(round(whole["p90"])),
        "cost": words.money(round(whole["cost"])),
    }
    if len(table) == 1:
        lead = words("plan.brings_one", name=shorten(str(whole["campaign"]), NAME), **facts)
    else:
        lead = words("plan.brings", count=words.count(len(table) - 1), **facts)
    lines = [lead, _goal(steps, words, target), *_worth(whole, words)]
    return block([*lines, *_drivers(campaigns, words)])


def _goal(steps: pd.DataFrame, words: Words, target: float | None) -> str:
    before, after = steps.iloc[0], steps.iloc[-1]
    if target is None:
        return words(
            "plan.levels", before=words.money(before["commit"]), after=words.money(after["commit"])
        )
    return words(
        "plan.target",
        target=words.money(target),
        before=words.probability(before["probability"]),
        after=words.probability(after["probability"]),
    )


def _worth(whole: "pd.Series[float]", words: Words) -> list[str]:
    margin = float(whole["margin"])
    key = "plan.margin" if margin >= 0 else "plan.margin_loss"
    worth = words(
        key, margin=words.money(round(abs(margin))), loss=words.probability(whole["loss"])
    )
    taken = {
        name: words.count(round(100 * float(whole[column])))
        for name, column in (("anyway", "cannibalised"), ("later", "forward"))
        if whole[column] == whole[column]
    }
    if len(taken) < 2 or max(whole["cannibalised"], whole["forward"]) < WORTH_SAYING:
        return [worth]
    return [worth, words("plan.anyway", **taken)]


def _drivers(campaigns: "Sequence[Simulation]", words: Words) -> list[str]:
    """The strongest input of each of the first campaigns."""
    lines = []
    for one in campaigns[:3]:
        rows = one.tornado()
        if len(rows) and rows["share"].iloc[0] >= BY_CHANCE:
            label = meanings(one.kind)[str(rows["input"].iloc[0])].label[words.language]
            lines.append(words("plan.driver", name=shorten(one.campaign, NAME), input=label))
    return lines
