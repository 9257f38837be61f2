"""Drift out of calibration: found where it is there, and no more often than the rate else."""

import numpy as np
import pandas as pd
import pytest

from workbench.target.drift import KINDS, by_period, calibration_drift, fortune
from workbench.target.record import TrackRecord

START = pd.period_range("2020-01", periods=60, freq="M")


def record_of(ranks: np.ndarray, *, made_before: int = 0) -> TrackRecord:
    """A record whose outcomes fell at these ranks: (periods, units)."""
    periods, units = ranks.shape
    month = START[np.repeat(np.arange(periods), units)]
    cases = pd.DataFrame(
        {
            "unit": np.tile([f"u{n}" for n in range(units)], periods),
            "start": month.start_time,
            "end": month.end_time.normalize(),
            "as_of": (month - made_before).start_time - pd.Timedelta(days=1),
            "pit": ranks.ravel(),
            "group": np.repeat(np.arange(periods), units),
        }
    )
    return TrackRecord(cases, np.empty((len(cases), 99)), pd.DataFrame())


def alike(rng, periods, units=4, *, scale=1.0, shift=0.0) -> np.ndarray:
    """Ranks of units whose luck is mostly shared."""
    from scipy.stats import norm

    luck = 0.9 * rng.normal(size=(periods, 1)) + np.sqrt(0.19) * rng.normal(size=(periods, units))
    return norm.cdf(luck * scale + shift)


def test_the_numbers_of_a_period():
    table = by_period(record_of(np.array([[0.05, 0.5], [0.95, 0.97]])))
    assert table["outside"].tolist() == [0.5, 1.0]
    assert table["rank"].tolist() == pytest.approx([0.275, 0.96])
    assert table["cases"].tolist() == [2, 2]


def test_outlooks_made_before_the_last_period_was_over_do_not_count():
    early = by_period(record_of(np.full((5, 2), 0.5), made_before=2))
    assert len(early) == 1
    assert len(by_period(record_of(np.full((5, 2), 0.5)))) == 5


def test_a_calibrated_forecast_alarms_no_more_often_than_its_rate():
    rng = np.random.default_rng(0)
    alarms = periods = 0
    for _ in range(60):
        ranks = alike(rng, 40)
        seen = [
            (fortune(by, KINDS[kind][1], KINDS[kind][2])[0] >= len(KINDS) / 0.05)
            for kind in KINDS
            for by in [_numbers(ranks, kind)]
        ]
        alarms += sum(seen)
        periods += 40
    assert alarms / periods <= 0.05


def _numbers(ranks, kind):
    outside = ((ranks < 0.1) | (ranks > 0.9)).mean(axis=1)
    return outside if KINDS[kind][0] == "outside" else ranks.mean(axis=1)


@pytest.mark.parametrize(
    ("scale", "shift", "kind"),
    [(2.5, 0.0, "too_narrow"), (0.25, 0.0, "too_wide"), (1, 1.4, "too_low"), (1, -1.4, "too_high")],
)
def test_drift_is_found_and_named(scale, shift, kind):
    rng = np.random.default_rng(4)
    good = alike(rng, 12)
    assert calibration_drift(record_of(good)) == ()
    bad = np.vstack([good, alike(rng, 24, scale=scale, shift=shift)])
    found = {drift.kind: drift for drift in calibration_drift(record_of(bad))}
    drift = found[kind]
    assert drift.evidence >= drift.limit == 80.0
    assert START[8].start_time <= drift.since <= START[18].start_time
    assert drift.until == START[35].end_time.normalize()
    assert abs(drift.observed - drift.expected) > 0.1


def test_nothing_scored_nothing_drifts():
    assert calibration_drift(record_of(np.empty((0, 2)))) == ()
    assert fortune(np.array([]), 0.2, [1.0]) == (0.0, 0)
