"""What the track record and the scorecard say, in sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.prose import Html, block
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.target.drift import Drift
    from workbench.target.record import TrackRecord


def record_answer(record: "TrackRecord", scores: pd.DataFrame, words: Words) -> Html:
    """How often commit was reached and the 80 % range held, how sure that is, and the errors."""
    if record.cases.empty:
        lines = [words("record.nothing"), _waiting(record, words)]
        return block(lines)
    commit, inside = record.reached(0.8), record.inside(0.8)
    facts = {"p": words.percent(0.8)}
    times = [
        words(key, k=words.count(one.happened), n=words.count(one.cases), **facts)
        for key, one in (("record.kept", commit), ("record.range", inside))
    ]
    lead = (" " if words.language == "en" else "").join(times)
    lines = [lead, *_judged(record, words), _against_rule(scores, words), _made(record, words)]
    if (record.cases["made"] == "replayed").any():
        lines.append(words("record.replay_note"))
    lines.append(_waiting(record, words))
    return block(lines)


def brier_answer(record: "TrackRecord", words: Words) -> Html:
    """The Brier score of all targets, in its parts."""
    if record.events.empty:
        return block([words("record.nothing")])
    parts = record.brier()
    numbers = {
        "score": parts.score,
        "reliability": parts.reliability,
        "resolution": parts.resolution,
        "uncertainty": parts.uncertainty,
    }
    shown = {name: f"{value:.3f}" for name, value in numbers.items()}
    n = words.count(len(record.events))
    return block([words("record.brier", n=n, **shown)])


def drift_answer(
    found: "Sequence[Drift]", record: "TrackRecord", words: Words, *, false_alarms: float
) -> Html:
    """What has drifted, since when, and how often such a word is wrong."""
    every = words.count(1 / false_alarms)
    if not found:
        if record.cases.empty:
            return block([words("record.nothing")])
        said = words("drift.none", periods=words.count(record.periods), every=every)
        return block([said])
    lines = [
        words(
            f"drift.{drift.kind}",
            since=words.date(drift.since.date()),
            observed=words.percent(drift.observed),
            expected=words.percent(drift.expected),
        )
        for drift in found
    ]
    return block([*lines, words("drift.rate", every=every)])


def scorecard_answer(card: pd.DataFrame, words: Words) -> Html:
    """Who leads, by attainment and fairly; how many reached their target; whose gap it is."""
    units = card[card["level"] == "unit"]
    whole = card[card["level"] == "all"].iloc[0]
    lines = []
    rated = units[units["adjusted"].notna() & units["attainment"].notna()]
    if len(rated):
        first = rated.sort_values("attainment", kind="stable").iloc[-1]
        fair = rated.sort_values("percentile", kind="stable").iloc[-1]
        same = first["unit"] == fair["unit"]
        lines.append(
            words(
                "card.best_same" if same else "card.best",
                first=shorten(first["unit"], 40),
                fair=shorten(fair["unit"], 40),
                attainment=words.percent(first["attainment"], digits=1),
                adjusted=words.percent(fair["adjusted"], digits=1),
                percentile=words.probability(fair["percentile"]),
            )
        )
    kept = int((units["gap"] >= -0.005).sum())
    lines.append(words("card.reached", kept=words.count(kept), count=words.count(len(units))))
    if units["likely"].notna().all():
        expected = f"{units['likely'].sum():.1f}"
        lines.append(words("card.likely_all", expected=expected))
    worst = units.sort_values("gap", kind="stable").iloc[0]
    if whole["gap"] < -0.005:
        gap, share = words.money(-whole["gap"]), words.percent(worst["gap"] / whole["gap"])
        lines.append(words("card.gap_all", gap=gap, share=share, unit=shorten(worst["unit"], 40)))
    else:
        lines.append(words("card.over_all", gap=words.money(whole["gap"])))
    return block(lines)


def _judged(record: "TrackRecord", words: Words) -> list[str]:
    one = record.reached(0.8)
    cases, periods = words.count(one.cases), words.count(one.groups)
    if one.verdict == "too few":
        word = words("record.period.one" if one.groups == 1 else "record.period.many")
        return [words("record.few", cases=cases, periods=periods, word=word)]
    margin = words.count(100 * one.margin)
    said = words("record.distinct", cases=cases, periods=periods, margin=margin)
    verdicts = [held.verdict for held in (one, record.inside(0.8))]
    worst = next((v for v in ("too seldom", "too often") if v in verdicts), "holds")
    return [said, words(f"record.{worst.replace(' ', '_')}")]


def _against_rule(scores: pd.DataFrame, words: Words) -> str:
    row = scores.iloc[0]
    if pd.isna(row["rule"]):
        return words("record.no_rule", ours=words.percent(row["wape"], digits=1))
    facts = {
        "ours": words.percent(row["wape_beside"], digits=1),
        "rule": words.percent(row["rule"], digits=1),
    }
    if row["better"] < 0:
        return words("record.rule_worse", worse=words.percent(-row["better"]), **facts)
    return words("record.rule", better=words.percent(row["better"]), **facts)


def _made(record: "TrackRecord", words: Words) -> str:
    counts = record.cases["made"].value_counts()
    facts = {name: words.count(int(counts.get(name, 0))) for name in ("live", "late", "replayed")}
    return words("record.live", **facts)


def _waiting(record: "TrackRecord", words: Words) -> str:
    return words("record.waiting", count=words.count(record.waiting)) if record.waiting else ""
