"""What ``70_track_record`` publishes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.report.metrics import Metric, metric, money_unit
from workbench.run.review import Review
from workbench.target.drift import Drift
from workbench.target.record import TrackRecord

LEVELS = (0.8, 0.5, 0.2)


def record_results(
    record: TrackRecord,
    drifts: Sequence[Drift],
    review: Review,
    tables: Mapping[str, pd.DataFrame],
    *,
    currency: str,
) -> dict[str, Any]:
    """Metrics and tables of ``70_track_record``."""
    found = {"levels": record.levels(), "ranges": record.ranges(), "cases": record.cases}
    found |= {name: table for name, table in tables.items() if len(table)}
    found["drift"] = pd.DataFrame([vars(drift) for drift in drifts], columns=list(DRIFT))
    if not review.card.empty:
        found["scorecard"] = review.card
    if review.bonuses is not None:
        found["bonuses"] = review.bonuses.table
    if not review.versions.empty:
        found["versions"] = review.versions
    metrics = [*_record_metrics(record, drifts), *_review_metrics(review, currency)]
    return {"metrics": metrics, "tables": found}


DRIFT = ("kind", "since", "until", "periods", "observed", "expected", "evidence", "limit")


def _record_metrics(record: TrackRecord, drifts: Sequence[Drift]) -> list[Metric]:
    metrics = [
        metric("record.outlooks", len(record.cases), "count"),
        metric("record.periods", record.periods, "count"),
        metric("record.waiting", record.waiting, "count"),
        metric("record.inside_80", record.inside(0.8).frequency, "ratio"),
        metric("record.drift", len(drifts), "count"),
    ]
    metrics += [
        metric(f"record.reached_{level:.0%}"[:-1], record.reached(level).frequency, "ratio")
        for level in LEVELS
    ]
    if len(record.events):
        metrics.append(metric("record.brier", record.brier().score, "ratio"))
    return metrics


def _review_metrics(review: Review, currency: str) -> list[Metric]:
    """Attainment, percentile and adjusted attainment of all and of everyone; the bonuses' sum."""
    metrics: list[Metric] = []
    for row in review.card.to_dict("records"):
        if row["level"] in ("all", "unit"):
            metrics += [
                metric(f"scorecard.{name}", row[name], "ratio", node=str(row["unit"]))
                for name in ("attainment", "percentile", "adjusted")
            ]
    if review.bonuses is not None:
        total = float(review.bonuses.total.mean())
        metrics.append(metric("bonuses", total, money_unit(currency)))
    return metrics
