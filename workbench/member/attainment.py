"""How each segment stands in a period: what was expected of it at the start, and what it bought."""

import numpy as np
import pandas as pd

from workbench.member.buying import expected_orders, fit_buying
from workbench.member.purchases import WEEK, summarise_purchases
from workbench.member.repurchase import LARGEST_SHOCK
from workbench.member.segments import SEGMENTS, Rules, segment_members
from workbench.member.spending import expected_spend, fit_spending

NEWCOMERS, UNNAMED = "newcomers", "unnamed"
"""Members first seen in the period; sales without a member."""


def segment_attainment(
    rows: pd.DataFrame,
    *,
    start: object,
    end: object,
    as_of: object,
    rules: Rules,
    target: float | None = None,
    since: object | None = None,
    from_first: bool | None = None,
    shift: float = 0.0,
) -> pd.DataFrame:
    """One row per segment as it was on the eve of the period, newcomers and unnamed sales last.

    Columns: ``members``, ``expected`` (sales of the whole period) and ``expected_to_date``, both as
    of the eve, ``actual`` to date, ``pace`` (actual ÷ expected to date), and where there is a
    ``target``: its part, in proportion to ``expected``, and ``attainment``. Of newcomers and
    unnamed sales as much is expected as came in as many days before the period.

    Args:
        rows: from ``load_purchases``.
        start, end: first and last day of the period.
        as_of: the last day known.
        rules: of the segments.
        target: of all sales of the period.
        since: see ``summarise_purchases``; for the fit alone.
        from_first: see ``fit_buying``.
        shift: what such forecasts were off before the period, as a logarithm (``learnt_error``);
            moves what is expected of members.

    Raises:
        DataError: too few members before the period.
    """
    first, final, now = (pd.Timestamp(str(day)) for day in (start, end, as_of))
    eve = first - pd.Timedelta(days=1)
    before = rows[rows["date"] <= eve]
    known = summarise_purchases(before, as_of=eve)
    model = fit_buying(summarise_purchases(before, as_of=eve, since=since), from_first=from_first)
    spend = expected_spend(fit_spending(known), known)
    segments = segment_members(known, rules)
    days = {"expected": (final - eve).days, "expected_to_date": (min(now, final) - eve).days}
    table = pd.DataFrame({"segment": segments.to_numpy(), "members": 1.0})
    for name, length in days.items():
        orders = expected_orders(model, known, max(length, 0) / WEEK) if length > 0 else 0.0
        table[name] = orders * spend * np.exp(np.clip(shift, -LARGEST_SHOCK, LARGEST_SHOCK))
    out = table.groupby("segment").sum().reindex([s for s in SEGMENTS if s in set(segments)])
    out["actual"] = _bought(rows, first, now, segments).reindex(out.index).fillna(0.0)
    for name in (NEWCOMERS, UNNAMED):
        out.loc[name] = pd.Series(_others(rows, name, first, now, days))
    out["pace"] = out["actual"] / out["expected_to_date"].where(out["expected_to_date"] > 0)
    if target is not None:
        out["target"] = target * out["expected"] / max(float(out["expected"].sum()), 1e-9)
        out["attainment"] = out["actual"] / out["target"].where(out["target"] > 0)
    return out


def _bought(
    rows: pd.DataFrame, first: pd.Timestamp, now: pd.Timestamp, segments: "pd.Series[str]"
) -> "pd.Series[float]":
    inside = rows[(rows["date"] >= first) & (rows["date"] <= now)]
    segment = inside["customer_id"].astype(str).map(segments)
    return inside.groupby(segment)["amount"].sum()


def _others(
    rows: pd.DataFrame,
    which: str,
    first: pd.Timestamp,
    now: pd.Timestamp,
    days: dict[str, int],
) -> dict[str, float]:
    """Members, expected and actual sales of newcomers or of sales without a member."""
    names = rows["customer_id"].astype(str).str.strip()
    seen = rows.assign(name=names).groupby("name")["date"].transform("min")

    def sold(start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
        inside = (rows["date"] >= start) & (rows["date"] <= end)
        chosen = inside & (names == "")
        if which == NEWCOMERS:
            chosen = inside & (names != "") & (seen >= start)
        return float(rows.loc[chosen, "amount"].sum()), float(
            names[chosen & (names != "")].nunique()
        )

    eve = first - pd.Timedelta(days=1)
    earlier = {name: sold(eve - pd.Timedelta(days=n - 1), eve)[0] if n > 0 else 0.0
               for name, n in days.items()}  # fmt: skip
    actual, count = sold(first, now)
    return {"members": count, **earlier, "actual": actual if now >= first else np.nan}
