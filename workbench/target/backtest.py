"""The backtest: past periods forecast again, end to end, beside the rule of thumb and Prophet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.period import Period
from workbench.errors import Problem
from workbench.panel.hierarchy import TOTAL, Hierarchy, lay_hierarchy
from workbench.panel.panel import Panel
from workbench.target.backtest_cases import case_rows
from workbench.target.backtest_checks import (
    PeriodLike,
    check_options,
    nothing_known,
    same_rows,
    unknown_sales,
)
from workbench.target.backtest_replay import (
    Moment,
    Node,
    moment,
    our_totals,
    prophets_totals,
    rule_totals,
)
from workbench.target.backtest_scores import (
    ROW,
    pooled,
    reliability_rows,
    score_rows,
    shared_cases,
)
from workbench.target.past_periods import PastPeriod, past_periods, told_apart

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

MODELS = ("workbench", "year_rule", "prophet")
TARGETS = (0.97, 1.0, 1.03, 1.06, 1.10)
PROPHET_UNITS = 10
OURS = "workbench"


@dataclass(frozen=True, eq=False)
class Backtest:
    """What would have been said of periods that are over, and what they brought.

    Attributes:
        cases: one row per model, sum, period and share elapsed: level, unit ("" = all units),
            horizon, period, as_of, elapsed, steps (rows ahead), to_date, actual, last_year,
            quantiles ``q2.5`` … ``q97.5``, crps, pit, and ``chance_1.03`` … of each target.
        targets: in totals of the same period one year before.
        notices: what could not be tested, with counts.
    """

    cases: pd.DataFrame
    targets: tuple[float, ...] = TARGETS
    notices: tuple[Problem, ...] = ()

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row per model, level, unit, horizon and share elapsed.

        n_origins, crps_pct (mean % of the actual), crps, pinball and wql over the deciles, brier at
        the targets, coverage_50, _80, _95, pit_mean (0.5 = neither high nor low), pit_distance
        (0 = calibrated), mape, bias (above zero: too high), both in %.
        """
        return score_rows(self.cases, self.targets, ROW)

    def summary(self, *, shared: bool = True) -> pd.DataFrame:
        """Scores by level and model, all units of a level together.

        ``shared``: only the sums that every model was asked for; otherwise each model on all it
        has. With ece (mean distance of stated chance and share reached) and coverage_80_se.
        """
        cases = shared_cases(self.cases) if shared else self.cases
        return pooled(cases, self.targets)

    def reliability(
        self, model: str = OURS, *, level: str | None = None, bins: int = 10
    ) -> pd.DataFrame:
        """Stated chance of the targets beside the share reached: probability, reached, count."""
        return reliability_rows(self._of(model, level), self.targets, bins=bins)

    def ranks(self, model: str = OURS, *, level: str | None = None) -> Floats:
        """Where each actual fell in its distribution, 0 … 1; even if the ranges are right."""
        return self._of(model, level)["pit"].to_numpy(dtype=float)

    def _of(self, model: str, level: str | None) -> pd.DataFrame:
        chosen = self.cases["model"] == model
        return self.cases[chosen if level is None else chosen & (self.cases["level"] == level)]


