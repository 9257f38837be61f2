"""What ``30_target_tracking`` publishes."""

from typing import Any

import pandas as pd

from workbench.report.metrics import earlier_metrics, metric, money_unit, tracking_metrics
from workbench.run.appraisal import Appraisal
from workbench.target.crossed import Crossed
from workbench.target.earlier import Earlier
from workbench.target.gap import Gap
from workbench.target.pace import pace
from workbench.target.proposal import ALL_UNITS
from workbench.target.resplit import Remainder
from workbench.target.stated import kept_outlook
from workbench.target.tracking import Tracking


def tracking_results(
    tracking: Tracking,
    gap: Gap,
    *,
    crossed: Crossed | None,
    rest: Remainder | None,
    judged: Appraisal,
    earlier: Earlier,
    currency: str,
) -> dict[str, Any]:
    """Metrics and tables of ``30_target_tracking``; ``outlook`` is scored after the period."""
    stand = pace(tracking)
    whole = pd.Series({ALL_UNITS: tracking.goal})
    tables = {
        "pace": stand,
        "course": tracking.course,
        "needed": tracking.needed,
        "expected": tracking.expected,
        "gap": gap.parts,
        "scorecard": judged.card,
        "earlier": earlier.table.reset_index(),
        "outlook": kept_outlook(tracking.now, tracking.panel, pd.concat([whole, tracking.target])),
    }
    if crossed is not None:
        tables["crossed"] = crossed.table()
    if rest is not None:
        tables |= {
            "resplit": rest.units,
            "resplit_weeks": rest.weeks,
            "resplit_days": rest.days,
        }
    metrics = [*tracking_metrics(stand, gap, currency), *earlier_metrics(earlier.table)]
    if judged.bonuses is not None:
        tables["bonuses"] = judged.bonuses.table
        total = float(judged.bonuses.total.mean())
        metrics.append(metric("bonuses", total, money_unit(currency)))
    return {"metrics": metrics, "tables": tables}
