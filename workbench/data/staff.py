"""The staff: who sells where, from when to when, and how much at most."""

from pathlib import Path

import pandas as pd

from workbench.data.mapping import Mapping, read_mapping
from workbench.data.tables import load_table
from workbench.errors import DataError, Problem
from workbench.schema.validate import rows_text

MOST_DAYS = 7


def load_staff(
    source: str | Path, *, mapping: str | Path | Mapping = "", sheet: str = ""
) -> pd.DataFrame:
    """Read a table of staff: one row per person and place of work.

    A person who moved has one row per team, with the days there. Columns: ``salesperson``; where
    they work (team, channel, store); ``start`` and ``end``; how much they can do at most
    (``money_per_day``, or ``orders_per_day`` with ``order_value``, or ``capacity`` in a quarter);
    ``days_per_week``, ``absence_days``, ``ramp_days``; ``role`` in the bonus rules. All but the
    first may be left out.

    Raises:
        DataError: unreadable values; days that end before they start; one person in two places on
            the same day; weeks of more than seven days; orders without a value.
    """
    given = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    own = given if given.table == "staff" else Mapping()
    staff = load_table(source, "staff", mapping=own, sheet=sheet)
    check_staff(staff)
    return staff


def check_staff(staff: pd.DataFrame) -> None:
    """Raise DataError for everything in a staff table that cannot be."""
    problems = [*_backwards(staff), *_overlapping(staff), *_long_weeks(staff), *_no_value(staff)]
    if problems:
        raise DataError(*problems)


def _dates(staff: pd.DataFrame, name: str, blank: str) -> pd.Series:
    stand_in = pd.Timestamp(blank)
    if name not in staff.columns:
        return pd.Series(stand_in, index=staff.index)
    return staff[name].fillna(stand_in)


def _backwards(staff: pd.DataFrame) -> list[Problem]:
    start, end = _dates(staff, "start", "1900-01-01"), _dates(staff, "end", "2200-01-01")
    return _told("staff.ends_first", staff, end < start, start, end)


def _overlapping(staff: pd.DataFrame) -> list[Problem]:
    """Rows of one person that share a day: nobody sells in two teams at once."""
    start, end = _dates(staff, "start", "1900-01-01"), _dates(staff, "end", "2200-01-01")
    table = pd.DataFrame({"person": staff["salesperson"], "start": start, "end": end})
    rows = table.sort_values(["person", "start", "end"], kind="stable")
    same = rows["person"] == rows["person"].shift()
    latest = rows.groupby("person")["end"].cummax().shift()
    wrong = (same & (rows["start"] <= latest)).reindex(staff.index)
    return _told("staff.in_two_places", staff, wrong, start, end)


def _long_weeks(staff: pd.DataFrame) -> list[Problem]:
    if "days_per_week" not in staff.columns:
        return []
    wrong = staff["days_per_week"] > MOST_DAYS
    shown = [
        f"{name}: {days:g}"
        for name, days in staff.loc[wrong, ["salesperson", "days_per_week"]].itertuples(index=False)
    ]
    return _problem("staff.long_week", wrong, shown)


def _no_value(staff: pd.DataFrame) -> list[Problem]:
    if "orders_per_day" not in staff.columns:
        return []
    value = staff["order_value"] if "order_value" in staff.columns else pd.Series(index=staff.index)
    money = (
        staff["money_per_day"] if "money_per_day" in staff.columns else pd.Series(index=staff.index)
    )
    wrong = staff["orders_per_day"].notna() & value.isna() & money.isna()
    return _problem("staff.no_order_value", wrong, list(staff.loc[wrong, "salesperson"]))


def _told(
    code: str, staff: pd.DataFrame, wrong: pd.Series, start: pd.Series, end: pd.Series
) -> list[Problem]:
    bad = wrong.to_numpy(dtype=bool)
    rows = zip(staff.loc[bad, "salesperson"], start[bad], end[bad], strict=True)
    shown = [f"{who} {first:%Y-%m-%d} – {last:%Y-%m-%d}" for who, first, last in rows]
    return _problem(code, wrong, shown)


def _problem(code: str, wrong: pd.Series, shown: list[str]) -> list[Problem]:
    if not shown:
        return []
    rows = [at + 1 for at, bad in enumerate(wrong.to_numpy(dtype=bool)) if bad]
    some = "; ".join(shown[:5]) + ("; …" if len(shown) > 5 else "")
    return [Problem(code, {"count": len(shown), "people": some, "rows": rows_text(rows)})]
