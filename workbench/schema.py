"""The input tables a planner may hand in, column by column: name, kind, unit, meaning.

The definitions are plain data; :func:`validate` builds a pandera schema from them when called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from workbench.errors import Language, Problem

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "text", "integer", "money", "quantity", "date", "datetime", "share", "flag", "category"
]
NUMBERS: tuple[Kind, ...] = ("integer", "money", "quantity", "share", "flag")
DATES: tuple[Kind, ...] = ("date", "datetime")

STATUSES = ("awaiting_payment", "awaiting_group", "paid", "shipped", "completed", "closed")
REFUND_STATES = ("none", "pending", "partial", "full", "refunded")
CAMPAIGN_KINDS = ("group_buy", "distribution", "follower_ads", "discount")
KEYS = ("channel", "region", "store", "team", "salesperson", "category", "product", "segment")


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` says how it is read, ``unit`` what it is counted in.

    ``required`` columns must be in the table, ``filled`` ones need a value in every row;
    ``allowed`` lists the only words a category may hold, ``least`` the lowest number.

    >>> ORDERS["paid_amount"].meaning["en"]
    'money the customer paid for the line'
    """

    name: str
    kind: Kind
    meaning: Mapping[Language, str]
    required: bool = False
    filled: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    least: float | None = None


@dataclass(frozen=True)
class Table:
    """One input table; ``any_of`` names groups of columns of which at least one must be there.

    >>> ORDERS.required
    ('order_id', 'paid_amount')
    >>> "pay_time" in ORDERS
    True
    """

    name: str
    meaning: Mapping[Language, str]
    columns: tuple[Column, ...]
    any_of: tuple[tuple[str, ...], ...] = field(default=())

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column's name, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def _column(
    name: str,
    kind: Kind,
    en: str,
    zh: str,
    *,
    required: bool = False,
    filled: bool = False,
    unit: str = "",
    allowed: tuple[str, ...] = (),
    least: float | None = None,
) -> Column:
    return Column(name, kind, {"en": en, "zh": zh}, required, filled, unit, allowed, least)


_KEY_COLUMNS = (
    _column("channel", "text", "sales channel", "销售渠道"),
    _column("region", "text", "region or country", "地区或国家"),
    _column("store", "text", "store", "门店"),
    _column("team", "text", "sales team", "销售团队"),
    _column("salesperson", "text", "salesperson credited", "归属销售员"),
    _column("category", "text", "product category", "商品类目"),
    _column("product", "text", "product", "商品"),
    _column("segment", "text", "member segment", "会员分群"),
)

ORDERS = Table(
    "orders",
    {"en": "order lines", "zh": "订单明细"},
    (
        _column("order_id", "text", "order number", "订单号", required=True),
        _column("line_id", "text", "number of the line within the order", "子订单号或行号"),
        _column("order_time", "datetime", "when the order was placed", "下单时间"),
        _column("pay_time", "datetime", "when it was paid", "付款时间"),
        _column("confirm_time", "datetime", "when its group was complete", "成团时间"),
        _column("status", "category", "state of the order", "订单状态", allowed=STATUSES),
        _column(
            "refund_state", "category", "state of the refund", "退款状态", allowed=REFUND_STATES
        ),
        *_KEY_COLUMNS,
        _column("customer_id", "text", "customer or member", "客户或会员编号"),
        _column("quantity", "quantity", "pieces sold", "件数", unit="pieces"),
        _column("unit_price", "money", "price paid per piece", "成交单价", unit="money"),
        _column("list_price", "money", "list price per piece", "标价", unit="money", least=0),
        _column("discount", "money", "discount given on the line", "优惠金额", unit="money"),
        _column(
            "paid_amount",
            "money",
            "money the customer paid for the line",
            "该行实付金额",
            required=True,
            unit="money",
        ),
        _column(
            "refund_amount",
            "money",
            "money given back for the line",
            "该行退款金额",
            unit="money",
            least=0,
        ),
        _column("refund_time", "datetime", "when the refund was done", "退款时间"),
        _column("campaign", "text", "campaign the line belongs to", "所属活动"),
        _column("promoter", "text", "who promoted it for a commission", "推广员"),
        _column("currency", "text", "currency of the amounts", "币种"),
    ),
    any_of=(("pay_time", "order_time"),),
)

