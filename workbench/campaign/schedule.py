"""Several campaigns at once: what they bring together, nothing counted twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.campaign.base import Campaign
from workbench.campaign.capacity import people_room, serve
from workbench.campaign.counts import Floats
from workbench.campaign.ledger import Ledger
from workbench.campaign.overlap import OVERLAP, effect_of, kept_parts, kept_whole, lost
from workbench.campaign.schedule_rules import Exclusive, overlap_problems, schedule_problems
from workbench.campaign.simulation import Simulation, spread
from workbench.errors import CampaignError, Problem
from workbench.target.amounts import money
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    Able: TypeAlias = Capacity | Mapping[str, float] | pd.Series[float] | None
else:
    Able = Capacity | Mapping | pd.Series | None


@dataclass(frozen=True, eq=False)
class ScheduleResult:
    """What several campaigns bring together.

    Attributes:
        simulations: one per campaign, less what overlap and people take away: ready for
            ``with_campaigns``. Their ledgers name it, ``overlap_sales`` and ``unserved_sales``.
        alone: the same campaigns, each as if it ran alone.
        overlap: share of a campaign's buyers that another of the same day reaches too.
        period: the days that ``table`` counts; None for all.
        notices: what was noticed in single campaigns and in their schedule.
    """

    simulations: tuple[Simulation, ...]
    alone: tuple[Simulation, ...]
    overlap: float
    period: Period | None = None
    notices: tuple[Problem, ...] = ()

    def table(self) -> pd.DataFrame:
        """One row per campaign, in the order given, money as means over the paths.

        Columns: ``campaign``, ``kind``, ``start``, ``end``, ``alone`` (incremental sales if it ran
        alone), ``overlap`` and ``unserved`` (what is taken off), ``sales`` (what remains), ``p10``,
        ``p90``, ``cost``, ``discount``, ``margin``. Sales are those of the period; cost, discount
        and margin of the whole campaign.
        """
        pairs = zip(self.simulations, self.alone, strict=True)
        return pd.DataFrame([self._row(one, alone) for one, alone in pairs])

    def by_day(self) -> pd.DataFrame:
        """Mean incremental sales: one row per day, one column per campaign."""
        days = [
            pd.Series(one.increment.mean(axis=0).sum(axis=1), index=one.dates, name=one.campaign)
            for one in self.simulations
        ]
        return pd.concat(days, axis=1).sort_index().fillna(0.0).rename_axis("date")

    def totals(self) -> pd.DataFrame:
        """Incremental sales of all campaigns in the period: (n_paths × units)."""
        start, end = self._span()
        sums = [one.totals(start, end) for one in self.simulations]
        out = sums[0]
        for one in sums[1:]:
            out = out.add(one, fill_value=0.0)
        return out

    def _span(self) -> tuple[object, object]:
        return (None, None) if self.period is None else (self.period.start, self.period.end)

    def _row(self, one: Simulation, alone: Simulation) -> dict[str, object]:
        span = self._span()
        sales = spread(one.outcome("incremental_sales", *span))
        return {
            "campaign": one.campaign,
            "kind": one.kind,
            "start": one.dates[0],
            "end": one.dates[one.n_active - 1],
            "alone": float(alone.outcome("incremental_sales", *span).mean()),
            "overlap": float(one.outcome("overlap_sales", *span).mean()),
            "unserved": float(one.outcome("unserved_sales", *span).mean()),
            "sales": sales["mean"],
            "p10": sales["p10"],
            "p90": sales["p90"],
            "cost": float(one.cost.mean()),
            "discount": float(one.outcome("discount_given").mean()),
            "margin": float(one.margin.mean()),
        }


def simulate_schedule(
    campaigns: Sequence[Campaign],
    *,
    n_paths: int = 2000,
    seed: int = 0,
    outlook: Outlook | None = None,
    period: str | Period | None = None,
    as_of: str | date | None = None,
    closed: Sequence[str | date] = (),
    overlap: float = OVERLAP,
    exclusive: Exclusive = (),
    capacity: Able = None,
) -> ScheduleResult:
    """What several campaigns bring together.

    On days and units that they share their sales saturate (see ``overlap.py``). Cost stays whole:
    what is spent on customers that another campaign would have won is spent all the same.

    Args:
        campaigns: any kinds; each with a name of its own.
        n_paths: as many as the outlook has, where one is given.
        seed: of all random numbers.
        outlook: the period without these campaigns; gives ``period``, ``as_of`` and ``n_paths``.
        period: campaigns have to fall into it.
        as_of: the last day whose sales are known; campaigns start after it.
        closed: days on which the shop is closed, for all campaigns.
        overlap: share of a smaller campaign's buyers that a larger one of the day wins too: 0 where
            all add up, 1 where only the strongest counts.
        exclusive: groups of names of which one may run at a time on a unit; True for all.
        capacity: unit → the most its people can sell in the period, campaigns included. Needs
            ``outlook``.

    Raises:
        CampaignError: everything that is wrong with the campaigns and their schedule, at once.

    >>> import workbench as wb
    >>> sure = {"price": 100, "discount": 0.2, "visits": 500, "units": "online"}
    >>> one = wb.GroupBuy(name="one", start="2026-11-01", end="2026-11-03", **sure)
    >>> two = wb.GroupBuy(name="two", start="2026-11-02", end="2026-11-04", **sure)
    >>> both = wb.simulate_schedule([one, two], n_paths=100, period="2026-11")
    >>> table = both.table()
    >>> bool((table["sales"] < table["alone"]).all())
    True
    """
    if outlook is not None:
        period, n_paths = outlook.period, len(outlook.totals)
        as_of = outlook.as_of.date()
    span = parse_period(period) if isinstance(period, str) else period
    known = None if as_of is None else pd.Timestamp(str(as_of))
    ready = [replace(one, closed=(*one.closed, *closed)) for one in campaigns]
    problems = overlap_problems(overlap, capacity is not None and outlook is None)
    problems += schedule_problems(ready, exclusive, span, known, n_paths=n_paths, seed=seed)
    if problems:
        raise CampaignError(*problems)
    alone = tuple(one.simulate(n_paths=n_paths, seed=seed) for one in ready)
    together = saturate(alone, overlap)
    told = list(_overlapping(together, overlap))
    if outlook is not None and capacity is not None:
        room, wrong = people_room(outlook, capacity)
        if wrong:
            raise CampaignError(*wrong)
        together, short = serve(together, room, outlook.period)
        told += short
    own = [problem for one in alone for problem in one.notices]
    return ScheduleResult(together, alone, float(overlap), span, (*own, *told))


def saturate(alone: Sequence[Simulation], overlap: float) -> tuple[Simulation, ...]:
    """The simulations, less what campaigns of the same days and units would win twice."""
    units = list(dict.fromkeys(unit for one in alone for unit in one.units))
    origin = min(one.dates[0] for one in alone)
    effects = [effect_of(one, (one.dates[0] - origin).days, units) for one in alone]
    kept = kept_parts(effects, overlap)
    out = []
    for one, effect, part in zip(alone, effects, kept, strict=True):
        if part is None:
            out.append(one)
            continue
        cells = dict(one.ledger.cells)
        cells["overlap_sales"] = lost(effect, part)
        cells.update(_less_margin(one.ledger, kept_whole(effect, part)))
        out.append(replace(one, ledger=replace(one.ledger, cells=cells)))
    return tuple(out)


def _less_margin(ledger: Ledger, whole: Floats) -> dict[str, Floats]:
    """The margin of the buyers that remain; a loss stays whole, to be on the safe side."""
    if "gross_margin" not in ledger:
        return {}
    margin = ledger.cells["gross_margin"]
    part = np.where(margin.sum(axis=0) > 0, whole, 1.0)
    return {"gross_margin": margin * part}


def _overlapping(together: Sequence[Simulation], overlap: float) -> list[Problem]:
    """Which campaigns lose how much to others."""
    rows = []
    for one in together:
        taken = float(one.outcome("overlap_sales").mean())
        if abs(taken) >= 0.005:
            rows.append(f"{one.campaign}: {money(round(taken))} {one.currency}")
    if not rows:
        return []
    facts = {"rows": "; ".join(rows[:5]), "overlap": f"{overlap:.0%}"}
    return [Problem("schedule.overlap", facts)]
