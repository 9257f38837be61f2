"""What the notebook of a running period decides: the period, the target, and the detail."""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.calendar.period import Period, next_period, parse_period
from workbench.data.sales import Sales, load_sales
from workbench.data.targets import read_targets
from workbench.data.traffic import read_traffic
from workbench.data.units import SEPARATOR, TOTAL
from workbench.errors import ParameterError, Problem
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel
from workbench.params.models import TrackingParams
from workbench.run.choose import FURTHEST
from workbench.target.crossed import Crossed, cross
from workbench.target.gap import Detail
from workbench.target.goal import oddities
from workbench.target.proposal import ALL_UNITS
from workbench.target.replays import seen_at, start_cut
from workbench.target.tracking import Tracking
from workbench.target.versions import is_versioned, targets_in_force

MOST_CELLS = 240
CELL_PATHS = 1000
PIECES = ("quantity", "units")
PRODUCTS = ("product", "category")


@dataclass(frozen=True, eq=False)
class Followed:
    """The targets to follow.

    Attributes:
        targets: unit → target, the empty name for all units; as far as they were given.
        given: whether somebody set them.
        notices: what stands in for them otherwise, and what is odd about them.
    """

    targets: dict[str, float]
    given: bool
    notices: tuple[Problem, ...] = ()


def tracked_period(text: str, *, as_of: datetime.date, fiscal_year_start: int = 1) -> Period:
    """The period asked for, or the quarter in which ``as_of`` lies when ``text`` is "".

    It may be over, running or still to come. Raises ParameterError for a period that cannot be
    read, and for one that ends further ahead than a forecast reaches.

    >>> tracked_period("", as_of=datetime.date(2026, 8, 20)).label
    '2026Q3'
    """
    day = datetime.date(as_of.year, as_of.month, as_of.day)
    if not text:
        return next_period(day, fiscal_year_start=fiscal_year_start).previous()
    period = parse_period(text, fiscal_year_start=fiscal_year_start)
    if period.end - day > FURTHEST:
        facts = {"period": period.label, "end": str(period.end), "as_of": str(day)}
        raise ParameterError(Problem("run.period_far", {**facts, "latest": str(day + FURTHEST)}))
    return period


def followed_targets(params: TrackingParams, panel: Panel, period: Period) -> Followed:
    """The targets in force: the parameter ``target`` for all units, else the file's.

    Of a file with versions those that were in force on the last known day. Where nobody set a
    target, what was as likely as not at the period's start stands in for it.

    Raises:
        DataError: a file of targets that cannot be used.
        TargetError: no version of the targets in force by then.
    """
    read, notices = _read(params, panel, period)
    strange = oddities(read, panel.units)
    known = read[[name in (ALL_UNITS, *panel.units) for name in read.index]]
    targets = {str(name): float(amount) for name, amount in known.items()}
    if params.target is not None:
        targets[ALL_UNITS] = params.target
    if targets:
        return Followed(targets, True, (*notices, *strange))
    cut, _ = start_cut(panel, period)
    start, _ = seen_at(panel, cut, period, n_paths=params.n_paths, seed=params.seed)
    base = max(round(start.target_at(0.5)), 1.0)
    told = Problem("run.no_target_followed", {"base": f"{base:,.0f}", "period": period.label})
    return Followed({ALL_UNITS: base}, False, (*notices, *strange, told))


def _read(
    params: TrackingParams, panel: Panel, period: Period
) -> "tuple[pd.Series[float], tuple[Problem, ...]]":
    if not params.targets:
        return pd.Series(dtype=float), ()
    file = params.file("targets")
    if is_versioned(file):
        return targets_in_force(file, period=period, as_of=panel.as_of.date()), ()
    found = read_targets(file, by=params.by, period=period, mapping=params.file("mapping"))
    return found.amounts, found.notices


def gap_detail(params: TrackingParams, sales: Sales, tracking: Tracking) -> Detail:
    """What the data know beyond sales by unit and day, as far as the parameters ask for it."""
    traffic = params.file("traffic")
    mapping = params.file("mapping")
    return Detail(
        lines=_lines(params, sales),
        traffic=read_traffic(traffic, by=params.by, mapping=mapping) if traffic else None,
        crossed=_crossed(params, sales, tracking),
    )


def _lines(params: TrackingParams, sales: Sales) -> pd.DataFrame | None:
    """Pieces and sales by unit, product and day; None where the data do not have them."""
    columns = sales.report.columns
    product = params.product or next((name for name in PRODUCTS if name in columns), "")
    if params.metric == "units" or not product or not any(name in columns for name in PIECES):
        return None
    by = list(dict.fromkeys([*params.by, product]))
    same = {**params.sales(), "by": by, "known": "", "as_of": sales.as_of.date()}
    money = load_sales(**same)
    pieces = load_sales(**{**same, "metric": "units"})
    counted = pieces.frame[["unit", "date", "sales"]].rename(columns={"sales": "pieces"})
    lines = money.frame[["unit", "date", "sales"]].merge(counted, on=["unit", "date"], how="left")
    units, products = _labels(money.keys, params.by), money.keys[product].astype(str)
    return lines.assign(
        product=lines["unit"].map(products),
        unit=lines["unit"].map(units),
        pieces=lines["pieces"].fillna(0.0),
    )


def _crossed(params: TrackingParams, sales: Sales, tracking: Tracking) -> Crossed | None:
    if not params.cross or not tracking.begun:
        return None
    if params.cross in params.by:
        facts = {"cross": params.cross, "by": ", ".join(params.by)}
        raise ParameterError(Problem("run.cross_same", facts))
    by = [*params.by, params.cross]
    cells = load_sales(**{**params.sales(), "by": by, "as_of": sales.as_of.date()})
    if len(cells.keys) > MOST_CELLS:
        facts = {"cells": f"{len(cells.keys):,}", "most": f"{MOST_CELLS}", "by": ", ".join(by)}
        raise ParameterError(Problem("run.cross_many", facts))
    panel = build_panel(cells.frame, cells.known, params.country)
    keys = pd.DataFrame(
        {"row": _labels(cells.keys, params.by), "column": cells.keys[params.cross].astype(str)}
    )
    rows = SEPARATOR.join(params.by) or "unit"
    few = min(params.n_paths, CELL_PATHS)
    return cross(tracking, panel, keys, rows=rows, columns=params.cross, n_paths=few,
                 seed=params.seed)  # fmt: skip


def _labels(keys: pd.DataFrame, by: "tuple[str, ...]") -> "pd.Series[str]":
    """The unit that each finer unit is part of."""
    if not by:
        return pd.Series(TOTAL, index=keys.index)
    parts = [keys[name].astype(str).to_numpy() for name in by]
    names = np.array([SEPARATOR.join(row) for row in zip(*parts, strict=True)], dtype=object)
    return pd.Series(names, index=keys.index)
