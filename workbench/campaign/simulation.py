"""The result of a simulation: what a campaign brings, costs and takes from other sales."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.inputs import Drawn
from workbench.campaign.ledger import Ledger
from workbench.campaign.quantity import quantities
from workbench.campaign.tornado import tornado_table
from workbench.errors import Problem

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
INCREMENT = {
    "sales": 1.0,
    "repeat_sales": 1.0,
    "cannibalised_sales": -1.0,
    "repaid_sales": -1.0,
    "overlap_sales": -1.0,
    "unserved_sales": -1.0,
}
"""What sales with a campaign less sales without it consist of: each booked once. The last two are
booked where several campaigns run: what they claim twice, and what people cannot serve."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """What one campaign brings: a ledger on every path, and what follows from it.

    Attributes:
        campaign: the campaign's name.
        kind: group_buy, distribution, follower_ads or discount.
        ledger: every quantity by day, path and unit.
        inputs: the value of each input on each path, and where it comes from.
        ratios: further rows of the summary: name → (part, whole).
        steps: quantities of the funnel, in order.
        currency: of all money.
        n_active: days of the campaign itself; the rest of the ledger is what comes after.
        notices: what was noticed and how it was taken.
    """

    campaign: str
    kind: str
    ledger: Ledger
    inputs: Drawn
    ratios: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    currency: str = "CNY"
    n_active: int = 0
    notices: tuple[Problem, ...] = ()

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The days of the ledger: of the campaign, then those after it."""
        return self.ledger.dates

    @property
    def units(self) -> tuple[str, ...]:
        """The units the effects land on."""
        return self.ledger.units

    @cached_property
    def increment(self) -> Floats:
        """Sales with the campaign less sales without it: (n_paths, n_days, n_units).

        Campaign sales net of refunds, plus repeat orders of the customers it won, less what would
        have been sold anyway, less what is missing later because it was bought now.
        """
        ledger = self.ledger
        out = np.zeros((len(ledger.dates), ledger.n_paths, len(ledger.units)))
        for name, sign in INCREMENT.items():
            if name in ledger:
                cells = ledger.cells[name]
                out[: len(cells)] += sign * cells
        return out.transpose(1, 0, 2)

    def totals(self, start: object = None, end: object = None) -> pd.DataFrame:
        """Incremental sales from ``start`` to ``end`` (both included): (n_paths × units).

        Days outside the ledger add nothing, so that the totals of a period can be added to those of
        its outlook path by path.
        """
        days = self.ledger.days(start, end)
        return pd.DataFrame(self.increment[:, days].sum(axis=1), columns=list(self.units))

    @cached_property
    def cost(self) -> Floats:
        """Cost of the campaign per path: (n_paths,). The discount is not in it."""
        return self.ledger.total("cost")

    @cached_property
    def margin(self) -> Floats:
        """Margin with the campaign less margin without it, after its cost: (n_paths,)."""
        return self.ledger.total("gross_margin") - self.cost

    def outcome(self, name: str, start: object = None, end: object = None) -> Floats:
        """Any quantity, ratio, ``incremental_sales`` or ``margin`` per path: (n_paths,)."""
        days = self.ledger.days(start, end)
        if name == "incremental_sales":
            return np.asarray(self.increment[:, days].sum(axis=(1, 2)))
        if name == "margin":
            total = self.ledger.total
            return np.asarray(total("gross_margin", days=days) - total("cost", days=days))
        if name in self.ratios:
            part, whole = (self.ledger.total(one, days=days) for one in self.ratios[name])
            undefined = np.full(len(part), np.nan)
            return np.asarray(np.divide(part, whole, out=undefined, where=whole > 0))
        return self.ledger.total(name, days=days)

    def summary(self, start: object = None, end: object = None) -> pd.DataFrame:
        """One row per quantity over the days from ``start`` to ``end``.

        Columns: ``quantity``, ``unit_of_measure`` (people, groups, orders, pieces, share, …, or the
        currency), ``p10``, ``p50``, ``p90``, ``mean``.
        """
        names = [*self.ledger.names, *self.ratios, "incremental_sales", "margin"]
        known = quantities(self.kind)
        rows = [
            {
                "quantity": name,
                "unit_of_measure": self._measure(known[name].measure),
                **spread(self.outcome(name, start, end)),
            }
            for name in names
        ]
        return pd.DataFrame(rows)

    def funnel(self) -> pd.DataFrame:
        """The steps from visit to sale: counts, and the share of the step before and of the first.

        Steps that this campaign does not have are left out.
        Columns: ``step``, ``p10``, ``p50``, ``p90``, ``mean``, ``of_previous``, ``of_first``.
        """
        taken = [name for name in self.steps if name in self.ledger.cells]
        rows = [{"step": name, **spread(self.outcome(name))} for name in taken]
        frame = pd.DataFrame(rows, columns=["step", *LEVELS, "mean"])
        mean = frame["mean"].where(frame["mean"] > 0)
        frame["of_previous"] = frame["mean"] / mean.shift()
        return frame.assign(of_first=frame["mean"] / (mean.iloc[0] if len(mean) else np.nan))

    def tornado(self, outcome: str = "incremental_sales") -> pd.DataFrame:
        """What drives the result: one row per uncertain input, the strongest first.

        Columns: ``input``, ``low`` and ``high`` (mean result where the input is in its lowest and
        its highest fifth), ``swing`` (high − low), ``share`` (part of the result's variance that
        this input alone explains), ``rank_correlation``, ``source``.
        """
        table = tornado_table(self.inputs.values, self.inputs.uncertain, self.outcome(outcome))
        source = [self.inputs.used[name].source for name in table["input"]]
        return table.assign(source=source)

    def sources(self) -> pd.DataFrame:
        """Every input with its value (``mid (low–high)``) and where it comes from.

        Columns: ``input``, ``value``, ``source``: ``history``, ``given``, ``assumption``, or the
        citation of a published prior.
        """
        rows = [
            {"input": name, "value": used.text(), "source": used.source}
            for name, used in self.inputs.used.items()
        ]
        return pd.DataFrame(rows, columns=["input", "value", "source"])

    def _measure(self, measure: str) -> str:
        return self.currency if measure == "money" else measure


def spread(values: Floats) -> dict[str, float]:
    """p10, p50, p90 and mean of one outcome; paths on which it is undefined are left out.

    >>> spread(np.array([1.0, 2.0, 3.0, np.nan]))["p50"]
    2.0
    """
    seen = values[~np.isnan(values)]
    if not seen.size:
        return {**dict.fromkeys(LEVELS, np.nan), "mean": np.nan}
    found = np.quantile(seen, list(LEVELS.values()))
    return {**dict(zip(LEVELS, map(float, found), strict=True)), "mean": float(seen.mean())}
