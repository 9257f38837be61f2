"""Setting targets: a version is added that replaces the one in force, and erases nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.data.journal import append_record
from workbench.errors import Problem, TargetError
from workbench.target.amounts import Amounts, listed
from workbench.target.proposal import ALL_UNITS
from workbench.target.sums import EVERY, misfits, read_set, tiles
from workbench.target.versions import KIND, TargetVersion, moment_of, same_days, version_of


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
    moment = moment_of(at)
    amounts, problems = read_set(targets, units, parents)
    if not by_whom.strip():
        problems.append(Problem("versions.nobody", {"period": when.label}))
    made: list[TargetVersion] = []

    def add(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        before = [version_of(record) for record in records]
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
    for other in _latest(before):
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
    sets = {(v.period.start, v.period.end): (v.period, v.targets) for v in _latest(before)}
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


def _latest(versions: Sequence[TargetVersion]) -> list[TargetVersion]:
    """The last version of each period."""
    last = {(version.period.start, version.period.end): version for version in versions}
    return list(last.values())


def _last(versions: Sequence[TargetVersion], when: Period) -> TargetVersion | None:
    held = [version for version in versions if same_days(version.period, when)]
    return held[-1] if held else None


def _crosses(one: Period, other: Period) -> bool:
    """Whether two periods share days and neither holds the other."""
    apart = one.end < other.start or other.end < one.start
    inside = one.start <= other.start and other.end <= one.end
    around = other.start <= one.start and one.end <= other.end
    return not (apart or inside or around)


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
