"""What remains of a target, split anew over units, weeks and days."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from workbench.target.allocate import allocate
from workbench.target.curve import Floats, floats
from workbench.target.outlook import Outlook
from workbench.target.tracking import Tracking

Resplit = Literal["anew", "keep"]


@dataclass(frozen=True, eq=False)
class Remainder:
    """What is still to be sold, by unit and by week.

    Attributes:
        units: one row per unit: target, actual, remaining (as its target stands), new (its part of
            what remains), change (new − remaining), new_target, probability (of its own target),
            new_probability.
        weeks: unit, week (first day), until (last day), days, target, expected, probability; the
            weeks of a unit add up to its ``new``.
        days: unit, date, target; the days of a week add up to its target.
        kept: whether every unit keeps its own target.
    """

    units: pd.DataFrame
    weeks: pd.DataFrame
    days: pd.DataFrame
    kept: bool


def resplit(tracking: Tracking, *, how: Resplit = "anew", unit: float = 0.01) -> Remainder | None:
    """Split what remains of the target over units and weeks; None once the period is over.

    ``anew``: units share what remains of the goal with the same chance each, whatever they have
    done so far. ``keep``: every unit keeps its own target. In both cases the weeks of a unit have
    the same chance each, and days follow the expected shape of their week (weekdays, festivals,
    plans). Weeks end on Sundays; amounts are whole multiples of ``unit``.
    """
    if tracking.paths is None:
        return None
    rest = _rest(tracking)
    remaining = (tracking.target - tracking.now.actual).clip(lower=0.0)
    new = remaining if how == "keep" else _anew(tracking, rest, unit)
    new = new.rename("new")
    weeks, days = [], []
    for name, values, dates in _ahead(tracking):
        week, day = _one_unit(name, float(new[name]), values, dates, unit)
        weeks.append(week)
        days.append(day)
    table = pd.DataFrame(
        {"target": tracking.target, "actual": tracking.now.actual, "remaining": remaining}
    )
    table["new"] = new
    table["change"] = new - remaining
    table["new_target"] = table["actual"] + new
    table["probability"] = _reached(rest, remaining)
    table["new_probability"] = _reached(rest, new)
    return Remainder(
        table.rename_axis("unit"),
        pd.concat(weeks, ignore_index=True),
        pd.concat(days, ignore_index=True),
        how == "keep",
    )


def _rest(tracking: Tracking) -> Outlook:
    """The outlook of what is still to come."""
    now = tracking.now
    return Outlook.from_totals(
        now.totals - now.actual,
        period=now.period,
        as_of=now.as_of,
        last_year=now.last_year,
    )


def _anew(tracking: Tracking, rest: Outlook, step: float) -> "pd.Series[float]":
    left = round(tracking.goal - float(tracking.now.actual.sum()), 2)
    if left <= 0:
        return tracking.target * 0.0
    return allocate(left, rest, unit=step).targets


def _ahead(tracking: Tracking) -> Iterator[tuple[str, Floats, pd.DatetimeIndex]]:
    """Each unit's paths of the rows of the period still to come: (n_paths, rows)."""
    paths = tracking.paths
    if paths is None:
        return
    start, end = (pd.Timestamp(day) for day in (tracking.period.start, tracking.period.end))
    inside = (paths.dates >= start) & (paths.dates <= end)
    for name in tracking.units:
        yield name, paths.unit_values(paths.units.index(name))[:, inside], paths.dates[inside]


def _one_unit(
    name: str, amount: float, values: Floats, dates: pd.DatetimeIndex, step: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One unit's weeks, each with the same chance, and their days by the expected shape."""
    ends = dates.to_period("W-SUN").end_time.normalize()
    codes, found = pd.factorize(ends)
    sums = np.stack([values[:, codes == at].sum(axis=1) for at in range(len(found))], axis=1)
    names = [f"{at}" for at in range(len(found))]
    week = Outlook.from_totals(
        pd.DataFrame(sums, columns=names),
        period=f"{dates[0]:%Y-%m-%d}/{dates[-1]:%Y-%m-%d}",
        as_of=dates[0] - pd.Timedelta(days=1),
    )
    parts = allocate(amount, week, unit=step).targets if amount > 0 else pd.Series(0.0, names)
    table = pd.DataFrame(
        {
            "unit": name,
            "week": [dates[codes == at][0] for at in range(len(found))],
            "until": [dates[codes == at][-1] for at in range(len(found))],
            "days": np.bincount(codes),
            "target": floats(parts),
            "expected": np.median(sums, axis=0),
            "probability": floats(week.probability(parts)),
        }
    )
    shape = values.mean(axis=0)
    per_day = [
        _by_shape(float(target), shape[codes == at], step) for at, target in enumerate(parts)
    ]
    return table, pd.DataFrame({"unit": name, "date": dates, "target": np.concatenate(per_day)})


def _by_shape(amount: float, shape: Floats, step: float) -> Floats:
    """An amount over days in proportion to what they are expected to sell, in whole steps."""
    total = float(shape.sum())
    share = shape / total if total > 0 else np.full(len(shape), 1 / len(shape))
    # The running total is rounded, so that what rounding takes from a day the next one carries.
    running = np.round(np.cumsum(share)[:-1] * amount / step) * step
    edges = np.round(np.concatenate([[0.0], running, [amount]]), 2)
    return np.asarray(np.round(np.diff(edges), 2))


def _reached(rest: Outlook, amounts: "pd.Series[float]") -> "pd.Series[float]":
    return rest.probability(amounts).where(amounts > 0, 1.0)
