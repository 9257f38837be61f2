"""Sample paths: totals, days and quantiles of the same futures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ForecastError
from workbench.forecast.paths import SamplePaths

DATES = pd.date_range("2026-10-01", periods=17)
BLOCK_OF = np.arange(17) // 7  # two weeks and three days


@pytest.fixture
def shape() -> np.ndarray:
    """Two units; the second is closed on the 4th, and throughout the second week."""
    weight = np.random.default_rng(1).gamma(4.0, 1.0, (17, 2))
    weight[3, 1] = 0.0
    weight[7:14, 1] = 0.0
    sums = np.add.reduceat(weight, [0, 7, 14], axis=0)[BLOCK_OF]
    return np.divide(weight, sums, out=np.zeros_like(weight), where=sums > 0)


@pytest.fixture
def paths(shape) -> SamplePaths:
    blocks = np.random.default_rng(2).gamma(9.0, 100.0, (4000, 3, 2))
    blocks[:, 1, 1] = 0.0
    return SamplePaths(
        dates=DATES,
        units=("mall", "app"),
        blocks=blocks.astype(np.float32),
        block_of=BLOCK_OF,
        shape=shape,
        spread=np.array([6.0, np.inf]),
        seed=5,
    )


def test_given_outright():
    values = np.arange(24.0).reshape(4, 3, 2) ** 1.5
    paths = SamplePaths.from_values(values, DATES[:3], ["mall", "app"])
    np.testing.assert_array_equal(paths.values, values)
    np.testing.assert_allclose(paths.totals(), values.sum(axis=1))
    np.testing.assert_allclose(paths.totals("2026-10-02", "2026-10-02")["app"], values[:, 1, 1])
    assert (paths.n_paths, paths.units) == (4, ("mall", "app"))


def test_what_comes_on_top_is_in_days_totals_and_means(paths):
    extra = np.random.default_rng(4).normal(3.0, 1.0, (4000, 17))
    both = replace(paths, added={"app": extra})
    np.testing.assert_allclose(both.unit_values(1), paths.unit_values(1) + extra)
    np.testing.assert_array_equal(both.unit_values(0), paths.unit_values(0))
    days = ("2026-10-03", "2026-10-13")
    more = both.totals(*days) - paths.totals(*days)
    np.testing.assert_allclose(more["app"], extra[:, 2:13].sum(axis=1))
    np.testing.assert_allclose(both.expected[:, 1] - paths.expected[:, 1], extra.mean(axis=0))
    np.testing.assert_allclose(both.first(7).totals(), both.totals()[:7])


def test_days_add_up_to_totals_over_any_dates(paths):
    values = paths.values
    assert values.shape == (4000, 17, 2)
    np.testing.assert_allclose(paths.totals(), values.sum(axis=1))
    for first, last in [(0, 16), (0, 6), (2, 4), (5, 12), (7, 13), (13, 16), (16, 16)]:
        totals = paths.totals(DATES[first], DATES[last].date())
        np.testing.assert_allclose(totals, values[:, first : last + 1].sum(axis=1), atol=1e-9)


def test_whole_blocks_need_no_days(paths):
    np.testing.assert_allclose(
        paths.totals("2026-10-01", "2026-10-14"), paths.blocks[:, :2].sum(axis=1, dtype=float)
    )


def test_closed_days_sell_nothing_and_no_day_is_negative(paths, shape):
    assert (paths.values[:, shape == 0] == 0).all()
    assert (paths.values[:, shape > 0] >= 0).all()


def test_days_lie_around_their_expected_share(paths, shape):
    shares = paths.unit_values(0) / paths.blocks[:, BLOCK_OF, 0]
    assert np.abs(shares.mean(axis=0) - shape[:, 0]).max() < 0.01
    # a Dirichlet share p of concentration c has variance p (1 − p) / (c + 1); here c is 6 per step
    concentration = 6.0 * np.bincount(BLOCK_OF)[BLOCK_OF]
    expected = shape[:, 0] * (1 - shape[:, 0]) / (concentration + 1)
    np.testing.assert_allclose(shares.var(axis=0), expected, rtol=0.12)


def test_without_noise_days_are_exactly_their_share(paths, shape):
    np.testing.assert_allclose(
        paths.unit_values(1), paths.blocks[:, BLOCK_OF, 1].astype(float) * shape[:, 1]
    )


def test_the_same_days_whenever_they_are_asked_for(paths):
    again = replace(paths)
    np.testing.assert_array_equal(again.unit_values(0), paths.values[:, :, 0])
    assert (replace(paths, seed=6).unit_values(0) != paths.unit_values(0)).any()


def test_daily_noise_of_two_units_is_not_the_same(paths, shape):
    twins = replace(
        paths, blocks=paths.blocks[:, :, [0, 0]], shape=shape[:, [0, 0]], spread=np.full(2, 6.0)
    )
    values = twins.values / twins.blocks[:, BLOCK_OF]
    assert abs(np.corrcoef(values[:, 2, 0], values[:, 2, 1])[0, 1]) < 0.06


def test_quantiles_are_those_of_the_days(paths):
    table = paths.quantiles([0.1, 0.5, 0.9])
    assert list(table.columns) == ["unit", "date", "level", "sales"]
    assert len(table) == 2 * 17 * 3
    cell = table[(table["unit"] == "mall") & (table["date"] == DATES[9])].set_index("level")
    expected = np.quantile(paths.values[:, 9, 0], [0.1, 0.5, 0.9])
    np.testing.assert_allclose(cell["sales"].loc[[0.1, 0.5, 0.9]], expected)
    closed = table[(table["unit"] == "app") & (table["date"] == DATES[3])]
    assert (closed["sales"] == 0).all()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30", "2026-10-05"),
        ("2026-10-05", "2026-10-18"),
        ("2026-10-09", "2026-10-08"),
        ("2027-01-01", None),
    ],
)
def test_dates_beyond_the_paths(paths, start, end):
    with pytest.raises(ForecastError, match="lie outside the forecast") as caught:
        paths.totals(start, end)
    assert f"asked for {start} to {end or '2026-10-17'}" in str(caught.value)
    assert "the paths run from 2026-10-01 to 2026-10-17" in str(caught.value)
    assert "超出预测范围" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("dates", "too_early", "too_late"),
    [
        (pd.date_range("2026-10-04", periods=13, freq="W-SUN"), "2026-09-27", "2027-01-03"),
        (pd.date_range("2026-10-01", periods=3, freq="MS"), "2026-09-30", "2027-01-01"),
        (pd.date_range("2026-10-31", periods=3, freq="ME"), "2026-09-30", "2027-01-01"),
    ],
)
def test_a_quarter_of_weeks_or_months(dates, too_early, too_late):
    paths = SamplePaths.from_values(np.ones((2, len(dates), 1)), dates, ["mall"])
    quarter = paths.totals("2026-10-01", "2026-12-31")
    assert quarter["mall"].tolist() == [len(dates)] * 2
    for start, end in ((too_early, None), (None, too_late)):
        with pytest.raises(ForecastError, match="lie outside"):
            paths.totals(start, end)


@pytest.mark.parametrize("shape", [(5, 2), (5, 3, 1), (5, 2, 2), (0, 2, 1)])
def test_values_of_another_shape_are_no_paths(shape):
    dates = pd.date_range("2026-10-01", periods=2)
    with pytest.raises(ForecastError, match="not paths of these dates and units") as caught:
        SamplePaths.from_values(np.ones(shape), dates, ["shop"])
    assert f"an array of shape {shape}; 2 dates and 1 units" in str(caught.value)
    assert "不能作为模拟路径" in caught.value.text("zh")
