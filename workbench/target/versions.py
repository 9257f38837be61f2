"""Targets as they were set: who, when, for which period, and what each version replaced.

A version is a complete set of targets for one period. Versions are only ever added (see
``workbench.target.setting``); the one in force on a day is the last that was set by then. Times are
the shop's own: a zone is dropped.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.data.journal import read_journal
from workbench.errors import Problem, TargetError
from workbench.target.amounts import listed
from workbench.target.proposal import ALL_UNITS

KIND = "targets"
SUFFIX = ".jsonl"
TABLE = (
    *("version", "period", "set_by", "set_at", "replaces", "replaced_by"),
    *("units", "total", "change", "note"),
)


@dataclass(frozen=True, eq=False)
class TargetVersion:
    """One set of targets, as it was set.

    Attributes:
        number: counted from 1 through the whole file.
        period: what the targets are for.
        targets: unit → target; the empty name is that of all units.
        set_by: who set them.
        set_at: when, in the shop's own time.
        note: why.
        replaces: the number of the version of the same period before it; 0 for the first.
        notices: what was noticed when they were set.
    """

    number: int
    period: Period
    targets: "pd.Series[float]"
    set_by: str
    set_at: dt.datetime
    note: str = ""
    replaces: int = 0
    notices: tuple[Problem, ...] = field(default=())

    @property
    def total(self) -> float:
        """The target of all units: its own, or the sum of the units'."""
        whole = self.targets.get(ALL_UNITS)
        return float(self.targets.sum()) if whole is None else float(whole)


def is_versioned(path: str | Path) -> bool:
    """Whether a file of targets is one that keeps versions, told by its name (``.jsonl``)."""
    return str(path).lower().endswith(SUFFIX)


def target_versions(
    file: str | Path, *, period: str | Period | None = None
) -> tuple[TargetVersion, ...]:
    """All versions in a file, oldest first; only those of one period where it is named."""
    found = tuple(version_of(record) for record in read_journal(file) if record.get("kind") == KIND)
    if period is None:
        return found
    when = period if isinstance(period, Period) else parse_period(period)
    return tuple(version for version in found if same_days(version.period, when))


def targets_in_force(
    file: str | Path, *, period: str | Period, as_of: str | dt.date | None = None
) -> "pd.Series[float]":
    """The targets of a period that were in force on a day, the last set by the end of it.

    Args:
        file: the file of versions.
        period: what the targets are for.
        as_of: the day; the latest version where None.

    Raises:
        TargetError: where none was set for the period by then.
    """
    when = period if isinstance(period, Period) else parse_period(period)
    known = target_versions(file)
    held = [version for version in known if same_days(version.period, when)]
    day = None if as_of is None else moment_of(as_of).date()
    in_time = [version for version in held if day is None or version.set_at.date() <= day]
    if in_time:
        return in_time[-1].targets.copy()
    facts = {"path": str(file), "period": when.label}
    if held:
        first = f"{held[0].set_at:%Y-%m-%d}"
        raise TargetError(Problem("versions.not_yet", {**facts, "first": first, "as_of": str(day)}))
    labels = list(dict.fromkeys(version.period.label for version in known))
    raise TargetError(Problem("versions.none", {**facts, "held": listed(labels) or "–"}))


def versions_table(versions: Sequence[TargetVersion]) -> pd.DataFrame:
    """One row per version: who set what, when, what it replaced and by what it was replaced.

    ``change`` is the total against that of the version it replaced, in per cent ÷ 100.
    """
    place = {version.number: version for version in versions}
    after = {version.replaces: version.number for version in versions}
    rows = []
    for version in versions:
        old = place.get(version.replaces)
        change = version.total / old.total - 1 if old and old.total > 0 else float("nan")
        rows.append(
            {
                "version": version.number,
                "period": version.period.label,
                "set_by": version.set_by,
                "set_at": version.set_at,
                "replaces": version.replaces,
                "replaced_by": after.get(version.number, 0),
                "units": int((version.targets.index != ALL_UNITS).sum()),
                "total": version.total,
                "change": change,
                "note": version.note,
            }
        )
    return pd.DataFrame(rows, columns=list(TABLE))


def version_of(record: Mapping[str, Any]) -> TargetVersion:
    """A version as its record in the file tells it."""
    first, last = (dt.date.fromisoformat(record[name]) for name in ("start", "end"))
    targets = pd.Series(record["targets"], dtype=float, name="target").rename_axis("unit")
    return TargetVersion(
        number=int(record["version"]),
        period=Period(str(record["period"]), first, last),
        targets=targets,
        set_by=str(record["set_by"]),
        set_at=dt.datetime.fromisoformat(record["set_at"]),
        note=str(record["note"]),
        replaces=int(record["replaces"]),
    )


def same_days(one: Period, other: Period) -> bool:
    """Whether two periods have the same first and last day, whatever they are called."""
    return (one.start, one.end) == (other.start, other.end)


def moment_of(at: str | dt.date | dt.datetime) -> dt.datetime:
    """A time as the file keeps it: the shop's own, a zone dropped."""
    return pd.Timestamp(at).tz_localize(None).to_pydatetime().replace(microsecond=0)
