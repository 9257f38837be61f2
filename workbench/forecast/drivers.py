"""What makes a step ahead worth more or less than a usual one: the effects learnt, the plans known.

Held apart from the sales, so that a forecast can be taken to pieces, and a later one compared with
it, without the history it was learnt from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import BLOCK
from workbench.forecast.design import Design
from workbench.forecast.exposure import LARGEST_LOG_EFFECT
from workbench.forecast.replay import Replayed, block_sums
from workbench.forecast.smoothing import YEAR, average_season, block_rates, filled
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]

WEEKDAY, FESTIVAL, MONTH = "weekday", "festival", "month"


@dataclass(frozen=True, eq=False)
class Drivers:
    """Learnt log effects, and what is known of the steps ahead.

    Attributes:
        names: (columns,) of the shared columns (weekday, calendar, month), then of the plans.
        coefficients: (columns, units), log effect of a column per 1 of its value.
        shared: (steps, shared columns).
        plans: (plan columns, steps, units), in their own units.
        usual: (plan columns, units), the value that means "nothing planned".
        scale: (plan columns,), what a plan's distance from usual is divided by.
        base: (steps, units), how much of a usual step is open; 0 = closed.
        typical: (units,), sales of a usual open step over the last year.
        season: (blocks, units), log distance of the season from the year's mean; empty where the
            history is too short to tell.
    """

    names: tuple[str, ...]
    coefficients: Floats
    shared: Floats
    plans: Floats
    usual: Floats
    scale: Floats
    base: Floats
    typical: Floats
    season: Floats

    @property
    def plan_names(self) -> tuple[str, ...]:
        """The known-ahead columns."""
        return self.names[self.shared.shape[1] :]

    def effects(self) -> dict[str, Floats]:
        """Group → (steps, units) log effect: weekday, festival, month and each plan by name.

        A weekday is set beside the week's mean, a plan beside nothing planned.
        """
        n_shared = self.shared.shape[1]
        out: dict[str, Floats] = {}
        for group in (WEEKDAY, FESTIVAL, MONTH):
            columns = [at for at in range(n_shared) if group_of(self.names[at]) == group]
            if columns:
                own = self.coefficients[columns]
                if group == WEEKDAY:
                    own = own - own.mean(axis=0)
                out[group] = np.asarray(self.shared[:, columns] @ own)
        for at, name in enumerate(self.plan_names):
            distance = (self.plans[at] - self.usual[at]) / self.scale[at]
            out[name] = np.asarray(distance * self.coefficients[n_shared + at])
        return out


def group_of(name: str) -> str:
    """Which part of the explanation a shared column belongs to.

    >>> group_of("weekday:3"), group_of("618:-3..-1"), group_of("month:2")
    ('weekday', 'festival', 'month')
    """
    head = name.split(":")[0]
    return head if head in (WEEKDAY, MONTH) else FESTIVAL


def drivers_of(now: Replayed, design: Design, frequency: Frequency) -> Drivers:
    """What was learnt up to now, and what is known of the steps ahead."""
    cutoff, coefficients = now.origin.cutoff, now.effects.coefficients
    n_shared, scaling = design.shared.shape[1], design.scaling
    constant = np.zeros(coefficients.shape[1])
    weekdays = [at for at in range(n_shared) if group_of(design.names[at]) == WEEKDAY]
    if weekdays:
        constant += coefficients[weekdays].mean(axis=0)
    off = (scaling.usual - scaling.centre) / scaling.scale[:, None]
    constant += (coefficients[n_shared:] * off).sum(axis=0)
    constant = np.clip(constant, -LARGEST_LOG_EFFECT, LARGEST_LOG_EFFECT)
    plans = design.own[:, cutoff:] * scaling.scale[:, None, None] + scaling.centre[:, None, :]
    return Drivers(
        names=design.names,
        coefficients=coefficients,
        shared=design.shared[cutoff:],
        plans=plans,
        usual=scaling.usual,
        scale=scaling.scale,
        base=design.base[cutoff:],
        typical=now.history.typical * np.exp(constant),
        season=_season(now, frequency),
    )


def _season(now: Replayed, frequency: Frequency) -> Floats:
    """(blocks ahead, units) usual log distance from the year's mean; empty below two years."""
    rates, year = filled(block_rates(now.history)), YEAR[frequency]
    if len(rates) < 2 * year:
        return np.zeros((0, rates.shape[1]))
    blocks = len(block_sums(now.origin.exposure, BLOCK[frequency]))
    season = average_season(rates, year, smooth=frequency != "M")
    return np.asarray(season[(len(rates) + np.arange(blocks)) % year])
