"""Where the project is, and where a file named in a parameter is looked for."""

import os
from pathlib import Path

ROOT_VARIABLE = "WORKBENCH_ROOT"


def project_root() -> Path:
    """The folder that holds ``notebooks/`` and ``params/``.

    ``WORKBENCH_ROOT`` where that environment variable is set; else the working folder or the
    nearest folder above it that holds both; else the checkout this package was installed from;
    else the working folder.
    """
    named = os.environ.get(ROOT_VARIABLE, "")
    if named:
        return Path(named).expanduser().resolve()
    here = Path.cwd()
    above = (here, *here.parents, Path(__file__).resolve().parents[2])
    return next((folder for folder in above if is_project(folder)), here)


def is_project(folder: Path) -> bool:
    """Whether ``folder`` holds the notebooks and their parameter files."""
    return (folder / "notebooks").is_dir() and (folder / "params").is_dir()


def find_file(text: str) -> Path | None:
    """The file or folder ``text`` names: in the project root, else in the working folder.

    The root comes first so that a parameter file means the same wherever the run is started.
    """
    path = Path(text).expanduser()
    places = [path] if path.is_absolute() else [project_root() / path, Path.cwd() / path]
    return next((place.resolve() for place in places if place.exists()), None)


def is_address(text: str) -> bool:
    """Whether ``text`` is an address such as ``postgresql://…`` and not a file."""
    return "://" in text
