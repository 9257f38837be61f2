"""What there is to run and what has been run."""

import json
from pathlib import Path

import pytest

from workbench.errors import ParameterError
from workbench.run.listing import listing, past_runs

ROOT = Path(__file__).resolve().parents[2]


def put_run(out: Path, report: str, run: str, **changes: object) -> Path:
    folder = out / report / run
    folder.mkdir(parents=True)
    record = {
        "schema_version": 1,
        "report": report,
        "run_id": run,
        "as_of": "2026-09-30",
        "period": "2026Q4",
        "currency": "CNY",
        "finished_at": f"2026-10-01T00:00:0{run[-1]}+00:00",
        "params": {},
        "data": {},
        "notices": [],
        "metrics": [{"node": "", "metric": "base", "value": 5.5, "unit": "CNY"}],
        **changes,
    }
    (folder / "results.json").write_text(json.dumps(record))
    return folder


@pytest.fixture
def out(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKBENCH_ROOT", str(ROOT))
    put_run(tmp_path, "20_target_setting", "run1")
    put_run(tmp_path, "20_target_setting", "run2", metrics=[])
    put_run(tmp_path, "10_forecast", "run3")
    (tmp_path / "10_forecast" / "failed_x").mkdir()
    return tmp_path


def test_every_notebook_with_reader_question_and_last_run(out):
    listed = list(listing("en", out=str(out)))
    check, forecast, target = listed[:3]
    assert [text[:2] for text in listed] == ["00", "10", "20", "30", "40", "60", "70"]
    assert check.startswith("00_data_check  (analyst)\n  Is the data fit to plan on")
    assert check.endswith("not run yet")
    assert forecast.endswith("last run: " + str(out / "10_forecast" / "run3" / "report.html"))
    assert str(out / "20_target_setting" / "run2") in target
    assert "（计划人员）" in next(t for t in listing("zh", out=str(out)) if t.startswith("20"))


def test_past_runs_as_a_table(out):
    lines = past_runs("en", out=str(out)).splitlines()
    assert len(lines) == 4
    assert "2026Q4" in lines[1]
    assert past_runs("zh", out=str(out)).splitlines()[0].split()[:2] == ["报告", "截至日"]


def test_past_runs_of_one_notebook_as_json(out):
    runs = json.loads(past_runs("en", out=str(out), report="20", as_json=True))
    assert [len(run["metrics"]) for run in runs] == [1, 0]
    assert runs[0]["metrics"] == [{"node": "", "metric": "base", "value": 5.5, "unit": "CNY"}]
    assert runs[0]["as_of"] == "2026-09-30"


def test_no_run_yet(tmp_path):
    assert past_runs("en", out=str(tmp_path)) == "No finished run yet."
    assert past_runs("zh", out=str(tmp_path)) == "还没有完成的运行。"
    assert past_runs("en", out=str(tmp_path), as_json=True) == "[]"


def test_history_of_an_unknown_notebook(out):
    with pytest.raises(ParameterError, match="There is no notebook called"):
        past_runs("en", out=str(out), report="99")
