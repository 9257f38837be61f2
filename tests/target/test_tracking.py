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


def test_what_was_planned_then_is_in_every_outlook(forecasts):
    from dataclasses import replace

    sale = pd.Timestamp("2026-08-10")

    def sale_in_august(outlook, paths):
        extra = np.where(paths.dates == sale, 500.0, 0.0) * np.ones((paths.n_paths, 1))
        more = float(extra[0].sum())
        totals = outlook.totals.assign(线上=outlook.totals["线上"] + more)
        return replace(outlook, totals=totals), replace(paths, added={"线上": extra})

    options = {"period": "2026Q3", "n_paths": 201}
    plain, seen = (
        track(shop(), 18400, **options),
        track(shop(), 18400, planned=sale_in_august, **options),
    )
    gained = (seen.course["p50"] - plain.course["p50"]).groupby(seen.course["as_of"]).max()
    assert gained[gained.index < sale].tolist() == [500.0] * 6
    assert (gained[gained.index > sale] == 0).all(), "what is over is in the sales, not on top"
    both = [
        one.expected[one.expected["unit"] == ""].set_index("date")["p50"] for one in (plain, seen)
    ]
    jump = (both[1] - both[0]).diff()
    assert jump[jump.abs() > 1].to_dict() == {sale: pytest.approx(500.0)}
    assert seen.now.target_at(0.5) == plain.now.target_at(0.5)


def test_a_late_start_is_told(forecasts):
    seen = track(shop(DAYS[DAYS >= "2026-06-01"]), 18400, period="2026Q3", n_paths=100)
    assert seen.start.as_of == pd.Timestamp("2026-07-26")
    (notice,) = [n for n in seen.notices if n.code == "target.late_start"]
    assert "too short to say what was expected" in notice.text()
    assert "2026-07-26" in notice.text()


def test_numbers_of_a_running_quarter(forecasts):
    seen = track(shop(), {"线上": 9200, "门店": 9384}, period="2026Q3", n_paths=401)
    assert seen.goal == 18584
    assert seen.begun
    assert not seen.over
    assert seen.actual.shape == (51, 2)
    assert seen.actual_of() == pytest.approx(51 * 210)
    assert seen.now.target_at(0.5) == pytest.approx(51 * 210 + 41 * 200)
    assert seen.probability("门店") == pytest.approx(0.5 + (5610 + 4100 - 9384) / 41 / 40, abs=0.01)
    whole = seen.expected[seen.expected["unit"] == ""].set_index("date")
    assert len(whole) == 92
    assert whole.loc["2026-07-10", ["p10", "p50", "p90"]].tolist() == pytest.approx(
        [10 * 168, 10 * 200, 10 * 232]
    )
    chances = seen.course[seen.course["unit"] == ""].set_index("as_of")["probability"]
    assert len(chances) == 9
    assert chances.iloc[-1] == pytest.approx(seen.probability())


def test_the_rate_that_is_needed(forecasts):
    sales = shop(level=100.0)
    seen = track(sales, {"线上": 9610.0, "门店": 8900.0}, period="2026Q3", n_paths=100)
    needed = seen.needed.set_index("unit")
    assert needed.loc["线上", "remaining"] == pytest.approx(9610 - 5100)
    assert needed.loc["线上", "days_left"] == 41
    assert needed.loc["线上", "needed_per_day"] == pytest.approx(110.0)
    assert needed.loc["线上", "recent_per_day"] == pytest.approx(100.0)
    assert needed.loc["线上", "best_ever"] == pytest.approx(100.0)
    assert not needed.loc["线上", "reached_before"]
    assert needed.loc["门店", "reached_before"]
    assert needed.loc["", "needed_per_day"] == pytest.approx((18510 - 51 * 210) / 41)


def test_closed_days_do_not_lower_a_run_rate(forecasts):
    days = DAYS[DAYS.day_of_week < 6]
    every = pd.DataFrame({"unit": "店", "date": DAYS, "sales": 0.0, "open": 0})
    is_open = every["date"].isin(days)
    rows = every.assign(sales=np.where(is_open, 120.0, 0.0), open=is_open.astype(int))
    ahead = future_dates(build_panel(rows, calendar=None), 41)
    plans = pd.DataFrame({"unit": "店", "date": ahead, "open": (ahead.day_of_week < 6).astype(int)})
    panel = build_panel(rows, plans, calendar=None)
    seen = track(panel, 12000, period="2026Q3", n_paths=100)
    row = seen.needed.set_index("unit").loc["店"]
    assert row["days_left"] == 35
    assert row["recent_per_day"] == row["best_ever"] == pytest.approx(120.0)


def test_before_the_period_begins(forecasts):
    seen = track(shop(), 18400, period="2026Q4", n_paths=100)
    assert not seen.begun
    assert forecasts == [pd.Timestamp("2026-08-20")]
    assert len(seen.course) == 3
    assert seen.actual_of() == 0.0
    assert seen.needed.set_index("unit").loc["", "days_left"] == 92


def test_after_the_period_is_over(forecasts):
    seen = track(shop(pd.date_range("2026-03-01", "2026-10-05")), 19000, period="2026Q3")
    assert seen.over
    assert seen.paths is None
    assert seen.as_of == seen.course["as_of"].max() == pd.Timestamp("2026-09-30")
    assert len(seen.course["as_of"].unique()) == 15
    assert seen.probability() == 1.0
    assert seen.needed["days_left"].eq(0).all()


def test_the_same_forecast_is_made_once(forecasts):
    panel = shop()
    track(panel, 18400, period="2026Q3", n_paths=100)
    made = len(forecasts)
    track(panel, 20000, period="2026Q3", n_paths=100)
    assert len(forecasts) == made


def test_dates_may_be_chosen_for_the_course(forecasts):
    seen = track(shop(), 18400, period="2026Q3", course=["2026-07-31", "2026-08-15"], n_paths=100)
    assert [f"{day:%m-%d}" for day in seen.course["as_of"].unique()] == [
        "06-30", "07-31", "08-15", "08-20",
    ]  # fmt: skip


def test_weekly_rows(forecasts):
    weeks = pd.date_range("2025-01-05", "2026-08-16", freq="7D")
    rows = pd.DataFrame({"unit": "a", "date": weeks, "sales": 700.0})
    seen = track(build_panel(rows, calendar=None), 9600, period="2026Q3", n_paths=100)
    assert len(seen.actual) == 7
    row = seen.needed.set_index("unit").loc["a"]
    assert row["days_left"] == 42
    assert row["recent_per_day"] == pytest.approx(100.0)


def test_a_goal_above_the_sum_of_the_units(forecasts):
    seen = track(shop(), {"": 20000, "线上": 9200, "门店": 9384}, period="2026Q3", n_paths=100)
    assert (seen.goal, seen.target.sum()) == (20000, 18584)
    assert seen.target_of() == 20000
    assert seen.target_of("线上") == 9200


def test_progress_is_told(forecasts):
    told = []
    track(shop(), 18400, period="2026Q3", n_paths=100, progress=lambda *step: told.append(step))
    assert told[0] == ("outlooks", 0, 9)
    assert told[-1] == ("outlooks", 9, 9)
