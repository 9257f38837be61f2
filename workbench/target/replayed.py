"""Outlooks made again as of past dates, from nothing but what was known then."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.calendar.period import Kind, Period, next_period
from workbench.errors import Problem
from workbench.forecast.engine import LEAST_DATES, forecast
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.target.build import outlook
from workbench.target.history import rows_of
from workbench.target.replays import lenders, steps_to
from workbench.target.stated import stated, stated_columns, year_on_year

if TYPE_CHECKING:
    from workbench.forecast.engine import Engine

Progress = Callable[[int, int], object]
PATHS = 500
"""Of a replayed outlook: its 99 quantiles need no more."""


def replay_record(
    panel: Panel,
    *,
    periods: int | Sequence[Period] = 8,
    elapsed: Sequence[float] = (0.0, 0.25, 0.5, 0.75),
    kind: Kind = "quarter",
    fiscal_year_start: int = 1,
    targets: "dict[str, pd.Series[float]] | None" = None,
    reuse: bool = False,
    n_paths: int = PATHS,
    seed: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The outlooks of the last periods, made again as of past dates: a table to be scored.

    Later sales are gone from what each outlook rests on; plans made known ahead are not. The
    outlooks are marked ``replayed``: nobody published them at the time, and the method that makes
    them was built later.

    Args:
        panel: sales up to today.
        periods: how many of the last periods that are over; or the periods themselves.
        elapsed: shares of a period that are known when its outlook is made.
        kind: quarter, month or week, where ``periods`` is a number.
        fiscal_year_start: first month of the fiscal year.
        targets: period label → the targets that were set for it.
        reuse: within a period start from the backtest of an earlier outlook, at most four weeks
            old, as tracking does from week to week; in less time.
        n_paths: futures of each outlook.
        seed: same panel, options and seed give the same numbers.
        progress: told (done, total) while it works.
    """
    when = (
        past_periods(panel, periods, kind=kind, fiscal_year_start=fiscal_year_start)
        if isinstance(periods, int)
        else periods
    )
    cuts = [
        (period, cut, lender)
        for period in when
        for cut, lender in lenders(panel, _cuts(panel, period, elapsed)).items()
    ]
    tables: list[pd.DataFrame] = []
    engine: Engine | None = None
    for done, (period, cut, lender) in enumerate(cuts):
        if progress:
            progress(done, len(cuts))
        lent = engine if reuse and lender != cut else None
        known = panel.until(cut)
        paths = _paths(known, period, lent, n_paths=n_paths, seed=seed)
        engine = paths.engine if lent is None else lent
        seen = outlook(known, paths, period=period)
        asked = targets.get(period.label) if targets else None
        tables.append(stated(seen, targets=asked, rule=year_on_year(known, seen)))
    if not tables:
        return pd.DataFrame(columns=[*stated_columns(), "made"])
    return pd.concat(tables, ignore_index=True).assign(made="replayed")


def _paths(
    known: Panel, period: Period, lent: "Engine | None", *, n_paths: int, seed: int
) -> SamplePaths:
    """Paths to the end of a period, from a backtest that was lent or one of their own."""
    more: dict[str, Any] = {} if lent is None else {"earlier": lent}
    return forecast(known, horizon=steps_to(known, period), n_paths=n_paths, seed=seed, **more)


def past_periods(
    panel: Panel, count: int, *, kind: Kind = "quarter", fiscal_year_start: int = 1
) -> list[Period]:
    """The last periods of a kind whose rows are all known, oldest first."""
    when = next_period(panel.as_of.date(), kind, fiscal_year_start=fiscal_year_start).previous()
    while len(rows := rows_of(panel, when)) and rows[-1] > panel.as_of:
        when = when.previous()
    found: list[Period] = []
    while len(found) < count and pd.Timestamp(when.start) > panel.dates[0]:
        found.append(when)
        when = when.previous()
    return found[::-1]


def short_history(
    panel: Panel,
    *,
    periods: int,
    elapsed: Sequence[float],
    kind: Kind = "quarter",
    fiscal_year_start: int = 1,
) -> tuple[Problem, ...]:
    """Told where the history is too short for some of the replays asked for."""
    over = past_periods(panel, periods, kind=kind, fiscal_year_start=fiscal_year_start)
    made = sum(len(_cuts(panel, period, elapsed)) for period in over)
    wanted = periods * len(set(elapsed))
    if made >= wanted:
        return ()
    facts = {"count": wanted - made, "all": wanted, "first": f"{panel.dates[0]:%Y-%m-%d}"}
    return (Problem("record.short_history", facts),)


def _cuts(panel: Panel, period: Period, elapsed: Sequence[float]) -> list[int]:
    """At how many known dates the outlooks of a period are made."""
    rows = rows_of(panel, period)
    before = int((panel.dates < pd.Timestamp(period.start)).sum())
    wanted = {before + min(int(share * len(rows)), len(rows) - 1) for share in elapsed}
    return sorted(cut for cut in wanted if cut >= LEAST_DATES[panel.frequency])
