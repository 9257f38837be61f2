"""The outlook: what a period's total will be, actual to date plus the paths of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import overload

import numpy as np
import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.errors import Problem, TargetError
from workbench.target.amounts import Amounts, listed, read_amounts, read_target
from workbench.target.curve import Floats, exceedance, floats, quantile


@dataclass(frozen=True, eq=False)
class Outlook:
    """The distribution of a period's total, per unit and for their sum.

    Attributes:
        period: the period the totals are about.
        as_of: the last date whose sales are known.
        actual: unit → sales of the period up to ``as_of``; days not observed add nothing.
        totals: (n_paths × units), the period's total per path; all rows alike once it is over.
        last_year: unit → total of the same period one year before, NaN where there is none.
        rows_known: how many rows (days, weeks, months) of the period are known.
        rows_left: how many are still to come.
        notices: what was noticed and how it was taken.
    """

    period: Period
    as_of: pd.Timestamp
    actual: "pd.Series[float]"
    totals: pd.DataFrame
    last_year: "pd.Series[float]"
    rows_known: int
    rows_left: int
    notices: tuple[Problem, ...] = field(default=())

    @classmethod
    def from_totals(
        cls,
        totals: pd.DataFrame,
        *,
        period: str | Period,
        as_of: str | pd.Timestamp,
        actual: "pd.Series[float] | None" = None,
        last_year: "pd.Series[float] | None" = None,
    ) -> "Outlook":
        """An outlook from period totals given outright, (n_paths × units), daily rows assumed.

        >>> totals = pd.DataFrame({"online": [80.0, 100.0, 120.0], "store": [40.0, 60.0, 50.0]})
        >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
        >>> seen.probability(160), seen.probability({"store": 55}).round(3).to_dict()
        (0.5, {'store': 0.375})
        >>> seen.target_at(0.5)
        160.0
        """
        when = period if isinstance(period, Period) else parse_period(period)
        day = pd.Timestamp(as_of)
        index = pd.Index([str(unit) for unit in totals.columns], name="unit")
        nothing = pd.Series(0.0, index=index)
        known = min(max((day - pd.Timestamp(when.start)).days + 1, 0), when.days)
        return cls(
            period=when,
            as_of=day,
            actual=(nothing if actual is None else actual.reindex(index)).rename("actual"),
            totals=totals.set_axis(list(index), axis=1),
            last_year=(nothing * np.nan if last_year is None else last_year.reindex(index)),
            rows_known=known,
            rows_left=when.days - known,
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units, in the order of ``actual`` and of the columns of ``totals``."""
        return tuple(str(unit) for unit in self.totals.columns)

    @property
    def over(self) -> bool:
        """Whether the period has ended, so that nothing about it is uncertain."""
        return self.rows_left == 0

    @cached_property
    def total(self) -> Floats:
        """The sum of all units per path: (n_paths,)."""
        return np.asarray(floats(self.totals).sum(axis=1))

    @cached_property
    def ordered(self) -> Floats:
        """Each unit's totals in ascending order: (n_paths, n_units)."""
        return np.sort(floats(self.totals).T, axis=1).T.copy()

    @cached_property
    def _ordered_sum(self) -> Floats:
        return np.sort(self.total)[:, None]

    @overload
    def probability(self, target: float) -> float: ...
    @overload
    def probability(self, target: Amounts) -> "pd.Series[float]": ...
    def probability(self, target: float | Amounts) -> "float | pd.Series[float]":
        """How likely the total reaches the target.

        A number is a target for the sum of all units; a mapping or Series gives targets for single
        units. Between 1 / (n_paths + 1) and n_paths / (n_paths + 1), never 0 or 1, until the
        outcome is certain; see ``workbench.target.curve`` for the rule.

        Raises:
            TargetError: text, negative or missing amounts, a sum of zero, unknown units.
        """
        if not _by_unit(target):
            amount = np.array([read_target(target)])
            return float(exceedance(self._ordered_sum, amount)[0])
        targets = self._targets(target)
        at = pd.Index(self.units).get_indexer(targets.index)
        likely = exceedance(self.ordered[:, at], floats(targets))
        return pd.Series(likely, index=targets.index, name="probability")

    def target_at(self, probability: float) -> float:
        """The target for the sum of all units that is reached with this probability.

        Raises:
            TargetError: unless 0 < probability < 1.
        """
        return float(quantile(self._ordered_sum, 1 - _checked(probability))[0])

    def targets_at(self, probability: float) -> "pd.Series[float]":
        """Each unit's own target that is reached with this probability.

        They do not add up to ``target_at``: units do not all do badly on the same path.

        Raises:
            TargetError: unless 0 < probability < 1.
        """
        amounts = quantile(self.ordered, 1 - _checked(probability))
        return pd.Series(amounts, index=self.actual.index, name="target")

    @overload
    def expected_attainment(self, target: float) -> float: ...
    @overload
    def expected_attainment(self, target: Amounts) -> "pd.Series[float]": ...
    def expected_attainment(self, target: float | Amounts) -> "float | pd.Series[float]":
        """Mean total ÷ target; NaN for a unit whose target is zero.

        Raises:
            TargetError: as for ``probability``.
        """
        if not _by_unit(target):
            return float(self.total.mean()) / read_target(target)
        targets = self._targets(target)
        return (self.totals.mean()[targets.index] / targets.where(targets > 0)).rename("attainment")

    @overload
    def shortfall(self, target: float) -> float: ...
    @overload
    def shortfall(self, target: Amounts) -> "pd.Series[float]": ...
    def shortfall(self, target: float | Amounts) -> "float | pd.Series[float]":
        """How much is missing, on average, when the target is missed; 0 if no path misses it.

        Raises:
            TargetError: as for ``probability``.
        """
        if not _by_unit(target):
            return float(_missing(self.total[:, None], np.array([read_target(target)]))[0])
        targets = self._targets(target)
        totals = floats(self.totals[list(targets.index)])
        return pd.Series(_missing(totals, floats(targets)), index=targets.index, name="shortfall")

    def only(self, units: Sequence[str]) -> "Outlook":
        """The outlook of some of the units and of their sum, in the order asked for.

        Raises:
            TargetError: for units that are not in the outlook.
        """
        wanted = list(dict.fromkeys(str(unit) for unit in units))
        _, problems = read_amounts("units", dict.fromkeys(wanted, 0.0), self.units)
        if not wanted:
            problems.append(Problem("target.no_units", {"units": listed(self.units)}))
        if problems:
            raise TargetError(*problems)
        return replace(
            self,
            actual=self.actual[wanted],
            totals=self.totals[wanted],
            last_year=self.last_year[wanted],
        )

    def _targets(self, given: object) -> "pd.Series[float]":
        amounts, problems = read_amounts("target", given, self.units)
        if problems:
            raise TargetError(*problems)
        return amounts.dropna()


def _by_unit(target: object) -> bool:
    return hasattr(target, "items")


def _missing(totals: Floats, targets: Floats) -> Floats:
    short = np.maximum(targets - totals, 0.0)
    missed = np.maximum((short > 0).sum(axis=0), 1)
    return np.asarray(short.sum(axis=0) / missed)


def _checked(probability: float) -> float:
    good = isinstance(probability, float | np.floating) and 0 < probability < 1
    if not good:
        raise TargetError(Problem("target.probability", {"value": repr(probability)}))
    return float(probability)
