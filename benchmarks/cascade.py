"""Seconds to take a target down to 5,000 people, with and without days.

    python benchmarks/cascade.py            # prints JSON

5,000 people in 350 teams of 7 channels, 2,000 paths, locks, floors and caps at several levels;
sums and limits are checked, and the limits against a linear programme.
"""

import json
import time

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from workbench.calendar.period import parse_period
from workbench.forecast.paths import SamplePaths
from workbench.target.allocate import allocate
from workbench.target.cascade import cascade
from workbench.target.cascaded import Cascade
from workbench.target.outlook import Outlook

PEOPLE, TEAMS, CHANNELS, PATHS = 5000, 350, 7, 2000


def a_company(seed: int = 0) -> tuple[Outlook, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    names = [f"p{at:04d}" for at in range(PEOPLE)]
    sizes = np.exp(rng.normal(8, 1, PEOPLE))
    totals = sizes * np.exp(rng.normal(0, 0.4, (PATHS, PEOPLE)) + rng.normal(0, 0.1, (PATHS, 1)))
    keys = pd.DataFrame(
        {
            "channel": [f"c{at % CHANNELS}" for at in range(PEOPLE)],
            "team": [f"t{at % TEAMS:03d}" for at in range(PEOPLE)],
            "salesperson": names,
        },
        index=names,
    )
    frame = pd.DataFrame(totals, columns=names)
    return Outlook.from_totals(frame, period="2026Q4", as_of="2026-09-30"), keys


def some_days(outlook: Outlook, seed: int = 0) -> SamplePaths:
    """Paths with the shape of a week, each block of seven days held as a total."""
    period = parse_period("2026Q4")
    dates = pd.date_range(period.start, period.end)
    rng = np.random.default_rng(seed)
    block = np.arange(len(dates)) // 7
    n_blocks = int(block.max()) + 1
    mean = outlook.totals.to_numpy().mean(axis=0)[None, None, :] / n_blocks
    blocks = mean * np.ones((20, n_blocks, 1))
    shape = rng.uniform(0.5, 1.5, (len(dates), PEOPLE))
    return SamplePaths(
        dates=dates,
        units=outlook.units,
        blocks=blocks,
        block_of=block,
        shape=shape / np.add.reduceat(shape, np.arange(0, len(dates), 7))[block],
        spread=np.full(PEOPLE, np.inf),
    )


def timed(work: object, times: int = 3) -> float:
    """The least of some runs, in seconds."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        work()  # type: ignore[operator]
        seconds.append(time.perf_counter() - begun)
    return round(min(seconds), 2)


def feasible(plan: Cascade, limits: dict[str, dict[str, float]]) -> bool:
    """Whether a linear programme finds a split under the same limits."""
    tree = plan.tree
    rows = csr_matrix(tree.sums(np.eye(PEOPLE)).T)
    at = {name: node for node, name in enumerate(tree.alone)}
    low, high = np.zeros(tree.n_nodes), np.full(tree.n_nodes, plan.target)
    for name, amount in limits["locks"].items():
        low[at[name]] = high[at[name]] = amount
    for name, amount in limits["floors"].items():
        low[at[name]] = amount
    for name, amount in limits["caps"].items():
        high[at[name]] = amount
    low[0] = high[0] = plan.target
    both = csr_matrix(np.vstack([rows.toarray(), -rows.toarray()]))
    answer = linprog(np.zeros(PEOPLE), A_ub=both, b_ub=np.concatenate([high, -low]), method="highs")
    kept = bool((plan.amounts >= low - 1e-6).all() and (plan.amounts <= high + 1e-6).all())
    return answer.status == 0 and kept


def main() -> None:
    outlook, keys = a_company()
    target = float(round(outlook.target_at(0.4)))
    base = outlook.targets_at(0.5)
    people = list(keys.index)
    least = {p: round(base[p] * 0.9) for p in people[100:400]}
    limits = {
        "locks": {"c1": round(target * 0.15), "t003": 90_000.0, people[5]: 5000.0},
        "floors": {
            "c2": round(target * 0.16),
            **{p: round(base[p] * 0.9) for p in people[100:400]},
        },
        "caps": {p: round(base[p] * 1.02) for p in people[1000:1500]},
    }
    options = {**limits, "unit": 1.0}
    flat = {
        "locks": {people[5]: 5000.0},
        "floors": least,
        "caps": limits["caps"],
        "unit": 1.0,
    }
    paths = some_days(outlook)
    plan = cascade(target, outlook, keys, **options)
    days = cascade(target, outlook, keys, paths=paths, **options)
    split = allocate(target, outlook, **flat)
    by_day = days.days.amounts if days.days is not None else np.zeros((1, 1))
    report = {
        "people": PEOPLE,
        "nodes": plan.tree.n_nodes,
        "paths": PATHS,
        "allocate_seconds": timed(lambda: allocate(target, outlook, **flat)),
        "allocate_exact": bool(split.targets.sum() == target),
        "cascade_seconds": timed(lambda: cascade(target, outlook, keys, **options)),
        "cascade_with_days_seconds": timed(
            lambda: cascade(target, outlook, keys, paths=paths, **options)
        ),
        "sheet_seconds": timed(days.sheet, 1),
        "exact": bool(plan.targets.sum() == target),
        "days_exact": bool((by_day.sum(axis=0) == days.targets.to_numpy()).all()),
        "linear_programme_agrees": feasible(plan, limits),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
