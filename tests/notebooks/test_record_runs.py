"""What one run published, scored by the next."""

import json

import pandas as pd
import pytest

from .conftest import SCRIPT, Shop, by_name, orders


def test_track_record_scores_what_an_earlier_run_published(shop: Shop):
    file = "targets.jsonl"
    asked = {"as_of": "2026-06-30", "period": "2026Q3", "n_paths": 200, "target": 150000}
    done = shop.papermill("20_target_setting", save_targets_as=file, set_by="王芳", **asked)
    assert done.returncode == 0, done.stderr
    asked = {"period": None, "replay": 0, "n_paths": 200, "review": "2026Q3"}
    done = shop.papermill("70_track_record", targets=file, **asked)
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("70_track_record")
    numbers = by_name(record)
    assert numbers["", "record.outlooks"] == 3
    assert numbers["", "record.periods"] == 1
    table = orders()
    quarter = table[table["pay_time"] > "2026-06-30"]["paid_amount"].sum()
    assert numbers["", "scorecard.attainment"] == pytest.approx(quarter / 150000, abs=1e-5)
    (folder,) = (shop.root / "runs" / "70_track_record").iterdir()
    versions = pd.read_parquet(folder / "tables" / "versions.parquet")
    assert versions["set_by"].tolist() == ["王芳"]
    alerts = json.loads((folder / "alerts.json").read_text("utf-8"))
    assert alerts["alerts"] == [], "one period is no drift"
    targets = pd.read_parquet(folder / "tables" / "targets.parquet").set_index("unit")
    assert targets["targets"].to_dict() == {"": 1, "线上商城": 1, SCRIPT: 1}
    assert targets["reached"][""] == int(quarter >= 150000)
