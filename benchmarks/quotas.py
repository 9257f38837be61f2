"""Targets that people were really set: how likely we call them beforehand, and how it came out.

    python benchmarks/quotas.py adventureworks india

Prints JSON. AdventureWorks: 163 quarterly quotas of sales people, of which 9 were reached; each is
given its probability on the eve of the quarter and half way through it, from sales alone and going
by the quotas that were over by then. India: three categories of
a small shop, a year of orders and monthly targets. Nothing later than the day of the outlook is
used. The data lie in ``shared/data`` beside the checkout and are no part of the project.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import workbench as wb
from workbench.score.probability import brier, brier_parts
from workbench.target.bonus import payouts
from workbench.target.bonus_rules import read_bonus_rules
from workbench.target.earlier import in_turn, targets_over
from workbench.target.record import TrackRecord, score_outlooks
from workbench.target.record_scores import scores
from workbench.target.replayed import replay_record
from workbench.target.scorecard import scorecard
from workbench.target.tracking import track

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RULES = {
    "roles": {
        "default": {
            "amount": 1000,
            "cap": 2,
            "steps": [{"from": 0.8, "pays": 0.5, "rate": 2.5}, {"from": 1, "rate": 2}],
        }
    }
}


@dataclass(frozen=True, eq=False)
class Case:
    """A shop with targets that were set: sales by unit and day, period label → unit → target."""

    sales: pd.DataFrame
    targets: dict[str, "pd.Series[float]"]
    kind: str
    last: str


def adventureworks(folder: Path = DATA) -> Case:
    """Orders of sales people and their quarterly quotas."""
    orders = pd.read_parquet(folder / "adventureworks" / "reseller_orders.parquet")
    quotas = pd.read_parquet(folder / "adventureworks" / "quotas_quarterly.parquet")
    sales = _daily(orders.assign(unit="e" + orders["employee_key"].astype(str)))
    labels = quotas["quarter_start"].dt.to_period("Q").astype(str)
    units = "e" + quotas["employee_key"].astype(str)
    return Case(sales, _by_period(labels, units, quotas["quota"]), "quarter", "2020Q2")


def india(folder: Path = DATA) -> Case:
    """Orders of three categories and their monthly targets."""
    lines = pd.read_parquet(folder / "india_ecommerce" / "order_lines.parquet")
    targets = pd.read_parquet(folder / "india_ecommerce" / "targets_monthly.parquet")
    sales = _daily(lines.assign(unit=lines["category"].astype(str)))
    labels = targets["month"].dt.strftime("%Y-%m")
    units = targets["category"].astype(str)
    return Case(sales, _by_period(labels, units, targets["target"]), "month", "2019-03")


CASES = {"adventureworks": adventureworks, "india": india}


def measure(case: Case, *, n_paths: int = 500, seed: int = 0, periods: int = 60) -> dict:
    """Replay, score, and make the scorecard of the last period."""
    panel = wb.build_panel(case.sales, calendar=None)
    table = replay_record(
        panel,
        periods=periods,
        elapsed=(0.0, 0.5),
        kind=case.kind,
        targets=case.targets,
        n_paths=n_paths,
        seed=seed,
    )
    record = score_outlooks(table, panel)
    return {
        "stages": {name: _stage(record, name == "middle") for name in ("start", "middle")},
        "record": _rounded(scores(record).iloc[0].to_dict()),
        "width_80": round(_width(record), 3),
        "scorecard": _scorecard(panel, case, n_paths=n_paths, seed=seed),
    }


def _stage(record: TrackRecord, running: bool) -> dict:
    """The targets of single units, seen before the period or half way through it."""
    cases = record.cases
    chosen = (cases["unit"] != "") & cases["target"].notna() & ((cases["elapsed"] > 0) == running)
    part = record.where(chosen)
    own = targets_over(part)
    said, reached = own["probability"].to_numpy(), own["reached"].to_numpy(dtype=float)
    learnt = in_turn(own).to_numpy()
    parts = brier_parts(said, reached)
    base = float(reached.mean())
    return _rounded(
        {
            "targets": len(own),
            "periods": part.periods,
            "reached": int(reached.sum()),
            "expected": float(said.sum()),
            "mean_probability": float(said.mean()),
            "below_20_percent": float((said < 0.2).mean()),
            "brier": brier(said, reached),
            "expected_by_earlier": float(learnt.sum()),
            "below_20_percent_by_earlier": float((learnt < 0.2).mean()),
            "brier_by_earlier": brier(learnt, reached),
            "brier_even": 0.25,
            "brier_hindsight": base * (1 - base),
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "inside_80": part.inside(0.8).frequency,
            "inside_80_chance": part.inside(0.8).margin,
        }
    )


def _width(record: TrackRecord) -> float:
    """Median width of the 80 % range at the start ÷ its median, over single units."""
    chosen = ((record.cases["unit"] != "") & (record.cases["elapsed"] == 0)).to_numpy()
    rows = record.quantiles[chosen]
    return float(np.nanmedian((rows[:, 89] - rows[:, 9]) / np.maximum(rows[:, 49], 1e-9)))


def _scorecard(panel: "wb.Panel", case: Case, *, n_paths: int, seed: int) -> dict:
    target = case.targets[case.last]
    units = [unit for unit in panel.units if unit in target.index]
    tracking = track(
        panel.only(units),
        target[units],
        period=case.last,
        n_paths=n_paths,
        seed=seed,
        course="none",
    )
    card = scorecard(tracking)
    rows = card[card["level"] == "unit"]
    paid = payouts(tracking, read_bonus_rules(RULES))
    whole = card[card["level"] == "all"].iloc[0]
    return {
        "period": case.last,
        "rank_correlation": round(float(rows["rank"].corr(rows["adjusted_rank"])), 3),
        "gap": round(float(whole["gap"]), 2),
        "gap_of_units": round(float(rows["gap"].sum()), 2),
        "bonuses": round(float(paid.total.mean()), 2),
        "units": {
            row["unit"]: _rounded({k: row[k] for k in SHOWN}) for row in rows.to_dict("records")
        },
    }


SHOWN = ("attainment", "rank", "likely", "percentile", "adjusted", "adjusted_rank", "gap_share")


def _daily(orders: pd.DataFrame) -> pd.DataFrame:
    """Sales by unit and day, zero between a unit's orders, up to the last day of all."""
    table = orders.groupby(["date", "unit"], observed=True)["sales"].sum()
    table = table.reset_index().pivot_table(index="date", columns="unit", values="sales")
    days = pd.date_range(table.index.min(), table.index.max() + pd.offsets.MonthEnd(0))
    first = table.apply(pd.Series.first_valid_index)
    full = table.reindex(days).fillna(0.0)
    long = full.rename_axis("date").reset_index().melt("date", var_name="unit", value_name="sales")
    return long[long["date"] >= long["unit"].map(first)]


def _by_period(
    labels: "pd.Series[str]", units: "pd.Series[str]", amounts: "pd.Series[float]"
) -> dict[str, "pd.Series[float]"]:
    table = pd.DataFrame({"label": labels, "unit": units, "target": amounts.astype(float)})
    found = {}
    for label, part in table.groupby("label"):
        targets = part.set_index("unit")["target"]
        found[str(label)] = pd.concat([pd.Series({"": targets.sum()}), targets])
    return found


def _rounded(numbers: dict) -> dict:
    """Four places; None where there is no number, which JSON does not know."""
    return {k: round(float(v), 4) if np.isfinite(v) else None for k, v in numbers.items()}


def main() -> None:
    """Measure the sets named on the command line, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CASES), help="which sets")
    parser.add_argument("--n-paths", type=int, default=500)
    given = parser.parse_args()
    found = {name: measure(CASES[name](), n_paths=given.n_paths) for name in given.names}
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
