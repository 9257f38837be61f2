"""Past periods forecast again: what is cut, what is compared, what is refused."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.errors import DataError, ForecastError, ParameterError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import future_dates
from workbench.target import backtest_replay
from workbench.target.backtest import MODELS, backtest

UNITS = ("a", "b", "c", "d")
CHEAP = ("workbench", "year_rule")
KEYS = pd.DataFrame({"team": ["x", "x", "y", "y"]}, index=UNITS)


def frame_of(sales, start="2023-01-01"):
    days = pd.date_range(start, periods=len(sales))
    parts = [
        pd.DataFrame({"unit": unit, "date": days, "sales": sales[:, at]})
        for at, unit in enumerate(UNITS)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def sales():
    """1,300 days, each unit's level moving by chance, in steps known to the forecast below."""
    rng = np.random.default_rng(8)
    return np.array([400.0, 200, 100, 50]) * rng.gamma(20, 1 / 20, (1300, 4))


@pytest.fixture
def panel(sales):
    return build_panel(frame_of(sales), calendar=None)


@pytest.fixture
def asked(monkeypatch):
    """The forecast replaced by one that knows the law, and what it was asked for."""
    calls = []

    def known_law(panel, *, horizon, n_paths, seed):
        calls.append((panel, horizon))
        rng = np.random.default_rng([seed, len(panel.dates)])
        means = {"a": 400.0, "b": 200.0, "c": 100.0, "d": 50.0}
        mean = np.array([means[unit] for unit in panel.units])
        draws = mean * rng.gamma(20, 1 / 20, (n_paths, horizon, len(mean)))
        return SamplePaths.from_values(draws, future_dates(panel, horizon), panel.units)

    monkeypatch.setattr(backtest_replay, "forecast", known_law)
    return calls


def test_every_model_is_scored_on_exactly_the_same_moments(panel, asked, monkeypatch):
    def prophet(panel, *, steps, n_paths, seed):
        assert panel.units == ("sum",)
        return np.full(n_paths, 700.0 * steps)

    monkeypatch.setattr(backtest_replay, "prophet_totals", prophet)
    result = backtest(panel, origins=3, n_paths=100, levels=KEYS)
    cases = result.cases
    seen = {
        model: set(rows[["as_of", "elapsed", "level", "unit"]].itertuples(index=False, name=None))
        for model, rows in cases.groupby("model")
    }
    assert seen["workbench"] == seen["year_rule"] == seen["prophet"]
    assert len(seen["workbench"]) == 3 * 2 * (1 + 2 + 4)
    per_case = cases.groupby(["period", "elapsed", "level", "unit"])
    for same in ("actual", "last_year"):
        assert (per_case[same].max() == per_case[same].min()).all()
    assert len(result.scores) == 3 * 2 * 7
    assert (result.scores["n_origins"] == 3).all()


def test_the_forecast_is_given_what_was_known_and_nothing_more(panel, asked):
    backtest(panel, origins=2, elapsed=(0.0, 0.5), n_paths=100, models=CHEAP)
    ends = [f"{known.as_of:%Y-%m-%d}" for known, _ in asked]
    assert ends == ["2025-12-31", "2026-02-14", "2026-03-31", "2026-05-15"]
    assert [horizon for _, horizon in asked] == [90, 45, 91, 46]
    assert all(len(known.sales) == len(known.dates) for known, _ in asked)


def test_what_is_sold_after_a_cutoff_changes_no_forecast_made_there(sales, panel, asked):
    changed = sales.copy()
    later = pd.date_range("2023-01-01", periods=1300) > "2026-03-31"
    changed[later] *= 3
    options = {"origins": 3, "n_paths": 100, "models": CHEAP, "elapsed": (0.0,)}
    one = backtest(panel, **options).cases
    other = backtest(build_panel(frame_of(changed), calendar=None), **options).cases
    said = [name for name in one if name.startswith(("q", "chance"))]
    pd.testing.assert_frame_equal(one[said], other[said])
    last = one["period"] == "2026Q2"
    assert (other["actual"][last] > 2.9 * one["actual"][last]).all()
    pd.testing.assert_series_equal(other["actual"][~last], one["actual"][~last])