DAILY = Table(
    "daily",
    {"en": "daily sales", "zh": "每日销售"},
    (
        _column("date", "date", "day", "日期", required=True, filled=True),
        *_KEY_COLUMNS,
        _column("sales", "money", "sales of the day", "当日销售额", unit="money"),
        _column("net_sales", "money", "paid less refunds", "净销售额（实付减退款）", unit="money"),
        _column("gmv", "money", "paid", "成交额（实付）", unit="money"),
        _column("units", "quantity", "pieces sold", "销量", unit="pieces"),
        _column("open", "flag", "open (1), closed (0) or open days", "营业标记或营业天数", least=0),
        _column("promo", "flag", "promotion runs", "是否有促销"),
        _column("price", "money", "price", "价格", unit="money", least=0),
        _column("stockout", "flag", "out of stock: sales not observed", "缺货：销售未被观测到"),
    ),
    any_of=(("net_sales", "gmv", "units", "sales"),),
)

TARGETS = Table(
    "targets",
    {"en": "targets", "zh": "目标"},
    (
        _column("unit", "text", "unit the target is for", "单元"),
        *_KEY_COLUMNS,
        _column("level", "text", "level of the hierarchy", "层级"),
        _column("period", "text", "period the target is for", "周期"),
        _column("target", "money", "amount set", "目标金额", required=True, unit="money"),
        _column("version", "text", "version, where it was revised", "版本"),
        _column("set_by", "text", "who set it", "设定人"),
        _column("set_on", "date", "when it was set", "设定日期"),
    ),
)

CAMPAIGNS = Table(
    "campaigns",
    {"en": "campaigns", "zh": "活动"},
    (
        _column("campaign", "text", "name of the campaign", "活动名称", required=True, filled=True),
        _column(
            "kind",
            "category",
            "kind of campaign",
            "活动类型",
            required=True,
            filled=True,
            allowed=CAMPAIGN_KINDS,
        ),
        _column("start", "date", "first day", "开始日期", required=True, filled=True),
        _column("end", "date", "last day", "结束日期", required=True, filled=True),
        _column("unit", "text", "unit it runs in; blank for all", "所在单元，空白为全部"),
        *_KEY_COLUMNS,
        _column("budget", "money", "money set aside for it", "预算", unit="money", least=0),
        _column("cost", "money", "money it did cost", "实际费用", unit="money", least=0),
        _column(
            "discount", "share", "share taken off the price", "让利比例", unit="share", least=0
        ),
        _column("group_size", "integer", "buyers that complete a group", "成团人数", least=2),
        _column("commission", "share", "commission share", "佣金比例", unit="share", least=0),
    ),
)

MEMBERS = Table(
    "members",
    {"en": "members", "zh": "会员"},
    (
        _column("member_id", "text", "member", "会员编号", required=True, filled=True),
        _column("joined", "date", "day of joining", "入会日期"),
        _column("first_order", "date", "day of the first order", "首单日期"),
        _column("level", "text", "member level", "会员等级"),
        *(column for column in _KEY_COLUMNS if column.name not in ("category", "product")),
        _column("source", "text", "where the member came from", "来源"),
        _column("birthday", "date", "birthday", "生日"),
    ),
)

