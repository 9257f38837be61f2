"""Earlier targets in a report: those of the periods before, judged at the same share of theirs."""

import numpy as np
import pandas as pd
import pytest

from tests.run.test_tracked import last_months
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams
from workbench.report.earlier import earlier_answer, earlier_table
from workbench.report.metrics import earlier_metrics
from workbench.report.words import Words
from workbench.run.earlier import look_at_earlier
from workbench.target import replayed
from workbench.target.outlook import Outlook
from workbench.target.setting import set_targets


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    monkeypatch.setattr(replayed, "forecast", last_months)


@pytest.fixture
def panel():
    days = pd.date_range("2025-01-01", "2026-09-30")
    rows = [pd.DataFrame({"unit": u, "date": days, "sales": s}) for u, s in (("a", 10.0), ("b", 5))]
    return build_panel(pd.concat(rows), calendar=None)


def seen(period="2026Q4", as_of="2026-09-30") -> Outlook:
    rng = np.random.default_rng(0)
    totals = pd.DataFrame({"a": rng.normal(920, 90, 500), "b": rng.normal(460, 45, 500)})
    return Outlook.from_totals(totals, period=period, as_of=as_of)


def asked() -> pd.DataFrame:
    return pd.DataFrame(
        {"target": [1380.0, 920, 460], "probability": 0.5}, index=pd.Index(["", "a", "b"])
    )


def look(tmp_path, panel, text: str, *, earlier=4, outlook=None):
    file = tmp_path / "targets.csv"
    file.write_text(text)
    params = TargetSettingParams.read(
        {"targets": str(file), "by": ["unit"], "earlier": earlier, "n_paths": 100}
    )
    return look_at_earlier(params, panel, outlook or seen(), asked())


HIGH = "unit,period,target\n" + "".join(
    f"{unit},{year}Q{q},{amount}\n"
    for year, q in ((2025, 3), (2025, 4), (2026, 1), (2026, 2), (2026, 3))
    for unit, amount in (("a", 950), ("b", 480))
)


def test_targets_that_were_always_missed_make_the_next_less_likely(tmp_path, panel):
    found = look(tmp_path, panel, HIGH)
    assert (found.units.targets, found.units.reached, found.whole.targets) == (8, 0, 4)
    assert found.units.expected == pytest.approx(2.9, abs=1.0)
    assert (found.table["by_earlier"] < 0.4).all()
    assert found.elapsed == 0
    for language in ("en", "zh"):
        said = str(earlier_answer(found, Words(language, "CNY")))
        assert ("0 of 8 reached" in said) == (language == "en")
        assert ("达成了 0 个" in said) == (language == "zh")
        assert "0 / 4" in earlier_table(found, Words(language, "CNY")).as_raw_html()
    assert [m.node for m in earlier_metrics(found.table)] == ["", "a", "b"]


def test_a_running_period_is_compared_with_the_same_share_of_earlier_ones(
    tmp_path, panel, monkeypatch
):
    asked_for = []

    def noted(*args, **options):
        asked_for.append((options["periods"], options["elapsed"]))
        return original(*args, **options)

    from workbench.run import earlier as room

    original = room.replay_record
    monkeypatch.setattr(room, "replay_record", noted)
    running = seen("2026Q3", "2026-08-15")
    part = panel.until(int((panel.dates <= "2026-08-15").sum()))
    found = look(tmp_path, part, HIGH, outlook=running, earlier=2)
    ((periods, (share,)),) = asked_for
    assert [period.label for period in periods] == ["2026Q1", "2026Q2"]
    assert share == pytest.approx(46 / 92)
    assert found.units.periods == 2


def test_without_earlier_targets_it_says_so(tmp_path, panel):
    for text, count in ((HIGH, 0), ("unit,period,target\na,2026Q4,900\n", 4)):
        found = look(tmp_path, panel, text, earlier=count)
        assert found.units.targets == 0
        assert found.table["by_earlier"].tolist() == [0.5, 0.5, 0.5]
        assert "No earlier target is over yet" in earlier_answer(found, Words("en"))
        assert str(earlier_table(found, Words("en"))) == ""
        assert not earlier_metrics(found.table)


def test_a_bad_row_of_an_earlier_period_is_told_and_stops_nothing(tmp_path, panel):
    found = look(tmp_path, panel, HIGH.replace("a,2026Q1,950", "a,2026Q1,-950"))
    assert [problem.code for problem in found.notices] == ["data.target_not_positive"]
    assert found.units.targets == 8, "another period took its place"


def test_of_versions_those_count_that_the_period_began_with(tmp_path, panel):
    file = str(tmp_path / "targets.jsonl")
    for day, amount in (("2026-05-01", 950.0), ("2026-08-01", 700.0)):
        set_targets(file, {"a": amount}, period="2026Q3", by_whom="王芳", at=day)
    params = TargetSettingParams.read({"targets": file, "by": ["unit"], "n_paths": 100})
    found = look_at_earlier(params, panel, seen(), asked())
    assert (found.units.targets, found.units.reached) == (1, 0)
    assert found.whole.targets == 0, "b has none, so there is none of all units"
