"""One choice of a mix: a campaign of one size on its start days, and what it brings alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.campaign.counts import Floats
from workbench.campaign.options import Choice, Sized
from workbench.campaign.overlap import Effect, effect_of, least_kept
from workbench.campaign.simulation import Simulation
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
