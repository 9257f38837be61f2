"""The outlooks that past runs published are found again, with how they were made."""

import json

import pandas as pd
import pytest

from workbench.report.outlooks import read_outlooks
from workbench.target.outlook import Outlook
from workbench.target.stated import stated

BASIS = {"metric": "net_sales", "by": ("channel",), "where": "", "currency": "CNY", "seed": 3}


def put(folder, run, *, made_at, tables=("outlook",), table=None, **params):
    totals = pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]})
    seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    place = folder / "10_forecast" / run
    (place / "tables").mkdir(parents=True)
    kept = stated(seen) if table is None else table
    kept.to_parquet(place / "tables" / "outlook.parquet")
    given = {"metric": "net_sales", "by": ["channel"], "where": "", "currency": "CNY"} | params
    record = {"tables": list(tables), "params": given, "run_id": run, "finished_at": made_at}
    (place / "results.json").write_text(json.dumps(record | {"report": "10_forecast"}))
    return place


def test_oldest_run_first_and_how_prompt_it_was(tmp_path):
    put(tmp_path, "c", made_at="2027-01-05T08:00:00+00:00")
    put(tmp_path, "b", made_at="2026-10-02T08:00:00+00:00")
    put(tmp_path, "a", made_at="2026-11-20T08:00:00+00:00")
    past = read_outlooks(tmp_path, basis=BASIS)
    assert past.runs == 3
    made = past.table.drop_duplicates("run").set_index("run")["made"]
    assert made.to_dict() == {"b": "live", "a": "late", "c": "late"}
    assert list(made.index) == ["b", "a", "c"]
    assert past.table["level"].tolist() == ["", "channel", "channel"] * 3
    assert past.notices == ()


def test_other_shops_and_damaged_tables_are_left_out_and_told(tmp_path):
    put(tmp_path, "good", made_at="2026-10-02T08:00:00+00:00")
    put(tmp_path, "store", made_at="2026-10-02T08:00:00+00:00", by=["store"])
    put(tmp_path, "old", made_at="2026-10-02T08:00:00+00:00", tables=())
    bad = put(tmp_path, "bad", made_at="2026-10-02T08:00:00+00:00")
    (bad / "tables" / "outlook.parquet").write_bytes(b"no table")
    newer = pd.read_parquet(tmp_path / "10_forecast/good/tables/outlook.parquet")
    put(tmp_path, "new", made_at="2026-10-02", table=newer.assign(stated_version=99))
    past = read_outlooks(tmp_path, basis=BASIS)
    assert set(past.table["run"]) == {"good"}
    assert {p.code: p.facts["count"] for p in past.notices} == {
        "record.other_basis": 1,
        "record.broken": 2,
    }
    assert read_outlooks(tmp_path).runs == 2


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_results_that_cannot_be_read_and_no_runs_at_all(tmp_path, content):
    assert len(read_outlooks(tmp_path).table) == 0
    place = put(tmp_path, "x", made_at="2026-10-02")
    (place / "results.json").write_text(content)
    assert len(read_outlooks(tmp_path).table) == 0
