"""The folder of one run: begun before the kernel, finished by the rename of ``results.json``."""

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import Language
from workbench.params.base import NotebookParams
from workbench.run.failure import FAILED_NAME

STAMP = "%Y%m%dT%H%M%SZ"


def begin(runs: Path, name: str, params: NotebookParams) -> Path:
    """Make the folder of a run and write its ``params.yaml``.

    It is called by the last known day ("latest" when the data decide), the time of the start and
    a short hash of the parameters.
    """
    import yaml

    text = json.dumps(params.plain(), sort_keys=True, ensure_ascii=False)
    short = hashlib.sha256(text.encode()).hexdigest()[:6]
    as_of = str(getattr(params, "as_of", "")) or "latest"
    stem = f"{as_of}_{datetime.now(UTC).strftime(STAMP)}_{short}"
    folder = _new_folder(runs / name, stem)
    values = yaml.safe_dump(params.plain(), allow_unicode=True, sort_keys=False)
    (folder / "params.yaml").write_text(values, "utf-8")
    return folder


def complete(
    folder: Path, language: Language, *, during: Callable[[], AbstractContextManager[None]]
) -> Path:
    """Render the HTML, then rename ``results.json`` into place."""
    with during():
        render(folder / "report.ipynb", folder / "report.html", language)
    (folder / "results.json.part").replace(folder / "results.json")
    return folder


def render(notebook: Path, out: Path, language: Language) -> object:
    """The report as one HTML file (nbconvert is imported when it is needed)."""
    from workbench.report.html import render_html

    return render_html(notebook, out, language)


def give_up(folder: Path) -> None:
    """Leave of a failed run only its parameters and ``report.failed.ipynb``."""
    for name in ("results.json", "results.json.part", "report.html"):
        (folder / name).unlink(missing_ok=True)
    if (folder / "tables").is_dir():
        shutil.rmtree(folder / "tables")
    if (folder / "report.ipynb").is_file():
        (folder / "report.ipynb").replace(folder / FAILED_NAME)


def _new_folder(parent: Path, stem: str) -> Path:
    for number in range(1, 1000):
        folder = parent / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(parent / stem)
