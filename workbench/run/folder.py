"""The folder of one run: ``running_…`` while it works, then named after its result or ``failed_…``.

Its ``results.json`` gets its name last of all, so that its presence means finished.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

from workbench.errors import Language, Problem, RunError
from workbench.params.base import NotebookParams

STAMP = "%Y%m%dT%H%M%SZ"
RUNNING, FAILED = "running_", "failed_"
FAILED_NAME = "report.failed.ipynb"
PART = "results.json.part"


def begin(runs: Path, name: str, params: NotebookParams) -> Path:
    """Make the folder of a run and write its ``params.yaml``."""
    import yaml

    folder = _new_folder(runs / name, RUNNING + datetime.now(UTC).strftime(STAMP))
    values = yaml.safe_dump(params.plain(), allow_unicode=True, sort_keys=False)
    (folder / "params.yaml").write_text(values, "utf-8")
    return folder


def moment() -> datetime:
    """The time on the shop's own clock, to the second: when targets are set."""
    return datetime.now().replace(microsecond=0)


def complete(
    folder: Path, language: Language, *, during: Callable[[], AbstractContextManager[None]]
) -> Path:
    """Name the folder after its result, render the HTML, and give ``results.json`` its name.

    Raises RunError where the notebook published nothing.
    """
    from workbench.report.publish import run_id, seal

    if not (folder / PART).is_file():
        raise RunError(Problem("run.no_results", {"path": str(folder / PART)}))
    record = json.loads((folder / PART).read_text("utf-8"))
    day = date.fromisoformat(record["as_of"])
    final = _free(folder.parent / run_id(day, record["params"], record["data"]))
    for file in (folder / PART, folder / "report.ipynb"):
        file.write_text(file.read_text("utf-8").replace(folder.name, final.name), "utf-8")
    with during():
        render(folder / "report.ipynb", folder / "report.html", language)
    folder.rename(final)
    seal(final)
    return final


def render(notebook: Path, out: Path, language: Language) -> object:
    """The report as one HTML file (nbconvert is imported when it is needed)."""
    from workbench.report.html import render_html

    return render_html(notebook, out, language)


def give_up(folder: Path) -> None:
    """Leave of a failed run only its parameters and ``report.failed.ipynb``, under ``failed_…``."""
    if not folder.is_dir():
        return
    for name in (PART, "report.html"):
        (folder / name).unlink(missing_ok=True)
    if (folder / "tables").is_dir():
        shutil.rmtree(folder / "tables")
    if (folder / "report.ipynb").is_file():
        (folder / "report.ipynb").replace(folder / FAILED_NAME)
    folder.rename(failed_folder(folder))


def failed_folder(folder: Path) -> Path:
    """Where the folder of a run goes when it fails."""
    return folder.with_name(folder.name.replace(RUNNING, FAILED, 1))


def _new_folder(parent: Path, stem: str) -> Path:
    """A folder that was not there before, also when two runs start in one second."""
    while True:
        folder = _free(parent / stem)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder


def _free(path: Path) -> Path:
    """``path``, or it with the first number that no other has."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
