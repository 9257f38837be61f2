"""The input tables, column by column: plain data."""

from collections.abc import Mapping

from workbench.schema.table import Table, column

STATUSES = ("awaiting_payment", "awaiting_group", "paid", "shipped", "completed", "closed")
REFUND_STATES = ("none", "pending", "partial", "full", "refunded")
CAMPAIGN_KINDS = ("group_buy", "distribution", "follower_ads", "discount")
KEYS = ("channel", "region", "store", "team", "salesperson", "category", "product", "segment")

_KEY_COLUMNS = (
    column("channel", "text", "sales channel", "销售渠道"),
    column("region", "text", "region or country", "地区或国家"),
    column("store", "text", "store", "门店"),
    column("team", "text", "sales team", "销售团队"),
    column("salesperson", "text", "salesperson credited", "归属销售员"),
    column("category", "text", "product category", "商品类目"),
    column("product", "text", "product", "商品"),
    column("segment", "text", "member segment", "会员分群"),
)

ORDERS = Table(
    "orders",
    {"en": "order lines", "zh": "订单明细"},
    (
        column("order_id", "text", "order number", "订单号", required=True),
        column("line_id", "text", "number of the line within the order", "子订单号或行号"),
        column("order_time", "datetime", "when the order was placed", "下单时间"),
        column("pay_time", "datetime", "when it was paid", "付款时间"),
        column("confirm_time", "datetime", "when its group was complete", "成团时间"),
        column("status", "category", "state of the order", "订单状态", allowed=STATUSES),
        column(
            "refund_state", "category", "state of the refund", "退款状态", allowed=REFUND_STATES
        ),
        *_KEY_COLUMNS,
        column("customer_id", "text", "customer or member", "客户或会员编号"),
        column("quantity", "quantity", "pieces sold", "件数", unit="pieces"),
        column("unit_price", "money", "price paid per piece", "成交单价", unit="money"),
        column("list_price", "money", "list price per piece", "标价", unit="money", least=0),
        column("discount", "money", "discount given on the line", "优惠金额", unit="money"),
        column(
            "paid_amount",
            "money",
            "money the customer paid for the line",
            "该行实付金额",
            required=True,
            unit="money",
        ),
        column(
            "refund_amount",
            "money",
            "money given back for the line",
            "该行退款金额",
            unit="money",
            least=0,
        ),
        column("refund_time", "datetime", "when the refund was done", "退款时间"),
        column("campaign", "text", "campaign the line belongs to", "所属活动"),
        column("promoter", "text", "who promoted it for a commission", "推广员"),
        column("currency", "text", "currency of the amounts", "币种"),
    ),
    any_of=(("pay_time", "order_time"),),
)

DAILY = Table(
    "daily",
    {"en": "daily sales", "zh": "每日销售"},
    (
        column("date", "date", "day", "日期", required=True, filled=True),
        *_KEY_COLUMNS,
        column("sales", "money", "sales of the day", "当日销售额", unit="money"),
        column("net_sales", "money", "paid less refunds", "净销售额（实付减退款）", unit="money"),
        column("gmv", "money", "paid", "成交额（实付）", unit="money"),
        column("units", "quantity", "pieces sold", "销量", unit="pieces"),
        column("open", "flag", "open (1), closed (0) or open days", "营业标记或营业天数", least=0),
        column("promo", "flag", "promotion runs", "是否有促销"),
        column("price", "money", "price", "价格", unit="money", least=0),
        column("stockout", "flag", "out of stock: sales not observed", "缺货：销售未被观测到"),
    ),
    any_of=(("net_sales", "gmv", "units", "sales"),),
)

TARGETS = Table(
    "targets",
    {"en": "targets", "zh": "目标"},
    (
        column("unit", "text", "unit the target is for", "单元"),
        *_KEY_COLUMNS,
        column("level", "text", "level of the hierarchy", "层级"),
        column("period", "text", "period the target is for", "周期"),
        column("target", "money", "amount set", "目标金额", required=True, unit="money"),
        column("version", "text", "version, where it was revised", "版本"),
        column("set_by", "text", "who set it", "设定人"),
        column("set_on", "date", "when it was set", "设定日期"),
    ),
)

CAMPAIGNS = Table(
    "campaigns",
    {"en": "campaigns", "zh": "活动"},
    (
        column("campaign", "text", "name of the campaign", "活动名称", required=True, filled=True),
        column(
            "kind",
            "category",
            "kind of campaign",
            "活动类型",
            required=True,
            filled=True,
            allowed=CAMPAIGN_KINDS,
        ),
        column("start", "date", "first day", "开始日期", required=True, filled=True),
        column("end", "date", "last day", "结束日期", required=True, filled=True),
        column("unit", "text", "unit it runs in; blank for all", "所在单元，空白为全部"),
        *_KEY_COLUMNS,
        column("budget", "money", "money set aside for it", "预算", unit="money", least=0),
        column("cost", "money", "money it did cost", "实际费用", unit="money", least=0),
        column("discount", "share", "share taken off the price", "让利比例", unit="share", least=0),
        column("group_size", "integer", "buyers that complete a group", "成团人数", least=2),
        column("commission", "share", "commission share", "佣金比例", unit="share", least=0),
    ),
)

MEMBERS = Table(
    "members",
    {"en": "members", "zh": "会员"},
    (
        column("member_id", "text", "member", "会员编号", required=True, filled=True),
        column("joined", "date", "day of joining", "入会日期"),
        column("first_order", "date", "day of the first order", "首单日期"),
        column("level", "text", "member level", "会员等级"),
        *(key for key in _KEY_COLUMNS if key.name not in ("category", "product")),
        column("source", "text", "where the member came from", "来源"),
        column("birthday", "date", "birthday", "生日"),
    ),
)

STAFF = Table(
    "staff",
    {"en": "sales staff", "zh": "销售人员"},
    (
        column("salesperson", "text", "salesperson", "销售员", required=True, filled=True),
        column("team", "text", "team", "团队"),
        column("channel", "text", "channel", "渠道"),
        column("store", "text", "store", "门店"),
        column("start", "date", "first working day", "入职日期"),
        column("end", "date", "last working day; blank while employed", "离职日期，在职为空"),
        column(
            "capacity",
            "money",
            "most this person can sell in a quarter",
            "季度产能上限",
            unit="money",
            least=0,
        ),
        column(
            "money_per_day", "money", "most money a working day", "日产能", unit="money", least=0
        ),
        column(
            "orders_per_day", "quantity", "most orders a day", "日接单数", unit="orders", least=0
        ),
        column("order_value", "money", "money per order", "客单价", unit="money", least=0),
        column(
            "days_per_week", "quantity", "working days a week", "每周工作天数", unit="days", least=0
        ),
        column("absence_days", "quantity", "days off", "请假天数", unit="days", least=0),
        column("ramp_days", "quantity", "days of learning", "上手天数", unit="days", least=0),
        column("role", "text", "role in the bonus rules", "岗位（对应奖金规则）"),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table for table in (ORDERS, DAILY, TARGETS, CAMPAIGNS, MEMBERS, STAFF)
}
