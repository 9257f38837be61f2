"""Are simulated campaigns right, and fast? ``python benchmarks/simulate.py [--quick]``.

The group-buy and follower ads are compared with the same rules played out customer by customer in
SimPy (``one_by_one.py``, ``ads_one_by_one.py``): the distribution of every quantity, and the time.
Then: does time grow with the number of visits, and how does a quarter of 20 campaigns on 10 units
compare with drawing as many raw random numbers as their ledgers hold?
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

import numpy as np
from memory import highest, stage

import workbench as wb

SURE = {
    "visit_variation": 0.0,
    "open_rate": 0.04,
    "pay_rate": 0.7,
    "joiners": 1.2,
    "onward": 0.2,
    "answer_rate": 0.05,
    "join_hours": 6.0,
    "cannibalised": 0.25,
    "brought_forward": 0.3,
    "forward_days": 7.0,
    "new_share": 0.4,
    "repeat_orders": 0.5,
    "return_rate": 0.05,
    "restart": 0.0,
    "extra_pieces": 0.0,
    "unit_cost": 50.0,
}
QUANTITIES = (
    "visits", "starts", "opens", "invites", "joins", "completed_groups", "failed_groups",
    "completed_orders", "failed_orders", "pieces", "returned_pieces", "paid", "refunded_failed",
    "sales", "returned", "cannibalised_orders", "forward_orders", "repaid_orders", "new_customers",
    "repeat_orders",
)  # fmt: skip
DAYS, N_DAYS = 3, 31
LEVEL = 0.01
QUARTER = ("2026-10-01", "2026-12-31")


def main() -> None:
    """Run all four comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few paths and campaigns")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    few = chosen.quick
    report: dict[str, object] = {}
    if find_spec("simpy") is None:
        report["customer_by_customer"] = {"skipped": "SimPy is not installed (extra bench)"}
    else:
        report["customer_by_customer"] = {
            "distribution": distribution(200 if few else 2000, chosen.seed),
            "speed": speed(1 if few else 5, chosen.seed),
            "follower_ads": follower_ads(200 if few else 2000, 1 if few else 5, chosen.seed),
        }
    report["visits"] = flat(chosen.seed, 2 if few else 7)
    report["quarter"] = {
        "campaigns_of_a_week": quarter(7, 2 if few else 20, chosen.seed),
        "campaigns_of_92_days": quarter(92, 1 if few else 20, chosen.seed),
        "memory": highest(),
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def small(visits: float) -> wb.GroupBuy:
    """A group-buy of three days whose inputs are certain."""
    return wb.GroupBuy(
        name="group-buy", start="2026-11-01", end=f"2026-11-0{DAYS}", until="2026-12-01",
        price=100, discount=0.2, group_size=3, repeat_days=20, visits=visits, **SURE,
    )  # fmt: skip


def distribution(n_paths: int, seed: int) -> dict[str, object]:
    """Two-sample Kolmogorov-Smirnov test of every quantity at 400 visits a day."""
    from one_by_one import Shop

    rules = small(400.0)
    print(f"  {n_paths} paths customer by customer …", file=sys.stderr, flush=True)
    paths = [Shop(rules, DAYS, N_DAYS, seed + path).play() for path in range(n_paths)]
    return compared(paths, rules.simulate(n_paths=n_paths, seed=seed), QUANTITIES)


def compared(
    paths: Sequence[Mapping[str, float]], ours: wb.Simulation, quantities: Sequence[str]
) -> dict[str, object]:
    """Two-sample Kolmogorov-Smirnov test of each quantity."""
    from scipy.stats import ks_2samp

    p = {}
    for name in quantities:
        played = np.array([path[name] for path in paths], dtype=float).round(6)
        p[name] = float(ks_2samp(played, ours.outcome(name).round(6)).pvalue)
    failed = [name for name, value in p.items() if value < LEVEL]
    return {"paths": len(paths), "level": LEVEL, "failed": failed, "p_values": rounded(p)}


def follower_ads(n_paths: int, rounds: int, seed: int) -> dict[str, object]:
    """The same tests of follower ads with a small audience; time at 10,000 clicks a day."""
    from ads_one_by_one import QUANTITIES as told
    from ads_one_by_one import Account, small_ads

    print(f"  {n_paths} paths follower by follower …", file=sys.stderr, flush=True)
    rules, large = small_ads(400.0, 900), small_ads(20_000.0, None)
    paths = [Account(rules, DAYS, N_DAYS, seed + path).play() for path in range(n_paths)]
    tested = compared(paths, rules.simulate(n_paths=n_paths, seed=seed), told)
    large.simulate(n_paths=100)
    ours = min(clock(lambda s=s: large.simulate(n_paths=2000, seed=s)) for s in range(5)) / 2000
    one = [Account(large, DAYS, N_DAYS, seed + number) for number in range(rounds)]
    theirs = min(clock(account.play) for account in one)
    return {
        **tested,
        "clicks_per_day": round(float(one[0].seen["clicks"]) / DAYS),
        "ours_seconds_per_path": float(f"{ours:.3g}"),
        "simpy_seconds_per_path": float(f"{theirs:.3g}"),
        "times_faster": round(theirs / ours),
    }


def speed(n_paths: int, seed: int) -> dict[str, object]:
    """Seconds per path at 10,000 visits a day."""
    from one_by_one import Shop

    rules = small(10_000.0)
    rules.simulate(n_paths=100)
    seconds = min(clock(lambda s=s: rules.simulate(n_paths=2000, seed=s)) for s in range(5)) / 2000
    theirs = min(
        clock(lambda s=s: Shop(rules, DAYS, N_DAYS, seed + s).play()) for s in range(n_paths)
    )
    return {
        "visits_per_day": 10_000,
        "ours_seconds_per_path": float(f"{seconds:.3g}"),
        "simpy_seconds_per_path": float(f"{theirs:.3g}"),
        "times_faster": round(theirs / seconds),
    }


def flat(seed: int, rounds: int) -> dict[str, object]:
    """Seconds of 2,000 paths from 1,000 to 10,000,000 visits a day; runs take turns."""
    week = replace(small(1.0), end="2026-11-07", until="2027-01-31")
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
                small(20_000.0),
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


def clock(work: Callable[[], object]) -> float:
    """Processor seconds that a call takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def rounded(values: dict[str, float]) -> dict[str, float]:
    """Three significant digits."""
    return {name: float(f"{value:.3g}") for name, value in values.items()}


if __name__ == "__main__":
    main()
