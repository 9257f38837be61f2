"""Past outlooks beside what happened: scores, and how often each probability held."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel
from workbench.score.crps import crps_sample
from workbench.target.outlook import Outlook
from workbench.target.record import score_outlooks
from workbench.target.record_scores import scores
from workbench.target.stated import QUANTILES, stated

QUARTERS = pd.period_range("2024Q1", "2026Q2", freq="Q")


def outlooks(panel, spread=0.1, *, shift=1.0, seed=0) -> pd.DataFrame:
    """For each quarter what a lognormal forecast around a noisy centre says of each unit."""
    rng = np.random.default_rng(seed)
    frame = panel.frame()
    tables = []
    for quarter in QUARTERS:
        inside = frame[(frame.index >= quarter.start_time) & (frame.index <= quarter.end_time)]
        centre = inside.sum().to_numpy() * np.exp(rng.normal(0, 0.1, 2)) * shift
        totals = pd.DataFrame(centre * rng.lognormal(0, spread, (300, 2)), columns=frame.columns)
        eve = quarter.start_time - pd.Timedelta(days=1)
        seen = Outlook.from_totals(totals, period=str(quarter), as_of=eve)
        targets = pd.Series({"": float(centre.sum()), "a": 1.0})
        tables.append(stated(seen, targets=targets))
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def panel():
    days = pd.date_range("2024-01-01", "2026-06-30")
    rng = np.random.default_rng(5)
    rows = [
        pd.DataFrame({"unit": unit, "date": days, "sales": rng.lognormal(3, 0.2, len(days))})
        for unit in "ab"
    ]
    return build_panel(pd.concat(rows), calendar=None)


@pytest.fixture(scope="module")
def table(panel):
    return outlooks(panel)


@pytest.fixture(scope="module")
def record(panel, table):
    return score_outlooks(table, panel)


def test_outcomes_are_the_sales_of_the_period_and_all_units_their_sum(record, panel):
    first = record.cases[record.cases["period"] == "2024Q1"].set_index("unit")["outcome"]
    sold = panel.frame().loc["2024-01-01":"2024-03-31"].sum()
    assert first["a"] == pytest.approx(sold["a"])
    assert first[""] == pytest.approx(sold.sum())
    assert record.periods == 10
    assert len(record.cases) == 30
    assert record.notices == ()


def test_scores_are_those_of_the_draws(record):
    one = record.cases.iloc[4]
    expected = crps_sample(one["outcome"], record.quantiles[4])
    assert one["crps"] == pytest.approx(float(expected))
    below = (record.quantiles[4] < one["outcome"]).sum()
    assert one["pit"] == pytest.approx((below + 0.5) / 100)


def test_counts_by_hand(record):
    y = record.cases["outcome"].to_numpy()
    assert record.reached(0.8).happened == (y >= record.quantiles[:, 19]).sum()
    inside = (y >= record.quantiles[:, 9]) & (y <= record.quantiles[:, 89])
    assert record.inside(0.8).happened == inside.sum()
    levels = record.levels([0.8, 0.5])
    assert levels["cases"].tolist() == [30, 30]
    assert levels["groups"].tolist() == [10, 10]
    assert set(record.ranges()["verdict"]) == {"holds"}


def test_events_hold_the_targets_that_were_set(record):
    asked = record.events[record.events["event"] == "target"]
    assert len(asked) == 20
    own = record.cases.loc[asked["case"].to_numpy(), "probability"].to_numpy()
    assert asked["probability"].to_numpy() == pytest.approx(own)
    assert asked.loc[asked["amount"] == 1.0, "reached"].all()
    parts = record.brier()
    squares = (record.events["probability"] - record.events["reached"]) ** 2
    assert parts.score == pytest.approx(squares.mean())


def test_last_years_total_and_its_raises_are_events(panel, table):
    told = table.assign(last_year=100.0)
    events = score_outlooks(told, panel).events
    amounts = events[events["event"] == "last_year_plus_10"]["amount"].unique()
    assert amounts == pytest.approx([110.0])


def test_an_outlook_counts_once_and_the_first_made_counts(panel, table, record):
    said = pd.DataFrame(1.0, index=table.index, columns=list(QUANTILES))
    later = pd.concat([table.drop(columns=list(QUANTILES)), said], axis=1)
    twice = score_outlooks(pd.concat([table, later], ignore_index=True), panel)
    pd.testing.assert_frame_equal(twice.cases, record.cases)


def test_periods_that_run_wait_and_units_unknown_are_told(panel, table):
    running = table.iloc[-3:].assign(
        period="2026Q3", start=pd.Timestamp("2026-07-01"), end=pd.Timestamp("2026-09-30")
    )
    early = table.iloc[:3].assign(
        period="2023Q4", start=pd.Timestamp("2023-10-01"), end=pd.Timestamp("2023-12-31")
    )
    strange = table.iloc[3:6].replace({"unit": {"a": "x", "b": "y"}})
    found = score_outlooks(pd.concat([running, early, strange], ignore_index=True), panel)
    assert found.waiting == 3
    assert len(found.cases) == 0
    assert {p.code: p.facts["count"] for p in found.notices} == {
        "record.unknown_units": 2,
        "record.not_observed": 2,
    }


def test_scores_beside_the_rule_use_the_cases_that_have_one(panel, table):
    rule = np.where(table["unit"] == "a", table["q50"] * 1.5, np.nan)
    found = score_outlooks(table.assign(rule=rule), panel)
    whole = scores(found).iloc[0]
    mine = found.cases[found.cases["unit"] == "a"]
    error = (mine["rule"] - mine["outcome"]).abs().sum()
    assert whole["rule"] == pytest.approx(error / mine["outcome"].sum())
    assert whole["better"] == pytest.approx(1 - mine["crps"].sum() / error)
    by_unit = scores(found, by=["unit"]).set_index("unit")
    assert by_unit["cases"].to_dict() == {"": 10, "a": 10, "b": 10}
    assert np.isnan(by_unit.loc["b", "rule"])


def test_some_of_the_cases_keep_their_events(record):
    part = record.where(record.cases["unit"] == "a")
    assert set(part.cases["unit"]) == {"a"}
    assert len(part.quantiles) == len(part.cases) == 10
    assert part.events["amount"].tolist() == [1.0] * 10
    assert part.cases.loc[part.events["case"].to_numpy(), "target"].tolist() == [1.0] * 10


def test_an_overconfident_forecast_is_called_so(panel):
    found = score_outlooks(outlooks(panel, 0.01), panel)
    assert found.inside(0.8).verdict == "too seldom"
    too_high = score_outlooks(outlooks(panel, 0.1, shift=1.3), panel)
    assert too_high.reached(0.5).verdict == "too seldom"
    assert scores(too_high)["bias"].iloc[0] < -0.1


def test_nothing_to_score(panel, table):
    empty = score_outlooks(table.iloc[:0], panel)
    assert (len(empty.cases), len(empty.events), empty.periods) == (0, 0, 0)
    assert scores(empty)["cases"].tolist() == [0]
    assert empty.levels()["verdict"].unique().tolist() == ["too few"]
