"""The ledger: every quantity of a campaign, by day, path and unit, and the sums that must hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.errors import Problem

RELATIVE_DUST = 1e-9
"""Sums of money may differ by float rounding alone."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """What happens on each day: quantity → (≤ n_days, n_paths, n_units), days first.

    Counts and money are never negative; what reduces sales is booked under a name of its own. A
    quantity may hold the first days only: it is zero on the others.

    >>> ledger = Ledger(
    ...     dates=pd.date_range("2026-11-01", periods=2),
    ...     units=("online",),
    ...     cells={"paid": np.array([[[30.0]], [[20.0]]])},
    ... )
    >>> ledger["paid"].shape, ledger.total("paid").tolist()
    ((1, 2, 1), [50.0])
    """

    dates: pd.DatetimeIndex
    units: tuple[str, ...]
    cells: Mapping[str, Floats]

    def __getitem__(self, name: str) -> Floats:
        """A quantity as (n_paths, n_days, n_units)."""
        cells = self.cells[name]
        if len(cells) < len(self.dates):
            out = np.zeros((len(self.dates), *cells.shape[1:]))
            out[: len(cells)] = cells
            cells = out
        return cells.transpose(1, 0, 2)

    def __contains__(self, name: object) -> bool:
        return name in self.cells

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities booked, in order."""
        return tuple(self.cells)

    @property
    def n_paths(self) -> int:
        """How many paths."""
        return int(next(iter(self.cells.values())).shape[1])

    def days(self, start: object = None, end: object = None) -> slice:
        """Positions of the days from ``start`` to ``end``, both included."""
        first = 0 if start is None else self.dates.searchsorted(pd.Timestamp(str(start)))
        last = len(self.dates) if end is None else self._after(end)
        return slice(int(first), max(int(first), int(last)))

    def total(self, name: str, *, days: slice = slice(None)) -> Floats:
        """Sum over days and units per path: (n_paths,); zero where nothing was booked."""
        if name not in self.cells:
            return np.zeros(self.n_paths)
        return np.asarray(self.cells[name][days].sum(axis=(0, 2)))

    def _after(self, end: object) -> int:
        return int(self.dates.searchsorted(pd.Timestamp(str(end)), side="right"))


@dataclass(frozen=True)
class Balance:
    """A sum that must hold on every path: what ``into`` adds, ``out_of`` takes away.

    ``rest``: ``zero`` when nothing may be left on the last day, ``some`` when what is left may only
    not be negative. Either way it is never negative on any day when ``running`` is set.
    ``limit``: the most that may ever be left (n_units,), such as a stock; None for none.

    Attributes:
        name: what is conserved, for the message.
        into, out_of: quantities of the ledger; those not booked count as zero.
    """

    name: str
    into: tuple[str, ...]
    out_of: tuple[str, ...]
    rest: Literal["zero", "some"] = "zero"
    running: bool = False
    limit: tuple[float, ...] | None = None


def unbalanced(ledger: Ledger, balances: Sequence[Balance]) -> tuple[Problem, ...]:
    """Every balance that does not hold on every path, and every quantity that is not a number.

    >>> ledger = Ledger(
    ...     dates=pd.date_range("2026-11-01", periods=1),
    ...     units=("online",),
    ...     cells={"paid": np.array([[[30.0]]]), "sales": np.array([[[29.0]]])},
    ... )
    >>> unbalanced(ledger, [Balance("money", ("paid",), ("sales",))])[0].code
    'campaign.unbalanced'
    """
    problems = [
        Problem("campaign.negative_quantity", {"quantity": name})
        for name, cells in ledger.cells.items()
        if name not in SIGNED
        and not (cells.size == 0 or (cells.min() >= 0.0 and np.isfinite(cells.max())))
    ]
    for balance in balances:
        off = _off(ledger, balance)
        if off.any():
            facts = {"name": balance.name, "count": int(off.sum()), "paths": ledger.n_paths}
            problems.append(Problem("campaign.unbalanced", facts))
    return tuple(problems)


SIGNED = ("gross_margin", "margin", "incremental_sales", "overlap_sales", "unserved_sales")
"""Quantities that may be negative."""


def _off(ledger: Ledger, balance: Balance) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """On which paths the balance fails: (n_paths,)."""
    shape = (ledger.n_paths, len(ledger.units))
    left, size, lowest, highest = (np.zeros(shape) for _ in range(4))
    signed = [(name, 1.0) for name in balance.into] + [(name, -1.0) for name in balance.out_of]
    booked = [(ledger.cells[name], sign) for name, sign in signed if name in ledger]
    if balance.running or balance.limit is not None:
        for day in range(max(len(cells) for cells, _ in booked) if booked else 0):
            for cells, sign in booked:
                if day < len(cells):
                    left += sign * cells[day]
            np.minimum(lowest, left, out=lowest)
            np.maximum(highest, left, out=highest)
        size = np.sum([cells.sum(axis=0) for cells, _ in booked], axis=0)
    else:
        for cells, sign in booked:
            total = cells.sum(axis=0)
            left, size = left + sign * total, size + total
    dust = RELATIVE_DUST * (1.0 + size)
    bad = (left < -dust) if balance.rest == "some" else (np.abs(left) > dust)
    if balance.running:
        bad |= lowest < -dust
    if balance.limit is not None:
        bad |= highest > np.array(balance.limit) + dust
    return np.asarray(bad.any(axis=1))
