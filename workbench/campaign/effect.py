"""An outlook, and its days, with campaigns: the baseline plus what each adds, path by path."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.simulation import Simulation
from workbench.errors import CampaignError, Problem
from workbench.forecast.paths import SamplePaths
from workbench.target.amounts import money
from workbench.target.outlook import Outlook

TAKEN = ("cannibalised_sales", "repaid_sales")


def with_campaigns(outlook: Outlook, campaigns: Sequence[Simulation]) -> Outlook:
    """The outlook of the same period with campaigns that the baseline does not hold.

    Each path of the outlook meets the path of the same number of each simulation. Only days of the
    period that are still to come count: what a campaign takes from later periods is not in it.

    Args:
        outlook: the period without these campaigns.
        campaigns: what each brings; overlapping ones are taken as simulated, side by side.

    Raises:
        CampaignError: campaigns outside the period or in the past, units or numbers of paths that
            do not fit, currencies mixed, one campaign twice.
    """
    problems = unfit(outlook, campaigns)
    if problems:
        raise CampaignError(*problems)
    totals = outlook.totals.copy()
    for one in campaigns:
        totals = totals.add(period_effect(outlook, one), fill_value=0.0)
    notices = (*outlook.notices, *_takes_too_much(outlook, campaigns))
    return replace(outlook, totals=totals[list(outlook.units)], notices=notices)


def period_effect(outlook: Outlook, campaign: Simulation) -> pd.DataFrame:
    """What a campaign adds to the totals of the outlook's period: (n_paths × its units)."""
    effect = campaign.totals(outlook.period.start, outlook.period.end)
    return effect.set_axis(outlook.totals.index, axis=0)


def paths_with_campaigns(
    paths: SamplePaths, outlook: Outlook, campaigns: Sequence[Simulation]
) -> SamplePaths:
    """The paths behind an outlook with what campaigns add on each day of its period.

    Their totals over the rest of the period are those of :func:`with_campaigns`. What falls on a
    day of a week or month is on its step. Days outside the period are left as they are.

    Args:
        paths: the baseline, which does not hold these campaigns.
        outlook: the period, made from these paths.
        campaigns: what each brings, on as many paths.
    """
    first, last = pd.Timestamp(outlook.period.start), pd.Timestamp(outlook.period.end)
    rows = np.flatnonzero((paths.dates >= first) & (paths.dates <= last))
    added = dict(paths.added)
    for one in campaigns if len(rows) else ():
        days = one.ledger.days(first, last)
        at = np.maximum(paths.dates[rows].searchsorted(one.dates[days], side="right") - 1, 0)
        for unit, brings in zip(one.units, one.increment[:, days].transpose(2, 0, 1), strict=True):
            more = np.zeros((paths.n_paths, len(paths.dates)))
            np.add.at(more.T, rows[at], brings.T)
            added[unit] = added[unit] + more if unit in added else more
    return replace(paths, added=added)


def _takes_too_much(outlook: Outlook, campaigns: Sequence[Simulation]) -> list[Problem]:
    """Campaigns that are said to replace more sales of a unit than it has left to sell."""
    problems = []
    left = outlook.totals.mean() - outlook.actual
    for one in campaigns:
        days = one.ledger.days(outlook.period.start, outlook.period.end)
        taken = sum(
            one.ledger.cells[name][days].sum(axis=0).mean(axis=0)
            for name in TAKEN
            if name in one.ledger
        )
        for unit, amount in zip(one.units, np.broadcast_to(taken, len(one.units)), strict=True):
            if amount > left[unit]:
                told = {"taken": money(round(float(amount))), "left": money(round(left[unit]))}
                facts = {"campaign": one.campaign, "unit": unit, **told}
                problems.append(Problem("campaign.takes_too_much", facts))
    return problems


def unfit(outlook: Outlook, campaigns: Sequence[Simulation]) -> tuple[Problem, ...]:
    """Everything that keeps campaigns from being added to an outlook."""
    problems = [problem for one in campaigns for problem in _unfit(outlook, one)]
    names = pd.Series([one.campaign for one in campaigns], dtype=object)
    twice = names[names.duplicated()].unique()
    problems += [Problem("campaign.same_campaign", {"campaign": name}) for name in twice]
    if len({one.currency for one in campaigns}) > 1:
        found = ", ".join(f"{one.campaign}: {one.currency}" for one in campaigns[:5])
        problems.append(Problem("campaign.currencies", {"found": found}))
    return tuple(problems)


def misplaced(
    campaign: str,
    days: pd.DatetimeIndex,
    period: Period | None,
    as_of: pd.Timestamp | None,
) -> list[Problem]:
    """What is wrong with the days of a campaign: outside the period, or known already."""
    start, end = days[0], days[-1]
    told = {"campaign": campaign, "start": str(start.date()), "end": str(end.date())}
    problems = []
    if period is not None:
        first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
        if start > last or end < first:
            problems.append(Problem("campaign.outside_period", {**told, "period": str(period)}))
    if as_of is not None and start <= as_of:
        known = {**told, "as_of": str(as_of.date())}
        problems.append(Problem("campaign.in_the_past", known))
    return problems


def _unfit(outlook: Outlook, campaign: Simulation) -> list[Problem]:
    facts = {"campaign": campaign.campaign}
    active = campaign.dates[: campaign.n_active]
    problems = misplaced(campaign.campaign, active, outlook.period, outlook.as_of)
    unknown = [unit for unit in campaign.units if unit not in outlook.units]
    if unknown:
        told = {"units": ", ".join(unknown[:5]), "known": ", ".join(outlook.units[:5])}
        problems.append(Problem("campaign.unknown_unit", {**facts, **told}))
    if campaign.ledger.n_paths != len(outlook.totals):
        told = {"count": str(campaign.ledger.n_paths), "known": str(len(outlook.totals))}
        problems.append(Problem("campaign.other_paths", {**facts, **told}))
    return problems
