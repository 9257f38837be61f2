"""What the notebook of the track record decides: the replays, and the period of the scorecard."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.calendar.period import Kind, Period, next_period, parse_period
from workbench.data.sales import Sales, load_sales
from workbench.errors import DataError, ParameterError, Problem, TargetError
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel
from workbench.params.models import TrackRecordParams
from workbench.run.appraisal import appraise, targets_of
from workbench.run.earlier import targets_then
from workbench.run.outlooks import score_history
from workbench.target.bonus import Payouts
from workbench.target.goal import oddities
from workbench.target.record import TrackRecord
from workbench.target.replayed import past_periods, replay_record, short_history
from workbench.target.tracking import Tracking, track
from workbench.target.versions import (
    is_versioned,
    target_versions,
    versions_table,
)

ELAPSED = (0.0, 0.25, 0.5, 0.75)
"""Replays are made on the eve of each period, and at these shares of it."""


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
    judged = appraise(params, tracking, sales.keys, names=names)
    notices = (*strange, *judged.notices, *tracking.notices)
    return Review(period, tracking, judged.card, judged.bonuses, empty.versions, notices)


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


def _versions(params: TrackRecordParams) -> pd.DataFrame:
    if not is_versioned(params.targets):
        return pd.DataFrame()
    return versions_table(target_versions(Path(params.file("targets"))))
