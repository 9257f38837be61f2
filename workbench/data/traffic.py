"""The file of visitors and orders by day: what stands between a shop's traffic and its sales."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from workbench.data.known import read_known
from workbench.data.mapping import Mapping, read_mapping
from workbench.data.near import plain
from workbench.data.units import SEPARATOR, TOTAL
from workbench.errors import DataError, Problem

USUAL: MappingType[str, tuple[str, ...]] = MappingProxyType(
    {
        "visitors": (
            *("visitors", "visits", "traffic", "footfall", "sessions", "uv", "访客数", "访客"),
            *("访问人数", "浏览人数", "客流", "客流量", "进店人数", "进店客流", "会话数"),
        ),
        "orders": (
            *("orders", "paid_orders", "transactions", "tickets", "receipts", "订单数"),
            *(
                "支付订单数",
                "付款订单数",
                "成交订单数",
                "成交笔数",
                "交易笔数",
                "支付笔数",
                "小票数",
            ),
        ),
    }
)


def read_traffic(
    path: str | Path, *, by: Sequence[str], mapping: str | Path | Mapping = ""
) -> pd.DataFrame:
    """Visitors and paid orders: unit, date, visitors, orders.

    Args:
        path: a CSV, Parquet or Excel file with a date, the ``by`` columns, and the two numbers
            under their own or a usual name (访客数, 支付订单数, visits, transactions, …).
        by: the columns that name a unit, as in ``load_sales``.
        mapping: the mapping file of the sales.

    Raises:
        DataError: no date, no such numbers, a ``by`` column that is not there, rows given twice.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    known = read_known(path, by, (), given)
    columns = {name: _found(known.columns, usual) for name, usual in USUAL.items()}
    headers = ", ".join((*known.keys, *known.columns))
    facts: dict[str, object] = {"path": Path(path).name, "headers": headers}
    problems = [
        Problem("data.traffic_column", {**facts, "column": name, "usual": ", ".join(usual)})
        for name, usual in USUAL.items()
        if not columns[name]
    ]
    absent = [name for name in by if name not in known.keys]
    if absent:
        problems.append(Problem("data.traffic_unit", {**facts, "columns": ", ".join(absent)}))
    if problems:
        raise DataError(*problems)
    labels = [known.table[name].astype(str).to_numpy() for name in by]
    unit = [SEPARATOR.join(parts) for parts in zip(*labels, strict=True)] if by else TOTAL
    numbers = {name: pd.to_numeric(known.table[columns[name]]) for name in USUAL}
    table = pd.DataFrame({"unit": unit, "date": known.table["date"], **numbers})
    summed: pd.DataFrame = table.groupby(["unit", "date"], sort=False).sum().reset_index()
    return summed


def _found(columns: Sequence[str], usual: Sequence[str]) -> str:
    """The first column with a usual name, or nothing."""
    names = {plain(name) for name in usual}
    return next((column for column in columns if plain(column) in names), "")
