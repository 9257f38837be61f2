"""A shop's own promoter records as inputs of the next drive: who starts, sells, and tires.

The table of promoter records, one row per promoter and day with orders (days without may be left
out; a promoter who sold nothing has one row of 0 orders):

=============  =================================================================================
promoter       the promoter, needed
date           day, needed
orders         orders of the day through this promoter, needed
paid_orders    of these, those that were paid; without it ``orders`` are taken as paid
campaign       name of the past drive; one where the column is missing
role           customer, employee or invited; customer where the column is missing
joined         day on which the promoter began; the drive's first day where it is missing
asked          people of this role who could become promoters in the drive
rate           direct commission of the drive, 0.1 is 10 %
=============  =================================================================================

Where every promoter has an order, those without are taken to be missing from the records.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.campaign.counts import Floats
from workbench.campaign.distribution import Distribution
from workbench.campaign.group_fit import HISTORY, opening_rate
from workbench.campaign.meaning import meanings
from workbench.campaign.pooling import LEVELS, pool
from workbench.campaign.promoter_effort import drives_with_both, pooled_effort
from workbench.campaign.promoter_law import Posterior, Talent, course, how_unequal, wears_off
from workbench.campaign.promoter_rules import LEAST_ORDERS, LEAST_PROMOTERS, wrong_records
from workbench.campaign.promoters import best_fifth_of
from workbench.errors import CampaignError

DRIVE = "drive"
USUAL_RATE, RESPONSE = 0.1, 0.4
"""Commission at which ``contacts`` is meant, and its elasticity where none is known."""
VAGUE, BEFORE, APART = 1.5, 0.5, 0.3
"""Log standard deviations before anything is seen: of the level, of what employees do more, and of
either between drives."""
__all__ = ["LEAST_ORDERS", "LEAST_PROMOTERS", "DriveFit", "fit_promoters"]


@dataclass(frozen=True)
class DriveFit:
    """What past promoters say about the next drive.

    Attributes:
        found: input → distribution.
        n_drives, n_promoters, n_orders: what it was fitted on.
        sellers_only: whether promoters without an order were missing.
        top_tenth: share of the orders that the best 10 % of the promoters in the records had.
        per_promoter: orders per promoter and drive, of those in the records.
        rated: whether the commission of the past drives is known.
    """

    found: dict[str, Distribution] = field(default_factory=dict)
    n_drives: int = 0
    n_promoters: int = 0
    n_orders: int = 0
    sellers_only: bool = False
    top_tenth: float = 0.0
    per_promoter: float = 0.0
    rated: bool = False

    def inputs(self) -> dict[str, Distribution]:
        """The inputs: ``DistributionDrive(..., **fit.inputs())``."""
        return dict(self.found)


def fit_promoters(records: pd.DataFrame) -> DriveFit:
    """Fit the inputs of a distribution drive on past promoters.

    Only contacts × chance to order can be told from orders: the chance is held at the middle of its
    prior and the contacts fitted to it, so that orders per promoter are those of the records. That
    people who were reached already are contacted again is not taken off.

    Args:
        records: the table described above.

    Raises:
        CampaignError: columns missing, values that cannot be, fewer than 20 promoters or 50 orders.

    >>> days = pd.date_range("2026-05-01", periods=14)
    >>> rows = [(f"p{p}", day, int(p < 5 or (p + n) % 6 == 0)) for p in range(40)
    ...     for n, day in enumerate(days)]
    >>> fit = fit_promoters(pd.DataFrame(rows, columns=["promoter", "date", "orders"]))
    >>> fit.n_promoters, fit.n_orders, fit.found["pay_rate"].text()
    (40, 152, '1')
    """
    problems = wrong_records(records)
    if problems:
        raise CampaignError(*problems)
    past = _complete(records)
    people = _people(past)
    waits = meanings(DRIVE)["decision_days"].prior
    wait = np.array([2.0]) if waits is None else waits.at(np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    half_life = wears_off(*_by_age(past, people), wait)
    curve = np.cumsum(course(half_life.median, float(np.median(wait)), int(people["days"].max())))
    exposure = curve[people["days"].to_numpy(dtype=int) - 1]
    orders = people["orders"].to_numpy(dtype=float)
    cut = bool((orders > 0).all())
    groups, drive = np.unique(people["group"].to_numpy(dtype=str), return_inverse=True)
    talent = how_unequal(orders, exposure, drive, cut)
    seen = people.groupby("group", sort=True).first().loc[list(groups)]
    sold = (
        _sold(talent.shape.median, talent.level[drive], exposure) if cut else np.ones(len(people))
    )
    found = {
        **_contacts(seen, talent.level, talent.error, past),
        **_effort(seen, talent, people.assign(exposure=exposure), cut),
        **_activation(people.assign(real=1.0 / sold)),
        "half_life": _as_input("half_life", half_life),
        "best_fifth": _best_fifth(talent.shape),
    }
    ranked = np.sort(orders)[::-1]
    top = ranked[: max(round(0.1 * len(ranked)), 1)].sum()
    return DriveFit(
        found=found,
        n_drives=int(past["campaign"].nunique()),
        n_promoters=len(people),
        n_orders=int(orders.sum()),
        sellers_only=cut,
        top_tenth=float(top / max(orders.sum(), 1.0)),
        per_promoter=float(orders.mean()),
        rated="rate" in records,
    )


def _complete(records: pd.DataFrame) -> pd.DataFrame:
    """The records with a drive, a role and a first day for all."""
    past = records.reset_index(drop=True)
    past = past.assign(date=pd.to_datetime(past["date"]))
    for name, usual in (("campaign", ""), ("role", "customer")):
        known = past[name] if name in past else pd.Series(usual, index=past.index)
        past = past.assign(**{name: known.fillna(usual).astype("str")})
    past["role"] = past["role"].where(past["role"] == "employee", "customer")
    first = past.groupby("campaign")["date"].transform("min")
    if "joined" in past:
        first = pd.to_datetime(past["joined"]).fillna(first)
    began = first.groupby([past["campaign"], past["promoter"]]).transform("min")
    age = (past["date"] - began).dt.days
    last = past.groupby("campaign")["date"].transform("max")
    return past.assign(age=age, days=(last - began).dt.days + 1)


def _people(past: pd.DataFrame) -> pd.DataFrame:
    """One row per promoter and drive: orders, days, role, ``group`` (drive and role)."""
    keep = {name: (name, "first") for name in ("role", "days", "asked", "rate") if name in past}
    each = past.groupby(["campaign", "promoter"], sort=True)
    people = each.agg(orders=("orders", "sum"), **keep).reset_index()
    return people.assign(group=people["campaign"] + "\n" + people["role"])


def _by_age(past: pd.DataFrame, people: pd.DataFrame) -> tuple[Floats, Floats]:
    """Orders by length of the promoter's window and age, and promoters by length."""
    most = int(people["days"].max())
    orders = np.zeros((most, most))
    np.add.at(
        orders,
        (past["days"].to_numpy(dtype=int) - 1, past["age"].to_numpy(dtype=int)),
        past["orders"].to_numpy(dtype=float),
    )
    began = np.bincount(people["days"].to_numpy(dtype=int) - 1, minlength=most)
    return orders, np.asarray(began, dtype=float)


