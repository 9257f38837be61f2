"""A forecast that drifts raises an alarm: in the file, in words, and sent once."""

import datetime as dt
import json

import pandas as pd
import pytest

from workbench.data.journal import read_journal
from workbench.params.models import TrackRecordParams
from workbench.report.alert_text import alerts_told
from workbench.report.words import Words
from workbench.run.alarm import raise_drift_alarm
from workbench.target.drift import KINDS, Drift

DAY = dt.date(2026, 7, 31)


def drift(kind: str, since: str = "2025-07-01") -> Drift:
    return Drift(kind, pd.Timestamp(since), pd.Timestamp("2026-06-30"), 4, 0.55, 0.2, 90.0, 80.0)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_each_drift_has_its_cause_and_advice_of_its_own(tmp_path, kind, language):
    params = TrackRecordParams.read({"out": str(tmp_path)})
    words = Words(language)
    alarm = raise_drift_alarm([drift(kind)], params, words, as_of=DAY, environment={})
    (one,) = json.loads(alarm.files["alerts.json"])["alerts"]
    assert (one["kind"], one["cause"]) == ("calibration", kind)
    assert len(one["advice"]) == 2
    shown = alerts_told(alarm.alerts, words)
    assert words(f"alert.drift.{kind}") in shown
    assert all(said[language][:12] in shown for said in one["advice"])


def test_without_drift_the_file_is_empty_and_nothing_is_said(tmp_path):
    params = TrackRecordParams.read({"out": str(tmp_path)})
    alarm = raise_drift_alarm([], params, Words("en"), as_of=DAY, environment={})
    assert json.loads(alarm.files["alerts.json"]) == {"alerts": []}
    assert alerts_told(alarm.alerts, Words("en")) == ""


def test_a_drift_counted_from_another_period_is_not_sent_again(tmp_path):
    params = TrackRecordParams.read({"out": str(tmp_path)})
    channel = {
        "WORKBENCH_ALERT_WEBHOOK": "http://127.0.0.1:9/"
    }  # nobody answers: written down, waiting
    for since in ("2025-07-01", "2025-10-01"):
        said = {"as_of": DAY, "environment": channel}
        alarm = raise_drift_alarm([drift("too_low", since)], params, Words("en"), **said)
        assert dict(alarm.delivery.waiting) == {"webhook": 1}
        assert [problem.code for problem in alarm.notices] == ["deliver.failed"]
    assert len(read_journal(tmp_path / "alerts.jsonl")) == 1
