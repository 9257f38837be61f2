"""What the notebook of the track record decides: the replays, and the period of the scorecard."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.calendar.period import Kind, Period, next_period, parse_period
from workbench.data.sales import Sales, load_sales
from workbench.data.staff import load_staff
from workbench.data.targets import read_targets
from workbench.errors import DataError, ParameterError, Problem, TargetError
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel
from workbench.params.models import TrackRecordParams
from workbench.run.earlier import targets_then
from workbench.run.outlooks import score_history
from workbench.target.bonus import Payouts, payouts
from workbench.target.bonus_rules import read_bonus_rules
from workbench.target.goal import oddities
from workbench.target.present import Present, present
from workbench.target.proposal import ALL_UNITS
from workbench.target.record import TrackRecord
from workbench.target.replayed import past_periods, replay_record, short_history
from workbench.target.scorecard import past_results, scorecard
from workbench.target.tracking import Tracking, track
from workbench.target.versions import (
    is_versioned,
    target_versions,
    targets_in_force,
    versions_table,
)

ELAPSED = (0.0, 0.25, 0.5, 0.75)
"""Replays are made on the eve of each period, and at these shares of it."""
EARLIER = 4


@dataclass(frozen=True, eq=False)
class Review:
    """A period that is over, and who did how well in it.

    Attributes:
        period: that was scored.
        tracking: None where no targets were given for it.
        card: the scorecard; empty without targets.
        bonuses: None without a rule table.
        versions: of the targets, where the file keeps them.
        notices: what was noticed.
    """

    period: Period
    tracking: Tracking | None
    card: pd.DataFrame
    bonuses: Payouts | None
    versions: pd.DataFrame
    notices: tuple[Problem, ...] = ()


def past_record(params: TrackRecordParams, panel: Panel) -> TrackRecord:
    """Every outlook that past runs published, and the replays asked for, scored.

    Raises:
        ForecastError: a history that cannot be forecast from.
    """
    basis = {name: getattr(params, name) for name in ("metric", "by", "where", "currency")}
    folder = params.folder("history") if params.history else params.folder()
    if not params.replay:
        return score_history(folder, panel, basis=basis)
    first = params.fiscal_year_start
    kind: Kind = params.replay_by
    over = past_periods(panel, params.replay, kind=kind, fiscal_year_start=first)
    asked, unread = targets_then(params, panel, over)
    replayed = replay_record(
        panel,
        periods=over,
        elapsed=ELAPSED,
        targets=asked,
        reuse=True,
        n_paths=params.n_paths,
        seed=params.seed,
    )
    record = score_history(folder, panel, basis=basis, replayed=replayed)
    short = short_history(
        panel, periods=params.replay, elapsed=ELAPSED, kind=kind, fiscal_year_start=first
    )
    return replace(record, notices=(*record.notices, *short, *unread))


def staged(record: TrackRecord) -> TrackRecord:
    """The same record with the share elapsed rounded to quarters, to be grouped by."""
    near = np.round(record.cases["elapsed"].to_numpy(dtype=float) * 4) / 4
    return replace(record, cases=record.cases.assign(elapsed=near))


def reviewed(params: TrackRecordParams, sales: Sales) -> Review:
    """The scorecard of the period asked for, else of the last quarter that is over.

    Raises:
        ParameterError: a period that cannot be read, or is not over.
        DataError: targets or sales that cannot be used.
        TargetError: a rule table that cannot be used.
    """
    period = review_period(params, sales)
    empty = Review(period, None, pd.DataFrame(), None, _versions(params))
    if not params.targets:
        return empty
    names = params.staff or params.by
    if params.staff:
        sales = load_sales(**{**params.sales(), "by": names})
    whole = build_panel(sales.frame, sales.known, params.country)
    try:
        given = targets_of(params, names, period)
    except (DataError, TargetError) as error:
        if any(problem.code in NO_TARGETS for problem in error.problems):
            return Review(period, None, pd.DataFrame(), None, empty.versions, error.problems)
        raise
    units = [unit for unit in whole.units if given.get(unit, 0.0) > 0]
    strange = oddities(given, whole.units)
    if not units:
        return Review(period, None, pd.DataFrame(), None, empty.versions, strange)
    panel = whole.only(units)
    tracking = track(
        panel,
        given[units],
        period=period,
        n_paths=params.n_paths,
        seed=params.seed,
        course="none",
    )
    groups = _teams(sales, units) if len(names) > 1 else None
    past = past_results(panel, _earlier(params, names, period))
    card = scorecard(tracking, groups=groups, past=past)
    rules = read_bonus_rules(params.file("bonus")) if params.bonus else None
    there = _present(params, sales.keys.loc[units], period)
    roles = there.roles if there else None
    bonuses = payouts(tracking, rules, roles=roles, groups=groups) if rules else None
    notices = (*strange, *(there.notices if there else ()), *tracking.notices)
    return Review(period, tracking, card, bonuses, empty.versions, notices)


def _present(params: TrackRecordParams, keys: pd.DataFrame, period: Period) -> Present | None:
    """Who was there, where the parameters name a staff table."""
    if not params.staff_file:
        return None
    staff = load_staff(params.file("staff_file"), mapping=params.file("mapping"))
    return present(staff, keys, period)


NO_TARGETS = ("data.target_no_period", "data.target_no_level", "versions.none", "versions.not_yet")


def review_period(params: TrackRecordParams, sales: Sales) -> Period:
    """The period asked for, or the last quarter that is over."""
    day, first = sales.as_of.date(), params.fiscal_year_start
    if not params.review:
        running = next_period(day, fiscal_year_start=first).previous()
        return running if running.end <= day else running.previous()
    period = parse_period(params.review, fiscal_year_start=first)
    if period.end > day:
        facts = {"period": period.label, "end": str(period.end), "as_of": str(day)}
        raise ParameterError(Problem("run.review_running", facts))
    return period


def targets_of(
    params: TrackRecordParams, names: tuple[str, ...], period: Period
) -> "pd.Series[float]":
    """The targets that were in force when a period ended."""
    if is_versioned(params.targets):
        place = Path(params.file("targets"))
        return targets_in_force(place, period=period, as_of=period.end)
    mapping = params.file("mapping")
    return read_targets(params.file("targets"), by=names, period=period, mapping=mapping).amounts


def _earlier(
    params: TrackRecordParams, names: tuple[str, ...], period: Period
) -> dict[str, "pd.Series[float]"]:
    """The targets of the periods before, oldest first, as far as there are any."""
    found: dict[str, pd.Series[float]] = {}
    when = period
    for _ in range(EARLIER):
        when = when.previous()
        try:
            amounts = targets_of(params, names, when)
        except (DataError, TargetError):
            break
        found = {when.label: amounts.drop(ALL_UNITS, errors="ignore"), **found}
    return found


def _teams(sales: Sales, units: list[str]) -> dict[str, str]:
    """Unit → its value of the first column that names it."""
    first = sales.keys.iloc[:, 0].astype(str)
    return {unit: str(first[unit]) for unit in units}


def _versions(params: TrackRecordParams) -> pd.DataFrame:
    if not is_versioned(params.targets):
        return pd.DataFrame()
    return versions_table(target_versions(Path(params.file("targets"))))
