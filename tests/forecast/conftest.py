"""Panels with a known truth, small enough to forecast within a second."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Frequency, Panel

Floats = NDArray[np.float64]
FREQ = {"D": "D", "W": "7D", "M": "MS"}


@dataclass(frozen=True, eq=False)
class Shop:
    """A panel and the sales that follow it."""

    panel: Panel
    later: Floats


Simulate = Callable[..., Shop]


def simulate(
    n_units: int = 3,
    n_dates: int = 800,
    *,
    frequency: Frequency = "D",
    seed: int = 0,
    walk: float = 0.012,
    common: float = 0.0,
    noise: float = 0.15,
    year: float = 0.25,
    start: str = "2022-01-03",
    ahead: int = 120,
    calendar: object = None,
    effect: Floats | None = None,
    known: Mapping[str, Floats] | None = None,
    open_: Floats | None = None,
) -> Shop:
    """Level random walk × yearly season × weekly pattern × gamma noise.

    ``walk`` and ``common`` are the standard deviations per step of the units' own and the shared
    walk of the log level; ``effect`` (dates + ahead, units) is added to it.
    """
    rng = np.random.default_rng(seed)
    n = n_dates + ahead
    dates = pd.date_range(start, periods=n, freq=FREQ[frequency])
    level = np.cumsum(rng.normal(0, walk, (n, n_units)), axis=0)
    level = level + np.cumsum(rng.normal(0, common, n))[:, None] + rng.normal(7, 1, n_units)
    phase = 2 * np.pi * dates.day_of_year.to_numpy() / 365.25
    level = level + year * np.sin(phase)[:, None]
    if frequency == "D":
        weekday = np.array([0.0, -0.1, -0.05, 0.0, 0.1, 0.35, 0.3])
        level = level + weekday[dates.day_of_week.to_numpy()][:, None]
    if effect is not None:
        level = level + effect
    shape = 1 / noise**2
    sales = np.exp(level) * rng.gamma(shape, 1 / shape, (n, n_units))
    open_ = np.ones((n, n_units)) if open_ is None else open_
    sales = np.where(open_ > 0, sales, 0.0)
    panel = Panel(
        units=tuple(f"u{at}" for at in range(n_units)),
        dates=dates[:n_dates],
        ahead=dates[n_dates:],
        sales=sales[:n_dates],
        open=open_,
        known=dict(known or {}),
        frequency=frequency,
        calendar=calendar,  # type: ignore[arg-type]
    )
    return Shop(panel, sales[n_dates:])


def with_sales(panel: Panel, sales: Floats) -> Panel:
    """The panel, having sold something else."""
    return replace(panel, sales=np.asarray(sales, dtype=float))


def assert_sound(paths: SamplePaths, panel: Panel, horizon: int, n_paths: int) -> None:
    """What holds of all paths: shape, dates, finite, never below zero, parts adding up."""
    values = paths.values
    assert values.shape == (n_paths, horizon, len(panel.units))
    assert paths.units == panel.units
    assert paths.dates[0] > panel.as_of
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    np.testing.assert_allclose(
        values.sum(axis=1), paths.totals().to_numpy(), rtol=1e-5, atol=1e-6 * values.max()
    )


@pytest.fixture(scope="session")
def simulated() -> Simulate:
    return simulate


@pytest.fixture(scope="session")
def sold() -> Callable[[Panel, Floats], Panel]:
    return with_sales


@pytest.fixture(scope="session")
def sound() -> Callable[[SamplePaths, Panel, int, int], None]:
    return assert_sound
