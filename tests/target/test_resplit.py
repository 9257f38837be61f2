import numpy as np
import pandas as pd
import pytest

from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel, future_dates
from workbench.target import replays
from workbench.target.resplit import resplit
from workbench.target.tracking import track

DAYS = pd.date_range("2026-01-01", "2026-08-20")


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    """100 a day, 200 at weekends; weeks go up and down on their own."""

    def forecast(panel: Panel, *, horizon: int, n_paths: int, seed: int) -> SamplePaths:
        dates = future_dates(panel, horizon)
        rng = np.random.default_rng(seed)
        week = pd.factorize(dates.to_period("W-SUN"))[0]
        level = rng.gamma(40, 1 / 40, (n_paths, week.max() + 1, len(panel.units)))
        shape = np.where(dates.day_of_week >= 5, 200.0, 100.0)[None, :, None]
        return SamplePaths.from_values(level[:, week] * shape, dates, panel.units)

    monkeypatch.setattr(replays, "forecast", forecast)


def tracked(target, *, sold: float = 100.0, days=DAYS):
    rows = [
        pd.DataFrame({"unit": u, "date": days, "sales": sold * k}) for u, k in (("a", 1), ("b", 2))
    ]
    panel = build_panel(pd.concat(rows), calendar=None)
    return track(panel, target, period="2026Q3", n_paths=300, course="none")


def test_what_remains_is_split_anew_with_the_same_chance():
    seen = tracked({"a": 12000.0, "b": 16000.0})
    rest = resplit(seen)
    assert rest.units["remaining"].to_dict() == {"a": 12000 - 5100, "b": 16000 - 10200}
    assert rest.units["new"].sum() == pytest.approx(28000 - 15300, abs=1e-9)
    chances = rest.units["new_probability"]
    assert chances["a"] == pytest.approx(chances["b"], abs=0.01)
    assert rest.units["change"].sum() == pytest.approx(0.0, abs=1e-6)


def test_units_may_keep_their_targets():
    rest = resplit(tracked({"a": 12000.0, "b": 16000.0}), how="keep")
    assert rest.kept
    assert rest.units["new"].to_dict() == {"a": 6900.0, "b": 5800.0}


@pytest.mark.parametrize("how", ["anew", "keep"])
@pytest.mark.parametrize("step", [0.01, 1.0, 100.0])
def test_weeks_and_days_add_up(how, step):
    rest = resplit(tracked(28123.45), how=how, unit=step)
    weeks = rest.weeks.groupby("unit")["target"].sum()
    days = rest.days.groupby("unit")["target"].sum()
    assert weeks.to_dict() == pytest.approx(rest.units["new"].to_dict(), abs=1e-6)
    assert days.to_dict() == pytest.approx(weeks.to_dict(), abs=1e-6)
    inside = rest.days.merge(rest.weeks, on="unit")
    inside = inside[(inside["date"] >= inside["week"]) & (inside["date"] <= inside["until"])]
    of_week = inside.groupby(["unit", "week"])["target_x"].sum()
    assert of_week.to_numpy() == pytest.approx(rest.weeks["target"].to_numpy(), abs=1e-6)


def test_weeks_end_on_sundays_and_have_the_same_chance():
    rest = resplit(tracked({"a": 12000.0, "b": 16000.0}))
    one = rest.weeks[rest.weeks["unit"] == "a"]
    assert [f"{day:%m-%d}" for day in one["until"]] == [
        "08-23", "08-30", "09-06", "09-13", "09-20", "09-27", "09-30",
    ]  # fmt: skip
    assert one["days"].tolist() == [3, 7, 7, 7, 7, 7, 3]
    assert np.ptp(one["probability"]) < 0.01


def test_days_follow_the_expected_shape():
    rest = resplit(tracked({"a": 12000.0, "b": 16000.0}))
    days = rest.days[rest.days["unit"] == "a"].set_index("date")["target"]
    assert days["2026-08-29"] == pytest.approx(2 * days["2026-08-28"], abs=0.02)


def test_nothing_remains_of_a_target_already_reached():
    rest = resplit(tracked({"a": 3000.0, "b": 4000.0}))
    assert (rest.units["new"] == 0).all()
    assert (rest.weeks["target"] == 0).all()
    assert (rest.units["new_probability"] == 1).all()


def test_a_period_that_is_over_leaves_nothing_to_split():
    assert resplit(tracked(9000, days=pd.date_range("2026-01-01", "2026-09-30"))) is None
