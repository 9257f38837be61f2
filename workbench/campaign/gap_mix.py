"""What mixes of options bring to a period: prepared once, then added up path by path."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.campaign.capacity import served_part
from workbench.campaign.counts import Floats
from workbench.campaign.options import Choice, Sized
from workbench.campaign.overlap import Effect, effect_of, kept_parts, kept_whole, least_kept
from workbench.campaign.simulation import Simulation
from workbench.target.curve import exceedance
from workbench.target.outlook import Outlook


@dataclass(frozen=True, eq=False)
class Candidate:
    """One choice, and what it would bring if it ran alone.

    Attributes:
        choice: campaign, size and days.
        effect: what it shares with others of the same days; its days counted from the period's
            first, ``later`` summed over the period: (1, n_paths, its units).
        gain: (n_paths, its units) increment of the period.
        most: (n_paths,) the most that is left of the increment, whatever runs beside it.
        margin: (n_paths, its units) gross margin of the whole campaign.
        mean: incremental sales of the period, on average.
        profit, cost, discount: margin after cost, cost and discount of the whole campaign, on
            average.
        limited: totals of the quantities that have a limit, on average.
    """

    choice: Choice
    effect: Effect
    gain: Floats
    most: Floats
    margin: Floats
    mean: float
    profit: float
    cost: float
    discount: float
    limited: tuple[float, ...]

    @property
    def days(self) -> tuple[int, int]:
        """Its first and last day, counted from the first of the period."""
        length = (self.choice.end - self.choice.start).days
        return self.effect.first, self.effect.first + length


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


def prepare(
    sized: Sized, outlook: Outlook, *, seed: int, limits: Sequence[str], overlap: float, most: int
) -> list[Candidate]:
    """The candidates of one size: simulated once for all start days that are alike.

    Args:
        sized: the size on its start days.
        outlook: the period.
        seed: of the random numbers.
        limits: quantities to be limited.
        overlap: share of buyers that campaigns of the same day have in common.
        most: campaigns that may run at once.
    """
    found: list[Candidate] = []
    done: dict[int, Simulation] = {}
    least = least_kept(most, overlap)
    for choice, like in zip(sized.choices, sized.alike, strict=True):
        if like not in done:
            n_paths = len(outlook.totals)
            done = {like: sized.choices[like].campaign.simulate(n_paths=n_paths, seed=seed)}
            parts = _parts(done[like], outlook, limits)
        found.append(_candidate(choice, outlook, parts, least))
    return found


@dataclass(frozen=True, eq=False)
class _Parts:
    """What a simulation comes down to, whatever its start day."""

    effect: Effect
    during: Floats
    later: Floats
    margin: Floats
    cost: float
    discount: float
    limited: tuple[float, ...]


def _parts(simulation: Simulation, outlook: Outlook, limits: Sequence[str]) -> _Parts:
    effect = effect_of(simulation, 0, outlook.units)
    ledger = simulation.ledger
    nothing = np.zeros((1, *effect.later.shape[1:]))
    margin = nothing[0]
    if "gross_margin" in ledger:
        margin = ledger.cells["gross_margin"].sum(axis=0)
    return _Parts(
        effect=effect,
        during=np.concatenate([nothing, np.cumsum(effect.net, axis=0)]),
        later=np.concatenate([nothing, np.cumsum(effect.later, axis=0)]),
        margin=margin,
        cost=float(simulation.cost.mean()),
        discount=float(ledger.total("discount_given").mean()),
        limited=tuple(float(ledger.total(name).mean()) for name in limits),
    )


def _candidate(choice: Choice, outlook: Outlook, parts: _Parts, least: float) -> Candidate:
    first = (choice.start - outlook.period.start).days
    low, high = max(-first, 0), outlook.period.days - first
    sums = [one[np.clip([low, high], 0, len(one) - 1)] for one in (parts.during, parts.later)]
    during, later = (one[1] - one[0] for one in sums)
    net = parts.effect.net[low : max(high, 0)]
    spare = np.maximum(net, least * net).sum(axis=0) + np.maximum(later, least * later)
    effect = Effect(
        first=first,
        places=parts.effect.places,
        sales=parts.effect.sales,
        net=parts.effect.net,
        later=later[None],
    )
    gain = during + later
    return Candidate(
        choice=choice,
        effect=effect,
        gain=gain,
        most=spare.sum(axis=1),
        margin=parts.margin,
        mean=float(gain.sum(axis=1).mean()),
        profit=float(parts.margin.sum(axis=1).mean()) - parts.cost,
        cost=parts.cost,
        discount=parts.discount,
        limited=parts.limited,
    )


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


def pair_losses(one: Sequence[Candidate], two: Sequence[Candidate], overlap: float) -> Floats:
    """(starts of one, starts of two): roughly what each pair loses where its days overlap.

    From mean sales alone: it serves to choose start days, not to value them.
    """
    first, second = one[0], two[0]
    units = max(int(first.effect.places.max()), int(second.effect.places.max())) + 1
    wide = [np.zeros((len(c.effect.sales), units)) for c in (first, second)]
    for cells, c in zip(wide, (first, second), strict=True):
        cells[:, c.effect.places] = c.effect.sales.mean(axis=1)
    worth = first.mean / max(float(wide[0].sum()), 1e-9)
    worth += second.mean / max(float(wide[1].sum()), 1e-9)
    starts = [np.array([c.effect.first for c in some]) for some in (one, two)]
    out = np.zeros((len(one), len(two)))
    apart = starts[1][None, :] - starts[0][:, None]
    for late in np.unique(apart):
        mine = wide[0][max(late, 0) :]
        theirs = wide[1][max(-late, 0) :]
        both = min(len(mine), len(theirs))
        if both > 0:
            shared = np.minimum(mine[:both], theirs[:both]).sum()
            out[apart == late] = overlap * shared * max(worth / 2.0, 0.0)
    return out


def as_table(outlook: Outlook) -> Floats:
    """The totals of an outlook as (n_paths, n_units)."""
    return np.asarray(pd.DataFrame(outlook.totals).to_numpy(dtype=float))
