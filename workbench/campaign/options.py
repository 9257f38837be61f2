"""What may be done to close a gap: campaigns, each in several sizes and on several start days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import pandas as pd

from workbench.campaign.base import Campaign
from workbench.campaign.effect import misplaced
from workbench.campaign.scene import read_stage
from workbench.campaign.season import Season, in_season, strength
from workbench.errors import Problem
from workbench.target.outlook import Outlook

Sizes: TypeAlias = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]
Starts: TypeAlias = Literal["weekly"] | Sequence[str | date]


@dataclass(frozen=True, eq=False)
class Option:
    """A campaign that may or may not run, in one of several sizes, from one of several days.

    Attributes:
        campaign: of any kind; its name is that of the option.
        sizes: what makes it larger: field → values, taken together row by row (``{"visits": (1000,
            2000), "fixed_cost": (3000, 5000)}`` are two sizes), or one mapping of fields per size.
            By default the campaign as it is.
        starts: possible first days; ``weekly`` for every seventh day on which it can still start
            and end within the period. By default the campaign's own.
        season: how strong days are; by default all alike.

    >>> import workbench as wb
    >>> buy = wb.GroupBuy(name="拼团", start="2026-11-01", end="2026-11-07", price=100,
    ...     discount=0.2, visits=1000)
    >>> wb.Option(buy, sizes={"visits": (1000, 2000)}, starts="weekly").campaign.name
    '拼团'
    """

    campaign: Campaign
    sizes: Sizes = ()
    starts: Starts = ()
    season: Season | None = None


@dataclass(frozen=True, eq=False)
class Choice:
    """One option in one size from one day: ready to be simulated.

    Attributes:
        option: name of the campaign.
        size: what was changed, as text; empty where the option has one size.
        start, end: its days.
        campaign: the campaign of this size on these days.
        changes: the fields that make up its size.
    """

    option: str
    size: str
    start: date
    end: date
    campaign: Campaign
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Sized:
    """One size of an option: everything that differs by start day alone.

    Attributes:
        choices: one per start day.
        units: names of the units.
        alike: for each choice the number of the one whose ledger it shares but for the dates.
        n_active: days from start to end.
    """

    choices: tuple[Choice, ...]
    units: tuple[str, ...]
    alike: tuple[int, ...]
    n_active: int


def moved(campaign: Campaign, start: date, from_day: date, to_day: date) -> Campaign:
    """The same campaign from another day on; ``until`` moves with it.

    Args:
        campaign: to be moved.
        start: the new first day.
        from_day, to_day: its first and last day now.
    """
    by = start - from_day
    until = campaign.until
    if until is not None:
        until = pd.Timestamp(str(until)).date() + by
    return replace(campaign, start=start, end=to_day + by, until=until)


def read_options(
    options: Sequence[Option], outlook: Outlook, closed: Sequence[str | date]
) -> tuple[list[list[Sized]], list[Problem]]:
    """Every option as its sizes, each with its start days; and all that is wrong with them."""
    found: list[list[Sized]] = []
    problems: list[Problem] = []
    for option in options:
        if not isinstance(option, Option):
            problems.append(Problem("gap.not_option", {"value": repr(option)[:60]}))
            continue
        sizes, wrong = _sizes(option)
        problems += wrong
        read = [_sized(option, label, changes, outlook, closed) for label, changes in sizes]
        problems += [problem for _, some in read for problem in some]
        found.append([sized for sized, _ in read if sized is not None])
    return found, list(_once(problems))


def _sizes(option: Option) -> tuple[list[tuple[str, dict[str, Any]]], list[Problem]]:
    """(label, changed fields) per size."""
    given, name = option.sizes, option.campaign.name
    rows: list[dict[str, Any]] = []
    if isinstance(given, Mapping):
        columns = {k: v for k, v in given.items() if isinstance(v, Sequence) and len(v)}
        if len(columns) != len(given) or len({len(v) for v in columns.values()}) != 1:
            facts = {"campaign": name, "value": repr(dict(given))[:100]}
            return [], [Problem("gap.sizes", facts)]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    elif isinstance(given, Sequence) and all(isinstance(row, Mapping) for row in given):
        rows = [dict(row) for row in given]
    else:
        return [], [Problem("gap.sizes", {"campaign": name, "value": repr(given)[:100]})]
    known = {one.name for one in fields(option.campaign)} - {"name", "start", "units", "currency"}
    strange = [key for row in rows for key in row if key not in known]
    if strange:
        facts = {"campaign": name, "names": ", ".join(dict.fromkeys(strange))}
        return [], [Problem("gap.size_field", {**facts, "known": ", ".join(sorted(known))})]
    return [(_label(row), row) for row in rows] or [("", {})], []


def _label(row: Mapping[str, Any]) -> str:
    """
    >>> _label({"visits": 2000, "discount": 0.2})
    'visits 2000, discount 0.2'
    """
    return ", ".join(f"{name} {_shown(value)}" for name, value in row.items())


def _shown(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _sized(
    option: Option,
    label: str,
    changes: Mapping[str, Any],
    outlook: Outlook,
    closed: Sequence[str | date],
) -> tuple[Sized | None, list[Problem]]:
    """One size on all its start days."""
    template = option.campaign
    one = replace(template, **{**changes, "closed": (*template.closed, *closed)})
    stage, _, problems = one.read()
    if stage is None:
        # Days that are closed where it stands do not matter if it may start elsewhere.
        if not option.starts or any(p.code != "campaign.all_closed" for p in problems):
            return None, problems
        stage, wrong = read_stage(replace(one, closed=()), one.settling())
        problems = [] if stage is not None else wrong
    if stage is None or problems:
        return None, problems
    first, last = stage.dates[0].date(), stage.dates[stage.n_active - 1].date()
    starts, problems = _starts(option, stage.n_active, outlook)
    starts = starts or [first]
    problems += _off_period(one.name, starts, stage.n_active, outlook)
    unknown = [unit for unit in stage.units if unit not in outlook.units]
    if unknown:
        told = {"units": ", ".join(unknown[:5]), "known": ", ".join(outlook.units[:5])}
        problems.append(Problem("campaign.unknown_unit", {"campaign": one.name, **told}))
    if problems:
        return None, problems
    shut = {str(day)[:10] for day in one.closed}
    choices, patterns = [], []
    for start in starts:
        days = [start + timedelta(days=number) for number in range(stage.n_active)]
        pattern = tuple(str(day) in shut for day in days)
        if not all(pattern):
            there = moved(one, start, first, last)
            here = in_season(there, option.season)
            choices.append(Choice(one.name, label, start, days[-1], here, changes))
            patterns.append((pattern, strength(there, option.season)))
    if not choices:
        facts = {"campaign": one.name, "days": stage.n_active}
        return None, [Problem("campaign.all_closed", facts)]
    alike = tuple(patterns.index(pattern) for pattern in patterns)
    return Sized(tuple(choices), stage.units, alike, stage.n_active), []


def _starts(option: Option, days: int, outlook: Outlook) -> tuple[list[date], list[Problem]]:
    """The start days asked for; none for the campaign's own."""
    name = option.campaign.name
    if isinstance(option.starts, str):
        if option.starts != "weekly":
            return [], [Problem("gap.starts", {"campaign": name, "value": repr(option.starts)})]
        known = outlook.as_of.date() + timedelta(days=1)
        start, found = max(known, outlook.period.start), []
        while start + timedelta(days=days - 1) <= outlook.period.end:
            found.append(start)
            start += timedelta(days=7)
        if not found:
            facts = {"campaign": name, "days": days, "period": str(outlook.period)}
            return [], [Problem("gap.no_start", facts)]
        return found, []
    read = [_day(value) for value in option.starts]
    if any(day is None for day in read):
        facts = {"campaign": name, "value": repr(list(option.starts))[:100]}
        return [], [Problem("gap.starts", facts)]
    return sorted({day for day in read if day is not None}), []


def _off_period(name: str, starts: Sequence[date], days: int, outlook: Outlook) -> list[Problem]:
    problems = []
    for start in starts:
        active = pd.DatetimeIndex([start, start + timedelta(days=days - 1)])
        problems += misplaced(name, active, outlook.period, outlook.as_of)
    return problems


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Each problem once: several sizes of an option share most of what may be wrong."""
    seen: set[str] = set()
    for problem in problems:
        text = str(problem)
        if text not in seen:
            seen.add(text)
            yield problem
