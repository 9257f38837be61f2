"""What papermill reports when a notebook stops → a message for the reader."""

from pathlib import Path

from workbench.errors import Problem, RunError
from workbench.run.folder import FAILED_NAME, failed_folder
from workbench.run.result import EXIT_CODES, NotebookStopped


def stopped(kind: str, message: str, traceback: list[str], *, stage: str, folder: Path) -> RunError:
    """The error of a cell that raised: our message as it is, else where the traceback stands."""
    if kind in EXIT_CODES:
        return NotebookStopped(kind, "\n".join(traceback))
    facts: dict[str, object] = {
        "stage": stage or "—",
        "error": f"{kind}: {message}"[:300],
        "notebook": _notebook(folder),
    }
    return RunError(Problem("run.unexpected", facts))


def timed_out(seconds: int, *, stage: str, folder: Path) -> RunError:
    """The error of a cell that took longer than it may."""
    facts = {"stage": stage or "—", "seconds": seconds, "notebook": _notebook(folder)}
    return RunError(Problem("run.timeout", facts))


def died(last_words: str, *, stage: str, folder: Path) -> RunError:
    """The error of a kernel that ended in the middle of a cell."""
    said = last_words.strip().splitlines()
    facts = {
        "stage": f"{stage or '—'}{f' ({said[-1][:200]})' if said else ''}",
        "notebook": _notebook(folder),
    }
    return RunError(Problem("run.kernel_died", facts))


def not_started(message: str) -> RunError:
    """The error of a kernel that did not come up."""
    return RunError(Problem("run.kernel_start", {"error": message[:300]}))


def cannot_write(runs: Path, error: OSError) -> RunError:
    """The error of a folder that cannot be written: no room, no right."""
    facts = {"folder": str(error.filename or runs), "reason": error.strerror or str(error)}
    return RunError(Problem("run.cannot_write", facts))


def _notebook(folder: Path) -> str:
    return str(failed_folder(folder) / FAILED_NAME)
