"""What ``workbench targets set`` and ``list`` do with a file of versions."""

from collections.abc import Sequence
from pathlib import Path

from workbench.calendar.period import parse_period
from workbench.errors import Language, ParameterError, Problem
from workbench.params.kinds import as_number
from workbench.report.words import Words
from workbench.run.folder import moment
from workbench.target.amounts import money
from workbench.target.proposal import ALL_UNITS
from workbench.target.setting import revised, set_targets
from workbench.target.versions import SUFFIX, TargetVersion, is_versioned, targets_in_force


def record_targets(
    file: Path,
    period: str,
    amounts: Sequence[str],
    *,
    by_whom: str,
    at: str = "",
    note: str = "",
    revise: bool = False,
    fiscal_year_start: int = 1,
) -> TargetVersion:
    """Add a version; with ``revise`` the units that are not named keep what they had.

    Args:
        file: of versions.
        period: what the targets are for.
        amounts: as ``online=3000000``; one without a name is the target of all units.
        by_whom: who sets them.
        at: when; empty for now.
        note: why.
        revise: change some of the targets in force.
        fiscal_year_start: first month of the fiscal year.

    Raises:
        ParameterError: amounts that cannot be read, a file that keeps no versions.
        TargetError: targets that cannot be set.
    """
    when = parse_period(period, fiscal_year_start=fiscal_year_start)
    pairs: list[tuple[str, float]] = []
    problems: list[Problem] = []
    for text in amounts:
        unit, _, amount = text.rpartition("=")
        try:
            pairs.append((unit.strip(), as_number(amount.strip().replace(",", ""))))
        except ValueError:
            problems.append(Problem("run.bad_amount", {"text": text}))
    if not is_versioned(file):
        facts = {"value": str(file), "suffix": SUFFIX}
        problems.append(Problem("run.not_versions", facts))
    if problems:
        raise ParameterError(*problems)
    if revise:
        pairs = revised(targets_in_force(file, period=when), pairs)
    return set_targets(file, pairs, period=when, by_whom=by_whom, note=note, at=at or moment())


def version_lines(versions: Sequence[TargetVersion], language: Language) -> list[str]:
    """Versions as lines of text: number, period, when, by whom, what; what replaced them."""
    words = Words(language, "")
    after = {version.replaces: version.number for version in versions}
    lines = []
    for version in versions:
        amounts = ", ".join(
            f"{unit or words('total')} {money(float(amount))}"
            for unit, amount in version.targets.items()
        )
        if ALL_UNITS not in version.targets.index:
            amounts = f"{words('total')} {money(version.total)}: {amounts}"
        number = after.get(version.number)
        state = words("versions.in_force") if number is None else f"→ {number}"
        head = f"{version.number}  {version.period.label}  {version.set_at:%Y-%m-%d %H:%M}"
        note = f"  {version.note}" if version.note else ""
        lines.append(f"{head}  {version.set_by}  ({state}){note}\n   {amounts}")
        lines += [f"\n{problem.text(language)}" for problem in version.notices]
    return lines
