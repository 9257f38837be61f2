"""Drift: have the probabilities stopped holding?

Each distinct period gives one number between 0 and 1, such as the share of its outlooks that fell
outside their 80 % range, whose mean is known (0.2) as long as the forecast is calibrated, however
alike its units are. Betting on it with a fair stake multiplies a fortune by a factor of mean 1;
the fortunes started at every period so far are added up (Shiryaev–Roberts on e-values: Shin,
Ramdas and Rinaldo 2022, "E-detectors"). A calibrated forecast reaches 1 ÷ rate no more often than
once in 1 ÷ rate periods, whatever the distribution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from workbench.target.curve import Floats, floats
from workbench.target.record import TrackRecord

RATE = 0.05
KINDS: Mapping[str, tuple[str, float, tuple[float, ...]]] = MappingProxyType(
    {
        "too_narrow": ("outside", 0.2, (0.5, 1.0, 2.0, 3.0)),
        "too_wide": ("outside", 0.2, (-0.4, -0.8, -1.2)),
        "too_low": ("rank", 0.5, (0.5, 1.0, 1.6)),
        "too_high": ("rank", 0.5, (-0.5, -1.0, -1.6)),
    }
)
"""What is wrong → the number watched, its mean while calibrated, and the stakes."""


@dataclass(frozen=True)
class Drift:
    """One way in which the probabilities no longer hold.

    Attributes:
        kind: ``too_narrow``, ``too_wide``, ``too_low`` (sales come out above) or ``too_high``.
        since: first period of the run that speaks most against the forecast.
        until: last period that was scored.
        periods: how many distinct periods that run has.
        observed: mean over the run of the number watched.
        expected: its mean while calibrated.
        evidence: the fortune.
        limit: from where on it is an alert.
    """

    kind: str
    since: pd.Timestamp
    until: pd.Timestamp
    periods: int
    observed: float
    expected: float
    evidence: float
    limit: float


def calibration_drift(
    record: TrackRecord, *, false_alarms: float = RATE, kinds: Sequence[str] = tuple(KINDS)
) -> tuple[Drift, ...]:
    """What has drifted out of calibration by the last period scored; empty while nothing has.

    Args:
        record: outlooks beside what happened.
        false_alarms: a calibrated forecast raises at most this many per period scored, on average
            (0.05: one in 20 periods), all kinds together.
        kinds: which to look for.
    """
    numbers = by_period(record)
    limit = len(kinds) / false_alarms
    found = []
    for kind in kinds:
        column, mean, stakes = KINDS[kind]
        seen = floats(numbers[column])
        evidence, since = fortune(seen, mean, stakes)
        if len(seen) and evidence >= limit:
            found.append(
                Drift(
                    kind=kind,
                    since=numbers["start"].iloc[since],
                    until=numbers["end"].iloc[-1],
                    periods=len(seen) - since,
                    observed=float(seen[since:].mean()),
                    expected=mean,
                    evidence=evidence,
                    limit=limit,
                )
            )
    return tuple(found)


def by_period(record: TrackRecord) -> pd.DataFrame:
    """One row per distinct period: start, end, cases, outside (share), rank (mean).

    Only outlooks made when the period before was over count: the others did not yet know how that
    one would end, so that the two are one piece of evidence, not two.
    """
    cases = record.cases
    if cases.empty:
        return pd.DataFrame(columns=["start", "end", "cases", "outside", "rank"])
    ends = cases.groupby("group")["end"].max()
    before = cases["group"].map(ends.shift(1))
    rank = floats(cases["pit"])
    table = pd.DataFrame(
        {
            "group": cases["group"],
            "start": cases["start"],
            "end": cases["end"],
            "outside": (rank < 0.1) | (rank > 0.9),
            "rank": rank,
        }
    )[~(cases["as_of"] < before)]
    whole = table.groupby("group", sort=True)
    return whole.agg(
        start=("start", "min"),
        end=("end", "max"),
        cases=("rank", "size"),
        outside=("outside", "mean"),
        rank=("rank", "mean"),
    ).reset_index(drop=True)


def fortune(seen: Floats, mean: float, stakes: Sequence[float]) -> tuple[float, int]:
    """The fortune of betting that the numbers do not have this mean, and where it was started.

    Fortunes started at every number are added, those of the stakes averaged.

    >>> fortune(np.array([0.2, 0.2, 0.6]), 0.2, [2.0])     # factors 1, 1, 1.8: 1.8 + 1.8 + 1.8
    (5.4, 2)
    """
    if not len(seen):
        return 0.0, 0
    factors = 1.0 + np.outer(seen - mean, stakes)
    from_here = np.cumprod(factors[::-1], axis=0)[::-1].mean(axis=1)
    best = len(from_here) - 1 - int(np.argmax(from_here[::-1]))
    return float(round(from_here.sum(), 9)), best
