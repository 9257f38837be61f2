"""Cases of a backtest and their scores, by hand and beside the room ``score``."""

import numpy as np
import pandas as pd
import pytest
import scoringrules

from workbench.score.pit import pit_distance
from workbench.score.probability import brier
from workbench.score.quantile import wql
from workbench.target.backtest import Backtest
from workbench.target.backtest_cases import DECILES, case_rows, quantile_column
from workbench.target.backtest_scores import ROW, score_rows

TARGETS = (0.97, 1.0, 1.1)


def cases_of(draws, actual, last_year, *, model="workbench", units=None, period="2026Q1", seed=0):
    rows = case_rows(
        np.asarray(draws, float),
        np.asarray(actual, float),
        np.asarray(last_year, float),
        targets=TARGETS,
        rng=np.random.default_rng(seed),
    )
    keys = {
        "model": model,
        "level": "unit",
        "unit": units or [f"u{at}" for at in range(len(rows))],
        "horizon": "quarter",
        "period": period,
        "elapsed": 0.0,
        "steps": 90,
    }
    return pd.concat([pd.DataFrame(keys, index=rows.index), rows], axis=1)


@pytest.fixture(scope="module")
def many():
    """40 periods of two units, calibrated; and the same called by a model that is half as wide."""
    rng = np.random.default_rng(3)
    tables = []
    for at in range(40):
        centre = np.exp(rng.normal(7, 0.3, 2))
        draws = centre * np.exp(rng.normal(0, 0.2, (400, 2)))
        actual = centre * np.exp(rng.normal(0, 0.2, 2))
        before = [centre[0] * 0.95, np.nan]
        narrow = np.median(draws, axis=0) * (draws / np.median(draws, axis=0)) ** 0.5
        tables += [
            cases_of(draws, actual, before, period=f"p{at}"),
            cases_of(narrow, actual, before, period=f"p{at}", model="prophet"),
        ]
    return pd.concat(tables, ignore_index=True)


def test_one_case_by_hand():
    cases = cases_of([[90.0], [100.0], [130.0]], [110.0], [100.0])
    row = score_rows(cases, TARGETS, ROW).iloc[0]
    crps = scoringrules.crps_ensemble(110.0, np.array([90.0, 100.0, 130.0]), estimator="nrg")
    assert row["crps"] == pytest.approx(float(crps))
    assert row["crps_pct"] == pytest.approx(100 * float(crps) / 110)
    assert row["mape"] == pytest.approx(100 * 10 / 110)
    assert row["bias"] == pytest.approx(-100 * 10 / 110)
    # Chances by the outlook's rule: 97 lies 0.7 of the way from the first path to the second, and
    # 110 a third from the second to the third: 4 − 1.7, 4 − 2, 4 − 2⅓, each of 4. All reached.
    stated = np.array([2.3 / 4, 2.0 / 4, (4 - 7 / 3) / 4])
    assert cases[["chance_0.97", "chance_1", "chance_1.1"]].to_numpy()[0] == pytest.approx(stated)
    assert row["brier"] == pytest.approx(np.mean((stated - 1) ** 2))
    assert row[["coverage_50", "coverage_80", "coverage_95"]].tolist() == [1.0, 1.0, 1.0]
    assert row["n_origins"] == 1


def test_a_miss_is_counted_as_one():
    row = score_rows(cases_of([[90.0], [100.0], [130.0]], [131.0], [0.0]), TARGETS, ROW).iloc[0]
    assert row[["coverage_50", "coverage_80", "coverage_95"]].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(row["brier"])


def test_groups_agree_with_the_scores_on_arrays(many):
    table = score_rows(many, TARGETS, ROW).set_index(["model", "unit"])
    for (model, unit), rows in many.groupby(["model", "unit"]):
        row = table.loc[(model, unit)]
        quantiles = rows[[quantile_column(level) for level in DECILES]].to_numpy().T
        assert row["wql"] == pytest.approx(wql(rows["actual"], quantiles, DECILES))
        assert row["pit_distance"] == pytest.approx(pit_distance(rows["pit"]))
        assert row["pit_mean"] == pytest.approx(rows["pit"].mean())
        assert row["n_origins"] == 40
        expected = np.nan
        if unit == "u0":
            stated = rows[[f"chance_{m:g}" for m in TARGETS]].to_numpy()
            reached = rows["actual"].to_numpy()[:, None] >= np.outer(rows["last_year"], TARGETS)
            expected = brier(stated, reached)
        assert row["brier"] == pytest.approx(expected, nan_ok=True)


def test_too_narrow_is_told_from_right(many):
    summary = Backtest(many, TARGETS).summary().set_index("model")
    assert summary.loc["workbench", "coverage_80"] == pytest.approx(0.8, abs=0.12)
    assert summary.loc["prophet", "coverage_80"] < 0.65
    assert summary.loc["workbench", "crps_pct"] < summary.loc["prophet", "crps_pct"]
    assert summary.loc["workbench", "pit_distance"] < 1.36 / np.sqrt(80)
    assert summary.loc["prophet", "pit_distance"] > summary.loc["workbench", "pit_distance"]


def test_the_standard_error_of_coverage_takes_periods_as_cases(many):
    ours = many[many["model"] == "workbench"]
    inside = (ours["actual"] >= ours["q10"]) & (ours["actual"] <= ours["q90"])
    shares = inside.groupby(ours["period"]).mean()
    summary = Backtest(many, TARGETS).summary().set_index("model")
    assert summary.loc["workbench", "coverage_80_se"] == pytest.approx(shares.std() / 40**0.5)


def test_models_are_compared_on_what_all_were_asked_for(many):
    fewer = many[(many["model"] == "workbench") | (many["unit"] == "u0")]
    shared = Backtest(fewer, TARGETS).summary().set_index("model")["n_cases"]
    assert shared.to_dict() == {"workbench": 40, "prophet": 40}
    every = Backtest(fewer, TARGETS).summary(shared=False).set_index("model")["n_cases"]
    assert every.to_dict() == {"workbench": 80, "prophet": 40}


def test_reliability_counts_every_promise_once(many):
    table = Backtest(many, TARGETS).reliability("workbench", bins=5)
    assert table["count"].sum() == 40 * len(TARGETS)
    apart = (table["probability"] - table["reached"]).abs()
    assert (apart * table["count"]).sum() / table["count"].sum() < 0.12
    assert len(Backtest(many, TARGETS).ranks("prophet", level="unit")) == 80
    assert len(Backtest(many, TARGETS).ranks("prophet", level="team")) == 0