def backtest(
    panel: Panel,
    *,
    period: PeriodLike | Sequence[PeriodLike] = "quarter",
    origins: int = 8,
    elapsed: Sequence[float] = (0.0, 0.5),
    levels: pd.DataFrame | None = None,
    targets: Sequence[float] = TARGETS,
    models: Sequence[str] = MODELS,
    prophet_units: int = PROPHET_UNITS,
    n_paths: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast the last periods again, with what was known then, and score what was said.

    For each past period and share of it gone by, the panel is cut there (later sales are gone,
    plans are kept as they came), and ``forecast`` and ``outlook`` are asked as a planner would.
    Beside them, on exactly the same periods, the year-on-year rule with the spread of its own past
    errors, and Prophet with its own sample paths added up. A unit counts in a period if it was
    selling when it began and nine tenths of its rows are known; the sums are over such units.

    Args:
        panel: the history.
        period: ``"quarter"``, ``"month"``, ``"week"``, …; a period such as ``"2026Q4"``, whose kind
            is taken; a number of the panel's steps; or several of these.
        origins: how many past periods, the latest ones.
        elapsed: shares of the period that have gone by; 0 = the day before it begins.
        levels: index unit, one column per level; None: units and the sum of all.
        targets: whose chances are scored, in totals of the same period one year before.
        models: some of ``workbench``, ``year_rule``, ``prophet``.
        prophet_units: Prophet is asked for so many sums of each level, the largest; it is slow.
        n_paths: draws per forecast.
        seed: same panel, options and seed give the same table.
        progress: told (stage, done, total) while it works.

    Raises:
        ForecastError: if no period of this kind has enough history before it, or known sales.
        ParameterError: options out of range.
        DataError: units without a place in ``levels``.
    """
    wanted: list[PeriodLike] = [period] if isinstance(period, str | int | Period) else [*period]
    check_options(wanted, origins, elapsed, targets, models, n_paths, known=MODELS)
    hierarchy = _hierarchy(panel, levels)
    asked = _largest(panel, hierarchy, prophet_units)
    notices: list[Problem] = []
    jobs: list[tuple[PastPeriod, float, float]] = []
    for one in wanted:
        periods, said = past_periods(panel, one, origins)
        shares = told_apart(periods, elapsed)
        notices += [*said, *same_rows(periods[0].horizon, elapsed, shares)]
        notices += unknown_sales(panel, periods, shares[0])
        jobs += [(past, share, shares[0]) for past in periods for share in shares]
    tables = []
    for done, (past, share, earliest) in enumerate(jobs):
        if progress is not None:
            progress("backtest", done, len(jobs))
        at = moment(panel, hierarchy, past, earliest=earliest, elapsed=share)
        if at is not None:
            tables += list(_tables(at, share, models, asked, targets, n_paths, seed))
    if progress is not None:
        progress("backtest", len(jobs), len(jobs))
    if not tables:
        raise nothing_known(panel, jobs)
    if "prophet" in models and len(asked) < len(hierarchy.nodes):
        facts = {"count": len(asked), "total": len(hierarchy.nodes)}
        notices.append(Problem("backtest.prophet_units", facts))
    cases = _ordered(pd.concat(tables, ignore_index=True), hierarchy, models)
    return Backtest(cases, tuple(float(multiple) for multiple in targets), tuple(notices))


def _tables(
    at: Moment,
    share: float,
    models: Sequence[str],
    asked: dict[Node, float],
    targets: Sequence[float],
    n_paths: int,
    seed: int,
) -> Iterator[pd.DataFrame]:
    """The cases of each model at one moment."""
    for model in models:
        places = list(range(len(at.nodes)))
        match model:
            case "workbench":
                draws = our_totals(at, n_paths=n_paths, seed=seed)
            case "year_rule":
                draws = rule_totals(at, n_paths=n_paths, seed=seed)
            case _:
                places, draws = prophets_totals(at, asked, n_paths=n_paths, seed=seed)
        if not places:
            continue
        rng = np.random.default_rng([seed, at.past.first, at.steps, MODELS.index(model)])
        last_year = at.last_year[places]
        rows = case_rows(draws, at.actual[places], last_year, targets=targets, rng=rng)
        nodes = [at.nodes[place] for place in places]
        keys = {
            "model": model,
            "level": [level for level, _ in nodes],
            "unit": ["" if level == TOTAL else name for level, name in nodes],
            "horizon": at.past.horizon,
            "period": at.past.period.label,
            "as_of": at.known.as_of,
            "elapsed": float(share),
            "steps": at.steps,
            "to_date": at.to_date[places],
        }
        yield pd.concat([pd.DataFrame(keys), rows], axis=1)


def _ordered(cases: pd.DataFrame, hierarchy: Hierarchy, models: Sequence[str]) -> pd.DataFrame:
    """By horizon, level, unit, share elapsed, model and period."""
    place = {("" if lv == TOTAL else name, lv): at for at, (lv, name) in enumerate(hierarchy.nodes)}
    order = pd.DataFrame(
        {
            "horizon": pd.factorize(cases["horizon"])[0],
            "node": [place[key] for key in zip(cases["unit"], cases["level"], strict=True)],
            "elapsed": cases["elapsed"],
            "model": [list(models).index(model) for model in cases["model"]],
            "as_of": cases["as_of"],
        }
    )
    return cases.loc[order.sort_values(list(order.columns)).index].reset_index(drop=True)


def _hierarchy(panel: Panel, levels: pd.DataFrame | None) -> Hierarchy:
    keys = pd.DataFrame(index=pd.Index(panel.units))
    if levels is not None:
        keys = levels.set_axis(levels.index.astype(str)).reindex(list(panel.units))
    return lay_hierarchy(keys)


def _largest(panel: Panel, hierarchy: Hierarchy, count: int) -> dict[Node, float]:
    """The ``count`` sums of each level that sold most, and what they sold."""
    sold = hierarchy.sums(np.nansum(panel.sales, axis=0))
    chosen: dict[Node, float] = {}
    for level in hierarchy.levels:
        at = [row for row, (of, _) in enumerate(hierarchy.nodes) if of == level]
        for row in sorted(at, key=lambda row: (-sold[row], hierarchy.nodes[row]))[:count]:
            chosen[hierarchy.nodes[row]] = float(sold[row])
    return chosen
