"""What can be wrong with the rules of a group-buy."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.distribution import Distribution
from workbench.campaign.group_terms import (
    FORMS,
    MOST_HOURS,
    MOST_PEOPLE,
    number,
    whole_number,
    wrong_tiers,
)
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy

MIDDLE = np.array([0.5])


def group_problems(buy: "GroupBuy", used: Mapping[str, Distribution]) -> list[Problem]:
    """Everything that is wrong with the rules, whatever the inputs."""
    return [*_size(buy), *_prices(buy), *_counts(buy), *_forms(buy), *_shares(buy, used)]


def _size(buy: "GroupBuy") -> Iterator[Problem]:
    facts = {"campaign": buy.name}
    if buy.form != "tiered" and not whole_number(buy.group_size, 2, MOST_PEOPLE):
        told = {"value": repr(buy.group_size), "most": MOST_PEOPLE}
        yield Problem("campaign.group_size", {**facts, **told})
    if not number(buy.validity_hours) or not 0 < buy.validity_hours <= MOST_HOURS:
        told = {"value": repr(buy.validity_hours), "most": f"{MOST_HOURS:g}"}
        yield Problem("campaign.validity", {**facts, **told})
    ratio = buy.simulated_completion
    if not number(ratio) or not 0 <= ratio <= 1:
        yield Problem("campaign.simulated_completion", {**facts, "value": repr(ratio)})


def _prices(buy: "GroupBuy") -> Iterator[Problem]:
    facts = {"campaign": buy.name}
    if not number(buy.price) or buy.price <= 0:
        yield Problem("campaign.price", {**facts, "value": repr(buy.price)})
        return
    if buy.form == "tiered":
        problems = wrong_tiers(buy.name, buy.tiers)
        yield from problems
        if not problems:
            yield from _leader(buy, max(share for _, share in buy.tiers))
        return
    if (buy.discount is None) == (buy.group_price is None):
        told = {"discount": repr(buy.discount), "group_price": repr(buy.group_price)}
        yield Problem("campaign.one_discount", {**facts, **told})
        return
    given = buy.discount if buy.discount is not None else buy.group_price
    if not number(given) or not 0 <= buy.share_off() < 1:
        told = {"value": repr(given), "price": f"{buy.price:g}"}
        yield Problem("campaign.discount", {**facts, **told})
        return
    yield from _leader(buy, buy.share_off())


def _leader(buy: "GroupBuy", discount: float) -> Iterator[Problem]:
    extra = buy.leader_discount
    if not number(extra) or not 0 <= extra <= 1 - discount + 1e-9:
        told = {"value": repr(extra), "discount": f"{discount:g}", "most": f"{1 - discount:g}"}
        yield Problem("campaign.leader_discount", {"campaign": buy.name, **told})


def _counts(buy: "GroupBuy") -> Iterator[Problem]:
    size = buy.group_size if isinstance(buy.group_size, int) else 2
    if buy.form == "tiered" and not wrong_tiers(buy.name, buy.tiers):
        size = buy.tiers[-1][0]
    for name, value, least in (
        ("limit_per_person", buy.limit_per_person, 1),
        ("stock", buy.stock, size),
        ("audience", buy.audience, size),
        ("prizes", buy.prizes, 1),
        ("repeat_days", buy.repeat_days, 1),
    ):
        if value is not None and not whole_number(value, least):
            told = {"name": name, "value": repr(value), "least": least}
            yield Problem("campaign.whole_number", {"campaign": buy.name, **told})


def _forms(buy: "GroupBuy") -> Iterator[Problem]:
    facts = {"campaign": buy.name}
    if buy.form not in FORMS:
        told = {"value": repr(buy.form), "forms": ", ".join(FORMS)}
        yield Problem("campaign.form", {**facts, **told})
        return
    wanted = {"tiered": ("tiers", buy.tiers), "lottery": ("prizes", buy.prizes)}
    for form, (name, value) in wanted.items():
        if (buy.form == form) != bool(value):
            told = {"name": name, "form": form, "value": repr(value), "given": buy.form}
            yield Problem("campaign.form_option", {**facts, **told})
    if buy.form == "lottery" and buy.stock is not None:
        told = {"name": "stock", "form": "plain, tiered, old_brings_new"}
        yield Problem(
            "campaign.form_option", {**facts, **told, "value": buy.stock, "given": buy.form}
        )
    if buy.rhythm is not None and not _weights(buy.rhythm):
        yield Problem("campaign.rhythm", {**facts, "value": repr(buy.rhythm)[:80]})


def _weights(given: object) -> bool:
    """Whether these are weights of days, not all of them zero."""
    if not isinstance(given, list | tuple | np.ndarray) or len(given) == 0:
        return False
    return all(number(one) and one >= 0 for one in given) and sum(given) > 0


def _shares(buy: "GroupBuy", used: Mapping[str, Distribution]) -> Iterator[Problem]:
    instead, forward = used.get("cannibalised"), used.get("brought_forward")
    if instead is None or forward is None:
        return
    total = float(instead.at(MIDDLE)[0] + forward.at(MIDDLE)[0])
    if total > 1 + 1e-9:
        told = {"cannibalised": instead.text(), "brought_forward": forward.text()}
        yield Problem("campaign.shares_above_one", {"campaign": buy.name, **told})
