"""The running notebook: its cells, its variables, and how it shows a problem.

The only place that talks to IPython.
"""

from traceback import clear_frames
from types import TracebackType
from typing import Any

from workbench.errors import ParameterError, Problem, WorkbenchError
from workbench.params.base import NotebookParams, language_of
from workbench.params.cells import undeclared
from workbench.params.table import ParamTable


def running_shell() -> Any:
    """The IPython shell that runs this notebook; raises ParameterError outside of one."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise ParameterError(Problem("params.no_notebook"))
    return shell


def read_cells(model: type[NotebookParams]) -> dict[str, Any]:
    """The values of the parameters, and of undeclared names that a parameter cell assigns."""
    names = running_shell().user_ns
    declared = tuple(model.model_fields)
    typed = undeclared([str(cell) for cell in names.get("In", [])], declared)
    return {name: names[name] for name in (*declared, *typed) if name in names}


def show_problems(*, language: object) -> None:
    """From now on show a workbench error as its message alone, in ``language``."""
    spoken = language_of({"language": language})

    def handler(
        shell: Any,
        kind: type[WorkbenchError],
        error: WorkbenchError,
        trace: TracebackType,
        tb_offset: int | None = None,  # noqa: ARG001
    ) -> list[str]:
        lines = error.text(spoken).splitlines()
        # What the failed call held, such as an open file, is not kept alive by a trace nobody sees.
        clear_frames(trace)
        # The error message on the wire is what makes papermill stop with a failure.
        shell._showtraceback(kind, "\n".join(lines), lines)
        return lines

    running_shell().set_custom_exc((WorkbenchError,), handler)


def show(params: NotebookParams) -> None:
    """Display the resolved parameters, folded, in the language of the report."""
    from IPython.display import display

    display(ParamTable(params))  # type: ignore[no-untyped-call]
