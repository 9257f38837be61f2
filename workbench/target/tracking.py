"""Tracking: where a running period stands against its target, and how its chances have moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.target.amounts import Amounts
from workbench.target.assigned import assigned
from workbench.target.expected import expected_course
from workbench.target.history import rows_of
from workbench.target.needed import needed_rates
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS
from workbench.target.replays import course_cuts, lenders, seen_at, start_cut

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

Progress = Callable[[str, int, int], None]
Planned = Callable[[Outlook, "SamplePaths"], "tuple[Outlook, SamplePaths]"]
"""What is planned on top: an outlook and its paths → the same with it."""
Course = Literal["weekly", "none"]

COURSE_PATHS = 500
"""Paths of a replay within the period: enough for a probability to within two points."""


@dataclass(frozen=True, eq=False)
class Tracking:
    """A period under way: what was sold, what was expected, and what the chances are.

    The empty unit name stands for the sum of all units.

    Attributes:
        period: the period that is tracked.
        as_of: the last day whose sales are known; of a period that is over its own last day.
        units: names, in the order of the panel.
        target: unit → target in force.
        actual: sales by date (rows of the period up to ``as_of``) and unit; NaN = not observed.
        start: the outlook before the period's first day, from what was known then.
        now: the outlook at ``as_of``.
        expected: unit, date, p10, p50, p90 of cumulative sales as they were expected at the start.
        course: as_of, unit, probability, p10, p50, p90 of the projected total, week by week.
        needed: unit, remaining, days_left, needed_per_day, expected_per_day, recent_per_day,
            best_ever, best_until, reached_before.
        goal: the target of all units; their targets may add up to less or more.
        panel: the history that all this rests on.
        paths: what may be sold after ``as_of``; None once the period is over.
        start_paths: the same as seen at the start; None where the period had not begun.
        notices: what was noticed and how it was taken.
    """

    period: Period
    as_of: pd.Timestamp
    units: tuple[str, ...]
    target: "pd.Series[float]"
    actual: pd.DataFrame
    start: Outlook
    now: Outlook
    expected: pd.DataFrame
    course: pd.DataFrame
    needed: pd.DataFrame
    goal: float
    panel: Panel
    paths: "SamplePaths | None" = None
    start_paths: "SamplePaths | None" = None
    notices: tuple[Problem, ...] = field(default=())

    @property
    def begun(self) -> bool:
        """Whether any row of the period is known."""
        return len(self.actual) > 0

    @property
    def over(self) -> bool:
        """Whether the whole period is known."""
        return self.now.over

    def target_of(self, unit: str = ALL_UNITS) -> float:
        """The target of a unit, or of all."""
        return self.goal if unit == ALL_UNITS else float(self.target[unit])

    def actual_of(self, unit: str = ALL_UNITS) -> float:
        """Sales to date of a unit, or of all."""
        sold = self.now.actual
        return float(sold.sum() if unit == ALL_UNITS else sold[unit])

    def probability(self, unit: str = ALL_UNITS) -> float:
        """How likely the target of a unit, or of all, is reached, as seen at ``as_of``."""
        one = self.now if unit == ALL_UNITS else self.now.only([unit])
        target = self.target_of(unit)
        return 1.0 if target == 0 else one.probability(target)


def track(
    panel: Panel,
    target: Amounts | float,
    *,
    period: str | Period,
    n_paths: int = 2000,
    seed: int = 0,
    course: Course | Sequence[str] = "weekly",
    planned: Planned | None = None,
    progress: Progress | None = None,
) -> Tracking:
    """Follow a period against its target, from the day before it began to ``as_of``.

    Every outlook of the past is made again from what was known then (``Panel.until``: later sales
    are gone, plans are not), one forecast a week; those in between start from the backtest of an
    earlier one, at most four weeks old.

    Args:
        panel: sales up to ``as_of``.
        target: of all units; or unit → target, the empty name for all units. Units without one
            share what the others leave of the total, each with the same chance as seen at the
            start.
        period: that is running, over, or still to come.
        n_paths: futures of the outlooks at the start and now; fewer are drawn in between.
        seed: same panel, options and seed give the same numbers.
        course: ``weekly``, ``none`` for start and now only, or the dates wanted.
        planned: adds to every outlook what was planned then, such as campaigns; nothing where it
            is not given.
        progress: told (stage, done, total) while it works.

    Raises:
        TargetError: a target that cannot be used; a period before the data.
        ForecastError: a history too short to forecast from, or a period too far ahead.
    """
    when = period if isinstance(period, Period) else parse_period(period)
    tell = progress or _quiet
    first, late = start_cut(panel, when)
    cuts = course_cuts(panel, when, first, course)
    tell("outlooks", 0, len(cuts))

    def seen_then(cut: int, **options: Any) -> "tuple[Outlook, SamplePaths | None]":
        plain, paths = seen_at(panel, cut, when, seed=seed, **options)
        return (plain, paths) if planned is None or paths is None else planned(plain, paths)

    start, start_paths = seen_then(cuts[0], n_paths=n_paths)
    now, paths = seen_then(cuts[-1], n_paths=n_paths) if len(cuts) > 1 else (start, start_paths)
    goal, targets, notices = assigned(target, start)
    seen = [start]
    lent = lenders(panel, cuts[:-1])
    for done, cut in enumerate(cuts[1:-1], start=1):
        tell("outlooks", done, len(cuts))
        seen.append(seen_then(cut, n_paths=min(n_paths, COURSE_PATHS), lender=lent[cut])[0])
    seen += [now] if len(cuts) > 1 else []
    tell("outlooks", len(cuts), len(cuts))
    inside = panel.dates.isin(rows_of(panel, when))
    return Tracking(
        period=when,
        as_of=now.as_of,
        units=panel.units,
        target=targets,
        actual=panel.frame()[inside],
        start=start,
        now=now,
        expected=expected_course(panel, cuts[0], start_paths, when),
        course=pd.concat([_chances(one, targets, goal) for one in seen], ignore_index=True),
        needed=needed_rates(panel, targets, goal, now),
        goal=goal,
        panel=panel,
        paths=paths,
        start_paths=start_paths,
        notices=(*late, *notices, *now.notices, *(paths.notices if paths else ())),
    )


def _chances(seen: Outlook, targets: "pd.Series[float]", goal: float) -> pd.DataFrame:
    """One date of the course: probability and range of the total, all units first."""
    levels = {"p10": 0.9, "p50": 0.5, "p90": 0.1}
    whole = {name: [seen.target_at(p)] for name, p in levels.items()}
    units = {name: list(seen.targets_at(p)) for name, p in levels.items()}
    likely = [seen.probability(goal), *seen.probability(targets)]
    ranges = {name: [*whole[name], *units[name]] for name in levels}
    names = [ALL_UNITS, *seen.units]
    return pd.DataFrame({"as_of": seen.as_of, "unit": names, "probability": likely, **ranges})


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
    del stage, done, total
