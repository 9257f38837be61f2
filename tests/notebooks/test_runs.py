"""The notebooks run natively: papermill, ``workbench run``, other hosts; good and bad input."""

import json
import re

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from .conftest import ROOT, SCRIPT, Shop, orders

EXECUTE = "from nbclient.cli import main; main()"


def by_name(record: dict) -> dict[tuple[str, str], float]:
    return {(m["node"], m["metric"]): m["value"] for m in record["metrics"]}


def test_target_setting_with_workbench_run(shop: Shop):
    done = shop.run("20", n_paths=200, target=160000, rounding=100)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (record,) = shop.results("20_target_setting")
    numbers = by_name(record)
    units = ("线上商城", SCRIPT)
    assert sum(numbers[unit, "target"] for unit in units) == 160000.0
    assert numbers["", "commit"] < numbers["", "base"] < numbers["", "stretch"]
    assert 0 < numbers["", "probability"] < 1
    lines = done.stdout.split("\n\n")[-1].strip().splitlines()
    assert len(lines) == 4
    assert f"{numbers['', 'base']:,.0f}" in lines[0]
    assert lines[-1].startswith("Target: ¥160,000  Probability: ")
    assert [line.split("  ")[0] for line in done.stdout.splitlines()][:2] == ["1/35", "2/35"]

    (folder,) = (shop.root / "runs" / "20_target_setting").iterdir()
    assert record["run_id"] == folder.name
    page = (folder / "report.html").read_text("utf-8")
    assert SCRIPT not in page
    assert "Target setting" in page
    assert "目标制定" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "Traceback" not in page
    assert "FloatProgress" not in page
    assert page.count("<svg") + page.count("<img") >= 4
    split = pd.read_parquet(folder / "tables" / "allocation.parquet").set_index("unit")
    assert split["target"].to_dict() == {unit: numbers[unit, "target"] for unit in units}


def test_target_setting_looks_back_in_chinese_and_repeats_itself(shop: Shop):
    asked = {"as_of": "2026-06-30", "period": "2026Q3", "language": "zh", "n_paths": 200}
    for _ in range(2):
        done = shop.papermill("20_target_setting", **asked, target=150000)
        assert done.returncode == 0, done.stderr
    first, second = shop.results("20_target_setting")
    assert first["metrics"] == second["metrics"]
    assert first["run_id"].startswith("2026-06-30_")
    shown = shop.outputs("20_target_setting")
    table = orders()
    quarter = table[table["pay_time"] > "2026-06-30"]["paid_amount"].sum()
    assert f"{quarter:,.0f}" in shown
    assert "是否达成" in shown


def test_without_a_target_the_base_is_split(shop: Shop):
    done = shop.papermill("20_target_setting", n_paths=200)
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("20_target_setting")
    numbers = by_name(record)
    assert ("", "target") not in numbers
    parts = numbers["线上商城", "target"] + numbers[SCRIPT, "target"]
    assert parts == round(numbers["", "base"])
    assert "goal.none_set" in {notice["code"] for notice in record["notices"]}


def test_forecast_with_plain_papermill(shop: Shop):
    done = shop.papermill("10_forecast", n_paths=200, language="zh", backtest_origins=1)
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("10_forecast")
    assert ("", "skill.workbench.mape") in by_name(record)
    for model in ("workbench", "year_rule", "prophet"):
        assert ("", f"backtest.{model}.mape") in by_name(record)
    assert "过去周期回测" in shop.outputs("10_forecast")
    (folder,) = (shop.root / "runs" / "10_forecast").iterdir()
    daily = pd.read_parquet(folder / "tables" / "daily.parquet")
    assert len(daily) == 2 * 92 * 3
    assert set(daily["level"]) == {0.1, 0.5, 0.9}


def test_data_check_with_plain_papermill(shop: Shop):
    wrong = "channel,period,target\n,2026Q4,100\n线上商城,2026Q4,90\n南区,2026Q4,5\n"
    (shop.root / "targets.csv").write_text(wrong)
    done = shop.papermill("00_data_check", targets="targets.csv")
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("00_data_check")
    assert by_name(record)["", "rows.read"] == len(orders())
    assert "goal.without_sales" in {notice["code"] for notice in record["notices"]}


@pytest.mark.parametrize("name", ["00_data_check", "10_forecast", "20_target_setting"])
def test_jupyter_execute_without_parameters_asks_for_the_source(shop: Shop, name):
    done = shop.python(EXECUTE, str(ROOT / "notebooks" / f"{name}.ipynb"))
    assert done.returncode != 0
    assert "No sales data are named." in done.stdout + done.stderr


def test_jupyter_schedulers_raw_style_in_a_staging_folder(shop: Shop, monkeypatch):
    book = nbformat.read(ROOT / "notebooks" / "00_data_check.ipynb", 4)
    raw = nbformat.v4.new_code_cell('source = "orders.csv"\nperiod = "2026Q4"\nseed = 3')
    at = next(at for at, cell in enumerate(book.cells) if cell.id == "parameters")
    book.cells.insert(at + 1, raw)
    staging = shop.root / "staging"
    staging.mkdir()
    monkeypatch.setenv("WORKBENCH_ROOT", str(shop.root))
    where = {"metadata": {"path": str(staging)}}
    NotebookClient(book, kernel_name="python3", resources=where).execute()
    (record,) = shop.results("00_data_check")
    assert record["params"]["seed"] == 3


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


BAD = {
    "data": ({"source": "wrong.csv"}, 3, "colour, size"),
    "limits": ({"target": 160000, "floors": {"线上商城": 150000, SCRIPT: 150000}}, 4, "150,000"),
    "unknown unit": ({"target": 160000, "locks": {"线上商店": 1}}, 4, "线上商城"),
    "over": ({"period": "2026Q2"}, 2, "as_of=2026-03-31"),
    "where": ({"where": "channel=线上"}, 3, "线上商城"),
}


@pytest.mark.parametrize(
    ("case", "language"),
    [*((case, "en") for case in sorted(BAD)), ("data", "zh"), ("limits", "zh")],
)
def test_bad_input_ends_with_its_message_and_leaves_nothing_that_looks_finished(
    shop: Shop, case, language
):
    changes, code, said = BAD[case]
    (shop.root / "wrong.csv").write_text("colour,size\nred,3\n")
    done = shop.run("20", n_paths=100, language=language, **changes)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stderr.strip().startswith("问题：" if language == "zh" else "What is wrong: ")
    assert "Traceback" not in done.stderr
    assert shop.results("20_target_setting") == []
    (folder,) = (shop.root / "runs" / "20_target_setting").iterdir()
    assert folder.name.startswith("failed_")
    assert {path.name for path in folder.iterdir()} == {"params.yaml", "report.failed.ipynb"}
    kept = json.loads((folder / "report.failed.ipynb").read_text("utf-8"))
    assert "Traceback (most recent call last)" not in json.dumps(kept)


def test_plain_papermill_stops_at_a_mistyped_name_with_the_real_notebook(shop: Shop):
    done = shop.papermill("20_target_setting", perod="2026Q4")
    assert done.returncode != 0
    assert "Did you mean 'period'?" in done.stderr
    assert not (shop.root / "runs").exists()
