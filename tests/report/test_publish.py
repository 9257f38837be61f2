import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from workbench.errors import Problem, RunError
from workbench.report.history import list_runs, read_history
from workbench.report.metrics import metric
from workbench.report.publish import publish, seal

AS_OF = dt.date(2026, 10, 14)
NOTICE = Problem("report.run_not_sealed", {"folder": "somewhere"})
TABLE = pd.DataFrame({"unit": ["线上商城", "=1+1"], "target": [1.5, 2.0]})


def published(tmp_path, **options):
    given = {
        "params": {"period": "2026Q4", "by": ["channel"], "language": "zh"},
        "as_of": AS_OF,
        "metrics": [metric("target", 1234.567, "CNY"), metric("base", float("nan"), "CNY")],
        "tables": {"allocation": TABLE},
        "notices": [NOTICE, NOTICE],
        "out": tmp_path,
    }
    return publish("20_target_setting", **{**given, **options})


def test_a_run_has_its_tables_parameters_and_numbers(tmp_path):
    run = published(tmp_path, fingerprint={"rows": 5, "sha256": "ab"}, period="2026Q4")
    assert run.path.parent == tmp_path / "20_target_setting"
    assert run.run_id.startswith("2026-10-14_")
    names = sorted(p.relative_to(run.path).as_posix() for p in run.path.rglob("*") if p.is_file())
    tables = ["tables/allocation.csv", "tables/allocation.parquet"]
    assert names == ["params.yaml", "results.json", *tables]
    record = json.loads(run.results.read_text("utf-8"))
    assert record["run_id"] == run.run_id
    assert record["data"] == {"rows": 5, "sha256": "ab"}
    assert record["params"]["by"] == ["channel"]
    assert [m["value"] for m in record["metrics"]] == [1234.57, None]
    assert len(record["notices"]) == 1
    assert record["notices"][0]["zh"].startswith("问题")
    assert record["versions"]["pandas"] == pd.__version__


def test_csv_opens_in_excel_and_starts_no_formula(tmp_path):
    run = published(tmp_path)
    raw = (run.path / "tables" / "allocation.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == ["unit,target", "线上商城,1.5", "'=1+1,2.0"]
    back = pd.read_parquet(run.path / "tables" / "allocation.parquet")
    assert back["unit"].tolist() == TABLE["unit"].tolist()


def test_a_named_index_is_kept_in_the_files(tmp_path):
    table = TABLE.set_index("unit")
    run = published(tmp_path, tables={"../rm -rf/ 目标": table})
    files = [path.name for path in (run.path / "tables").iterdir()]
    assert sorted(files) == ["rm-rf-目标.csv", "rm-rf-目标.parquet"]
    assert pd.read_parquet(run.path / "tables" / "rm-rf-目标.parquet").columns.tolist() == [
        "unit",
        "target",
    ]


def test_numbers_that_json_does_not_know_are_refused_before_anything_is_named_results(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        published(tmp_path, params={"growth": float("nan")})
    assert not list(tmp_path.rglob("results.json*"))


def test_numpy_numbers_and_dates_among_the_parameters_are_written_plainly(tmp_path):
    run = published(tmp_path, params={"n": np.int64(3), "day": dt.date(2026, 1, 2)})
    assert json.loads(run.results.read_text("utf-8"))["params"] == {"n": 3, "day": "2026-01-02"}


def test_within_workbench_run_the_results_wait_for_their_name(tmp_path, monkeypatch):
    folder = tmp_path / "20_target_setting" / "2026-10-14_x"
    folder.mkdir(parents=True)
    monkeypatch.setenv("WORKBENCH_RUN_DIR", str(folder))
    run = published(tmp_path / "elsewhere")
    assert run.path == folder
    assert run.run_id == "2026-10-14_x"
    assert not run.finished
    assert not (tmp_path / "elsewhere").exists()
    seal(folder)
    assert run.finished
    assert not list(folder.glob("*.part"))


def test_a_run_that_published_nothing_cannot_be_finished(tmp_path):
    with pytest.raises(RunError, match=r"no results\.json\.part in .*"):
        seal(tmp_path)


def test_two_runs_in_one_second_get_two_folders(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.report.publish.run_id", lambda *_: "same")
    assert [published(tmp_path).run_id for _ in range(3)] == ["same", "same-2", "same-3"]


def test_the_history_of_two_runs(tmp_path):
    first = published(tmp_path)
    second = published(tmp_path, metrics=[])
    history = read_history(tmp_path)
    rows = history[["run_id", "metric", "value", "unit"]]
    assert rows["run_id"].tolist() == [first.run_id, first.run_id, second.run_id]
    assert rows["value"].iloc[0] == 1234.57
    assert history["value"].isna().tolist() == [False, True, True]
    assert list_runs(history)["folder"].tolist() == [str(first.path), str(second.path)]


def test_missing_keys_become_missing_values(tmp_path):
    folder = tmp_path / "10_forecast" / "old"
    folder.mkdir(parents=True)
    old = {"run_id": "old", "metrics": [{"metric": "base", "value": 3}]}
    (folder / "results.json").write_text(json.dumps(old))
    (row,) = read_history(tmp_path).to_dict("records")
    assert (row["run_id"], row["metric"], row["value"]) == ("old", "base", 3.0)
    assert all(pd.isna(row[name]) for name in ("report", "node", "unit", "schema_version"))


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", '{"metrics": 3}'])
def test_broken_files_are_told_and_left_out(tmp_path, text):
    run = published(tmp_path)
    folder = tmp_path / "20_target_setting" / "broken"
    folder.mkdir()
    (folder / "results.json").write_text(text)
    assert_told_and_left_out(tmp_path, run)


def test_a_file_in_another_encoding_is_told_and_left_out(tmp_path):
    run = published(tmp_path)
    folder = tmp_path / "20_target_setting" / "broken"
    folder.mkdir()
    (folder / "results.json").write_bytes('{"run_id": "目标"}'.encode("gb18030"))
    assert_told_and_left_out(tmp_path, run)


def assert_told_and_left_out(tmp_path, run):
    with pytest.warns(UserWarning, match=r"1 of 2 results\.json: .*broken"):
        history = read_history(tmp_path)
    assert set(history["run_id"]) == {run.run_id}


def test_runs_of_a_newer_version_are_read_and_told(tmp_path):
    run = published(tmp_path)
    record = json.loads(run.results.read_text("utf-8"))
    run.results.write_text(json.dumps({**record, "schema_version": 99, "more": {"a": 1}}))
    with pytest.warns(UserWarning, match=r"1 results\.json with schema version above 1"):
        assert len(read_history(tmp_path)) == 2


def test_no_runs_no_history(tmp_path):
    history = read_history(tmp_path / "nowhere")
    assert history.empty
    assert "value" in history.columns
