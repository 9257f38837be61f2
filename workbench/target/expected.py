"""The course that was expected at the start: the range of cumulative sales, day by day."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.panel.panel import Panel
from workbench.target.curve import Floats
from workbench.target.history import rows_of
from workbench.target.proposal import ALL_UNITS

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def expected_course(
    panel: Panel, cut: int, paths: "SamplePaths | None", period: Period
) -> pd.DataFrame:
    """Unit, date, p10, p50, p90 of cumulative sales over all rows of the period, all units first.

    Args:
        panel: the history; its first ``cut`` dates were known.
        cut: how many dates were known.
        paths: what might come after them; None where nothing of the period was left.
        period: whose rows.
    """
    rows = rows_of(panel, period)
    total = np.zeros((1, len(rows)))
    tables = []
    for unit, running in _running(panel, cut, paths, rows):
        total = total + running
        tables.append(_table(unit, rows, running))
    return pd.concat([_table(ALL_UNITS, rows, total), *tables], ignore_index=True)


def _running(
    panel: Panel, cut: int, paths: "SamplePaths | None", rows: pd.DatetimeIndex
) -> Iterator[tuple[str, Floats]]:
    """Each unit's cumulative sales per path: what was known, then what might come."""
    known = rows[rows <= panel.dates[cut - 1]]
    done = panel.frame().reindex(known).fillna(0.0)
    for at, unit in enumerate(panel.units):
        before = done[unit].to_numpy()[None, :]
        if paths is None:
            yield unit, before.cumsum(axis=1)
            continue
        inside = (paths.dates >= rows[0]) & (paths.dates <= rows[-1])
        ahead = paths.unit_values(paths.units.index(unit))[:, inside]
        steps = np.hstack([np.repeat(before, len(ahead), axis=0), ahead])
        yield panel.units[at], steps.cumsum(axis=1)


def _table(unit: str, rows: pd.DatetimeIndex, running: Floats) -> pd.DataFrame:
    low, middle, high = np.quantile(running, list(LEVELS.values()), axis=0)
    return pd.DataFrame({"unit": unit, "date": rows, "p10": low, "p50": middle, "p90": high})
