"""What is being explored: the outlooks, what was chosen, and what follows from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from workbench.calendar.period import Period, parse_period
from workbench.errors import Problem, TargetError
from workbench.forecast.paths import SamplePaths
from workbench.panel.panel import Panel
from workbench.params.models import TargetSettingParams
from workbench.run.choose import chosen_goal, recent_sales
from workbench.target.allocate import METHODS, Allocation, Method, allocate
from workbench.target.build import outlook
from workbench.target.outlook import Outlook

SHORT_DAYS = 45
"""A period up to this length is not offered month by month."""


@dataclass(frozen=True, eq=False)
class Scene:
    """All that stays the same while targets are dragged: drawn and read once.

    Attributes:
        panel, paths: the history, and its futures.
        params: the parameters; their target, locks, floors and caps are of the first period.
        outlooks: period → its outlook, the period asked for first.
        shares: unit → recent sales, for the split by share.
    """

    panel: Panel
    paths: SamplePaths
    params: TargetSettingParams
    outlooks: Mapping[str, Outlook]
    shares: "pd.Series[float]"

    @property
    def first(self) -> str:
        """The period asked for."""
        return next(iter(self.outlooks))

    @property
    def methods(self) -> tuple[Method, ...]:
        """The ways of splitting that the data allow."""
        known = bool(self.outlooks[self.first].last_year.notna().any())
        return tuple(way for way in METHODS if way != "history" or known)


@dataclass(frozen=True)
class Choice:
    """A target of one period, how it is split, and which units are held at an amount."""

    target: float
    by: Method = "equal_probability"
    locks: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class State:
    """The period that is looked at, and what was chosen for each; going back loses nothing."""

    period: str
    choices: Mapping[str, Choice]

    @property
    def choice(self) -> Choice:
        """What was chosen for the period that is looked at."""
        return self.choices[self.period]

    def at(self, period: str) -> "State":
        """The same, looking at another period."""
        return replace(self, period=period)

    def but(self, **changes: Any) -> "State":
        """The same with another target, method or locks."""
        return replace(self, choices={**self.choices, self.period: replace(self.choice, **changes)})

    def locked(self, unit: str, amount: float) -> "State":
        """The same with a unit held at an amount."""
        return self.but(locks={**self.choice.locks, unit: amount})

    def unlocked(self, unit: str) -> "State":
        """The same with a unit let go."""
        left = {name: amount for name, amount in self.choice.locks.items() if name != unit}
        return self.but(locks=left)


@dataclass(frozen=True, eq=False)
class View:
    """What a choice leads to.

    Attributes:
        probability: how likely the target is; None where it is no target.
        plan: its split; None where it cannot be split so.
        problems: why not.
    """

    probability: float | None
    plan: Allocation | None
    problems: tuple[Problem, ...] = ()


def set_scene(
    panel: Panel, paths: SamplePaths, params: TargetSettingParams, *, period: Period
) -> Scene:
    """Everything that is read once: the outlook of the period and of the months in it."""
    ahead = {when.label: outlook(panel, paths, period=when) for when in offered(period, panel)}
    return Scene(panel, paths, params, MappingProxyType(ahead), recent_sales(panel))


def offered(period: Period, panel: Panel) -> list[Period]:
    """The period, and its months that are not over; a short one, or one of weeks, stands alone.

    A week may lie in two months, so that weekly sales know no month.
    """
    if period.days <= SHORT_DAYS or panel.frequency == "W":
        return [period]
    firsts = pd.date_range(period.start, period.end, freq="MS")
    months = [parse_period(f"{first:%Y-%m}") for first in firsts]
    today: dt.date = panel.as_of.date()
    return [period, *(m for m in months if today < m.end <= period.end)]


def opening(scene: Scene) -> State:
    """Where exploring begins: the target of the parameters, else the base; the base of months.

    Raises:
        DataError, TargetError: as for ``chosen_goal``.
    """
    params = scene.params
    by = params.allocate_by if params.allocate_by in scene.methods else None
    choices = {
        label: Choice(chosen_goal(_without_target(params), ahead).total)
        for label, ahead in scene.outlooks.items()
    }
    total = chosen_goal(params, scene.outlooks[scene.first]).total
    locks = MappingProxyType(dict(params.locks))
    choices[scene.first] = Choice(total, by or "equal_probability", locks)
    return State(scene.first, choices)


def _without_target(params: TargetSettingParams) -> TargetSettingParams:
    return params.model_copy(update={"target": None, "targets": ""})


def limits_of(scene: Scene, state: State) -> dict[str, Any]:
    """The options of ``allocate`` and ``cascade``; floors and caps are of the first period."""
    options = {**scene.params.limits(), "locks": state.choice.locks or None}
    if state.period != scene.first:
        options |= {"floors": None, "caps": None}
    return options | {"by": state.choice.by, "shares": scene.shares}


def look(scene: Scene, state: State) -> View:
    """The probability of the chosen target, and its split; what stands in the way is in it."""
    ahead = scene.outlooks[state.period]
    try:
        likely = ahead.probability(state.choice.target)
    except TargetError as error:
        return View(None, None, error.problems)
    try:
        plan = allocate(state.choice.target, ahead, **limits_of(scene, state))
    except TargetError as error:
        return View(likely, None, error.problems)
    return View(likely, plan)
