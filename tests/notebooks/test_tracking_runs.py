"""The tracking notebook on the small shop: running, over, still to come."""

import pandas as pd
import pytest

from .conftest import SCRIPT, Shop, by_name, orders

RUNNING = {"as_of": "2026-08-20", "period": "2026Q3", "n_paths": 100}


def test_a_running_quarter_in_chinese(small: Shop):
    done = small.run("30", **RUNNING, target=160000, language="zh")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (record,) = small.results("30_target_tracking")
    numbers = by_name(record)
    assert numbers["", "target"] == 160000.0
    assert 0 < numbers["", "attainment"] < 1
    sold = orders()
    to_date = sold[(sold["pay_time"] >= "2026-07-01") & (sold["pay_time"] <= "2026-08-20")]
    assert numbers["", "actual"] == pytest.approx(to_date["paid_amount"].sum(), abs=0.01)
    gap = numbers["", "actual"] - numbers["", "due"]
    assert numbers["", "gap"] == pytest.approx(gap, abs=0.02)
    assert numbers["", "gap.unit.unit"] == pytest.approx(gap, abs=0.02)
    (folder,) = (small.root / "runs" / "30_target_tracking").iterdir()
    page = (folder / "report.html").read_text("utf-8")
    assert SCRIPT not in page
    assert "目标跟踪" in page
    assert "Traceback" not in page
    assert (folder / "alerts.json").is_file()
    days = pd.read_parquet(folder / "tables" / "resplit_days.parquet")
    left = 160000 - numbers["", "actual"]
    assert days["target"].sum() == pytest.approx(left, abs=0.05)
    assert "目标：¥160,000" in done.stdout


def test_a_quarter_that_is_over_with_plain_papermill(small: Shop):
    done = small.papermill("30_target_tracking", period="2026Q3", n_paths=100, target=140000)
    assert done.returncode == 0, done.stderr
    (record,) = small.results("30_target_tracking")
    numbers = by_name(record)
    assert numbers["", "probability"] in (0.0, 1.0)
    assert "The period is over" in small.outputs("30_target_tracking")


def test_a_quarter_still_to_come_without_a_target(small: Shop):
    done = small.papermill("30_target_tracking", n_paths=100)
    assert done.returncode == 0, done.stderr
    (record,) = small.results("30_target_tracking")
    assert by_name(record)["", "gap"] == 0.0
    assert "run.no_target_followed" in {notice["code"] for notice in record["notices"]}
    assert "has not begun" in small.outputs("30_target_tracking")
