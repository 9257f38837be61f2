"""A small shop for the report's tests: three channels, two years, 91 days ahead."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import Period
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.report.words import Words
from workbench.target.outlook import Outlook

UNITS = ("线上商城", "微信社群", "线下门店")
NASTY = ("<script>alert(1)</script>", "A/B $x$ $y$", "🍜 面馆 'quoted' \"double\"")


@dataclass(frozen=True)
class Mark:
    date: dt.date
    name_en: str
    name_zh: str
    estimated: bool = False


class SmallCalendar:
    """Two festivals a year, and the same weekday 364 days before."""

    def marks(self, start: dt.date, end: dt.date) -> list[Mark]:
        named = [
            ("10-01", "National Day", "国庆"),
            ("10-07", "After the holiday", "节后"),
            ("11-11", "Double 11", "双11"),
            ("12-12", "Double 12", "双12"),
            ("06-18", "618", "618"),
        ]
        days = [
            Mark(dt.date.fromisoformat(f"{year}-{day}"), en, zh, year > 2026)
            for year in range(2023, 2030)
            for day, en, zh in named
        ]
        return sorted((m for m in days if start <= m.date <= end), key=lambda m: m.date)

    def last_year(self, dates: pd.DatetimeIndex, *, frequency: str = "D") -> pd.DatetimeIndex:
        return dates - pd.Timedelta(days=364)


@dataclass(frozen=True)
class Shop:
    panel: Panel
    paths: SamplePaths
    outlook: Outlook


def make_shop(
    units: tuple[str, ...] = UNITS, *, n_paths: int = 400, days: int = 640, ahead: int = 100
) -> Shop:
    rng = np.random.default_rng(7)
    dates = pd.date_range(end="2026-10-14", periods=days)
    size = np.array([60_000, 24_000, 15_000, *[9_000] * len(units)])[: len(units)]
    season = _season(dates)
    sales = size * season[:, None] * rng.lognormal(0, 0.12, (days, len(units)))
    sales[40:55, -1] = np.nan
    future = pd.date_range(dates[-1], periods=ahead + 1)[1:]
    level = rng.lognormal(0, 0.07, (n_paths, 1, len(units)))
    noise = rng.lognormal(0, 0.1, (n_paths, ahead, len(units)))
    values = size * 1.06 * _season(future)[None, :, None] * level * noise
    paths = SamplePaths.from_values(values, future, units)
    panel = Panel(
        units=units,
        dates=dates,
        ahead=future,
        sales=sales,
        open=np.ones((days + ahead, len(units))),
        known={},
        frequency="D",
        calendar=SmallCalendar(),  # type: ignore[arg-type]
    )
    return Shop(panel, paths, make_outlook(panel, paths))


def make_outlook(panel: Panel, paths: SamplePaths) -> Outlook:
    period = Period("2026Q4", dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    inside = panel.dates >= pd.Timestamp(period.start)
    index = pd.Index(panel.units, name="unit")
    actual = pd.Series(np.nansum(panel.sales[inside], axis=0), index=index, name="actual")
    rest = paths.totals(paths.dates[0], period.end)
    year_before = (panel.dates >= "2025-10-01") & (panel.dates <= "2025-12-31")
    last_year = pd.Series(np.nansum(panel.sales[year_before], axis=0), index=index)
    totals = rest + actual.to_numpy()
    return Outlook(period, panel.as_of, actual, totals, last_year, int(inside.sum()), 78)


def _season(dates: pd.DatetimeIndex) -> np.ndarray:
    week = 1 + 0.25 * (dates.day_of_week >= 5)
    year = 1 + 0.15 * np.sin(2 * np.pi * dates.day_of_year / 365)
    growth = 1.08 ** ((dates - pd.Timestamp("2025-01-01")).days / 365)
    double = 1 + 1.6 * ((dates.month == 11) & (dates.day == 11))
    return np.asarray(week * year * growth * double)


@pytest.fixture(scope="session")
def shop() -> Shop:
    return make_shop()


@pytest.fixture(scope="session")
def nasty_shop() -> Shop:
    return make_shop(NASTY)


@pytest.fixture(scope="session")
def many_units() -> Shop:
    return make_shop(tuple(f"u{at:02d}" for at in range(30)), n_paths=60, days=480)


@pytest.fixture(params=["zh", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)
