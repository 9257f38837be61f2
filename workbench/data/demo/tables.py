"""The smaller tables: what is known ahead, campaigns, events, members, staff, traffic."""

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Flags, Shop, Texts, generator
from workbench.data.demo.lines import NONE
from workbench.data.demo.members import Members
from workbench.data.demo.orders import Orders
from workbench.data.demo.promotions import Promotion

FLAGS = {
    "discount": "promo",
    "group_buy": "group_buy",
    "distribution": "distribution",
    "follower_ads": "follower_ads",
}
LEVELS = ("普通会员", "银卡会员", "金卡会员")
LEVEL_FROM = (1000.0, 4000.0)  # CNY paid within a year


def known_table(shop: Shop, available: Flags, promotions: tuple[Promotion, ...]) -> pd.DataFrame:
    """date, channel, open, promo, group_buy, distribution, follower_ads, stockout: 0 or 1.

    Every day to the end of the simulation, with the campaigns that are planned; promo is a running
    discount. A stock-out after the as-of date is not known and stays 0.
    """
    n_days, n_channels = shop.n_days, len(shop.channels)
    flags = {name: np.zeros((n_days, n_channels), dtype=np.int64) for name in FLAGS.values()}
    for one in promotions:
        days, channel = shop.between(one.start, one.end), shop.channel(one.channel)
        flags[FLAGS[one.kind]][days, channel] = 1
    is_open = available.any(axis=2)
    short = is_open & ~available.all(axis=2) & (np.arange(n_days) <= shop.last)[:, None]
    return pd.DataFrame(
        {
            "date": np.repeat(shop.dates, n_channels),
            "channel": np.tile(shop.channel_names, n_days),
            "open": is_open.ravel().astype(np.int64),
            **{name: values.ravel() for name, values in flags.items()},
            "stockout": short.ravel().astype(np.int64),
        }
    )


def campaign_table(shop: Shop, promotions: tuple[Promotion, ...]) -> pd.DataFrame:
    """What the shop itself notes about each campaign; nothing about its effect."""
    rows = []
    for one in promotions:
        status = one.status(shop.as_of)
        rows.append(
            {
                "campaign_id": one.number,
                "campaign": one.name,
                "kind": one.kind,
                "form": one.form,
                "channel": one.channel,
                "category": "、".join(one.goods),
                "start": one.start,
                "end": one.end,
                "status": status,
                "budget": float(one.cost),
                "cost": float(one.cost) if status == "done" else None,
                "discount": one.depth or None,
                "group_size": one.group_size or None,
                "commission": one.commission or None,
                "followers": one.followers if one.followers and status == "done" else None,
            }
        )
    return pd.DataFrame(rows).astype({"group_size": "Int64", "followers": "Int64"})


def event_table(shop: Shop) -> pd.DataFrame:
    """Closed days and known stock-outs: kind, name, channel, category, start, end."""
    return pd.DataFrame(
        [
            (e.kind, e.name, e.channel, e.category, e.start, e.end)
            for e in shop.events
            if e.kind == "closed" or e.start <= shop.as_of
        ],
        columns=["kind", "name", "channel", "category", "start", "end"],
    )


def staff_table(shop: Shop) -> pd.DataFrame:
    """staff_id, salesperson, team, channel, store, start, end."""
    return pd.DataFrame(
        [
            (p.number, p.name, p.team, p.channel, p.store, p.joined, p.left)
            for p in shop.staff
            if p.joined <= shop.as_of
        ],
        columns=["staff_id", "salesperson", "team", "channel", "store", "start", "end"],
    )


def member_names(count: int) -> Texts:
    """Member numbers as the order list writes them: M0000001, M0000002, …"""
    digits = (10_000_000 + np.arange(1, count + 1)).astype("U8")
    return np.char.add("M", np.array([d[1:] for d in digits], dtype="U7"))


def member_table(
    shop: Shop, members: Members, orders: Orders, promotions: tuple[Promotion, ...]
) -> pd.DataFrame:
    """member_id, joined, first_order, channel, source, level, last_order."""
    n, paid = len(members.joined), (orders.paid != NONE) & (orders.member != NONE)
    who, day = orders.member[paid], orders.day[paid]
    first, last = np.full(n, shop.n_days), np.full(n, NONE)
    np.minimum.at(first, who, day)
    np.maximum.at(last, who, day)
    recent = day > shop.last - 365
    kept = (orders.amount - orders.refund)[paid]
    spent = np.bincount(who[recent], weights=kept[recent], minlength=n) / 100
    names = np.array([*(one.name for one in promotions), "自然流量"])
    return pd.DataFrame(
        {
            "member_id": member_names(n),
            "joined": np.datetime64(shop.start, "D") + members.joined,
            "channel": np.array(shop.channel_names)[members.channel],
            "source": names[members.campaign],
            "level": np.array(LEVELS)[np.searchsorted(LEVEL_FROM, spent, side="right")],
            "first_order": shop.dates[np.minimum(first, shop.n_days - 1)],
            "last_order": shop.dates[np.maximum(last, 0)],
        }
    ).assign(
        first_order=lambda t: t["first_order"].where(last != NONE),
        last_order=lambda t: t["last_order"].where(last != NONE),
    )


def member_truth(members: Members) -> pd.DataFrame:
    """member_id, purchase_rate (relative), dropout (per purchase), active at the end (0/1)."""
    return pd.DataFrame(
        {
            "member_id": member_names(len(members.joined)),
            "purchase_rate": np.char.mod("%.4f", members.rate),
            "dropout": np.char.mod("%.4f", members.dropout),
            "active": members.alive.astype(np.int64),
        }
    )


def traffic_table(shop: Shop, orders: Orders, seed: int) -> pd.DataFrame:
    """date, channel, visitors, orders, conversion: visits and paid orders to the as-of date."""
    rng = generator(seed, "traffic")
    n_channels = len(shop.channels)
    first = np.r_[True, orders.order[1:] != orders.order[:-1]] & (orders.paid != NONE)
    cell = orders.day[first] * n_channels + orders.channel[first]
    size = (shop.last + 1) * n_channels
    placed = np.bincount(cell, minlength=size)
    usual = np.tile([c["conversion"] for c in shop.channels.values()], shop.last + 1)
    rate = np.clip(usual * np.exp(rng.normal(0.0, 0.07, size)), 0.005, 0.9)
    visitors = placed + rng.poisson(placed * (1.0 / rate - 1.0))
    return pd.DataFrame(
        {
            "date": np.repeat(shop.dates[: shop.last + 1], n_channels),
            "channel": np.tile(shop.channel_names, shop.last + 1),
            "visitors": visitors,
            "orders": placed,
            "conversion": np.char.mod("%.4f", placed / np.maximum(visitors, 1)),
        }
    )
