"""The gap: what is missing against the target by today, taken apart in parts that add up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from workbench.errors import Problem
from workbench.panel.panel import Panel
from workbench.target.amounts import listed
from workbench.target.crossed import Crossed
from workbench.target.curve import floats
from workbench.target.gap_effects import effects
from workbench.target.gap_parts import price_volume_mix, traffic_conversion_basket
from workbench.target.pace import due_today, expected_today
from workbench.target.proposal import ALL_UNITS
from workbench.target.tracking import Tracking

COLUMNS = ["view", "cause", "unit", "amount"]
Row = tuple[str, str, str, float]
YEAR = pd.Timedelta(days=364)
DUST = 1e-9


@dataclass(frozen=True, eq=False)
class Detail:
    """What is known beyond sales by unit and day; each may be None.

    Attributes:
        lines: unit, product, date, pieces, sales; of this period and of the year before.
        traffic: unit, date, visitors, orders; likewise.
        crossed: the same period tracked on the cells of two dimensions, such as channel × category.
    """

    lines: pd.DataFrame | None = None
    traffic: pd.DataFrame | None = None
    crossed: Crossed | None = None


@dataclass(frozen=True, eq=False)
class Gap:
    """Sales to date less what was due by now, and several ways of taking that apart.

    Attributes:
        total: below zero where sales are behind the target's pace.
        parts: view, cause, unit, amount; the amounts of each view add up to ``total``. Views:
            ``unit``; ``expectation`` (the target against what was expected at the start, sales
            against that); ``price_volume_mix``; ``funnel``; ``effects``.
        notices: what was noticed and how it was taken.
    """

    total: float
    parts: pd.DataFrame
    notices: tuple[Problem, ...] = field(default=())

    @property
    def views(self) -> tuple[str, ...]:
        """The ways it was taken apart."""
        return tuple(self.parts["view"].unique())

    def view(self, name: str) -> pd.DataFrame:
        """The parts of one view: cause, unit, amount; empty where it could not be made."""
        return self.parts.loc[self.parts["view"] == name, COLUMNS[1:]].reset_index(drop=True)

    def causes(self, name: str) -> "pd.Series[float]":
        """The amounts of one view by cause, in the order they stand in."""
        return self.view(name).groupby("cause", sort=False)["amount"].sum()


def explain_gap(tracking: Tracking, detail: Detail | None = None) -> Gap:
    """Sales to date less what was due by now: by unit, by cause, each time adding up exactly.

    What is due is the target's part up to today, along the course of sales expected at the start.
    Views whose data are missing are left out, and told in ``notices`` where they were asked for.

    Price, volume and mix, and traffic, conversion and basket, compare with the same days a year
    before (moving holidays lined up), scaled to what is due. Effects compare with what is due in
    each cell, or in each unit where there are no cells.
    """
    known = detail or Detail()
    due = due_today(tracking)
    actual = tracking.now.actual
    total = float(actual.sum()) - float(due[ALL_UNITS])
    units = list(tracking.units)
    expected = expected_today(tracking)["p50"]
    views: list[list[Row]] = [
        [("unit", "unit", u, float(actual[u] - due[u])) for u in units],
        [("expectation", "target", u, float(expected[u] - due[u])) for u in units]
        + [("expectation", "sales", u, float(actual[u] - expected[u])) for u in units],
        _effects(tracking, due, known),
    ]
    without = []
    for table, make in ((known.lines, _products), (known.traffic, _funnel)):
        if table is not None and tracking.begun:
            rows, missing = _by_unit(tracking, due, table, make)
            views.append(rows)
            without += missing
    parts = [row for rows in views for row in _adding_up(rows, total)]
    return Gap(total, pd.DataFrame(parts, columns=COLUMNS), _notices(without))


def _adding_up(rows: list[Row], total: float) -> Iterable[Row]:
    """The rows of a view, and what they leave of the total: the part of no unit."""
    yield from rows
    rest = total - sum(row[-1] for row in rows)
    if rows and abs(rest) > DUST * max(abs(total), 1.0):
        yield rows[0][0], "unassigned", ALL_UNITS, rest


def _effects(tracking: Tracking, due: "pd.Series[float]", detail: Detail) -> list[Row]:
    """What all have in common, and what is special to each level of each dimension."""
    units = list(tracking.units)
    crossed = detail.crossed
    if crossed is None:
        keys = pd.DataFrame({"unit": units}, index=units)
        found = effects(floats(tracking.now.actual), floats(due[units]), keys)
    else:
        keys = crossed.keys.rename(columns={"row": crossed.rows, "column": crossed.columns})
        found = effects(floats(crossed.cells.now.actual), floats(crossed.due), keys)
    found = found[(found["amount"].abs() > DUST) | (found["cause"] == "market")]
    rows = zip(found["cause"], found["unit"], found["amount"], strict=True)
    return [("effects", str(cause), str(unit), float(amount)) for cause, unit, amount in rows]


def _by_unit(
    tracking: Tracking,
    due: "pd.Series[float]",
    table: pd.DataFrame,
    make: Callable[..., list[tuple[str, float]] | None],
) -> tuple[list[Row], list[str]]:
    """One view unit by unit: its rows, and the units without comparable days."""
    days = pd.DatetimeIndex(tracking.actual.index)
    now, before = _weighed(table, days), _weighed(table, _year_before(tracking.panel, days))
    view = "price_volume_mix" if make is _products else "funnel"
    rows: list[Row] = []
    without = []
    for unit in tracking.units:
        sold, wanted = float(tracking.now.actual[unit]), float(due[unit])
        sales_before = _sold_on(tracking.panel, unit, _year_before(tracking.panel, days))
        parts = make(
            now[now["unit"] == unit], before[before["unit"] == unit], sold, sales_before, wanted
        )
        if parts is None:
            without.append(unit)
            parts = [("no_history", sold - wanted)]
        rows += [(view, cause, unit, amount) for cause, amount in parts]
    return ([], without) if len(without) == len(tracking.units) else (rows, without)


def _products(
    now: pd.DataFrame, before: pd.DataFrame, sold: float, _: float, due: float
) -> list[tuple[str, float]] | None:
    """Price, volume and mix; ``other`` where the lines do not add up to the unit's sales."""
    both = pd.concat(
        [
            now.groupby("product", observed=True)[["pieces", "sales"]].sum(),
            before.groupby("product", observed=True)[["pieces", "sales"]]
            .sum()
            .add_suffix("_before"),
        ],
        axis=1,
    ).fillna(0.0)
    columns = ("pieces", "sales", "pieces_before", "sales_before")
    parts = price_volume_mix(*(floats(both[name]) for name in columns), due=due)
    if parts is None:
        return None
    other = sold - float(both["sales"].sum())
    return [*parts.items(), *([("other", other)] if abs(other) > DUST * abs(sold) else [])]


