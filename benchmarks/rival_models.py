"""One unit's period totals by each rival library, with its usual settings.

Every function takes a ``Job`` and gives (n_paths,) totals. Closed days are told to all of them:
Prophet learns from open days alone, and the paths of each are zero on days known to be closed.
"""

import logging
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FREQUENCY = {364: "D", 52: "W", 12: "M"}
SEASON = {364: 7, 52: 1, 12: 12}
"""Steps of AutoETS's season: it allows 24 at most, so weeks have none."""
BLOCK = {364: 28, 52: 4}
BLOCKS_PER_YEAR = 13
LEAST_STEPS = 10
A_YEAR = 364


@dataclass(frozen=True, eq=False)
class Job:
    """One unit's history by date, what is known of the dates ahead, and what is asked for."""

    unit: str
    sales: "pd.Series[float]"
    known: pd.DataFrame
    ahead: pd.DataFrame
    steps_per_year: int
    calendar: str | None
    n_paths: int
    seed: int

    @property
    def returns(self) -> bool:
        """Whether sales have ever been below zero."""
        return bool((self.sales < 0).any())

    @property
    def open(self) -> Floats:
        """(steps ahead,): 0 on days known to be closed, else 1."""
        if "open" not in self.ahead:
            return np.ones(len(self.ahead))
        return (self.ahead["open"].to_numpy() > 0).astype(float)

    @property
    def regular(self) -> "pd.Series[float]":
        """Sales without gaps, from the unit's first date to its last; gaps are interpolated."""
        seen = self.sales.dropna()
        dates = pd.date_range(seen.index[0], seen.index[-1], freq=self._step())
        return seen.reindex(dates).interpolate()

    def _step(self) -> str:
        if self.steps_per_year == 12:
            return "MS"
        return "D" if self.steps_per_year == 364 else "7D"


def prophet(job: Job) -> Floats:
    """Prophet, multiplicative seasons, that of the year from one year of history on (its default
    waits for two), country holidays, known columns as regressors; its own ``predictive_samples``
    added up."""
    from prophet import Prophet

    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).disabled = True
    table = job.known.assign(y=job.sales).rename_axis("ds").reset_index()
    if "open" in table:
        table = table[table["open"] > 0]
    table = table.dropna(subset="y")
    if len(table) < LEAST_STEPS or not (table["y"] != 0).any():
        return np.zeros(job.n_paths)
    days = (table["ds"].iloc[-1] - table["ds"].iloc[0]).days
    model = Prophet(
        seasonality_mode="multiplicative",
        yearly_seasonality=days >= A_YEAR,
        uncertainty_samples=job.n_paths,
    )
    if job.calendar:
        model.add_country_holidays(job.calendar)
    for name in job.known.columns:
        if name != "open":
            model.add_regressor(name)
    np.random.seed(job.seed)  # noqa: NPY002 - Prophet draws from numpy's global state
    model.fit(table)
    drawn = model.predictive_samples(job.ahead.rename_axis("ds").reset_index())["yhat"]
    return np.asarray((drawn * job.open[:, None]).sum(axis=0), dtype=float)


def autoets(job: Job) -> Floats:
    """statsforecast's AutoETS on the steps themselves (season: the week, for months the year), its
    ``simulate`` added up."""
    drawn = _ets_paths(job.regular.to_numpy(), SEASON[job.steps_per_year], len(job.ahead), job)
    return np.asarray((drawn * job.open).sum(axis=1))


def autoets_blocks(job: Job) -> Floats:
    """AutoETS on totals of four weeks with a season of a year (13 of them): what one would do who
    wants a quarter's total. A period that ends within a block takes that share of it."""
    block = BLOCK[job.steps_per_year]
    values = job.regular.to_numpy()
    whole = values[len(values) % block :].reshape(-1, block).sum(axis=1)
    steps = len(job.ahead) / block
    drawn = _ets_paths(whole, BLOCKS_PER_YEAR, int(np.ceil(steps)), job)
    share = np.clip(steps - np.arange(drawn.shape[1]), 0.0, 1.0)
    return np.asarray(drawn @ share)


def _ets_paths(values: Floats, season: int, n_steps: int, job: Job) -> Floats:
    from statsforecast.models import AutoETS

    model = AutoETS(season_length=season if len(values) > 2 * season else 1).fit(values)
    return np.asarray(model.simulate(h=n_steps, n_paths=job.n_paths, seed=job.seed))


def flair(job: Job) -> Floats:
    """FLAIR (flaircast) with the known columns as ``X_hist`` and ``X_future``; paths added up."""
    from flaircast import forecast

    sales = job.regular
    known = job.known.reindex(sales.index).ffill().bfill().to_numpy(dtype=float)
    ahead = job.ahead.to_numpy(dtype=float)
    plans = {"X_hist": known, "X_future": ahead} if known.shape[1] else {}
    drawn = forecast(
        sales.to_numpy(),
        len(job.ahead),
        FREQUENCY[job.steps_per_year],
        n_samples=job.n_paths,
        seed=job.seed,
        **plans,
    )
    return np.asarray((drawn * job.open).sum(axis=1))
