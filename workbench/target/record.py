"""The track record: every past outlook whose period is over, scored against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.score.crps import crps_sample
from workbench.score.grouped import Held, distinct_periods, held
from workbench.score.probability import BrierParts, brier_parts
from workbench.target.amounts import listed
from workbench.target.curve import Floats, exceedance, floats
from workbench.target.history import rows_of, total_over
from workbench.target.proposal import ALL_UNITS
from workbench.target.stated import QUANTILES

LIKELY = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
RANGES = (0.5, 0.8, 0.9)
RAISES = (0, 5, 10)
"""Events beside the targets that were set: last year's total, and that plus 5 and 10 %."""
CENT = 0.005
ONCE = ("unit", "start", "end", "as_of", "made")


@dataclass(frozen=True, eq=False)
class TrackRecord:
    """Outlooks beside what happened.

    Attributes:
        cases: one row per outlook of one unit: unit (empty: all), level, period, start, end,
            as_of, elapsed, made (``live``, ``late`` or ``replayed``), outcome, median, rule,
            target, probability, last_year, crps, pit, group (which distinct period).
        quantiles: (cases, 99), what was said.
        events: one row per case and amount: case, event, amount, probability, reached, group.
        waiting: outlooks whose period is not over yet.
        notices: what was left out, and why.
    """

    cases: pd.DataFrame
    quantiles: Floats
    events: pd.DataFrame
    waiting: int = 0
    notices: tuple[Problem, ...] = field(default=())

    @property
    def periods(self) -> int:
        """How many distinct stretches of time the cases are about."""
        return int(self.cases["group"].nunique())

    def where(self, chosen: "pd.Series[bool]") -> "TrackRecord":
        """Some of the cases, told by a mask over their rows."""
        mask = chosen.to_numpy(dtype=bool)
        place = np.cumsum(mask) - 1
        events = self.events[mask[self.events["case"].to_numpy(dtype=int)]]
        return replace(
            self,
            cases=self.cases[mask].reset_index(drop=True),
            quantiles=self.quantiles[mask],
            events=events.assign(case=place[events["case"].to_numpy(dtype=int)]).reset_index(
                drop=True
            ),
        )

    def reached(self, probability: float) -> Held:
        """How often the target that was said to have this probability was reached."""
        at = round((1.0 - probability) * 100) - 1
        hit = floats(self.cases["outcome"]) >= self.quantiles[:, at] - CENT
        return held(hit, probability, self.cases["group"])

    def inside(self, share: float) -> Held:
        """How often the outcome lay inside the central range that was said to hold this share."""
        tail = round((1.0 - share) / 2 * 100)
        y = floats(self.cases["outcome"])
        low, high = self.quantiles[:, tail - 1], self.quantiles[:, 99 - tail]
        hit = (y >= low - CENT) & (y <= high + CENT)
        return held(hit, share, self.cases["group"])

    def levels(self, probabilities: Sequence[float] = LIKELY) -> pd.DataFrame:
        """One row per probability: stated, cases, reached, frequency, margin, groups, verdict."""
        return _held_table([self.reached(p) for p in probabilities])

    def ranges(self, shares: Sequence[float] = RANGES) -> pd.DataFrame:
        """One row per central range: how often it held."""
        return _held_table([self.inside(share) for share in shares])

    def brier(self) -> BrierParts:
        """The Brier score of all events, in its parts."""
        return brier_parts(self.events["probability"], self.events["reached"].astype(float))


def score_outlooks(table: pd.DataFrame, panel: Panel) -> TrackRecord:
    """Score every outlook in a table whose period is over by the panel's last day.

    An outlook counts once: of several of one unit, period and day the first made counts. Outlooks
    of units that the panel does not have, and of periods whose sales are not known, are left out
    and told in ``notices``.

    Args:
        table: rows of :func:`workbench.target.stated.stated`; columns ``made``, ``level`` and
            ``run`` where they are known.
        panel: the sales of the same units.
    """
    rows = table.assign(
        made=table.get("made", "live"), level=table.get("level", ""), run=table.get("run", "")
    )
    over = rows["end"] <= _last_day(panel)
    waiting, rows = int((~over).sum()), rows[over]
    rows = rows.drop_duplicates(list(ONCE)).reset_index(drop=True)
    outcome = outcomes(rows, panel)
    known = outcome.notna()
    notices = _left_out(rows[~known], panel)
    rows = rows[known].reset_index(drop=True)
    y = floats(outcome[known])
    quantiles = floats(rows[list(QUANTILES)])
    group = distinct_periods(rows["start"], rows["end"])
    columns = "unit level period start end as_of elapsed made rule target probability last_year"
    cases = rows[columns.split()].assign(
        outcome=y,
        median=quantiles[:, 49],
        crps=crps_sample(y, quantiles, axis=1) if len(y) else y,
        pit=_middle_rank(y, quantiles),
        group=group,
    )
    return TrackRecord(cases, quantiles, _events(cases, quantiles), waiting, notices)


