"""What our totals are compared with: the year-on-year rule, and Prophet's own paths summed."""

import logging
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
from datasets import Dataset
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GROWTH_WEEKS = 8
UNKNOWN_SD = 0.2


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


def prophet_totals(
    past: pd.DataFrame,
    later: pd.DataFrame | None,
    dataset: Dataset,
    *,
    n_paths: int,
    seed: int,
    processes: int = 2,
) -> pd.DataFrame:
    """Prophet per unit, multiplicative season, country holidays and known columns as regressors;
    its own paths added up over the days that are open."""
    known = dataset.known
    ahead_dates = dataset.dates[dataset.dates > past["date"].max()][: dataset.horizon]
    plans = dict(list(later.groupby("unit"))) if later is not None else {}
    jobs = []
    for unit, rows in past.groupby("unit"):
        table = rows.rename(columns={"date": "ds", "sales": "y"})
        future = pd.DataFrame({"ds": ahead_dates})
        if known and unit in plans:
            columns = plans[unit][["date", *known]].rename(columns={"date": "ds"})
            future = future.merge(columns, on="ds", how="left").ffill().bfill()
        elif known:
            future = future.assign(**{name: table[name].iloc[-1] for name in known})
        jobs.append((str(unit), table, future, known, dataset.calendar, n_paths, seed))
    with ProcessPoolExecutor(processes) as pool:
        done = dict(pool.map(_prophet_total, jobs, chunksize=2))
    return pd.DataFrame(done)


def _prophet_total(
    job: tuple[str, pd.DataFrame, pd.DataFrame, list[str], str | None, int, int],
) -> tuple[str, Floats]:
    from prophet import Prophet

    unit, table, future, known, country, n_paths, seed = job
    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).disabled = True
    if "open" in known:
        table = table[table["open"] > 0]
    table = table.dropna(subset="y")
    if len(table) < 10 or not (table["y"] != 0).any():
        return unit, np.zeros(n_paths)
    model = Prophet(seasonality_mode="multiplicative", uncertainty_samples=n_paths)
    if country:
        model.add_country_holidays(country)
    for name in known:
        if name != "open":
            model.add_regressor(name)
    np.random.seed(seed)  # noqa: NPY002 - Prophet draws from numpy's global state
    model.fit(table)
    drawn = model.predictive_samples(future)["yhat"]
    if "open" in known:
        drawn = drawn * (future["open"].to_numpy() > 0)[:, None]
    return unit, np.asarray(drawn.sum(axis=0), dtype=float)
