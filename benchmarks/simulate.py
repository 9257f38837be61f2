"""Are simulated campaigns right, and fast? ``python benchmarks/simulate.py [--quick]``.

Each kind of campaign is compared with the same rules played out customer by customer in SimPy
(``customers.py``, ``*one_by_one.py``): the distribution of every quantity, and the time. Then: does
time grow with the number of visits, and how does a quarter of 20 campaigns on 10 units compare with
drawing as many raw random numbers as their ledgers hold?
JSON on standard output, progress on standard error.
Seconds are those of the processor, since everything here runs in one thread.

A ledger tells every quantity for each of 92 days, 10 units and 2,000 paths (``numbers_told``); the
days after a quantity has ended are zero and not stored (``numbers_stored``). The raw numbers are
``random`` (uniform), ``standard_normal`` (one is used for each count) and ``poisson``.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

import numpy as np
from memory import clock, highest, stage
from one_by_one import small_buy

QUARTER = ("2026-10-01", "2026-12-31")


def main() -> None:
    """Run all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few paths and campaigns")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    few = chosen.quick
    report: dict[str, object] = {}
    if find_spec("simpy") is None:
        report["customer_by_customer"] = {"skipped": "SimPy is not installed (extra bench)"}
    else:
        from customers import CASES, beside

        n_paths, rounds = (200, 1) if few else (2000, 3)
        report["customer_by_customer"] = {
            name: beside(name, n_paths, rounds, chosen.seed) for name in CASES
        }
    report["visits"] = flat(chosen.seed, 2 if few else 7)
    report["quarter"] = {
        "campaigns_of_a_week": quarter(7, 2 if few else 20, chosen.seed),
        "campaigns_of_92_days": quarter(92, 1 if few else 20, chosen.seed),
        "memory": highest(),
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def flat(seed: int, rounds: int) -> dict[str, object]:
    """Seconds of 2,000 paths from 1,000 to 10,000,000 visits a day; runs take turns."""
    week = replace(small_buy(1.0), end="2026-11-07", until="2027-01-31")
    buys = {visits: replace(week, visits=float(visits)) for visits in (10**k for k in range(3, 8))}
    times: dict[int, list[float]] = {visits: [] for visits in buys}
    for turn in range(rounds):
        for visits, buy in buys.items():
            times[visits].append(clock(partial(buy.simulate, seed=seed + turn)))
    best = {visits: min(found) for visits, found in times.items()}
    middle = (max(best.values()) + min(best.values())) / 2
    return {
        "seconds": {f"{visits:,}": round(value, 4) for visits, value in best.items()},
        "plus_minus": round((max(best.values()) - middle) / middle, 3),
    }


def quarter(days: int, n_campaigns: int, seed: int) -> dict[str, object]:
    """Campaigns on 10 units, every ledger 92 days long, beside raw random numbers."""
    starts = np.datetime64(QUARTER[0]) + np.linspace(0, 92 - days, n_campaigns).astype(int)
    units = {f"unit {number}": 1.0 for number in range(10)}
    told, stored, seconds, stages = 0, 0, 0.0, {}
    with stage(f"{n_campaigns} campaigns of {days} days", stages):
        for number, start in enumerate(starts):
            buy = replace(
                small_buy(20_000.0),
                name=f"campaign {number}",
                start=str(start),
                end=str(start + days - 1),
                until=max(str(start + days - 1), QUARTER[1]),
                units=units,
            )
            begun = time.process_time()
            ledger = buy.simulate(n_paths=2000, seed=seed).ledger
            seconds += time.process_time() - begun
            told += len(ledger.names) * 92 * 2000 * len(units)
            stored += sum(cells.size for cells in ledger.cells.values())
    raw = {name: draw_raw(told, name, seed) for name in ("random", "standard_normal", "poisson")}
    return {
        "campaigns": n_campaigns,
        "seconds": round(seconds, 2),
        "quantities": len(ledger.names),
        "numbers_told": told,
        "numbers_stored": stored,
        "raw_seconds": rounded(raw),
        "times_raw": rounded({name: seconds / value for name, value in raw.items()}),
        "times_raw_of_those_stored": rounded(
            {name: seconds / value * told / stored for name, value in raw.items()}
        ),
        "peak_mb": next(iter(stages.values()))["peak_mb"],
    }


def draw_raw(count: int, name: str, seed: int) -> float:
    """Seconds to draw so many raw numbers, into the same memory again and again."""
    rng, cells = np.random.default_rng(seed), np.empty(16_384)
    draw = {
        "random": lambda: rng.random(out=cells),
        "standard_normal": lambda: rng.standard_normal(out=cells),
        "poisson": lambda: rng.poisson(20.0, cells.size),
    }[name]
    rounds = 2000
    return clock(lambda: [draw() for _ in range(rounds)]) / (rounds * cells.size) * count


def rounded(values: dict[str, float]) -> dict[str, float]:
    """Three significant digits."""
    return {name: float(f"{value:.3g}") for name, value in values.items()}


if __name__ == "__main__":
    main()
