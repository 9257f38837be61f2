"""How far a statistic usually strays: per unit, shrunk to what all units have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.target.alerts_surprise import Surprise

Floats = NDArray[np.float64]

OWN_LOOKS = 10.0
"""So many independent looks at a unit weigh as much as what all units have in common."""
FAR = 3.0
"""Looks further out than so many usual deviations count as that far: events are not noise."""
PLAIN = 0.15
"""Effects up to this size, in logs, tell the usual spread; larger ones how they are misjudged."""
LEAST_SPREAD = 0.01
"""Nobody's sales are expected to within one percent."""
WORST = 0.3
"""A share of itself by which an effect is surely not misjudged for ever."""
RECENT = 1.0
"""Periods after which a past one weighs half: forecasts get better as history grows."""
MAD = 1.4826


@dataclass(frozen=True, eq=False)
class Scale:
    """Standard deviation of one statistic.

    Attributes:
        spread: (units,), where the expectation itself is as usual.
        misjudged: the share of an expected effect (campaign, festival) by which it errs.
        course: (rows,), factor of the spread by row of the period; 1 but for the running total.
    """

    spread: Floats
    misjudged: float
    course: Floats

    def standardise(self, seen: Surprise) -> Floats:
        """The statistic in standard deviations: (rows, units)."""
        at = np.minimum(np.arange(len(seen.values)), len(self.course) - 1)
        usual = self.spread[None, :] * self.course[at][:, None]
        return np.asarray(seen.values / np.hypot(usual, self.misjudged * seen.effect))


def farthest(scales: Sequence[Scale], seen: Sequence[Surprise], sign: int) -> Floats:
    """(rows, units): the statistic in that of its windows which strays furthest; NaN: none judged.

    ``sign`` is −1 for falls, +1 for rises: what strays that way is positive.
    """
    out = np.full(seen[0].values.shape, np.nan)
    for scale, one in zip(scales, seen, strict=True):
        out = np.fmax(out, sign * scale.standardise(one))
    return out


def learn_scale(
    past: Sequence[Surprise], *, age: Sequence[float] | None = None, half_life: float = RECENT
) -> Scale:
    """The scale of a statistic from past periods of one length, alike in their units.

    What happened once does not widen the band for ever: looks far out count as less far. Large
    expected effects are allowed to be wrong by a share of themselves.

    Args:
        past: the statistic in each period, the latest last.
        age: how many periods lie between each and the one it is to serve; the latest is nearest.
        half_life: a period so much older weighs half.
    """
    values = np.stack([seen.values for seen in past])
    effect = np.abs(np.stack([seen.effect for seen in past]))
    old = np.arange(len(past))[::-1] if age is None else np.asarray(age, dtype=float)
    weight = np.broadcast_to((0.5 ** (old / half_life))[:, None, None], values.shape)
    running = past[0].rows == 0
    course = _course(values) if running else np.ones(values.shape[1])
    steady = values / course[None, :, None]
    plain = np.isfinite(steady) & (effect <= PLAIN)
    own, looks = _squares(steady, np.where(plain, weight, 0.0))
    # The looks at a running total are nearly one and the same: a period is worth about two.
    rows = values.shape[1] / 2 if running else past[0].rows
    looks = looks / rows
    mixed = looks * np.nan_to_num(own) + OWN_LOOKS * _middle(own)
    spread = np.maximum(np.sqrt(mixed / (looks + OWN_LOOKS)), LEAST_SPREAD)
    large = np.where(np.isfinite(steady) & ~plain, weight, 0.0)
    return Scale(spread, _misjudged(steady, effect, spread, large), course)


def _squares(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """(units,): mean square of each unit's looks, those far out taken as less far; their weight."""
    looks = weight.sum(axis=(0, 1))
    size = np.where(weight > 0, np.abs(values), np.nan).reshape(-1, values.shape[2])
    some = np.flatnonzero(looks)
    out = np.full(len(looks), np.nan)
    bound = FAR * np.maximum(MAD * _middles(size[:, some]), LEAST_SPREAD)
    squares = np.fmin(np.nan_to_num(size[:, some]), bound) ** 2
    out[some] = (weight.reshape(size.shape)[:, some] * squares).sum(axis=0) / looks[some]
    return out, looks


def _middles(values: Floats) -> Floats:
    """(columns,): the median of each column's known values, of which there is at least one."""
    ordered = np.sort(values, axis=0)  # NaN comes last
    known = np.isfinite(values).sum(axis=0)
    places = np.stack([(known - 1) // 2, known // 2])
    return np.asarray(np.take_along_axis(ordered, places, axis=0).mean(axis=0))


def _misjudged(values: Floats, effect: Floats, spread: Floats, weight: Floats) -> float:
    """By which share of itself an expected effect errs: from the looks at large effects."""
    seen = weight > 0
    if not seen.any():
        return 0.0
    usual = np.broadcast_to(spread**2, values.shape)[seen]
    bound = FAR**2 * (usual + WORST**2 * effect[seen] ** 2)
    more = np.average(np.minimum(values[seen] ** 2, bound) - usual, weights=weight[seen])
    return float(np.sqrt(max(more, 0.0) / np.average(effect[seen] ** 2, weights=weight[seen])))


def _course(values: Floats) -> Floats:
    """(rows,): how the spread of a running total shrinks or grows along a period; mean 1."""
    size = np.nanmedian(np.abs(values), axis=(0, 2))
    size = np.where(np.isfinite(size), size, _middle(size))
    width = max(len(size) // 6, 1)
    padded = np.pad(size, width, mode="edge")
    smooth = np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), mode="valid")
    mean = float(smooth.mean())
    return np.maximum(smooth / mean, 0.25) if mean > 0 else np.ones(len(size))


def _middle(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else 1.0
