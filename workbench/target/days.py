"""A unit's target over the days of its period, in the shape that its sales are expected to have."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.amounts import listed
from workbench.target.curve import Floats, floats
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

GOLDEN = 0.6180339887498949
DIGITS = 9


@dataclass(frozen=True, eq=False)
class DayTargets:
    """What each unit is to sell on each date still to come, and what it has sold already.

    Attributes:
        dates: the steps of the period after ``as_of``.
        amounts: (dates, units).
        done: (units,), what was sold in the period up to ``as_of``, at most the unit's target.
        frequency: ``"D"``, ``"W"`` or ``"M"``: how far apart the dates are.
        notices: what was noticed and how it was taken.
    """

    dates: pd.DatetimeIndex
    amounts: Floats
    done: Floats
    frequency: str
    notices: tuple[Problem, ...] = ()


def expected_steps(paths: "SamplePaths", outlook: Outlook) -> tuple[pd.DatetimeIndex, Floats]:
    """The dates of the period that are still to come, and each unit's mean sales on them.

    Weekdays, festivals, make-up days and planned campaigns are in the mean of the paths; a closed
    day has exactly nothing. (dates, units), units in the order of the outlook.

    Raises:
        TargetError: paths that lack units, or end before the period does.
    """
    start, end = pd.Timestamp(outlook.period.start), pd.Timestamp(outlook.period.end)
    inside = (paths.dates >= start) & (paths.dates <= end) & (paths.dates > outlook.as_of)
    absent = [unit for unit in outlook.units if unit not in set(paths.units)]
    if absent or int(inside.sum()) < outlook.rows_left:
        facts = {
            "period": outlook.period.label,
            "last": f"{paths.dates[-1]:%Y-%m-%d}",
            "units": listed(absent) or "—",
        }
        raise TargetError(Problem("cascade.other_paths", facts))
    at = pd.Index(paths.units).get_indexer(pd.Index(outlook.units))
    return paths.dates[inside], np.maximum(paths.expected[inside][:, at], 0.0)


def split_over_days(
    targets: "pd.Series[float]",
    outlook: Outlook,
    paths: "SamplePaths",
    *,
    step: float,
    expected: Floats | None = None,
) -> DayTargets:
    """Every unit's target over the days to come: exact to the last cent, zero on closed days.

    Of a period that has begun, what was sold so far counts, and the days to come share the rest.

    Args:
        targets: unit → target, in the order of the outlook.
        outlook: the period, and what was sold of it.
        paths: what is expected on each day.
        step: days carry whole multiples of this; the last open one takes what is left over.
        expected: (dates, units), the shape to follow instead of the mean of the paths.
    """
    dates, mean = expected_steps(paths, outlook)
    shape = mean if expected is None else expected
    amounts = floats(targets)
    sold = floats(outlook.actual.reindex(targets.index))
    begun = outlook.rows_known > 0
    done = floats(np.round(np.clip(sold, 0.0, amounts), DIGITS) if begun else 0.0 * amounts)
    rest = np.round(amounts - done, DIGITS)
    shape, problems = _open_shape(shape, rest, outlook)
    order = np.argsort(np.argsort(np.asarray(outlook.units, dtype=np.str_)))
    phase = floats((order + 1) * GOLDEN % 1.0)
    return DayTargets(
        dates=dates,
        amounts=spread(rest, shape, step=step, phase=phase),
        done=done,
        frequency=_frequency(paths.dates),
        notices=tuple(problems),
    )


def spread(rest: Floats, shape: Floats, *, step: float, phase: Floats) -> Floats:
    """Amounts (units,) over dates in proportion to a shape (dates, units), in whole steps.

    What is due up to each date is rounded, not each date for itself, so that no more than one
    step is ever owed. ``phase`` (units, in [0, 1)) says when a unit rounds up; were it the same for
    all, their sum would jump.

    >>> spread(np.array([10.0]), np.array([[1.0], [0.0], [2.0]]), step=1, phase=np.array([0.5]))
    array([[3.],
           [0.],
           [7.]])
    """
    if not len(shape):
        return np.zeros(shape.shape)
    sums = shape.sum(axis=0)
    share = np.cumsum(shape, axis=0) / np.where(sums > 0, sums, 1.0)
    due = np.minimum(np.floor(rest * share / step + phase) * step, rest)
    # From the last open date on, all of it is due.
    left = shape[::-1].cumsum(axis=0)[::-1]
    after = np.vstack([left[1:], np.zeros((1, shape.shape[1]))])
    due = np.where((after <= 0) & (sums > 0), rest, due)
    return np.asarray(np.round(np.diff(due, axis=0, prepend=0.0), DIGITS))


def _open_shape(shape: Floats, rest: Floats, outlook: Outlook) -> tuple[Floats, list[Problem]]:
    """The shape, with that of all units for those that are to sell without any expected sales."""
    stuck = (shape.sum(axis=0) <= 0) & (rest > 0)
    if not stuck.any() or not len(shape):
        return shape, []
    whole = shape.sum(axis=1)
    stand_in = whole if whole.sum() > 0 else np.ones(len(shape))
    names = [unit for unit, bad in zip(outlook.units, stuck, strict=True) if bad]
    facts = {"count": len(names), "units": listed(names)}
    used = np.where(stuck, stand_in[:, None], shape)
    return used, [Problem("cascade.no_expected_days", facts)]


def _frequency(dates: pd.DatetimeIndex) -> str:
    gap = (dates[1] - dates[0]).days if len(dates) > 1 else 1
    return "D" if gap < 7 else "W" if gap < 28 else "M"
