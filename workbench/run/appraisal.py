"""Who did how well, or is going to: scorecard, trend and bonuses, as the parameters ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.calendar.period import Period
from workbench.data.staff import load_staff
from workbench.data.targets import read_targets
from workbench.errors import DataError, Problem, TargetError
from workbench.params.models import TrackingParams, TrackRecordParams
from workbench.target.bonus import Payouts, payouts
from workbench.target.bonus_rules import read_bonus_rules
from workbench.target.present import Present, present
from workbench.target.proposal import ALL_UNITS
from workbench.target.scorecard import past_results, scorecard
from workbench.target.tracking import Tracking
from workbench.target.versions import is_versioned, targets_in_force

EARLIER = 4
"""So many earlier periods tell the trend."""
Params = TrackingParams | TrackRecordParams


@dataclass(frozen=True, eq=False)
class Appraisal:
    """Who did how well in a period; while it runs, as its futures say.

    Attributes:
        card: the scorecard, of all, every team and every unit.
        bonuses: a distribution while the period runs; None without a rule table.
        notices: who joined, left or moved.
    """

    card: pd.DataFrame
    bonuses: Payouts | None = None
    notices: tuple[Problem, ...] = ()


def appraise(
    params: Params,
    tracking: Tracking,
    keys: pd.DataFrame,
    *,
    names: Sequence[str] = (),
) -> Appraisal:
    """Score a period that is running or over, and its bonuses where there are rules for them.

    Args:
        params: files of targets, bonus rules and staff.
        tracking: the period.
        keys: index unit, the columns that name a unit; the first is the team where there are more.
        names: these columns, where they are not the parameter ``by``.

    Raises:
        DataError: a staff table that cannot be used.
        TargetError: a rule table that cannot be used; roles without a plan.
    """
    units, when = list(tracking.units), tracking.period
    own = keys.loc[units]
    first = list(own.iloc[:, 0].astype(str)) if own.shape[1] > 1 else []
    groups = dict(zip(units, first, strict=True)) if first else None
    past = past_results(tracking.panel, _earlier(params, tuple(names) or params.by, when))
    card = scorecard(tracking, groups=groups, past=past)
    there = _present(params, own, when)
    notices = there.notices if there else ()
    if not params.bonus:
        return Appraisal(card, None, notices)
    rules = read_bonus_rules(params.file("bonus"))
    roles = there.roles if there else None
    return Appraisal(card, payouts(tracking, rules, roles=roles, groups=groups), notices)


def targets_of(params: Params, names: tuple[str, ...], period: Period) -> "pd.Series[float]":
    """The targets that were in force when a period ended."""
    if is_versioned(params.targets):
        place = Path(params.file("targets"))
        return targets_in_force(place, period=period, as_of=period.end)
    mapping = params.file("mapping")
    return read_targets(params.file("targets"), by=names, period=period, mapping=mapping).amounts


def _earlier(
    params: Params, names: tuple[str, ...], period: Period
) -> dict[str, "pd.Series[float]"]:
    """The targets of the periods before, oldest first, as far as there are any."""
    found: dict[str, pd.Series[float]] = {}
    when = period
    for _ in range(EARLIER if params.targets else 0):
        when = when.previous()
        try:
            amounts = targets_of(params, names, when)
        except (DataError, TargetError):
            break
        found = {when.label: amounts.drop(ALL_UNITS, errors="ignore"), **found}
    return found


def _present(params: Params, keys: pd.DataFrame, period: Period) -> Present | None:
    """Who was there, where the parameters name a staff table and the units are people."""
    if not params.staff_file:
        return None
    staff = load_staff(params.file("staff_file"), mapping=params.file("mapping"))
    people = set(staff["salesperson"].astype(str))
    if "salesperson" not in keys.columns and not people & set(map(str, keys.index)):
        return None
    return present(staff, keys, period)
