"""Targets that belong together: parts that add up to their whole, in units and in time."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import Problem
from workbench.target.amounts import Amounts, money, read_amounts
from workbench.target.proposal import ALL_UNITS

EVERY = {"en": "all units", "zh": "合计"}
CENT = 0.01
"""Parts may miss their whole by so much each: they are rounded."""


def read_set(
    targets: "Amounts | Iterable[tuple[str, float]]",
    units: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
) -> "tuple[pd.Series[float], list[Problem]]":
    """A complete set of targets, unit → target, and all that is wrong with it.

    Args:
        targets: by unit, or pairs of unit and target; the empty name for all units.
        units: the units there are; None where that is not known.
        parents: unit → the unit it is part of.
    """
    pairs = list(targets.items() if isinstance(targets, Mapping | pd.Series) else targets)
    named = [str(unit) for unit, _ in pairs]
    index = pd.Index(named, dtype=object, name="unit")
    given = pd.Series([amount for _, amount in pairs], index=index, dtype=object)
    known = list(dict.fromkeys([*(units or named), *(parents or {}), ALL_UNITS]))
    amounts, problems = read_amounts("targets", given, known)
    kept = amounts[list(dict.fromkeys(unit for unit in named if unit in known))].rename("target")
    if not pairs:
        problems.append(Problem("versions.no_amount"))
    elif not problems and not (kept > 0).any():
        problems.append(Problem("target.zero"))
    complete = set(units or ()) <= set(kept.index)
    return kept, problems or misfits(kept, parents, complete=complete)


def misfits(
    targets: "pd.Series[float]",
    parents: Mapping[str, str] | None = None,
    *,
    complete: bool = True,
) -> list[Problem]:
    """Every whole whose parts do not add up to it, to the cent.

    Units without a parent are parts of the target of all units. Where the set is not ``complete``
    parts may add up to less, never to more.

    >>> [p.facts["gap"] for p in misfits(pd.Series({"": 100.0, "a": 60.0, "b": 39.5}))]
    ['-0.50']
    """
    owner = {str(unit): str((parents or {}).get(str(unit), ALL_UNITS)) for unit in targets.index}
    owner.pop(ALL_UNITS, None)
    found = []
    for whole in dict.fromkeys(owner.values()):
        if whole not in targets.index:
            continue
        parts = [unit for unit, parent in owner.items() if parent == whole]
        gap = float(targets[parts].sum() - targets[whole])
        if abs(gap) > CENT * len(parts) and (complete or gap > 0):
            facts = {
                "whole": whole or EVERY,
                "target": money(float(targets[whole])),
                "count": len(parts),
                "sum": money(float(targets[parts].sum())),
                "gap": f"{gap:+,.2f}",
            }
            found.append(Problem("versions.sum", facts))
    return found


def tiles(whole: Period, periods: Sequence[Period]) -> list[Period]:
    """The shorter periods that make up ``whole`` without a gap, the longest first; or none.

    >>> from workbench.calendar.period import parse_period
    >>> months = [parse_period(f"2026-{month}") for month in (10, 11, 12)]
    >>> [part.label for part in tiles(parse_period("2026Q4"), months)]
    ['2026-10', '2026-11', '2026-12']
    """
    inside = [
        period
        for period in periods
        if whole.start <= period.start and period.end <= whole.end and period.days < whole.days
    ]
    parts: list[Period] = []
    while not parts or parts[-1].end < whole.end:
        eve = parts[-1].end.toordinal() + 1 if parts else whole.start.toordinal()
        fitting = [period for period in inside if period.start.toordinal() == eve]
        if not fitting:
            return []
        parts.append(max(fitting, key=lambda period: period.days))
    return parts
