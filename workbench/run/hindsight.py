"""Looking back: what a period that is over by now really brought, beside what was said."""

import pandas as pd

from workbench.panel.panel import Panel
from workbench.target.amounts import Amounts
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

STEP_DAYS = {"D": 1, "W": 7, "M": 28}


def hindsight(
    panel: Panel,
    outlook: Outlook,
    later: pd.DataFrame | None,
    *,
    last_day: pd.Timestamp,
    target: float | None = None,
    targets: Amounts | None = None,
) -> pd.DataFrame | None:
    """What happened in the outlook's period; None while the data do not reach its end.

    Args:
        panel: what the outlook was made from; its steps tell when the period is complete.
        outlook: what was said at ``as_of``.
        later: unit, date, sales after ``as_of``.
        last_day: the last day of the data.
        target: the target for the sum of all units.
        targets: unit → target.

    Returns:
        One row per unit, the sum of all first; columns actual (the period's total), low and high
        (the 80 % range that was said), inside (whether it held), target, probability (as said at
        ``as_of``), attainment (actual ÷ target, 1.04 = 104 %) and reached.
    """
    end = pd.Timestamp(outlook.period.end)
    step = pd.Timedelta(days=STEP_DAYS[panel.frequency])
    if later is None or last_day + step <= end:
        return None
    actual = outlook.actual + _sums(later, outlook)
    said = {level: _with_sum(outlook.targets_at(level), outlook.target_at(level)) for level in P80}
    asked = _asked(outlook, target, targets)
    table = pd.DataFrame(
        {
            "actual": _with_sum(actual, float(actual.sum())),
            "low": said[P80[0]],
            "high": said[P80[1]],
            "target": asked["target"],
            "probability": asked["probability"],
        }
    )
    return table.assign(
        inside=(table["actual"] >= table["low"]) & (table["actual"] <= table["high"]),
        attainment=table["actual"] / table["target"],
        reached=(table["actual"] >= table["target"]).where(table["target"].notna()),
    )


P80 = (0.9, 0.1)
"""The ends of the 80 % range, as probabilities of being reached."""


def _sums(later: pd.DataFrame, outlook: Outlook) -> "pd.Series[float]":
    """Sales after ``as_of`` within the period, per unit."""
    first, last = pd.Timestamp(outlook.period.start), pd.Timestamp(outlook.period.end)
    rows = later[(later["date"] >= first) & (later["date"] <= last)]
    sums = rows.groupby("unit")["sales"].sum()
    return sums.reindex(list(outlook.units)).fillna(0.0)


def _with_sum(units: "pd.Series[float]", whole: float) -> "pd.Series[float]":
    """The units' numbers, the sum of all first."""
    return pd.concat([pd.Series({ALL_UNITS: whole}, dtype=float), units])


def _asked(outlook: Outlook, target: float | None, targets: Amounts | None) -> pd.DataFrame:
    """Target and probability per row, NaN where none was set."""
    index = [ALL_UNITS, *outlook.units]
    found = pd.DataFrame({"target": float("nan"), "probability": float("nan")}, index=index)
    if targets is not None:
        likely = outlook.probability(targets)
        found.loc[likely.index, "target"] = pd.Series(targets, dtype=float)[likely.index]
        found.loc[likely.index, "probability"] = likely
    if target is not None:
        found.loc[ALL_UNITS] = [target, outlook.probability(target)]
    return found
