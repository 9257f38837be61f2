"""The cascade as one long table: every node's target for the period, its weeks and its days."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.panel.panel import Panel
from workbench.target.cascade_limits import known_sums
from workbench.target.curve import Floats
from workbench.target.days import DIGITS
from workbench.target.tree import Tree

if TYPE_CHECKING:
    from workbench.target.cascaded import Cascade

STEPS = {"D": "day", "W": "week", "M": "month"}


def cascade_sheet(cascade: "Cascade") -> pd.DataFrame:
    """Long: level, node, the keys, parent, span, start, end, target, probability, … (see Cascade).

    The rows of a node stand together: its period, what was sold of it already, weeks, days.
    """
    nodes = cascade.nodes()
    n = len(nodes)
    parts = list(_spans(cascade))
    tables = []
    for rank, (span, start, end, targets, before, chances) in enumerate(parts):
        table = nodes.drop(columns=["growth"]).assign(span=span, start=start, end=end)
        if span != "period":
            own = np.where(cascade.amounts > 0, cascade.amounts, np.nan)
            table = table.assign(
                target=targets, share=targets / own, probability=chances, last_year=before
            )
        tables.append(table.assign(node_at=np.arange(n), rank=rank))
    sheet = pd.concat(tables, ignore_index=True).sort_values(["node_at", "rank"], kind="stable")
    keys = list(cascade.tree.columns)
    columns = ["level", "node", *keys, "parent", "span", "start", "end", "target", "share"]
    return sheet[[*columns, "probability", "last_year", "limit"]].reset_index(drop=True)


def day_table(cascade: "Cascade") -> pd.DataFrame:
    """Targets by date (rows) and node (columns, the company first); empty without days."""
    days = cascade.days
    if days is None:
        return pd.DataFrame(columns=list(cascade.tree.alone))
    amounts = np.round(cascade.tree.sums(days.amounts), DIGITS)
    return pd.DataFrame(amounts, index=days.dates, columns=list(cascade.tree.alone))


def week_starts(dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The Monday of each date's week."""
    return pd.DatetimeIndex(dates - pd.to_timedelta(dates.day_of_week, unit="D"))


def _spans(
    cascade: "Cascade",
) -> Iterator[tuple[str, pd.Timestamp, pd.Timestamp, Floats, Floats | float, Floats | float]]:
    """Kind, first and last day, (nodes,) targets, last year's sales and chances of every span."""
    period, days, tree = cascade.asked.outlook.period, cascade.days, cascade.tree
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    yield "period", start, end, cascade.amounts, cascade.history, cascade.chances
    if days is None:
        return
    if cascade.asked.outlook.rows_known > 0:
        done = np.round(tree.sums(days.done), DIGITS)
        yield "to_date", start, min(cascade.asked.outlook.as_of, end), done, np.nan, np.nan
    targets, likely = day_table(cascade).to_numpy(), cascade.step_chances
    before = _last_year(tree, cascade.asked.panel, days.dates)
    if days.frequency == "D":
        monday = week_starts(days.dates)
        for at, first in enumerate(monday.unique()):
            inside = np.asarray(monday == first)
            own = days.dates[inside]
            week = np.round(targets[inside].sum(axis=0), DIGITS)
            yield "week", own[0], own[-1], week, before[inside].sum(axis=0), likely.weeks[at]
    for at, date in enumerate(days.dates):
        yield STEPS[days.frequency], date, date, targets[at], before[at], likely.days[at]


def _last_year(tree: Tree, panel: Panel | None, dates: pd.DatetimeIndex) -> Floats:
    """(dates, nodes): sales of the comparable date a year before, of what is known."""
    if panel is None:
        return np.full((len(dates), tree.n_nodes), np.nan)
    if panel.calendar is not None:
        earlier = panel.calendar.last_year(dates, frequency=panel.frequency)
    elif panel.frequency == "M":
        earlier = pd.DatetimeIndex(dates + pd.DateOffset(years=-1))
    else:
        earlier = pd.DatetimeIndex(dates - pd.Timedelta(days=364))
    sold = panel.frame().reindex(index=earlier, columns=list(tree.units))
    return known_sums(tree, sold.to_numpy(dtype=float))