def test_totals_are_actual_to_date_plus_the_rest_and_groups_are_sums(panel, sales, asked):
    cases = backtest(panel, origins=1, n_paths=200, models=CHEAP, levels=KEYS).cases
    days = pd.date_range("2023-01-01", periods=1300)
    inside = (days >= "2026-04-01") & (days <= "2026-06-30")
    total = cases[cases["unit"] == ""]
    assert total["actual"].to_numpy() == pytest.approx(sales[inside].sum())
    teams = cases[(cases["level"] == "team") & (cases["model"] == "workbench")]
    x = sales[inside][:, :2].sum()
    assert teams.set_index(["unit", "elapsed"]).loc[("x", 0.0), "actual"] == pytest.approx(x)
    half = total[total["elapsed"] == 0.5]
    sold = sales[inside & (days <= "2026-05-15")].sum()
    assert half["to_date"].to_numpy() == pytest.approx(sold)
    assert (half["q2.5"] > half["to_date"]).all()
    before = (days >= "2025-04-01") & (days <= "2025-06-30")
    assert total["last_year"].to_numpy() == pytest.approx(sales[before].sum())


def test_a_forecast_that_knows_the_law_is_found_calibrated(panel, asked):
    result = backtest(panel, period="week", origins=50, elapsed=(0.0,), n_paths=300, models=CHEAP)
    summary = result.summary().set_index(["model", "level"])
    assert summary.loc[("workbench", "unit"), "coverage_80"] == pytest.approx(0.8, abs=0.08)
    assert summary.loc[("workbench", "unit"), "pit_distance"] < 1.63 / np.sqrt(200)
    assert (
        summary.loc[("workbench", "total"), "crps_pct"]
        < summary.loc[("year_rule", "total"), "crps_pct"]
    )


def test_same_seed_same_table_and_units_in_another_order(panel, asked):
    options = {"origins": 2, "n_paths": 100, "models": ("year_rule",)}
    one, again = (backtest(panel, **options) for _ in range(2))
    pd.testing.assert_frame_equal(one.cases, again.cases, check_exact=True)
    moved = backtest(panel.only(["c", "a", "d", "b"]), **options)
    keys = ["level", "unit", "elapsed"]
    left, right = (
        each.scores.set_index(keys)[["crps", "brier", "mape"]].sort_index() for each in (one, moved)
    )
    pd.testing.assert_frame_equal(left, right, rtol=1e-9)
    other = backtest(panel, **options, seed=1)
    assert not one.cases["crps"].equals(other.cases["crps"])


def test_units_with_holes_are_filled_or_left_out_and_counted(sales, asked):
    holes = sales.copy()
    days = pd.date_range("2023-01-01", periods=1300)
    holes[(days >= "2026-05-20") & (days <= "2026-05-24"), 1] = np.nan
    holes[(days >= "2026-04-20") & (days <= "2026-05-10"), 2] = np.nan
    panel = build_panel(frame_of(holes), calendar=None)
    result = backtest(panel, origins=2, n_paths=100, models=CHEAP)
    last = result.cases[(result.cases["period"] == "2026Q2") & (result.cases["elapsed"] == 0)]
    assert set(last["unit"]) == {"", "a", "b", "d"}
    ours = last[last["model"] == "workbench"].set_index("unit")["actual"]
    assert ours[""] == pytest.approx(ours["a"] + ours["b"] + ours["d"])
    inside = (days >= "2026-04-01") & (days <= "2026-06-30")
    assert ours["b"] == pytest.approx(np.nanmean(holes[inside, 1]) * 91)
    codes = {notice.code: notice for notice in result.notices}
    assert "2026Q2: 1" in codes["backtest.filled"].part("found")
    assert "2026Q2: 1" in codes["backtest.left_out"].part("found", "zh")


