"""Splitting an amount over units within limits, so that it adds up exactly; on arrays."""

from collections.abc import Callable
from decimal import Decimal
from math import fsum

import numpy as np
from numpy.typing import NDArray

from workbench.target.curve import Floats, quantile

Curve = Callable[[float], Floats]
"""From a dial to one amount per unit, none of which falls as the dial rises."""

NUDGES = (1.0, 0.5, 0.75, 1.25, 0.25, 1.5)
HIGHEST_DIAL = 1e150
BISECTIONS = 200
NEGLIGIBLE = 1e-15
"""Weight, against the mean, of a unit that has none: it takes part once all others are capped."""


def quantile_curve(ordered: Floats) -> Curve:
    """The dial is a quantile level on [0, 1]; beyond it amounts grow in proportion.

    Below 0 every unit's lowest path shrinks towards zero, which it reaches at −1; above 1 every
    unit's highest path is scaled up by the same factor.
    """
    lowest = np.maximum(ordered[0], 0.0)
    highest = np.maximum(ordered[-1], 0.0)
    beyond = _weights(highest)

    def amounts(dial: float) -> Floats:
        if dial <= 0:
            return np.asarray(lowest * (1 + max(dial, -1.0)))
        if dial >= 1:
            return np.asarray(highest + beyond * (dial - 1))
        return np.maximum(quantile(ordered, dial), 0.0)

    return amounts


def proportional_curve(weights: Floats) -> Curve:
    """The dial is the factor from weight to amount."""
    used = _weights(weights)
    return lambda dial: np.asarray(used * max(dial, 0.0))


def solve(curve: Curve, total: float, lower: Floats, upper: Floats) -> tuple[Floats, float]:
    """The amounts within limits that add up to ``total``, and the dial that gives them.

    Bisection on the dial; each unit stands at its curve, or at the limit its curve has passed.
    Needs ``sum(lower) <= total <= sum(upper)``.
    """

    def within(dial: float) -> Floats:
        return np.clip(curve(dial), lower, upper)

    low, high = -1.0, 1.0
    while within(high).sum() < total * (1 - 1e-14) and high < HIGHEST_DIAL:
        low, high = high, high * 2
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if within(middle).sum() < total:
            low = middle
        else:
            high = middle
    return within(high), high


def round_within(
    amounts: Floats,
    total: float,
    lower: Floats,
    upper: Floats,
    *,
    step: float,
    names: NDArray[np.str_],
) -> Floats:
    """Amounts in whole steps that add up to ``total``, none beyond its limits.

    Largest remainder: every amount is rounded down, and the largest remainders up, until the
    total is used up. What is less than a step (a total or a limit that is no multiple of it)
    goes to the largest amount that has room. Ties go to the larger amount, then by name.
    """
    down = np.maximum(_multiple(np.floor(amounts / step + 1e-9), step), lower)
    up = np.minimum(_multiple(np.ceil(amounts / step - 1e-9), step), upper)
    down, up = np.minimum(down, upper), np.maximum(up, lower)
    gain = np.maximum(up - down, 0.0)
    share = np.divide(amounts - down, gain, out=np.zeros_like(gain), where=gain > 0)
    order = np.lexsort((names, -amounts, -np.round(share, 6)))
    dust = step * 1e-6 + total * 1e-13
    left = total - _exact_sum(down)
    raised = order[: int(np.searchsorted(np.cumsum(gain[order]), left + dust, side="right"))]
    out = down.copy()
    out[raised] = up[raised]
    left = total - _exact_sum(out)
    for at in np.lexsort((names, -amounts, lower == upper)):
        if abs(left) <= dust:
            break
        new = float(np.clip(out[at] + left, lower[at], upper[at]))
        left -= new - out[at]
        out[at] = new
    return out


def settle(amounts: Floats, total: float, *, order: NDArray[np.intp]) -> Floats:
    """The same amounts, nudged in their last binary digits until they sum to ``total`` exactly.

    Decimal cents have no exact binary form, so their sum can miss by a few 1e-10. A whole nudge
    can jump over ``total`` where the sum rounds to even; then a part of it does not.

    Args:
        amounts: in the order in which they are summed.
        total: their sum, but for float rounding.
        order: the positions to nudge, first to last.
    """
    out = amounts.copy()
    for at in order:
        miss = total - float(out.sum())
        if miss == 0:
            break
        before = out[at]
        for part in NUDGES:
            out[at] = max(before + miss * part, 0.0)
            if float(out.sum()) == total:
                return out
        out[at] = max(before + miss, 0.0)
    return out


def _weights(given: Floats) -> Floats:
    mean = float(given.mean()) if given.size else 0.0
    return np.maximum(given, NEGLIGIBLE * mean) if mean > 0 else np.ones_like(given)


def _multiple(counts: Floats, step: float) -> Floats:
    """``counts × step`` as the nearest float to that decimal number."""
    exponent = Decimal(repr(step)).normalize().as_tuple().exponent
    digits = max(-exponent, 0) if isinstance(exponent, int) else 0
    return np.round(counts * step, digits)


def _exact_sum(values: Floats) -> float:
    return fsum(values)
