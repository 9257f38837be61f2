"""What the explorer of campaigns shows, as HTML: the answer, the funnel, the tables."""

from workbench.campaign.quantity import quantities
from workbench.campaign.simulation import Simulation
from workbench.report import style
from workbench.report.campaign_prose import plan_answer
from workbench.report.campaigns_shown import campaigns_or_note, costs_or_nothing
from workbench.report.safe import html_text
from workbench.report.tables.campaign import effect_table
from workbench.report.words import Words
from workbench.run.planned import CampaignPlan
from workbench.ui.shown import boxed

BAR = 320
ROW = (
    '<div style="display:flex;align-items:center;margin:2px 0"><span style="width:220px">{name}'
    '</span><span style="display:inline-block;height:14px;width:{width:.0f}px;background:{colour}">'
    '</span><span style="margin-left:8px">{count}</span></div>'
)


def plan_html(plan: CampaignPlan, at: int, words: Words) -> str:
    """The answer, the funnel of the campaign that is looked at, and what all bring and cost."""
    when = plan.before.period
    lead = plan_answer(plan.table, plan.steps, words, period=when, target=plan.target)
    if not plan.simulations:
        return boxed(lead)
    tables = (
        effect_table(plan.steps, words, period=when),
        campaigns_or_note(plan.table, words, period=when),
        costs_or_nothing(plan.table, words),
    )
    below = "".join(one if isinstance(one, str) else str(one.as_raw_html()) for one in tables)
    return boxed(lead) + funnel_html(plan.simulations[at], words) + below


def funnel_html(campaign: Simulation, words: Words) -> str:
    """The steps from visit to sale as bars; their length is logarithmic.

    Drawn without a figure, so that a drag is answered at once.
    """
    from math import log10

    rows = campaign.funnel()
    known = quantities(campaign.kind)
    largest = log10(max(float(rows["p50"].max()), 1.0) + 1.0) if len(rows) else 1.0
    title = html_text(words("funnel.title", name=campaign.campaign))
    bars = [
        ROW.format(
            name=html_text(known[str(row["step"])].label[words.language]),
            width=BAR * log10(float(row["p50"]) + 1.0) / max(largest, 1e-9),
            colour=style.SKY,
            count=html_text(words.count(float(row["p50"]))),
        )
        for row in rows.to_dict("records")
    ]
    return f'<p style="margin:8px 0 4px"><b>{title}</b></p>{"".join(bars)}'
