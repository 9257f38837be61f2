"""The rule table of bonuses: read, and refused with everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import Problem, TargetError
from workbench.target.curve import Floats

MEASURES = ("attainment", "adjusted")
TOP_KEYS = ("measure", "roles")
PLAN_KEYS = ("amount", "commission", "steps", "cap", "most", "team")
STEP_KEYS = ("from", "pays", "rate")


@dataclass(frozen=True)
class Step:
    """From an attainment on: what it pays at once (None: what was reached before), and the rate."""

    start: float
    pays: float | None = None
    rate: float = 0.0


@dataclass(frozen=True)
class BonusPlan:
    """How one role is paid.

    Attributes:
        amount: the full bonus; NaN where it is a commission.
        commission: share of the sales; NaN where it is an amount.
        steps: by rising attainment.
        cap: most multiple of the full bonus.
        most: most money.
        team: part that the team's attainment decides, 0 … 1.
    """

    amount: float
    commission: float
    steps: tuple[Step, ...]
    cap: float = float("inf")
    most: float = float("inf")
    team: float = 0.0

    @property
    def values(self) -> tuple[float, ...]:
        """The multiple at which each step begins."""
        found: list[float] = []
        for at, step in enumerate(self.steps):
            before = self.steps[at - 1] if at else None
            carried = found[-1] + before.rate * (step.start - before.start) if before else 0.0
            found.append(carried if step.pays is None else step.pays)
        return tuple(found)

    def money(self, sales: Floats) -> Floats:
        """The full bonus for these sales."""
        if np.isnan(self.commission):
            return np.full(len(sales), self.amount)
        return np.asarray(self.commission * sales)


@dataclass(frozen=True)
class BonusRules:
    """What counts, and the plan of each role."""

    measure: str
    plans: Mapping[str, BonusPlan]


def read_bonus_rules(source: str | Path | Mapping[str, Any]) -> BonusRules:
    """A rule table from a YAML file, or as a mapping.

    ``measure`` is ``attainment`` or ``adjusted`` (by how hard the target was); ``roles`` holds a
    plan per role, ``default`` for everybody else. A plan has an ``amount`` (the full bonus) or a
    ``commission`` (a share of the sales), ``steps`` (``from`` an attainment on it ``pays`` a part
    of the full bonus and grows with ``rate``), and may have a ``cap`` (multiple), ``most`` (money)
    and ``team`` (the part that the team's attainment decides).

    Raises:
        TargetError: everything that is wrong with the table, at once.
    """
    raw = source if isinstance(source, Mapping) else _yaml(Path(source))
    problems: list[Problem] = _unknown(raw, TOP_KEYS, "–")
    measure = raw.get("measure", MEASURES[0])
    if measure not in MEASURES:
        facts = {"value": str(measure), "choices": ", ".join(MEASURES)}
        problems.append(Problem("bonus.measure", facts))
    roles = raw.get("roles")
    if not isinstance(roles, Mapping) or not roles:
        problems.append(Problem("bonus.no_roles", {"value": _short(roles)}))
        raise TargetError(*problems)
    plans = {}
    for role, given in roles.items():
        plan, wrong = _plan(str(role), given)
        problems += wrong
        if plan is not None:
            plans[str(role)] = plan
    if problems:
        raise TargetError(*problems)
    return BonusRules(str(measure), plans)


def _plan(role: str, given: object) -> tuple[BonusPlan | None, list[Problem]]:
    if not isinstance(given, Mapping):
        return None, [Problem("bonus.no_plan_given", {"role": role, "value": _short(given)})]
    problems = _unknown(given, PLAN_KEYS, role)
    numbers: dict[str, float] = {}
    for name, top in (("amount", np.inf), ("commission", 1), ("cap", np.inf), ("team", 1)):
        if name in given:
            numbers[name] = _number(given[name], role, name, top, problems)
    if "most" in given:
        numbers["most"] = _number(given["most"], role, "most", np.inf, problems)
    if ("amount" in given) == ("commission" in given):
        problems.append(Problem("bonus.amount_or_commission", {"role": role}))
    steps = _steps(role, given.get("steps"), problems)
    if problems:
        return None, problems
    paid = {"amount": np.nan, "commission": np.nan} | numbers
    plan = BonusPlan(steps=steps, **paid)
    return plan, _falls(role, plan)


def _steps(role: str, given: object, problems: list[Problem]) -> tuple[Step, ...]:
    if not isinstance(given, list) or not given:
        problems.append(Problem("bonus.no_steps", {"role": role, "value": _short(given)}))
        return ()
    steps = []
    for at, row in enumerate(given, start=1):
        place = f"{role}, {at}"
        if not isinstance(row, Mapping) or "from" not in row:
            problems.append(Problem("bonus.step", {"place": place, "value": _short(row)}))
            continue
        problems += _unknown(row, STEP_KEYS, place)
        start = _number(row["from"], place, "from", 10, problems)
        rate = _number(row.get("rate", 0), place, "rate", np.inf, problems)
        pays = _number(row["pays"], place, "pays", np.inf, problems) if "pays" in row else None
        steps.append(Step(start, pays, rate))
    starts = [step.start for step in steps]
    if any(after <= before for before, after in pairwise(starts)):
        facts = {"role": role, "steps": ", ".join(f"{start:g}" for start in starts)}
        problems.append(Problem("bonus.order", facts))
    return tuple(steps)


def _falls(role: str, plan: BonusPlan) -> list[Problem]:
    """A plan that pays less for more, and a cap below what the plan begins with."""
    found = []
    for before, after, value, worth in zip(
        plan.steps, plan.steps[1:], plan.values, plan.values[1:], strict=False
    ):
        reached = min(value + before.rate * (after.start - before.start), plan.cap)
        if worth < reached - 1e-9:
            facts = {"role": role, "start": f"{after.start:.0%}"}
            paid = {"before": f"{reached:.0%}", "after": f"{worth:.0%}"}
            found.append(Problem("bonus.falls", facts | paid))
    if plan.cap < plan.values[0]:
        facts = {"role": role, "cap": f"{plan.cap:g}", "first": f"{plan.values[0]:g}"}
        found.append(Problem("bonus.cap", facts))
    if not any(plan.values) and not any(step.rate for step in plan.steps):
        found.append(Problem("bonus.pays_nothing", {"role": role}))
    return found


def _unknown(given: Mapping[Any, Any], known: tuple[str, ...], place: str) -> list[Problem]:
    found = []
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1, cutoff=0.5)
            facts = {"key": str(key), "place": place, "known": ", ".join(known)}
            found.append(Problem("bonus.key", facts | {"near": "".join(near) or "–"}))
    return found


def _number(value: object, place: str, name: str, top: float, problems: list[Problem]) -> float:
    """A number from 0 to ``top``; else 0, and the problem is added."""
    good = isinstance(value, int | float) and not isinstance(value, bool)
    number = float(value) if isinstance(value, int | float) and good else float("nan")
    if not 0 <= number <= top or not np.isfinite(number):
        facts = {"place": place, "name": name, "value": _short(value), "top": f"{top:g}"}
        problems.append(Problem("bonus.number", facts))
        return 0.0
    return number


def _yaml(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        facts = {"path": str(path), "reason": reason}
        raise TargetError(Problem("bonus.unreadable", facts)) from error
    if not isinstance(found, Mapping):
        facts = {"path": str(path), "reason": _short(found)}
        raise TargetError(Problem("bonus.unreadable", facts))
    return found


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
