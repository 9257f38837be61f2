"""The outlooks that past runs published: one table, with when and from what each was made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import Problem
from workbench.report.publish import RESULTS
from workbench.target.stated import STATED_VERSION, stated_columns

TABLE = "outlook"
BASIS = ("metric", "by", "where", "currency")
PROMPT = pd.Timedelta(days=14)
"""An outlook made later than this after its last known day, or after its period, is no forecast."""


@dataclass(frozen=True, eq=False)
class PastOutlooks:
    """What was found in a folder of runs.

    Attributes:
        table: rows of :func:`workbench.target.stated.stated`, and run, report, made_at, made
            (``live`` or ``late``), level; oldest run first.
        runs: how many runs published an outlook of the basis asked for.
        notices: what was left out.
    """

    table: pd.DataFrame
    runs: int = 0
    notices: tuple[Problem, ...] = ()


def read_outlooks(folder: str | Path, *, basis: Mapping[str, Any] | None = None) -> PastOutlooks:
    """All outlooks that finished runs published, oldest run first.

    Args:
        folder: of all runs.
        basis: parameters (metric, by, where, currency) that a run has to share; runs about other
            units or another currency are left out.
    """
    wanted = {name: _plain(value) for name, value in (basis or {}).items() if name in BASIS}
    found, other, broken = [], 0, []
    for file in sorted(Path(folder).glob(f"*/*/{RESULTS}")):
        record = _results(file)
        if record is None or TABLE not in record.get("tables", ()):
            continue
        params = record.get("params") or {}
        if any(_plain(params.get(name)) != value for name, value in wanted.items()):
            other += 1
            continue
        table = _outlook(file.parent)
        if table is None:
            broken.append(str(file.parent))
        elif len(table):
            found.append(_labelled(table, record, params))
    found.sort(key=lambda table: str(table["made_at"].iloc[0]))
    notices = []
    if other:
        notices.append(Problem("record.other_basis", {"count": other, "folder": str(folder)}))
    if broken:
        facts = {"count": len(broken), "folders": ", ".join(broken[:3])}
        notices.append(Problem("record.broken", facts))
    whole = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=_columns())
    return PastOutlooks(whole, len(found), tuple(notices))


def _columns() -> list[str]:
    return [*stated_columns(), "run", "report", "made_at", "made", "level"]


def _results(file: Path) -> dict[str, Any] | None:
    """The numbers of a run; None where they cannot be read, which the run history tells."""
    try:
        record = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _outlook(folder: Path) -> pd.DataFrame | None:
    """The table of a run; None where it is missing, damaged or of a later version."""
    from pyarrow import ArrowException

    try:
        table = pd.read_parquet(folder / "tables" / f"{TABLE}.parquet")
    except (OSError, ArrowException):
        return None
    known = set(stated_columns()) <= set(table.columns)
    return table if known and (table["stated_version"] <= STATED_VERSION).all() else None


def _labelled(
    table: pd.DataFrame, record: Mapping[str, Any], params: Mapping[str, Any]
) -> pd.DataFrame:
    made_at = pd.Timestamp(str(record.get("finished_at"))).tz_localize(None)
    prompt = (made_at.normalize() - table["as_of"] <= PROMPT) & (made_at <= table["end"])
    level = "/".join(_plain(params.get("by")) or [])
    return table[stated_columns()].assign(
        run=str(record.get("run_id")),
        report=str(record.get("report")),
        made_at=made_at,
        made=prompt.map({True: "live", False: "late"}),
        level=(table["unit"] != "").map({True: level, False: ""}),
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
