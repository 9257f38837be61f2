"""What orders mean for other sales: replaced, brought forward, new customers and their repeats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.delays import by_chance, over_window
from workbench.campaign.distribution import Distribution
from workbench.campaign.scene import Scene
from workbench.errors import Problem

MIDDLE = np.array([0.5])


@dataclass(frozen=True, eq=False)
class Worth:
    """What an order that would have come anyway, and a repeat order, are worth: (n_paths, 1)."""

    regular: Floats
    repeat: Floats
    goods: Floats


def book_other_sales(
    scene: Scene, book: dict[str, Floats], orders: Floats, worth: Worth, repeat_days: int
) -> None:
    """Book what the paid ``orders`` (≤ n_days, n_paths, n_units) take from and add to other sales.

    Each order takes the place of at most one: of the same day, or of a later one. New customers
    are among the rest.
    """
    n_days = len(scene.stage.dates)
    anyway = scene.input("cannibalised")
    later = np.minimum(scene.input("brought_forward"), 1.0 - anyway)
    later = np.divide(later, 1.0 - anyway, out=np.zeros_like(later), where=anyway < 1.0)
    instead = binomial(scene.rng("cannibalised"), orders, anyway)
    forward = binomial(scene.rng("forward"), orders - instead, later)
    new = binomial(scene.rng("new"), orders - instead - forward, scene.input("new_share"))
    book["cannibalised_orders"], book["forward_orders"] = instead, forward
    book["new_customers"] = new
    daily = np.minimum(1.0 / scene.input("forward_days"), 1.0)
    book["repaid_orders"] = by_chance(scene.rng("repaid"), forward, daily, n_days)
    book["owed_orders"] = scene.zeros()
    book["owed_orders"][-1] = forward.sum(axis=0) - book["repaid_orders"].sum(axis=0)
    mean = over_window(new, repeat_days, n_days) * (scene.input("repeat_orders") / repeat_days)
    book["repeat_orders"] = poisson(scene.rng("repeat"), mean)
    kept = 1.0 - scene.input("return_rate")
    book["cannibalised_sales"] = instead * (worth.regular * kept)
    book["repaid_sales"] = book["repaid_orders"] * (worth.regular * kept)
    book["repeat_sales"] = book["repeat_orders"] * (worth.repeat * kept)


def book_margin(scene: Scene, book: dict[str, Floats], kept_orders: Floats, worth: Worth) -> None:
    """Margin on the whole increment, before the campaign's cost."""
    price, goods = worth.regular, worth.goods
    kept = 1.0 - scene.input("return_rate")
    per_order = (price - goods) * kept
    per_sale = np.divide(price - goods, price, out=np.ones_like(price), where=price > 0)
    margin = book["repeat_sales"] * per_sale - book["repaid_orders"] * per_order
    margin[: len(kept_orders)] += book["sales"] - goods * kept_orders
    margin[: len(kept_orders)] -= book["cannibalised_orders"] * per_order
    book["gross_margin"] = margin


def replaced_beyond_all(campaign: str, used: Mapping[str, Distribution]) -> Iterator[Problem]:
    """Orders replaced now and later that add up to more than all orders."""
    instead, forward = used.get("cannibalised"), used.get("brought_forward")
    if instead is None or forward is None:
        return
    if float(instead.at(MIDDLE)[0] + forward.at(MIDDLE)[0]) > 1 + 1e-9:
        told = {"cannibalised": instead.text(), "brought_forward": forward.text()}
        yield Problem("campaign.shares_above_one", {"campaign": campaign, **told})
