"""The targets the shop set: per quarter, for the whole shop, each channel and each person.

A first version is set five weeks before the quarter and revised in the week before it, from last
year's quarter and the growth seen until then; the next quarter has proposals only.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Floats, Shop, generator
from workbench.data.demo.demand import availability, ordinary_lines, store_weights
from workbench.data.demo.staff import presence

FIRST, REVISED, PROPOSED = 35, 6, 2  # days before the quarter, and before the as-of date
RECENT = 182  # days whose sales the shop goes by
TRUST = 0.75  # weight of a channel's own level against that of the whole shop
AMBITION = 1.03  # asked beyond what is expected
ROUND = 1000  # CNY


def quarters(shop: Shop) -> list[tuple[str, date, date]]:
    """(label, first, last day) of every quarter up to the one after the as-of date's.

    >>> from workbench.data.demo.catalogue import read_shop
    >>> [label for label, *_ in quarters(read_shop())][-2:]
    ['2026Q3', '2026Q4']
    """
    found, start = [], shop.start
    while True:
        after = date(start.year + (start.month == 10), (start.month + 2) % 12 + 1, 1)
        found.append((f"{start.year}Q{start.month // 3 + 1}", start, after - timedelta(days=1)))
        if start > shop.as_of:
            return found
        start = after


def make_targets(shop: Shop, truth: pd.DataFrame, seed: int) -> pd.DataFrame:
    """level, channel, team, salesperson, period, version, target (CNY), set_on, set_by.

    ``truth`` is the daily truth, of which nothing after the day of setting is used; only for the
    first half-year the shop goes by its level in that half-year, standing for older books.
    """
    rng = generator(seed, "targets")
    sales = truth["sales"].to_numpy().reshape(shop.n_days, len(shop.channels))
    usual = usual_sales(shop)
    rows: list[dict[str, object]] = []
    for label, first, last in quarters(shop):
        share = person_share(shop, first, last, rng)
        judgement = np.exp(rng.normal(0.0, [[0.035], [0.02]], (2, len(shop.channels))))
        for version, ahead, error in zip(("v1", "v2"), (FIRST, REVISED), judgement, strict=True):
            set_on = first - timedelta(days=ahead)
            proposed = set_on > shop.as_of
            set_on = min(set_on, shop.as_of - timedelta(days=PROPOSED))
            level = recent_level(sales, usual, shop.day(set_on))
            goal = usual[shop.between(first, last)].sum(axis=0) * level * error * AMBITION
            people = np.rint(share * goal[:, None] / ROUND) * ROUND
            rows += channel_rows(shop, label, version, set_on, people.sum(axis=1))
            if proposed:
                break
            rows += person_rows(shop, label, version, set_on, people.sum(axis=0))
    return pd.DataFrame(rows)


def usual_sales(shop: Shop) -> Floats:
    """A planner's idea of daily sales (n_days, n_channels) from season, festivals and growth.

    In money up to a factor, which the recent level settles.
    """
    value = np.zeros(len(shop.categories))
    for number, category in enumerate(shop.categories.values()):
        sold = [p for p in shop.products if p.category == number and not p.season]
        price = sum(p.price * p.weight for p in sold) / sum(p.weight for p in sold)
        value[number] = price * (1 + category["more"])
    return np.asarray((ordinary_lines(shop) * availability(shop) * value).sum(axis=2))


def recent_level(sales: Floats, usual: Floats, day: int) -> Floats:
    """Sales of the half-year before ``day`` relative to the usual, each channel pulled to all.

    >>> sales, usual = np.full((365, 2), [6.0, 2.0]), np.full((365, 2), [4.0, 4.0])
    >>> recent_level(sales, usual, 300).round(3)
    array([1.355, 0.595])
    """
    start = max(day - RECENT, 0)
    seen = slice(start, start + RECENT)
    channel = sales[seen].sum(axis=0) / usual[seen].sum(axis=0)
    shop = sales[seen].sum() / usual[seen].sum()
    return np.asarray(channel**TRUST * shop ** (1 - TRUST))


def person_share(shop: Shop, first: date, last: date, rng: np.random.Generator) -> Floats:
    """Planned share of each person in a channel's target (n_channels, n_people); rows sum to 1.

    Known before the quarter: who is employed on its first day, how strong they are, and which share
    of the channel each store has. The planner's judgement of a person is off by some 6 %.
    """
    stores = store_weights(shop)[shop.between(first, last)].mean(axis=0)
    start = shop.day(first)
    strength = presence(shop)[start : start + 7].mean(axis=0)
    employed = [p.joined <= first and (p.left is None or p.left > first) for p in shop.staff]
    strength = strength * employed * np.exp(rng.normal(0.0, 0.06, len(shop.staff)))
    places = [(person.channel, person.store) for person in shop.staff]
    share = np.zeros((len(shop.channels), len(shop.staff)))
    for place in dict.fromkeys(places):
        here = np.array([where == place for where in places])
        weight = stores[list(shop.stores).index(place[1])] if place[1] else 1.0
        if strength[here].sum() > 0:
            share[shop.channel(place[0]), here] = strength[here] / strength[here].sum() * weight
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def channel_rows(
    shop: Shop, label: str, version: str, set_on: date, goals: Floats
) -> list[dict[str, object]]:
    """One row for the shop and one per channel; the channels add up to the shop."""
    common = {"period": label, "version": version, "set_on": set_on, "set_by": "总经理"}
    blank = {"channel": "", "team": "", "salesperson": ""}
    rows: list[dict[str, object]] = [
        {"level": "shop", **blank, **common, "target": float(goals.sum())}
    ]
    for name, goal in zip(shop.channel_names, goals, strict=True):
        rows.append({"level": "channel", **blank, "channel": name, **common, "target": float(goal)})
    return rows


def person_rows(
    shop: Shop, label: str, version: str, set_on: date, goals: Floats
) -> list[dict[str, object]]:
    """One row per person with a target; the people of a channel add up to it."""
    return [
        {
            "level": "salesperson",
            "channel": person.channel,
            "team": person.team,
            "salesperson": person.name,
            "period": label,
            "version": version,
            "set_on": set_on,
            "set_by": "渠道负责人",
            "target": float(goal),
        }
        for person, goal in zip(shop.staff, goals, strict=True)
        if goal > 0
    ]
