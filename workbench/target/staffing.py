"""One person more, fewer or moved: what it does to the target's chances and everyone's load."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.target.capacity import RAMP_DAYS, Capacity, working_days
from workbench.target.cascaded import Cascade
from workbench.target.curve import Floats, exceedance, floats

SCENARIOS = ("today", "one_more", "one_fewer", "one_moved")
COLUMNS = (
    *("team", "scenario", "people", "capacity", "target", "load"),
    *("team_probability", "probability", "other", "other_probability"),
)


@dataclass(frozen=True, eq=False)
class _Team:
    """A team with a known capacity: what it may sell, and what a person is there.

    ``joins`` and ``leaves`` are the capacity that comes with a new person and goes with one of
    today's; ``sales`` are those per path, whoever serves them.
    """

    name: str
    target: float
    people: int
    most: float
    joins: float
    leaves: float
    sales: Floats

    def served(self, change: float = 0.0) -> Floats:
        """Sales per path with so much capacity more or less."""
        return np.minimum(self.sales, max(self.most + change, 0.0))


def staffing(cascade: Cascade, able: Capacity, *, ramp_days: float = RAMP_DAYS) -> pd.DataFrame:
    """The chances and loads with today's people, one more, one fewer, or one from another team.

    On every path a team sells what the outlook says, but no more than its people can: colleagues
    take over for whom is missing until they are full. A new person is as strong as the team's mean
    and learns from the period's first day; the one who goes takes the team's mean along. Who moves
    comes from the team that loses least sales by it, and stays as strong as there. A team is what
    stands right above the units, or a unit itself where people share one; its people of unknown
    capacity set no limit.

    Returns:
        Columns team, scenario (``today``, ``one_more``, ``one_fewer``, and ``one_moved`` where
        there is another team), people, capacity, target, load (target ÷ capacity),
        team_probability, probability (of the company's target), other (the team that the person
        comes from) and other_probability (of its target then); teams without a known capacity are
        left out.
    """
    tree = cascade.tree
    nodes = np.flatnonzero(tree.level == _depth(cascade, able))
    totals = tree.sums(floats(cascade.asked.outlook.totals))
    units = able.units.reindex(pd.Index(tree.units))
    most = tree.sums(np.where(units.isna(), np.inf, floats(units)))
    learning = _newcomer(able, ramp_days)
    teams = [
        team
        for node in nodes
        if (team := _team(cascade, able, int(node), totals[:, node], most[node], learning))
    ]
    whole = np.minimum(totals[:, nodes], most[nodes]).sum(axis=1)

    def row(
        team: _Team, name: str, more: int, change: float, other: _Team | None
    ) -> tuple[Any, ...]:
        given = -change if other else 0.0
        left = other.served(given) if other else np.zeros(1)
        moved = left - other.served() if other else 0.0
        mine, most = team.served(change), max(team.most + change, 0.0)
        load = team.target / most if most > 0 else np.inf
        chances = _chance(mine, team.target), _chance(whole - team.served() + mine + moved, goal)
        theirs = (other.name, _chance(left, other.target)) if other else ("", np.nan)
        return team.name, name, team.people + more, most, team.target, load, *chances, *theirs

    goal, rows = cascade.target, []
    for team in teams:
        rows += [
            row(team, "today", 0, 0.0, None),
            row(team, "one_more", 1, team.joins, None),
            row(team, "one_fewer", -1, -team.leaves, None),
        ]
        spare = _spare(teams, team)
        rows += [row(team, "one_moved", 1, spare.leaves, spare)] if spare else []
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _depth(cascade: Cascade, able: Capacity) -> int:
    """The level of teams: right above the units, or the units where people share one."""
    people = able.people[able.people["unit"] != ""]
    shared = bool(people.groupby("unit")["salesperson"].nunique().gt(1).any())
    return max(len(cascade.tree.levels) - (1 if shared else 2), 0)


def _team(
    cascade: Cascade, able: Capacity, node: int, sales: Floats, most: float, learning: float
) -> _Team | None:
    """The team at a node; None where the capacity of its people is unknown."""
    tree = cascade.tree
    members = [tree.units[place] for place in tree.members(node)]
    people = able.people
    there = people[(people["capacity"] > 0) & people["unit"].isin(members)]
    if not np.isfinite(most) or not len(there):
        return None
    # Full strength over the whole period, learning and absence aside.
    full = float((there["per_day"] * _full_days(able)).mean())
    return _Team(
        name=tree.names[node],
        target=float(cascade.amounts[node]),
        people=len(there["salesperson"].unique()),
        most=float(most),
        joins=full * learning,
        leaves=float(there["capacity"].mean()),
        sales=sales,
    )


def _spare(teams: Sequence[_Team], team: _Team) -> _Team | None:
    """The other team that loses least sales when one person goes; the first of equals."""
    others = [one for one in teams if one is not team]
    lost = [float((one.served() - one.served(-one.leaves)).mean()) for one in others]
    return others[int(np.argmin(lost))] if others else None


def _newcomer(able: Capacity, ramp_days: float) -> float:
    """The share of a full capacity that somebody reaches who starts with the period."""
    start = pd.Timestamp(able.period.start)
    one = pd.DataFrame({"salesperson": ["new"], "start": [start]})
    return float(working_days(one, able.period, ramp_days=ramp_days)[0]) / able.period.days


def _full_days(able: Capacity) -> float:
    """The most working days that anybody has in the period."""
    return float(able.people["days"].max())


def _chance(totals: Floats, target: float) -> float:
    ordered = np.sort(totals)[:, None]
    return float(exceedance(ordered, np.array([target]))[0])
