"""What a notebook decides from its parameters and the data: period, target, how far to look."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.calendar.period import Period, next_period, parse_period
from workbench.data.targets import read_targets
from workbench.errors import ParameterError, Problem
from workbench.forecast.engine import LONGEST_YEARS
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel, future_dates
from workbench.params.models import CampaignParams, TargetSettingParams
from workbench.target.goal import Goal, goal_of
from workbench.target.outlook import Outlook
from workbench.target.versions import is_versioned, targets_in_force

YEAR_STEPS = {"D": 364, "W": 52, "M": 12}
FURTHEST = datetime.timedelta(days=int(LONGEST_YEARS * YEAR_STEPS["D"]))


def chosen_period(text: str, *, as_of: datetime.date, fiscal_year_start: int = 1) -> Period:
    """The period asked for, or the first quarter that starts after ``as_of`` when ``text`` is "".

    Raises ParameterError for a period that cannot be read, for one that is over by ``as_of``, and
    for one that ends further ahead than a forecast reaches.

    >>> chosen_period("", as_of=datetime.date(2026, 9, 30)).label
    '2026Q4'
    >>> chosen_period("2026-11", as_of=datetime.date(2026, 9, 30)).label
    '2026-11'
    """
    day = datetime.date(as_of.year, as_of.month, as_of.day)
    if not text:
        return next_period(day, fiscal_year_start=fiscal_year_start)
    period = parse_period(text, fiscal_year_start=fiscal_year_start)
    if period.end <= day:
        eve = period.start - datetime.timedelta(days=1)
        facts = {"period": period.label, "end": str(period.end), "as_of": str(day), "eve": str(eve)}
        raise ParameterError(Problem("run.period_over", facts))
    if period.end - day > FURTHEST:
        facts = {"period": period.label, "end": str(period.end), "as_of": str(day)}
        raise ParameterError(Problem("run.period_far", {**facts, "latest": str(day + FURTHEST)}))
    return period


def chosen_goal(params: TargetSettingParams | CampaignParams, outlook: Outlook) -> Goal:
    """The target that the parameters name, alone or in a file of targets.

    Raises:
        DataError: a file of targets that cannot be used.
        TargetError: no target, and no sales to be expected; no version in force.
    """
    if not params.targets:
        return goal_of(params.target, outlook, step=params.step)
    step = params.step
    if is_versioned(params.targets):
        place = Path(params.file("targets"))
        held = targets_in_force(place, period=outlook.period, as_of=outlook.as_of.date())
        return goal_of(params.target, outlook, given=held, step=step)
    found = read_targets(
        params.file("targets"),
        by=params.by,
        period=outlook.period,
        mapping=params.file("mapping"),
    )
    notices = found.notices
    return goal_of(params.target, outlook, given=found.amounts, notices=notices, step=step)


def horizon_to(panel: Panel, period: Period) -> int:
    """How many steps of the panel lie between ``as_of`` and the period's end; at least one."""
    days = (pd.Timestamp(period.end) - panel.as_of).days
    smallest = {"D": 1, "W": 7, "M": 28}[panel.frequency]
    ahead = future_dates(panel, max(days, 0) // smallest + 1)
    return max(int((ahead <= pd.Timestamp(period.end)).sum()), 1)


def rest_of(period: Period, paths: SamplePaths) -> dict[str, datetime.date]:
    """The first and the last step of the paths inside a period, as ``start`` and ``end``."""
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    inside = paths.dates[(paths.dates >= first) & (paths.dates <= last)]
    return {"start": inside[0].date(), "end": inside[-1].date()}


def recent_sales(panel: Panel) -> "pd.Series[float]":
    """Each unit's sales of the last 52 weeks (or 12 months), days not observed left out."""
    recent = panel.sales[-YEAR_STEPS[panel.frequency] :]
    return pd.Series(np.nansum(recent, axis=0), index=pd.Index(panel.units, name="unit"))
