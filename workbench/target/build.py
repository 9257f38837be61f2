"""Panel and sample paths → the outlook of one period."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.errors import Problem, TargetError
from workbench.panel.panel import Panel
from workbench.target.amounts import listed
from workbench.target.history import last_year, rows_of
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths


def outlook(panel: Panel, paths: "SamplePaths | None", *, period: str | Period) -> Outlook:
    """What the period's total will be: actual to date plus the sample paths of the rest.

    The period may be over (all actual, nothing uncertain, and ``paths`` may be None), running, or
    not yet begun. A weekly or monthly row belongs to the period that holds the date it is
    labelled with. Days of the period that were not observed add nothing, and are told in
    ``notices``; days before a unit opened are simply without sales.

    Raises:
        ParameterError: a period that cannot be read.
        TargetError: a period before the first date; paths that end before the period does, or
            that were not made from this panel.

    >>> from workbench.forecast.paths import SamplePaths
    >>> from workbench.panel.build import build_panel
    >>> from workbench.panel.panel import future_dates
    >>> days = pd.date_range("2026-09-01", "2026-10-10")
    >>> rows = pd.DataFrame({"unit": "shop", "date": days, "sales": 100.0})
    >>> panel = build_panel(rows, calendar=None)
    >>> per_day = np.array([90.0, 100.0, 110.0])[:, None, None] * np.ones((3, 82, 1))
    >>> paths = SamplePaths.from_values(per_day, future_dates(panel, 82), ["shop"])
    >>> seen = outlook(panel, paths, period="2026Q4")
    >>> float(seen.actual["shop"]), seen.target_at(0.5), seen.probability(9200)
    (1000.0, 9200.0, 0.5)
    """
    when = period if isinstance(period, Period) else parse_period(period)
    rows = rows_of(panel, when)
    rest = rows[rows > panel.as_of]
    problems = _period_problems(panel, when, rows) or _path_problems(panel, paths, when, rest)
    if problems:
        raise TargetError(*problems)
    elapsed = (panel.dates >= pd.Timestamp(when.start)) & (panel.dates <= pd.Timestamp(when.end))
    index = pd.Index(panel.units, name="unit")
    actual = pd.Series(np.nansum(panel.sales[elapsed], axis=0), index=index, name="actual")
    before = last_year(panel, when)
    return Outlook(
        period=when,
        as_of=panel.as_of,
        actual=actual,
        totals=_totals(actual, paths, rest),
        last_year=before.rename("last_year"),
        rows_known=int(elapsed.sum()),
        rows_left=len(rest),
        notices=(
            *_partly_before(panel, when),
            *_unknown_days(panel, when, elapsed),
            *_no_last_year(before),
        ),
    )


def _totals(
    actual: "pd.Series[float]", paths: "SamplePaths | None", rest: pd.DatetimeIndex
) -> pd.DataFrame:
    """Actual to date plus each path's rest; the actual on every row where nothing is left."""
    if paths is None or not len(rest):
        n_paths = 1 if paths is None else paths.n_paths
        values = np.tile(actual.to_numpy(), (n_paths, 1))
        return pd.DataFrame(values, columns=list(actual.index))
    ahead = paths.totals(start=rest[0], end=rest[-1])
    return ahead[list(actual.index)] + actual


def _period_problems(panel: Panel, period: Period, rows: pd.DatetimeIndex) -> list[Problem]:
    facts = {
        "period": period.label,
        "start": f"{period.start}",
        "end": f"{period.end}",
        "first": f"{panel.dates[0]:%Y-%m-%d}",
        "as_of": f"{panel.as_of:%Y-%m-%d}",
    }
    if pd.Timestamp(period.end) < panel.dates[0]:
        return [Problem("target.before_data", facts)]
    if not len(rows):
        return [Problem("target.no_rows", facts)]
    return []


def _path_problems(
    panel: Panel, paths: "SamplePaths | None", period: Period, rest: pd.DatetimeIndex
) -> list[Problem]:
    if not len(rest):
        return []
    facts: dict[str, object] = {
        "period": period.label,
        "end": f"{period.end}",
        "as_of": f"{panel.as_of:%Y-%m-%d}",
        "horizon": _steps(panel, rest),
        "last": "—" if paths is None else f"{paths.dates[-1]:%Y-%m-%d}",
    }
    if paths is None:
        return [Problem("target.no_paths", facts)]
    if set(paths.units) != set(panel.units) or paths.dates[0] <= panel.as_of:
        facts |= {"first": f"{paths.dates[0]:%Y-%m-%d}", "units": listed(paths.units)}
        return [Problem("target.other_paths", {**facts, "panel_units": listed(panel.units)})]
    if paths.dates[-1] < rest[-1]:
        return [Problem("target.paths_too_short", facts)]
    return []


def _steps(panel: Panel, rest: pd.DatetimeIndex) -> int:
    """How many of the panel's steps lead from ``as_of`` to the last row of the rest."""
    last, as_of = rest[-1], panel.as_of
    if panel.frequency == "M":
        return (last.year - as_of.year) * 12 + last.month - as_of.month
    return int((last - as_of).days) // (7 if panel.frequency == "W" else 1)


def _partly_before(panel: Panel, period: Period) -> list[Problem]:
    first = panel.dates[0]
    # The label of a weekly or monthly row may lie anywhere within its own week or month.
    reach = pd.Timedelta(days={"D": 0, "W": 6, "M": 30}[panel.frequency])
    if pd.Timestamp(period.start) + reach >= first:
        return []
    facts = {"period": period.label, "start": f"{period.start}", "first": f"{first:%Y-%m-%d}"}
    return [Problem("target.partly_before_data", facts)]


def _unknown_days(
    panel: Panel, period: Period, elapsed: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> list[Problem]:
    """Rows of the period to date without known sales, after the unit's first known one."""
    opened = np.logical_or.accumulate(panel.observed, axis=0)
    missing = (opened & ~panel.observed)[elapsed].sum(axis=0)
    if not missing.any():
        return []
    rows = [f"{panel.units[at]}: {missing[at]}" for at in np.flatnonzero(missing)]
    return [
        Problem(
            "target.unknown_days",
            {"period": period.label, "count": int(missing.sum()), "units": listed(rows)},
        )
    ]


def _no_last_year(before: "pd.Series[float]") -> list[Problem]:
    without = list(before.index[before.isna()])
    if not without:
        return []
    facts = {"count": len(without), "all": len(before), "units": listed(without)}
    return [Problem("target.no_last_year", facts)]
