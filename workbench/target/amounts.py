"""Amounts a planner gives: one number, or one per unit; everything wrong with them at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from numbers import Real
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError

if TYPE_CHECKING:
    Amounts: TypeAlias = Mapping[str, float] | pd.Series[float]
else:
    Amounts = Mapping | pd.Series

SHOWN = 5


def listed(names: Sequence[object]) -> str:
    """The first few names and how many there are, as a message shows them."""
    some = ", ".join(str(name) for name in names[:SHOWN])
    return some if len(names) <= SHOWN else f"{some}, … ({len(names)})"


def money(amount: float) -> str:
    """An amount as a message shows it: thousands separated, cents only where there are any."""
    text = f"{amount:,.2f}"
    return text.removesuffix(".00")


def read_target(target: object) -> float:
    """One target for the sum of units, as a positive number.

    Raises:
        TargetError: text, not finite, negative or zero.
    """
    number = _number(target)
    if number is None:
        raise TargetError(Problem("target.text", {"value": repr(target)}))
    if not np.isfinite(number):
        raise TargetError(Problem("target.not_finite", {"value": repr(number)}))
    if number < 0:
        raise TargetError(Problem("target.negative", {"value": money(number)}))
    if number == 0:
        raise TargetError(Problem("target.zero"))
    return number


def read_amounts(
    name: str, given: object, units: Sequence[str], *, everywhere: bool = False
) -> "tuple[pd.Series[float], list[Problem]]":
    """Amounts by unit, NaN for units not named, and all that is wrong with them.

    Args:
        name: what the amounts are called in messages, such as ``locks``.
        given: mapping or Series from unit to amount; None for no amounts.
        units: the units there are.
        everywhere: whether one number may stand for every unit.
    """
    out = pd.Series(np.nan, index=pd.Index(units, name="unit"), dtype=float)
    if given is None:
        return out, []
    number = _number(given)
    if everywhere and number is not None:
        return out.fillna(number), _bad_amounts(name, {"*": number})
    if not isinstance(given, Mapping | pd.Series):
        return out, [Problem("target.not_by_unit", {"name": name, "value": repr(given)[:60]})]
    pairs = [(str(unit), value) for unit, value in given.items()]
    problems = _bad_units(name, [unit for unit, _ in pairs], units)
    numbers = {unit: _number(value) for unit, value in pairs}
    text = [f"{unit}: {value!r}" for unit, value in pairs if _number(value) is None]
    if text:
        problems.append(Problem("target.amount_text", {"name": name, "rows": listed(text)}))
    amounts = {unit: value for unit, value in numbers.items() if value is not None}
    problems += _bad_amounts(name, amounts)
    known = pd.Series(amounts, dtype=float)
    return known.reindex(out.index).rename(None), problems


def _bad_units(name: str, named: list[str], units: Sequence[str]) -> list[Problem]:
    problems = []
    known = set(units)
    unknown = [unit for unit in named if unit not in known]
    if unknown:
        close = get_close_matches(unknown[0], list(units), n=1, cutoff=0.0)
        facts = {"name": name, "unknown": listed(unknown), "units": listed(units)}
        problems.append(Problem("target.unknown_unit", {**facts, "close": "".join(close)}))
    counts = pd.Series(named, dtype=object).value_counts()
    twice = [str(unit) for unit in counts.index[counts > 1]]
    if twice:
        problems.append(Problem("target.unit_twice", {"name": name, "units": listed(twice)}))
    return problems


def _bad_amounts(name: str, amounts: Mapping[str, float]) -> list[Problem]:
    infinite = [f"{unit}: {value}" for unit, value in amounts.items() if not np.isfinite(value)]
    negative = [f"{unit}: {money(value)}" for unit, value in amounts.items() if value < 0]
    return [
        Problem(code, {"name": name, "rows": listed(rows)})
        for code, rows in (
            ("target.amount_not_finite", infinite),
            ("target.amount_negative", negative),
        )
        if rows
    ]


def _number(value: object) -> float | None:
    """The value as a float, or None where it is no number (text, True, a table)."""
    if value is None or value is pd.NA:
        return float("nan")
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | Decimal):
        return None
    return float(value)
