"""Tracking on forecasts that are made by hand: no model runs here."""

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel, future_dates
from workbench.target import replays
from workbench.target.tracking import track

DAYS = pd.date_range("2026-03-01", "2026-08-20")


def hundred_a_day(panel: Panel, *, horizon: int, n_paths: int, seed: int) -> SamplePaths:
    """80 to 120 a day for every unit, the same all the way; the panel must not know the future."""
    del seed
    level = np.linspace(80, 120, n_paths)[:, None, None]
    values = level * np.ones((1, horizon, len(panel.units)))
    return SamplePaths.from_values(values, future_dates(panel, horizon), panel.units)


@pytest.fixture
def forecasts(monkeypatch) -> list[pd.Timestamp]:
    """The stand-in for the forecast; gathers the last day that each forecast knew."""
    known: list[pd.Timestamp] = []

    def forecast(panel: Panel, **options) -> SamplePaths:
        known.append(panel.as_of)
        assert len(panel.sales) == len(panel.dates)
        return hundred_a_day(panel, **options)

    monkeypatch.setattr(replays, "forecast", forecast)
    return known


def shop(days: pd.DatetimeIndex = DAYS, *, level: float = 100.0) -> Panel:
    rows = [
        pd.DataFrame({"unit": unit, "date": days, "sales": level * size})
        for unit, size in (("线上", 1.0), ("门店", 1.1))
    ]
    return build_panel(pd.concat(rows), calendar=None)


def test_outlooks_are_made_weekly_from_what_was_known_then(forecasts):
    seen = track(shop(), 18400, period="2026Q3", n_paths=200)
    assert [f"{day:%m-%d}" for day in sorted(forecasts)] == [
        "06-30", "07-07", "07-14", "07-21", "07-28", "08-04", "08-11", "08-18", "08-20",
    ]  # fmt: skip
    assert seen.start.as_of == pd.Timestamp("2026-06-30")
    assert seen.now.as_of == seen.as_of == pd.Timestamp("2026-08-20")
    assert list(seen.course["as_of"].unique()) == sorted(forecasts)


def test_a_late_start_is_told(forecasts):
    seen = track(shop(DAYS[DAYS >= "2026-06-01"]), 18400, period="2026Q3", n_paths=100)
    assert seen.start.as_of == pd.Timestamp("2026-07-26")
    (notice,) = [n for n in seen.notices if n.code == "target.late_start"]
    assert "too short to say what was expected" in notice.text()
    assert "2026-07-26" in notice.text()
