"""The scorecard: who reached what, how hard it was, and whose part of the gap is whose."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.panel.panel import Panel
from workbench.target.amounts import listed
from workbench.target.curve import Floats, exceedance, floats, quantile
from workbench.target.history import rows_of, total_over
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS
from workbench.target.stated import LEVELS

ALL, GROUP, UNIT, OPEN = "all", "group", "unit", "open"
CENT = 0.005


class Appraised(Protocol):
    """A period with targets, as it was seen at its start and as it is seen now: a ``Tracking``."""

    @property
    def units(self) -> tuple[str, ...]:
        """Names."""

    @property
    def target(self) -> "pd.Series[float]":
        """Unit → target in force."""

    @property
    def goal(self) -> float:
        """The target of all units."""

    @property
    def start(self) -> Outlook:
        """As seen before the period."""

    @property
    def now(self) -> Outlook:
        """As seen now."""


def scorecard(
    tracking: Appraised,
    *,
    groups: Mapping[str, str] | None = None,
    past: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Attainment beside its difficulty, for all, for every group and for every unit.

    While the period runs its result is what is expected now, over all futures.

    Args:
        tracking: the period, over or running.
        groups: unit → team.
        past: results of earlier periods, from :func:`past_results`.

    Returns:
        One row for all units, one per group, one per unit; columns

        - level (``all``, ``group``, ``unit``; ``open`` for what no unit carries), unit, group;
        - target, actual (to date), result, attainment (result ÷ target), reached (probability);
        - likely (probability of the target as seen at the start), percentile (share of what was
          expected at the start that lies below the result), adjusted: the attainment the same
          percentile stands for when everybody's target has even odds and the spread of the usual
          unit; 1 is a result right in the middle of what was to be expected;
        - rank and adjusted_rank within the level;
        - gap (result − target), gap_share: these add up over the units, and over the groups;
        - previous, change (of attainment against the period before), kept, of (targets reached in
          earlier periods).

    Raises:
        TargetError: units without a group.
    """
    groups = dict(groups or {})
    without = [unit for unit in tracking.units if groups and unit not in groups]
    if without:
        facts = {"count": len(without), "units": listed(without)}
        raise TargetError(Problem("scorecard.no_group", facts))
    usual = usual_spread(tracking.start)
    rows = [_row(ALL, ALL_UNITS, "", tracking.units, tracking, usual, tracking.goal)]
    for name in dict.fromkeys(groups[unit] for unit in tracking.units if groups):
        members = [unit for unit in tracking.units if groups[unit] == name]
        rows.append(_row(GROUP, name, name, members, tracking, usual))
    for unit in tracking.units:
        rows.append(_row(UNIT, unit, groups.get(unit, ""), [unit], tracking, usual))
    rest = tracking.goal - float(tracking.target.sum())
    if abs(rest) > CENT:
        rows.append({"level": OPEN, "unit": ALL_UNITS, "group": "", "target": rest, "gap": -rest})
    table = pd.DataFrame(rows)
    total = float(table["gap"].iloc[0])
    table["gap_share"] = table["gap"] / total if abs(total) > CENT else np.nan
    within = table.groupby("level")
    table["rank"] = within["attainment"].rank(method="min", ascending=False)
    table["adjusted_rank"] = within["percentile"].rank(method="min", ascending=False)
    return _with_past(table, past)


def usual_spread(start: Outlook) -> Floats:
    """Quantiles of the usual unit's total ÷ its median, at 1, 2, … 99 %.

    At each level the median over the units; 1 in the middle. NaN where nothing was to be expected.

    >>> totals = pd.DataFrame({"a": np.arange(50.0, 151.0)})
    >>> usual_spread(Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30"))[[9, 49, 89]]
    array([0.592, 1.   , 1.408])
    """
    values = np.stack([quantile(start.ordered, level) for level in LEVELS])
    middle = values[49]
    sold = middle > 0
    if not sold.any():
        return np.full(len(LEVELS), np.nan)
    return np.asarray(np.median(values[:, sold] / middle[sold], axis=1))


