"""Prophet as its users run it."""

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.raw_prophet import prophet_totals
from workbench.panel.build import build_panel

N = 200


@pytest.fixture(scope="module")
def rows():
    days = pd.date_range("2026-01-05", periods=N + 28)
    rng = np.random.default_rng(0)
    promo = (rng.random(len(days)) < 0.3).astype(float)
    opened = (days.day_of_week != 6).astype(float)
    sales = 100 * (1 + 0.5 * promo) * opened * rng.gamma(100, 0.01, len(days))
    return pd.DataFrame({"unit": "a", "date": days, "sales": sales, "promo": promo, "open": opened})


def test_open_days_and_promotions_ahead_are_known(rows):
    panel = build_panel(rows, calendar="CN").until(N)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    drawn = prophet_totals(panel, steps=28, n_paths=200, seed=3)
    assert np.median(drawn) == pytest.approx(rows["sales"][N:].sum(), rel=0.04)
    again = prophet_totals(panel, steps=28, n_paths=200, seed=3)
    assert drawn.tobytes() == again.tobytes()
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_what_cannot_be_fitted_sells_nothing(rows):
    panel = build_panel(rows.assign(sales=0.0), calendar=None).until(N)
    assert (prophet_totals(panel, steps=7, n_paths=50, seed=0) == 0).all()
    few = build_panel(rows, calendar=None).until(6)
    assert (prophet_totals(few, steps=7, n_paths=50, seed=0) == 0).all()
