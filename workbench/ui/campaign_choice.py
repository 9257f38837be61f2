"""Campaigns that are being tried out: what was chosen, and what follows from it; no widgets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.campaign.season import Season
from workbench.errors import Problem, WorkbenchError
from workbench.panel.panel import Panel
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned
from workbench.run.placing import EVERYWHERE
from workbench.run.planned import CampaignPlan, plan_campaigns
from workbench.target.capacity import Capacity
from workbench.target.outlook import Outlook

Item = Mapping[str, Any]
LEAD_DAYS, USUAL_DAYS = 7, 7
NEW: Mapping[str, Item] = {
    "group_buy": {"price": 100, "discount": 0.2, "group_size": 2, "visits": 500},
    "drive": {
        "price": 100,
        "audience": 20_000,
        "customers": 2_000,
        "employees": 20,
        "direct_rate": 0.1,
        "invite_rate": 0.02,
    },
    "ads": {"daily_budget": 1_000, "order_value": 100},
    "discount": {"price": 100, "discount": 0.2, "orders": 50},
}
"""Kind of campaign → what a new one begins with."""
PRIOR_CURRENCY = "CNY"
OTHER_COST = 1.0
"""A cost per follower to begin with where the prior's currency is another."""
NO_NUMBERS = ("closed", "tiers", "rhythm", "sizes", "starts")
MOST_SHARE = 0.9


@dataclass(frozen=True, eq=False)
class CampaignScene:
    """All that stays the same while campaigns are tried out.

    Attributes:
        panel: the history and what is known ahead.
        before: the period without campaigns.
        params: the parameters; their campaigns are where it begins.
        learned: inputs from the shop's own past.
        capacity: of the people of each unit; None without a staff table.
        season: how strong days are; None where all are alike.
    """

    panel: Panel
    before: Outlook
    params: CampaignParams
    learned: Learned
    capacity: Capacity | None = None
    season: Season | None = None


@dataclass(frozen=True)
class Drafts:
    """The campaigns as they would stand in a parameter file, and which of them is looked at."""

    items: tuple[Item, ...]
    at: int = 0
    target: float | None = None

    @property
    def item(self) -> Item | None:
        """The campaign that is looked at; None without any."""
        return self.items[self.at] if self.items else None

    def but(self, **changes: Any) -> "Drafts":
        """The same with other fields of the campaign that is looked at."""
        if self.item is None:
            return self
        changed = {**self.item, **changes}
        return replace(self, items=(*self.items[: self.at], changed, *self.items[self.at + 1 :]))

    def adding(self, item: Item) -> "Drafts":
        """The same with one more campaign, which is looked at."""
        return replace(self, items=(*self.items, item), at=len(self.items))

    def without(self) -> "Drafts":
        """The same without the campaign that is looked at."""
        left = (*self.items[: self.at], *self.items[self.at + 1 :])
        return replace(self, items=left, at=max(min(self.at, len(left) - 1), 0))


@dataclass(frozen=True, eq=False)
class CampaignView:
    """What the drafts lead to: a plan, or why there is none."""

    plan: CampaignPlan | None
    problems: tuple[Problem, ...] = ()


def try_out(scene: CampaignScene, drafts: Drafts) -> CampaignView:
    """Simulate the drafts; what stands in the way is in the view."""
    try:
        params = scene.params.model_copy(update={"campaigns": drafts.items})
        known = scene.learned.inputs
        plan = plan_campaigns(
            params,
            scene.panel,
            scene.before,
            target=drafts.target,
            learned=known,
            capacity=scene.capacity,
            season=scene.season,
        )
    except WorkbenchError as error:
        return CampaignView(None, error.problems)
    return CampaignView(plan)


