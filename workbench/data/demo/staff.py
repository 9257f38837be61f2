"""Who made the sale: store and salesperson of each order."""

import numpy as np

from workbench.data.demo.catalogue import Floats, Ints, Person, Shop
from workbench.data.demo.demand import store_channel, store_weights
from workbench.data.demo.lines import NONE, pick

LEARNING_DAYS = 90  # a new colleague starts at half strength and gets there over this time
OFF_DUTY = 0.04  # share left to a colleague on the weekly day off


def assign_stores(shop: Shop, day: Ints, channel: Ints, rng: np.random.Generator) -> Ints:
    """The store of every order; NONE where the channel has no stores."""
    store = np.full(len(day), NONE)
    here = channel == shop.channel(store_channel(shop))
    store[here] = pick(rng, store_weights(shop), day[here])
    return store


def assign_staff(
    shop: Shop, day: Ints, channel: Ints, store: Ints, rng: np.random.Generator
) -> Ints:
    """The salesperson of every order, among those employed in its channel and store that day."""
    weights = presence(shop)
    person = np.full(len(day), NONE)
    places = [(shop.channel(p.channel), store_number(shop, p)) for p in shop.staff]
    for place in sorted(set(places)):
        team = np.array([number for number, where in enumerate(places) if where == place])
        here = (channel == place[0]) & (store == place[1])
        person[here] = team[pick(rng, weights[:, team], day[here])]
    return person


def store_number(shop: Shop, person: Person) -> int:
    """The position of a person's store; NONE without one."""
    return list(shop.stores).index(person.store) if person.store else NONE


def presence(shop: Shop) -> Floats:
    """How much each person sells relative to others (n_days, n_people); zero unless employed."""
    days = np.arange(shop.n_days)
    weekday = (shop.dates.astype(np.int64) + 3) % 7
    columns = []
    for number, person in enumerate(shop.staff):
        age = days - shop.day(person.joined)
        learned = 0.5 + 0.5 * np.clip(age / LEARNING_DAYS, 0.0, 1.0)
        employed = age >= 0
        if person.left is not None:
            employed &= days <= shop.day(person.left)
        duty = np.where(weekday == (2 * number) % 5, OFF_DUTY, 1.0)
        columns.append(person.strength * learned * employed * duty)
    return np.column_stack(columns)
