"""Writing the tables: order list, small tables, mapping; same input, same bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Ints, Shop, Texts
from workbench.data.demo.lines import NONE
from workbench.data.demo.orders import Orders
from workbench.data.demo.promotions import Promotion
from workbench.data.demo.tables import member_names

HEADERS = {  # schema name → header of the order list
    "order_id": "订单号",
    "order_time": "下单时间",
    "pay_time": "付款时间",
    "confirm_time": "成团时间",
    "status": "订单状态",
    "refund_state": "退款状态",
    "product": "商品名称",
    "category": "商品类目",
    "channel": "渠道",
    "store": "门店",
    "team": "团队",
    "salesperson": "销售员",
    "customer_id": "会员编号",
    "quantity": "数量",
    "paid_amount": "实付金额",
    "refund_amount": "退款金额",
    "refund_time": "退款时间",
    "discount": "优惠金额",
    "campaign": "活动",
}
STATUS_WORDS = ("待付款", "待成团", "待发货", "已发货", "交易成功", "交易关闭")
REFUND_WORDS = ("无", "部分退款", "全额退款")


def write_orders(path: Path, shop: Shop, orders: Orders, promotions: tuple[Promotion, ...]) -> None:
    """The order list as CSV (UTF-8), with Chinese headers, money with two decimals."""
    import pyarrow as pa
    import pyarrow.csv

    staff = shop.staff
    categories = tuple(shop.categories)
    texts: Mapping[str, Any] = {
        "status": words(STATUS_WORDS, orders.status),
        "refund_state": words(REFUND_WORDS, orders.refund_state),
        "product": words([p.name for p in shop.products], orders.product),
        "category": words(categories, shop.category_of()[orders.product]),
        "channel": words(shop.channel_names, orders.channel),
        "store": words(tuple(shop.stores), orders.store),
        "team": words([p.team for p in staff], orders.person),
        "salesperson": words([p.name for p in staff], orders.person),
        "customer_id": words(member_names(int(orders.member.max()) + 1), orders.member),
        "campaign": words([p.name for p in promotions], orders.campaign),
    }
    columns = {
        "order_id": pa.array(order_numbers(shop, orders)),
        "order_time": moments(shop, orders.placed),
        "pay_time": moments(shop, orders.paid),
        "confirm_time": moments(shop, orders.confirmed),
        "quantity": pa.array(orders.quantity),
        "paid_amount": money(orders.amount),
        "refund_amount": money(orders.refund),
        "refund_time": moments(shop, orders.refunded),
        "discount": money(orders.discount),
        **texts,
    }
    table = pa.table([columns[name] for name in HEADERS], names=list(HEADERS.values()))
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(HEADERS.values()) + "\n").encode("utf-8"))
        pa.csv.write_csv(table, file, write_options=options)


def words(names: Any, codes: Ints) -> Any:
    """An Arrow text column from positions in ``names``; NONE becomes an empty field."""
    import pyarrow as pa

    indices = pa.array(codes.astype(np.int32), mask=codes == NONE)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names))).cast(pa.string())


def moments(shop: Shop, seconds: Ints) -> Any:
    """An Arrow column of times to the second, from seconds since day 0; NONE becomes empty."""
    import pyarrow as pa

    start = np.datetime64(shop.start, "s")
    return pa.array(start + seconds.astype("m8[s]"), mask=seconds == NONE)


def money(cents: Ints) -> Any:
    """An Arrow decimal column with two places, from whole cents."""
    import pyarrow as pa

    words_of_128_bits = np.column_stack([cents, cents >> 63]).astype("<i8")
    data = pa.py_buffer(np.ascontiguousarray(words_of_128_bits))
    return pa.Array.from_buffers(pa.decimal128(12, 2), len(cents), [None, data])


def order_numbers(shop: Shop, orders: Orders) -> Texts:
    """Numbers as the two systems give them: E + time + running number, or, in a store, 00 + store +
    day + number of the day (so with leading zeros)."""
    first = np.flatnonzero(np.r_[True, orders.order[1:] != orders.order[:-1]])
    store, placed = orders.store[first], orders.placed[first]
    stamp = digits_of_time(shop, placed)
    online = np.char.add("E", (stamp * 100_000 + np.arange(len(first)) % 100_000).astype("U19"))
    till = store * 1_000_000 + stamp // 1_000_000 % 1_000_000
    order = np.lexsort((np.arange(len(first)), till))
    starts = np.flatnonzero(np.r_[True, np.diff(till[order]) != 0])
    lengths = np.diff(np.r_[starts, len(order)])
    running = np.empty(len(first), dtype=np.int64)
    running[order] = np.arange(len(order)) - np.repeat(starts, lengths) + 1
    number = (store + 1) * 10**12 + stamp // 1_000_000 * 10_000 + running
    in_store = np.char.add("00", number.astype("U13"))
    return np.where(store == NONE, online, in_store)[orders.order]


def digits_of_time(shop: Shop, seconds: Ints) -> Ints:
    """Times as numbers that read 20230701093015."""
    moment = np.datetime64(shop.start, "s") + seconds.astype("m8[s]")
    days = moment.astype("M8[D]")
    months = days.astype("M8[M]")
    year = months.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months.astype("M8[D]")).astype(np.int64) + 1
    clock = (moment - days).astype("m8[s]").astype(np.int64)
    clock = clock // 3600 * 10_000 + clock // 60 % 60 * 100 + clock % 60
    digits: Ints = (year * 10_000 + month * 100 + day) * 1_000_000 + clock
    return digits


def write_table(path: Path, table: pd.DataFrame, *, decimals: int = 2) -> None:
    """A small table as CSV (UTF-8); dates as 2026-08-20."""
    table.to_csv(
        path,
        index=False,
        float_format=f"%.{decimals}f",
        date_format="%Y-%m-%d",
        lineterminator="\n",
    )


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """A YAML file that keeps the order of its keys and writes Chinese as it is."""
    import yaml

    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")
