"""Two dimensions crossed: every cell of units × another dimension, and the sums of its columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from workbench.target.allocate import allocate
from workbench.target.outlook import Outlook
from workbench.target.pace import due_today
from workbench.target.proposal import ALL_UNITS
from workbench.target.replays import seen_at, start_cut
from workbench.target.rolled import rolled
from workbench.target.tracking import Tracking, track

if TYPE_CHECKING:
    from workbench.panel.panel import Panel

GLUE = "\n"


@dataclass(frozen=True, eq=False)
class Crossed:
    """The cells of a table with two dimensions, tracked one by one.

    Attributes:
        whole: the tracking of the units that the cells are parts of.
        cells: the same period tracked on the cells.
        keys: cell → ``row`` and ``column``.
        rows: what the rows are, such as ``channel``.
        columns: what the columns are, such as ``category``.
        due: cell → what was due by today; where rows are units they add up to the unit's due,
            otherwise all add up to that of all units.
    """

    whole: Tracking
    cells: Tracking
    keys: pd.DataFrame
    rows: str
    columns: str
    due: "pd.Series[float]"

    def table(self) -> pd.DataFrame:
        """Row, column, target, actual, due, ahead, attainment, projected, attains, probability.

        The empty name stands for all rows, or all columns. ``attains`` is the projected total ÷
        target; it and the probability of a sum come from the sums of the cells' paths, but where
        a row is a unit of the tracking from its own.
        """
        row, column = self.keys["row"], self.keys["column"]
        nobody = pd.Series(ALL_UNITS, index=self.keys.index)
        corners = ((nobody, nobody), (row, nobody), (nobody, column), (row, column))
        return pd.concat([self._level(a, b) for a, b in corners], ignore_index=True)

    def _level(self, row: "pd.Series[str]", column: "pd.Series[str]") -> pd.DataFrame:
        names = row + GLUE + column
        groups = list(dict.fromkeys(names))
        now = rolled(self.cells.now, names)
        table = pd.DataFrame(
            {
                "target": self.cells.target.groupby(names, sort=False).sum(),
                "actual": now.actual,
                "due": self.due.groupby(names, sort=False).sum(),
                "projected": now.targets_at(0.5),
            }
        ).loc[groups]
        likely = now.probability(table["target"])
        whole = {group: group.split(GLUE)[0] for group in groups if group.endswith(GLUE)}
        for group, unit in whole.items():
            if unit in (ALL_UNITS, *self.whole.units):
                seen = self.whole.now.only([unit]) if unit else self.whole.now
                table.loc[group, "projected"] = seen.target_at(0.5)
                likely[group] = self.whole.probability(unit)
        some = table["target"].where(table["target"] > 0)
        table["ahead"] = table["actual"] - table["due"]
        table["attainment"] = table["actual"] / some
        table["attains"] = table["projected"] / some
        table["probability"] = likely.where(table["target"] > 0)
        table.insert(0, "row", [name.split(GLUE)[0] for name in groups])
        table.insert(1, "column", [name.split(GLUE)[1] for name in groups])
        return table


def cross(
    tracking: Tracking,
    panel: "Panel",
    keys: pd.DataFrame,
    *,
    rows: str,
    columns: str,
    n_paths: int = 1000,
    seed: int = 0,
) -> Crossed:
    """Track the cells of a table: the same period and goal, on a finer panel.

    Where the rows are the units of ``tracking`` the cells of a row share its target; otherwise all
    cells share the goal. Within that each cell has the same chance, as seen at the start.

    Args:
        tracking: of the units.
        panel: of the cells, up to the same day.
        keys: one row per cell (its name as index); columns ``row`` and ``column``.
        rows: what the rows are, for the reader.
        columns: what the columns are.
        n_paths: futures per cell.
        seed: as for ``track``.

    Raises:
        ForecastError: a history too short to forecast from.
    """
    placed = keys.loc[list(panel.units), ["row", "column"]].astype(str)
    nested = set(placed["row"]) <= set(tracking.units)
    groups = placed["row"] if nested else pd.Series(ALL_UNITS, index=placed.index)
    period = tracking.period
    first, _ = start_cut(panel, period)
    start, _ = seen_at(panel, first, period, n_paths=n_paths, seed=seed)
    targets = _shared(tracking, start, groups)
    cells = track(panel, targets, period=period, n_paths=n_paths, seed=seed, course="none")
    return Crossed(tracking, cells, placed, rows, columns, _due(tracking, cells, groups))


def _shared(tracking: Tracking, start: Outlook, groups: "pd.Series[str]") -> "pd.Series[float]":
    """Each group's target over its cells, each with the same chance."""
    parts = []
    for group in dict.fromkeys(groups):
        cells = list(groups.index[groups == group])
        target = tracking.target_of(group)
        nothing = pd.Series(0.0, index=cells)
        parts.append(allocate(target, start.only(cells)).targets if target > 0 else nothing)
    return pd.concat(parts)[list(groups.index)]


def _due(tracking: Tracking, cells: Tracking, groups: "pd.Series[str]") -> "pd.Series[float]":
    """What is due in each cell, scaled so that the cells of a group add up to its due."""
    own = due_today(cells)[list(cells.units)]
    sums = own.groupby(groups, sort=False).sum()
    scale = due_today(tracking)[list(sums.index)] / sums.where(sums > 0)
    return (own * groups.map(scale).fillna(0.0)).rename("due")
