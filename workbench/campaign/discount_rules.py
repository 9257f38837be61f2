"""What can be wrong with the rules of a discount."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.campaign.distribution import Distribution
from workbench.campaign.group_terms import number, whole_number
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.discount import Discount

FORMS = ("timed", "flash", "threshold", "coupon", "member")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "timed": ("discount",),
    "flash": ("discount", "stock"),
    "threshold": ("tiers",),
    "coupon": ("off", "issued"),
    "member": ("members",),
}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "timed": ("stock",),
    "threshold": ("stock",),
    "coupon": ("minimum", "stock"),
    "member": ("stock",),
}
OWN = ("discount", "stock", "tiers", "off", "issued", "minimum", "members")
MOST_DAYS = 365
MIDDLE = np.array([0.5])


def discount_problems(sale: "Discount", used: Mapping[str, Distribution]) -> list[Problem]:
    """Everything that is wrong with the rules, whatever the inputs."""
    facts = {"campaign": sale.name}
    if sale.form not in FORMS:
        told = {"value": repr(sale.form), "forms": ", ".join(FORMS)}
        return [Problem("discount.form", {**facts, **told})]
    problems = [*_fields(sale), *_depth(sale), *_counts(sale), *_bump(sale, used)]
    if not number(sale.price) or sale.price <= 0:
        problems.append(Problem("campaign.price", {**facts, "value": repr(sale.price)}))
    return problems


def _fields(sale: "Discount") -> Iterator[Problem]:
    """What this form needs and does not have, or has and does not use."""
    facts = {"campaign": sale.name, "form": sale.form}
    given = {name: getattr(sale, name) for name in OWN}
    empty = {n for n, value in given.items() if value is None or value in ((), 0.0) or not value}
    needed = NEEDED[sale.form]
    missing = [name for name in needed if given[name] is None or given[name] in ((), {})]
    if missing:
        yield Problem("discount.missing", {**facts, "fields": ", ".join(missing)})
    usable = {*needed, *ALLOWED.get(sale.form, ())}
    idle = [name for name in OWN if name not in usable and name not in empty]
    if idle:
        yield Problem("discount.idle", {**facts, "fields": ", ".join(idle)})


def _depth(sale: "Discount") -> Iterator[Problem]:
    facts = {"campaign": sale.name}
    if sale.discount is not None and not _share(sale.discount):
        yield Problem("discount.depth", {**facts, "value": f"discount = {sale.discount!r}"})
    for row in sale.tiers:
        if not _tier(row):
            yield Problem("discount.tiers", {**facts, "value": repr(row)[:80]})
    reaches = [row[0] for row in sale.tiers if _tier(row)]
    if len(set(reaches)) < len(reaches):
        yield Problem("discount.tiers", {**facts, "value": repr(list(sale.tiers))[:80]})
    if sale.off is not None:
        floor = max(sale.price, sale.minimum) if number(sale.price) and number(sale.minimum) else 0
        if not number(sale.off) or not 0 < sale.off < floor:
            value = f"off = {sale.off!r}, price = {sale.price!r}, minimum = {sale.minimum!r}"
            yield Problem("discount.coupon", {**facts, "value": value})
    if sale.members:
        yield from _members(sale)


def _members(sale: "Discount") -> Iterator[Problem]:
    facts = {"campaign": sale.name}
    wrong = {tier: row for tier, row in sale.members.items() if not _member(row)}
    for tier, row in wrong.items():
        yield Problem("discount.member", {**facts, "value": f"{tier}: {row!r}"[:80]})
    shares = [row["share"] for row in sale.members.values() if _member(row)]
    if not wrong and sum(shares) > 1 + 1e-9:
        yield Problem("discount.member", {**facts, "value": f"share: {sum(shares):.4g}"})


def _counts(sale: "Discount") -> Iterator[Problem]:
    for name, least, most in (
        ("stock", 1, None),
        ("issued", 1, None),
        ("repeat_days", 1, MOST_DAYS),
    ):
        value = getattr(sale, name)
        if value is not None and not whole_number(value, least, most or np.inf):
            told = {"name": name, "value": repr(value), "least": least, "most": most or "∞"}
            yield Problem("discount.whole_number", {"campaign": sale.name, **told})


def _bump(sale: "Discount", used: Mapping[str, Distribution]) -> Iterator[Problem]:
    """Extra orders that replace others now and later are at most all of them."""
    switched, forward = used.get("switched"), used.get("brought_forward")
    if switched is None or forward is None:
        return
    if float(switched.at(MIDDLE)[0] + forward.at(MIDDLE)[0]) > 1 + 1e-9:
        told = {"switched": switched.text(), "brought_forward": forward.text()}
        yield Problem("discount.bump", {"campaign": sale.name, **told})


def _share(value: object) -> bool:
    return bool(number(value) and 0 <= value < 1)  # type: ignore[operator]


def _tier(row: Any) -> bool:
    good = isinstance(row, list | tuple) and len(row) == 2 and all(number(one) for one in row)
    return bool(good and 0 < row[1] < row[0])


def _member(row: Any) -> bool:
    good = isinstance(row, Mapping) and set(row) == {"share", "discount"}
    return bool(good and _share(row["discount"]) and number(row["share"]) and 0 < row["share"] <= 1)
