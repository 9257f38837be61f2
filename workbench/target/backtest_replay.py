"""One moment of the past played again: every model's totals of every sum, from what was known."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.engine import forecast
from workbench.forecast.raw_prophet import prophet_totals
from workbench.forecast.year_rule import year_rule
from workbench.panel.aggregate import aggregate
from workbench.panel.hierarchy import Hierarchy
from workbench.panel.panel import Panel
from workbench.target.build import outlook
from workbench.target.history import ENOUGH, last_year
from workbench.target.past_periods import PastPeriod

Floats = NDArray[np.float64]
Node = tuple[str, str]

SILENT = {"D": 28, "W": 4, "M": 3}
"""A unit not observed for so many rows before the cutoff had left, or had not come yet."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A cutoff inside or before a past period.

    Attributes:
        known: the panel as known at the cutoff, plans included; only units that were selling then.
        past: the period.
        nodes: the sums that can be scored, by level and name.
        summing: (nodes, units of ``known``); units whose period is not fully known count nowhere.
        actual: (nodes,) what the period brought; rows ahead that were not observed are taken as
            the unit's mean open row of the period, so that no model is blamed for them.
    """

    known: Panel
    past: PastPeriod
    nodes: tuple[Node, ...]
    summing: Floats
    actual: Floats

    @property
    def steps(self) -> int:
        """Rows still ahead."""
        return self.past.end - len(self.known.dates)

    @cached_property
    def to_date(self) -> Floats:
        """(nodes,) sold in the period up to the cutoff."""
        sold = np.nansum(self.known.sales[self.past.first :], axis=0)
        return np.asarray(self.summing @ sold)

    @cached_property
    def last_year(self) -> Floats:
        """(nodes,) total of the same period one year before; NaN where no unit has one."""
        before = last_year(self.known, self.past.period).to_numpy(dtype=float)
        some = np.isfinite(before)
        total = self.summing @ np.where(some, before, 0.0)
        return np.where(self.summing @ some > 0, total, np.nan)


def moment(
    panel: Panel, hierarchy: Hierarchy, past: PastPeriod, *, earliest: float, elapsed: float
) -> Moment | None:
    """The moment at which a share of the period had gone by; None if no total of it is known.

    Which units count is told at the ``earliest`` share asked for, so that all shares score alike.
    """
    selling = _selling(panel, past.cutoff(earliest))
    counted = (selling & _told(panel, past)).astype(float)
    if not counted.any():
        return None
    members = hierarchy.summing * counted
    filled = members.sum(axis=1) > 0
    n = past.cutoff(elapsed)
    units = [unit for unit, there in zip(panel.units, selling, strict=True) if there]
    nodes = [node for node, there in zip(hierarchy.nodes, filled, strict=True) if there]
    return Moment(
        known=panel.until(n).only(units),
        past=past,
        nodes=tuple(nodes),
        summing=members[filled][:, selling],
        actual=members[filled] @ _brought(panel, past, n),
    )


def _brought(panel: Panel, past: PastPeriod, cutoff: int) -> Floats:
    """(units,) sales of the period; rows from ``cutoff`` that were not observed are filled."""
    sales, open_ = panel.sales[past.first : past.end], panel.open[past.first : past.end]
    seen = np.isfinite(sales)
    sold = np.where(seen, sales, 0.0).sum(axis=0)
    worth = np.where(seen, open_, 0.0).sum(axis=0)
    rate = np.divide(sold, worth, out=np.zeros_like(sold), where=worth > 0)
    ahead = np.arange(past.first, past.end) >= cutoff
    missed = np.where(seen | ~ahead[:, None], 0.0, open_).sum(axis=0)
    return np.asarray(sold + rate * missed)


def unknown(panel: Panel, past: PastPeriod, earliest: float) -> tuple[int, int]:
    """How many units counted in the period have rows filled, and how many are left out of it."""
    selling = _selling(panel, past.cutoff(earliest))
    told = _told(panel, past)
    holes = (~panel.observed[past.first : past.end]).any(axis=0)
    return int((selling & told & holes).sum()), int((selling & ~told).sum())


def _selling(panel: Panel, cutoff: int) -> NDArray[np.bool_]:
    recent = panel.observed[max(0, cutoff - SILENT[panel.frequency]) : cutoff]
    return np.asarray(recent.any(axis=0))


def _told(panel: Panel, past: PastPeriod) -> NDArray[np.bool_]:
    seen = panel.observed[past.first : past.end]
    return np.asarray(seen.mean(axis=0) >= ENOUGH)


def our_totals(at: Moment, *, n_paths: int, seed: int) -> Floats:
    """(n_paths, nodes): the forecast and the outlook as a planner would have asked for them."""
    paths = forecast(at.known, horizon=at.steps, n_paths=n_paths, seed=seed)
    totals = outlook(at.known, paths, period=at.past.period).totals
    return np.asarray(totals[list(at.known.units)].to_numpy(dtype=float) @ at.summing.T)


def rule_totals(at: Moment, *, n_paths: int, seed: int) -> Floats:
    """(n_paths, nodes): sold to date plus last year's comparable dates × recent growth."""
    names = ["/".join(node) for node in at.nodes]
    rest = year_rule(at.known, at.summing, steps=at.steps, n_paths=n_paths, seed=seed, names=names)
    return np.asarray(at.to_date + rest)


def prophets_totals(
    at: Moment, nodes: Mapping[Node, object], *, n_paths: int, seed: int
) -> tuple[list[int], Floats]:
    """Which of the moment's nodes are asked for, and (n_paths, those): Prophet on each sum."""
    chosen = [place for place, node in enumerate(at.nodes) if node in nodes]
    drawn: dict[bytes, Floats] = {}
    for place in chosen:
        members = at.summing[place] > 0
        if members.tobytes() not in drawn:
            units = [unit for unit, there in zip(at.known.units, members, strict=True) if there]
            whole = aggregate(at.known.only(units), dict.fromkeys(units, "sum"))
            drawn[members.tobytes()] = prophet_totals(
                whole, steps=at.steps, n_paths=n_paths, seed=seed
            )
    rest = [drawn[(at.summing[place] > 0).tobytes()] for place in chosen]
    return chosen, at.to_date[chosen] + np.array(rest).reshape(len(chosen), n_paths).T
