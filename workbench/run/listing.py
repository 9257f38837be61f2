"""What there is to run, and what has been run."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import Language
from workbench.params.models import MODELS
from workbench.params.places import project_root
from workbench.run.check import find_notebook

LAST: Mapping[Language, tuple[str, str]] = {
    "en": ("last run: ", "not run yet"),
    "zh": ("最近一次运行：", "尚未运行"),
}


def listing(language: Language, *, out: str = "runs") -> Iterator[str]:
    """One paragraph per notebook: name and reader, what it answers, the report of the last run."""
    before, never = LAST[language]
    for name in MODELS:
        about = _about(find_notebook(name).path)
        done = finished(out, name)
        last = before + str(done[-1].parent / "report.html") if done else never
        title = f"{name}  ({about['reader'][language]})"
        yield "\n  ".join([title, about["answers"][language], last])


def finished(out: str, name: str) -> list[Path]:
    """The ``results.json`` of every finished run of a notebook, oldest first."""
    found = (project_root() / out / name).glob("*/results.json")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path))


def _about(path: Path) -> dict[str, dict[str, str]]:
    """What a notebook's own metadata says of its reader and the question it answers."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    about: dict[str, dict[str, str]] = notebook["metadata"]["workbench"]
    return about
