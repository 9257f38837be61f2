"""What papermill reports when a notebook stops, told to a reader."""

from pathlib import Path

import pytest

from workbench.errors import DataError, ForecastError, ParameterError, RunError, TargetError
from workbench.run.failure import cannot_write, died, not_started, stopped, timed_out
from workbench.run.result import NotebookStopped, exit_code

FOLDER = Path("runs/20_target_setting/running_x")
KEPT = "runs/20_target_setting/failed_x/report.failed.ipynb"


def test_our_own_errors_keep_their_words_and_their_exit_code():
    error = stopped("TargetError", "…", ["问题：甲", "发现：乙"], stage="", folder=FOLDER)
    assert isinstance(error, NotebookStopped)
    assert error.text("zh") == error.text("en") == "问题：甲\n发现：乙"
    assert exit_code(error) == 4


def test_other_errors_point_at_the_notebook_that_was_kept():
    error = stopped("KeyError", "'x'", ["Traceback"], stage="Forecast", folder=FOLDER)
    assert f"Forecast: KeyError: 'x'\nWhat to do: Open {KEPT}" in error.text()
    assert "未预料到的错误" in error.text("zh")


def test_last_words_of_a_process_that_died():
    error = died("warning\nout of memory\n", stage="Forecast", folder=FOLDER)
    assert f"Forecast (out of memory); partial notebook: {KEPT}" in error.text()
    assert "Found: —; partial" in died("", stage="", folder=FOLDER).text()
    assert "内存不足" in error.text("zh")


def test_time_start_and_disk():
    assert "more than 7 s" in timed_out(7, stage="Forecast", folder=FOLDER).text()
    assert "超过 7 秒" in timed_out(7, stage="预测", folder=FOLDER).text("zh")
    assert "could not be started.\nFound: no reply" in not_started("no reply").text()
    assert "无法启动" in not_started("no reply").text("zh")
    full = cannot_write(Path("runs"), OSError(28, "No space left on device"))
    assert "runs: No space left on device" in full.text()


@pytest.mark.parametrize(
    ("kind", "code"),
    [(ParameterError, 2), (DataError, 3), (ForecastError, 4), (TargetError, 4), (RunError, 5)],
)
def test_every_kind_of_error_has_its_exit_code(kind, code):
    assert exit_code(kind()) == code
    assert exit_code(NotebookStopped(kind.__name__, "")) == code
    assert exit_code(NotebookStopped("Strange", "")) == 5
