"""Run one notebook with papermill: check, folder, kernel, report, and ``results.json`` last."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from workbench.errors import RunError
from workbench.params.base import NotebookParams, language_of
from workbench.params.places import ROOT_VARIABLE, project_root
from workbench.run.check import Notebook, check, find_notebook
from workbench.run.failure import cannot_write, died, not_started, stopped, timed_out
from workbench.run.folder import begin, complete, failed_folder, give_up
from workbench.run.kernel import RUN_DIR_VARIABLE, lost_at_start, own_kernel
from workbench.run.result import RunResult
from workbench.run.stages import Stage, stages

LAST_STAGE = {"en": "Writing the report", "zh": "生成报告"}
Progress = Callable[[Stage], object]


def run_notebook(
    name: str,
    parameters: Mapping[str, Any],
    *,
    out: str | Path | None = None,
    progress: Progress = print,
    timeout: int = 3600,
    start_timeout: int = 120,
) -> RunResult:
    """Run a notebook and publish its report.

    The parameters are checked before anything starts. Each stage is told to ``progress`` twice: as
    it starts and when it is finished. A run that fails leaves ``report.failed.ipynb`` and
    ``params.yaml`` in its folder and no ``results.json``.

    Args:
        name: the notebook, such as ``20_target_setting``.
        parameters: values by name; whatever is not named keeps its default.
        out: the folder of all runs; by default the parameter ``out``.
        progress: called with each :class:`Stage`.
        timeout: seconds that one cell may take.
        start_timeout: seconds that the kernel may take to start.

    Raises:
        ParameterError: parameters that cannot be used; nothing was started.
        RunError: a notebook that stopped (:class:`NotebookStopped` with its own message), took too
            long, published nothing, or whose folder cannot be written.
    """
    started = time.monotonic()
    notebook, params = find_notebook(name), check(name, parameters)
    runs = Path(out) if out else params.folder()
    watch = _Watch(notebook, params, progress)
    try:
        folder = begin(runs, notebook.name, params)
        with _unfinished(folder):
            _execute(notebook, params, folder, watch, timeout=timeout, start_timeout=start_timeout)
            final = complete(folder, language_of(params.plain()), during=watch.last)
    except OSError as error:
        raise cannot_write(runs, error) from error
    return RunResult(notebook.name, final, time.monotonic() - started, language_of(params.plain()))


class _Watch:
    """Tells the progress of one run; remembers where it is."""

    def __init__(self, notebook: Notebook, params: NotebookParams, progress: Progress) -> None:
        import nbformat

        language = language_of(params.plain())
        cells = nbformat.read(notebook.path, 4).cells  # type: ignore[no-untyped-call]
        self.inside, (self.after,) = stages(cells, language, LAST_STAGE[language])
        self.progress, self.now, self.since = progress, "", 0.0

    def start(self, cell: Mapping[str, Any], **_: object) -> None:
        """A cell starts."""
        stage = self.inside.get(str(cell.get("id")))
        if stage:
            self.begin(stage)

    def finish(
        self, cell: Mapping[str, Any], execute_reply: Mapping[str, Any], **_: object
    ) -> None:
        """A cell is done; one that failed keeps its stage open."""
        stage = self.inside.get(str(cell.get("id")))
        if stage and execute_reply["content"]["status"] == "ok":
            self.progress(stage.took(time.monotonic() - self.since))

    def begin(self, stage: Stage) -> None:
        """A stage starts."""
        self.now, self.since = stage.name, time.monotonic()
        self.progress(stage)

    @contextmanager
    def last(self) -> Iterator[None]:
        """The stage after the last cell."""
        self.begin(self.after)
        yield
        self.progress(self.after.took(time.monotonic() - self.since))


@contextmanager
def _unfinished(folder: Path) -> Iterator[None]:
    """Leave nothing behind that looks finished, whatever stops the run."""
    done = False
    try:
        yield
        done = True
    except RunError as error:
        error.folder = str(failed_folder(folder))
        raise
    finally:
        if not done:
            give_up(folder)


def _execute(
    notebook: Notebook,
    params: NotebookParams,
    folder: Path,
    watch: _Watch,
    *,
    timeout: int,
    start_timeout: int,
) -> None:
    from papermill import execute_notebook

    environment = {RUN_DIR_VARIABLE: str(folder), ROOT_VARIABLE: str(project_root())}

    def execute(said: IO[bytes]) -> None:
        execute_notebook(
            str(notebook.path),
            str(folder / "report.ipynb"),
            parameters=params.given(),
            kernel_name="python3",
            progress_bar=False,
            start_timeout=start_timeout,
            execution_timeout=timeout,
            kernel_manager_class=own_kernel(environment, said),
            on_cell_execute=watch.start,
            on_cell_executed=watch.finish,
        )

    with TemporaryFile() as said, _explained(watch, folder, said, timeout=timeout):
        try:
            execute(said)
        except RuntimeError as error:
            # Between choosing a port and taking it another program may have it: no cell has run.
            if not lost_at_start(error):
                raise
            execute(said)


@contextmanager
def _explained(watch: _Watch, folder: Path, said: IO[bytes], *, timeout: int) -> Iterator[None]:
    """Turn what papermill raises into messages for the reader."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError

    try:
        yield
    except PapermillExecutionError as error:
        raise stopped(
            error.ename, error.evalue, error.traceback, stage=watch.now, folder=folder
        ) from error
    except CellTimeoutError as error:
        raise timed_out(timeout, stage=watch.now, folder=folder) from error
    except DeadKernelError as error:
        said.seek(0)
        last = said.read().decode("utf-8", "replace")
        raise died(last, stage=watch.now, folder=folder) from error
    except RuntimeError as error:
        raise not_started(str(error)) from error
