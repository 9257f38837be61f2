"""Expected order lines per day, channel and category, before any campaign."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from workbench.data.demo.catalogue import Flags, Floats, Shop, generator


def expected_lines(shop: Shop, seed: int) -> Floats:
    """Expected order lines (n_days, n_channels, n_categories) with open doors and full shelves.

    The ordinary lines × demand shocks; the shocks are the same on every call with the same seed.
    """
    return np.asarray(ordinary_lines(shop) * np.exp(shocks(shop, generator(seed, "demand shocks"))))


def ordinary_lines(shop: Shop) -> Floats:
    """Order lines without shocks, the same for all seeds: level, growth, week, year, festivals."""
    log = (
        channel_level(shop)[:, :, None]
        + (weekly(shop) + festival(shop, "channels"))[:, :, None]
        + (yearly(shop) + festival(shop, "categories"))[:, None, :]
        + np.log(category_share(shop))[None, :, :]
    )
    return np.asarray(np.exp(log))


def availability(shop: Shop) -> Flags:
    """Whether goods could be sold (n_days, n_channels, n_categories): open, and in stock."""
    available = np.ones((shop.n_days, len(shop.channels), len(shop.categories)), dtype=bool)
    names = list(shop.categories)
    for event in shop.events:
        days, channel = shop.between(event.start, event.end), shop.channel(event.channel)
        if event.kind == "closed":
            available[days, channel, :] = False
        else:
            available[days, channel, names.index(event.category)] = False
    return available


def channel_level(shop: Shop) -> Floats:
    """Log of the ordinary lines per day and channel (n_days, n_channels), growth included."""
    levels = [
        np.log(channel["lines_per_day"]) + by_date(shop, channel["growth"])
        for channel in shop.channels.values()
    ]
    level = np.column_stack(levels)
    level[:, shop.channel(store_channel(shop))] += np.log(store_weights(shop).sum(axis=1))
    return level


def store_channel(shop: Shop) -> str:
    """The channel that has stores."""
    return next(person.channel for person in shop.staff if person.store)


def store_weights(shop: Shop) -> Floats:
    """Demand of each store (n_days, n_stores) relative to the first; zero before it opens."""
    days = np.arange(shop.n_days)
    columns = []
    for store in shop.stores.values():
        age = days - shop.day(store["opened"])
        ramp = np.clip(0.35 + 0.65 * age / store["ramp_days"], 0.0, 1.0)
        columns.append(np.where(age >= 0, store["weight"] * ramp, 0.0))
    return np.column_stack(columns)


def weekly(shop: Shop) -> Floats:
    """Log effect of the weekday; holidays off work are Sundays, make-up days are Mondays."""
    weekday = (shop.dates.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    for first, last in shop.seasons["rest"]:
        weekday[shop.between(first, last)] = 6
    for day in shop.seasons["makeup"]:
        weekday[shop.between(day, day)] = 0
    return np.column_stack([np.array(c["weekly"])[weekday] for c in shop.channels.values()])


def yearly(shop: Shop) -> Floats:
    """Log effect of the time of year per category (n_days, n_categories), smooth over months."""
    month_middles = np.arange(-1, 13) * 365.25 / 12 + 15
    start_of_year = shop.dates.astype("datetime64[Y]")
    position = (shop.dates - start_of_year.astype("datetime64[D]")).astype(np.float64)
    columns = []
    for category in shop.categories.values():
        values = np.array(category["yearly"], dtype=np.float64)
        columns.append(np.interp(position, month_middles, np.r_[values[-1], values, values[0]]))
    return np.column_stack(columns)


def festival(shop: Shop, side: str) -> Floats:
    """Log effect of all festivals; side "channels" or "categories" says what the columns are."""
    names = list(shop.channels if side == "channels" else shop.categories)
    total = np.zeros((shop.n_days, len(names)))
    days = np.arange(shop.n_days)
    for one in shop.seasons["festivals"].values():
        for when in one["days"]:
            offset = days - shop.day(when)
            for name, knots in one[side].items():
                curve = np.interp(offset, list(knots), list(knots.values()), left=0.0, right=0.0)
                total[:, names.index(name)] += curve
    return total


def category_share(shop: Shop) -> Floats:
    """Share of a channel's ordinary lines in each category (n_channels, n_categories)."""
    share = np.array([category["share"] for category in shop.categories.values()]).T
    return np.asarray(share / share.sum(axis=1, keepdims=True), dtype=np.float64)


def shocks(shop: Shop, rng: np.random.Generator) -> Floats:
    """Log demand shocks: common, per channel, per category, and independent from day to day."""
    n, channels, categories = shop.n_days, len(shop.channels), len(shop.categories)
    common = slow_noise(rng, shop.noise["common"], n, 1)
    channel = slow_noise(rng, shop.noise["channel"], n, channels)
    category = slow_noise(rng, shop.noise["category"], n, categories)
    daily = float(shop.noise["day"]) * rng.standard_normal((n, channels, 1))
    total: Floats = common[:, :, None] + channel[:, :, None] + category[:, None, :] + daily
    return total


def slow_noise(
    rng: np.random.Generator, parts: list[Mapping[str, float]], n_days: int, width: int
) -> Floats:
    """The sum of stationary AR(1) series, each with its half-life in days and its deviation."""
    total = np.zeros((n_days, width))
    for part in parts:
        phi = 0.5 ** (1.0 / part["half_life"])
        steps = rng.standard_normal((n_days, width)) * part["sd"]
        steps[1:] *= np.sqrt(1.0 - phi**2)
        level = steps[0]
        total[0] += level
        for day in range(1, n_days):
            level = phi * level + steps[day]
            total[day] += level
    return total


def by_date(shop: Shop, knots: Mapping[date, Any]) -> Floats:
    """Values given at dates, linear in between and flat outside, for every day."""
    days = [shop.day(when) for when in knots]
    values: Floats = np.interp(np.arange(shop.n_days), days, list(knots.values()))
    return values