def ranks_at_start(start: Floats, results: Floats) -> Floats:
    """Share of what was expected that lies below each result; ties count half.

    >>> ranks_at_start(np.array([10.0, 20.0, 30.0]), np.array([25.0, 5.0]))
    array([0.625, 0.125])
    """
    ordered = np.sort(start)
    below = np.searchsorted(ordered, results - CENT, side="left")
    upto = np.searchsorted(ordered, results + CENT, side="right")
    return np.asarray((below + 0.5 * (upto - below + 1)) / (len(ordered) + 1))


def adjusted(ranks: Floats, usual: Floats) -> Floats:
    """The attainment that a percentile stands for, had every target even odds."""
    return np.asarray(np.interp(ranks, LEVELS, usual))


def past_results(panel: Panel, targets: Mapping[str, "pd.Series[float]"]) -> pd.DataFrame:
    """What earlier periods brought against their targets: unit, period, target, actual.

    Args:
        panel: sales of the units.
        targets: period label → unit → target, oldest first; the empty name for all units.
    """
    from workbench.calendar.period import parse_period

    tables = []
    for label, amounts in targets.items():
        sold = total_over(panel, rows_of(panel, parse_period(label)))
        whole = pd.Series({ALL_UNITS: sold.sum(skipna=False)})
        asked = amounts[amounts > 0]
        actual = pd.concat([whole, sold]).reindex(asked.index)
        rows = {"unit": asked.index, "period": label, "target": asked, "actual": actual}
        tables.append(pd.DataFrame(rows).dropna())
    columns = ["unit", "period", "target", "actual"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _row(
    level: str,
    name: str,
    group: str,
    members: Sequence[str],
    tracking: Appraised,
    usual: Floats,
    target: float | None = None,
) -> dict[str, object]:
    units = list(members)
    asked = float(tracking.target[units].sum()) if target is None else target
    before = floats(tracking.start.totals[units]).sum(axis=1)
    now = floats(tracking.now.totals[units]).sum(axis=1)
    spread = float(np.ptp(before)) > 0
    ranks = ranks_at_start(before, now) if spread else np.full(len(now), np.nan)
    result = float(now.mean())
    aim = np.array([asked])
    return {
        "level": level,
        "unit": name,
        "group": group,
        "target": asked,
        "actual": float(tracking.now.actual[units].sum()),
        "result": result,
        "attainment": result / asked if asked > 0 else np.nan,
        "reached": float(exceedance(np.sort(now)[:, None], aim)[0]),
        "likely": float(exceedance(np.sort(before)[:, None], aim)[0]) if spread else np.nan,
        "percentile": float(ranks.mean()),
        "adjusted": float(adjusted(ranks, usual).mean()),
        "gap": result - asked,
    }


def _with_past(table: pd.DataFrame, past: pd.DataFrame | None) -> pd.DataFrame:
    """The table with previous, change, kept and of."""
    blank = table.assign(previous=np.nan, change=np.nan, kept=0, of=0)
    if past is None or past.empty:
        return blank
    rows = _grouped_past(table, past).assign(
        attainment=lambda rows: rows["actual"] / rows["target"],
        kept=lambda rows: rows["actual"] >= rows["target"] - CENT,
    )
    found = rows.groupby(["level", "unit"], sort=False).agg(
        previous=("attainment", "last"), kept=("kept", "sum"), of=("kept", "size")
    )
    keys = pd.MultiIndex.from_frame(table[["level", "unit"]])
    beside = found.reindex(keys).reset_index(drop=True)
    return blank.assign(
        previous=beside["previous"],
        change=table["attainment"] - beside["previous"],
        kept=beside["kept"].fillna(0).astype(int),
        of=beside["of"].fillna(0).astype(int),
    )


def _grouped_past(table: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Earlier results of units, of the groups they make up, and of all."""
    own = past.assign(level=np.where(past["unit"] == ALL_UNITS, ALL, UNIT))
    units = own[own["level"] == UNIT]
    parts = [own]
    if ALL_UNITS not in set(past["unit"]):
        whole = units.groupby("period", sort=False)[["target", "actual"]].sum().reset_index()
        parts.append(whole.assign(level=ALL, unit=ALL_UNITS))
    groups = table[table["level"] == UNIT].set_index("unit")["group"]
    teams = units.assign(unit=units["unit"].map(groups)).dropna(subset=["unit"])
    summed = teams.groupby(["unit", "period"], sort=False)[["target", "actual"]].sum()
    parts.append(summed.reset_index().assign(level=GROUP))
    return pd.concat(parts, ignore_index=True)
