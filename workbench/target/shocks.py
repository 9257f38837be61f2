"""What if: a target's chances when the market turns, or a unit does worse than expected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import adjust
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

MARKET = (-0.1, 0.1)
"""All units together sell so much less, or more, in what is left of the period."""
ALONE = -0.2
"""One unit does."""
MOST = 5


def usual_shocks(outlook: Outlook, *, most: int = MOST) -> tuple[Adjustment, ...]:
    """The turns that every plan should be held against; none once the period is over.

    The market 10 % lower and higher, and 20 % less from each of the ``most`` largest units.

    >>> totals = pd.DataFrame({"a": [9.0, 11.0], "b": [30.0, 20.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> [(one.units, one.mid) for one in usual_shocks(seen)]
    [((), -0.1), ((), 0.1), (('b',), -0.2), (('a',), -0.2)]
    """
    if outlook.over:
        return ()
    largest = outlook.targets_at(0.5).sort_values(ascending=False, kind="stable")
    units = [str(unit) for unit, base in largest.items() if base > 0][:most]
    market = [_shock(f"{size:+.0%}", (), size) for size in MARKET]
    alone = [_shock(f"{ALONE:+.0%} {unit}", (unit,), ALONE) for unit in units]
    return (*market, *(alone if len(outlook.units) > 1 else []))


def what_if(
    outlook: Outlook,
    target: float,
    shocks: Sequence[Adjustment],
    *,
    paths: "SamplePaths | None" = None,
) -> pd.DataFrame:
    """The base and the target's probability as expected (first row), and under each shock alone.

    Columns label, units, change (the shock's ``mid``), base, brings (base − that as expected) and
    probability. Only what is still to come is changed.

    Args:
        outlook: as expected.
        target: of all units.
        shocks: one row each; see :func:`usual_shocks`.
        paths: those behind the outlook, for shocks that act on some days only.

    Raises:
        TargetError: a shock that cannot be used.

    >>> totals = pd.DataFrame({"a": [float(n) for n in range(901, 1100)]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> table = what_if(seen, 1000, usual_shocks(seen))
    >>> table[["change", "base", "probability"]].round(3).values.tolist()
    [[0.0, 1000.0, 0.5], [-0.1, 900.0, 0.005], [0.1, 1100.0, 0.955]]
    """
    cases: list[tuple[str, tuple[str, ...], float, Outlook]] = [("", (), 0.0, outlook)]
    cases += [(s.label, s.units, s.mid, adjust(outlook, [s], paths=paths)) for s in shocks]
    rows = [
        {
            "label": label,
            "units": ", ".join(units),
            "change": change,
            "base": seen.target_at(0.5),
            "brings": seen.target_at(0.5) - outlook.target_at(0.5),
            "probability": seen.probability(target),
        }
        for label, units, change, seen in cases
    ]
    return pd.DataFrame(rows)


def _shock(label: str, units: tuple[str, ...], size: float) -> Adjustment:
    return Adjustment(label, units=units, low=size, mid=size, high=size)
