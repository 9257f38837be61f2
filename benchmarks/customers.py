"""Campaigns beside the same rules played out customer by customer in SimPy: right, and how fast?

For each kind of campaign a small case, all of whose ledger's quantities are compared, and a large
one, with about 10,000 visits, contacts, clicks or orders a day, for the time.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ads_one_by_one import Account, small_ads
from discount_one_by_one import FORMS, Till, small_discount
from drive_one_by_one import Street, small_drive
from memory import clock
from one_by_one import Shop, small_buy

import workbench as wb

N_DAYS = 31
LEVEL = 0.01


@dataclass(frozen=True)
class Case:
    """One kind of campaign: its peer, its small and large case.

    Attributes:
        counted: the quantity of which there are 10,000 a day in the large case.
        days: of the campaign.
    """

    peer: Any
    small: Any
    large: Any
    counted: str
    days: int = 3


OFTEN = {"timed": 6250.0, "flash": 5000.0, "threshold": 7700.0, "coupon": 30_000.0,
         "member": 12_000.0}  # fmt: skip
CASES = {
    "group_buy": Case(Shop, small_buy(400.0), small_buy(10_000.0), "visits"),
    "follower_ads": Case(Account, small_ads(400.0, 900), small_ads(20_000.0, None), "clicks"),
    "distribution_drive": Case(
        Street, small_drive(60, 900, days=4), small_drive(6000, 100_000, days=4), "contacts", 4
    ),
    **{
        f"discount_{form}": Case(
            Till, small_discount(form, 100.0), small_discount(form, OFTEN[form]), "demand"
        )
        for form in FORMS
    },
}


def beside(name: str, n_paths: int, rounds: int, seed: int) -> dict[str, object]:
    """The distribution of every quantity of the small case; the time of the large one."""
    print(f"  {name}: {n_paths} paths customer by customer …", file=sys.stderr, flush=True)
    case = CASES[name]
    paths = [case.peer(case.small, case.days, N_DAYS, seed + at).play() for at in range(n_paths)]
    tested = compared(paths, case.small.simulate(n_paths=n_paths, seed=seed))
    return {**tested, **speed(case, rounds, seed)}


def compared(paths: Sequence[Mapping[str, float]], ours: wb.Simulation) -> dict[str, object]:
    """Two-sample Kolmogorov-Smirnov test of each quantity of the ledger."""
    from scipy.stats import ks_2samp

    strange = set().union(*paths) - set(ours.ledger.names)
    if strange:
        raise ValueError(f"not in the ledger: {', '.join(sorted(strange))}")
    p = {}
    for name in ours.ledger.names:
        played = np.array([path[name] for path in paths], dtype=float).round(6)
        p[name] = float(ks_2samp(played, ours.outcome(name).round(6)).pvalue)
    failed = [name for name, value in p.items() if value < LEVEL]
    tested = {name: float(f"{value:.3g}") for name, value in p.items()}
    return {
        "paths": len(paths),
        "level": LEVEL,
        "quantities": len(p),
        "failed": failed,
        "p_values": tested,
    }


def speed(case: Case, rounds: int, seed: int) -> dict[str, object]:
    """Seconds per path of the large case."""
    large = case.large
    large.simulate(n_paths=100)
    ours = min(clock(lambda s=s: large.simulate(n_paths=2000, seed=s)) for s in range(5)) / 2000
    one = [case.peer(large, case.days, N_DAYS, seed + at) for at in range(rounds)]
    theirs = min(clock(path.play) for path in one)
    return {
        f"{case.counted}_per_day": round(float(one[0].seen[case.counted]) / case.days),
        "ours_seconds_per_path": float(f"{ours:.3g}"),
        "simpy_seconds_per_path": float(f"{theirs:.3g}"),
        "times_faster": round(theirs / ours),
    }
