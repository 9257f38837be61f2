"""The record of all outlooks that runs kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.report.outlooks import read_outlooks
from workbench.target.record import TrackRecord, score_outlooks


def score_history(
    folder: str | Path,
    panel: Panel,
    *,
    basis: Mapping[str, Any] | None = None,
    replayed: pd.DataFrame | None = None,
) -> TrackRecord:
    """Score every outlook that runs in a folder published and whose period is over by now.

    Args:
        folder: of all runs.
        panel: the sales of the same units, up to today.
        basis: metric, by, where and currency of the runs that count.
        replayed: outlooks made again as of past dates, scored beside them.
    """
    past = read_outlooks(folder, basis=basis)
    parts = [past.table]
    if replayed is not None:
        parts.append(_labelled(replayed, dict(basis or {}).get("by", ())))
    parts = [table for table in parts if len(table)]
    table = pd.concat(parts, ignore_index=True) if parts else past.table
    record = score_outlooks(table, panel)
    notices: tuple[Problem, ...] = (*past.notices, *record.notices)
    if record.cases.empty:
        facts = {"runs": past.runs, "waiting": record.waiting}
        notices = (*notices, Problem("record.nothing", facts))
    return replace(record, notices=notices)


def _labelled(replayed: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    level = "/".join(by) or "unit"
    names = (replayed["unit"] != "").map({True: level, False: ""})
    return replayed.assign(level=names, run="", report="")
