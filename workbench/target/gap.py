"""The gap: what is missing against the target by today, taken apart in parts that add up."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from workbench.errors import Problem
from workbench.target.pace import due_today, expected_today
from workbench.target.proposal import ALL_UNITS
from workbench.target.tracking import Tracking

COLUMNS = ["view", "cause", "unit", "amount"]


@dataclass(frozen=True, eq=False)
class Gap:
    """Sales to date less what was due by now, and several ways of taking that apart.

    Attributes:
        total: below zero where sales are behind the target's pace.
        parts: view, cause, unit, amount; the amounts of each view add up to ``total``.
        notices: what was noticed and how it was taken.
    """

    total: float
    parts: pd.DataFrame
    notices: tuple[Problem, ...] = field(default=())

    @property
    def views(self) -> tuple[str, ...]:
        """The ways it was taken apart."""
        return tuple(self.parts["view"].unique())

    def view(self, name: str) -> pd.DataFrame:
        """The parts of one view: cause, unit, amount; empty where it could not be made."""
        return self.parts.loc[self.parts["view"] == name, COLUMNS[1:]].reset_index(drop=True)

    def causes(self, name: str) -> "pd.Series[float]":
        """The amounts of one view by cause, in the order they stand in."""
        return self.view(name).groupby("cause", sort=False)["amount"].sum()


def explain_gap(tracking: Tracking) -> Gap:
    """The gap by unit, and against what was expected at the start."""
    due = due_today(tracking)
    actual = tracking.now.actual
    total = float(actual.sum()) - float(due[ALL_UNITS])
    units = list(tracking.units)
    behind = actual - due[units]
    rest = total - float(behind.sum())
    expected = expected_today(tracking)["p50"]
    rows: list[tuple[str, str, str, float]] = [("unit", "unit", u, behind[u]) for u in units]
    rows += [("expectation", "target", u, float(expected[u] - due[u])) for u in units]
    rows += [("expectation", "sales", u, float(actual[u] - expected[u])) for u in units]
    if abs(rest) > 1e-9 * max(abs(total), 1.0):
        rows += [(view, "unassigned", ALL_UNITS, rest) for view in ("unit", "expectation")]
    return Gap(total, as_parts(rows))


def as_parts(rows: Iterable[tuple[str, str, str, float]]) -> pd.DataFrame:
    """Rows of view, cause, unit, amount as a table."""
    return pd.DataFrame(list(rows), columns=COLUMNS)
