"""Campaigns side by side: what each brings and costs, and what they do to the period."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.effect import with_campaigns
from workbench.campaign.simulation import INCREMENT, Simulation, spread
from workbench.target.outlook import Outlook

TOGETHER = ""
"""The name of the row of all campaigns together, as the empty unit is that of all units."""
LEAST_SHOWN = 0.5
"""Less than this is shown as nothing: rows of it would say 0, 0, 0."""
LEVELS = {"commit": 0.8, "base": 0.5, "stretch": 0.2}
STREAMS = tuple(INCREMENT)
"""What makes the increment, in the order in which it is shown."""


def overview(campaigns: Sequence[Simulation], outlook: Outlook | None = None) -> pd.DataFrame:
    """One row per campaign, and one of all together (named "") where there are several.

    Columns: ``campaign``, ``kind``, ``start``, ``end``; ``p10``, ``p50``, ``p90``, ``mean`` of the
    sales increment inside the outlook's period (all days without an outlook); ``all_days`` and
    ``after`` its median over all days and after the period; ``cost`` and ``margin`` (after cost,
    all days), medians; ``loss`` the probability that the margin is negative; ``cannibalised`` and
    ``forward`` the shares of the campaign's sales that would have come anyway, at once or later;
    ``new_customers``, median.

    Args:
        campaigns: what was simulated, all with the same number of paths.
        outlook: the period the increments are counted in.
    """
    days = () if outlook is None else (outlook.period.start, outlook.period.end)
    rows = [_row([one], days) for one in campaigns]
    if len(campaigns) > 1:
        rows.append(_row(campaigns, days) | {"campaign": TOGETHER, "kind": ""})
    return pd.DataFrame(rows, columns=list(_row(campaigns, days)) if rows else None)


def outlook_steps(
    outlook: Outlook, campaigns: Sequence[Simulation], target: float | None = None
) -> pd.DataFrame:
    """The period without campaigns, with each of them alone, and with all together.

    Columns: ``campaigns`` (their names; none in the first row), ``commit``, ``base``, ``stretch``,
    ``mean``, ``probability`` of the target (NaN without one) and ``gain``, the probability less
    that without campaigns. All rows share their random numbers.
    """
    singles = [(one,) for one in campaigns]
    sets = [(), *singles, *([tuple(campaigns)] if len(campaigns) > 1 else [])]
    rows = []
    for chosen in sets:
        ahead = with_campaigns(outlook, chosen)
        rows.append(
            {
                "campaigns": tuple(one.campaign for one in chosen),
                **{name: ahead.target_at(level) for name, level in LEVELS.items()},
                "mean": float(ahead.total.mean()),
                "probability": np.nan if target is None else ahead.probability(target),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(gain=table["probability"] - table["probability"].iloc[0])


def daily_course(campaign: Simulation) -> pd.DataFrame:
    """What makes the increment of each day, on average, and the range of their sum.

    Columns: ``date``; the mean of ``sales``, ``repeat_sales``, ``cannibalised_sales`` and
    ``repaid_sales``, the last two negative; ``increment``, its mean, with ``p10`` and ``p90``.
    """
    net = campaign.increment.sum(axis=2)
    low, high = np.quantile(net, [0.1, 0.9], axis=0)
    parts = {name: sign * _daily(campaign, name) for name, sign in INCREMENT.items()}
    course = {"increment": net.mean(axis=0), "p10": low, "p90": high}
    return pd.DataFrame({"date": campaign.dates, **parts, **course})


def bridge(campaign: Simulation, quantities: Sequence[str]) -> pd.DataFrame:
    """Some quantities of a campaign in a given order: those of which there is anything to show.

    Columns: ``quantity``, ``p10``, ``p50``, ``p90``, ``mean``.
    """
    derived = ("incremental_sales", "margin")
    rows = [
        {"quantity": name, **spread(campaign.outcome(name))}
        for name in quantities
        if name in derived or name in campaign.ledger
    ]
    table = pd.DataFrame(rows)
    shown = table[["p10", "p50", "p90"]].abs() >= LEAST_SHOWN
    nothing = ~shown.any(axis=1) & ~table["quantity"].isin(derived)
    return table[~nothing].reset_index(drop=True)


def _daily(campaign: Simulation, name: str) -> Floats:
    out = np.zeros(len(campaign.dates))
    if name in campaign.ledger:
        cells = campaign.ledger.cells[name]
        out[: len(cells)] = cells.sum(axis=2).mean(axis=1)
    return out


def _row(campaigns: Sequence[Simulation], days: Sequence[object]) -> dict[str, object]:
    def total(name: str, *between: object) -> Floats:
        return np.asarray(sum(one.outcome(name, *between) for one in campaigns))

    if not campaigns:
        return {}
    inside, everything = total("incremental_sales", *days), total("incremental_sales")
    margin, sold = total("margin"), float(total("sales").mean())
    share = {
        column: float(total(name).mean()) / sold if sold > 0 else np.nan
        for column, name in (("cannibalised", "cannibalised_sales"), ("forward", "repaid_sales"))
    }
    return {
        "campaign": campaigns[0].campaign,
        "kind": campaigns[0].kind,
        "start": min(one.dates[0] for one in campaigns),
        "end": max(one.dates[one.n_active - 1] for one in campaigns),
        **spread(inside),
        "all_days": float(np.median(everything)),
        "after": float(np.median(everything - inside)),
        "cost": float(np.median(total("cost"))),
        "margin": float(np.median(margin)),
        "loss": float((margin < 0).mean()),
        **share,
        "new_customers": float(np.median(total("new_customers"))),
    }
