"""Parameters read inside a running notebook: papermill, jupyter execute, re-runs in JupyterLab."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from workbench.errors import ParameterError
from workbench.params.models import DataCheckParams
from workbench.params.table import ParamTable

CHECK = (
    "from workbench.params.models import DataCheckParams\nparams = DataCheckParams.from_notebook()"
)
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def cell(**changes: object) -> str:
    values = DataCheckParams.defaults() | {"source": "sales.csv"} | changes
    return "\n".join(f"{name} = {value!r}" for name, value in values.items())


def notebook(*sources: str) -> nbformat.NotebookNode:
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata.tags = ["parameters"]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


@pytest.fixture
def root(tmp_path: Path, monkeypatch) -> Path:
    (tmp_path / "sales.csv").write_text("date,sales\n")
    monkeypatch.setenv("WORKBENCH_ROOT", str(tmp_path))
    nbformat.write(notebook(cell(), CHECK, "print(params.seed)"), tmp_path / "n.ipynb")
    return tmp_path


def outputs(path: Path) -> list[nbformat.NotebookNode]:
    return [output for one in nbformat.read(path, 4).cells for output in one.get("outputs", [])]


def papermill(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", str(root / "n.ipynb"), str(root / "out.ipynb")]
    return subprocess.run([*command, *words], capture_output=True, text=True, check=False, cwd="/")


def test_papermill_alone_stops_at_a_mistyped_name(root):
    done = papermill(root, "-p", "sead", "7", "-p", "language", "zh")
    assert done.returncode != 0
    (error,) = [output for output in outputs(root / "out.ipynb") if output.output_type == "error"]
    assert error.ename == "ParameterError"
    assert error.traceback == [
        "问题：没有名为“sead”的参数。",
        "发现：sead = 7",
        "处理：您要写的是“seed”吗？",
    ]
    assert "您要写的是“seed”吗？" in done.stderr


def test_papermill_alone_stops_at_a_number_that_was_text(root):
    done = papermill(root, "-p", "where", "00123")
    assert done.returncode != 0
    assert "The parameter 'where' is text, but a number arrived." in done.stderr
    assert papermill(root, "-r", "where", "00123").returncode == 0


def test_papermill_alone_runs_with_good_parameters_and_its_paths(root):
    done = papermill(root, "-p", "seed", "7", "--inject-paths")
    assert done.returncode == 0, done.stderr
    shown = outputs(root / "out.ipynb")
    assert shown[0].data["text/html"].startswith('<details class="params">')
    assert "* seed = 7" in shown[0].data["text/plain"]
    assert shown[1].text == "7\n"


def test_jupyter_execute_runs_with_the_defaults(root):
    code = "from nbclient.cli import main; main()"
    command = [sys.executable, "-c", code, "--inplace", str(root / "n.ipynb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert outputs(root / "n.ipynb")[1].text == "0\n"


def test_reruns_in_one_kernel_see_the_parameters_of_now(root):
    book = notebook(
        cell(),
        "# Parameters\nsead = 7",
        CHECK,
        "scratch = 5",
        cell(seed=3),
        CHECK,
        "print(params.seed)",
        "seed = 4",
        CHECK,
        "print(params.seed)",
    )
    NotebookClient(book, allow_errors=True, kernel_name="python3").execute()
    first, second, shown, third, changed = (book.cells[at].outputs for at in (2, 5, 6, 8, 9))
    assert first[0].output_type == "error"
    assert second[0].output_type == "display_data"
    assert shown[0].text == "3\n"
    assert third[0].output_type == "display_data"
    assert changed[0].text == "4\n"


def test_a_missing_source_is_told_in_the_notebook(root):
    (root / "sales.csv").unlink()
    done = papermill(root)
    assert done.returncode != 0
    assert "The file of the parameter 'source' is not there." in done.stderr


def test_outside_of_a_notebook():
    with pytest.raises(ParameterError, match="none is running"):
        DataCheckParams.from_notebook()


def test_the_table_escapes_what_it_shows_and_names_what_was_set():
    params = DataCheckParams.read({"source": "<script>", "language": "zh", "by": "a, b"})
    shown = ParamTable(params)
    assert "<script>" not in shown._repr_html_()
    assert "&lt;script&gt;" in shown._repr_html_()
    assert shown.title() == "参数：source=<script>, by=a, b, language=zh"
    assert ("seed", "随机种子", "0", False) in shown.rows()
    assert ParamTable(DataCheckParams.read({})).title() == "Parameters"