def outcomes(rows: pd.DataFrame, panel: Panel) -> "pd.Series[float]":
    """What each row's unit sold in its period; NaN where that is not known.

    The row of all units is the sum of the units that were stated beside it.
    """
    found = pd.Series(np.nan, index=rows.index)
    for _, part in rows.groupby(["start", "end"], sort=False):
        first, last = (pd.Timestamp(part[name].iloc[0]).date() for name in ("start", "end"))
        sold = total_over(panel, rows_of(panel, Period("", first, last)))
        found[part.index] = part["unit"].map(sold).astype(float)
        for _, beside in part.groupby(["run", "as_of", "made"], sort=False):
            whole = beside.index[beside["unit"] == ALL_UNITS]
            units = found[beside.index.difference(whole)]
            total = units.sum() if len(units) and units.notna().all() else np.nan
            found[whole] = total
    return found


def _held_table(found: Sequence[Held]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "stated": one.stated,
                "cases": one.cases,
                "happened": one.happened,
                "frequency": one.frequency,
                "margin": one.margin,
                "groups": one.groups,
                "verdict": one.verdict,
            }
            for one in found
        ]
    )


def _middle_rank(outcome: Floats, quantiles: Floats) -> Floats:
    """Share of what was said that lies below the outcome; ties count half, so nothing is drawn."""
    below = (quantiles < outcome[:, None] - CENT).sum(axis=1)
    equal = (np.abs(quantiles - outcome[:, None]) <= CENT).sum(axis=1)
    return np.asarray((below + 0.5 * (equal + 1)) / (quantiles.shape[1] + 1))


def _events(cases: pd.DataFrame, quantiles: Floats) -> pd.DataFrame:
    """Targets that were set, and last year's total with the usual raises."""
    ordered = quantiles.T.copy()
    parts = []
    asked = {"target": floats(cases["target"])}
    asked |= {
        f"last_year_plus_{percent}": floats(cases["last_year"]) * (100 + percent) / 100
        for percent in RAISES
    }
    for event, amounts in asked.items():
        at = np.flatnonzero(np.isfinite(amounts) & (amounts > 0))
        likely = exceedance(ordered[:, at], amounts[at])
        said = floats(cases["probability"])[at]
        outcome = floats(cases["outcome"])[at]
        parts.append(
            pd.DataFrame(
                {
                    "case": at,
                    "event": event,
                    "amount": amounts[at],
                    "probability": np.where(np.isfinite(said) & (event == "target"), said, likely),
                    "reached": outcome >= amounts[at] - CENT,
                    "group": cases["group"].to_numpy()[at],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _last_day(panel: Panel) -> pd.Timestamp:
    """The last day that the panel's rows cover."""
    last = panel.dates[-1]
    if panel.frequency == "D":
        return last
    if panel.frequency == "W":
        return last + pd.Timedelta(days=6)
    return last + pd.offsets.MonthEnd(0)


def _left_out(rows: pd.DataFrame, panel: Panel) -> tuple[Problem, ...]:
    strange = rows[~rows["unit"].isin([*panel.units, ALL_UNITS])]
    unknown = rows[rows["unit"].isin(panel.units)]
    found = []
    if len(strange):
        units = listed(list(dict.fromkeys(strange["unit"])))
        found.append(Problem("record.unknown_units", {"count": len(strange), "units": units}))
    if len(unknown):
        periods = listed(list(dict.fromkeys(unknown["period"])))
        found.append(Problem("record.not_observed", {"count": len(unknown), "periods": periods}))
    return tuple(found)
