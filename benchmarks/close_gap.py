"""How long does it take to close a gap? ``python benchmarks/close_gap.py [--units 1]``.

Six group-buys, each in five sizes and on thirteen start weeks of a quarter, 2,000 paths: more than
80,000 million mixes. Seconds are those of the processor and hold the simulations; JSON on standard
output. ``proven`` says that no mix of the options can be better than the one found.
"""

import argparse
import json
import sys
import time

import numpy as np
import pandas as pd

import workbench as wb

QUESTIONS = {
    "least cost": {},
    "most margin": {"goal": "margin"},
    "within a budget": {"budget": 9000.0},
    "one at a time": {"exclusive": True},
    "out of reach": {"target": 1.4},
}


def main() -> None:
    """Answer each question once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    outlook = quarter(chosen.units, chosen.seed)
    asked = options(outlook.units)
    report = {}
    for name, rules in QUESTIONS.items():
        more = dict(rules)
        target = more.pop("target", 1.05) * 1_000_000
        begun = time.process_time()
        plan = wb.close_gap(outlook, target, asked, seed=chosen.seed, **more)
        report[name] = {
            "seconds": round(time.process_time() - begun, 2),
            "mixes": plan.n_mixes,
            "proven": plan.proven,
            "reached": plan.reached,
            "baseline": round(plan.baseline, 3),
            "probability": round(plan.best.probability, 3),
            "cost": round(plan.best.cost),
            "margin": round(plan.best.margin),
            "mix": plan.best.text(),
        }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def quarter(n_units: int, seed: int) -> wb.Outlook:
    """An outlook of a million, give or take 50,000."""
    rng = np.random.default_rng(seed)
    totals = rng.normal(1e6 / n_units, 5e4 / n_units**0.5, (2000, n_units))
    frame = pd.DataFrame(totals, columns=[f"unit {number}" for number in range(n_units)])
    return wb.Outlook.from_totals(frame, period="2026Q4", as_of="2026-09-30")


def options(units: tuple[str, ...]) -> list[wb.Option]:
    """Six group-buys of a week; deeper discounts reach more people and cost more."""
    found = []
    for k in range(6):
        visits = [2000 * size * (1 + k / 5) for size in range(1, 6)]
        buy = wb.GroupBuy(
            name=f"group-buy {k + 1}", start="2026-10-01", end="2026-10-07", units=units,
            price=100 + 10 * k, discount=0.1 + 0.05 * k, visits=1000,
        )  # fmt: skip
        costs = [round(number * (0.2 + 0.1 * k)) for number in visits]
        sizes = {"visits": visits, "fixed_cost": costs}
        found.append(wb.Option(buy, sizes=sizes, starts="weekly"))
    return found


if __name__ == "__main__":
    main()
