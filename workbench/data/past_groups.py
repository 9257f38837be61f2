"""Past group-buys from order lines: how many groups were complete, how many orders failed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping, read_mapping
from workbench.data.tables import TableRead, read_table
from workbench.data.units import unit_codes
from workbench.schema.tables import ORDERS

COLUMNS = ("campaign", "unit", "start", "end", "size", "groups", "orders", "failed_orders")
NEEDED = ("campaign", "confirm_time", "pay_time")
UNUSED = ("line_id", "unit_price", "list_price", "discount", "refund_time")


def read_past_groups(
    source: str | Path,
    *,
    by: Sequence[str],
    mapping: str | Path | Mapping = "",
    as_of: object = None,
) -> pd.DataFrame:
    """One row per past group-buy and unit, from order lines with campaign and time of the group.

    Members of a group are complete at the same moment, so lines of one campaign, product and such
    moment are one group (or several of the usual size). Which failed orders belonged together is
    not in such a file; only how many there were.

    Columns: ``campaign``, ``unit``, ``start``, ``end`` (first and last day of payment), ``size``
    (people of a full group), ``groups`` complete, ``orders`` in them, ``failed_orders``. Empty
    where the source has no such columns, or no group-buys that are over by ``as_of``.

    Args:
        source: order lines, as for ``load_sales``.
        by: the columns that name a unit.
        mapping: the mapping file of the sales.
        as_of: the last known day; group-buys with groups still open are left out.

    Raises:
        DataError: a source that cannot be read.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    read = read_table(source, ORDERS, given, also=tuple(by), without=UNUSED)
    if not set(NEEDED) <= set(read.frame.columns):
        return pd.DataFrame(columns=list(COLUMNS))
    return _table(_lines(read, by, as_of))


def _lines(read: TableRead, by: Sequence[str], as_of: object) -> pd.DataFrame:
    """The paid lines of campaigns that had groups, and none with a group still open."""
    frame = read.frame
    units = unit_codes(read, by)
    empty = pd.Series("", index=frame.index)
    lines = pd.DataFrame(
        {
            "campaign": frame["campaign"].astype("str").where(frame["campaign"].notna()),
            "unit": np.array(units.labels, dtype=object)[units.codes],
            "product": frame["product"].astype("str") if "product" in frame else empty,
            "status": frame["status"].astype("str") if "status" in frame else empty,
            "paid": frame["pay_time"],
            "complete": frame["confirm_time"],
        }
    )
    lines = lines[lines["campaign"].notna() & lines["paid"].notna()]
    if as_of is not None:
        lines = lines[lines["paid"] < pd.Timestamp(str(as_of)) + pd.Timedelta(days=1)]
    open_still = lines.loc[lines["status"] == "awaiting_group", "campaign"].unique()
    grouped = lines.loc[lines["complete"].notna(), "campaign"].unique()
    return lines[lines["campaign"].isin(grouped) & ~lines["campaign"].isin(open_still)]


def _table(lines: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (campaign, unit), some in lines.groupby(["campaign", "unit"], sort=True):
        done = some[some["complete"].notna()]
        members = done.groupby(["product", "complete"]).size()
        size = int(members.mode().iloc[0]) if len(members) else 0
        if size < 2:
            continue
        rows.append(
            {
                "campaign": str(campaign),
                "unit": str(unit),
                "start": some["paid"].min().normalize(),
                "end": some["paid"].max().normalize(),
                "size": size,
                "groups": int(np.maximum(np.round(members / size), 1).sum()),
                "orders": len(done),
                "failed_orders": len(some) - len(done),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
