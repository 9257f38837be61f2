"""Comparable stretches of the past, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.target.history import (
    last_year,
    last_year_lunar,
    previous_total,
    running_pair,
    total_over,
)


class Shifted:
    """A calendar whose comparable day lies 360 days back."""

    def last_year(self, dates: pd.DatetimeIndex, *, frequency: str = "D") -> pd.DatetimeIndex:
        return dates - pd.Timedelta(days=360 if frequency == "D" else 357)


def ramp(n: int) -> np.ndarray:
    """Unit a sells the number of the row, b ten times that."""
    return np.arange(1.0, n + 1)[:, None] * np.array([1.0, 10.0])


def test_last_year_of_days_is_the_same_dates(make_panel) -> None:
    panel = make_panel(ramp(500), last="2026-09-30")
    row = dict(zip(panel.dates, panel.sales[:, 0], strict=True))
    expected = sum(row[day] for day in pd.date_range("2025-10-01", "2025-12-31"))
    totals = last_year(panel, parse_period("2026Q4"))
    assert totals.to_dict() == {"a": expected, "b": 10 * expected}


def test_last_year_of_weeks_has_as_many_weeks(make_panel) -> None:
    panel = make_panel(ramp(80), last="2026-09-28", frequency="W")
    # Thirteen Mondays, 52 rows back: rows 81-52 .. 93-52 of the ramp.
    assert last_year(panel, parse_period("2026Q4"))["a"] == sum(range(29, 42))


def test_last_year_is_missing_where_the_panel_does_not_reach(make_panel) -> None:
    panel = make_panel(ramp(300), last="2026-09-30")
    assert last_year(panel, parse_period("2026Q4")).isna().all()


def test_a_unit_without_sales_has_no_last_year(make_panel) -> None:
    sales = ramp(500)
    sales[:, 1] = 0
    panel = make_panel(sales, last="2026-09-30")
    assert last_year(panel, parse_period("2026Q4")).isna().to_dict() == {"a": False, "b": True}


def test_nine_tenths_of_the_rows_make_a_total(make_panel) -> None:
    sales = np.ones((100, 2))
    sales[:10, 0] = np.nan
    sales[:11, 1] = np.nan
    panel = make_panel(sales, last="2026-09-30")
    totals = total_over(panel, panel.dates)
    assert totals["a"] == 90
    assert np.isnan(totals["b"])


def test_lunar_last_year_follows_the_calendar(make_panel) -> None:
    panel = make_panel(ramp(500), last="2026-09-30", calendar=Shifted())
    row = dict(zip(panel.dates, panel.sales[:, 0], strict=True))
    days = pd.date_range("2026-10-01", "2026-12-31") - pd.Timedelta(days=360)
    lunar = last_year_lunar(panel, parse_period("2026Q4"))
    assert lunar is not None
    assert lunar["a"] == sum(row[day] for day in days)
    weekly = make_panel(ramp(80), last="2026-09-28", frequency="W", calendar=Shifted())
    of_weeks = last_year_lunar(weekly, parse_period("2026Q4"))
    assert of_weeks is not None
    assert of_weeks["a"] == sum(range(30, 43))


def test_no_lunar_last_year_without_a_calendar(make_panel) -> None:
    assert last_year_lunar(make_panel(ramp(500), last="2026-09-30"), parse_period("2026Q4")) is None
    monthly = make_panel(ramp(30), last="2026-09-30", frequency="M", calendar=Shifted())
    assert last_year_lunar(monthly, parse_period("2026Q4")) is None


def test_previous_period_counts_once_it_is_over(make_panel) -> None:
    panel = make_panel(np.ones((500, 2)), last="2026-09-30")
    done = previous_total(panel, parse_period("2026Q4"))
    assert done is not None
    assert done["a"] == 92
    running = make_panel(np.ones((500, 2)), last="2026-09-29")
    assert previous_total(running, parse_period("2026Q4")) is None


def test_running_pair_uses_rows_known_in_both_years(make_panel) -> None:
    sales = np.ones((500, 2))
    sales[-56:] = 3.0
    sales[-10:, 0] = np.nan
    sales[-364 - 56 : -364 - 50, 0] = np.nan
    sales[:-40, 1] = np.nan
    now, then = running_pair(make_panel(sales, last="2026-09-30"), 8)
    assert (now["a"], then["a"]) == (40 * 3.0, 40.0)
    assert np.isnan(now["b"])
    assert np.isnan(then["b"])


@pytest.mark.parametrize(("frequency", "rows"), [("W", 8), ("M", 2)])
def test_running_pair_of_longer_rows(make_panel, frequency: str, rows: int) -> None:
    sales = ramp(80)
    now, then = running_pair(make_panel(sales, last="2026-09-30", frequency=frequency), 8)
    lag = {"W": 52, "M": 12}[frequency]
    assert now["a"] == sales[-rows:, 0].sum()
    assert then["a"] == sales[80 - lag - rows : 80 - lag, 0].sum()


def test_running_pair_is_missing_in_a_short_panel(make_panel) -> None:
    now, _ = running_pair(make_panel(ramp(400), last="2026-09-30"), 8)
    assert now.isna().all()