STAFF = Table(
    "staff",
    {"en": "sales staff", "zh": "销售人员"},
    (
        _column("salesperson", "text", "salesperson", "销售员", required=True, filled=True),
        _column("team", "text", "team", "团队"),
        _column("channel", "text", "channel", "渠道"),
        _column("store", "text", "store", "门店"),
        _column("start", "date", "first working day", "入职日期"),
        _column("end", "date", "last working day; blank while employed", "离职日期，在职为空"),
        _column(
            "capacity",
            "money",
            "most this person can sell in a quarter",
            "季度产能上限",
            unit="money",
            least=0,
        ),
        _column(
            "money_per_day", "money", "most money a working day", "日产能", unit="money", least=0
        ),
        _column(
            "orders_per_day", "quantity", "most orders a day", "日接单数", unit="orders", least=0
        ),
        _column("order_value", "money", "money per order", "客单价", unit="money", least=0),
        _column(
            "days_per_week", "quantity", "working days a week", "每周工作天数", unit="days", least=0
        ),
        _column("absence_days", "quantity", "days off", "请假天数", unit="days", least=0),
        _column("ramp_days", "quantity", "days of learning", "上手天数", unit="days", least=0),
        _column("role", "text", "role in the bonus rules", "岗位（对应奖金规则）"),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table for table in (ORDERS, DAILY, TARGETS, CAMPAIGNS, MEMBERS, STAFF)
}


def rows_text(rows: list[int], *, most: int = 5) -> str:
    """The first few row numbers, for a message.

    >>> rows_text([3, 8, 9], most=2)
    '3, 8, …'
    """
    shown = ", ".join(str(row) for row in rows[:most])
    return f"{shown}, …" if len(rows) > most else shown


def validate(frame: pd.DataFrame, table: Table) -> tuple[Problem, ...]:
    """Every way in which ``frame`` breaks the definition of ``table``; empty when it holds.

    Columns that ``table`` does not define are left alone. Rows are numbered from 1.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"salesperson": ["Li", None], "capacity": [1.0, -2.0]})
    >>> [problem.code for problem in validate(frame, STAFF)]
    ['schema.empty_value', 'schema.out_of_range']
    """
    missing = [
        Problem("schema.missing_column", {"table": table.name, "column": name})
        for name in table.required
        if name not in frame.columns
    ]
    missing += [
        Problem("schema.missing_choice", {"table": table.name, "columns": ", ".join(group)})
        for group in table.any_of
        if not set(group) & set(frame.columns)
    ]
    twice = [str(name) for name in frame.columns[frame.columns.duplicated()].unique()]
    if twice:
        facts = {"table": table.name, "columns": ", ".join(twice)}
        return (*missing, Problem("schema.duplicate_column", facts))
    return (*missing, *_wrong_types(frame, table), *_broken_checks(frame, table))


def _right_type(series: pd.Series, kind: Kind) -> bool:
    import pandas as pd

    if kind in NUMBERS:
        return pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    if kind in DATES:
        return pd.api.types.is_datetime64_dtype(series)
    return not pd.api.types.is_numeric_dtype(series)


def _wrong_types(frame: pd.DataFrame, table: Table) -> list[Problem]:
    return [
        Problem(
            "schema.wrong_type",
            {
                "table": table.name,
                "column": column.name,
                "kind": column.kind,
                "found": str(frame[column.name].dtype),
            },
        )
        for column in table
        if column.name in frame.columns and not _right_type(frame[column.name], column.kind)
    ]


def _broken_checks(frame: pd.DataFrame, table: Table) -> list[Problem]:
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(
            nullable=not column.filled, checks=_checks(column), required=False, coerce=False
        )
        for column in table
        if column.name in frame.columns and _right_type(frame[column.name], column.kind)
    }
    try:
        pa.DataFrameSchema(columns).validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as failed:
        return _as_problems(failed.failure_cases, table)
    return []


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pa

    checks: list[Any] = []
    if column.allowed:
        words = list(column.allowed)
        checks.append(pa.Check(lambda values: values.isin(words), name="not_allowed"))
    if column.least is not None:
        least = column.least
        checks.append(pa.Check(lambda values: values >= least, name="out_of_range"))
    if column.kind == "integer":
        checks.append(pa.Check(lambda values: values % 1 == 0, name="not_whole"))
    return checks


def _as_problems(cases: pd.DataFrame, table: Table) -> list[Problem]:
    problems = []
    for (name, check), found in cases.groupby(["column", "check"], sort=False):
        column = table[str(name)]
        code = "empty_value" if check == "not_nullable" else str(check)
        values = list(dict.fromkeys(str(value) for value in found["failure_case"]))
        facts = {
            "table": table.name,
            "column": column.name,
            "count": len(found),
            "rows": rows_text([int(row) + 1 for row in found["index"]]),
            "values": ", ".join(values[:5]) + (", …" if len(values) > 5 else ""),
            "allowed": ", ".join(column.allowed),
            "least": f"{column.least:g}" if column.least is not None else "",
        }
        problems.append(Problem(f"schema.{code}", facts))
    return problems
