"""What became of the targets of earlier periods: which there were, and what they tell."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from workbench.calendar.period import Period
from workbench.data.targets import read_targets
from workbench.errors import DataError, Problem, TargetError
from workbench.panel.panel import Panel
from workbench.params.models import TargetSettingParams, TrackingParams, TrackRecordParams
from workbench.run.tracked import Followed
from workbench.target.earlier import Earlier, beside_earlier, learn_from_targets
from workbench.target.given import given_targets
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS
from workbench.target.record import score_outlooks
from workbench.target.replayed import replay_record
from workbench.target.tracking import Tracking
from workbench.target.versions import is_versioned, targets_in_force

MISSING = (
    *("data.target_no_period", "data.target_no_level"),
    *("versions.none", "versions.not_yet"),
)
"""Problems that say that there was no target then, not that one cannot be read."""
PATIENCE = 4
"""After so many periods without a target nobody looks further back."""


def look_at_earlier(
    params: TargetSettingParams | TrackingParams,
    panel: Panel,
    outlook: Outlook,
    asked: pd.DataFrame,
) -> Earlier:
    """Judge the targets of the last periods as the report's own: at the same share of the period.

    Args:
        params: how many periods to look at (``earlier``), and the file of targets.
        panel: sales up to now.
        outlook: of the period that the report is about.
        asked: the report's targets: index unit, columns target and probability.

    Raises:
        ForecastError: a history that cannot be forecast from.
    """
    known, left = outlook.rows_known, outlook.rows_left
    elapsed = known / (known + left) if known + left else 0.0
    wanted = params.earlier if params.targets and not outlook.over else 0
    given, periods, notices = _targets_before(params, panel, outlook.period, wanted)
    told = replay_record(
        panel, periods=periods, elapsed=(elapsed,), targets=given, seed=params.seed
    )
    whole, units = learn_from_targets(score_outlooks(told, panel))
    table = beside_earlier(asked, whole, units)
    return Earlier(whole, units, table, elapsed, notices)


def asked_now(tracking: Tracking, goal: Followed) -> pd.DataFrame:
    """The targets that somebody set, as they stand now: target, base, probability."""
    targets = goal.targets if goal.given else {}
    return given_targets(pd.Series(targets, dtype=float), tracking.now)


def targets_then(
    params: TrackRecordParams, panel: Panel, periods: Iterable[Period]
) -> tuple[dict[str, "pd.Series[float]"], tuple[Problem, ...]]:
    """The targets of some periods, by label, as far as there are any; those that cannot be read."""
    found: dict[str, pd.Series[float]] = {}
    notices: list[Problem] = []
    for period in periods if params.targets else ():
        targets, said = _targets_if_any(params, panel, period)
        notices += said
        if targets is not None:
            found[period.label] = targets
    return found, tuple(notices)


def _targets_before(
    params: TargetSettingParams | TrackingParams, panel: Panel, period: Period, wanted: int
) -> tuple[dict[str, "pd.Series[float]"], list[Period], tuple[Problem, ...]]:
    """The targets of the last ``wanted`` periods that are over, oldest first."""
    found: dict[str, pd.Series[float]] = {}
    periods: list[Period] = []
    notices: list[Problem] = []
    when, without = period.previous(), 0
    while len(periods) < wanted and pd.Timestamp(when.start) > panel.dates[0]:
        if pd.Timestamp(when.end) <= panel.as_of:
            targets, said = _targets_if_any(params, panel, when)
            notices += said
            if targets is None:
                without += 1
            else:
                found[when.label] = targets
                periods.append(when)
        when = when.previous()
        if without == PATIENCE:
            break
    return found, periods[::-1], tuple(notices)


def _targets_if_any(
    params: TargetSettingParams | TrackingParams | TrackRecordParams, panel: Panel, period: Period
) -> "tuple[pd.Series[float] | None, list[Problem]]":
    """The targets that a period began with; None where there are none, or none can be read."""
    try:
        return _with_whole(_targets_of(params, period), panel), []
    except (DataError, TargetError) as error:
        return None, [problem for problem in error.problems if problem.code not in MISSING]


def _targets_of(
    params: TargetSettingParams | TrackingParams | TrackRecordParams, period: Period
) -> "pd.Series[float]":
    """The targets that a period began with; of a file without versions, those it has."""
    file = params.file("targets")
    if is_versioned(file):
        return targets_in_force(Path(file), period=period, as_of=period.start)
    return read_targets(file, by=params.by, period=period, mapping=params.file("mapping")).amounts


def _with_whole(targets: "pd.Series[float]", panel: Panel) -> "pd.Series[float]":
    """Also the target of all units, where every unit has one and nobody set another."""
    if ALL_UNITS in targets.index or not set(panel.units) <= set(targets.index):
        return targets
    return pd.concat([pd.Series({ALL_UNITS: targets[list(panel.units)].sum()}), targets])
