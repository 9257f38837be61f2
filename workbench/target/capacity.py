"""Capacity: the most that a unit's people can sell in a period."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import Problem, TargetError
from workbench.panel.panel import Panel
from workbench.target.amounts import listed
from workbench.target.curve import Floats, floats
from workbench.target.record_rate import best_rates
from workbench.target.tree import Places

WORKING_DAYS = 7.0
"""Days a week where the table says nothing: rates are then those of calendar days."""
RAMP_DAYS = 90.0
RAMP_FROM = 0.5
"""A new colleague starts at half strength and is at full strength after so many days."""
QUARTER_DAYS = 365.25 / 4
LOOK_BACK = 728
WHERE = ("channel", "region", "store", "team", "salesperson")


@dataclass(frozen=True, eq=False)
class Capacity:
    """The most that people, and the units they work for, can sell in a period.

    Attributes:
        period: the period.
        people: one row per person and place of work: salesperson, unit (empty where they have
            none), start, end, days (working days in the period, those of learning counted in
            part), per_day (money at full strength), capacity, source (``given``, ``record``: the
            unit's best 28 days, or an empty text where neither is known).
        units: unit → capacity; NaN where nothing is known of its people.
        notices: what was noticed and how it was taken.
    """

    period: Period
    people: pd.DataFrame
    units: "pd.Series[float]"
    notices: tuple[Problem, ...] = field(default=())


def capacity(
    staff: pd.DataFrame,
    keys: pd.DataFrame,
    *,
    period: Period,
    panel: Panel | None = None,
    ramp_days: float = RAMP_DAYS,
) -> Capacity:
    """How much the people behind each unit can sell in a period at most.

    Per row of staff: working days between ``start`` and ``end`` inside the period, less
    ``absence_days``, the first ``ramp_days`` since their very first day counted from half to
    whole; times the money per working day that the table gives. Where it gives none, the unit's
    own best 28 days stand in, if a panel is given.

    Args:
        staff: see ``workbench.data.staff.load_staff``.
        keys: index unit, with some of the columns salesperson, team, store, channel, region.
        period: for which.
        panel: the history.
        ramp_days: where the table has no column of that name.

    Raises:
        TargetError: no column in common; units finer than the staff; nobody there at all.

    >>> staff = pd.DataFrame({"salesperson": ["An", "Bo"], "money_per_day": [100.0, 80.0],
    ...     "end": pd.to_datetime([None, "2026-10-31"])})
    >>> keys = pd.DataFrame({"salesperson": ["An", "Bo"]}, index=["An", "Bo"])
    >>> from workbench.calendar.period import parse_period
    >>> able = capacity(staff, keys, period=parse_period("2026Q4"))
    >>> able.units.to_dict()
    {'An': 9200.0, 'Bo': 2480.0}
    """
    people = staff.reset_index(drop=True)
    owner, problems = _owners(people, keys)
    if problems:
        raise TargetError(*problems)
    units = [str(unit) for unit in keys.index]
    days = working_days(people, period, ramp_days=ramp_days)
    rates, source = _rates(people, owner, units, panel)
    most = days * rates
    table = pd.DataFrame(
        {
            "salesperson": people["salesperson"].astype(str),
            "unit": [units[at] if at >= 0 else "" for at in owner],
            "start": _column(people, "start", pd.NaT),
            "end": _column(people, "end", pd.NaT),
            "days": days,
            "per_day": rates,
            "capacity": most,
            "source": source,
        }
    )
    able = _per_unit(table, units)
    if len(able.dropna()) and not able.sum() > 0:
        facts = {"period": period.label, "people": listed(list(table["salesperson"]))}
        raise TargetError(Problem("capacity.nobody", facts))
    return Capacity(period, table, able, tuple(_notices(table, able, period)))


def working_days(staff: pd.DataFrame, period: Period, *, ramp_days: float) -> Floats:
    """(rows,): the working days of each row of staff inside the period, learning days in part."""
    start = pd.to_datetime(_column(staff, "start", pd.NaT)).fillna(pd.Timestamp("1900-01-01"))
    end = pd.to_datetime(_column(staff, "end", pd.NaT)).fillna(pd.Timestamp("2200-01-01"))
    joined = start.groupby(staff["salesperson"]).transform("min")
    dates = pd.date_range(period.start, period.end).to_numpy()[None, :]
    there = (dates >= start.to_numpy()[:, None]) & (dates <= end.to_numpy()[:, None])
    age = (dates - joined.to_numpy()[:, None]) / np.timedelta64(1, "D")
    ramp = floats(_column(staff, "ramp_days", np.nan).fillna(ramp_days))[:, None]
    learned = np.where(ramp > 0, np.clip(age / np.where(ramp > 0, ramp, 1.0), 0.0, 1.0), 1.0)
    strength = np.where(there, RAMP_FROM + (1 - RAMP_FROM) * learned, 0.0)
    week = floats(_column(staff, "days_per_week", np.nan).fillna(WORKING_DAYS)) / 7
    whole = strength.sum(axis=1) * week
    away = floats(_column(staff, "absence_days", np.nan).fillna(0.0))
    present = there.sum(axis=1) * week
    return np.asarray(whole * np.clip(1 - away / np.maximum(present, 1e-9), 0.0, 1.0))


def _rates(
    staff: pd.DataFrame, owner: Places, units: Sequence[str], panel: Panel | None
) -> tuple[Floats, list[str]]:
    """Money per working day at full strength, and where it comes from."""
    week = floats(_column(staff, "days_per_week", np.nan).fillna(WORKING_DAYS))
    orders = _column(staff, "orders_per_day", np.nan) * _column(staff, "order_value", np.nan)
    # Who never works has no rate, and needs none.
    in_quarter = _column(staff, "capacity", np.nan) / (QUARTER_DAYS * np.maximum(week, 1e-9) / 7)
    given = floats(_column(staff, "money_per_day", np.nan).fillna(orders).fillna(in_quarter))
    record = np.full(len(staff), np.nan)
    if panel is not None:
        best = best_rates(panel).reindex(list(units)).to_numpy(dtype=float)
        known = owner >= 0
        record[known] = (best / _usual_heads(staff, owner, len(units), panel))[owner[known]]
        record = np.asarray(record * 7 / np.maximum(week, 1e-9))
    rates = np.where(np.isnan(given), record, given)
    source = np.where(~np.isnan(given), "given", np.where(~np.isnan(record), "record", ""))
    return np.asarray(rates), [str(word) for word in source]


def _usual_heads(staff: pd.DataFrame, owner: Places, n_units: int, panel: Panel) -> Floats:
    """(units,): how many people worked for each unit on average while the record was set."""
    first = max(panel.dates[0], panel.as_of - pd.Timedelta(days=LOOK_BACK))
    span = Period("", first.date(), panel.as_of.date())
    known = owner >= 0
    days = np.nan_to_num(working_days(staff, span, ramp_days=0.0))[known]
    week = floats(_column(staff, "days_per_week", np.nan).fillna(WORKING_DAYS))[known] / 7
    heads = np.bincount(owner[known], days / np.maximum(week, 1e-9) / span.days, n_units)
    return np.asarray(np.maximum(heads, 1.0))


def _owners(staff: pd.DataFrame, keys: pd.DataFrame) -> tuple[Places, list[Problem]]:
    """(rows,): the position of each row's unit, −1 for people whose unit has no sales yet."""
    shared = [n for n in WHERE if n in keys.columns and n in staff.columns]
    shared = [n for n in shared if bool(staff[n].notna().any())]
    if not shared:
        facts = {"staff": ", ".join(map(str, staff.columns)), "keys": ", ".join(keys.columns)}
        return np.empty(0, dtype=np.intp), [Problem("capacity.no_column", facts)]
    places: dict[tuple[str, ...], list[int]] = {}
    for at, row in enumerate(keys[shared].astype(str).itertuples(index=False, name=None)):
        places.setdefault(row, []).append(at)
    owner, unclear = np.full(len(staff), -1, dtype=np.intp), []
    filled = staff[shared].astype(object).where(staff[shared].notna(), "–").astype(str)
    for at, row in enumerate(filled.itertuples(index=False, name=None)):
        found = places.get(row, [])
        owner[at] = found[0] if found else -1
        if len(found) > 1:
            unclear.append(
                f"{staff['salesperson'].iloc[at]}: {listed([keys.index[n] for n in found])}"
            )
    if unclear:
        columns = ", ".join(shared)
        facts = {"count": str(len(unclear)), "rows": listed(unclear), "columns": columns}
        return owner, [Problem("capacity.units_finer", facts)]
    return owner, []


def _per_unit(people: pd.DataFrame, units: Sequence[str]) -> "pd.Series[float]":
    """Each unit's capacity; NaN where nobody, or somebody of unknown capacity, works for it."""
    with_unit = people[people["unit"] != ""]
    sums = with_unit.groupby("unit")["capacity"].agg(lambda part: part.sum(skipna=False))
    # Somebody of unknown capacity who is not there in the period takes nothing away.
    gone = with_unit.groupby("unit")["days"].sum() == 0
    sums = sums.mask(gone.reindex(sums.index, fill_value=False), 0.0)
    return sums.reindex(pd.Index(list(units), name="unit")).astype(float).rename("capacity")


def _column(staff: pd.DataFrame, name: str, blank: object) -> pd.Series:
    return staff[name] if name in staff.columns else pd.Series(blank, index=staff.index)


def _notices(people: pd.DataFrame, able: "pd.Series[float]", period: Period) -> list[Problem]:
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    here = people["unit"] != ""
    ends = people["end"].notna() & (people["end"] >= first) & (people["end"] < last)
    rows = people.groupby("salesperson")["salesperson"].transform("size")
    moves = (
        ends
        & (rows > 1)
        & (people["end"] < people.groupby("salesperson")["start"].transform("max"))
    )
    unknown = list(able.index[able.isna()])
    zero = list(able.index[able == 0])
    found = [
        _told("capacity.moves", people[moves], "end"),
        _told("capacity.leaves", people[ends & ~moves], "end"),
        _told("capacity.new_people", people[~here & (people["days"] > 0)], "start"),
        Problem("capacity.none_left", {"count": len(zero), "units": listed(zero)})
        if zero
        else None,
    ]
    if unknown:
        facts = {"count": len(unknown), "units": listed(unknown)}
        found.append(Problem("capacity.unknown", facts))
    by_record = here & (people["source"] == "record") & (people["days"] > 0)
    if by_record.any():
        facts = {"count": int(by_record.sum()), "all": int((people["days"] > 0).sum())}
        found.append(Problem("capacity.from_record", facts))
    return [problem for problem in found if problem is not None]


def _told(code: str, rows: pd.DataFrame, date: str) -> Problem | None:
    if not len(rows):
        return None
    shown = [
        f"{who} ({when:%Y-%m-%d})" if when == when else str(who)
        for who, when in zip(rows["salesperson"], rows[date], strict=True)
    ]
    return Problem(code, {"count": len(shown), "people": listed(shown)})
