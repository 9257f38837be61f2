"""The target down the tree, as the parameters ask: assumptions, capacity, sheet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.data.sales import Sales
from workbench.data.staff import load_staff
from workbench.errors import Problem, TargetError
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.models import TargetSettingParams
from workbench.params.places import project_root
from workbench.report.metrics import earlier_metrics
from workbench.run.choose import recent_sales
from workbench.run.plans import Planned
from workbench.target.adjustment import Adjustment
from workbench.target.allocate import Allocation
from workbench.target.amounts import listed
from workbench.target.band import in_band
from workbench.target.capacity import Capacity, capacity
from workbench.target.carry import Load, carry
from workbench.target.cascade import cascade
from workbench.target.cascade_ways import as_allocation, compare_cascades
from workbench.target.cascaded import Cascade
from workbench.target.compare import Comparison
from workbench.target.earlier import Earlier
from workbench.target.goal import Goal
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS
from workbench.target.reasons import Reasons
from workbench.target.sheet import cascade_sheet
from workbench.target.staffing import staffing

MOST_NODES = 500
"""Beyond this many nodes the published sheet leaves out the days; a file of its own has them."""


@dataclass(frozen=True, eq=False)
class Split:
    """A target down the tree, within the capacity of the staff where there is a table of them.

    Attributes:
        cascade: every node, week and day.
        load: targets before and after capacity; None without a staff table.
        able: the capacities; None likewise.
        scenarios: one person more or fewer; empty likewise.
    """

    cascade: Cascade
    load: Load | None = None
    able: Capacity | None = None
    scenarios: pd.DataFrame | None = None

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What was noticed on the way down."""
        said = () if self.load is None else self.load.notices
        return (*self.cascade.notices, *said)

    def plan(self) -> Allocation:
        """The units' parts."""
        return as_allocation(self.cascade)

    def ways(self) -> Comparison:
        """The ways of splitting, unit by unit."""
        return compare_cascades(self.cascade).comparison()


def assumptions(params: TargetSettingParams) -> tuple[Adjustment, ...]:
    """What the parameters add to the data."""
    return tuple(_adjustment(one) for one in params.adjustments)


def split_target(
    params: TargetSettingParams,
    goal: Goal,
    outlook: Outlook,
    *,
    sales: Sales,
    panel: Panel,
    paths: SamplePaths,
) -> Split:
    """The target down every level of the units' keys, over weeks and days, within capacity.

    Raises:
        DataError: a staff table that cannot be used.
        TargetError: limits that contradict each other or the target; a split by capacity where
            some units' is not known.
    """
    able = _able(params, outlook, sales, panel)
    whole = cascade(
        goal.total,
        outlook,
        sales.keys.loc[list(outlook.units)],
        paths=paths,
        panel=panel,
        by=params.allocate_by,
        shares=recent_sales(panel),
        capacity=None if able is None else able.units.reindex(list(outlook.units)),
        capped=False,
        adjustments=assumptions(params),
        **params.limits(),
    )
    if able is None:
        return Split(whole)
    load = carry(whole, able)
    return Split(load.after, load, able, staffing(load.after, able))


def _able(
    params: TargetSettingParams, outlook: Outlook, sales: Sales, panel: Panel
) -> Capacity | None:
    """What the staff can sell; None without a table of them."""
    if not params.staff_file:
        return None
    staff = load_staff(params.file("staff_file"), mapping=params.file("mapping"))
    able = capacity(staff, sales.keys, period=outlook.period, panel=panel)
    known = able.units.reindex(list(outlook.units))
    unknown = list(known.index[known.isna()])
    if unknown and params.allocate_by == "capacity":
        facts = {"count": len(unknown), "units": listed(unknown)}
        raise TargetError(Problem("capacity.not_of_all", facts))
    return able


def judged(params: TargetSettingParams, split: Split, outlook: Outlook) -> pd.DataFrame:
    """The target of all and of every unit against the band of fair probabilities."""
    whole = pd.Series({ALL_UNITS: split.cascade.target})
    units = split.cascade.targets
    return in_band(outlook, pd.concat([whole, units]), params.band)


def saved_sheet(params: TargetSettingParams, split: Split) -> str:
    """Write the target sheet where the parameters ask for one; its name, "" where they do not.

    Raises:
        TargetError: a name or folder that cannot be used.
    """
    if params.sheet:
        path = Path(params.sheet)
        path = path if path.is_absolute() else project_root() / path
        split.cascade.write(path, language=params.language)
    return params.sheet


def split_tables(split: Split, why: Reasons, band: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables that the cascade adds to what the notebook publishes."""
    sheet = cascade_sheet(split.cascade)
    if split.cascade.tree.n_nodes > MOST_NODES:
        sheet = sheet[sheet["span"] != "day"]
    tables = {"reasons": why.parts, "band": band, "sheet": sheet}
    if split.load is not None and split.scenarios is not None:
        tables |= {"capacity": split.load.table(), "staffing": split.scenarios}
    return tables


def _adjustment(one: Mapping[str, Any]) -> Adjustment:
    start, end = (dt.date.fromisoformat(one[n]) if n in one else None for n in ("start", "end"))
    return Adjustment(
        label=one["label"],
        units=tuple(one.get("units", ())),
        low=one["low"],
        mid=one["mid"],
        high=one["high"],
        kind=one["kind"],
        start=start,
        end=end,
    )


def with_split(
    numbers: Mapping[str, Any],
    split: Split,
    why: Reasons,
    band: pd.DataFrame,
    before: Earlier,
    planned: Planned,
) -> dict[str, Any]:
    """What the notebook publishes, with the tables of cascade, earlier targets and campaigns."""
    more = {**split_tables(split, why, band), "earlier": before.table.reset_index()}
    more |= planned.tables()
    metrics = [*numbers["metrics"], *earlier_metrics(before.table)]
    return {"metrics": metrics, "tables": {**numbers["tables"], **more}}
