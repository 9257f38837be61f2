"""The rule of thumb that our totals are measured against."""

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.year_rule import year_rule
from workbench.panel.build import build_panel


def panel_of(sales, start="2024-01-01", freq="D", calendar=None, **columns):
    sales = np.atleast_2d(np.asarray(sales, float).T).T
    days = pd.date_range(start, periods=len(sales), freq=freq)
    rows = [
        pd.DataFrame({"unit": f"u{at}", "date": days, "sales": sales[:, at], **columns})
        for at in range(sales.shape[1])
    ]
    return build_panel(pd.concat(rows), calendar=calendar)


def drawn(panel, steps=28, n_paths=2001, seed=0, n_sums=None):
    summing = np.eye(len(panel.units)) if n_sums is None else np.ones((1, len(panel.units)))
    names = [f"unit/{name}" for name in panel.units] if n_sums is None else ["total/total"]
    return year_rule(panel, summing, steps=steps, n_paths=n_paths, seed=seed, names=names)


def test_last_years_weeks_times_recent_growth_by_hand():
    """Last year 100 a day and 140 in the four weeks to come; now 20 % more than then."""
    n = 2 * 364
    sales = np.full(n + 28, 100.0)
    sales[n - 364 : n - 364 + 28] = 140.0
    sales[n - 56 : n] = 120.0
    panel = panel_of(sales).until(n)
    middle = np.median(drawn(panel), axis=0)
    assert middle == pytest.approx([140 * 28 * 1.2], rel=0.02)


@pytest.mark.parametrize(("freq", "year", "steps"), [("W-MON", 52, 13), ("MS", 12, 3)])
def test_weeks_and_months(freq, year, steps):
    rng = np.random.default_rng(0)
    season = 100 + 40 * np.sin(2 * np.pi * np.arange(4 * year) / year)
    sales = season * 1.1 ** (np.arange(4 * year) // year) * np.exp(rng.normal(0, 0.01, 4 * year))
    panel = panel_of(sales, freq=freq).until(4 * year - steps)
    expected = sales[-steps:].sum()
    assert np.median(drawn(panel, steps)) == pytest.approx(expected, rel=0.03)


def test_the_spread_is_that_of_its_own_errors():
    """Levels that move by chance: eight in ten totals lie in the 80 % range."""
    rng = np.random.default_rng(4)
    level = np.exp(np.cumsum(rng.normal(0, 0.02, (1100, 60)), axis=0))
    sales = 100 * level * rng.gamma(30, 1 / 30, (1100, 60))
    panel = panel_of(sales)
    low, high = np.quantile(drawn(panel.until(1072)), [0.1, 0.9], axis=0)
    sold = sales[1072:].sum(axis=0)
    assert 0.62 <= ((low <= sold) & (sold <= high)).mean() <= 0.93


def test_without_a_year_the_recent_level_holds_over_open_days():
    opened = np.ones(200)
    opened[6::7] = 0
    panel = panel_of(np.where(opened > 0, 50.0, 0.0), open=opened).until(172)
    assert np.median(drawn(panel)) == pytest.approx(50 * 24, rel=0.02)


def test_closed_days_ahead_bring_nothing():
    opened = np.ones(800)
    opened[772:786] = 0
    panel = panel_of(np.where(opened > 0, 50.0, 0.0), open=opened).until(772)
    assert np.median(drawn(panel)) == pytest.approx(50 * 14, rel=0.02)


def test_nothing_after_the_cutoff_is_used():
    rng = np.random.default_rng(1)
    sales = rng.gamma(5, 20, (900, 3))
    changed = sales.copy()
    changed[800:] *= 7
    one, other = panel_of(sales).until(800), panel_of(changed).until(800)
    np.testing.assert_array_equal(drawn(one, 91), drawn(other, 91))
    np.testing.assert_array_equal(drawn(one, 400), drawn(other, 400))


def test_a_festival_is_compared_with_last_years():
    """Sales triple in the week of 春节, which moved by eleven days."""
    days = pd.date_range("2023-01-01", "2026-03-10")
    sales = np.full(len(days), 100.0)
    for first in ("2023-01-21", "2024-02-09", "2025-01-28", "2026-02-16"):
        sales[days.get_loc(pd.Timestamp(first)) :][:7] = 300.0
    n = int(days.get_loc(pd.Timestamp("2026-02-10")))
    expected = sales[n : n + 14].sum()
    lined_up = panel_of(sales, "2023-01-01", calendar="CN").until(n)
    assert np.median(drawn(lined_up, 14)) == pytest.approx(expected, rel=0.12)
    by_date = panel_of(sales, "2023-01-01").until(n)
    assert np.median(drawn(by_date, 14)) < 0.75 * expected


def test_same_seed_same_draws_and_the_order_of_units_changes_nothing():
    sales = np.random.default_rng(2).gamma(5, 20, (700, 3))
    panel = panel_of(sales).until(672)
    one = drawn(panel)
    assert one.tobytes() == drawn(panel).tobytes()
    moved = drawn(panel.only(["u2", "u0", "u1"]))
    np.testing.assert_allclose(moved[:, [1, 2, 0]], one, rtol=1e-12)
    assert not np.array_equal(one, drawn(panel, seed=1))


def test_a_unit_that_never_sold_is_said_to_sell_nothing():
    panel = panel_of(np.column_stack([np.zeros(500), np.full(500, 9.0)])).until(472)
    assert (drawn(panel)[:, 0] == 0).all()
