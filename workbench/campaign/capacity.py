"""What the staff can handle: campaigns may not sell more than the people behind a unit can."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.counts import Floats
from workbench.campaign.simulation import Simulation
from workbench.errors import Problem
from workbench.target.amounts import money, read_amounts
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.campaign.schedule import Able

SHORT = 0.005
"""Money from which something counts as left unserved."""
SELDOM = 0.05
"""A shortage on fewer paths is not worth a notice; ``staff_load`` tells it all the same."""


def people_room(outlook: Outlook, capacity: "Able") -> tuple[pd.DataFrame, list[Problem]]:
    """What people can sell beyond the outlook, (n_paths × units), and what is wrong with it.

    A unit without a capacity has room without end; one that sells more than its people are said to
    be able to has none, and keeps what it sells.

    >>> totals = pd.DataFrame({"online": [80.0, 120.0], "store": [40.0, 60.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> people_room(seen, {"online": 100.0})[0].to_numpy().tolist()
    [[20.0, inf], [0.0, inf]]
    """
    given = capacity.units.dropna() if isinstance(capacity, Capacity) else capacity
    able, problems = read_amounts("capacity", given, outlook.units)
    left = np.maximum(able.fillna(np.inf).to_numpy() - outlook.totals.to_numpy(), 0.0)
    return pd.DataFrame(left, columns=list(outlook.units)), problems


def serve(
    simulations: Sequence[Simulation], room: pd.DataFrame, period: Period
) -> tuple[tuple[Simulation, ...], list[Problem]]:
    """The simulations, less what nobody has the time to sell, shared by all campaigns alike.

    Args:
        simulations: what each brings.
        room: (n_paths × units), what the people of each unit can sell beyond the baseline.
        period: the days that the room is for.
    """
    wanted = pd.DataFrame(0.0, index=room.index, columns=room.columns)
    for one in simulations:
        wanted = wanted.add(one.totals(period.start, period.end), fill_value=0.0)[room.columns]
    part = served_part(wanted.to_numpy(), room.to_numpy())
    if (part == 1.0).all():
        return tuple(simulations), []
    out = []
    for one in simulations:
        mine = part[:, room.columns.get_indexer(pd.Index(one.units))]
        out.append(_served(one, mine, period))
    short = (wanted * (1.0 - part)).mean()
    rows = "; ".join(f"{unit}: {money(round(short[unit]))}" for unit in short.index[short > 0][:5])
    often = float((part < 1.0).any(axis=1).mean())
    told = Problem("schedule.capacity", {"rows": rows, "share": f"{often:.0%}"})
    return tuple(out), [told] if often >= SELDOM else []


def served_part(wanted: Floats, room: Floats) -> Floats:
    """The part of the wanted increment that fits into the room; a loss fits always.

    >>> served_part(np.array([80.0, 50.0, -10.0]), np.array([20.0, 60.0, 0.0])).tolist()
    [0.25, 1.0, 1.0]
    """
    out = np.ones(np.broadcast(wanted, room).shape)
    return np.divide(room, wanted, out=out, where=(wanted > room) & (wanted > 0))


def _served(one: Simulation, part: Floats, period: Period) -> Simulation:
    """A simulation of which only a part (n_paths, its units) of the period's sales is served."""
    days = one.ledger.days(period.start, period.end)
    unserved = np.zeros((len(one.dates), *part.shape))
    unserved[days] = one.increment.transpose(1, 0, 2)[days] * (1.0 - part)
    cells = {**one.ledger.cells, "unserved_sales": unserved}
    if "gross_margin" in cells:
        margin = cells["gross_margin"].copy()
        inside = margin[days]
        margin[days] = inside * np.where(inside.sum(axis=0) > 0, part, 1.0)
        cells["gross_margin"] = margin
    return replace(one, ledger=replace(one.ledger, cells=cells))


def staff_load(
    simulations: Sequence[Simulation], outlook: Outlook, capacity: "Able"
) -> pd.DataFrame:
    """What the campaigns ask of the people of each unit, for units whose capacity is known.

    Columns: ``unit``, ``capacity``, ``before`` (sales without campaigns), ``wanted`` (what the
    campaigns would add), ``served`` and ``unserved`` of it, all means over the paths; ``short``,
    the probability that something is left unserved.

    Args:
        simulations: after :func:`serve`.
        outlook: the period without them.
        capacity: unit → the most its people can sell in the period.
    """
    given = capacity.units.dropna() if isinstance(capacity, Capacity) else capacity
    able, _ = read_amounts("capacity", given, outlook.units)
    period = outlook.period
    served = pd.DataFrame(0.0, index=range(len(outlook.totals)), columns=list(outlook.units))
    left = served.copy()
    for one in simulations:
        served = served.add(one.totals(period.start, period.end), fill_value=0.0)
        if "unserved_sales" in one.ledger:
            days = one.ledger.days(period.start, period.end)
            cells = one.ledger.cells["unserved_sales"][days].sum(axis=0)
            left = left.add(pd.DataFrame(cells, columns=list(one.units)), fill_value=0.0)
    units = [unit for unit in outlook.units if able[unit] == able[unit]]
    served, left = served[units], left[units]
    return pd.DataFrame(
        {
            "unit": units,
            "capacity": able[units].to_numpy(dtype=float),
            "before": outlook.totals[units].mean().to_numpy(),
            "wanted": (served + left).mean().to_numpy(),
            "served": served.mean().to_numpy(),
            "unserved": left.mean().to_numpy(),
            "short": (left > SHORT).mean().to_numpy(),
        }
    )