def _sold(shape: float, level: Floats, exposure: Floats) -> Floats:
    """The chance of each promoter to have at least one order."""
    return np.asarray(-np.expm1(shape * np.log(shape / (shape + level * exposure))))


def _contacts(
    seen: pd.DataFrame, level: Floats, error: Floats, past: pd.DataFrame
) -> dict[str, Distribution]:
    """Contacts on the first day, the chance to order and to pay, and what employees do more."""
    known = meanings(DRIVE)
    found: dict[str, Distribution] = {}
    if "paid_orders" in past:
        sums = past.groupby("campaign")[["paid_orders", "orders"]].sum()
        rate = opening_rate(sums["paid_orders"], sums["orders"])
        found |= {} if rate is None else {"pay_rate": rate}
    else:
        found["pay_rate"] = Distribution("fixed", (1.0,), HISTORY)
    chance = _middle(known["order_rate"].prior)
    prior = known["order_rate"].prior
    source = HISTORY if prior is None else prior.source
    found["order_rate"] = Distribution("fixed", (chance,), source)
    rates = seen["rate"].fillna(USUAL_RATE) if "rate" in seen else pd.Series(USUAL_RATE, seen.index)
    response = (rates.to_numpy(dtype=float) / USUAL_RATE) ** RESPONSE
    log = np.log(level / chance / response)
    staff = (seen["role"] == "employee").to_numpy()
    usual = float(np.log(_middle(known["contacts"].prior)))
    more = _middle(known["employee_effort"].prior)
    if staff.all():
        log = log - np.log(more)
        found["employee_effort"] = Distribution("fixed", (more,), "assumption")
    base = np.ones(len(staff), bool) if staff.all() else ~staff
    pooled = pool(log[base], error[base], prior=(usual, VAGUE), between=APART)
    return {**found, "contacts": _exp(pooled.next)}


def _effort(
    seen: pd.DataFrame, talent: Talent, people: pd.DataFrame, cut: bool
) -> dict[str, Distribution]:
    """What employees do more than old customers, from the drives with both."""
    drives = drives_with_both(seen, talent, people)
    if not drives:
        return {}
    before = float(np.log(_middle(meanings(DRIVE)["employee_effort"].prior)))
    shape = talent.shape.median
    found = pooled_effort(drives, shape, cut, prior=(before, BEFORE), between=APART)
    return {"employee_effort": _exp(found)}


def _activation(people: pd.DataFrame) -> dict[str, Distribution]:
    """Promoters of each role over those who were asked, where that is known."""
    found = {}
    for role, name in (("customer", "customer_activation"), ("employee", "employee_activation")):
        mine = people[people["role"] == role]
        if "asked" not in people or mine["asked"].isna().all():
            continue
        sums = mine.groupby("campaign").agg(real=("real", "sum"), asked=("asked", "first")).dropna()
        rate = opening_rate(sums["real"].clip(upper=sums["asked"]), sums["asked"])
        if rate is not None:
            found[name] = rate
    return found


def _best_fifth(shape: Posterior) -> Distribution:
    shares = np.sort(best_fifth_of(shape.at(LEVELS)))
    return Distribution("samples", tuple(float(one) for one in np.clip(shares, 0.2, 0.99)), HISTORY)


def _as_input(name: str, found: Posterior) -> Distribution:
    meaning = meanings(DRIVE)[name]
    values = np.clip(found.at(LEVELS), meaning.least, meaning.most)
    return Distribution("samples", tuple(float(one) for one in values), HISTORY)


def _exp(logs: Floats) -> Distribution:
    return Distribution("samples", tuple(float(one) for one in np.exp(logs)), HISTORY)


def _middle(prior: Distribution | None) -> float:
    return 1.0 if prior is None else float(prior.at(np.array([0.5]))[0])
