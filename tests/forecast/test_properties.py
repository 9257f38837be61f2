"""What holds of every forecast, whatever the shop: from a table to the chance of a target."""

import hashlib
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.panel.panel import Panel

HORIZON = 21
PATHS = 60
FEW = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ELSEWHERE = """
import hashlib, sys
sys.path.insert(0, {folder!r})
from test_properties import in_bytes
print(*(hashlib.sha256(in_bytes(seed)).hexdigest() for seed in (0, 1)))
"""
"""The same forecasts in another process."""


@st.composite
def panels(draw, returns: bool = False) -> Panel:
    """Small daily shops, too short for members that take time: closed days, holes, sparse units."""
    rng = np.random.default_rng(draw(st.integers(0, 9999)))
    n, units = draw(st.integers(60, 130)), draw(st.integers(1, 4))
    size = np.exp(rng.normal(5, 2, units))
    sales = size * rng.gamma(draw(st.sampled_from([0.8, 4.0, 40.0])), 1.0, (n, units))
    sales[rng.random((n, units)) < draw(st.sampled_from([0.0, 0.0, 0.6]))] = 0.0
    if returns:
        sales[n // 2 :: 9, 0] = -0.5 * size[0]
    open_ = np.ones((n + HORIZON, units))
    if draw(st.booleans()):
        open_[rng.integers(7) :: 7] = 0.0
    promo = (rng.random((n + HORIZON, units)) < 0.2).astype(float)
    sales = np.where(open_[:n] > 0, np.round(sales, 2), 0.0)
    sales[rng.random((n, units)) < draw(st.sampled_from([0.0, 0.1]))] = np.nan
    return Panel(
        units=tuple(f"u{at}" for at in range(units)),
        dates=pd.date_range("2026-01-05", periods=n),
        ahead=pd.date_range("2026-01-05", periods=n + HORIZON)[n:],
        sales=sales,
        open=open_,
        known={"promo": promo} if draw(st.booleans()) else {},
        frequency="D",
    )


def forecast(panel: Panel, *, seed: int = 0) -> wb.SamplePaths:
    return wb.forecast(panel, horizon=HORIZON, n_paths=PATHS, seed=seed)


def seen(panel: Panel) -> wb.Outlook:
    """The outlook of a period that is half over when the horizon ends with it."""
    last = panel.as_of + pd.Timedelta(days=HORIZON)
    first = panel.as_of - pd.Timedelta(days=HORIZON)
    return wb.outlook(panel, forecast(panel), period=f"{first:%Y-%m-%d}/{last:%Y-%m-%d}")


@FEW
@given(panels())
def test_the_higher_the_target_the_less_likely(panel):
    ahead = seen(panel)
    top = max(float(ahead.total.max()), 1.0) * 1.2
    targets = np.linspace(top / 400, top, 40)
    chances = [ahead.probability(float(target)) for target in targets]
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert (np.diff(chances) <= 0).all()
    by_unit = [ahead.probability(dict.fromkeys(panel.units, float(t))) for t in targets]
    assert (np.diff(np.array(by_unit), axis=0) <= 0).all()
    levels = [ahead.target_at(p) for p in (0.95, 0.8, 0.5, 0.2, 0.05)]
    assert (np.diff(levels) >= 0).all()


@FEW
@given(panels(), st.integers(1, HORIZON - 1))
def test_parts_add_up_over_dates_and_over_units(panel, cut):
    paths = forecast(panel)
    values, dates = paths.values, paths.dates
    scale = max(float(values.sum(axis=(1, 2)).max()), 1.0)
    whole = paths.totals().to_numpy()
    np.testing.assert_allclose(values.sum(axis=1), whole, rtol=1e-5, atol=1e-6 * scale)
    halves = paths.totals(end=dates[cut - 1]) + paths.totals(start=dates[cut])
    np.testing.assert_allclose(halves, whole, rtol=1e-5, atol=1e-6 * scale)
    ahead = seen(panel)
    np.testing.assert_allclose(ahead.total, ahead.totals.to_numpy().sum(axis=1), rtol=1e-12)
    sold = np.nansum(panel.sales[-HORIZON - 1 :], axis=0)
    np.testing.assert_allclose(ahead.totals, sold + whole, rtol=1e-5, atol=1e-6 * scale)


@FEW
@given(panels(), st.sampled_from([2.0**-7, 1024.0]))
def test_money_in_another_unit(panel, factor):
    other = forecast(replace(panel, sales=panel.sales * factor)).totals().to_numpy()
    one = forecast(panel).totals().to_numpy() * factor
    np.testing.assert_allclose(other, one, rtol=1e-3, atol=1e-5 * max(one.max(), 1e-9))


@FEW
@given(panels(), st.sampled_from([-1, 1]))
def test_the_same_shop_in_another_generation(panel, sign):
    """After 28 years weekdays, days of the month and leap days fall alike: so do the forecasts."""
    shift = pd.Timedelta(days=sign * 10227)
    moved = replace(panel, dates=panel.dates + shift, ahead=panel.ahead + shift)
    one, other = forecast(panel), forecast(moved)
    assert (other.dates == one.dates + shift).all()
    scale = max(float(one.totals().to_numpy().max()), 1e-9)
    np.testing.assert_allclose(other.totals(), one.totals(), rtol=1e-5, atol=1e-6 * scale)


@FEW
@given(panels(), st.randoms(use_true_random=False))
def test_units_in_another_order(panel, chance):
    order = list(panel.units)
    chance.shuffle(order)
    one, other = forecast(panel).totals(), forecast(panel.only(order)).totals()
    scale = max(float(one.to_numpy().max()), 1e-9)
    np.testing.assert_allclose(other[list(one.columns)], one, rtol=1e-3, atol=1e-5 * scale)


@FEW
@given(panels(), st.integers(1, 20), st.sampled_from([0.0, 1e6, np.nan]))
def test_nothing_after_the_cutoff_is_used(panel, back, otherwise):
    n = len(panel.dates) - min(back, len(panel.dates) - 57)
    changed = panel.sales.copy()
    changed[n:] = otherwise
    one, other = panel.until(n), replace(panel, sales=changed).until(n)
    assert forecast(one).values.tobytes() == forecast(other).values.tobytes()


@FEW
@given(panels())
def test_closed_days_are_exactly_zero_and_no_day_is_below(panel):
    values = forecast(panel).values
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (values[:, panel.open[len(panel.dates) :] == 0] == 0).all()


@FEW
@given(panels(returns=True))
def test_returns_leave_totals_finite_and_closed_days_zero(panel):
    values = forecast(panel).values
    assert np.isfinite(values).all()
    assert (values[:, panel.open[len(panel.dates) :] == 0] == 0).all()


def some_panel(seed: int = 0) -> Panel:
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2026-01-05", periods=120)
    sales = rng.gamma(4, 30, (120, 3))
    return Panel(("a", "b", "c"), dates, dates[:0], sales, np.ones((120, 3)), {}, "D")


def in_bytes(seed: int) -> bytes:
    """What one forecast says, as bytes; asked in other threads and in another process too."""
    paths = wb.forecast(some_panel(seed), horizon=HORIZON, n_paths=PATHS, seed=seed)
    return paths.blocks.tobytes() + paths.values.tobytes()


def test_same_bytes_one_after_the_other_in_threads_and_in_another_process():
    alone = [in_bytes(seed) for seed in (0, 1)]
    assert alone == [in_bytes(seed) for seed in (0, 1)]
    assert alone[0] != alone[1]
    together: dict[int, bytes] = {}

    def keep(seed: int) -> None:
        together[seed] = in_bytes(seed)

    threads = [threading.Thread(target=keep, args=(seed,)) for seed in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[seed] for seed in (0, 1)] == alone
    words = [sys.executable, "-c", ELSEWHERE.format(folder=str(Path(__file__).parent))]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert told == [hashlib.sha256(each).hexdigest() for each in alone]
