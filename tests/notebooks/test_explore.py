"""The explorers are never scheduled, but they run: once, without a browser."""

import subprocess
import sys

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from workbench.run.listing import listing

from .conftest import ROOT, Shop

MOVE = """\
explorer.controls.slider.value = explorer.controls.slider.min
explorer.controls.save["CSV"].click()
print(explorer.controls.saved.value)
"""


def notebook(**given: str) -> nbformat.NotebookNode:
    """The explorer of targets, its parameters replaced, with a cell that moves it."""
    book = nbformat.read(ROOT / "notebooks" / "explore" / "targets.ipynb", 4)
    cell = next(cell for cell in book.cells if cell.id == "parameters")
    cell.source += "".join(f"\n{name} = {value!r}" for name, value in given.items())
    book.cells.append(nbformat.v4.new_code_cell(MOVE))
    return book


def executed(book: nbformat.NotebookNode, shop: Shop) -> nbformat.NotebookNode:
    where = {"metadata": {"path": str(shop.root)}}
    return NotebookClient(book, kernel_name="python3", resources=where).execute()


def test_it_runs_from_orders_to_a_saved_sheet(shop: Shop, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ROOT", str(shop.root))
    (shop.root / "e.yaml").write_text(yaml.safe_dump({**shop.values(), "n_paths": 100}), "utf-8")
    done = executed(notebook(parameters="e.yaml", language="zh"), shop)
    *_, explorer, moved = done.cells
    assert "application/vnd.jupyter.widget-view+json" in explorer.outputs[0].data
    assert "已保存：" in moved.outputs[0].text
    (sheet,) = (shop.root / "runs" / "explore_targets").iterdir()
    assert sheet.read_text("utf-8-sig").count("\n") > 3 * 90


def test_bad_parameters_are_told_without_a_traceback(shop: Shop, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ROOT", str(shop.root))
    (shop.root / "e.yaml").write_text("source: orders.csv\nperod: 2026Q4")
    with pytest.raises(Exception, match="Did you mean 'period'") as caught:
        executed(notebook(parameters="e.yaml"), shop)
    assert "Traceback" not in str(caught.value).split("perod", 1)[1]


def test_explorers_are_not_listed(monkeypatch):
    monkeypatch.setenv("WORKBENCH_ROOT", str(ROOT))
    assert not [line for line in listing("en") if "explore" in line.split("\n")[0]]


def test_it_is_kept_without_outputs():
    book = nbformat.read(ROOT / "notebooks" / "explore" / "targets.ipynb", 4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(len(cell.source.splitlines()) <= 8 for cell in code)
    tags = [cell.metadata.get("tags") for cell in book.cells if cell.cell_type == "markdown"]
    assert tags == [["en"], ["zh"]] * (len(tags) // 2)
    words = ["--help-notebook", "notebooks/explore/targets.ipynb"]
    command = [sys.executable, "-m", "papermill", *words]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout
    assert "parameters: str" in shown
    assert "Unknown type" not in shown
