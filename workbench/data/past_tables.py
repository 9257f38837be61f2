"""What a shop may hand in about its own past campaigns: tables of ads, promoters and discounts."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from workbench.data.mapping import Mapping as Headers
from workbench.data.mapping import read_mapping
from workbench.data.tables import load_table, read_table
from workbench.errors import DataError, Language, Problem
from workbench.schema.table import Column, Kind, Table
from workbench.schema.tables import ORDERS
from workbench.schema.validate import rows_text


def _column(name: str, kind: Kind, en: str, zh: str, *, required: bool = False) -> Column:
    """A column; counts and money are not below zero, and needed ones are filled."""
    meaning: Mapping[Language, str] = {"en": en, "zh": zh}
    least = 0.0 if kind in ("money", "integer", "quantity") else None
    return Column(name, kind, meaning, required, required, least=least)


PAST_ADS = Table(
    "past_ads",
    {"en": "past ads", "zh": "历史广告"},
    (
        _column("campaign", "text", "name of the past campaign", "活动名称"),
        _column("date", "date", "day of the ads", "投放日期"),
        _column("creative", "text", "name of the creative", "素材名称"),
        _column("spend", "money", "advertising spend", "广告消耗", required=True),
        _column("followers", "integer", "followers gained", "新增粉丝", required=True),
        _column("clicks", "integer", "clicks on the ads", "广告点击数"),
        _column("unfollowed", "integer", "of these, those who have left since", "其中已取关"),
        _column("kept", "integer", "of these, those who have stayed", "其中仍在关注"),
        _column("link_opens", "integer", "stayed and opened the product link", "打开商品链接人数"),
        _column("placed_orders", "integer", "opened it and have ordered since", "首单下单数"),
        _column("first_orders", "integer", "of these orders, those paid", "首单付款单数"),
        _column(
            "days_to_order", "quantity", "mean days from following to ordering", "平均首单天数"
        ),
    ),
)

PROMOTERS = Table(
    "promoters",
    {"en": "promoter records", "zh": "推广员记录"},
    (
        _column("promoter", "text", "the promoter", "推广员", required=True),
        _column("date", "date", "day", "日期", required=True),
        _column("orders", "integer", "orders of the day through them", "订单数", required=True),
        _column("paid_orders", "integer", "of these, those that were paid", "其中已付款"),
        _column("campaign", "text", "name of the past drive", "活动名称"),
        Column(
            "role",
            "category",
            {"en": "what the promoter is", "zh": "推广员身份"},
            allowed=("customer", "employee", "invited"),
        ),
        _column("joined", "date", "day on which the promoter began", "开始推广日期"),
        _column("asked", "integer", "people of this role who could become promoters", "可参与人数"),
        _column("rate", "share", "direct commission of the drive", "直接佣金比例"),
    ),
)
PAST_DISCOUNTS = Table(
    "past_discounts",
    {"en": "measured effects of past discounts", "zh": "历史折扣效果"},
    (
        _column("campaign", "text", "name of the past discount", "活动名称"),
        _column("end", "date", "last day", "结束日期"),
        _column("depth", "share", "share off the price", "优惠力度（让利比例）", required=True),
        _column("uplift", "share", "more orders, as a share", "订单增幅", required=True),
        _column("error", "share", "standard error of the uplift", "订单增幅的标准误"),
        _column("low", "share", "lower end of its 95 % interval", "95 % 区间下限"),
        _column("high", "share", "upper end of its 95 % interval", "95 % 区间上限"),
    ),
)
LINES = ("line_id", "unit_price", "list_price", "discount", "refund_time", "product", "quantity")


def read_past_ads(path: str | Path, *, as_of: object = None) -> pd.DataFrame:
    """Past ads, one row per campaign and day (and creative), as ``campaign/ads_fit.py`` wants them.

    ``kept`` stands in for ``unfollowed`` where only that is known. Columns without any value are
    left out; so are days after ``as_of``.

    Args:
        path: a CSV, Parquet or Excel file; columns under their own or a usual name.
        as_of: the last known day.

    Raises:
        DataError: a file that cannot be read, columns that are missing, values that are no counts,
            more people kept than were gained.
    """
    past = load_table(path, PAST_ADS)
    past = past.drop(columns=[name for name in past if past[name].isna().all()])
    if "kept" in past and "unfollowed" not in past:
        more = past["kept"] > past["followers"]
        if more.any():
            rows = rows_text([at + 1 for at, bad in enumerate(more) if bad])
            facts = {"part": "kept", "whole": "followers", "count": int(more.sum()), "rows": rows}
            raise DataError(Problem("ads.fit_grows", facts))
        past = past.assign(unfollowed=past["followers"] - past["kept"])
    past = past.drop(columns=["kept"], errors="ignore")
    if as_of is not None and "date" in past:
        past = past[~(past["date"] > pd.Timestamp(str(as_of)))]
    return past.reset_index(drop=True)


def read_promoters(path: str | Path, *, as_of: object = None) -> pd.DataFrame:
    """Promoter records, one row per promoter and day, as ``campaign/promoter_fit.py`` wants them.

    Columns without any value are left out; so are days after ``as_of``.

    Raises:
        DataError: a file that cannot be read, columns that are missing, values that are no counts.
    """
    past = load_table(path, PROMOTERS)
    past = past.drop(columns=[name for name in past if past[name].isna().all()])
    if as_of is not None:
        past = past[~(past["date"] > pd.Timestamp(str(as_of)))]
    return past.reset_index(drop=True)


def read_past_discounts(path: str | Path, *, as_of: object = None) -> pd.DataFrame:
    """Measured effects of past discounts, one row each, as ``campaign/discount_fit.py`` wants them.

    Columns without any value are left out; so are discounts that ended after ``as_of``.

    Raises:
        DataError: a file that cannot be read, columns that are missing, values that are no numbers.
    """
    past = load_table(path, PAST_DISCOUNTS)
    past = past.drop(columns=[name for name in past if past[name].isna().all()])
    if as_of is not None and "end" in past:
        past = past[~(past["end"] > pd.Timestamp(str(as_of)))]
    return past.reset_index(drop=True)


def promoters_of_orders(
    source: str | Path, *, mapping: str | Path | Headers = "", as_of: object = None
) -> pd.DataFrame:
    """The same from order lines that name campaign and promoter: paid orders by day.

    Empty where the lines have no such columns. Promoters without an order are not in order lines.

    Raises:
        DataError: a source that cannot be read.
    """
    given = mapping if isinstance(mapping, Headers) else read_mapping(mapping)
    frame = read_table(source, ORDERS, given, without=LINES).frame
    names = ["campaign", "promoter", "pay_time", "order_id"]
    if not set(names) <= set(frame.columns):
        return pd.DataFrame(columns=["campaign", "promoter", "date", "orders"])
    lines = frame[names].dropna()
    if as_of is not None:
        lines = lines[lines["pay_time"] < pd.Timestamp(str(as_of)) + pd.Timedelta(days=1)]
    days = pd.DataFrame(
        {
            "campaign": lines["campaign"].astype("str"),
            "promoter": lines["promoter"].astype("str"),
            "date": lines["pay_time"].dt.normalize(),
            "orders": lines["order_id"].astype("str"),
        }
    )
    keys = ["campaign", "promoter", "date"]
    return days.groupby(keys, sort=True)["orders"].nunique().reset_index()
