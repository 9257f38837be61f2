"""Anchors: the numbers people reach for when they set a target, each with its probability."""

import numpy as np
import pandas as pd

from workbench.panel.panel import Panel
from workbench.target.history import last_year_lunar, previous_total, running_pair
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

RAISES = (5, 10, 20)
RUNNING_WEEKS = (8, 13)


def anchors(panel: Panel, outlook: Outlook) -> pd.DataFrame:
    """How likely the usual targets are: last year's total, that plus some, recent growth.

    Anchors: ``last_year`` (same dates), ``last_year_lunar`` (comparable dates, moving holidays
    lined up), ``last_year_plus_5``, ``_10`` and ``_20`` per cent, ``running_growth_8`` and ``_13``
    (last year × growth of the last 8 or 13 weeks on the same weeks a year before), and
    ``previous_period``. The sum of all units has the empty name; it holds the units that have the
    anchor. A unit without it has NaN; an anchor that no unit has is left out.

    Returns:
        Columns unit, anchor, target, probability; the rows of one anchor stand together.

    >>> from workbench.panel.build import build_panel
    >>> days = pd.date_range("2025-10-01", "2026-09-30")
    >>> rows = pd.DataFrame({"unit": "shop", "date": days, "sales": 10.0})
    >>> panel = build_panel(rows, calendar=None)
    >>> totals = pd.DataFrame({"shop": [920.0, 966.0, 1012.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30",
    ...     last_year=pd.Series({"shop": 920.0}))
    >>> anchors(panel, seen).query("unit == 'shop'").head(3)
       unit             anchor  target  probability
    1  shop          last_year   920.0         0.75
    3  shop   last_year_plus_5   966.0         0.50
    5  shop  last_year_plus_10  1012.0         0.25
    """
    before = outlook.last_year
    rows = {"last_year": _with_sum(before)}
    lunar = last_year_lunar(panel, outlook.period)
    if lunar is not None:
        rows["last_year_lunar"] = _with_sum(lunar[list(outlook.units)])
    for raised in RAISES:
        rows[f"last_year_plus_{raised}"] = rows["last_year"] * (100 + raised) / 100
    for weeks in RUNNING_WEEKS:
        now, then = running_pair(panel, weeks)
        growth = _with_sum(now[list(outlook.units)], then) / _with_sum(then[list(outlook.units)])
        rows[f"running_growth_{weeks}"] = rows["last_year"] * growth.where(np.isfinite(growth))
    previous = previous_total(panel, outlook.period)
    if previous is not None:
        rows["previous_period"] = _with_sum(previous[list(outlook.units)])
    tables = [
        _with_probability(name, targets, outlook)
        for name, targets in rows.items()
        if targets.notna().any()
    ]
    columns = ["unit", "anchor", "target", "probability"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _with_sum(
    amounts: "pd.Series[float]", where: "pd.Series[float] | None" = None
) -> "pd.Series[float]":
    """The amounts, with the sum of all units first."""
    counted = amounts if where is None else amounts[where[amounts.index].notna()]
    whole = pd.Series({ALL_UNITS: counted.sum(min_count=1)}, dtype=float)
    return pd.concat([whole, amounts])


def _with_probability(name: str, targets: "pd.Series[float]", outlook: Outlook) -> pd.DataFrame:
    likely = pd.Series(np.nan, index=targets.index)
    whole = float(targets.iloc[0])
    if whole > 0:
        likely.iloc[0] = outlook.probability(whole)
    units = targets.iloc[1:]
    usable = units[units >= 0]
    likely.update(outlook.probability(usable))
    return pd.DataFrame(
        {
            "unit": list(targets.index),
            "anchor": name,
            "target": targets,
            "probability": likely,
        }
    )
