"""From the outlook a run keeps to the score of the run history."""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel
from workbench.report.publish import publish
from workbench.run.outlooks import score_history
from workbench.target.outlook import Outlook
from workbench.target.stated import kept_outlook

BASIS = {"metric": "net_sales", "by": ("channel",), "where": "", "currency": "CNY"}


@pytest.fixture(scope="module")
def panel():
    days = pd.date_range("2024-01-01", "2026-09-30")
    rows = [pd.DataFrame({"unit": unit, "date": days, "sales": 10.0}) for unit in "ab"]
    return build_panel(pd.concat(rows), calendar=None)


def seen_before(panel, quarter) -> tuple[Outlook, object]:
    known = panel.until(int((panel.dates < quarter.start_time).sum()))
    rng = np.random.default_rng(quarter.ordinal)
    totals = pd.DataFrame(920 * rng.lognormal(0, 0.1, (200, 2)), columns=["a", "b"])
    return Outlook.from_totals(totals, period=str(quarter), as_of=known.as_of), known


def test_published_outlooks_are_scored_once_their_period_is_over(panel, tmp_path):
    for quarter in pd.period_range("2026Q2", "2026Q4", freq="Q"):
        seen, known = seen_before(panel, quarter)
        kept = kept_outlook(seen, known, pd.Series({"a": 900.0}))
        given = {"params": {**BASIS, "by": ["channel"]}, "as_of": seen.as_of}
        publish("10_forecast", tables={"outlook": kept}, out=tmp_path, **given)
    record = score_history(tmp_path, panel, basis=BASIS)
    assert record.periods == 2
    assert record.waiting == 3
    assert set(record.cases["made"]) == {"late"}
    assert set(record.cases["level"]) == {"", "channel"}
    assert record.cases["rule"].tolist() == pytest.approx([1820, 910, 910, 1840, 920, 920])
    assert record.notices == ()


def test_replayed_ones_stand_beside_them(panel, tmp_path):
    seen, known = seen_before(panel, pd.Period("2026Q3", freq="Q"))
    replayed = kept_outlook(seen, known).assign(made="replayed")
    record = score_history(tmp_path, panel, basis=BASIS, replayed=replayed)
    assert record.cases["made"].tolist() == ["replayed"] * 3
    assert record.cases["level"].tolist() == ["", "channel", "channel"]


def test_nothing_yet_is_told(panel, tmp_path):
    record = score_history(tmp_path, panel, basis=BASIS)
    (told,) = record.notices
    assert told.code == "record.nothing"
    assert told.part("found", "zh").startswith("0 次运行")
