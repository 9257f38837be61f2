"""One person more, one fewer: what it does to the target's chances and to everyone's load."""

import numpy as np
import pandas as pd

from workbench.target.capacity import RAMP_DAYS, Capacity, working_days
from workbench.target.cascaded import Cascade
from workbench.target.curve import Floats, exceedance, floats

SCENARIOS = ("today", "one_more", "one_fewer")


def staffing(cascade: Cascade, able: Capacity, *, ramp_days: float = RAMP_DAYS) -> pd.DataFrame:
    """The chances and loads with today's people, and with one more or one fewer in each team.

    On every path a team sells what the outlook says, but no more than its people can: colleagues
    take over for whom is missing until they are full. A new person is as strong as the team's mean
    and learns from the period's first day; the one who goes takes the team's mean along. A team is
    what stands right above the units; its people of unknown capacity set no limit.

    Returns:
        Columns team, scenario (``today``, ``one_more``, ``one_fewer``), people, capacity, target,
        load (target ÷ capacity), team_probability, probability (of the company's target); teams
        without a known capacity are left out.
    """
    tree, seen = cascade.tree, cascade.asked.outlook
    depth = max(len(tree.levels) - 2, 0)
    nodes = np.flatnonzero(tree.level == depth)
    totals = tree.sums(floats(seen.totals))[:, nodes]
    units = able.units.reindex(pd.Index(tree.units))
    most = tree.sums(np.where(units.isna(), np.inf, floats(units)))[nodes]
    there = able.people[(able.people["capacity"] > 0) & (able.people["unit"] != "")]
    served = np.minimum(totals, most)
    learning = _newcomer(able, ramp_days)
    rows = []
    for at, node in enumerate(nodes):
        members = [tree.units[place] for place in tree.members(int(node))]
        team = there[there["unit"].isin(members)]
        if not np.isfinite(most[at]) or not len(team):
            continue
        # Full strength over the whole period, learning and absence aside.
        mean = float((team["per_day"] * _full_days(able)).mean())
        leaves = float(team["capacity"].mean())
        changes = (0, 0.0), (1, mean * learning), (-1, -leaves)
        for name, (people, change) in zip(SCENARIOS, changes, strict=True):
            able_now = max(most[at] + change, 0.0)
            team_total = np.minimum(totals[:, at], able_now)
            whole = served.sum(axis=1) - served[:, at] + team_total
            target = float(cascade.amounts[node])
            rows.append(
                {
                    "team": tree.names[node],
                    "scenario": name,
                    "people": len(team["salesperson"].unique()) + people,
                    "capacity": able_now,
                    "target": target,
                    "load": target / able_now if able_now > 0 else np.inf,
                    "team_probability": _chance(team_total, target),
                    "probability": _chance(whole, cascade.target),
                }
            )
    columns = ["team", "scenario", "people", "capacity", "target", "load"]
    return pd.DataFrame(rows, columns=[*columns, "team_probability", "probability"])


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
