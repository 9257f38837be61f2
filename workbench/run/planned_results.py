"""What ``40_campaign_plan`` publishes."""

from typing import Any

import pandas as pd

from workbench.campaign.drive import DistributionDrive
from workbench.campaign.gap_plan import GapPlan
from workbench.campaign.overview import TOGETHER
from workbench.report.metrics import Metric, metric, money_unit
from workbench.run.gap_closing import gap_tables
from workbench.run.planned import CampaignPlan

UNITS = {"loss": "probability", "cannibalised": "ratio", "forward": "ratio"}
INCREMENTS = {"increment": "p50", "increment_p10": "p10", "increment_p90": "p90"}
AMOUNTS = {
    **INCREMENTS,
    "increment_mean": "mean",
    **{name: name for name in ("all_days", "after", "cost", "margin")},
}


def campaign_results(
    plan: CampaignPlan, *, currency: str, gap: GapPlan | None = None
) -> dict[str, Any]:
    """Metrics and tables: campaigns, target before and after, quantities, inputs, mixes."""
    table = plan.table.rename(columns={"p50": "increment"}) if len(plan.table) else plan.table
    tables = {"campaigns": table, "steps": _named(plan.steps), **gap_tables(gap)}
    if len(plan.load):
        tables["staff"] = plan.load
    each = plan.simulations
    if each:
        tables |= {
            "quantities": _joined([(one.campaign, one.summary()) for one in each]),
            "funnel": _joined([(one.campaign, one.funnel()) for one in each]),
            "tornado": _joined([(one.campaign, one.tornado()) for one in each]),
            "sources": _joined([(one.campaign, one.sources()) for one in each]),
        }
    drives = [
        (one.name, one.per_promoter(result))
        for one, result in zip(plan.campaigns, each, strict=True)
        if isinstance(one, DistributionDrive)
    ]
    if drives:
        tables["promoters"] = _joined(drives)
    return {"metrics": campaign_metrics(plan, currency), "tables": tables}


def campaign_metrics(plan: CampaignPlan, currency: str) -> list[Metric]:
    """``campaign.increment`` and so on of each campaign, and the probability before and after.

    ``base``, ``commit``, ``stretch``, ``target`` and ``probability`` are those with the campaigns;
    ``probability_before`` is that without.
    """
    unit = money_unit(currency)
    found: list[Metric] = []
    for row in plan.table.to_dict("records"):
        node = "" if row["campaign"] == TOGETHER else str(row["campaign"])
        for name, column in AMOUNTS.items():
            found.append(metric(f"campaign.{name}", float(row[column]), unit, node=node))
        found += [
            metric(f"campaign.{n}", float(row[n]), kind, node=node) for n, kind in UNITS.items()
        ]
        count = float(row["new_customers"])
        found.append(metric("campaign.new_customers", count, "count", node=node))
    before, after = plan.steps.iloc[0], plan.steps.iloc[-1]
    found += [metric(name, float(after[name]), unit) for name in ("commit", "base", "stretch")]
    found += [metric(f"{n}_before", float(before[n]), unit) for n in ("commit", "base", "stretch")]
    if plan.target is not None:
        found.append(metric("target", plan.target, unit))
        found.append(metric("probability", float(after["probability"]), "probability"))
        found.append(metric("probability_before", float(before["probability"]), "probability"))
    return found


def _named(steps: pd.DataFrame) -> pd.DataFrame:
    """The campaigns of a row as one text."""
    return steps.assign(campaigns=[" + ".join(names) for names in steps["campaigns"]])


def _joined(parts: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    frames = [frame.assign(campaign=name) for name, frame in parts]
    whole = pd.concat(frames, ignore_index=True)
    return whole[["campaign", *(name for name in whole.columns if name != "campaign")]]
