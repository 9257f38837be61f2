"""A forecast taken to pieces that add up to it: level, trend, season, festivals, promotions.

The engine's forecast is a product (level × trend × season × effects). Its logarithm is a sum; the
logarithmic mean turns each term into an amount, so that the amounts add up exactly, with no rest
and no order in which to take them (LMDI: Ang 2004, Energy Policy 32, 1131–1139).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.forecast.engine import Engine

Floats = NDArray[np.float64]

LEVEL, TREND, SEASON, COURSE = "level", "trend", "season", "trend_season"
FIXED = (LEVEL, TREND, SEASON, COURSE, "weekday", "festival", "month")
"""Parts that are not the name of a column known ahead."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """What a forecast is made of.

    Attributes:
        parts: their names: ``level`` (a usual open day of the last year), ``trend``, ``season``
            (or ``trend_season`` where under two years of history cannot tell one from the other),
            ``weekday``, ``festival``, ``month`` (paydays, month ends), then the columns known
            ahead, set beside nothing planned.
        amounts: (parts, steps, units), sales; they add up to ``expected``.
        expected: (steps, units), the forecast that is as likely exceeded as not.
        dates, units: of the axes.
    """

    parts: tuple[str, ...]
    amounts: Floats
    expected: Floats
    dates: pd.DatetimeIndex
    units: tuple[str, ...]

    def totals(self, start: object | None = None, end: object | None = None) -> pd.DataFrame:
        """One row per unit, one column per part and ``forecast``, their sum, between two dates."""
        inside = self._between(start, end)
        sums = self.amounts[:, inside].sum(axis=1).T
        table = pd.DataFrame(
            sums, index=pd.Index(self.units, name="unit"), columns=list(self.parts)
        )
        return table.assign(forecast=self.expected[inside].sum(axis=0))

    def course(
        self, start: object | None = None, end: object | None = None, *, steps: int = 7
    ) -> pd.DataFrame:
        """All units together: a row per so many steps, by their first date, a column per part."""
        inside = self._between(start, end)
        whole = self.amounts[:, inside].sum(axis=2)
        firsts = np.arange(0, whole.shape[1], steps)
        sums = np.add.reduceat(whole, firsts, axis=1)
        index = pd.DatetimeIndex(self.dates[inside][firsts], name="date")
        return pd.DataFrame(sums.T, index=index, columns=list(self.parts))

    def _between(self, start: object | None, end: object | None) -> NDArray[np.bool_]:
        inside = np.ones(len(self.dates), dtype=bool)
        if start is not None:
            inside &= self.dates >= pd.Timestamp(str(start))
        if end is not None:
            inside &= self.dates <= pd.Timestamp(str(end))
        return inside

    def table(self) -> pd.DataFrame:
        """Long: unit, date, part, sales."""
        n_parts, n_steps, n_units = self.amounts.shape
        return pd.DataFrame(
            {
                "unit": np.tile(np.array(self.units, dtype=object), n_parts * n_steps),
                "date": np.tile(np.repeat(self.dates.to_numpy(), n_units), n_parts),
                "part": np.repeat(np.array(self.parts, dtype=object), n_steps * n_units),
                "sales": self.amounts.ravel(),
            }
        )


def explain(engine: Engine) -> Explanation:
    """What each part of a forecast brings, in money: the parts of a unit's day add up to its sales.

    A part that lowers sales is negative. The forecast explained is the one that is as likely
    exceeded as not; for a period's total that is its base.
    """
    drivers = engine.drivers
    terms = drivers.effects()
    level = drivers.typical * drivers.base
    expected = engine.expected
    both = (expected > 0) & (level > 0)
    distance = _log(expected, both) - _log(level, both)
    rest = distance - np.where(both, sum(terms.values(), np.zeros_like(distance)), 0.0)
    weight = np.where(both, expected, 0.0)
    total = np.maximum(weight.sum(axis=0), 1e-300)
    if len(drivers.season):
        usual = drivers.season[engine.block_of]
        trend = (weight * (rest - usual)).sum(axis=0) / total
        course = {TREND: np.broadcast_to(trend, rest.shape), SEASON: rest - trend}
    else:
        course = {COURSE: rest}
    terms = course | terms
    mean = log_mean(expected, level, both)
    amounts = np.stack(
        [np.where(both, level, expected), *(np.where(both, mean * e, 0.0) for e in terms.values())]
    )
    return Explanation((LEVEL, *terms), amounts, expected, engine.dates, engine.units)


def log_mean(a: Floats, b: Floats, both: NDArray[np.bool_]) -> Floats:
    """Logarithmic mean (a − b) ÷ (ln a − ln b) where ``both`` are above zero; 0 elsewhere.

    >>> log_mean(np.array([8.0]), np.array([2.0]), np.array([True])).round(4).tolist()
    [4.3281]
    """
    distance = _log(a, both) - _log(b, both)
    apart = np.abs(distance) > 1e-9
    mean = np.divide(a - b, distance, out=np.asarray(0.5 * (a + b)), where=apart)
    return np.where(both, mean, 0.0)


def _log(values: Floats, where: NDArray[np.bool_]) -> Floats:
    return np.log(np.where(where, values, 1.0))
