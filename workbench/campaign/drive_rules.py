"""What can be wrong with the rules of a distribution drive."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.campaign.aftermath import replaced_beyond_all
from workbench.campaign.distribution import Distribution
from workbench.campaign.drive_items import wrong_items
from workbench.campaign.group_terms import number, whole_number
from workbench.campaign.quotas import wrong_tasks
from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.campaign.drive import DistributionDrive

MOST_DAYS = 365


def drive_problems(drive: "DistributionDrive", used: Mapping[str, Distribution]) -> list[Problem]:
    """Everything that is wrong with the rules, whatever the inputs."""
    return [
        *_levels(drive),
        *_people(drive),
        *_goods(drive),
        *_days(drive),
        *_switches(drive),
        *wrong_tasks(drive),
        *replaced_beyond_all(drive.name, used),
    ]


def _levels(drive: "DistributionDrive") -> Iterator[Problem]:
    facts = {"campaign": drive.name, "value": repr(drive.levels)}
    if whole_number(drive.levels, 3):
        yield Problem("drive.third_level", facts)
    elif not whole_number(drive.levels, 1, 2):
        yield Problem("drive.levels", facts)
    rates = {"direct_rate": drive.direct_rate, "invite_rate": drive.invite_rate}
    good = all(number(rate) and 0 <= rate <= 1 for rate in rates.values())
    if not good or sum(rates.values()) > 1:
        value = ", ".join(f"{name} = {rate!r}" for name, rate in rates.items())
        yield Problem("drive.rates", {"campaign": drive.name, "value": value})


def _people(drive: "DistributionDrive") -> Iterator[Problem]:
    counts = {name: getattr(drive, name) for name in ("customers", "employees", "audience")}
    wrong = {name: value for name, value in counts.items() if not whole_number(value, 0)}
    for name, value in wrong.items():
        yield _whole(drive, name, value, 0)
    if wrong:
        return
    promoters = drive.customers + drive.employees
    facts = {"campaign": drive.name, "promoters": f"{promoters:,}"}
    if promoters == 0:
        yield Problem("drive.no_promoters", facts)
    elif drive.audience < promoters:
        yield Problem("drive.audience", {**facts, "audience": f"{drive.audience:,}"})


def _goods(drive: "DistributionDrive") -> Iterator[Problem]:
    facts = {"campaign": drive.name}
    yield from wrong_items(drive.name, drive.items)
    if (drive.price is None) != bool(drive.items):
        told = {"price": repr(drive.price), "items": repr(drive.items)[:80]}
        yield Problem("drive.one_price", {**facts, **told})
    elif drive.price is not None and (not number(drive.price) or drive.price <= 0):
        yield Problem("campaign.price", {**facts, "value": repr(drive.price)})
    if not number(drive.discount) or not 0 <= drive.discount < 1:
        yield Problem("drive.discount", {**facts, "value": repr(drive.discount)})


def _days(drive: "DistributionDrive") -> Iterator[Problem]:
    for name, least in (
        ("binding_days", 0),
        ("protection_days", 0),
        ("freezing_days", 0),
        ("return_days", 0),
        ("repeat_days", 1),
    ):
        value = getattr(drive, name)
        if not whole_number(value, least, MOST_DAYS):
            yield _whole(drive, name, value, least, MOST_DAYS)


def _switches(drive: "DistributionDrive") -> Iterator[Problem]:
    facts = {"campaign": drive.name}
    if drive.binding not in ("first", "override"):
        yield Problem("drive.binding", {**facts, "value": repr(drive.binding)})
    for name in ("self_purchase", "clawback", "group_items_earn"):
        if not isinstance(getattr(drive, name), bool):
            told = {"name": name, "value": repr(getattr(drive, name))}
            yield Problem("drive.switch", {**facts, **told})


def _whole(
    drive: "DistributionDrive", name: str, value: object, least: int, most: int | None = None
) -> Problem:
    told = {"name": name, "value": repr(value), "least": least, "most": most or "∞"}
    return Problem("drive.whole_number", {"campaign": drive.name, **told})
