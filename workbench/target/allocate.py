"""Allocation: a target split over units so that it adds up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.amounts import Amounts, listed, money, read_amounts, read_target
from workbench.target.curve import Floats, floats
from workbench.target.limits import Limits, clashes, hits, read_limits
from workbench.target.outlook import Outlook
from workbench.target.split import (
    Curve,
    proportional_curve,
    quantile_curve,
    round_within,
    settle,
    solve,
)

Method = Literal["equal_probability", "history", "share"]
METHODS: tuple[Method, ...] = get_args(Method)
MOST_STEPS = 1e12


@dataclass(frozen=True, eq=False)
class Allocation:
    """A target split over units.

    Attributes:
        target: what was split.
        targets: unit → its part; ``targets.sum() == target`` exactly.
        probabilities: unit → how likely it reaches its part.
        company_probability: how likely the sum of all units reaches the target.
        method: how it was split.
        tau: the quantile level at which every unit's free target stands (each is reached with
            probability 1 − tau); None for splits that do not aim at it.
        limits: unit → the limit that holds it: locked, floor, cap, growth, or an empty text.
        history: unit → the earlier amount that history and growth are measured against; may be NaN.
        notices: what was noticed and how it was taken.
    """

    target: float
    targets: "pd.Series[float]"
    probabilities: "pd.Series[float]"
    company_probability: float
    method: Method | Literal["capacity"]
    tau: float | None
    limits: "pd.Series[str]"
    history: "pd.Series[float]"
    notices: tuple[Problem, ...] = field(default=())

    def table(self) -> pd.DataFrame:
        """One row per unit: target, share of the whole, probability, limit, growth on history."""
        return pd.DataFrame(
            {
                "target": self.targets,
                "share": self.targets / self.target,
                "probability": self.probabilities,
                "limit": self.limits,
                "history": self.history,
                "growth": self.targets / self.history - 1,
            }
        )


def allocate(
    target: float,
    outlook: Outlook,
    *,
    by: Method = "equal_probability",
    locks: Amounts | None = None,
    floors: Amounts | float | None = None,
    caps: Amounts | float | None = None,
    max_growth: Amounts | float | None = None,
    unit: float = 0.01,
    history: Amounts | None = None,
    shares: Amounts | None = None,
) -> Allocation:
    """Split a target over the outlook's units so that it adds up exactly.

    ``equal_probability`` gives every unit the same chance of reaching its part: one level τ with
    Σ quantile_u(τ) = target. ``history`` splits in proportion to earlier sales, ``share`` in
    proportion to given shares. Units held by a limit stay there, and the others are solved again.

    Args:
        target: the amount to split.
        outlook: the units and what they are likely to sell.
        by: the method.
        locks: unit → amount that is fixed.
        floors: least per unit; one number for all, or unit → amount.
        caps: most per unit; one number for all, or unit → amount.
        max_growth: most growth on ``history``, 0.2 = 20 %; one number for all, or unit → growth.
        unit: amounts are whole multiples of this (0.01, 1, 1000, …). What the target or a limit
            has beyond that is carried by the largest part that has room, and told in ``notices``.
        history: unit → earlier amount; by default the same period last year. A unit without one
            gets no growth limit, and counts with its median outlook, at the others' average
            ratio of history to outlook.
        shares: unit → share, of any scale; needed for ``by="share"``.

    Raises:
        TargetError: every unusable amount, or every limit that clashes.

    >>> totals = pd.DataFrame({"online": [80.0, 100.0, 120.0], "store": [40.0, 60.0, 50.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> plan = allocate(165, seen)
    >>> plan.targets.to_dict(), plan.probabilities.to_dict(), plan.company_probability
    ({'online': 110.0, 'store': 55.0}, {'online': 0.375, 'store': 0.375}, 0.375)
    >>> allocate(165, seen, locks={"store": 60}).targets.to_dict()
    {'online': 105.0, 'store': 60.0}
    """
    amount = read_target(target)
    past, problems = read_history(outlook, history)
    limits, more = read_limits(
        outlook.units, past, locks=locks, floors=floors, caps=caps, max_growth=max_growth
    )
    curve, still_more = _curve(outlook, by, past, shares)
    problems += more + still_more + step_problems(unit, amount)
    if not problems:
        problems = clashes(limits, amount)
    if problems or curve is None:
        raise TargetError(*problems)
    raw, dial = solve(curve, amount, limits.lower, limits.upper)
    targets = _exact(raw, amount, limits, unit)
    fixed = limits.locks[limits.locked].tolist()
    notices = [*odd_amounts([amount, *fixed], unit), *_without(past, by, max_growth)]
    tau = None
    if by == "equal_probability":
        n = len(outlook.totals)
        tau = float(np.clip(dial, 1 / (n + 1), n / (n + 1)))
        notices += _beyond(dial, amount, limits)
    return Allocation(
        target=amount,
        targets=targets,
        probabilities=outlook.probability(targets),
        company_probability=outlook.probability(amount),
        method=by,
        tau=tau,
        limits=hits(limits, curve(dial)),
        history=past,
        notices=tuple(notices),
    )


def read_history(
    outlook: Outlook, given: Amounts | None
) -> "tuple[pd.Series[float], list[Problem]]":
    """What each unit sold before, as given or a year ago; NaN where that is nothing."""
    if given is None:
        return outlook.last_year.rename("history"), []
    # A history with gaps is natural (units that opened since), unlike a lock with gaps.
    known = given.dropna() if isinstance(given, pd.Series) else given
    amounts, problems = read_amounts("history", known, outlook.units)
    return amounts.where(amounts > 0).rename("history"), problems


def _curve(
    outlook: Outlook, by: Method, past: "pd.Series[float]", shares: Amounts | None
) -> tuple[Curve | None, list[Problem]]:
    """How the amounts rise together under the method, or what stands in its way."""
    if by == "equal_probability":
        return quantile_curve(outlook.ordered), []
    if by == "history":
        if past.notna().any():
            return proportional_curve(filled_history(past, outlook)), []
        return None, [Problem("target.no_history", {"units": listed(outlook.units)})]
    if by == "share":
        weights, problems = read_amounts("shares", shares, outlook.units)
        absent = list(weights.index[weights.isna()])
        if absent and not problems:
            problems = [Problem("target.share_missing", {"units": listed(absent)})]
        if not problems and not weights.sum() > 0:
            problems = [Problem("target.shares_zero", {"units": listed(outlook.units)})]
        return (None if problems else proportional_curve(floats(weights))), problems
    return None, [Problem("target.method", {"value": repr(by), "methods": ", ".join(METHODS)})]


def filled_history(past: "pd.Series[float]", outlook: Outlook) -> Floats:
    """History, with a stand-in from the outlook for units that have none."""
    median = outlook.targets_at(0.5).clip(lower=0.0)
    known = past.notna()
    scale = float(median[known].sum())
    ratio = float(past[known].sum()) / scale if scale > 0 else 1.0
    return floats(past.where(known, median * ratio))


def _exact(raw: Floats, amount: float, limits: Limits, step: float) -> "pd.Series[float]":
    index = pd.Index(limits.units, name="unit")
    names = np.asarray(limits.units, dtype=np.str_)
    lower, upper = limits.lower, limits.upper
    rounded = round_within(raw, amount, lower, upper, step=step, names=names)
    at_limit = (rounded <= lower) | (rounded >= upper)
    order = np.lexsort((names, -rounded, at_limit, limits.locked))
    return pd.Series(settle(rounded, amount, order=order), index=index, name="target")


def step_problems(step: object, amount: float) -> list[Problem]:
    """What keeps amounts from being whole multiples of ``step``."""
    good = isinstance(step, int | float) and not isinstance(step, bool) and np.isfinite(step)
    if not good or not isinstance(step, int | float) or step <= 0 or amount / step > MOST_STEPS:
        return [Problem("target.rounding_unit", {"value": repr(step), "target": money(amount)})]
    return []


def odd_amounts(amounts: Sequence[float], step: float) -> list[Problem]:
    """That some amounts are no whole multiples of ``step``, where it is so."""
    odd = [money(value) for value in amounts if not _whole(float(value), step)]
    if not odd:
        return []
    return [Problem("target.not_whole", {"unit": f"{step:,}", "amounts": listed(odd)})]


def _whole(amount: float, step: float) -> bool:
    return abs(amount / step - round(amount / step)) < 1e-6 + 1e-13 * amount / step


def _without(past: "pd.Series[float]", by: Method, max_growth: object) -> list[Problem]:
    missing = list(past.index[past.isna()])
    if not missing or (by != "history" and max_growth is None):
        return []
    if isinstance(max_growth, Mapping | pd.Series) and by != "history":
        missing = [unit for unit in missing if unit in max_growth]
    if not missing:
        return []
    return [Problem("target.without_history", {"count": len(missing), "units": listed(missing)})]


def _beyond(dial: float, amount: float, limits: Limits) -> list[Problem]:
    if 0 <= dial <= 1 or bool(limits.locked.all()):
        return []
    code = "target.above_all_paths" if dial > 1 else "target.below_all_paths"
    return [Problem(code, {"target": money(amount)})]