def _funnel(
    now: pd.DataFrame, before: pd.DataFrame, sold: float, sold_before: float, due: float
) -> list[tuple[str, float]] | None:
    """Traffic, conversion and basket."""
    first = float(now["visitors"].sum()), float(now["orders"].sum()), sold
    second = float(before["visitors"].sum()), float(before["orders"].sum()), sold_before
    parts = traffic_conversion_basket(first, second, due=due)
    return None if parts is None else list(parts.items())


def _year_before(panel: Panel, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The comparable days a year before, moving holidays lined up where there is a calendar."""
    if panel.calendar is None:
        return pd.DatetimeIndex(days - YEAR)
    return panel.calendar.last_year(days, frequency=panel.frequency)


def _weighed(table: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """The rows of some days, amounts times how often the day stands among them."""
    times = table["date"].map(days.value_counts())
    rows, often = table[times.notna()], times[times.notna()]
    numbers = list(rows.select_dtypes("number").columns)
    return rows.assign(**{name: rows[name] * often for name in numbers})


def _sold_on(panel: Panel, unit: str, days: pd.DatetimeIndex) -> float:
    return float(panel.frame()[unit].reindex(days).sum())


def _notices(without: list[str]) -> tuple[Problem, ...]:
    if not without:
        return ()
    units = list(dict.fromkeys(without))
    facts = {"count": len(units), "units": listed(units)}
    return (Problem("target.gap_without_history", facts),)
