"""Pace: where the total should stand today, and where it stands."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.target.curve import floats
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.target.tracking import Tracking


def pace(tracking: "Tracking") -> pd.DataFrame:
    """Where every unit stands on the last known day, all units first (the empty name).

    Columns: target; actual (to date) and attainment; due, the part of the target that should be
    done by today; ahead, actual less due (below zero: behind); expected, low and high, the median
    and the 80 % range of sales to date as seen at the start; standing (``above``, ``within`` or
    ``below`` that range, empty before the period begins); projected total with its 80 % range;
    probability now and at the start.

    What is due follows the expected course of sales (weekdays, festivals, plans), not the length
    of the calendar. The dues of the units add up to that of all.
    """
    names = [ALL_UNITS, *tracking.units]
    today = expected_today(tracking)
    table = pd.DataFrame(index=pd.Index(names, name="unit"))
    table["target"] = [tracking.goal, *tracking.target]
    table["actual"] = [tracking.actual_of(name) for name in names]
    table["attainment"] = table["actual"] / table["target"].where(table["target"] > 0)
    table["due"] = due_today(tracking)
    table["ahead"] = table["actual"] - table["due"]
    table[["low", "expected", "high"]] = today[["p10", "p50", "p90"]].to_numpy()
    below, above = table["actual"] < table["low"], table["actual"] > table["high"]
    begun = pd.Series(tracking.begun, index=table.index)
    standing = np.select([~begun, below, above], ["", "below", "above"], default="within")
    table["standing"] = standing.astype(str)
    last = _latest(tracking.course, -1)
    first = _latest(tracking.course, 0)
    projected = ["projected_low", "projected", "projected_high"]
    table[projected] = last.loc[names, ["p10", "p50", "p90"]].to_numpy()
    table["probability"] = last.loc[names, "probability"]
    table["probability_start"] = first.loc[names, "probability"]
    return table


def expected_today(tracking: "Tracking") -> pd.DataFrame:
    """Cumulative sales by the last known day as expected at the start, by unit: p10, p50, p90."""
    known = tracking.expected[tracking.expected["date"] <= tracking.as_of]
    last = known.groupby("unit", sort=False)[["p10", "p50", "p90"]].last()
    return last.reindex([ALL_UNITS, *tracking.units]).fillna(0.0)


def due_today(tracking: "Tracking") -> "pd.Series[float]":
    """The part of each target that should be done by the last known day; units add up to all."""
    names = list(tracking.units)
    share = expected_share(tracking)
    units = tracking.target * share[names]
    assigned = float(tracking.target.sum())
    # Where the units' targets do not add up to that of all, what is left over (or too much) is
    # due at the same pace.
    whole = float(units.sum()) * tracking.goal / assigned if assigned > 0 else 0.0
    return pd.concat([pd.Series({ALL_UNITS: whole}), units]).rename("due")


def expected_share(tracking: "Tracking") -> "pd.Series[float]":
    """The share of the period's sales that was expected by now, by unit; 0 to 1."""
    today = expected_today(tracking)["p50"]
    final = tracking.expected.groupby("unit", sort=False)["p50"].last()[today.index]
    rows = tracking.now.rows_known / max(tracking.now.rows_known + tracking.now.rows_left, 1)
    usual = floats(final) > 0
    ratio = np.divide(floats(today), floats(final), out=np.full(len(today), rows), where=usual)
    return pd.Series(np.clip(ratio, 0.0, 1.0), index=today.index, name="share")


def _latest(course: pd.DataFrame, at: int) -> pd.DataFrame:
    """The rows of one date of the course, by unit: the first (0) or the last (−1)."""
    rows: pd.DataFrame = course[course["as_of"] == course["as_of"].iloc[at]]
    return rows.set_index("unit")
