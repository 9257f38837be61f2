"""The benchmarks' own arithmetic: the year rule, peers that fail, the tables of figures."""

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """A module of benchmarks/, imported as its commands import it."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.fixture
def two_shops() -> pd.DataFrame:
    """Two years of days; the second year of shop A is a quarter up, shop B sells 10 a day."""
    days = pd.date_range("2024-01-01", periods=728)
    sold = {"A": np.repeat([80.0, 100.0], 364), "B": np.full(728, 10.0)}
    return pd.DataFrame(sold, index=days).rename_axis(index="date", columns="unit")


def dataset(bench, wide, **changed):
    frame = wide.reset_index().melt("date", value_name="sales")
    given = {"horizon": 28, "windows": 2, "calendar": None, "steps_per_year": 364} | changed
    return bench("datasets").Dataset("made up", frame, **given)


def test_the_year_rule_is_last_year_times_recent_growth(bench, two_shops):
    rivals = bench("rivals")
    said = rivals._rule(two_shops.to_numpy(), 728, dataset(bench, two_shops))
    assert said == pytest.approx([100 * 28 * 1.25, 280])


def test_windows_end_with_the_last_date_and_do_not_overlap(bench, two_shops):
    cutoffs = dataset(bench, two_shops).cutoffs()
    assert cutoffs == [two_shops.index[-57], two_shops.index[-29]]


def test_actual_and_last_year_are_totals_of_the_period(bench, two_shops):
    data = dataset(bench, two_shops)
    holed = two_shops.copy()
    holed.iloc[-20:, 1] = np.nan
    actual, before = bench("ours").sold(data, holed, data.cutoffs()[-1])
    assert actual["A"] == 2800
    assert before["A"] == 2240
    assert np.isnan(actual["B"])


def job(bench, sales, **changed):
    ahead = pd.DataFrame(index=pd.date_range("2026-01-01", periods=3))
    given = {"known": pd.DataFrame(index=sales.index), "ahead": ahead, "steps_per_year": 364}
    rest = {"calendar": None, "n_paths": 4, "seed": 0}
    return bench("rival_models").Job(unit="A", sales=sales, **(given | rest | changed))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda job: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda job: np.full(4, np.nan), "totals that are no numbers"),
        (lambda job: np.zeros(3), "totals that are no numbers"),
    ],
)
def test_a_peer_that_fails_says_why(bench, draw, said):
    sales = pd.Series([1.0, 2.0], index=pd.date_range("2025-12-30", periods=2))
    assert bench("rivals")._Guarded(draw)(job(bench, sales)) == ("A", said)


def test_totals_below_zero_need_returns_in_the_past(bench):
    days = pd.date_range("2025-12-30", periods=2)
    drawn = bench("rivals")._Guarded(lambda job: np.array([-1.0, 0.0, 1.0, 2.0]))
    _, without = drawn(job(bench, pd.Series([1.0, 2.0], index=days)))
    _, returned = drawn(job(bench, pd.Series([1.0, -2.0], index=days)))
    assert without.tolist() == [0, 0, 1, 2]
    assert returned.tolist() == [-1, 0, 1, 2]


def test_a_gap_is_interpolated_and_closed_days_are_known(bench):
    days = pd.date_range("2025-12-29", periods=4)
    ahead = pd.DataFrame({"open": [1.0, 0.0, 1.0]}, index=pd.date_range("2026-01-02", periods=3))
    told = job(bench, pd.Series([np.nan, 2.0, np.nan, 6.0], index=days), ahead=ahead)
    assert told.regular.tolist() == [2, 4, 6]
    assert told.open.tolist() == [1, 0, 1]


def test_a_period_that_ends_within_a_block_takes_its_share(bench, monkeypatch):
    models = bench("rival_models")
    monkeypatch.setattr(models, "_ets_paths", lambda v, s, n, j: np.tile(v[-1], (4, n)))
    days = pd.date_range("2025-06-01", periods=60)
    ahead = pd.DataFrame(index=pd.date_range("2025-07-31", periods=91))
    told = job(bench, pd.Series(10.0, index=days), ahead=ahead)
    assert models.autoets_blocks(told) == pytest.approx(910.0)


def test_the_made_up_panel_is_always_the_same(bench):
    speed = bench("speed")
    (past, plans), (again, _) = speed.made_up(3, 5), speed.made_up(3, 5)
    assert past.equals(again)
    assert past["unit"].nunique() == 3
    assert len(plans) == 3 * speed.HORIZON
    assert (past.loc[past["open"] == 0, "sales"] == 0).all()
    assert (past.loc[past["open"] == 1, "sales"] > 0).all()


def scored(crps: float, inside: float) -> dict:
    part = {"crps_pct_mean": crps, "crps_pct_of_sum": crps, "brier": None, "ece": 0.02}
    part |= {"coverage_50": 0.5, "coverage_80": inside, "coverage_95": 0.95, "cases": 40}
    return {"seconds_per_window": 1.0, "units": part, "sum_of_units": part}


def test_the_best_peer_of_each_set_is_what_we_are_measured_by(bench):
    methods = {"workbench": scored(2.0, 0.8), "flair": scored(4.0, 0.5), "prophet": scored(3.0, 1)}
    part = {"horizon": 28, "windows": 2, "methods": methods | {"autoets": {"skipped": "no"}}}
    summary = bench("totals")._summary({"shop": part})["crps_pct_mean"]
    assert summary["by_set"] == {"shop": {"best_peer": "prophet", "ratio": 0.667}}
    report = bench("report")
    row = report.headline({"totals": {"shop": part, "summary": {}}})[-1]
    assert row == "| shop | 40 | 2.00 | 3.00 (Prophet, paths summed) | 80.0 | 100.0 |"
    text = "\n".join(report.whole({"totals": {"shop": part}, "speed": {"skipped": "why"}}))
    assert "| shop, 28 ahead × 2 | AutoETS, paths summed | – |" in text
    assert "Skipped: why." in text
    assert "### `benchmarks/pacing.py`\n\nNot measured." in text


def test_one_window_misses_by_half_even_when_every_probability_is_right(bench):
    """Half of the draws reach every target: the truth does or does not, and 0.5 was said."""
    draws = np.repeat([50.0, 200.0], 10)[:, None]
    part = (draws, np.array([200.0]), np.array([100.0]))
    np.testing.assert_allclose(bench("scoring").ece_by_chance([part]), 0.5)


def test_many_windows_bring_hardly_an_error_by_chance(bench):
    draws = np.repeat([50.0, 200.0], 10)[:, None]
    part = (draws, np.array([200.0]), np.array([100.0]))
    by_chance = bench("scoring").ece_by_chance([part] * 400)
    assert by_chance.max() < 0.1
    # Mean distance of a share of 400 coins from a half: √(2 ÷ π) · 0.5 ÷ 20.
    assert by_chance.mean() == pytest.approx(0.0199, abs=0.004)


def test_units_of_a_window_share_its_luck(bench):
    """Forty units that rise and fall together are no more than one."""
    draws = np.repeat([50.0, 200.0], 10)[:, None] * np.ones(40)
    part = (draws, np.full(40, 200.0), np.full(40, 100.0))
    np.testing.assert_allclose(bench("scoring").ece_by_chance([part]), 0.5)


def test_nothing_promised_has_no_error_by_chance(bench):
    part = (np.ones((3, 1)), np.ones(1), np.array([np.nan]))
    assert bench("scoring").ece_by_chance([part]).size == 0