def new_item(scene: CampaignScene, kind: str, name: str) -> Item:
    """A campaign of a week in the largest unit, a week from now or into the period.

    Args:
        scene: period, units and currency.
        kind: one of ``NEW``.
        name: of the campaign.
    """
    known = scene.before.as_of.date()
    first = max(scene.before.period.start, known + dt.timedelta(days=1))
    start = min(first + dt.timedelta(days=LEAD_DAYS), scene.before.period.end)
    end = min(start + dt.timedelta(days=USUAL_DAYS - 1), scene.before.period.end)
    largest = str(scene.before.totals.mean().idxmax())
    days = {"start": start.isoformat(), "end": end.isoformat()}
    own = dict(NEW[kind])
    if kind == "ads" and scene.params.currency != PRIOR_CURRENCY:
        own["cost_per_follower"] = OTHER_COST
    return {"kind": kind, "name": name, **days, "units": largest, **own}


def free_name(drafts: Drafts, name: str, pattern: str) -> str:
    """A name that no campaign has; ``pattern`` holds {name} and {number}."""
    taken, number = {item.get("name") for item in drafts.items}, 1
    while pattern.format(name=name, number=number) in taken:
        number += 1
    return pattern.format(name=name, number=number)


def numbers_of(item: Item) -> dict[str, float]:
    """The fields that a slider can move, with what is most likely of a range.

    >>> numbers_of({"kind": "ads", "price": 9, "visits": [1, 2, 4], "collect": True, "name": "x"})
    {'price': 9.0, 'visits': 2.0}
    """
    found = {}
    for field, value in item.items():
        numbers = [*value] if isinstance(value, list | tuple) else [value]
        plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in numbers)
        if plain and len(numbers) in (1, 2, 3) and field not in NO_NUMBERS:
            found[field] = float(
                sum(numbers) / 2 if len(numbers) == 2 else numbers[len(numbers) // 2]
            )
    return found


def moved_to(value: Any, number: float) -> Any:
    """A number or range whose most likely value is ``number``; ranges keep their proportions.

    >>> moved_to(3, 5.0), moved_to([1, 2, 4], 4.0), moved_to(0.2, 0.25)
    (5, [2, 4, 8], 0.25)
    """
    if isinstance(value, list | tuple):
        middle = _middle(value)
        return [_tidy(one * number / middle) if middle else _tidy(number) for one in value]
    return _tidy(number)


def reach_of(field: str, value: float) -> tuple[float, float, float]:
    """Least, most and step of a slider that begins at ``value``.

    >>> reach_of("discount", 0.2), reach_of("group_size", 3), reach_of("visits", 1150)
    ((0.0, 0.9, 0.01), (2.0, 10.0, 1.0), (0.0, 4000.0, 50.0))
    """
    if field == "group_size":
        return 2.0, max(10.0, value), 1.0
    if 0 < value < 1:
        return 0.0, max(MOST_SHARE, value), 0.01
    if value <= 0:
        return 0.0, 10_000.0, 100.0
    size = 10.0 ** len(str(int(value * 3)))
    most = next(part * size for part in (0.2, 0.4, 0.6, 0.8, 1.0) if part * size >= value * 3)
    return 0.0, most, most / 80 if most >= 80 else most / 100


def days_of(item: Item) -> tuple[dt.date, int]:
    """The first day and how many days; one day where they cannot be read."""
    start = dt.date.fromisoformat(str(item["start"])[:10])
    end = dt.date.fromisoformat(str(item["end"])[:10])
    return start, max((end - start).days + 1, 1)


def unit_of(item: Item, outlook: Outlook) -> str:
    """The one unit of the campaign, "all", or "" for shares that only a file can say."""
    units = item.get("units", EVERYWHERE)
    names = [units] if isinstance(units, str) else [str(unit) for unit in units]
    known = (*outlook.units, EVERYWHERE)
    return names[0] if len(names) == 1 and names[0] in known else ""


def _middle(numbers: Sequence[float]) -> float:
    """What is most likely of a number, a range or a range with a middle."""
    return sum(numbers) / 2 if len(numbers) == 2 else numbers[len(numbers) // 2]


def _tidy(number: float) -> float:
    """Whole where it is whole; else four digits."""
    short = float(f"{number:.4g}") if abs(number) < 1000 else round(number)
    return int(short) if short == int(short) else short
