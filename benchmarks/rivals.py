"""What our totals are compared with, each asked for the same periods from the same history.

A rival gives equally likely totals (paths × units). Where its library is not installed it is
``missing`` and says so; where it fails on a unit, the year-on-year rule stands in for that unit,
which is named. All but the rule run unit by unit, as their makers' guides show.
"""

import sys
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context

import numpy as np
import pandas as pd
from datasets import Dataset
from numpy.typing import NDArray
from rival_models import Job, autoets, autoets_blocks, flair, prophet

Floats = NDArray[np.float64]

GROWTH_WEEKS = 8
UNKNOWN_SD = 0.2


@dataclass(frozen=True)
class Rival:
    """A peer: the library it needs, and how it draws one unit's totals."""

    library: str
    draw: Callable[[Job], Floats]

    def missing(self) -> str:
        """Why it cannot be asked here; empty where it can."""
        try:
            version(self.library)
        except PackageNotFoundError:
            return f"{self.library} is not installed; make bench-setup"
        return ""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Totals (paths × units), and the units for which the year rule stands in."""

    totals: pd.DataFrame
    failed: tuple[str, ...] = ()


RIVALS: Mapping[str, Rival] = {
    "prophet": Rival("prophet", prophet),
    "autoets": Rival("statsforecast", autoets),
    "autoets_4w": Rival("statsforecast", autoets_blocks),
    "flair": Rival("flaircast", flair),
}
PEERS = ("year_rule", *RIVALS)


def missing(name: str) -> str:
    """Why a peer cannot be asked here; empty where it can."""
    return RIVALS[name].missing() if name in RIVALS else ""


def peer_totals(
    name: str, dataset: Dataset, cutoff: pd.Timestamp, *, n_paths: int, seed: int
) -> Drawn:
    """The totals that a peer would have drawn on ``cutoff`` for the next period."""
    past, later = dataset.split(cutoff)
    wide = past.pivot_table("sales", "date", "unit", aggfunc="mean").dropna(axis=1, how="all")
    rule = year_rule(wide, dataset, n_paths=n_paths, seed=seed)
    if name == "year_rule":
        return Drawn(rule)
    if name == "autoets_4w" and dataset.steps_per_year == 12:
        raise ValueError("months are not added up to four weeks")
    jobs = _jobs(past, later, dataset, list(rule.columns), n_paths, seed)
    draw = _Guarded(RIVALS[name].draw)
    drawn = dict(_pool().map(draw, jobs, chunksize=4))
    failed = tuple(unit for unit, totals in drawn.items() if isinstance(totals, str))
    for unit in failed:
        print(f"  {name} failed on {unit}: {drawn[unit]}", file=sys.stderr)
    return Drawn(rule.assign(**{u: t for u, t in drawn.items() if u not in failed}), failed)


@cache
def _pool() -> ProcessPoolExecutor:
    """Two workers, started afresh (a fork of a process that has run threads may hang), and once:
    importing the libraries takes longer than many a fit."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@dataclass(frozen=True)
class _Guarded:
    """A rival's failure on one unit is a finding, not the end of the comparison."""

    draw: Callable[[Job], Floats]

    def __call__(self, job: Job) -> tuple[str, Floats | str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                totals = np.asarray(self.draw(job), dtype=float)
            except Exception as error:
                return job.unit, f"{type(error).__name__}: {error}"
        if totals.shape != (job.n_paths,) or not np.isfinite(totals).all():
            return job.unit, "totals that are no numbers"
        # A total below zero is impossible but where cancellations have made one before.
        return job.unit, totals if job.returns else np.maximum(totals, 0.0)


def _jobs(
    past: pd.DataFrame,
    later: pd.DataFrame | None,
    dataset: Dataset,
    units: list[str],
    n_paths: int,
    seed: int,
) -> list[Job]:
    dates = dataset.dates[dataset.dates > past["date"].max()][: dataset.horizon]
    plans = dict(list(later.groupby("unit"))) if later is not None else {}
    known, jobs = dataset.known, []
    for at, (unit, rows) in enumerate(past[past["unit"].isin(units)].groupby("unit")):
        table = rows.set_index("date").sort_index()
        ahead = pd.DataFrame(index=dates)
        if known and unit in plans:
            columns = plans[unit].set_index("date")[known]
            ahead = columns.reindex(dates).ffill().bfill()
        elif known:
            ahead = ahead.assign(**{name: table[name].iloc[-1] for name in known})
        jobs.append(
            Job(
                unit=str(unit),
                sales=table["sales"],
                known=table[known],
                ahead=ahead,
                steps_per_year=dataset.steps_per_year,
                calendar=dataset.calendar,
                n_paths=n_paths,
                seed=seed + at,
            )
        )
    return jobs


def year_rule(sales: pd.DataFrame, dataset: Dataset, *, n_paths: int, seed: int) -> pd.DataFrame:
    """Last year's same period × growth of the last eight weeks (two months), with normal log
    errors of the size that the same rule made before, a unit's own shrunk to all units'.

    ``sales``: dates × units up to the cutoff. Units younger than a year take the recent level.
    """
    values, n = sales.to_numpy(dtype=float), len(sales)
    point = _rule(values, n, dataset)
    errors = []
    step = max(1, dataset.horizon // 3)
    for cutoff in range(n - dataset.horizon, dataset.steps_per_year, -step):
        said = _rule(values, cutoff, dataset)
        sold = np.nansum(values[cutoff : cutoff + dataset.horizon], axis=0)
        usable = (said > 0) & (sold > 0)
        ratio = np.divide(sold, said, out=np.ones_like(said), where=usable)
        errors.append(np.where(usable, np.log(ratio), np.nan))
    squared = np.square(errors) if errors else np.full((1, values.shape[1]), np.nan)
    known = np.isfinite(squared).sum(axis=0)
    pooled = float(np.nanmean(squared)) if known.any() else UNKNOWN_SD**2
    sd = np.sqrt((np.nansum(squared, axis=0) + 3 * pooled) / (known + 3))
    draws = np.random.default_rng(seed).standard_normal((n_paths, len(point)))
    return pd.DataFrame(point * np.exp(sd * draws), columns=sales.columns)


def _rule(values: Floats, cutoff: int, dataset: Dataset) -> Floats:
    """The rule's point forecast of the next period at ``cutoff`` rows."""
    year, horizon = dataset.steps_per_year, dataset.horizon
    recent = {364: 7 * GROWTH_WEEKS, 52: GROWTH_WEEKS, 12: 2}[year]
    now = values[max(0, cutoff - recent) : cutoff]
    level = np.nanmean(np.where(np.isfinite(now).any(axis=0), now, 0.0), axis=0) * horizon
    if cutoff < year + recent:
        return level
    before = np.nansum(values[cutoff - year : cutoff - year + horizon], axis=0)
    then = np.nansum(values[cutoff - year - recent : cutoff - year], axis=0)
    growth = np.divide(np.nansum(now, axis=0), then, out=np.ones_like(then), where=then > 0)
    ruled = before * np.clip(growth, 0.25, 4.0)
    return np.where((then > 0) & (before > 0), ruled, level)
