"""Target setting on the small shop: set, looked back at, left open."""

import re

import pandas as pd

from .conftest import SCRIPT, Shop, by_name, orders


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
    stages = re.findall(r"^(\d+)/(\d+)  ", done.stdout, flags=re.MULTILINE)
    count = stages[-1][1]
    assert stages == [(str(at), count) for at in range(1, int(count) + 1)]

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


def test_target_setting_looks_back_in_chinese(shop: Shop):
    asked = {"as_of": "2026-06-30", "period": "2026Q3", "language": "zh", "n_paths": 200}
    done = shop.papermill("20_target_setting", **asked, target=150000)
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("20_target_setting")
    assert record["run_id"].startswith("2026-06-30_")
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
