"""What the notebook of members decides: how they buy, what comes next, and what an offer brings."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.campaign.discount import Discount
from workbench.campaign.distribution import Distribution
from workbench.campaign.simulation import Simulation
from workbench.data.buyers import load_purchases
from workbench.errors import DataError, Problem
from workbench.member.attainment import segment_attainment
from workbench.member.buying import Buying, alive, expected_orders, fit_buying
from workbench.member.purchases import LEAST_REPEATERS, WEEK, Purchases, summarise_purchases
from workbench.member.repurchase import Repurchase, learnt_error, past_error, repurchase
from workbench.member.segments import Rules, high_value, money_spent, rfm_table, segment_members
from workbench.member.spending import Spending, expected_spend, fit_spending
from workbench.params.models import MembersParams
from workbench.params.places import project_root
from workbench.report.metrics import metric, money_unit

BURN_IN = pd.Timedelta(days=182)
"""Members first seen this early in the records may have bought long before."""
OFFER_DAYS = 14


@dataclass(frozen=True, eq=False)
class Membership:
    """The shop's members as of today.

    Attributes:
        rows: from ``load_purchases``.
        purchases, segments: of all members.
        buying, spending: how they buy.
        table: see ``rfm_table``.
        errors: see ``past_error``, stretches as long as the one ahead.
        ahead: the weeks to the end of the period.
        attainment: see ``segment_attainment``.
        period: the period.
        moved: the part by which what was expected of segments was moved, for what such forecasts
            were off before the period.
        notices: what was noticed.
    """

    rows: pd.DataFrame
    purchases: Purchases
    segments: "pd.Series[str]"
    buying: Buying
    spending: Spending
    table: pd.DataFrame
    errors: pd.DataFrame
    ahead: Repurchase
    attainment: pd.DataFrame
    period: Period
    moved: float = 0.0
    notices: tuple[Problem, ...] = field(default=())

    @property
    def until(self) -> pd.Timestamp:
        """The last day of the stretch ahead."""
        return self.purchases.as_of + pd.Timedelta(days=round(self.ahead.weeks * WEEK))


def know_members(params: MembersParams, period: Period, *, as_of: pd.Timestamp) -> Membership:
    """Read the members, fit how they buy, and look to the end of the period.

    Raises:
        DataError: no members, or too few.
    """
    rows = load_purchases(
        params.file("source"),
        mapping=params.file("mapping"),
        where=params.where,
        as_of=f"{as_of:%Y-%m-%d}",
    )
    purchases = summarise_purchases(rows, as_of=as_of)
    since = _since(rows, as_of)
    buying = fit_buying(summarise_purchases(rows, as_of=as_of, since=since), from_first=None)
    spending = fit_spending(purchases)
    rules = Rules(params.recent_days, params.frequent, params.high_value)
    segments = segment_members(purchases, rules)
    weeks = max((pd.Timestamp(period.end) - as_of).days / WEEK, 1.0)
    same = buying.from_first
    errors = past_error(rows, as_of=as_of, weeks=weeks, since=since, from_first=same)
    shift, shock = learnt_error(errors)
    ahead = repurchase(
        buying,
        spending,
        purchases,
        segments,
        weeks=weeks,
        shift=shift,
        shock=shock,
        n_paths=params.n_paths,
        seed=params.seed,
    )
    eve_shift = _shift_before(rows, period, since=since, from_first=same)
    attainment = segment_attainment(
        rows,
        start=period.start,
        end=period.end,
        as_of=as_of,
        rules=rules,
        target=params.target,
        since=since,
        from_first=same,
        shift=eve_shift,
    )
    unnamed = float((rows["customer_id"] == "").mean())
    said = [] if unnamed == 0 else [Problem("member.unnamed", {"share": f"{unnamed:.1%}"})]
    if not len(errors):
        said.append(Problem("member.untested", {"weeks": f"{weeks:.0f}"}))
    table = rfm_table(purchases, segments)
    return Membership(
        rows, purchases, segments, buying, spending, table, errors, ahead, attainment, period,
        float(np.expm1(eve_shift)), tuple(said),
    )  # fmt: skip


def segment_offer(params: MembersParams, known: Membership, *, name: str) -> tuple[Simulation, ...]:
    """What a discount for one segment alone brings in the two weeks after ``as_of``.

    ``name`` is what the segment is called. Its members' usual orders and their worth come from
    what is expected of them.

    Raises:
        CampaignError: a discount that cannot be.
    """
    chosen = (known.segments == params.offer_to).to_numpy()
    if not params.offer or not chosen.any():
        return ()
    some = known.purchases.only(chosen)
    expected = expected_orders(known.buying, some, OFFER_DAYS / WEEK)
    worth = float((expected * expected_spend(known.spending, some)).sum() / expected.sum())
    spread = 1.28 * max(known.ahead.shock, 0.02)
    mean = float(expected.sum()) / OFFER_DAYS
    low, high = mean * np.exp(-spread), mean * np.exp(spread)
    start = known.purchases.as_of + pd.Timedelta(days=1)
    offer = Discount(
        name=name,
        start=start.date(),
        end=(start + pd.Timedelta(days=OFFER_DAYS - 1)).date(),
        price=round(worth, 2),
        discount=params.offer,
        currency=params.currency,
        orders=Distribution("triangular", (low, mean, high), "history"),
        new_share=Distribution("fixed", (0.0,), "history"),
    )
    return (offer.simulate(n_paths=params.n_paths, seed=params.seed),)


def write_members(params: MembersParams, known: Membership) -> Path | None:
    """The list of high-value members, one row each; None where the parameters name no file."""
    if not params.member_list:
        return None
    purchases = known.purchases
    weeks = known.ahead.weeks
    table = pd.DataFrame(
        {
            "customer_id": purchases.members,
            "segment": known.segments.to_numpy(),
            "spent": money_spent(purchases).round(2),
            "alive": alive(known.buying, purchases).round(4),
            "expected_orders": expected_orders(known.buying, purchases, weeks).round(4),
            "expected_spend": expected_spend(known.spending, purchases).round(2),
        }
    )
    table = table[high_value(purchases, params.high_value)]
    path = Path(project_root()) / params.member_list
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The byte-order mark is what makes Excel read the file as UTF-8.
        table.sort_values("spent", ascending=False).to_csv(part, index=False, encoding="utf-8-sig")
        part.replace(path)
    except OSError as error:
        facts = {"path": str(path), "reason": error.strerror or type(error).__name__}
        raise DataError(Problem("member.unwritten", facts)) from error
    return path


def _shift_before(
    rows: pd.DataFrame, period: Period, *, since: pd.Timestamp | None, from_first: bool
) -> float:
    """What forecasts of a whole period were off, as was known on its eve."""
    eve = pd.Timestamp(period.start) - pd.Timedelta(days=1)
    known = rows[rows["date"] <= eve]
    weeks = (pd.Timestamp(period.end) - eve).days / WEEK
    errors = past_error(known, as_of=eve, weeks=weeks, since=since, from_first=from_first)
    return learnt_error(errors)[0]


def _since(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.Timestamp | None:
    """From when on members are seen from their first purchase; None in a short history."""
    first = rows["date"].min()
    since = first + BURN_IN
    seen = rows[rows["customer_id"] != ""].groupby("customer_id")["date"].agg(["min", "nunique"])
    cohort = seen[seen["min"] >= since]
    enough = len(cohort) >= 0.25 * len(seen) and (cohort["nunique"] > 1).sum() >= LEAST_REPEATERS
    return since if as_of - first > 3 * BURN_IN and enough else None


def best_part(known: Membership, params: MembersParams) -> float:
    """What part of all sales so far the high-value members brought."""
    spent = money_spent(known.purchases)
    best = high_value(known.purchases, params.high_value)
    return float(spent[best].sum() / max(float(spent.sum()), 1e-9))


def high_count(params: MembersParams, known: Membership) -> int:
    """How many members are of high value."""
    return int(high_value(known.purchases, params.high_value).sum())


def member_results(
    known: Membership, offer: tuple[Simulation, ...], *, currency: str
) -> dict[str, Any]:
    """Metrics and tables of ``60_members``; nobody is named in them."""
    low, mid, high = np.quantile(known.ahead.sales.sum(axis=1), [0.1, 0.5, 0.9])
    unit = money_unit(currency)
    again = float((known.purchases.repeats > 0).sum())
    metrics = [
        metric("members", len(known.purchases), "count"),
        metric("members.again", again, "count"),
        metric("members.sales.p10", low, unit),
        metric("members.sales.p50", mid, unit),
        metric("members.sales.p90", high, unit),
    ]
    metrics += [
        metric("members.offer.increment", float(np.median(one.outcome("incremental_sales"))), unit)
        for one in offer
    ]
    tables = {
        "segments": known.table,
        "ahead": known.ahead.table,
        "attainment": known.attainment,
        "past_errors": known.errors,
    }
    return {"metrics": metrics, "tables": tables}
