"""Publish a run: tables, parameters, and ``results.json`` last, by rename."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.errors import Problem, RunError
from workbench.params.base import NotebookParams
from workbench.params.places import project_root
from workbench.report.metrics import Metric
from workbench.report.safe import cell_text, file_name, html_text

if TYPE_CHECKING:
    from workbench.data.report import Fingerprint

SCHEMA_VERSION = 1
RUN_DIR_VARIABLE = "WORKBENCH_RUN_DIR"
RESULTS, PART = "results.json", "results.json.part"
STAMP = "%Y%m%dT%H%M%SZ"
PACKAGES = ("sales-target-workbench", "numpy", "pandas", "prophet", "scikit-learn", "holidays")


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run. ``finished`` once ``results.json`` has its name."""

    path: Path
    run_id: str
    tables: tuple[str, ...] = ()

    @property
    def results(self) -> Path:
        """The numbers of the run; present means finished."""
        return self.path / RESULTS

    @property
    def finished(self) -> bool:
        """Whether the results have been published."""
        return self.results.is_file()

    def _repr_html_(self) -> str:
        links = (f'<a href="tables/{name}.csv">{name}.csv</a>' for name in self.tables)
        listed = " · ".join(links)
        return f'<p class="run">{html_text(self.run_id)}{" · " if listed else ""}{listed}</p>'


def publish(
    report: str,
    *,
    params: NotebookParams | Mapping[str, Any],
    as_of: date,
    metrics: Iterable[Metric] = (),
    tables: Mapping[str, pd.DataFrame] | None = None,
    notices: Iterable[Problem] = (),
    fingerprint: "Fingerprint | Mapping[str, Any] | None" = None,
    period: str = "",
    currency: str = "",
    files: Mapping[str, str] | None = None,
    out: str | Path | None = None,
) -> RunFolder:
    """Write the tables and the numbers of a run into its folder.

    ``workbench run`` has made the folder and renames ``results.json.part`` when the HTML is done.
    Without it (plain papermill, JupyterLab) the folder is made here, under ``out`` or the
    parameter ``out``, and ``results.json`` gets its name at the end.

    Args:
        report: the notebook's name.
        params: its parameters.
        as_of: the last day whose sales are known.
        metrics: numbers, see :mod:`workbench.report.metrics`.
        tables: name → table; each becomes a Parquet and a CSV file that Excel opens.
        notices: what was noticed; repeated ones are kept once.
        fingerprint: of the data.
        period: label of the period the numbers are about.
        currency: what the money is in.
        files: name → text of further files, such as ``alerts.json``.
        out: the folder of all runs.
    """
    plain = _plain(params)
    marks = _fingerprint(fingerprint)
    given = os.environ.get(RUN_DIR_VARIABLE, "")
    runs = Path(out) if out else project_root() / str(plain.get("out") or "runs")
    folder = Path(given) if given else _new_folder(runs / report, run_id(as_of, plain, marks))
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(_write_table(folder, name, table) for name, table in (tables or {}).items())
    for name, text in (files or {}).items():
        (folder / Path(name).name).write_text(text, "utf-8")
    record = {
        "schema_version": SCHEMA_VERSION,
        "report": report,
        "run_id": folder.name,
        "as_of": f"{as_of:%Y-%m-%d}",
        "period": period,
        "currency": currency,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "params": plain,
        "data": marks,
        "versions": versions(),
        "git_commit": git_commit(),
        "notices": _notices(notices),
        "tables": list(names),
        "metrics": [asdict(entry) for entry in metrics],
    }
    if given:
        _write_json(folder / PART, record)
    else:
        _write_params(folder, plain)
        _write_json(folder / RESULTS, record)
    return RunFolder(folder, folder.name, names)


def seal(folder: Path) -> Path:
    """Give ``results.json`` its name: from here on the run counts as finished.

    Raises:
        RunError: where the run published nothing.
    """
    part = folder / PART
    if not part.is_file():
        raise RunError(Problem("report.run_not_sealed", {"folder": str(folder)}))
    return part.replace(folder / RESULTS)


def run_id(as_of: date, params: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Last known day, time of writing (UTC), and a short hash of parameters and data."""
    text = json.dumps([params, data], sort_keys=True, default=str, ensure_ascii=False)
    short = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{as_of:%Y-%m-%d}_{datetime.now(UTC).strftime(STAMP)}_{short}"


def versions() -> dict[str, str]:
    """The installed versions of what the numbers depend on."""
    from importlib.metadata import PackageNotFoundError, version
    from platform import python_version

    found = {"python": python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def git_commit() -> str | None:
    """The commit of the project the run was made with, where it is a git checkout."""
    if not which("git"):
        return None
    call = ["git", "-C", str(project_root()), "rev-parse", "HEAD"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _plain(params: NotebookParams | Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as text, numbers, lists and mappings; also refuses what JSON cannot hold."""
    given = params.plain() if isinstance(params, NotebookParams) else dict(params)
    plain: dict[str, Any] = json.loads(json.dumps(given, allow_nan=False, default=_as_json))
    return plain


def _fingerprint(marks: "Fingerprint | Mapping[str, Any] | None") -> dict[str, Any]:
    if marks is None:
        return {}
    return dict(marks) if isinstance(marks, Mapping) else asdict(marks)


def _notices(problems: Iterable[Problem]) -> list[dict[str, str]]:
    said: dict[str, dict[str, str]] = {}
    for problem in problems:
        english = problem.text("en")
        said[english] = {"code": problem.code, "en": english, "zh": problem.text("zh")}
    return list(said.values())


def _new_folder(parent: Path, stem: str) -> Path:
    """A folder that was not there before, also when two runs end in the same second."""
    number = 1
    while True:
        folder = parent / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
            continue
        return folder


def _write_table(folder: Path, name: str, table: pd.DataFrame) -> str:
    place = folder / "tables"
    place.mkdir(exist_ok=True)
    safe = file_name(name)
    flat = table.reset_index() if _indexed(table) else table.reset_index(drop=True)
    flat = flat.rename(columns=str)
    flat.to_parquet(place / f"{safe}.parquet", index=False)
    shown = flat.copy()
    for column in shown.columns:
        if not pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].map(
                lambda cell: cell_text(cell) if isinstance(cell, str) else cell
            )
    # The byte-order mark is what makes Excel read the file as UTF-8.
    shown.to_csv(place / f"{safe}.csv", index=False, encoding="utf-8-sig")
    return safe


def _indexed(table: pd.DataFrame) -> bool:
    """Whether the index says something: it has a name, or is not just 0, 1, 2, …"""
    return any(table.index.names) or not isinstance(table.index, pd.RangeIndex)


def _write_params(folder: Path, plain: Mapping[str, Any]) -> None:
    import yaml

    text = yaml.safe_dump(dict(plain), allow_unicode=True, sort_keys=False)
    (folder / "params.yaml").write_text(text, "utf-8")


def _write_json(path: Path, record: Mapping[str, Any]) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False, default=_as_json)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text + "\n", "utf-8")
    os.replace(scratch, path)


def _as_json(value: object) -> object:
    """Dates as ISO text, numpy numbers as plain ones."""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"results.json cannot hold {type(value).__name__}: {value!r}")
