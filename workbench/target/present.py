"""Who was there in a period: joiners, leavers, movers, and each one's role."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import Problem
from workbench.target.amounts import listed

PLACES = ("team", "channel", "store")


@dataclass(frozen=True, eq=False)
class Present:
    """The people of a period.

    Attributes:
        table: unit, share (of the period's days that its person was there), from and until (the
            first and last day there); units without a row in the staff table are left out.
        roles: unit → role, where the staff table names one.
        notices: who joined, left or moved meanwhile, and who is not in the staff table.
    """

    table: pd.DataFrame
    roles: Mapping[str, str]
    notices: tuple[Problem, ...]


def present(staff: pd.DataFrame, keys: pd.DataFrame, period: Period) -> Present:
    """Who of the people behind some units was there, and from when to when.

    Args:
        staff: one row per person and place of work, from ``load_staff``; ``role`` where known.
        keys: index unit, columns that name it; ``salesperson``, else the unit itself, is the
            person, and team, channel and store, where both tables have them, the place.
        period: that is scored.

    >>> staff = pd.DataFrame({"salesperson": ["An", "Bo"], "role": ["senior", None],
    ...     "start": pd.to_datetime(["2020-01-01", "2026-02-15"]), "end": pd.NaT})
    >>> keys = pd.DataFrame(index=["An", "Bo"])
    >>> from workbench.calendar.period import parse_period
    >>> found = present(staff, keys, parse_period("2026Q1"))
    >>> found.table["share"].round(2).to_dict(), dict(found.roles)        # 45 of 90 days
    ({'An': 1.0, 'Bo': 0.5}, {'An': 'senior'})
    >>> [problem.code for problem in found.notices]
    ['scorecard.joined']
    """
    rows = _rows(staff, keys, period)
    days = (rows["until"] - rows["from"]).dt.days + 1
    by_unit = rows.assign(days=days.clip(lower=0)).groupby("unit", sort=False)
    table = by_unit.agg(**{"from": ("from", "min"), "until": ("until", "max")})
    table.insert(0, "share", (by_unit["days"].sum() / period.days).clip(upper=1.0))
    roles: dict[str, str] = {}
    if "role" in staff.columns:
        named = rows[rows["role"].notna() & (rows["role"].astype(str) != "")]
        roles = {
            str(unit): str(role) for unit, role in zip(named["unit"], named["role"], strict=True)
        }
    return Present(table, roles, tuple(_notices(table, rows, staff, keys, period)))


def _rows(staff: pd.DataFrame, keys: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The staff rows of each unit, oldest first, cut to the period."""
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    own = (
        keys.reset_index(names="unit") if len(keys.columns) else pd.DataFrame({"unit": keys.index})
    )
    own = own.astype(str)
    if "salesperson" not in own.columns:
        own = own.assign(salesperson=own["unit"])
    places = [name for name in PLACES if name in own.columns and name in staff.columns]
    named = staff.assign(salesperson=staff["salesperson"].astype(str))
    named = named.assign(**{name: staff[name].astype(str) for name in places})
    blank = pd.Series(pd.NaT, index=staff.index)
    start, end = (pd.to_datetime(staff.get(name, blank)) for name in ("start", "end"))
    named["from"] = start.where(start > first, first)
    named["until"] = end.where(end < last, last)
    kept = [c for c in ("salesperson", *places, "role", "from", "until") if c in named.columns]
    joined = own[["unit", "salesperson", *places]].merge(
        named[kept], on=["salesperson", *places], how="inner"
    )
    return joined.sort_values("from", kind="stable")


def _notices(
    table: pd.DataFrame, rows: pd.DataFrame, staff: pd.DataFrame, keys: pd.DataFrame, period: Period
) -> list[Problem]:
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    inside = rows[(rows["from"] <= rows["until"])]
    moved = set(_movers(staff, first, last))
    stays = ~table.index.isin(inside.loc[inside["salesperson"].isin(moved), "unit"])
    late, early = table["from"] > first, table["until"] < last
    gone = table["share"] == 0
    without = [str(unit) for unit in keys.index if unit not in table.index]
    movers = [str(unit) for unit in table.index[~stays]]
    found = [
        _told("scorecard.joined", table[stays & late & ~gone], "from"),
        _told("scorecard.left", table[stays & early & ~gone], "until"),
        _named("scorecard.moved", movers),
        _named("scorecard.not_there", [str(unit) for unit in table.index[gone & stays]]),
        _named("scorecard.not_staff", without),
    ]
    return [problem for problem in found if problem is not None]


def _movers(staff: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> list[str]:
    """People with more than one row of days inside the period."""
    blank = pd.Series(pd.NaT, index=staff.index)
    start = pd.to_datetime(staff.get("start", blank)).fillna(first)
    end = pd.to_datetime(staff.get("end", blank)).fillna(last)
    people = staff.loc[(start <= last) & (end >= first), "salesperson"].astype(str)
    return [str(name) for name in people[people.duplicated()].unique()]


def _told(code: str, rows: pd.DataFrame, date: str) -> Problem | None:
    shown = [
        f"{unit} ({day:%Y-%m-%d}, {share:.0%})"
        for unit, day, share in zip(rows.index, rows[date], rows["share"], strict=True)
    ]
    return _named(code, shown)


def _named(code: str, shown: list[str]) -> Problem | None:
    return Problem(code, {"count": len(shown), "people": listed(shown)}) if shown else None
