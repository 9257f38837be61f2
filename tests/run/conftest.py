"""A small project whose one notebook does as its parameters tell: finish, fail, hang, die."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from workbench.params.models import DataCheckParams

DO = """\
import os, pathlib, time
from workbench.errors import DataError, Problem
folder = pathlib.Path(os.environ["WORKBENCH_RUN_DIR"])
(folder / "tables").mkdir(exist_ok=True)
from workbench.report.publish import publish
from datetime import date
publish("00_data_check", params=params, as_of=date(2026, 9, 30))
"""
DEEDS = """\
if params.where == "data": raise DataError(Problem("params.source_unset"))
if params.where == "bug": raise KeyError("没有")
if params.where == "hang": time.sleep(60)
if params.where == "die": os._exit(1)
if params.where == "silent": (folder / "results.json.part").unlink()
"""


def parameter_cell() -> str:
    return "\n".join(f"{name} = {value!r}" for name, value in DataCheckParams.defaults().items())


def stage(en: str, zh: str) -> dict[str, object]:
    return {"stage": {"en": en, "zh": zh}}


@pytest.fixture
def stub_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project root with one short notebook, ``00_data_check``, and a source file."""
    check = "from workbench.params.models import DataCheckParams\n"
    cells = [
        new_code_cell(parameter_cell(), metadata={"tags": ["parameters"]}),
        new_code_cell(check + "params = DataCheckParams.from_notebook()"),
        new_code_cell(DO, metadata=stage("Reading", "读取数据")),
        new_code_cell(DEEDS, metadata=stage("Doing", "处理")),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "params").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "00_data_check.ipynb")
    (tmp_path / "sales.csv").write_text("date,sales\n")
    monkeypatch.setenv("WORKBENCH_ROOT", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_RUN_DIR", raising=False)
    return tmp_path


def results_in(root: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in root.glob("runs/*/*/results.json")]
