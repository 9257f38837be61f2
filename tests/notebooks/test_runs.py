"""Data check and forecast under papermill and other hosts of notebooks."""

import nbformat
import pandas as pd
from nbclient import NotebookClient

from .conftest import ROOT, Shop, by_name, orders

EXECUTE = "from nbclient.cli import main; main()"


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


def test_jupyter_execute_without_parameters_asks_for_the_source(shop: Shop):
    """Every notebook reads its parameters in the same second cell (see test_convention)."""
    done = shop.python(EXECUTE, str(ROOT / "notebooks" / "20_target_setting.ipynb"))
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


def test_plain_papermill_stops_at_a_mistyped_name_with_the_real_notebook(shop: Shop):
    done = shop.papermill("20_target_setting", perod="2026Q4")
    assert done.returncode != 0
    assert "Did you mean 'period'?" in done.stderr
    assert not (shop.root / "runs").exists()
