"""The numbers of a report as flat records, rounded once: what ``results.json`` holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.numbers import rounded

if TYPE_CHECKING:
    from workbench.data.report import DataReport
    from workbench.target.allocate import Allocation
    from workbench.target.backtest import Backtest
    from workbench.target.gap import Gap
    from workbench.target.outlook import Outlook

ALL_UNITS = ""


@dataclass(frozen=True)
class Metric:
    """One number: of which unit (empty for all), what, how much, in what.

    ``unit`` is a currency code, ``pieces``, ``probability``, ``ratio``, ``count`` or ``percent``;
    ``value`` is None where there is no number.
    """

    node: str
    metric: str
    value: float | None
    unit: str


def metric(name: str, value: float, unit: str, *, node: str = ALL_UNITS) -> Metric:
    """A number, rounded as it is shown.

    >>> metric("target", 1234.567, "CNY")
    Metric(node='', metric='target', value=1234.57, unit='CNY')
    """
    return Metric(str(node), name, rounded(value, unit), unit)


def money_unit(currency: str) -> str:
    """What amounts are in: the currency, or pieces where there is none."""
    return currency or "pieces"


def proposal_metrics(table: pd.DataFrame, currency: str) -> list[Metric]:
    """Actual, commit, base, stretch and mean of every row of a proposal."""
    unit = money_unit(currency)
    return [
        metric(str(column), value, unit, node=str(node))
        for column in table.columns
        for node, value in table[column].astype(float).items()
    ]


def earlier_metrics(table: pd.DataFrame) -> list[Metric]:
    """Each target's probability going by earlier targets too, where some are over."""
    return [
        metric("probability_by_earlier", row.by_earlier, "probability", node=str(unit))
        for unit, row in table[table["targets"] > 0].iterrows()
    ]


def anchor_metrics(table: pd.DataFrame, currency: str) -> list[Metric]:
    """Amount (``anchor.last_year``) and probability (``anchor.last_year.probability``) of each."""
    unit = money_unit(currency)
    rows = table.to_dict("records")
    amounts = [metric(f"anchor.{r['anchor']}", r["target"], unit, node=r["unit"]) for r in rows]
    chances = [
        metric(f"anchor.{r['anchor']}.probability", r["probability"], "probability", node=r["unit"])
        for r in rows
    ]
    return [*amounts, *chances]


def target_metrics(outlook: "Outlook", target: float | None, currency: str) -> list[Metric]:
    """The target of all units, its probability, and the attainment to date; none without one."""
    if target is None:
        return []
    done = float(outlook.actual.sum())
    return [
        metric("target", target, money_unit(currency)),
        metric("probability", float(outlook.probability(target)), "probability"),
        metric("attainment", done / target, "ratio"),
        metric("expected_attainment", float(outlook.expected_attainment(target)), "ratio"),
    ]


def allocation_metrics(plan: "Allocation", currency: str) -> list[Metric]:
    """Each unit's part of the target, and its probability."""
    unit = money_unit(currency)
    parts = [metric("target", value, unit, node=str(n)) for n, value in plan.targets.items()]
    chances = [
        metric("probability", value, "probability", node=str(n))
        for n, value in plan.probabilities.items()
    ]
    return [*parts, *chances]


def outcome_metrics(table: pd.DataFrame, currency: str) -> list[Metric]:
    """What a period that is over brought (``outcome``), and its attainment of the target.

    ``table`` is :func:`workbench.target.given.given_targets` with what happened later.
    """
    unit = money_unit(currency)
    sold = [metric("outcome", value, unit, node=str(n)) for n, value in table["actual"].items()]
    met = table["attainment"].items()
    return [*sold, *(metric("outcome.attainment", ratio, "ratio", node=str(n)) for n, ratio in met)]


def tracking_metrics(pace: pd.DataFrame, gap: "Gap", currency: str) -> list[Metric]:
    """Where every unit stands, and the gap with its parts (``gap.<view>.<cause>``)."""
    unit = money_unit(currency)
    units = {
        "probability": "probability",
        "probability_start": "probability",
        "attainment": "ratio",
    }
    stand = [
        metric(str(column), value, units.get(str(column), unit), node=str(node))
        for column in pace.columns.drop("standing")
        for node, value in pace[column].astype(float).items()
    ]
    parts = [
        metric(f"gap.{view}.{cause}", value, unit)
        for view in gap.views
        for cause, value in gap.causes(view).items()
    ]
    return [*stand, metric("gap", gap.total, unit), *parts]


def skill_metrics(skill: pd.DataFrame) -> list[Metric]:
    """Backtest scores per unit and model: ``skill.<model>.mape`` (percent) and so on."""
    units = {"mape": "percent", "bias": "percent", "coverage_80": "ratio", "n_origins": "count"}
    return [
        metric(f"skill.{row['model']}.{name}", float(row[name]), units[name], node=str(row["unit"]))
        for _, row in skill.iterrows()
        for name in units
        if name in skill.columns
    ]


def backtest_metrics(past: "Backtest") -> list[Metric]:
    """Scores on the eve of past periods by unit and model: ``backtest.<model>.mape`` and so on.

    None of a backtest without cases; levels between the units and their sum stand in its table.
    """
    if past.cases.empty:
        return []
    units = {"crps_pct": "percent", "mape": "percent", "bias": "percent", "brier": "ratio"}
    units |= {f"coverage_{band}": "ratio" for band in (50, 80, 95)} | {"n_origins": "count"}
    rows = past.scores
    rows = rows[rows["level"].isin(["total", "unit"]) & (rows["elapsed"] == rows["elapsed"].min())]
    return [
        metric(f"backtest.{row['model']}.{name}", float(row[name]), unit, node=str(row["unit"]))
        for _, row in rows.iterrows()
        for name, unit in units.items()
    ]


def data_metrics(report: "DataReport") -> list[Metric]:
    """Rows and money of every line of the data report, and each unit's total."""
    unit = money_unit(report.currency if report.metric != "units" else "")
    found = [metric(f"rows.{entry.rule}", entry.rows, "count") for entry in report.entries]
    found += [metric(f"money.{entry.rule}", entry.money, unit) for entry in report.entries]
    totals = zip(report.units["unit"], report.units["total"], strict=True)
    return [*found, *(metric("sales", total, unit, node=str(name)) for name, total in totals)]


def by_name(metrics: Iterable[Metric]) -> Mapping[tuple[str, str], float | None]:
    """(node, metric) → value."""
    return {(m.node, m.metric): m.value for m in metrics}
