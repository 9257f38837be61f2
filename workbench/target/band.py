"""The probability band: a target is neither too easy to mean anything nor out of reach."""

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

DUST = 1e-9
BAND = (0.35, 0.8)
"""Targets should be reached with a probability between these; parameters of the report."""


def in_band(
    outlook: Outlook, targets: "pd.Series[float]", band: tuple[float, float] = BAND
) -> pd.DataFrame:
    """Where targets lie against the band of probabilities that makes a target a fair one.

    Args:
        outlook: what is likely to be sold.
        targets: unit → target; the empty name stands for the sum of all units.
        band: the least and the most probability of a fair target.

    Returns:
        Index unit; columns target, probability, least and most (the amounts at the band's edges:
        least at the higher probability), verdict (``too_easy``, ``fair``, ``too_hard``), fair (the
        target itself, or the edge nearest to it).

    Raises:
        TargetError: a band that is none, or amounts that cannot be used.

    >>> totals = pd.DataFrame({"shop": np.linspace(900, 1100, 999)})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> table = in_band(seen, pd.Series({"": 1080.0}))
    >>> table.loc["", "verdict"], round(table.loc["", "least"]), round(table.loc["", "most"])
    ('too_hard', 940, 1030)
    """
    low, high = band
    if not 0 < low < high < 1:
        raise TargetError(Problem("target.band", {"low": f"{low:g}", "high": f"{high:g}"}))
    units = targets[targets.index != ALL_UNITS]
    likely = outlook.probability(units) if len(units) else pd.Series(dtype=float)
    least, most = outlook.targets_at(high), outlook.targets_at(low)
    table = pd.DataFrame(
        {
            "target": units,
            "probability": likely,
            "least": least.reindex(units.index),
            "most": most.reindex(units.index),
        }
    )
    if ALL_UNITS in targets.index:
        whole = float(targets[ALL_UNITS])
        edges = outlook.target_at(high), outlook.target_at(low)
        row = pd.DataFrame([[whole, outlook.probability(whole), *edges]], columns=table.columns)
        table = pd.concat([row.set_axis([ALL_UNITS]), table])
    hard, easy = table["probability"] < low - DUST, table["probability"] > high + DUST
    # Who is to sell nothing, and carries nothing, is neither.
    idle = (table["target"] == 0) & (table["most"] <= 0)
    verdict = np.select([idle, hard, easy], ["fair", "too_hard", "too_easy"], default="fair")
    fair = table["target"].clip(table["least"], table["most"]).mask(idle, 0.0)
    return table.assign(verdict=verdict, fair=fair).rename_axis("unit")
