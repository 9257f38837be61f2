"""Targets in force: one per unit and one for all, whatever part of them was given."""

import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.target.allocate import allocate
from workbench.target.amounts import Amounts, listed, money, read_amounts, read_target
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS


def assigned(
    target: Amounts | float, outlook: Outlook
) -> "tuple[float, pd.Series[float], tuple[Problem, ...]]":
    """The target of all units, the target of each, and what was noticed.

    A total alone is split with equal probability over the units, as seen in ``outlook``; units
    without a target share in the same way what the others leave of the total. Without a total it
    is the sum, for which every unit needs a target.

    Raises:
        TargetError: unusable amounts, units that are not there, no total and units without one.

    >>> totals = pd.DataFrame({"online": [80.0, 100.0, 120.0], "store": [40.0, 60.0, 50.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> goal, targets, _ = assigned({"": 165, "store": 60}, seen)
    >>> goal, targets.to_dict()
    (165.0, {'online': 105.0, 'store': 60.0})
    """
    if not hasattr(target, "items"):
        goal = read_target(target)
        return goal, allocate(goal, outlook).targets, ()
    given = {str(unit): amount for unit, amount in target.items()}
    whole = given.pop(ALL_UNITS, None)
    amounts, problems = read_amounts("target", given, outlook.units)
    if problems:
        raise TargetError(*problems)
    without = list(amounts.index[amounts.isna()])
    if whole is None and without:
        facts = {"count": len(without), "all": len(amounts), "units": listed(without)}
        raise TargetError(Problem("target.units_without_target", facts))
    goal = read_target(float(amounts.sum()) if whole is None else whole)
    if not without:
        return goal, amounts.rename("target"), ()
    rest = goal - float(amounts.sum())
    if rest <= 0:
        facts = {"sum": money(goal - rest), "target": money(goal), "units": listed(without)}
        raise TargetError(Problem("target.nothing_left", facts))
    shared = allocate(rest, outlook.only(without)).targets
    return goal, amounts.fillna(shared).rename("target"), ()
