"""What the notebook of the track record shows of a review, if there is one; its results."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.report.figures.scorecard import scorecard_chart
from workbench.report.metrics import Metric, metric, money_unit
from workbench.report.prose import Html, Note, block
from workbench.report.record_prose import scorecard_answer
from workbench.report.tables.scorecard import bonus_table, scorecard_table, versions_table
from workbench.report.words import Words
from workbench.run.review import Review
from workbench.target.drift import Drift
from workbench.target.record import TrackRecord

if TYPE_CHECKING:
    from workbench.report.shown import GT, Axes

LEVELS = (0.8, 0.5, 0.2)


def review_answer(review: Review, words: Words) -> Html:
    """Who leads and whose gap it is; that there are no targets where there are none."""
    if review.card.empty:
        return block([words("card.none")])
    return scorecard_answer(review.card, words)


def review_table(review: Review, words: Words) -> "GT | Note":
    """The scorecard as a table."""
    if review.card.empty:
        return Note("")
    return scorecard_table(review.card, words, period=review.period)


def review_chart(review: Review, words: Words) -> "Axes | None":
    """Attainment and difficulty, drawn; nothing without targets."""
    return None if review.card.empty else scorecard_chart(review.card, words, period=review.period)


def review_bonuses(review: Review, words: Words) -> "GT | Note":
    """The bonuses; nothing without a rule table."""
    if review.bonuses is None:
        return Note("")
    return bonus_table(review.bonuses, words, period=review.period)


def review_versions(review: Review, words: Words) -> "GT | Note":
    """Who set which targets when; nothing where the file does not keep it."""
    return Note("") if review.versions.empty else versions_table(review.versions, words)


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
