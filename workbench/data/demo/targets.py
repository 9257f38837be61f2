"""The targets the shop set: per quarter, for the whole shop, each channel and each person.

A first version is set five weeks before the quarter and revised in its last week before. How close
the shop comes is drawn, mostly 85–110 %; the next quarter has proposals only.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Floats, Shop, generator
from workbench.data.demo.demand import store_weights
from workbench.data.demo.staff import presence

FIRST, REVISED, PROPOSED = 35, 6, 2  # days before the quarter, and before the as-of date
GROWTH_ASKED = 1.08  # of the proposals, over the same quarter last year
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

    ``truth`` is the daily truth, whose sales after the as-of date complete the running quarter.
    """
    rng = generator(seed, "targets")
    sales = truth["sales"].to_numpy().reshape(shop.n_days, len(shop.channels))
    rows: list[dict[str, object]] = []
    for label, first, last in quarters(shop):
        if first > shop.as_of:
            year_ago = shop.between(one_year_before(first), one_year_before(last))
            goal = sales[year_ago].sum(axis=0) * GROWTH_ASKED
            set_on = shop.as_of - timedelta(days=PROPOSED)
            rows += channel_rows(shop, label, "v1", set_on, np.rint(goal / ROUND) * ROUND)
            continue
        actual = sales[shop.between(first, last)].sum(axis=0)
        reached = rng.normal(0.975, 0.045) + rng.normal(0.0, 0.025, len(actual))
        goal = actual / np.clip(reached, 0.87, 1.08)
        draft = goal * np.exp(rng.normal(0.0, 0.025, len(goal)))
        share = person_share(shop, first, last, rng)
        for version, ahead, amounts in (("v1", FIRST, draft), ("v2", REVISED, goal)):
            people = np.rint(share * amounts[:, None] / ROUND) * ROUND
            set_on = first - timedelta(days=ahead)
            rows += channel_rows(shop, label, version, set_on, people.sum(axis=1))
            rows += person_rows(shop, label, version, set_on, people.sum(axis=0))
    return pd.DataFrame(rows)


def one_year_before(day: date) -> date:
    """The same date a year earlier; quarters neither begin nor end on 29 February."""
    return day.replace(year=day.year - 1)


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
