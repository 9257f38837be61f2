"""What is kept between runs: the engine of the last forecast."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import ForecastError, ParameterError, Problem
from workbench.forecast.change import Change, explain_change
from workbench.forecast.engine import Engine, draw_paths, fit_engine
from workbench.forecast.engine_file import load_engine, save_engine
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.models import ForecastParams

SUFFIX = ".npz"


@dataclass(frozen=True, eq=False)
class Learnt:
    """A forecast, what it was drawn from, and the engine that the last run left behind.

    Attributes:
        engine: learnt now, or from the earlier one's backtest.
        paths: drawn from it.
        earlier: what the file held; None on the first run, or without a file.
        file: where the engine is kept; None where nothing is kept.
        notices: an engine that could not be read again.
    """

    engine: Engine
    paths: SamplePaths
    earlier: Engine | None = None
    file: Path | None = None
    notices: tuple[Problem, ...] = field(default=())

    @property
    def backtest_file(self) -> Path | None:
        """Beside the engine: where the backtest of past periods is kept."""
        return self.file and self.file.with_suffix(".backtest.parquet")


def learn(params: ForecastParams, panel: Panel, *, horizon: int) -> Learnt:
    """Fit the engine, from the one that was kept where it still serves, and draw the paths.

    Raises:
        ParameterError: a file whose name is not that of an engine.
        ForecastError: a file that is no engine, or a history too short.
    """
    file, earlier, notices = _kept(params)
    engine = fit_engine(panel, horizon=horizon, earlier=earlier)
    paths = draw_paths(engine, n_paths=params.n_paths, seed=params.seed)
    return Learnt(engine, paths, earlier, file, notices)


def change_since(learnt: Learnt, period: Period) -> Change | None:
    """What moved the forecast of the period since the last run; None where there is nothing to say.

    There is nothing without an earlier engine, nor where it reached less far or was made later.
    """
    earlier, engine = learnt.earlier, learnt.engine
    if earlier is None or earlier.as_of >= engine.as_of:
        return None
    end = pd.Timestamp(period.end)
    if earlier.dates[-1] < min(end, engine.dates[-1]) or earlier.frequency != engine.frequency:
        return None
    start = max(pd.Timestamp(period.start), earlier.past.index[0])
    return explain_change(earlier, engine, start=start, end=end)


def keep(learnt: Learnt) -> None:
    """Leave the engine for the next run, where the parameters name a file for it."""
    if learnt.file is not None:
        save_engine(learnt.engine, learnt.file)


def _kept(params: ForecastParams) -> tuple[Path | None, Engine | None, tuple[Problem, ...]]:
    if not params.engine:
        return None, None, ()
    file = params.folder("engine")
    if file.suffix != SUFFIX:
        facts = {"value": str(params.engine), "suffix": SUFFIX}
        raise ParameterError(Problem("run.not_an_engine", facts))
    if not file.exists():
        return file, None, ()
    try:
        return file, load_engine(file), ()
    except ForecastError as error:
        # Another version's engine is replaced at the end; what is no engine is not written over.
        if any(problem.code != "forecast.engine_version" for problem in error.problems):
            raise
        return file, None, error.problems
