"""What mixes of options bring to a period, added up path by path."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.capacity import served_part
from workbench.campaign.counts import Floats
from workbench.campaign.gap_candidate import Candidate
from workbench.campaign.overlap import kept_parts, kept_whole
from workbench.target.curve import exceedance
from workbench.target.outlook import Outlook


@dataclass(frozen=True, eq=False)
class Result:
    """What a mix of candidates brings, on top of the campaigns that run anyway.

    Attributes:
        picked: the candidates.
        probability: that the target is reached.
        sales: incremental sales of the period, on average.
        cost, discount, margin: of the whole campaigns, on average; the margin less what those that
            run anyway lose to them.
    """

    picked: tuple[Candidate, ...]
    probability: float
    sales: float
    cost: float
    discount: float
    margin: float


@dataclass(frozen=True, eq=False)
class Ground:
    """What every mix is added to.

    Attributes:
        base: (n_paths, n_units) totals without campaigns.
        room: (n_paths, n_units) what people can sell beyond, None for no limit.
        target: for the sum of all units.
        overlap: share of buyers that campaigns of the same day have in common.
        planned: campaigns that run anyway.
        alone: what they bring by themselves; None where that is not known yet.
    """

    base: Floats
    room: Floats | None
    target: float
    overlap: float
    planned: tuple[Candidate, ...] = ()
    alone: "Result | None" = None


def evaluate(picked: Sequence[Candidate], ground: Ground, n_days: int) -> Result:
    """What a mix brings to the period, overlaps and people taken into account.

    Args:
        picked: candidates, of different options.
        ground: what they are added to.
        n_days: days of the period.
    """
    running = [*ground.planned, *picked]
    gains = [one.gain for one in running]
    margin = sum(one.profit for one in running)
    for at, kept in enumerate(kept_parts([one.effect for one in running], ground.overlap)):
        if kept is None:
            continue
        one = running[at]
        low, high = max(-one.effect.first, 0), max(n_days - one.effect.first, 0)
        less = 1.0 - kept_whole(one.effect, kept)
        taken = ((1.0 - kept) * one.effect.net)[low:high].sum(axis=0)
        gains[at] = gains[at] - taken - less * one.effect.later[0]
        margin -= float((less * np.maximum(one.margin, 0.0)).sum(axis=1).mean())
    return _result(picked, running, gains, margin, ground)


def _result(
    picked: Sequence[Candidate],
    running: Sequence[Candidate],
    gains: Sequence[Floats],
    margin: float,
    ground: Ground,
) -> Result:
    total = ground.base.sum(axis=1)
    before = total
    if ground.room is None:
        for gain in gains:
            total = total + gain.sum(axis=1)
    else:
        wanted = np.zeros_like(ground.base)
        for one, gain in zip(running, gains, strict=True):
            wanted[:, one.effect.places] += gain
        part = served_part(wanted, ground.room)
        total = total + (wanted * part).sum(axis=1)
        for one, gain in zip(running, gains, strict=True):
            # Margin is lost with the sales that nobody serves, as far as they bring any.
            short = 1.0 - part[:, one.effect.places]
            whole = gain.sum(axis=1).mean()
            earned = max(float(one.margin.sum(axis=1).mean()), 0.0)
            if whole > 0:
                margin -= earned * float((short * gain).sum(axis=1).mean()) / float(whole)
    return Result(
        picked=tuple(picked),
        probability=float(exceedance(np.sort(total)[:, None], np.array([ground.target]))[0]),
        sales=float((total - before).mean()) - (ground.alone.sales if ground.alone else 0.0),
        cost=sum(one.cost for one in picked),
        discount=sum(one.discount for one in picked),
        margin=margin - (ground.alone.margin if ground.alone else 0.0),
    )


def as_table(outlook: Outlook) -> Floats:
    """The totals of an outlook as (n_paths, n_units)."""
    return np.asarray(pd.DataFrame(outlook.totals).to_numpy(dtype=float))
