"""What drives the proposed target: from last year to the base, cause by cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.panel.panel import Panel
from workbench.target.adjustment import Adjustment
from workbench.target.adjustments import effects
from workbench.target.history import last_year_lunar, rows_of, running_pair
from workbench.target.outlook import Outlook

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths

GROWTH_WEEKS = 13
NONE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Reasons:
    """Why the base of all units is what it is.

    Attributes:
        base: the amount that is as likely reached as not.
        parts: cause, amount; causes ``last_year``, ``festivals`` (the same festivals fall on other
            days), ``growth`` (of the last 13 weeks on the same a year before), ``other`` (known
            promotions, opening days and what else the forecast sees); then each planned campaign
            and each adjustment by its name. They add up to ``base``. Without a last year only
            ``other`` stands before these.
        campaigns: the names of those that are planned campaigns.
        growth: that growth, 0.1 = 10 %; NaN where unknown.
        plans: column, planned, last_year: days known ahead (promotions, closed days) in the period
            and in the comparable one, summed over units.
    """

    base: float
    parts: pd.DataFrame
    growth: float
    plans: pd.DataFrame
    campaigns: tuple[str, ...] = ()


def reasons(
    panel: Panel,
    outlook: Outlook,
    *,
    adjusted: Outlook | None = None,
    adjustments: Sequence[Adjustment] = (),
    paths: "SamplePaths | None" = None,
    planned: Outlook | None = None,
    campaigns: Mapping[str, float] = NONE,
) -> Reasons:
    """From last year's total to the base of all units, in steps that add up.

    Args:
        panel: the history and what is known ahead.
        outlook: without campaigns and adjustments.
        adjusted: with both; where it is not given there are no adjustments.
        adjustments: those in ``adjusted``; each becomes a step of its own, by its label.
        paths: those behind the outlook that is adjusted.
        planned: with the planned campaigns alone; ``outlook`` where there are none.
        campaigns: name → what each adds; steps of their own as well.
    """
    with_plans = outlook if planned is None else planned
    final = with_plans if adjusted is None else adjusted
    raw, middle, base = (seen.target_at(0.5) for seen in (outlook, with_plans, final))
    before = outlook.last_year
    now, then = running_pair(panel, GROWTH_WEEKS)
    known = then.notna() & (then > 0)
    growth = float(now[known].sum() / then[known].sum() - 1) if known.any() else np.nan
    steps: list[tuple[str, float]] = []
    if before.notna().any():
        last = float(before.sum())
        lunar = last_year_lunar(panel, outlook.period)
        both = before.notna() & lunar.reindex(before.index).notna() if lunar is not None else None
        moved = 0.0
        if lunar is not None and both is not None and both.any():
            moved = float((lunar.reindex(before.index) - before)[both].sum())
        grown = 0.0 if np.isnan(growth) else (last + moved) * growth
        steps = [("last_year", last), ("festivals", moved), ("growth", grown)]
    steps.append(("other", raw - sum(amount for _, amount in steps)))
    steps += _moved(campaigns, middle - raw)
    steps += _moved(_assumed(with_plans, adjustments, paths), base - middle)
    parts = pd.DataFrame(steps, columns=["cause", "amount"])
    return Reasons(base, parts, growth, _plans(panel, outlook), tuple(campaigns))


def _assumed(
    outlook: Outlook, adjustments: Sequence[Adjustment], paths: "SamplePaths | None"
) -> Mapping[str, float]:
    """Each adjustment's label and mid, in money."""
    if not adjustments:
        return NONE
    table = effects(outlook, adjustments, paths=paths)
    return dict(zip(table["label"], table["mid"], strict=True))


def _moved(causes: Mapping[str, float], moved: float) -> list[tuple[str, float]]:
    """Causes with their sizes, scaled so that together they move the base as they do."""
    sizes = np.array(list(causes.values()), dtype=float)
    weight = np.abs(sizes) if np.abs(sizes).sum() > 0 else np.ones(len(sizes))
    steps = sizes + (moved - sizes.sum()) * weight / max(weight.sum(), 1e-9)
    return list(zip(causes, steps.tolist(), strict=True))


def _plans(panel: Panel, outlook: Outlook) -> pd.DataFrame:
    """Days known ahead inside the period, and in the same weeks a year before."""
    columns = ["column", "planned", "last_year"]
    if panel.frequency != "D":
        return pd.DataFrame(columns=columns)
    ahead = rows_of(panel, outlook.period)
    calendar = panel.calendar
    ago = pd.DatetimeIndex(ahead - pd.Timedelta(days=364))
    earlier = ago if calendar is None else calendar.last_year(ahead)
    here, then = panel.span.get_indexer(ahead), panel.span.get_indexer(earlier)
    if (here < 0).any() or (then < 0).any():
        return pd.DataFrame(columns=columns)
    flags = {
        name: values
        for name, values in panel.known.items()
        if np.isin(values[np.isfinite(values)], (0.0, 1.0)).all()
    }
    flags["closed"] = (panel.open <= 0).astype(float)
    rows = [
        (name, float(np.nansum(values[here])), float(np.nansum(values[then])))
        for name, values in flags.items()
    ]
    return pd.DataFrame([row for row in rows if row[1] or row[2]], columns=columns)
