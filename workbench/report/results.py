"""What each notebook publishes: its numbers as flat records, and its tables."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from workbench.data.sales import Sales
from workbench.errors import Problem
from workbench.forecast.change import Change
from workbench.forecast.explain import Explanation
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.models import SalesParams
from workbench.report.metrics import (
    allocation_metrics,
    anchor_metrics,
    backtest_metrics,
    data_metrics,
    outcome_metrics,
    proposal_metrics,
    skill_metrics,
    target_metrics,
)
from workbench.target.allocate import Allocation
from workbench.target.backtest import Backtest
from workbench.target.compare import Comparison
from workbench.target.goal import Goal
from workbench.target.outlook import Outlook
from workbench.target.stated import kept_outlook

DAILY_LEVELS = (0.1, 0.5, 0.9)
MOST_DAILY_UNITS = 200
"""Beyond this many units the amounts by day would take longer to write than all the rest."""


def record(
    params: SalesParams, sales: Sales, *, period: str, notices: Iterable[Problem]
) -> dict[str, Any]:
    """What every report says of itself: the options of ``publish`` that all notebooks share."""
    return {
        "report": params.NOTEBOOK,
        "params": params,
        "as_of": sales.as_of,
        "period": period,
        "currency": params.money,
        "fingerprint": sales.report.fingerprint,
        "notices": tuple(notices),
    }


def data_results(sales: Sales) -> dict[str, Any]:
    """Metrics and tables of ``00_data_check``."""
    tables = {"rows": sales.report.table(), "units": sales.report.units}
    return {"metrics": data_metrics(sales.report), "tables": tables}


def forecast_results(
    levels: pd.DataFrame,
    paths: SamplePaths,
    past: Backtest,
    *,
    currency: str,
    kept: pd.DataFrame | None = None,
    made_of: Explanation | None = None,
    moved: Change | None = None,
) -> dict[str, Any]:
    """Metrics and tables of ``10_forecast``; ``daily`` holds 10, 50 and 90 % of each unit's day.

    ``kept`` is the outlook, to be scored by the track record once the period is over; ``parts`` and
    ``change`` say what the forecast is made of and what moved it.
    """
    tables = {"proposal": levels, "skill": paths.skill}
    if kept is not None:
        tables["outlook"] = kept
    if made_of is not None:
        tables["parts"] = made_of.totals()
    if moved is not None:
        tables["change"] = moved.parts
    if not past.cases.empty:
        tables |= {"backtest": past.scores, "backtest_cases": past.cases}
    if len(paths.units) <= MOST_DAILY_UNITS:
        tables["daily"] = paths.quantiles(DAILY_LEVELS)
    metrics = [
        *proposal_metrics(levels, currency),
        *skill_metrics(paths.skill),
        *backtest_metrics(past),
    ]
    return {"metrics": metrics, "tables": tables}


def target_results(
    levels: pd.DataFrame,
    usual: pd.DataFrame,
    asked: pd.DataFrame,
    *,
    goal: Goal,
    plan: Allocation,
    ways: Comparison,
    turns: pd.DataFrame,
    ahead: Outlook,
    panel: Panel,
    skill: pd.DataFrame,
    past: pd.DataFrame | None,
    currency: str,
) -> dict[str, Any]:
    """Metrics and tables of ``20_target_setting``; ``hindsight`` once the period is over.

    ``past`` comes from :func:`workbench.target.given.hindsight`, ``turns`` from
    :func:`workbench.target.shocks.what_if`.
    """
    metrics = [
        *proposal_metrics(levels, currency),
        *anchor_metrics(usual, currency),
        *target_metrics(ahead, goal.asked, currency),
        *allocation_metrics(plan, currency),
        *skill_metrics(skill),
        *([] if past is None else outcome_metrics(past, currency)),
    ]
    tables = {
        "proposal": levels,
        "anchors": usual,
        "targets": asked,
        "allocation": plan.table(),
        "ways": ways.table(),
        "what_if": turns,
        "skill": skill,
        "outlook": kept_outlook(ahead, panel, goal.all_targets(plan)),
    }
    return {"metrics": metrics, "tables": tables if past is None else tables | {"hindsight": past}}
