"""Do the parts add up to the whole?"""

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.panel.shown import money, some

CENT = 0.005
"""Differences below half a cent per date come from rounding."""


def sum_gaps(panel: Panel, whole: "pd.Series[float]") -> pd.DataFrame:
    """Per date what the units add up to beside what the whole says, where either knows it.

    Args:
        panel: the parts.
        whole: sales of the whole, by date.

    Returns:
        Index date; columns ``parts``, ``whole``, ``difference`` (parts − whole); NaN where one of
        the two has nothing.
    """
    total = np.where(panel.observed.any(axis=1), np.nansum(panel.sales, axis=1), np.nan)
    parts = pd.Series(total, index=panel.dates).dropna()
    stated = whole.set_axis(pd.DatetimeIndex(whole.index).normalize()).dropna()
    table = pd.DataFrame({"parts": parts, "whole": stated.groupby(level=0).sum()})
    table.index.name = "date"
    return table.assign(difference=table["parts"] - table["whole"])


def check_sums(
    panel: Panel, whole: "pd.Series[float]", *, name: str, tolerance: float = CENT
) -> list[Problem]:
    """What keeps the units from adding up to the whole called ``name``; empty if nothing does.

    Args:
        panel: the parts.
        whole: sales of the whole, by date.
        name: what the whole is called, for the messages.
        tolerance: largest difference per date that is let pass, in the unit of sales.

    >>> from workbench.panel.build import build_panel
    >>> dates = pd.date_range("2026-10-01", periods=2)
    >>> panel = build_panel(pd.DataFrame(
    ...     {"unit": list("aabb"), "date": [*dates, *dates], "sales": [1.0, 2, 3, 4.5]}),
    ...     calendar=None)
    >>> check_sums(panel, pd.Series([4.0, 6.0], index=dates), name="company")[0].facts["rows"]
    '2026-10-02 6.50 / 6'
    """
    table = sum_gaps(panel, whole)
    apart = table[table["difference"].abs() > tolerance]
    problems = [_differ(apart, len(table), name)] if len(apart) else []
    for code, column, other in (
        ("parts_missing", "parts", "whole"),
        ("whole_missing", "whole", "parts"),
    ):
        lacking = table.loc[table[column].isna() & (table[other] != 0), other]
        if len(lacking):
            facts = {
                "name": name,
                "count": f"{len(lacking):,}",
                "amount": money(float(lacking.sum())),
                "rows": some(f"{date:%Y-%m-%d}" for date in lacking.index),
            }
            problems.append(Problem(f"panel.{code}", facts))
    return problems


def _differ(apart: pd.DataFrame, n_dates: int, name: str) -> Problem:
    pairs = zip(apart.index, apart[["parts", "whole"]].to_numpy(dtype=float), strict=True)
    facts = {
        "name": name,
        "count": f"{len(apart):,}",
        "total": f"{n_dates:,}",
        "amount": money(float(apart["difference"].sum())),
        "rows": some(
            (f"{d:%Y-%m-%d} {money(p)} / {money(w)}" for d, (p, w) in pairs), separator="; "
        ),
    }
    return Problem("panel.sums_differ", facts)
