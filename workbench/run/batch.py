"""What a batch is to run: one report per parameter file, all of them checked before any starts."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from glob import glob
from pathlib import Path
from typing import Any

from workbench.errors import Language, ParameterError, Problem
from workbench.params.base import language_of
from workbench.params.files import read_file
from workbench.params.models import MODELS
from workbench.params.places import project_root
from workbench.run.check import check

PATTERNS = ("*.yaml", "*.yml")


@dataclass(frozen=True)
class Job:
    """One report of a batch: its parameter file, its notebook, and all the values it is given."""

    file: str
    notebook: str
    values: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The file's name without its ending."""
        return Path(self.file).stem

    @cached_property
    def language(self) -> Language:
        """The language of the report and of what is said about it."""
        return language_of(self.values)


class FilesError(ParameterError):
    """Everything that is wrong with the files of a batch, under the name of each file."""

    def __init__(self, found: Mapping[str, Sequence[Problem]]) -> None:
        self.found = found
        super().__init__(*(problem for problems in found.values() for problem in problems))

    def text(self, language: Language = "en") -> str:
        """Every problem, the files' names above theirs."""
        return "\n\n".join(
            "\n\n".join([file, *(problem.text(language) for problem in problems)])
            for file, problems in self.found.items()
        )


def plan_batch(names: Iterable[str], given: Mapping[str, Any] | None = None) -> tuple[Job, ...]:
    """The reports that parameter files ask for, every one of them checked; nothing is started.

    Args:
        names: parameter files, patterns such as ``params/weekly/*.yaml``, or folders of them. A
            file's name begins with the number of its notebook: ``20_target_setting.north.yaml``.
        given: values that replace those of every file; one that only some of the notebooks take
            goes to those.

    Raises:
        ParameterError: no files at all; else all that is wrong with them, file by file.
    """
    files = [file for name in names for file in _files(name)]
    found: dict[str, tuple[Problem, ...]] = {}
    jobs = []
    taken = {name for file in files for name in _takes(file)}
    for file in dict.fromkeys(files):
        fitting = {k: v for k, v in (given or {}).items() if k in _takes(file) or k not in taken}
        try:
            jobs.append(_job(file, fitting))
        except ParameterError as error:
            found[file] = error.problems
    twice = sorted({file for file in files if files.count(file) > 1})
    found |= {f: (*found.get(f, ()), Problem("run.batch_twice", {"file": f})) for f in twice}
    if found:
        raise FilesError(found)
    if not jobs:
        raise ParameterError(Problem("run.batch_no_files", {"names": ", ".join(names) or "—"}))
    return tuple(jobs)


def notebook_of(file: str) -> str:
    """The notebook whose number begins a file's name, or "" where none does.

    >>> notebook_of("weekly/20_target_setting.north.yaml"), notebook_of("10 华东.yaml")
    ('20_target_setting', '10_forecast')
    >>> notebook_of("2026.yaml")
    ''
    """
    number = re.match(r"\d*", Path(file).name)
    return next((name for name in MODELS if number and name.split("_")[0] == number[0]), "")


def _takes(file: str) -> Collection[str]:
    """The parameters of a file's notebook."""
    name = notebook_of(file)
    return MODELS[name].model_fields if name else ()


def _files(name: str) -> list[str]:
    """The parameter files of a folder or pattern, by name; any other name as it is."""
    roots = (Path.cwd(), project_root())
    if any(mark in name for mark in "*?["):
        patterns = [name]
    elif any((root / name).is_dir() for root in roots):
        patterns = [f"{name}/{ending}" for ending in PATTERNS]
    else:
        return [name]
    found = (sorted(p for end in patterns for p in glob(str(root / end))) for root in roots)
    return next((files for files in found if files), [])


def _job(file: str, given: Mapping[str, Any]) -> Job:
    name = notebook_of(file)
    values = {**read_file(file), **given}
    if not name:
        facts = {"file": Path(file).name, "known": ", ".join(MODELS)}
        raise ParameterError(Problem("run.batch_unnamed", facts))
    check(name, values)
    return Job(file, name, values)
