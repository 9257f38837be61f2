"""What a run leaves behind, and which exit code a failure has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.errors import Language, RunError

EXIT_CODES: Mapping[str, int] = {
    "ParameterError": 2,
    "DataError": 3,
    "ForecastError": 4,
    "TargetError": 4,
    "RunError": 5,
}
INTERRUPTED = 130


@dataclass(frozen=True)
class RunResult:
    """A finished run: its folder, and the seconds it took."""

    name: str
    folder: Path
    seconds: float
    language: Language = "en"

    @property
    def report(self) -> Path:
        """The report as one HTML file that needs no network."""
        return self.folder / "report.html"

    @property
    def results(self) -> Path:
        """The numbers of the report; written last, so that its presence means finished."""
        return self.folder / "results.json"

    @cached_property
    def record(self) -> dict[str, Any]:
        """What stands in ``results.json``."""
        found: dict[str, Any] = json.loads(self.results.read_text("utf-8"))
        return found


@dataclass(frozen=True)
class Outcome:
    """How a report of a batch ended.

    Attributes:
        code: its exit code; 0 where it is done, 130 where it was interrupted or not begun.
        seconds: how long it took; 0 where it was not begun.
        folder: its folder, or "" where there is none.
        message: what is wrong, what was found, what to do; "" where nothing is.
    """

    code: int
    seconds: float = 0.0
    folder: str = ""
    message: str = ""


class NotebookStopped(RunError):
    """A notebook that stopped with a message of its own, in the language of its report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__()
        self.kind = kind
        self.message = message

    def text(self, language: Language = "en") -> str:  # noqa: ARG002 - the notebook chose it
        """The message as the notebook gave it."""
        return self.message


def exit_code(error: Exception) -> int:
    """The exit code of a failure: 2 parameters, 3 data, 4 forecast or target, 5 the run itself."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if isinstance(error, NotebookStopped):
        kinds.insert(0, error.kind)
    return next((EXIT_CODES[kind] for kind in kinds if kind in EXIT_CODES), EXIT_CODES["RunError"])
