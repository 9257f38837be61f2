"""Bonuses by a rule table: thresholds, accelerators and caps, per role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.amounts import listed
from workbench.target.bonus_rules import BonusPlan, BonusRules
from workbench.target.curve import Floats, floats
from workbench.target.scorecard import Appraised, adjusted, ranks_at_start, usual_spread

Measure = Literal["attainment", "adjusted"]
SHOWN = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Payouts:
    """Bonuses of one period; while it runs, over all its futures.

    Attributes:
        table: unit, group, role, measured (mean of what counts), multiple (mean), and the bonus:
            mean, p10, p50, p90; over the units the means add up to that of the sum.
        total: the sum of all bonuses per future.
        certain: whether the period is over, so that the bonuses are final.
    """

    table: pd.DataFrame
    total: Floats = field(repr=False)
    certain: bool = False

    def budget(self, probability: float = 0.9) -> float:
        """The amount that covers all bonuses with this probability."""
        return float(np.quantile(self.total, probability))


def multiple(plan: BonusPlan, attainment: Floats) -> Floats:
    """The part of the full bonus that an attainment earns; 1 is all of it.

    Nothing below the first step; from a step on its ``pays``, or what was reached before it, plus
    its ``rate`` for every point of attainment above it; never more than the cap.

    >>> from workbench.target.bonus_rules import read_bonus_rules
    >>> rules = read_bonus_rules({"roles": {"default": {"amount": 3000, "cap": 1.5, "steps": [
    ...     {"from": 0.8, "pays": 0.5, "rate": 2.5}, {"from": 1.0, "rate": 4}]}}})
    >>> multiple(rules.plans["default"], np.array([0.79, 0.8, 0.9, 1.05, 1.3])).tolist()
    [0.0, 0.5, 0.75, 1.2, 1.5]
    """
    starts = np.array([step.start for step in plan.steps])
    rates = np.array([step.rate for step in plan.steps])
    paid = np.array(plan.values)
    at = np.searchsorted(starts, attainment + 1e-9, side="right") - 1
    place = np.maximum(at, 0)
    grown = paid[place] + rates[place] * (attainment - starts[place])
    return np.asarray(np.round(np.where(at < 0, 0.0, np.minimum(grown, plan.cap)), 9))


def payouts(
    tracking: Appraised,
    rules: BonusRules,
    *,
    roles: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Payouts:
    """Everybody's bonus and their sum: final once the period is over, a distribution before.

    Args:
        tracking: the period.
        rules: the rule table.
        roles: unit → role; units without one have the role ``default``.
        groups: unit → team, for plans that count the team's attainment too; else it is that of
            all units.

    Raises:
        TargetError: roles without a plan.

    >>> from types import SimpleNamespace
    >>> from workbench.target.bonus_rules import read_bonus_rules
    >>> from workbench.target.outlook import Outlook
    >>> when = {"period": "2026Q3", "as_of": "2026-09-30"}
    >>> start = Outlook.from_totals(pd.DataFrame({"An": [80.0, 100, 120]}), **when)
    >>> end = Outlook.from_totals(pd.DataFrame({"An": [110.0]}), **when)
    >>> period = SimpleNamespace(units=("An",), target=pd.Series({"An": 100.0}), goal=100.0,
    ...     start=start, now=end)
    >>> rules = read_bonus_rules({"roles": {"default": {"amount": 1000, "steps": [
    ...     {"from": 1.0, "pays": 1, "rate": 2}]}}})
    >>> payouts(period, rules).total.tolist()                  # 1000 × (1 + 2 × 0.1)
    [1200.0]
    """
    named = {unit: str((roles or {}).get(unit, "default")) for unit in tracking.units}
    missing = sorted({role for role in named.values() if role not in rules.plans})
    if missing:
        facts = {"roles": listed(missing), "known": listed(list(rules.plans))}
        raise TargetError(Problem("bonus.no_plan", facts))
    own = _measured(tracking, rules.measure, {unit: unit for unit in tracking.units})
    of = {unit: str((groups or {}).get(unit, "")) for unit in tracking.units}
    team = _measured(tracking, rules.measure, of)
    rows, sums = [], np.zeros(len(tracking.now.totals))
    for unit in tracking.units:
        plan = rules.plans[named[unit]]
        part = (1 - plan.team) * multiple(plan, own[unit])
        if plan.team:
            part = part + plan.team * multiple(plan, team[of[unit]])
        sold = floats(tracking.now.totals[unit])
        paid = np.round(np.minimum(plan.money(sold) * part, plan.most), 2)
        sums = sums + paid
        low, middle, high = np.quantile(paid, SHOWN)
        rows.append(
            {
                "unit": unit,
                "group": of[unit],
                "role": named[unit],
                "measured": float(own[unit].mean()),
                "multiple": float(part.mean()),
                "mean": float(paid.mean()),
                "p10": float(low),
                "p50": float(middle),
                "p90": float(high),
            }
        )
    return Payouts(pd.DataFrame(rows), sums, certain=tracking.now.over)


def _measured(tracking: Appraised, measure: str, of: Mapping[str, str]) -> dict[str, Floats]:
    """Attainment, plain or adjusted, per future of each group of units."""
    usual = usual_spread(tracking.start)
    found = {}
    for name in dict.fromkeys(of.values()):
        units = [unit for unit, group in of.items() if group == name]
        now = floats(tracking.now.totals[units]).sum(axis=1)
        if measure == "adjusted":
            before = floats(tracking.start.totals[units]).sum(axis=1)
            found[name] = np.nan_to_num(adjusted(ranks_at_start(before, now), usual))
            continue
        target = float(tracking.target[units].sum())
        found[name] = now / target if target > 0 else np.zeros(len(now))
    return found
