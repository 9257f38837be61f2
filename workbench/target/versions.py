"""Targets as they were set: who, when, for which period, and what each version replaced.

A version is a complete set of targets for one period. Versions are only ever added (see
``workbench.data.journal``); the one in force on a day is the last that was set by then. Times are
the shop's own: a zone is dropped.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.data.journal import append_record, read_journal
from workbench.errors import Problem, TargetError
from workbench.target.amounts import Amounts, listed
from workbench.target.proposal import ALL_UNITS
from workbench.target.sums import EVERY, misfits, read_set, tiles

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


def set_targets(
    file: str | Path,
    targets: Amounts | Iterable[tuple[str, float]],
    *,
    period: str | Period,
    by_whom: str,
    at: str | dt.date | dt.datetime,
    note: str = "",
    units: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
) -> TargetVersion:
    """Set the targets of a period: add a version that replaces the one in force.

    Args:
        file: the file of versions; made where there is none.
        targets: unit → target, the empty name for all units; all that the period has.
        period: what they are for.
        by_whom: who sets them.
        at: when, in the shop's own time.
        note: why.
        units: the units there are; any other is refused. None where that is not known.
        parents: unit → the unit it is part of; parts have to add up to it.

    Raises:
        ParameterError: a period that cannot be read.
        DataError: a file that holds something else, was changed, or cannot be written.
        TargetError: amounts that cannot be used, units that are unknown or given twice, parts
            that do not add up, a period that is over or overlaps another, nobody named, a time
            before that of the last version. Nothing is written then.
    """
    when = period if isinstance(period, Period) else parse_period(period)
    moment = _moment(at)
    amounts, problems = read_set(targets, units, parents)
    if not by_whom.strip():
        problems.append(Problem("versions.nobody", {"period": when.label}))
    made: list[TargetVersion] = []

    def add(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        before = [_version(record) for record in records]
        wrong = [*problems, *_misplaced(when, moment, amounts, before)]
        if wrong:
            raise TargetError(*wrong)
        last = _last(before, when)
        new = TargetVersion(
            number=len(before) + 1,
            period=when,
            targets=amounts,
            set_by=by_whom.strip(),
            set_at=moment,
            note=note.strip(),
            replaces=last.number if last else 0,
            notices=_unlike_parts(when, amounts, before),
        )
        made.append(new)
        return _record(new)

    append_record(file, add, kind=KIND)
    return made[-1]


def target_versions(
    file: str | Path, *, period: str | Period | None = None
) -> tuple[TargetVersion, ...]:
    """All versions in a file, oldest first; only those of one period where it is named."""
    found = tuple(_version(record) for record in read_journal(file) if record.get("kind") == KIND)
    if period is None:
        return found
    when = period if isinstance(period, Period) else parse_period(period)
    return tuple(version for version in found if _same(version.period, when))


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
    held = [version for version in known if _same(version.period, when)]
    day = None if as_of is None else _moment(as_of).date()
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
    columns = [
        "version",
        "period",
        "set_by",
        "set_at",
        "replaces",
        "replaced_by",
        "units",
        "total",
        "change",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns)


def revised(
    targets: "pd.Series[float]", changes: Iterable[tuple[str, float]]
) -> list[tuple[str, float]]:
    """A set of targets with some of them changed; a total that was their sum stays their sum.

    >>> old = pd.Series({"": 100.0, "a": 60.0, "b": 40.0})
    >>> revised(old, [("a", 70.0)])
    [('', 110.0), ('a', 70.0), ('b', 40.0)]
    """
    new = list(changes)
    named = {unit for unit, _ in new}
    kept = [(str(unit), float(amount)) for unit, amount in targets.items() if unit not in named]
    whole = targets.get(ALL_UNITS)
    if whole is None or ALL_UNITS in named or misfits(targets, None):
        return [*kept, *new]
    order = {str(unit): at for at, unit in enumerate(targets.index)}
    parts = [pair for pair in (*kept, *new) if pair[0] != ALL_UNITS]
    parts.sort(key=lambda pair: order.get(pair[0], len(order)))
    return [(ALL_UNITS, round(sum(amount for _, amount in parts), 2)), *parts]


def _misplaced(
    when: Period,
    moment: dt.datetime,
    amounts: "pd.Series[float]",
    before: Sequence[TargetVersion],
) -> list[Problem]:
    """What is wrong with the period and the time of a version."""
    problems = []
    if moment.date() > when.end:
        facts = {"period": when.label, "end": str(when.end), "at": f"{moment:%Y-%m-%d}"}
        problems.append(Problem("versions.period_over", facts))
    if before and moment < before[-1].set_at:
        facts = {"at": f"{moment:%Y-%m-%d %H:%M}", "last": f"{before[-1].set_at:%Y-%m-%d %H:%M}"}
        problems.append(Problem("versions.backdated", facts))
    for other in _in_force(before):
        shared = [unit for unit in amounts.index if unit in other.targets.index]
        if shared and _crosses(when, other.period):
            units = listed([unit or "*" for unit in shared])
            facts = {"period": when.label, "other": other.period.label, "units": units}
            problems.append(Problem("versions.overlap", facts))
    return problems


def _unlike_parts(
    when: Period, amounts: "pd.Series[float]", before: Sequence[TargetVersion]
) -> tuple[Problem, ...]:
    """Months that do not add up to their quarter, once all of them are set; the same for weeks."""
    sets = {(v.period.start, v.period.end): (v.period, v.targets) for v in _in_force(before)}
    sets[when.start, when.end] = (when, amounts)
    found = []
    for whole, targets in sets.values():
        parts = tiles(whole, [period for period, _ in sets.values()])
        if not parts or when not in (whole, *parts):
            continue
        columns = [sets[part.start, part.end][1].reindex(targets.index) for part in parts]
        summed = pd.concat(columns, axis=1).sum(axis=1, skipna=False)
        apart = (summed - targets).abs() > 0.01 * len(parts)
        for unit in targets.index[apart]:
            facts = {
                "unit": unit or EVERY,
                "period": whole.label,
                "target": f"{targets[unit]:,.2f}",
                "parts": listed([part.label for part in parts]),
                "sum": f"{summed[unit]:,.2f}",
            }
            found.append(Problem("versions.parts_of_period", facts))
    return tuple(found)


def _in_force(versions: Sequence[TargetVersion]) -> list[TargetVersion]:
    """The last version of each period."""
    last = {(version.period.start, version.period.end): version for version in versions}
    return list(last.values())


def _last(versions: Sequence[TargetVersion], when: Period) -> TargetVersion | None:
    held = [version for version in versions if _same(version.period, when)]
    return held[-1] if held else None


def _same(one: Period, other: Period) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _crosses(one: Period, other: Period) -> bool:
    """Whether two periods share days and neither holds the other."""
    apart = one.end < other.start or other.end < one.start
    inside = one.start <= other.start and other.end <= one.end
    around = other.start <= one.start and one.end <= other.end
    return not (apart or inside or around)


def _moment(at: str | dt.date | dt.datetime) -> dt.datetime:
    return pd.Timestamp(at).tz_localize(None).to_pydatetime().replace(microsecond=0)


def _record(version: TargetVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "period": version.period.label,
        "start": str(version.period.start),
        "end": str(version.period.end),
        "set_by": version.set_by,
        "set_at": version.set_at.isoformat(),
        "note": version.note,
        "replaces": version.replaces,
        "targets": {str(unit): float(amount) for unit, amount in version.targets.items()},
    }


def _version(record: Mapping[str, Any]) -> TargetVersion:
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
