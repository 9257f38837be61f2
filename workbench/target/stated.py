"""What an outlook says, as a table that can be kept and scored once the period is over.

99 quantiles at equal steps are to the score what 99 equally likely futures are: the probability of
any target, the score and the coverage follow from them.
"""

import numpy as np
import pandas as pd

from workbench.panel.panel import Panel
from workbench.target.curve import Floats, exceedance, floats, quantile
from workbench.target.history import rows_of
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS

STATED_VERSION = 1
LEVELS = tuple(number / 100 for number in range(1, 100))
QUANTILES = tuple(f"q{number:02d}" for number in range(1, 100))
FACTS = (
    *("stated_version", "unit", "period", "start", "end", "as_of"),
    *("elapsed", "actual", "rule", "last_year", "target", "probability"),
)
STEP = {"D": pd.Timedelta(days=364), "W": pd.Timedelta(days=364)}
YEAR = {"D": 364, "W": 52, "M": 12}
RECENT = {"D": 91, "W": 13, "M": 3}


def stated_columns() -> list[str]:
    """The columns of a stated outlook, in their order."""
    return [*FACTS, *QUANTILES]


def stated(
    outlook: Outlook,
    *,
    targets: "pd.Series[float] | None" = None,
    rule: "pd.Series[float] | None" = None,
) -> pd.DataFrame:
    """An outlook as a table: all units first, under the empty name, then each unit.

    Columns: unit, period, its first and last day, as_of, share of the period's rows that were
    known, sales to date, the year-on-year rule's forecast, last year's total, the target and its
    probability where one was set, and ``q01`` … ``q99``. An outlook whose period is over says
    nothing, and gives no rows.

    Args:
        outlook: to keep.
        targets: unit → target, the empty name for all units.
        rule: from :func:`year_on_year`.

    >>> totals = pd.DataFrame({"a": np.arange(1.0, 200.0), "b": 100.0})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> stated(seen, targets=pd.Series({"a": 160.0}))[["unit", "q50", "target", "probability"]]
      unit    q50  target  probability
    0       200.0     NaN          NaN
    1    a  100.0   160.0          0.2
    2    b  100.0     NaN          NaN
    """
    names = [ALL_UNITS, *outlook.units]
    ordered = np.concatenate([np.sort(outlook.total)[:, None], outlook.ordered], axis=1)
    said = pd.Series(np.nan if targets is None else targets, index=names, dtype=float)
    likely = exceedance(ordered, floats(said.fillna(0.0)))
    before = outlook.last_year
    rows = outlook.rows_known + outlook.rows_left
    table = pd.DataFrame(
        {
            "stated_version": STATED_VERSION,
            "unit": names,
            "period": outlook.period.label,
            "start": pd.Timestamp(outlook.period.start),
            "end": pd.Timestamp(outlook.period.end),
            "as_of": pd.Timestamp(outlook.as_of),
            "elapsed": outlook.rows_known / rows if rows else 0.0,
            "actual": [float(outlook.actual.sum()), *outlook.actual],
            "rule": floats(pd.Series(np.nan if rule is None else rule, index=names, dtype=float)),
            "last_year": [float(before.sum(min_count=1)), *before],
            "target": said.to_numpy(),
            "probability": np.where(said.notna(), likely, np.nan),
        }
    )
    values = np.stack([quantile(ordered, level) for level in LEVELS], axis=1)
    whole = pd.concat([table, pd.DataFrame(values, columns=list(QUANTILES))], axis=1)
    return whole.iloc[:0] if outlook.over else whole


def kept_outlook(
    outlook: Outlook, panel: Panel, targets: "pd.Series[float] | None" = None
) -> pd.DataFrame:
    """The table ``outlook`` of a run: what it says, to be scored once the period is over."""
    return stated(outlook, targets=targets, rule=year_on_year(panel, outlook))


def year_on_year(panel: Panel, outlook: Outlook) -> "pd.Series[float]":
    """The year-on-year rule: sales to date, and for the rest last year's × recent growth.

    Growth is that of the last 13 weeks on the same weeks a year before; for all units together it
    is that of their sum. NaN where a year before is not known; the empty name for all units.

    >>> from workbench.panel.build import build_panel
    >>> from workbench.calendar.period import parse_period
    >>> days = pd.date_range("2025-06-01", "2026-09-30")
    >>> sales = np.where(days < "2026-06-04", 10.0, 12.0)
    >>> panel = build_panel(pd.DataFrame({"unit": "a", "date": days, "sales": sales}), None, None)
    >>> totals = pd.DataFrame({"a": [1000.0]})
    >>> seen = Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")
    >>> year_on_year(panel, seen).round(2).to_dict()                # 92 days × 10 × 1.2
    {'': 1104.0, 'a': 1104.0}
    """
    units = [panel.units.index(unit) for unit in outlook.units]
    sales = panel.sales[:, units]
    known = np.isfinite(sales).any(axis=1)
    company = np.where(known, np.nansum(sales, axis=1), np.nan)
    both = np.column_stack([company, sales])
    rows = rows_of(panel, outlook.period)
    rest = rows[rows > panel.as_of]
    if panel.frequency == "M":
        then = pd.DatetimeIndex([day - pd.DateOffset(years=1) for day in rest])
    else:
        then = pd.DatetimeIndex(rest - STEP[panel.frequency])
    at = panel.dates.get_indexer(then)
    found = both[at[at >= 0]]
    enough = np.isfinite(found).sum(axis=0) >= 0.9 * max(len(rest), 1)
    before = np.where(enough, np.nansum(found, axis=0), np.nan)
    done = np.array([float(outlook.actual.sum()), *outlook.actual])
    names = pd.Index([ALL_UNITS, *outlook.units], name="unit")
    return pd.Series(done + before * _growth(both, panel.frequency), index=names, name="rule")


def _growth(sales: Floats, frequency: str) -> Floats:
    """Recent sales ÷ those a year before, over rows known in both; 1 where that is not known."""
    n_rows, lag = RECENT[frequency], YEAR[frequency]
    recent, before = sales[-n_rows:], sales[-n_rows - lag : -lag]
    if len(before) < n_rows:
        return np.ones(sales.shape[1])
    both = np.isfinite(recent) & np.isfinite(before)
    now = np.where(both, recent, 0.0).sum(axis=0)
    then = np.where(both, before, 0.0).sum(axis=0)
    usable = (both.sum(axis=0) >= n_rows / 2) & (then > 0)
    return np.where(usable, now / np.where(usable, then, 1.0), 1.0)
