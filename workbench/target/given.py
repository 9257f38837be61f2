"""Targets that were set, beside their probability and what happened."""

import numpy as np
import pandas as pd

from workbench.target.allocate import Allocation
from workbench.target.goal import Goal
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS


def given_targets(
    targets: "pd.Series[float]", outlook: Outlook, *, later: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per unit that has a target, and one for all where every unit has one.

    Columns target, base, probability; and actual, attainment and reached where ``later`` (unit,
    date, sales after ``as_of``) reaches the end of the period, or the period is over. Units
    without an outlook are left out. A target under the empty name is that of all units.

    >>> from workbench.target.outlook import Outlook
    >>> totals = pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> given_targets(pd.Series({"a": 100.0, "b": 60.0}), seen)["probability"].round(2).to_dict()
    {'': 0.5, 'a': 0.5, 'b': 0.25}
    """
    known = [unit for unit in targets.index if unit in outlook.units]
    whole = targets[ALL_UNITS] if ALL_UNITS in targets.index else _sum_of(targets, outlook)
    parts = targets[known].astype(float)
    table = pd.DataFrame(
        {
            "target": parts,
            "base": outlook.targets_at(0.5)[known],
            "probability": outlook.probability(parts) if len(parts) else parts,
        }
    )
    if whole > 0:
        first = {
            "target": float(whole),
            "base": outlook.target_at(0.5),
            "probability": outlook.probability(float(whole)),
        }
        table = pd.concat([pd.DataFrame([first], index=[ALL_UNITS]), table])
    happened = what_happened(outlook, later)
    if happened is not None:
        table["actual"] = happened[list(table.index)]
        table["attainment"] = table["actual"] / table["target"].where(table["target"] > 0)
        table["reached"] = table["actual"].round(2) >= table["target"].round(2)
    return table.rename_axis("unit")


def hindsight(
    goal: Goal, plan: Allocation, outlook: Outlook, *, later: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Targets, the probability said at ``as_of``, and what came, once the period is over.

    The table of :func:`given_targets`; None while the period runs. Units for which nobody set a
    target are measured by their part of the allocation.
    """
    if what_happened(outlook, later) is None:
        return None
    targets = {ALL_UNITS: goal.total, **plan.targets.to_dict(), **goal.given.to_dict()}
    return given_targets(pd.Series(targets, dtype=float), outlook, later=later)


def what_happened(outlook: Outlook, later: pd.DataFrame | None) -> "pd.Series[float] | None":
    """The period's final sales per unit, and of all under the empty name; None while it runs."""
    rest = pd.Series(0.0, index=outlook.actual.index)
    if not outlook.over:
        end = pd.Timestamp(outlook.period.end)
        if later is None or later.empty or later["date"].max() < end:
            return None
        inside = later[(later["date"] > outlook.as_of) & (later["date"] <= end)]
        inside = inside[inside["date"] >= pd.Timestamp(outlook.period.start)]
        rest = inside.groupby("unit")["sales"].sum().reindex(rest.index).fillna(0.0)
    final = outlook.actual + rest
    return pd.concat([pd.Series({ALL_UNITS: final.sum()}), final])


def _sum_of(targets: "pd.Series[float]", outlook: Outlook) -> float:
    """The sum of the targets where every unit has one, else nothing."""
    complete = set(outlook.units) <= set(targets.index)
    return float(targets[list(outlook.units)].sum()) if complete else np.nan
