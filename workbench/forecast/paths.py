"""Sample paths: many equally likely futures, joint over dates and units."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import ForecastError, Problem

if TYPE_CHECKING:
    from workbench.forecast.engine import Engine

Floats = NDArray[np.float64]


@cache
def _name_seed(unit: str) -> int:
    return int.from_bytes(hashlib.sha256(unit.encode()).digest()[:8])


@dataclass(frozen=True, eq=False)
class SamplePaths:
    """Equally likely futures of every unit, drawn together.

    The totals of blocks of consecutive steps (a week of days) are held; how a block's total falls
    on its days is drawn when ``values`` is asked for, so that the totals of thousands of units fit
    into memory. Adding up ``values`` gives ``totals``.

    Attributes:
        dates: the steps ahead.
        units: names, in the order of the last axis.
        blocks: (n_paths, n_blocks, n_units), sales per block.
        block_of: (n_steps,), the block in which a step lies.
        shape: (n_steps, n_units), expected share of the block's total; a block's shares add up to
            1, or to 0 where the unit is closed throughout.
        spread: (n_units,), concentration of the daily shares around ``shape``; infinite = none.
        seed: the seed of the daily noise.
        skill: how such forecasts did at past origins, one row per unit and model; may be empty.
        n_origins: how many past origins the spread of the totals rests on.
        engine: what they were drawn from, to explain, keep and reuse; None for given ones.
        added: unit → (n_paths, n_steps), sales that come on top, such as those of campaigns.
    """

    dates: pd.DatetimeIndex
    units: tuple[str, ...]
    blocks: NDArray[np.floating]
    block_of: NDArray[np.intp]
    shape: Floats
    spread: Floats
    seed: int = 0
    skill: pd.DataFrame = field(default_factory=pd.DataFrame)
    n_origins: int = 0
    notices: tuple[Problem, ...] = ()
    engine: "Engine | None" = field(default=None, repr=False)
    added: Mapping[str, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def from_values(
        cls, values: ArrayLike, dates: pd.DatetimeIndex, units: Sequence[str]
    ) -> "SamplePaths":
        """Paths given outright, (n_paths, n_steps, n_units).

        >>> dates = pd.date_range("2026-10-01", periods=2)
        >>> paths = SamplePaths.from_values([[[1.0], [2.0]], [[3.0], [5.0]]], dates, ["shop"])
        >>> paths.totals()["shop"].tolist()
        [3.0, 8.0]

        Raises:
            ForecastError: values of another shape than the dates and units say.
        """
        array = np.asarray(values, dtype=float)
        steps = len(dates)
        if array.ndim != 3 or not len(array) or array.shape[1:] != (steps, len(units)):
            facts = {"shape": str(array.shape), "steps": str(steps), "units": str(len(units))}
            raise ForecastError(Problem("forecast.paths_shape", facts))
        return cls(
            dates=dates,
            units=tuple(units),
            blocks=array,
            block_of=np.arange(steps),
            shape=np.ones((steps, len(units))),
            spread=np.full(len(units), np.inf),
        )

    @property
    def n_paths(self) -> int:
        """How many futures were drawn."""
        return int(self.blocks.shape[0])

    @cached_property
    def values(self) -> Floats:
        """Sales per path, step and unit: (n_paths, n_steps, n_units)."""
        out = np.empty((self.n_paths, len(self.dates), len(self.units)))
        for at in range(len(self.units)):
            out[:, :, at] = self.unit_values(at)
        return out

    def unit_values(self, at: int) -> Floats:
        """Sales of the unit in column ``at`` per path and step: (n_paths, n_steps)."""
        parts = [self._block_values(at, block) for block in range(self.blocks.shape[1])]
        drawn = np.concatenate(parts, axis=1)
        more = self.added.get(self.units[at])
        return drawn if more is None else drawn + more

    @property
    def expected(self) -> Floats:
        """Mean sales per step and unit: (n_steps, n_units); needs no draw of single days."""
        mean = self.blocks.mean(axis=0, dtype=float)[self.block_of] * self.shape
        for unit, more in self.added.items():
            mean[:, self.units.index(unit)] += more.mean(axis=0)
        return np.asarray(mean)

    def first(self, count: int) -> "SamplePaths":
        """Only so many of the futures, the first ones."""
        added = {unit: more[:count] for unit, more in self.added.items()}
        return replace(self, blocks=self.blocks[:count], added=added)

    def totals(self, start: object | None = None, end: object | None = None) -> pd.DataFrame:
        """Each path's sales per unit between two dates, both included: n_paths rows.

        A weekly or monthly step belongs to the date it is labelled with.

        Raises:
            ForecastError: if the dates reach beyond the paths, or end before they start.
        """
        first, last = self._bounds(start, end)
        inside = (self.dates >= first) & (self.dates <= last)
        whole = np.array(
            [bool(inside[self.block_of == b].all()) for b in range(self.blocks.shape[1])]
        )
        out = self.blocks[:, whole, :].sum(axis=1, dtype=float)
        for block in np.unique(self.block_of[inside & ~whole[self.block_of]]):
            wanted = inside[self.block_of == block]
            for at in range(len(self.units)):
                out[:, at] += self._block_values(at, int(block))[:, wanted].sum(axis=1)
        for unit, more in self.added.items():
            out[:, self.units.index(unit)] += more[:, inside].sum(axis=1)
        return pd.DataFrame(out, columns=list(self.units))

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        """Quantiles per unit and date, long: unit, date, level, sales."""
        wanted = list(levels)
        steps = len(self.dates)
        parts = [
            pd.DataFrame(
                {
                    "unit": unit,
                    "date": np.repeat(self.dates.to_numpy(), len(wanted)),
                    "level": np.tile(wanted, steps),
                    "sales": np.quantile(self.unit_values(at), wanted, axis=0).T.ravel(),
                }
            )
            for at, unit in enumerate(self.units)
        ]
        return pd.concat(parts, ignore_index=True)

    def _block_values(self, at: int, block: int) -> Floats:
        """Sales of one unit on the steps of one block; the same whenever they are asked."""
        expected = self.shape[self.block_of == block, at]
        totals = self.blocks[:, block, at].astype(float)[:, None]
        if not np.isfinite(self.spread[at]) or len(expected) == 1:
            return np.asarray(totals * expected)
        # Seeded by the unit's name, not its place: reordered units keep their days.
        rng = np.random.default_rng([self.seed, _name_seed(self.units[at]), block])
        weight = self.spread[at] * expected * len(expected)
        draws = rng.standard_gamma(np.maximum(weight, 1e-3), size=(self.n_paths, len(expected)))
        # A weight too small for its gamma draw underflows to zero: the expected share stands in.
        draws = np.where(weight > 0, draws + 1e-12 * expected, 0.0)
        sums = draws.sum(axis=1, keepdims=True)
        shares = np.divide(draws, sums, out=np.zeros_like(draws), where=sums > 0)
        return np.asarray(totals * shares)

    def _bounds(
        self, start: object | None, end: object | None
    ) -> tuple[pd.Timestamp, pd.Timestamp]:
        first = self.dates[0] if start is None else pd.Timestamp(str(start))
        last = self.dates[-1] if end is None else pd.Timestamp(str(end))
        earliest, latest = self._reach()
        if first < earliest or last > latest or first > last:
            raise ForecastError(
                Problem(
                    "forecast.beyond_paths",
                    {
                        "start": f"{first:%Y-%m-%d}",
                        "end": f"{last:%Y-%m-%d}",
                        "first": f"{self.dates[0]:%Y-%m-%d}",
                        "last": f"{self.dates[-1]:%Y-%m-%d}",
                    },
                )
            )
        return first, last

    def _reach(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last date that can be asked for: whole months; weeks up to the next label."""
        first, last = self.dates[0], self.dates[-1]
        step = self.dates[1] - first if len(self.dates) > 1 else pd.Timedelta(days=1)
        if step >= pd.Timedelta(days=28):
            return first.to_period("M").start_time, last.to_period("M").end_time
        return first - step + pd.Timedelta(days=1), last + step - pd.Timedelta(days=1)
