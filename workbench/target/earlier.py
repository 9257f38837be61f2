"""What became of earlier targets, and what that says about the next.

Whoever sets a target may know what sales cannot tell, or ask for more than can be sold. Either
shows once some of them are over: they are reached more or less often than their probabilities
said. Learnt is one shift of the log-odds, common to all targets that a shop sets.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.target.curve import Floats, floats
from workbench.target.proposal import ALL_UNITS
from workbench.target.record import CENT, TrackRecord

SHIFTS: Floats = np.linspace(-6.0, 6.0, 241)
NO_HABIT = 0.5
"""Belief, before any target is over, that targets come out as their probabilities say."""
SPREAD = 2.0
"""Standard deviation of the shift where they do not: an even chance may turn into 12 or 88 %."""
ALIKE = 0.3
"""How much of their luck the targets of one period share. An assumption: ten targets of one
quarter tell as much as 2.7 of ten quarters."""
SURE = 0.005


@dataclass(frozen=True, eq=False)
class EarlierTargets:
    """How the targets set so far came out, beside what was said of them beforehand.

    Attributes:
        by_unit: unit, targets, reached, expected (sum of their probabilities).
        periods: how many distinct periods they are of.
        weights: belief in each shift of the log-odds in ``SHIFTS``; they add up to 1.
    """

    by_unit: pd.DataFrame
    periods: int
    weights: Floats = field(repr=False)

    @property
    def targets(self) -> int:
        """How many targets are over."""
        return int(self.by_unit["targets"].sum())

    @property
    def reached(self) -> int:
        """How many of them were reached."""
        return int(self.by_unit["reached"].sum())

    @property
    def expected(self) -> float:
        """How many were to be expected from what was said beforehand."""
        return float(self.by_unit["expected"].sum())

    @property
    def habit(self) -> float:
        """How likely it is that targets come out otherwise than their probabilities say."""
        return float(1.0 - self.weights[SHIFTS == 0.0].sum())

    def likely(self, probability: "pd.Series[float] | float") -> "pd.Series[float]":
        """Probabilities that go by what became of earlier targets too.

        >>> none = learn(pd.DataFrame(columns=["unit", "group", "probability", "reached"]))
        >>> none.likely(0.8).round(12).tolist()                      # nothing is over yet
        [0.8]
        """
        given = pd.Series(probability, dtype=float)
        odds = _log_odds(floats(given))[:, None] + SHIFTS
        corrected = (self.weights / (1.0 + np.exp(-odds))).sum(axis=1)
        kept = given if self.targets == 0 else pd.Series(corrected, index=given.index)
        return kept.where(given.notna())


@dataclass(frozen=True, eq=False)
class Earlier:
    """What earlier targets tell about those of a report.

    Attributes:
        whole: learnt from targets of all units together.
        units: learnt from targets of single units.
        table: the report's own targets, from :func:`beside_earlier`.
        elapsed: share of the period that is known, here and when the earlier ones were judged.
        notices: targets of earlier periods that cannot be read.
    """

    whole: EarlierTargets
    units: EarlierTargets
    table: pd.DataFrame
    elapsed: float
    notices: tuple[Problem, ...] = ()


def learn_from_targets(record: TrackRecord) -> tuple[EarlierTargets, EarlierTargets]:
    """Learn from the targets in a track record: of all units together, and of single units."""
    over = targets_over(record)
    whole = over["unit"] == ALL_UNITS
    return learn(over[whole]), learn(over[~whole])


def came_out(whole: EarlierTargets, units: EarlierTargets) -> pd.DataFrame:
    """How the targets of all units together (the empty name) and of each unit came out."""
    return pd.concat([whole.by_unit, units.by_unit], ignore_index=True)


def beside_earlier(
    asked: pd.DataFrame, whole: EarlierTargets, units: EarlierTargets
) -> pd.DataFrame:
    """Each target with its probability, and with the one that goes by earlier targets.

    Args:
        asked: index unit (empty: all), columns target and probability.
        whole: learnt from earlier targets of all units together.
        units: learnt from those of single units.

    Returns:
        The index and columns of ``asked`` that are named above, by_earlier, and the unit's own
        count of earlier targets, reached and expected.
    """
    likely = units.likely(asked["probability"]).where(
        asked.index != ALL_UNITS, whole.likely(asked["probability"])
    )
    own = came_out(whole, units).set_index("unit").reindex(asked.index)
    counts = own.assign(targets=own["targets"].fillna(0).astype(int))
    return asked[["target", "probability"]].assign(by_earlier=likely).join(counts)


def targets_over(record: TrackRecord) -> pd.DataFrame:
    """The cases of a record for which a target was set, and whether it was ``reached``.

    A target counts once: as it was first judged.
    """
    cases = record.cases[record.cases["target"] > 0].sort_values("as_of", kind="stable")
    cases = cases.drop_duplicates(["unit", "start", "end"]).sort_index()
    return cases.assign(reached=cases["outcome"] >= cases["target"] - CENT)


def learn(targets: pd.DataFrame) -> EarlierTargets:
    """Learn the shift from targets that are over.

    A belief with a lump at "no shift" (Mitchell and Beauchamp 1988) is confronted with how often
    the targets were reached. Targets of one period share luck: their evidence is divided by the
    design effect of a cluster sample, 1 + (mean size − 1) × correlation (Kish 1965).

    Args:
        targets: one row per target: unit, group (which period), probability, reached.

    >>> over = pd.DataFrame({"unit": list("ab") * 6, "group": np.repeat(range(6), 2)})
    >>> even = learn(over.assign(probability=0.5, reached=[True, False] * 6))
    >>> even.targets, even.reached, even.likely(0.5).round(2).tolist()
    (12, 6, [0.5])
    >>> never = learn(over.assign(probability=0.5, reached=False))
    >>> never.reached, never.expected, never.likely(0.5).round(2).tolist()
    (0, 6.0, [0.09])
    """
    prior = np.exp(-0.5 * np.square(SHIFTS / SPREAD))
    prior = (1.0 - NO_HABIT) * prior / prior.sum()
    prior[SHIFTS == 0.0] += NO_HABIT
    said, hit = floats(targets["probability"]), floats(targets["reached"])
    odds = _log_odds(said)[:, None] + SHIFTS
    evidence = (hit[:, None] * odds - np.logaddexp(0.0, odds)).sum(axis=0)
    sizes = targets["group"].value_counts().to_numpy(dtype=float)
    if len(sizes):
        evidence /= 1.0 + ALIKE * (np.square(sizes).sum() / sizes.sum() - 1.0)
    weights = prior * np.exp(evidence - evidence.max())
    table = pd.DataFrame({"unit": targets["unit"], "reached": hit, "expected": said})
    grouped = table.groupby("unit", sort=False)
    counts = pd.DataFrame({"targets": grouped.size(), "reached": grouped["reached"].sum()})
    by_unit = counts.astype(int).assign(expected=grouped["expected"].sum()).reset_index()
    return EarlierTargets(by_unit, len(sizes), weights / weights.sum())


def in_turn(targets: pd.DataFrame) -> "pd.Series[float]":
    """What each target's probability would have been, learning from those over before it.

    Args:
        targets: one row per target: unit, group, start and end of its period, as_of,
            probability, reached.

    >>> days = pd.to_datetime(["2026-01-01", "2026-04-01", "2026-07-01"])
    >>> over = pd.DataFrame({"unit": "a", "group": range(3), "start": days})
    >>> over = over.assign(end=days + pd.Timedelta(days=89), as_of=days - pd.Timedelta(days=1))
    >>> in_turn(over.assign(probability=0.5, reached=False)).round(2).tolist()
    [0.5, 0.4, 0.34]
    """
    found = targets["probability"].astype(float).copy()
    for day, rows in targets.groupby("as_of", sort=False):
        before = targets[targets["end"] <= day]
        found[rows.index] = learn(before).likely(rows["probability"])
    return found


def _log_odds(probability: Floats) -> Floats:
    """No probability counts as surer than it can be known."""
    kept = np.clip(probability, SURE, 1.0 - SURE)
    return np.asarray(np.log(kept / (1.0 - kept)), dtype=float)
