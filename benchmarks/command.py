"""The command line of a benchmark over data sets: which, how many windows, JSON out."""

import argparse
import json
import sys
from collections.abc import Callable, Collection

import pandas as pd
from datasets import DATA, DATASETS, Dataset

Report = Callable[[Dataset, list[pd.Timestamp], int, int], dict[str, object]]


def report_sets(description: str, names: Collection[str], report: Report, *, paths: int) -> None:
    """Print ``report(dataset, cutoffs, n_paths, seed)`` of the sets asked for, by name."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(names)}; default all")
    parser.add_argument("--windows", type=int, default=0, help="the newest few; default all")
    parser.add_argument("--paths", type=int, default=paths)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    strange = set(chosen.names) - set(names)
    if strange:
        parser.error(f"no such data set: {', '.join(sorted(strange))}")
    found: dict[str, object] = {}
    if not DATA.is_dir():
        found["skipped"] = "the real data sets are not beside this checkout"
    for name in (chosen.names or names) if DATA.is_dir() else ():
        dataset = DATASETS[name](DATA)
        cutoffs = dataset.cutoffs()[-chosen.windows :]
        found[name] = report(dataset, cutoffs, chosen.paths, chosen.seed)
    json.dump(found, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
