"""Outlooks made by hand, for every test of this room."""

import datetime
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import Period, parse_period
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel, future_dates
from workbench.target.outlook import Outlook

MakeOutlook = Callable[..., Outlook]


@pytest.fixture(scope="session")
def make_outlook() -> MakeOutlook:
    """An outlook from totals (paths × units), with nothing sold yet."""

    def make(
        totals: object,
        units: Sequence[str] | None = None,
        last_year: Sequence[float] | None = None,
    ) -> Outlook:
        values = np.asarray(totals, dtype=float)
        names = list(units) if units is not None else [f"u{k}" for k in range(values.shape[1])]
        index = pd.Index(names, name="unit")
        before = np.full(len(names), np.nan) if last_year is None else np.asarray(last_year, float)
        return Outlook(
            period=Period("2026Q4", datetime.date(2026, 10, 1), datetime.date(2026, 12, 31)),
            as_of=pd.Timestamp("2026-09-30"),
            actual=pd.Series(0.0, index=index, name="actual"),
            totals=pd.DataFrame(values, columns=names),
            last_year=pd.Series(before, index=index, name="last_year"),
            rows_known=0,
            rows_left=92,
        )

    return make


@pytest.fixture(scope="session")
def skewed(make_outlook: MakeOutlook) -> Outlook:
    """Three units of very different size and spread, 999 paths."""
    rng = np.random.default_rng(11)
    sizes, spreads = np.array([1000.0, 350.0, 40.0]), np.array([0.1, 0.3, 0.8])
    return make_outlook(
        sizes * np.exp(rng.normal(0, spreads, (999, 3))),
        ["online", "store", "群"],
        last_year=[900.0, 410.0, 30.0],
    )


@pytest.fixture(scope="session")
def make_panel() -> Callable[..., Panel]:
    """A panel from sales (dates × units); its frequency decides the dates."""

    def make(
        sales: object,
        *,
        last: str,
        units: Sequence[str] = ("a", "b"),
        frequency: str = "D",
        calendar: object = None,
    ) -> Panel:
        values = np.asarray(sales, dtype=float)
        freq = {"D": "D", "W": "7D", "M": "ME"}[frequency]
        return Panel(
            units=tuple(units),
            dates=pd.date_range(end=last, periods=len(values), freq=freq),
            ahead=pd.DatetimeIndex([]),
            sales=values,
            open=np.ones(values.shape),
            known={},
            frequency=frequency,  # type: ignore[arg-type]
            calendar=calendar,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture(scope="session")
def make_paths() -> Callable[..., SamplePaths]:
    """Paths after a panel's last date: constant per path and unit, on every step."""

    def make(panel: Panel, per_step: object, steps: int) -> SamplePaths:
        daily = np.asarray(per_step, dtype=float)
        values = np.repeat(daily[:, None, :], steps, axis=1)
        return SamplePaths.from_values(values, future_dates(panel, steps), panel.units)

    return make


@pytest.fixture(scope="session")
def quarter() -> Period:
    return parse_period("2026Q4")
