"""Running a notebook: what is left behind when it finishes, and when it does not."""

from pathlib import Path

import nbformat
import pytest
import yaml

from workbench.errors import ParameterError, RunError
from workbench.run import folder as run_folder
from workbench.run.notebook import run_notebook
from workbench.run.result import NotebookStopped, exit_code
from workbench.run.stages import Stage

from .conftest import results_in

GOOD = {"source": "sales.csv"}


@pytest.fixture(autouse=True)
def plain_html(monkeypatch):
    """The report room's HTML is tested there; here its place in the order matters."""

    def render(notebook: Path, out: Path, language: str) -> Path:
        assert not (out.parent / "results.json").exists()
        out.write_text(f"<html lang={language}>")
        return out

    monkeypatch.setattr(run_folder, "render", render)


def left_behind(root: Path, name: str = "failed_*") -> set[str]:
    (folder,) = (root / "runs" / "00_data_check").glob("*")
    assert folder.match(name)
    return {path.name for path in folder.iterdir()}


def failing(where: str, **options) -> tuple[RunError, list[str]]:
    told: list[Stage] = []
    with pytest.raises(RunError) as caught:
        run_notebook("00", {**GOOD, "where": where}, progress=told.append, **options)
    return caught.value, [str(stage) for stage in told]


def test_a_finished_run(stub_root, monkeypatch):
    monkeypatch.chdir("/")
    told = []
    result = run_notebook("00", {**GOOD, "language": "zh"}, progress=told.append)
    assert left_behind(stub_root, "2026-09-30_*") == {
        *("report.ipynb", "report.html", "results.json", "params.yaml", "tables")
    }
    assert result.folder.parent == stub_root / "runs" / "00_data_check"
    assert result.record["as_of"] == "2026-09-30"
    assert result.record["run_id"] == result.folder.name
    assert result.folder.name.startswith("2026-09-30_20")
    assert "running_" not in (result.folder / "report.ipynb").read_text("utf-8")
    assert result.report.read_text() == "<html lang=zh>"
    assert yaml.safe_load((result.folder / "params.yaml").read_text("utf-8"))["language"] == "zh"
    names = [(stage.number, stage.of, stage.name) for stage in told]
    assert names == [
        (i, 3, n) for i, n in enumerate(("读取数据", "处理", "生成报告"), 1) for _ in "12"
    ]
    assert [stage.seconds is None for stage in told] == [True, False] * 3


def test_two_runs_in_one_second_do_not_share_a_folder(stub_root):
    from workbench.params.models import DataCheckParams

    params = DataCheckParams.read(GOOD)
    folders = {run_folder.begin(stub_root / "runs", "00_data_check", params) for _ in range(3)}
    assert len(folders) == 3


def test_bad_parameters_start_nothing(stub_root):
    with pytest.raises(ParameterError) as caught:
        run_notebook("00", {"source": "no.csv", "period": "2026Q7"})
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["params.file_missing", "period.no_such_quarter"]
    assert not (stub_root / "runs").exists()


def test_our_own_error_arrives_as_its_message(stub_root):
    error, told = failing("data")
    assert isinstance(error, NotebookStopped)
    assert error.text().startswith("What is wrong: No sales data are named.\nFound: ")
    assert "Traceback" not in error.text()
    assert exit_code(error) == 3
    assert told[-1] == "2/3 Doing …"
    assert left_behind(stub_root) == {"report.failed.ipynb", "params.yaml"}
    assert results_in(stub_root) == []


def test_the_failed_notebook_shows_the_message_in_its_language(stub_root):
    with pytest.raises(NotebookStopped, match="问题：没有指定销售数据"):
        run_notebook("00", {**GOOD, "where": "data", "language": "zh"}, progress=lambda _: None)
    (path,) = stub_root.glob("runs/*/*/report.failed.ipynb")
    outputs = [o for c in nbformat.read(path, 4).cells for o in c.get("outputs", [])]
    (error,) = [output for output in outputs if output.output_type == "error"]
    assert error.ename == "DataError"
    assert error.traceback[0] == "问题：没有指定销售数据。"
    assert not any("Traceback" in line for line in error.traceback)


def test_an_unforeseen_error_points_at_the_notebook(stub_root):
    error, _ = failing("bug")
    assert "an error that was not foreseen" in error.text()
    assert "Doing: KeyError: '没有'" in error.text()
    (kept,) = stub_root.glob("runs/00_data_check/failed_*/report.failed.ipynb")
    assert str(kept) in error.text()
    assert exit_code(error) == 5
    assert left_behind(stub_root) == {"report.failed.ipynb", "params.yaml"}


def test_a_hanging_cell_is_stopped(stub_root):
    error, _ = failing("hang", timeout=2)
    assert "took longer than allowed" in error.text()
    assert "Doing: more than 2 s" in error.text()
    assert left_behind(stub_root) == {"report.failed.ipynb", "params.yaml"}


def test_a_dying_kernel_is_told(stub_root):
    error, _ = failing("die")
    assert "ended in the middle of its work" in error.text()
    assert "notebook 的进程中途退出" in error.text("zh")
    assert left_behind(stub_root) == {"report.failed.ipynb", "params.yaml"}


def test_a_notebook_that_publishes_nothing_is_no_success(stub_root):
    error, _ = failing("silent")
    assert "ran to its end but published nothing" in error.text()
    assert left_behind(stub_root) == {"report.failed.ipynb", "params.yaml"}


def test_a_report_that_cannot_be_rendered_is_no_success(stub_root, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(run_folder, "render", broken)
    with pytest.raises(RunError, match="disk full") as caught:
        run_notebook("00", GOOD, progress=lambda _: None)
    assert "无法写入报告" in caught.value.text("zh")
    assert results_in(stub_root) == []
    assert "report.html" not in left_behind(stub_root)


def test_a_folder_that_cannot_be_made_is_told(stub_root):
    (stub_root / "runs").write_text("a file where the folder should be")
    with pytest.raises(RunError, match="The report cannot be written"):
        run_notebook("00", GOOD)


def test_the_kernel_is_this_interpreter_even_without_a_kernelspec(stub_root, monkeypatch, tmp_path):
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text('{"argv": ["/bin/false"], "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert run_notebook("00", GOOD, progress=lambda _: None).results.is_file()


def lost_starts(monkeypatch, times: int, message: str) -> list[str]:
    """Let the first ``times`` starts fail; the attempts made."""
    import papermill

    attempts: list[str] = []
    really = papermill.execute_notebook

    def execute(*given, **options):
        attempts.append(given[0])
        if len(attempts) <= times:
            raise RuntimeError(message)
        return really(*given, **options)

    monkeypatch.setattr(papermill, "execute_notebook", execute)
    return attempts


def test_a_kernel_lost_at_its_start_is_started_once_more(stub_root, monkeypatch):
    attempts = lost_starts(monkeypatch, 1, "Kernel died before replying to kernel_info")
    assert run_notebook("00", GOOD, progress=print).record["as_of"] == "2026-09-30"
    assert len(attempts) == 2


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Kernel died before replying to kernel_info", 2),
        ("Kernel didn't respond in 120 seconds", 1),
    ],
)
def test_a_kernel_that_will_not_start_is_said(stub_root, monkeypatch, message, expected):
    attempts = lost_starts(monkeypatch, 9, message)
    with pytest.raises(RunError, match="could not be started") as caught:
        run_notebook("00", GOOD, progress=print)
    assert message in str(caught.value)
    assert len(attempts) == expected
