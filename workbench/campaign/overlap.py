"""Several campaigns on the same units and days: their sales saturate instead of adding up.

Each campaign reaches customers independently of the others, so that the share ``overlap`` of the
buyers of a smaller campaign would have bought through each larger one as well (random duplication,
as Sainsbury's formula has it for the reach of several advertising media). With the sales of the day
in falling order s₁ ≥ s₂ ≥ …, together they sell

    s₁ + (1 − overlap) s₂ + (1 − overlap)² s₃ + …

on each path, day and unit: never more than the sum, never less than the strongest alone. Every
campaign of the day keeps the same part of its sales. How much customers really overlap is an
assumption until the shop has measured it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.simulation import Simulation

OVERLAP = 0.3
"""Assumption: three in ten buyers of a campaign would have bought through another of the day."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What overlapping campaigns share out, of one simulation.

    Attributes:
        first: number of its first day, counted from any day common to all.
        places: positions of its units among the units of all.
        sales: (n_days, n_paths, its units), the days after the last sale left out.
        net: the same days, less what would have been sold anyway.
        later: (all days, n_paths, its units) repeat sales less those missing for orders brought
            forward.
    """

    first: int
    places: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    sales: Floats
    net: Floats
    later: Floats


def effect_of(simulation: Simulation, first: int, units: Sequence[str]) -> Effect:
    """The parts of a simulation's increment, from day number ``first`` on, among ``units``."""
    ledger = simulation.ledger
    shape = (len(ledger.dates), ledger.n_paths, len(ledger.units))
    sales = ledger.cells["sales"] if "sales" in ledger else np.zeros((0, *shape[1:]))
    sold = np.flatnonzero(sales.any(axis=(1, 2)))
    sales = sales[: int(sold[-1]) + 1 if sold.size else 0]
    net, later = sales.copy(), np.zeros(shape)
    for name, sign in (("repeat_sales", 1.0), ("repaid_sales", -1.0)):
        if name in ledger:
            cells = ledger.cells[name]
            later[: len(cells)] += sign * cells
    if "cannibalised_sales" in ledger:
        instead = ledger.cells["cannibalised_sales"]
        shared = min(len(instead), len(net))
        net[:shared] -= instead[:shared]
        later[shared : len(instead)] -= instead[shared:]
    places = pd.Index(units).get_indexer(pd.Index(simulation.units))
    return Effect(first=first, places=places, sales=sales, net=net, later=later)


def saturated(sales: Floats, overlap: float) -> Floats:
    """What campaigns that sell to the same people sell together.

    Args:
        sales: (n_campaigns, …) of each alone, not negative.
        overlap: share of a smaller campaign's buyers that a larger one reaches too, 0 to 1.

    >>> saturated(np.array([[100.0, 0.0], [60.0, 60.0], [20.0, 0.0]]), 0.5).tolist()
    [135.0, 60.0]
    """
    if len(sales) == 2:
        return np.asarray(np.maximum(*sales) + (1.0 - overlap) * np.minimum(*sales))
    falling = np.sort(sales, axis=0)[::-1]
    return np.asarray(np.tensordot((1.0 - overlap) ** np.arange(len(sales)), falling, axes=1))


def least_kept(n: int, overlap: float) -> float:
    """The least part that each of ``n`` campaigns keeps: that of campaigns of the same size.

    The weights and the sales both fall, so that their mean product is not below the product of
    their means (Chebyshev's sum inequality).

    >>> least_kept(2, 0.3), least_kept(1, 0.3), round(least_kept(4, 1.0), 2)
    (0.85, 1.0, 0.25)
    """
    return float(np.mean((1.0 - overlap) ** np.arange(max(n, 1))))


def kept_parts(effects: Sequence[Effect], overlap: float) -> list[Floats | None]:
    """The part of its sales that each campaign keeps, by day, path and unit.

    Returns:
        For each effect an array like its ``sales``; None where it meets no other campaign.
    """
    kept: list[Floats | None] = [None] * len(effects)
    n_units = max((int(one.places.max()) + 1 for one in effects if one.places.size), default=0)
    if overlap == 0 or len(effects) < 2:
        return kept
    last = max(one.first + len(one.sales) for one in effects)
    for day in range(min(one.first for one in effects), last):
        here = [at for at, one in enumerate(effects) if 0 <= day - one.first < len(one.sales)]
        if len(here) < 2:
            continue
        wide = np.zeros((len(here), effects[here[0]].sales.shape[1], n_units))
        for row, at in enumerate(here):
            wide[row][:, effects[at].places] = effects[at].sales[day - effects[at].first]
        together = wide.sum(axis=0)
        part = np.divide(
            saturated(wide, overlap), together, out=np.ones_like(together), where=together > 0
        )
        for at in here:
            known = kept[at]
            if known is None:
                known = kept[at] = np.ones_like(effects[at].sales)
            known[day - effects[at].first] = part[:, effects[at].places]
    return kept


def kept_whole(effect: Effect, kept: Floats) -> Floats:
    """(n_paths, its units): the part of all its sales that a campaign keeps, and so of its buyers.

    Repeat orders, orders brought forward and margin go with the buyers.
    """
    whole = effect.sales.sum(axis=0)
    left = (kept * effect.sales).sum(axis=0)
    return np.asarray(np.divide(left, whole, out=np.ones_like(whole), where=whole > 0))


def lost(effect: Effect, kept: Floats) -> Floats:
    """(all days, n_paths, its units): increment that the campaign loses to others.

    Negative on later days on which less is missing, since fewer orders were brought forward.
    """
    out = (1.0 - kept_whole(effect, kept)) * effect.later
    out[: len(kept)] += (1.0 - kept) * effect.net
    return np.asarray(out)
