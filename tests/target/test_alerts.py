"""Alerts: true changes are found soon and told once; chance stays within its rate."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ParameterError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.target import replays
from workbench.target.alerts import drift_alerts, key_of, same_event, watch
from workbench.target.alerts_monitor import BUDGET, FUNNEL_BUDGET, learn_monitor
from workbench.target.drift import Drift
from workbench.target.gap import Gap
from workbench.target.tracking import track

UNITS = ("online", "social", "store", "depot")
LEVEL = np.array([9000.0, 5000.0, 7000.0, 3000.0])
WEEKDAYS = np.array([1.0, 0.9, 0.95, 1.0, 1.2, 1.5, 1.4])
END = "2026-09-30"


def sales(days, seed, *, noise=0.12):
    """Units with a weekday pattern, a common and an own level that wander, and daily noise."""
    rng = np.random.default_rng(seed)
    shape = (len(days), len(UNITS))
    common = np.exp(0.002 * rng.standard_normal((shape[0], 1)).cumsum(axis=0))
    own = np.exp(0.002 * rng.standard_normal(shape).cumsum(axis=0))
    daily = rng.gamma(1 / noise**2, noise**2, size=shape)
    return LEVEL * WEEKDAYS[days.day_of_week.to_numpy()][:, None] * common * own * daily


def panel_of(table, days, units=UNITS):
    frame = pd.DataFrame(table, index=days, columns=list(units)).rename_axis("date").reset_index()
    return build_panel(frame.melt("date", var_name="unit", value_name="sales"), calendar=None)


def naive(panel, *, horizon, n_paths, seed):
    """The recent level by weekday: a forecast that costs nothing."""
    rng = np.random.default_rng(seed)
    recent = np.nan_to_num(panel.sales[-56:])
    usual = np.stack([recent[at::7].mean(axis=0) for at in range(7)])
    mean = usual[np.arange(horizon) % 7]
    dates = panel.dates[-1] + pd.to_timedelta(np.arange(1, horizon + 1), unit="D")
    factor = rng.gamma(400, 1 / 400, size=(n_paths, 1, len(panel.units)))
    return SamplePaths.from_values(mean * factor, pd.DatetimeIndex(dates), panel.units)


@pytest.fixture(autouse=True)
def cheap_forecast(monkeypatch):
    monkeypatch.setattr(replays, "forecast", naive)


def tracked(as_of, *, seed=0, change=None, target=None, course="weekly"):
    days = pd.date_range("2024-06-01", END)
    table = sales(days, seed)
    if change is not None:
        frame = pd.DataFrame(table, index=days, columns=list(UNITS))
        change(frame)
        table = frame.to_numpy()
    known = days <= as_of
    panel = panel_of(table[known], days[known])
    goal = target or float(LEVEL.sum() * WEEKDAYS.mean() * 92)
    return track(panel, goal, period="2026Q3", n_paths=200, course=course)


def fall(unit="online", since="2026-08-03", factor=0.65):
    def change(frame):
        frame.loc[since:, unit] *= factor

    return change


def about(alerts, unit, direction="down"):
    return [one for one in alerts if one.unit == unit and one.direction == direction]


def test_a_fall_is_found_within_a_week_named_and_told_of_nobody_else():
    alerts = watch(tracked("2026-08-20", change=fall()))
    first = about(alerts, "online")[-1]
    assert dt.date(2026, 8, 3) <= first.date <= dt.date(2026, 8, 9)
    assert first.kind in ("band", "sibling")
    assert first.cause == "unit"
    assert first.open
    assert first.facts["deviation"] < -0.1
    assert first.advice[0].rule == "channel_alone"
    assert first.advice[0].simulate["units"] == ["online"]
    assert {one.unit for one in alerts} <= {"online", ""}


def test_one_event_keeps_its_key_while_days_go_by():
    runs = [watch(tracked(f"2026-08-{day}", change=fall())) for day in (10, 13, 20)]
    keys = [{one.key for one in alerts if one.kind != "probability"} for alerts in runs]
    assert keys[0]
    assert keys[0] <= keys[1] <= keys[2]
    told = [one for one in runs[2] if not any(same_event(one.key, k) for k in keys[1])]
    again = watch(tracked("2026-08-20", change=fall()), sent=keys[1])
    assert [one.key for one in again] == [one.key for one in told]


def test_a_fall_of_all_units_is_the_markets():
    def change(frame):
        frame.loc["2026-08-03":] *= 0.6

    alerts = watch(tracked("2026-08-20", change=change))
    assert {one.cause for one in alerts} == {"market"}
    whole = [one for one in alerts if one.unit == "" and one.kind == "band"]
    again = [one for one in alerts if one.kind == "band" and one.date > whole[0].date]
    assert len(whole) == 1
    assert again == []
    assert "sibling" not in {one.kind for one in alerts}
    assert "market_down" in {said.rule for one in alerts for said in one.advice}


def test_better_than_expected_is_told_as_such():
    alerts = watch(tracked("2026-08-20", change=fall(factor=1.8)))
    assert about(alerts, "online", "up")
    assert "better_than_expected" in {said.rule for one in alerts for said in one.advice}


def test_silence_is_told_as_silence_and_not_as_a_fall():
    alerts = watch(tracked("2026-08-20", change=fall("store", "2026-08-17", 0.0)))
    (one,) = [a for a in about(alerts, "store") if a.date >= dt.date(2026, 8, 17)]
    assert (one.kind, one.date, one.cause) == ("silence", dt.date(2026, 8, 18), "no_data")
    assert one.facts["rows"] == 2
    assert one.advice[0].rule == "data_stopped"


def test_days_out_of_stock_are_not_silence_until_they_last_too_long():
    def change(frame):
        frame.loc["2026-08-11":, "store"] = np.nan

    days = [watch(tracked(f"2026-08-{day}", change=change)) for day in (18, 20)]
    kinds = [[one.kind for one in about(alerts, "store")] for alerts in days]
    assert kinds == [[], ["silence"]]


def test_silence_of_all_is_one_alert():
    def change(frame):
        frame.loc["2026-08-17":] = 0.0

    quiet = [a for a in watch(tracked("2026-08-20", change=change)) if a.kind == "silence"]
    assert [(one.unit, one.open) for one in quiet] == [("", True)]


def test_a_target_slips_once_and_says_from_where_to_where():
    def change(frame):
        frame.loc["2026-07-06":] *= 0.7

    even = {"change": change, "target": 2_350_000.0}
    tracking = tracked("2026-08-20", **even)
    (one,) = [a for a in watch(tracking) if a.kind == "probability" and a.unit == ""]
    assert one.facts["before"] > one.facts["level"] > one.facts["now"]
    assert "target_slipping" in [said.rule for said in one.advice]
    earlier = tracked("2026-08-18", **even)
    assert one.key in {a.key for a in watch(earlier)}


def test_a_hopeless_target_alone_is_no_news():
    calm = tracked("2026-08-20", target=9e6)
    assert not [a for a in watch(calm) if a.kind == "probability"]


def test_the_cause_comes_from_the_funnel_where_there_is_one():
    tracking = tracked("2026-08-20", change=fall())
    parts = pd.DataFrame(
        [
            ("funnel", "traffic", "online", -9000.0),
            ("funnel", "conversion", "online", -52000.0),
            ("funnel", "basket", "online", 4000.0),
            ("funnel", "conversion", "store", -90000.0),
            ("price_volume_mix", "price", "online", -80000.0),
        ],
        columns=["view", "cause", "unit", "amount"],
    )
    alerts = watch(tracking, Gap(-57000.0, parts), facts={"online": {"price": 59.0}})
    first = about(alerts, "online")[-1]
    assert first.cause == "conversion"
    assert first.advice[0].simulate["kind"] == "group_buy"
    assert first.advice[0].simulate["price"] == 59.0


def test_false_alarms_keep_to_their_rate():
    """Six calm periods of five columns with one allowed each: thirty on average."""
    count = 0
    for seed in range(6):
        count += len(watch(tracked(END, seed=100 + seed, course="none"), false_alarms=1.0))
    assert 6 <= count <= 54


def test_a_lower_rate_raises_every_threshold():
    tracking = tracked("2026-07-20")
    learned = [
        learn_monitor(
            tracking.panel, tracking.start_paths, period=tracking.period, false_alarms=rate
        )
        for rate in (0.02, 0.5)
    ]
    assert all(learned[0].thresholds[k] > learned[1].thresholds[k] for k in learned[0].thresholds)
    assert (learned[0].silence >= learned[1].silence).all()
    assert learned[0].periods == 6


def test_paths_stand_in_where_history_is_short():
    days = pd.date_range("2026-03-01", "2026-08-20")
    table = sales(days, 0)
    table[days >= "2026-08-01", 0] *= 0.3
    tracking = track(panel_of(table, days), 1e6, period="2026Q3", n_paths=200)
    alerts = watch(tracking)
    assert about(alerts, "online")


def test_nothing_to_watch_before_the_period_begins():
    tracking = tracked("2026-06-20")
    assert watch(tracking) == ()


@pytest.mark.parametrize("rate", [0, -1, 11, "often", True])
def test_a_rate_that_is_none(rate):
    with pytest.raises(ParameterError, match="rate of false alarms is not a number above 0"):
        watch(tracked("2026-06-20"), false_alarms=rate)


def test_the_budget_is_spent_once():
    assert sum(BUDGET.values()) == pytest.approx(1.0)
    assert sum(FUNNEL_BUDGET.values()) < 0.5


def traffic_of(tracking, *, seed=0, since=None, visitors=1.0, conversion=1.0):
    """Visitors and orders behind the sales: 60 per order of 45, conversion 5 %, a little noise."""
    rng = np.random.default_rng([seed, 1])
    frame = tracking.panel.frame()
    orders = np.rint(frame / 45 * rng.gamma(200, 1 / 200, size=frame.shape))
    looked = np.rint(orders / 0.05 * rng.gamma(400, 1 / 400, size=frame.shape))
    if since is not None:
        looked.loc[since:, "online"] *= visitors / conversion
    long = {"visitors": looked, "orders": orders}
    long = {name: one.rename_axis("date").melt(ignore_index=False) for name, one in long.items()}
    table = long["visitors"].reset_index().set_axis(["date", "unit", "visitors"], axis=1)
    return table.assign(orders=long["orders"]["value"].to_numpy())


@pytest.mark.parametrize("cause", ["traffic", "conversion", "basket"])
def test_the_stage_that_fell_is_named_within_days(cause):
    since, factor = "2026-08-10", 0.6
    tracking = tracked("2026-08-16", change=fall(since=since, factor=factor))
    change = {
        "traffic": {"since": since},
        "conversion": {"since": since, "conversion": factor},
        "basket": {},
    }[cause]
    traffic = traffic_of(tracking, **change)
    if cause == "basket":
        traffic = traffic_of(tracked("2026-08-16"))
    calm = watch(tracked("2026-08-16"), traffic=traffic_of(tracked("2026-08-16")))
    assert not about(calm, "online")
    first = about(watch(tracking, traffic=traffic), "online")[-1]
    assert dt.date(2026, 8, 10) <= first.date <= dt.date(2026, 8, 13)
    assert first.cause == cause
    assert first.facts[cause] == pytest.approx(factor - 1, abs=0.12)


def test_traffic_of_other_units_or_days_changes_nothing():
    tracking = tracked("2026-08-20", change=fall())
    strange = traffic_of(tracking).assign(unit="elsewhere")
    assert watch(tracking, traffic=strange) == watch(tracking)


def test_keys_of_other_kinds_units_and_months_are_other_events():
    day = dt.date(2026, 8, 3)
    key = key_of("band", "a|b", "down", day)
    assert same_event(key, key_of("band", "a|b", "down", day + dt.timedelta(days=7)))
    assert not same_event(key, key_of("band", "a|b", "down", day + dt.timedelta(days=8)))
    assert not same_event(key, key_of("sibling", "a|b", "down", day))
    assert not same_event(key, key_of("band", "a", "down", day))


def test_drift_becomes_an_alert_of_its_own_kind():
    first, last = pd.Timestamp("2025-07-01"), pd.Timestamp("2026-04-01")
    drift = Drift("too_narrow", first, last, 4, 0.55, 0.2, 31.0, 20.0)
    (one,) = drift_alerts([drift], as_of=dt.date(2026, 7, 1))
    assert (one.kind, one.cause, one.date) == ("calibration", "too_narrow", dt.date(2025, 7, 1))
    assert one.advice[0].rule == "recalibrate"
    assert dataclasses.replace(one) == one