def test_units_that_came_later_are_not_in_the_periods_before(sales, asked):
    late = sales.copy()
    late[:1200, 3] = np.nan
    panel = build_panel(frame_of(late).dropna(), calendar=None)
    cases = backtest(panel, origins=3, n_paths=100, models=CHEAP).cases
    assert "d" not in set(cases["unit"])
    assert all(set(known.units) == {"a", "b", "c"} for known, _ in asked)


def test_prophet_is_asked_for_the_largest_units_and_that_is_said(panel, asked):
    result = backtest(panel, origins=1, elapsed=(0.0,), n_paths=50, prophet_units=2, period="month")
    prophet = result.cases[result.cases["model"] == "prophet"]
    assert prophet["unit"].tolist() == ["", "a", "b"]
    (said,) = [each for each in result.notices if each.code == "backtest.prophet_units"]
    assert "3 of 5" in said.part("found")
    assert result.summary()["n_cases"].tolist() == [1, 1, 1, 2, 2, 2]


def test_several_horizons_at_once(panel, asked):
    result = backtest(panel, period=("month", 28), origins=2, n_paths=50, models=("year_rule",))
    assert result.scores["horizon"].unique().tolist() == ["month", "28"]


def test_shares_on_the_same_row_are_said(asked):
    days = pd.date_range("2021-01-31", periods=60, freq="ME")
    rows = pd.DataFrame({"unit": "a", "date": days, "sales": np.arange(60) + 5.0})
    panel = build_panel(rows, calendar=None)
    result = backtest(panel, elapsed=(0.0, 0.1, 0.5), origins=3, models=("year_rule",), n_paths=50)
    assert sorted(result.cases["elapsed"].unique()) == [0.0, 0.5]
    (said,) = [each for each in result.notices if each.code == "backtest.same_rows"]
    assert "0.1" in said.part("found")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"origins": 0}, "origins = 0"),
        ({"elapsed": (0.0, 1.0)}, "elapsed = (0.0, 1.0)"),
        ({"elapsed": ()}, "elapsed = ()"),
        ({"models": ("arima",)}, "models = ('arima',)"),
        ({"targets": (0.0,)}, "targets = (0.0,)"),
        ({"n_paths": 3}, "n_paths = 3"),
        ({"period": ()}, "period = []"),
    ],
)
def test_options_out_of_range_are_refused(panel, options, found):
    with pytest.raises(ParameterError, match="An option of the backtest") as caught:
        backtest(panel, **options)
    assert found in str(caught.value)
    assert "回测的选项" in caught.value.problems[0].text("zh")


def test_a_unit_without_a_place_among_the_levels_is_refused(panel):
    with pytest.raises(DataError, match="Units lack a value of a level"):
        backtest(panel, levels=KEYS[:3])


def test_too_short_a_history_is_refused(sales):
    panel = build_panel(frame_of(sales[:100]), calendar=None)
    with pytest.raises(ForecastError, match="too short for a backtest"):
        backtest(panel)


def test_no_period_fully_known_is_refused(sales, asked):
    holes = sales.copy()
    holes[::3] = np.nan
    with pytest.raises(ForecastError, match="In no past period"):
        backtest(build_panel(frame_of(holes), calendar=None), origins=2, n_paths=50)


def test_progress_is_told_to_the_end(panel, asked):
    heard = []
    backtest(
        panel,
        origins=2,
        n_paths=50,
        models=("year_rule",),
        progress=lambda stage, done, total: heard.append((stage, done, total)),
    )
    assert heard == [("backtest", done, 4) for done in range(5)]


def test_the_real_engine_end_to_end_on_a_short_history(sales):
    """Too short for Prophet and trees inside the engine, so that it takes no time."""
    panel = wb.build_panel(frame_of(sales[:150]), calendar=None)
    result = wb.backtest(panel, period=14, origins=2, n_paths=100, models=CHEAP)
    assert isinstance(result, wb.Backtest)
    assert set(result.scores["model"]) == set(CHEAP) < set(MODELS)
    assert np.isfinite(result.scores[["crps_pct", "pinball", "mape", "pit_mean"]]).all(axis=None)
