"""Who bought when and for how much: order lines by member, under the same rules as sales."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.data.mapping import Mapping, read_mapping
from workbench.data.orders import book, last_day
from workbench.data.tables import read_table
from workbench.data.units import keep_where, parse_where, unit_codes
from workbench.errors import DataError, Problem
from workbench.schema.tables import ORDERS

COLUMNS = ("customer_id", "date", "amount", "unit")
UNUSED = ("unit_price", "list_price", "discount", "campaign")


def load_purchases(
    source: str | Path,
    *,
    mapping: str | Path | Mapping = "",
    by: Sequence[str] = (),
    where: str = "",
    as_of: object = None,
) -> pd.DataFrame:
    """Counted order lines with their member: customer_id, date, amount (net of refunds), unit.

    What counts as a sale is what counts for ``load_sales``. Lines without a member keep an empty
    customer_id.

    Args:
        source: order lines, as for ``load_sales``.
        mapping: the mapping file of the sales.
        by: the columns that name a unit.
        where: only these rows, as for ``load_sales``.
        as_of: the last known day; the last in the data unless given.

    Raises:
        DataError: a source that cannot be read, or has no column that names the member.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    wanted = parse_where(where)
    also = (*by, "customer_id", *wanted)
    read = read_table(source, ORDERS, given, also=also, without=UNUSED)
    if "customer_id" not in read.frame.columns:
        headers = ", ".join(map(str, read.frame.columns))
        raise DataError(Problem("member.no_column", {"headers": headers[:200]}))
    read = keep_where(read, wanted)
    end = last_day(read) if not as_of else pd.Timestamp(str(as_of))
    booked = book(read, given, as_of=end)
    units = unit_codes(read, by)
    names = read.frame["customer_id"].astype("object").where(read.frame["customer_id"].notna(), "")
    table = pd.DataFrame(
        {
            "customer_id": names.astype(str).to_numpy(),
            "date": pd.to_datetime(booked.day),
            "amount": booked.net_sales,
            "unit": np.array(units.labels, dtype=object)[units.codes],
        }
    )
    counted = booked.counted & (booked.day <= np.datetime64(end, "D"))
    return table[counted].reset_index(drop=True)
