"""What the demo shop consists of, read from the YAML files beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Product:
    """One thing on the price list; ``season`` names the festival it is made for, if any."""

    name: str
    category: int
    price: float
    weight: float
    season: str


@dataclass(frozen=True)
class Person:
    """A salesperson; ``left`` is None while employed."""

    number: str
    name: str
    team: str
    channel: str
    store: str
    joined: date
    left: date | None
    strength: float


@dataclass(frozen=True)
class Event:
    """Days on which a channel is closed, or has run out of a category."""

    kind: str
    name: str
    channel: str
    start: date
    end: date
    category: str = ""


@dataclass(frozen=True, eq=False)
class Shop:
    """The whole catalogue; days are counted from ``start`` (day 0)."""

    brand: str
    start: date
    as_of: date
    end: date
    channels: Mapping[str, Mapping[str, Any]]
    stores: Mapping[str, Mapping[str, Any]]
    categories: Mapping[str, Mapping[str, Any]]
    products: tuple[Product, ...]
    staff: tuple[Person, ...]
    events: tuple[Event, ...]
    noise: Mapping[str, Any]
    price_rise: Mapping[str, Any]
    seasons: Mapping[str, Any]

    @property
    def channel_names(self) -> tuple[str, ...]:
        """The channels, in the order in which arrays count them."""
        return tuple(self.channels)

    @property
    def n_days(self) -> int:
        """Number of simulated days, ``start`` to ``end``."""
        return (self.end - self.start).days + 1

    @property
    def last(self) -> int:
        """The day number of ``as_of``."""
        return self.day(self.as_of)

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """Every simulated day."""
        return np.datetime64(self.start, "D") + np.arange(self.n_days)

    def day(self, when: date) -> int:
        """The day number of a date; negative before ``start``."""
        return (when - self.start).days

    def channel(self, name: str) -> int:
        """The position of a channel in arrays."""
        return self.channel_names.index(name)

    def category_of(self) -> Ints:
        """The category number of every product."""
        return np.array([product.category for product in self.products])

    def between(self, start: date, end: date) -> slice:
        """The days from ``start`` to ``end``, both included, as far as they are simulated."""
        return slice(max(self.day(start), 0), max(self.day(end) + 1, 0))


@lru_cache
def read_yaml(name: str) -> Mapping[str, Any]:
    """One of the YAML files of this package."""
    import yaml

    text = resources.files("workbench.data.demo").joinpath(name).read_text("utf-8")
    content: Mapping[str, Any] = yaml.safe_load(text)
    return content


@lru_cache
def read_shop() -> Shop:
    """The shop as ``shop.yaml`` and ``seasons.yaml`` describe it.

    >>> shop = read_shop()
    >>> shop.brand, shop.channel_names, len(shop.staff)
    ('岁禾茶食', ('线上商城', '微信社群', '线下门店'), 14)
    """
    raw = read_yaml("shop.yaml")
    categories = list(raw["categories"])
    return Shop(
        brand=raw["brand"],
        start=raw["start"],
        as_of=raw["as_of"],
        end=raw["end"],
        channels=raw["channels"],
        stores=raw["stores"],
        categories=raw["categories"],
        products=tuple(
            Product(name, categories.index(category), float(price), float(weight), season)
            for name, (category, price, weight, season) in raw["products"].items()
        ),
        staff=tuple(
            Person(number, name, team, channel, store, joined, left or None, strength)
            for number, (name, team, channel, store, joined, left, strength) in raw["staff"].items()
        ),
        events=tuple(Event(**event) for event in raw["events"]),
        noise=raw["noise"],
        price_rise=raw["price_rise"],
        seasons=read_yaml("seasons.yaml"),
    )


def generator(seed: int, stream: str) -> np.random.Generator:
    """A generator for one part of the simulation, so that parts do not disturb each other."""
    return np.random.default_rng([seed, crc32(stream.encode("utf-8"))])
