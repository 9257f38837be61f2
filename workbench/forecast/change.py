"""Why a forecast is not what it was: sold since, restated, replanned, relearnt."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import ForecastError, Problem
from workbench.forecast.engine import Engine
from workbench.forecast.explain import log_mean

Floats = NDArray[np.float64]

COLUMNS = ["unit", "cause", "amount"]
ROUNDING = 1e-9
PLAN = "plan:"
"""Before the name of a column known ahead, as a cause."""


@dataclass(frozen=True, eq=False)
class Change:
    """From one forecast of a stretch of dates to a later one.

    Attributes:
        known: the last date known when the earlier one was made.
        start, end: the dates both forecasts speak of.
        before, after: unit → total of the stretch, actual to date + expected.
        parts: unit, cause, amount, adding up to ``after − before``. Causes: ``restated`` (sales
            already known then), ``sold`` (days sold since, against what was expected of them),
            ``plan:…`` (a column known ahead was changed), ``opening`` (days open), ``calendar``,
            ``learnt`` (what the sales since say of the days to come), ``units`` (units that came
            or went).
    """

    known: pd.Timestamp
    start: pd.Timestamp
    end: pd.Timestamp
    before: "pd.Series[float]"
    after: "pd.Series[float]"
    parts: pd.DataFrame

    def causes(self) -> "pd.Series[float]":
        """Cause → amount over all units, the largest first."""
        sums = self.parts.groupby("cause", sort=False)["amount"].sum()
        return sums.loc[sums.abs().sort_values(ascending=False, kind="stable").index]


def explain_change(
    before: Engine, after: Engine, *, start: object | None = None, end: object | None = None
) -> Change:
    """What moved the forecast of the same dates between two engines, cause by cause.

    Args:
        before: the earlier one, perhaps kept in a file.
        after: the later one.
        start: first date of the stretch; the first that ``before`` forecast unless given.
        end: last date; the last that both reach unless given.

    Raises:
        ForecastError: the engines have no dates in common, or not in this order.
    """
    first = before.dates[0] if start is None else pd.Timestamp(str(start))
    last = min(before.dates[-1], after.dates[-1])
    last = last if end is None else min(last, pd.Timestamp(str(end)))
    if after.as_of < before.as_of or last < first or before.frequency != after.frequency:
        facts = {
            "before": f"{before.as_of:%Y-%m-%d} → {before.dates[-1]:%Y-%m-%d}",
            "after": f"{after.as_of:%Y-%m-%d} → {after.dates[-1]:%Y-%m-%d}",
        }
        raise ForecastError(Problem("forecast.no_common_dates", facts))
    units = [unit for unit in before.units if unit in after.units]
    then, now = _course(before), _course(after)
    stretch = then.index.union(now.index)
    stretch = stretch[(stretch >= first) & (stretch <= last)]
    then, now = then.reindex(stretch), now.reindex(stretch)
    # A date that only one of the two knows says nothing of the change.
    both = then.notna().any(axis=1) & now.notna().any(axis=1)
    then, now = then[both].fillna(0.0), now[both].fillna(0.0)
    moved = now[units] - then[units]
    parts = {
        "restated": moved[moved.index <= before.as_of].sum(),
        "sold": moved[(moved.index > before.as_of) & (moved.index <= after.as_of)].sum(),
        **_ahead(before, after, units, pd.DatetimeIndex(moved.index[moved.index > after.as_of])),
    }
    rows = [(unit, cause, float(sums[unit])) for cause, sums in parts.items() for unit in units]
    rows += [(unit, "units", float(now[unit].sum())) for unit in after.units if unit not in units]
    rows += [
        (unit, "units", -float(then[unit].sum())) for unit in before.units if unit not in units
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table[table["amount"] != 0.0].reset_index(drop=True)
    return Change(before.as_of, first, last, then.sum(), now.sum(), table)


def _course(engine: Engine) -> pd.DataFrame:
    """Dates × units: sales where known, expected sales after."""
    ahead = pd.DataFrame(engine.expected, index=engine.dates, columns=list(engine.units))
    return pd.concat([engine.past, ahead])


def _ahead(
    before: Engine, after: Engine, units: list[str], dates: pd.DatetimeIndex
) -> "dict[str, pd.Series[float]]":
    """Cause → unit → amount on the dates that both still expect."""
    here, there = before.dates.get_indexer(dates), after.dates.get_indexer(dates)
    old = np.array([before.units.index(unit) for unit in units], dtype=np.intp)
    new = np.array([after.units.index(unit) for unit in units], dtype=np.intp)
    a = before.expected[np.ix_(here, old)]
    b = after.expected[np.ix_(there, new)]
    base_a, base_b = before.drivers.base[np.ix_(here, old)], after.drivers.base[np.ix_(there, new)]
    open_ = (base_a > 0) & (base_b > 0)
    both = (a > 0) & (b > 0) & open_
    terms = _moved(before, after, (here, there), (old, new))
    ratio = np.divide(base_b, base_a, out=np.ones_like(base_a), where=open_)
    terms["opening"] = np.log(ratio)
    mean = log_mean(b, a, both)
    # Centred and scaled anew, a plan that was not touched comes back off by a rounding error.
    amounts = {
        cause: np.where(both & (np.abs(term) > ROUNDING), mean * term, 0.0)
        for cause, term in terms.items()
    }
    # A day that was closed and is open now, or the reverse, changes as a whole.
    amounts["opening"] = np.where(both | ((base_a > 0) == (base_b > 0)), amounts["opening"], b - a)
    amounts["learnt"] = b - a - sum(amounts.values())
    return {cause: pd.Series(amount.sum(axis=0), index=units) for cause, amount in amounts.items()}


def _moved(
    before: Engine,
    after: Engine,
    rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    columns: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> dict[str, Floats]:
    """Cause → (dates, units) what changed plans and calendar do to the log, as learnt before."""
    old, new = before.drivers, after.drivers
    effect = old.coefficients[:, columns[0]]
    n_old, n_new = old.shared.shape[1], new.shared.shape[1]
    place = {name: at for at, name in enumerate(new.names[:n_new])}
    calendar = np.zeros((len(rows[0]), len(columns[0])))
    for at, name in enumerate(old.names[:n_old]):
        if name in place:
            shift = new.shared[rows[1], place[name]] - old.shared[rows[0], at]
            calendar += shift[:, None] * effect[at]
    out = {"calendar": calendar}
    for at, name in enumerate(old.plan_names):
        if name in new.plan_names:
            planned = new.plans[new.plan_names.index(name)][np.ix_(rows[1], columns[1])]
            shift = (planned - old.plans[at][np.ix_(rows[0], columns[0])]) / old.scale[at]
            out[f"{PLAN}{name}"] = shift * effect[n_old + at]
    return out
